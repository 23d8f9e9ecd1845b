import { expect, test } from './fixtures/app.ts';
import { mixerPlant, openOwn } from './fixtures/plants.ts';

test('a sensor says why its score is what it is; a threshold is changed, judged anew, and taken back', async ({ folder }) => {
  const { app, page, shell } = await openOwn(mixerPlant(folder));
  await shell.go('Data');
  await page.getByRole('tab', { name: 'Quality' }).click();
  const table = page.getByRole('table', { name: 'Quality' });
  await expect(table.getByRole('row').filter({ hasText: 'pressure' })).toContainText('stood still');
  await expect(table.getByRole('row').filter({ hasText: 'oil temperature' })).toContainText('spikes');

  await table.getByRole('link', { name: 'oil temperature' }).click();
  await expect(page.getByRole('region', { name: 'What was found' })).toContainText('1 gap');
  await expect(page.getByRole('img', { name: /Readings and what was blamed.*spikes/ })).toBeVisible();
  const thresholds = page.getByRole('region', { name: 'Judged by' });
  const highest = thresholds.getByRole('textbox', { name: 'Highest possible' });
  await highest.fill('64,5');
  await thresholds.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByText(/oil temperature: score [\d.]+ → [\d.]+\./)).toBeVisible();
  await expect(page.getByRole('region', { name: 'What was found' })).toContainText('out of range');
  await page.reload();
  await expect(highest).toHaveValue('64.5');

  await thresholds.getByRole('button', { name: 'Back to learned', exact: true }).click();
  await expect(highest).toHaveValue('');
  await expect(page.getByRole('region', { name: 'What was found' })).not.toContainText('out of range');
  await app.close();
});

test('a recipe shows what it would do before it is saved, and is there after a restart', async ({ folder }) => {
  const plant = mixerPlant(folder);
  const first = await openOwn(plant);
  const { page, shell } = first;
  await shell.go('Data');
  await page.getByRole('tab', { name: 'Cleaning' }).click();
  await page.getByLabel('Looked at').selectOption('pressure');
  const countOf = (name: string) => page.getByLabel(/What the recipe does/).locator('div').filter({ hasText: new RegExp(`^${name}`) }).locator('dd');
  await expect(countOf('Flat')).toHaveText('0');
  await page.getByRole('checkbox', { name: /Flat stretches/ }).check();
  await expect(countOf('Flat')).not.toHaveText('0');
  await page.getByRole('radio', { name: /Hold the last value/ }).check();
  await expect(countOf('Filled')).not.toHaveText('0');
  await expect(page.getByText('Not saved yet.')).toBeVisible();
  await page.getByRole('button', { name: 'Save the recipe' }).click();
  await expect(page.getByText('The recipe of mixer_3 is saved.')).toBeVisible();
  await first.app.close();

  const again = await openOwn(plant);
  await again.shell.go('Data');
  await again.page.getByRole('tab', { name: 'Cleaning' }).click();
  await expect(again.page.getByRole('checkbox', { name: /Flat stretches/ })).toBeChecked();
  await expect(again.page.getByText(/^Saved /)).toBeVisible();
  await again.app.close();
});
