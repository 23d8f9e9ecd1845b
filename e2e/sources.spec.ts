import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { openWindow, test } from './fixtures/app.ts';
import { answerOpen } from './fixtures/dialogs.ts';
import { DataScreen } from './pages/data.ts';

const HEADER = 'time,temperature [°C],speed [rpm]\n';
const rowsFrom = (first: number, count: number): string => Array.from({ length: count }, (_, row) => `2026-05-01T08:${String(Math.floor((first + row) / 60)).padStart(2, '0')}:${String((first + row) % 60).padStart(2, '0')}Z,${(40 + (first + row) / 10).toFixed(1)},${1480 + ((first + row) % 7)}\n`).join('');

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });

const opened = (socket: Socket): Promise<Socket> =>
  new Promise((resolve, reject) => {
    socket.once('connect', () => resolve(socket));
    socket.once('error', reject);
  });

const rowsStored = (data: DataScreen, text: string) => data.source(text).getByRole('cell').nth(3);

test('a folder is followed: rows come in as they are written, a new file too; stopped and followed again, nothing is lost or doubled', async ({ folder }) => {
  const window = await openWindow(`${folder}/plant`);
  const { app, page } = window;
  const data = new DataScreen(window);
  const logs = join(folder, 'logs');
  mkdirSync(logs);
  writeFileSync(join(logs, 'mixer_1.csv'), HEADER + rowsFrom(0, 40));
  await data.begin();
  await data.tab('Sources');
  await expect(page.getByText('Nothing is followed yet.', { exact: false })).toBeVisible();
  await answerOpen(app, [logs]);
  await data.follow(/A folder/);
  await expect(rowsStored(data, logs)).toHaveText('40', { timeout: 30_000 });
  await expect(data.source(logs)).toContainText('Following');

  appendFileSync(join(logs, 'mixer_1.csv'), rowsFrom(40, 5));
  writeFileSync(join(logs, 'mixer_2.csv'), HEADER + rowsFrom(0, 30));
  await expect(rowsStored(data, logs)).toHaveText('75', { timeout: 30_000 });

  await data.source(logs).getByRole('button', { name: /Stop following/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Stop' }).click();
  await expect(data.source(logs)).toContainText('Stopped');
  appendFileSync(join(logs, 'mixer_1.csv'), rowsFrom(45, 5));
  await data.source(logs).getByRole('button', { name: 'Follow again' }).click();
  await expect(rowsStored(data, logs)).toHaveText('80', { timeout: 30_000 });
  await data.source(logs).getByRole('button', { name: /Stop following/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Stop' }).click();
  await data.source(logs).getByRole('button', { name: /Remove .* from the list/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await expect(page.getByText('Taken off the list.')).toBeVisible();
  await expect(data.source(logs)).toHaveCount(0);
  await app.close();
});

test('a logger pushes lines over TCP: they are stored, its connection is shown, and it may come back', async ({ folder }) => {
  const window = await openWindow(`${folder}/plant`);
  const { app, page } = window;
  const data = new DataScreen(window);
  const port = await freePort();
  await data.begin();
  await data.tab('Sources');
  await data.follow(/Lines over TCP, sent here/);
  const dialog = page.getByRole('dialog', { name: 'Take lines over TCP' });
  await dialog.getByLabel('Address of this computer').fill('127.0.0.1');
  await dialog.getByLabel('Port').fill('99999');
  await expect(dialog.getByText('A number from 1 to 65535.')).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Follow' })).toBeDisabled();
  await dialog.getByLabel('Port').fill(String(port));
  await dialog.getByLabel('Machine').fill('Mixer 7');
  await dialog.getByRole('button', { name: 'Follow' }).click();
  const how = page.getByRole('dialog', { name: /How to send/ });
  await expect(how.getByLabel('Address', { exact: true })).toHaveValue(new RegExp(`:${port}`));
  await how.getByRole('button', { name: 'Done' }).click();
  const address = `127.0.0.1:${port}`;
  await expect(data.source(address)).toContainText('Nobody has connected yet.');

  const logger = await opened(connect(port, '127.0.0.1'));
  logger.write(HEADER + rowsFrom(0, 30));
  await expect(rowsStored(data, address)).toHaveText('30', { timeout: 30_000 });
  await expect(data.source(address)).toContainText('1 connection');
  logger.destroy();
  await expect(data.source(address)).toContainText('no connection', { timeout: 20_000 });
  const again = await opened(connect(port, '127.0.0.1'));
  again.write(rowsFrom(30, 10));
  await expect(rowsStored(data, address)).toHaveText('40', { timeout: 30_000 });
  again.destroy();
  await window.shell.go('Plant');
  await expect(page.getByRole('link', { name: 'Mixer 7' })).toBeVisible();
  await app.close();
});

test('lines are fetched from a device over TCP: while it is away that is said, and it is connected to again by itself', async ({ folder }) => {
  const window = await openWindow(`${folder}/plant`);
  const { app, page } = window;
  const data = new DataScreen(window);
  const port = await freePort();
  await data.begin();
  await data.tab('Sources');
  await data.follow(/Lines over TCP, fetched/);
  const dialog = page.getByRole('dialog', { name: 'Fetch lines over TCP' });
  await expect(dialog.getByRole('button', { name: 'Follow' })).toBeDisabled();
  await dialog.getByLabel('Device').fill('127.0.0.1');
  await dialog.getByLabel('Port').fill(String(port));
  await dialog.getByLabel('Machine').fill('Scale 2');
  await dialog.getByRole('button', { name: 'Follow' }).click();
  const address = `127.0.0.1:${port}`;
  await expect(data.source(address)).toContainText('Can’t be reached', { timeout: 20_000 });
  await expect(data.source(address)).toContainText('The device refuses the connection');

  const device = createServer((socket) => socket.write(HEADER + rowsFrom(0, 30)));
  await new Promise<void>((resolve) => device.listen(port, '127.0.0.1', resolve));
  await expect(rowsStored(data, address)).toHaveText('30', { timeout: 60_000 });
  await expect(data.source(address)).toContainText('Following');
  await app.close();
  device.close();
});

test('a file that is followed and not understood is looked at in the wizard', async ({ folder }) => {
  const window = await openWindow(`${folder}/plant`);
  const { app, page } = window;
  const data = new DataScreen(window);
  const file = join(folder, 'letter.csv');
  writeFileSync(file, '%PDF-1.7 no log at all');
  await data.begin();
  await data.tab('Sources');
  await answerOpen(app, [file]);
  await data.follow(/Files/);
  await expect(data.source(file)).toContainText('was not understood', { timeout: 30_000 });
  await data.source(file).getByRole('button', { name: 'Look at it' }).click();
  await expect(page.getByRole('heading', { name: '1 file can’t be read' })).toBeVisible();
  await app.close();
});

test('lines are posted over HTTP with the token that the window shows; a wrong one is refused', async ({ folder }) => {
  const window = await openWindow(`${folder}/plant`);
  const { app, page } = window;
  const data = new DataScreen(window);
  const port = await freePort();
  await data.begin();
  await data.tab('Sources');
  await data.follow(/Lines over HTTP/);
  const dialog = page.getByRole('dialog', { name: 'Take lines over HTTP' });
  await dialog.getByLabel('Address of this computer').fill('127.0.0.1');
  await dialog.getByLabel('Port').fill(String(port));
  await dialog.getByLabel('Machine').fill('Press 9');
  await dialog.getByRole('button', { name: 'Follow' }).click();
  const how = page.getByRole('dialog', { name: /How to send/ });
  await how.getByRole('button', { name: 'Show' }).click();
  const token = await how.getByLabel('Token', { exact: true }).inputValue();
  const url = await how.getByLabel('Address', { exact: true }).inputValue();
  await expect(how.getByLabel('A line to try it with', { exact: true })).toHaveValue(/^curl /);
  await how.getByRole('button', { name: 'Done' }).click();

  const post = (secret: string, body: string): Promise<Response> => fetch(url, { method: 'POST', headers: { authorization: `Bearer ${secret}`, 'content-type': 'text/csv' }, body });
  expect((await post(`${token}x`, HEADER + rowsFrom(0, 25))).status).toBe(401);
  expect((await post(token, HEADER + rowsFrom(0, 25))).ok).toBe(true);
  await expect(rowsStored(data, `127.0.0.1:${port}`)).toHaveText('25', { timeout: 30_000 });
  await app.close();
});
