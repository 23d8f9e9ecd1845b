import { expect } from '@playwright/test';
import { openWindow, test } from './fixtures/app.ts';
import { germanLog } from './fixtures/files.ts';

/** The operating system's own dialog can't be driven: it answers with these files. */
const answerDialog = (app: Awaited<ReturnType<typeof openWindow>>['app'], files: string[]): Promise<void> =>
  app.evaluate(({ dialog }, filePaths) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths });
  }, files);

test('a German logger export is shown as it will be stored, imported, and its broken row kept', async ({ folder }) => {
  const file = germanLog(folder);
  const { app, page, shell } = await openWindow(`${folder}/plant`);
  await answerDialog(app, [file]);
  await page.getByRole('button', { name: 'Choose my logs' }).click();
  await page.getByRole('button', { name: 'Choose files' }).click();

  await expect(page.getByText('Semicolon', { exact: false }).first()).toBeVisible();
  await expect(page.getByText('First rows as they will be stored')).toBeVisible();
  await expect(page.getByRole('cell', { name: '60.33' }).first()).toBeVisible();
  await page.getByRole('button', { name: 'Import 1 file' }).click();
  await expect(page.getByText('400 rows stored from 1 file', { exact: false })).toBeVisible({ timeout: 30_000 });

  await shell.go('Plant');
  await page.getByRole('link', { name: 'press_7' }).click();
  await expect(page.getByRole('heading', { name: 'Sensor trends' })).toBeVisible();
  await expect(page.getByText('Öltemperatur').first()).toBeVisible();

  await shell.go('Data');
  await page.getByRole('tab', { name: 'Quarantine' }).click();
  await expect(page.getByText('kein Datum;61,00;4,2')).toBeVisible();
  await app.close();
});
