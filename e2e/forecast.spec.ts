import { expect, test } from './fixtures/demo.ts';

test('the worst machine: when it will fail, how sure, why, on what data', async ({ window: { page } }) => {
  const worst = page.getByRole('table', { name: 'Machines' }).getByRole('row').filter({ hasText: '90% interval' }).first();
  await worst.getByRole('link').click();
  await expect(page.getByText(/Failure expected about/)).toBeVisible();
  await expect(page.getByText(/90% interval/).first()).toBeVisible();
  await expect(page.getByRole('heading', { name: 'What drives it' })).toBeVisible();
  await expect(page.getByText(/rul-pump-/).first()).toBeVisible();
  // Charts are drawn, from the stored readings.
  await expect(page.locator('canvas')).not.toHaveCount(0);
  await expect(page.getByText(/readings/).first()).toBeVisible();
});

test('by keyboard alone: from the list to a machine, zoom, and back', async ({ window: { page } }) => {
  await page.keyboard.press('1');
  const first = page.getByRole('table', { name: 'Machines' }).getByRole('link').first();
  await first.focus();
  await page.keyboard.press('ArrowDown');
  await expect(first).not.toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/#\/machine\/\d+/);
  await page.keyboard.press('2');
  await expect(page.getByRole('heading', { level: 1, name: 'Alerts' })).toBeVisible();
});
