import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { openWindow, test } from './fixtures/app.ts';
import { ambiguousLog, barLog, eventTable, germanLog } from './fixtures/files.ts';
import { dropFiles } from './fixtures/dialogs.ts';
import { DataScreen } from './pages/data.ts';

test('a German logger export is shown as it will be stored, imported, and its broken row kept', async ({ folder }) => {
  const window = await openWindow(`${folder}/plant`);
  const { app, page, shell } = window;
  const data = new DataScreen(window);
  await data.begin();
  await data.choose([germanLog(folder)]);

  await expect(page.getByLabel('Delimiter')).toHaveValue(';');
  await expect(page.getByLabel('Decimal mark')).toHaveValue(',');
  await expect(page.getByLabel('Order of the date')).toHaveValue('dmy');
  await expect(data.preview.getByRole('columnheader', { name: 'Öltemperatur °C' })).toBeVisible();
  await expect(data.preview.getByRole('cell', { name: '60.33' }).first()).toBeVisible();
  await data.import('1 file');
  await expect(page.getByText('400 rows stored from 1 file', { exact: false })).toBeVisible();
  await page.getByRole('button', { name: 'Show the rows set aside' }).click();
  await expect(page.getByText('kein Datum;61,00;4,2')).toBeVisible();
  await page.getByRole('link', { name: 'See it in the quarantine' }).click();
  await expect(page.getByRole('table', { name: 'Quarantine' }).getByRole('row').filter({ hasText: 'kein Datum' })).toContainText('Time can’t be read');
  await page.getByLabel('Reason').selectOption('Time can’t be read (1)');
  await expect(page.getByText('1 row was set aside')).toBeVisible();
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await expect(page.getByLabel('File')).toHaveValue('');

  await shell.go('Plant');
  await page.getByRole('link', { name: 'press_7' }).click();
  await expect(page.getByRole('heading', { name: 'Sensor trends' })).toBeVisible();
  await expect(page.getByText('Öltemperatur').first()).toBeVisible();
  await app.close();
});

test('a file is dropped, its decisions are overruled with the keyboard, and the preview follows', async ({ folder }) => {
  const window = await openWindow(`${folder}/plant`);
  const { app, page } = window;
  const data = new DataScreen(window);
  await data.begin();
  await dropFiles(page, page.getByRole('heading', { name: 'Drop files or folders here' }), [ambiguousLog(folder)]);
  await expect(data.preview.getByText('2025-04-03 10:00:00')).toBeVisible();

  const questions = page.getByRole('region', { name: 'Please confirm' });
  await expect(questions).toContainText('First time: 3 April 2025');
  await questions.getByLabel('Order of the date').getByRole('combobox').focus();
  await page.keyboard.press('M');
  await expect(data.preview.getByText('2025-03-04 10:00:00')).toBeVisible();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(questions.getByLabel('“No value” codes').getByRole('textbox')).toBeFocused();
  await questions.getByRole('button', { name: 'Take -9999' }).click();
  await expect(questions).toBeHidden();
  await expect(data.preview.getByRole('row').nth(6).getByText(/no value|missing/i)).toBeVisible();

  await page.getByLabel('Delimiter').selectOption(';');
  await expect(page.getByText('No row could be read like this.', { exact: false })).toBeVisible();
  await page.getByLabel('Delimiter').selectOption(',');
  await expect(data.preview.getByText('2025-03-04 10:00:00')).toBeVisible();

  await page.getByLabel('Machine', { exact: true }).fill('Kiln West');
  await page.keyboard.press('Tab');
  const name = page.getByRole('textbox', { name: 'Name 2' });
  await name.fill('chamber');
  await name.press('Control+ArrowDown');
  await expect(page.getByRole('textbox', { name: 'Name 3' })).toBeFocused();
  await expect(data.preview.getByRole('columnheader', { name: 'chamber' })).toBeVisible();
  await expect(data.preview.getByText('Kiln West').first()).toBeVisible();
  await data.import('1 file');
  await expect(page.getByText('Kiln West')).toBeVisible();
  const stored = page.getByRole('table', { name: 'Report' }).getByRole('row').nth(1).getByRole('cell');
  await expect(stored.nth(2)).toHaveText('60');
  await expect(stored.nth(4)).toHaveText('1');
  await app.close();
});

test('a folder of several kinds is decided kind by kind; what can’t be read is left out and said', async ({ folder }) => {
  const window = await openWindow(`${folder}/plant`);
  const { app, page } = window;
  const data = new DataScreen(window);
  const logs = join(folder, 'logs');
  mkdirSync(logs);
  germanLog(logs, 'press_1.csv');
  germanLog(logs, 'press_2.csv', 4);
  barLog(logs);
  eventTable(logs, 'press_1');
  writeFileSync(join(logs, 'manual.pdf'), '%PDF-1.7');
  writeFileSync(join(logs, 'scan.dat'), '%PDF-1.7 scanned');
  await data.begin();
  await data.choose([logs]);

  const kinds = page.getByRole('list', { name: 'Kinds of files' });
  await expect(kinds.getByRole('button')).toHaveCount(4);
  await kinds.getByRole('button', { name: /press_1/ }).click();
  await expect(page.getByText('What you decide here holds for all 2 files of this kind.')).toBeVisible();
  await page.getByRole('textbox', { name: 'Name 3' }).fill('pressure');
  await page.keyboard.press('Tab');
  await expect(data.preview.getByRole('columnheader', { name: 'pressure' })).toBeVisible();
  await kinds.getByRole('button', { name: /failures/ }).click();
  await expect(page.getByRole('table', { name: 'First events as they will be stored' }).getByText('bearing seized')).toBeVisible();
  await kinds.getByRole('button', { name: /can’t be read/ }).click();
  await expect(page.getByText('scan.dat', { exact: false }).first()).toBeVisible();

  await data.import('4 files');
  await expect(page.getByText('2 events', { exact: false })).toBeVisible();
  await expect(page.getByRole('table', { name: 'Report' }).getByRole('row')).toHaveCount(5);
  await window.shell.go('Plant');
  await page.getByRole('link', { name: 'press_2' }).click();
  await expect(page.getByText('pressure').first()).toBeVisible();
  await app.close();
});

