import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { parquetReadObjects } from 'hyparquet';
import { openWindow, test } from './fixtures/app.ts';
import { answerSave } from './fixtures/dialogs.ts';
import { germanLog } from './fixtures/files.ts';
import { DataScreen } from './pages/data.ts';

test('readings are exported as CSV and as Parquet, and read back as they were imported', async ({ folder }) => {
  const window = await openWindow(`${folder}/plant`);
  const { app, page } = window;
  const data = new DataScreen(window);
  await data.begin();
  await data.choose([germanLog(folder), germanLog(folder, 'press_8.csv', 5)]);
  await data.import('2 files');

  const csv = join(folder, 'out.csv');
  await answerSave(app, csv);
  await page.getByRole('button', { name: 'Export …' }).click();
  const dialog = page.getByRole('dialog', { name: 'Export readings' });
  const go = dialog.getByRole('button', { name: 'Export …' });
  await expect(go).toBeDisabled();
  await dialog.getByLabel('Search machines and sensors').fill('press_7 druck');
  await dialog.getByRole('button', { name: 'Choose all shown' }).click();
  await expect(dialog.getByText('1 sensor chosen')).toBeVisible();
  await dialog.getByLabel(/^Long/).check();
  await go.click();
  await expect(dialog.getByText('The readings were written to')).toBeVisible({ timeout: 30_000 });
  await expect(dialog.getByLabel('Path of the file', { exact: true })).toHaveValue(csv);
  const lines = readFileSync(csv, 'utf8').trim().split(/\r?\n/);
  expect(lines).toHaveLength(401);
  expect(lines[1]).toMatch(/press_7/);
  expect(lines[1]).toMatch(/\b4\b/);

  const parquet = join(folder, 'out.parquet');
  await answerSave(app, parquet);
  await dialog.getByRole('button', { name: 'Export something else' }).click();
  await dialog.getByLabel('Search machines and sensors').fill('');
  await dialog.getByRole('button', { name: 'Choose all shown' }).click();
  await expect(dialog.getByText('4 sensors chosen')).toBeVisible();
  await dialog.getByLabel(/^Parquet/).check();
  await go.click();
  await expect(dialog.getByLabel('Path of the file', { exact: true })).toHaveValue(parquet, { timeout: 30_000 });
  const bytes = readFileSync(parquet);
  const rows = await parquetReadObjects({ file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) });
  expect(rows).toHaveLength(1600);
  await app.close();
});
