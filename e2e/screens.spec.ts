import { pictureFile } from './fixtures/app.ts';
import { expect, test } from './fixtures/demo.ts';

const routes = ['plant', 'machine', 'alerts', 'training', 'training/compare', 'training/models', 'training/schedules', 'data', 'data/import', 'data/profiles', 'data/quality', 'data/cleaning', 'data/labels', 'data/quarantine', 'settings', 'settings/storage', 'settings/modes', 'settings/parts'] as const;

/** Every screen in both themes and both languages, as pictures to be looked at; and nothing that the page complains of. */
for (const language of ['en', 'zh'] as const)
  for (const theme of ['light', 'dark'] as const)
    test(`pictures: ${language}, ${theme}`, async ({ window: { page } }) => {
      const complaints: string[] = [];
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(message.text());
      });
      await page.setViewportSize({ width: 1366, height: 768 });
      await page.evaluate(() => (location.hash = '#/settings'));
      await page.locator('select:has(option[value="zh"])').selectOption(language);
      await page.locator('select:has(option[value="dark"])').selectOption(theme);
      await expect(page.locator('html')).toHaveAttribute('lang', language === 'zh' ? /zh/ : /en/);
      // What was saved is told for a moment.
      await page.waitForTimeout(1000);
      await expect(page.locator('.notice')).toHaveCount(0, { timeout: 30_000 });
      for (const route of routes) {
        await page.evaluate((to) => (location.hash = `#/${to === 'machine' ? 'plant' : to}`), route);
        if (route === 'machine') await page.getByRole('table').getByRole('link').first().click();
        await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
        // Charts and lists come a moment after their screen.
        await page.waitForTimeout(route === 'settings/parts' ? 12_000 : 1000);
        await page.screenshot({ path: pictureFile(`${route.replaceAll('/', '-')}-${language}-${theme}`) });
      }
      // The next test reads English.
      await page.evaluate(() => (location.hash = '#/settings'));
      await page.locator('select:has(option[value="zh"])').selectOption('en');
      await page.locator('select:has(option[value="dark"])').selectOption('system');
      await expect(page.locator('html')).toHaveAttribute('lang', /en/);
      expect(complaints).toEqual([]);
    });
