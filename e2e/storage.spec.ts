import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { expect, openWindow, test } from './fixtures/app.ts';
import { answerOpen } from './fixtures/dialogs.ts';
import { mixerPlant, openOwn } from './fixtures/plants.ts';

/** Overwrites the database's first page, as a failing disk may. */
const damage = (plant: string): void => {
  const file = openSync(join(plant, 'plant.db'), 'r+');
  writeSync(file, Buffer.alloc(4096, 0x5a), 0, 4096, 0);
  closeSync(file);
};

test('a damaged database shows the way out; a backup is restored and the window comes back', async ({ folder }) => {
  const plant = mixerPlant(folder);
  const backups = join(folder, 'backups');
  mkdirSync(backups);
  const first = await openOwn(plant);
  await answerOpen(first.app, [backups]);
  await first.shell.go('Settings');
  await first.page.getByRole('tab', { name: 'Stored data' }).click();
  await first.page.getByRole('button', { name: 'Back up' }).click();
  await expect(first.page.getByRole('table', { name: 'Backups' })).toContainText('by hand', { timeout: 30_000 });
  await first.app.close();
  damage(plant);

  const { app, page } = await openWindow(plant);
  await expect(page.getByRole('heading', { level: 1, name: 'The plant is not open' })).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText('The plant’s database is damaged')).toBeVisible();
  await expect(page.getByRole('navigation')).toHaveCount(0);
  await page.getByRole('table', { name: 'Backups' }).getByRole('button', { name: 'Restore' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Restore' }).click();
  await expect(dialog.getByText('The backup is restored.')).toBeVisible({ timeout: 30_000 });
  await expect(dialog.getByText(/The database of before is kept: .*before-restore/)).toBeVisible();
  await dialog.getByRole('button', { name: 'Done' }).click();
  await expect(page.getByRole('table', { name: 'Machines' }).getByRole('link', { name: 'mixer_3' })).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText(/The engine has stopped/)).toHaveCount(0);
  await app.close();
});

test('rules for old readings say what they would do before they are saved, and again before they are applied', async ({ folder }) => {
  const plant = mixerPlant(folder);
  const { app, page, shell } = await openOwn(plant);
  await shell.go('Settings');
  await page.getByRole('tab', { name: 'Stored data' }).click();
  const rules = page.getByRole('region', { name: 'How long readings are kept' });
  await expect(rules).toContainText('No rule: everything is kept.');
  await rules.getByRole('button', { name: 'Add a rule' }).click();
  const preview = rules.getByRole('group', { name: 'What these rules would do now' });
  const countOf = (name: string) => preview.locator('div').filter({ hasText: new RegExp(`^${name}`) }).locator('dd');
  await rules.getByLabel('Full readings for').fill('1');
  await rules.getByLabel('One mean, lowest, highest each').fill('3600');
  await expect(countOf('Thinned')).not.toHaveText('0');
  await rules.getByRole('button', { name: 'Save the rules' }).click();
  await expect(page.getByText(/The rules are saved/)).toBeVisible();
  await rules.getByRole('button', { name: 'Apply now' }).click();
  const confirm = page.getByRole('dialog', { name: 'Apply the rules now?' });
  await expect(confirm).toContainText('thinned');
  await confirm.getByRole('button', { name: 'Apply now' }).click();
  await expect(rules.getByText(/Last applied .* readings/)).toBeVisible({ timeout: 30_000 });
  await app.close();
});