test('how a file is read is saved as a profile; the next of its kind is recognised, and the profile can be renamed and removed', async ({ folder }) => {
  const window = await openWindow(`${folder}/plant`);
  const { app, page } = window;
  const data = new DataScreen(window);
  await data.begin();
  await data.choose([ambiguousLog(folder)]);
  await page.getByRole('combobox', { name: 'Order of the date' }).selectOption('mdy');
  await page.getByRole('button', { name: 'That is right' }).click();
  await expect(data.preview.getByText('2025-03-04 10:00:00')).toBeVisible();
  await page.getByRole('button', { name: 'Save as profile' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByLabel('Name')).toHaveValue('kiln');
  await dialog.getByRole('button', { name: 'Save as profile' }).click();
  await expect(dialog).toBeHidden();

  await page.getByRole('button', { name: 'Other files' }).click();
  await data.choose([ambiguousLog(folder, 'kiln_9.csv', '05/06/2025')]);
  await expect(page.getByText('Recognised as profile “kiln”')).toBeVisible();
  await expect(page.getByRole('region', { name: 'Please confirm' })).toBeHidden();
  await expect(data.preview.getByText('2025-05-06 10:00:00')).toBeVisible();

  await page.getByText('Recognised as profile “kiln”').click();
  await expect(page.getByRole('dialog', { name: 'kiln' }).getByText('Month, day, year')).toBeVisible();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Rename profile “kiln”' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill('Kiln logger');
  await page.getByRole('dialog').getByRole('button', { name: 'Rename' }).click();
  await expect(page.getByRole('link', { name: 'Kiln logger' })).toBeVisible();
  await page.getByRole('button', { name: 'Remove profile “Kiln logger”?' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await expect(page.getByText('No profile was saved yet.', { exact: false })).toBeVisible();
  await app.close();
});

test('a log without times is given an interval and a start; one in another encoding is read by it', async ({ folder }) => {
  const window = await openWindow(`${folder}/plant`);
  const { app, page } = window;
  const data = new DataScreen(window);
  const untimed = join(folder, 'compressor.csv');
  writeFileSync(untimed, ['Current (A),Pressure (bar)', ...Array.from({ length: 40 }, (_, row) => `${(50 + row / 8).toFixed(3)},${(7 + row / 100).toFixed(2)}`), ''].join('\n'));
  await data.begin();
  await data.choose([untimed]);
  const questions = page.getByRole('region', { name: 'Please confirm' });
  await questions.getByRole('combobox').selectOption('time');
  await page.getByLabel('Seconds between rows').fill('60');
  await page.keyboard.press('Tab');
  await page.getByLabel('Since', { exact: true }).fill('2025-03-01T06:00:00');
  await page.keyboard.press('Tab');
  await expect(data.preview.getByRole('row').nth(2)).toContainText('2025-03-01 06:01:00');
  await questions.getByRole('button', { name: 'That is right' }).click();
  await data.import('1 file');
  await expect(page.getByText('40 rows stored', { exact: false })).toBeVisible();

  await page.getByRole('button', { name: 'Import more' }).click();
  await data.choose([barLog(folder)]);
  await expect(page.getByRole('group', { name: 'Lines of the file' })).toContainText('Anlage: Süd');
  await page.getByLabel('Encoding').selectOption('gb18030');
  await expect(page.getByRole('group', { name: 'Lines of the file' })).not.toContainText('Süd');
  await page.getByRole('button', { name: 'Back to what was found' }).click();
  await expect(page.getByRole('group', { name: 'Lines of the file' })).toContainText('Anlage: Süd');
  await expect(data.preview.getByRole('columnheader', { name: 'vibration mm/s' })).toBeVisible();
  await app.close();
});

test('an import that the window’s end cut off goes on where it was, from the list of earlier imports', async ({ folder }) => {
  test.setTimeout(180_000);
  const file = join(folder, 'turbine.csv');
  const rows = Array.from({ length: 600_000 }, (_, row) => `${new Date(Date.UTC(2025, 0, 1) + row * 1000).toISOString()},${(row % 977) / 7},${(row % 13) / 3},${row % 101}`);
  writeFileSync(file, ['time,load,flow,speed', ...rows, ''].join('\n'));
  const window = await openWindow(`${folder}/plant`);
  const data = new DataScreen(window);
  await data.begin();
  await data.choose([file]);
  await window.page.getByRole('button', { name: 'Import 1 file' }).click();
  await expect(window.page.getByRole('heading', { name: 'Importing' })).toBeVisible();
  window.app.process().kill('SIGKILL');

  const again = await openWindow(`${folder}/plant`);
  const later = new DataScreen(again);
  await later.tab('Import');
  const earlier = again.page.getByRole('table', { name: 'Earlier imports' });
  await expect(earlier.getByText('Cut off')).toBeVisible();
  await earlier.getByRole('button', { name: 'Go on' }).click();
  await again.page.getByRole('button', { name: 'Import more' }).waitFor({ timeout: 90_000 });
  await again.shell.go('Plant');
  await again.page.getByRole('link', { name: 'turbine' }).click();
  await expect(again.page.getByRole('heading', { name: 'Sensor trends' })).toBeVisible();
  await again.app.close();
});
