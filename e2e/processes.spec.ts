import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execFileSync } from 'node:child_process';
import { expect, test } from './fixtures/demo.ts';

/** Processes of the app that work on this plant, from the system's own list. */
const childrenOf = (program: string, plant?: string): number[] =>
  execFileSync('ps', ['-eo', 'pid=,stat=,args='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => /^\s*(\d+)\s+(\S+)\s+(.*)$/.exec(line))
    .flatMap((found) => (found !== null && !(found[2] ?? '').startsWith('Z') && (found[3] ?? '').includes(`/${program}/start.js`) && (plant === undefined || (found[3] ?? '').includes(plant)) ? [Number(found[1])] : []));

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

test('the engine is killed: the window says so within two seconds, it comes back, nothing is lost', async ({ window: { page }, demo }) => {
  const rows = page.getByRole('table', { name: 'Machines' }).getByRole('row');
  await expect(rows).toHaveCount(9);
  const [pid] = childrenOf('engine', demo.folder);
  expect(pid).toBeDefined();
  process.kill(pid ?? 0, 'SIGKILL');
  await expect(page.getByText(/The engine has stopped/)).toBeVisible({ timeout: 2000 });
  await expect(page.getByText(/The engine has stopped/)).toBeHidden({ timeout: 20_000 });
  await expect(rows).toHaveCount(9);
  await expect(page.getByText('Engine: running')).toBeVisible();
  expect(childrenOf('engine', demo.folder)[0]).not.toBe(pid);
});

test('the scorer is killed: the window says so within two seconds, and it is started again', async ({ window: { page }, demo }) => {
  await expect(page.getByText('Scorer: running')).toBeVisible({ timeout: 60_000 });
  const engine = childrenOf('engine', demo.folder)[0] ?? 0;
  const scorers = execFileSync('ps', ['--ppid', String(engine), '-o', 'pid=,args='], { encoding: 'utf8' }).split('\n').filter((line) => line.includes('/scorer/'));
  process.kill(Number.parseInt(scorers[0] ?? '0', 10), 'SIGKILL');
  await expect(page.getByText(/Scorer: (starting|restarting|starting again)/)).toBeVisible({ timeout: 2000 });
  await expect(page.getByText('Scorer: running')).toBeVisible({ timeout: 20_000 });
});

test('the trainer is killed: the run is marked as cut within two seconds and goes on from its checkpoint', async ({ window: { page, shell }, demo }) => {
  test.setTimeout(240_000);
  await shell.go('Training');
  await page.getByRole('button', { name: 'Start a run' }).click();
  const dialog = page.getByRole('dialog', { name: 'Start a training run' });
  await dialog.getByLabel('Epochs', { exact: true }).fill('4');
  await dialog.getByRole('button', { name: 'Start', exact: true }).click();
  await expect(page.getByText(/Epoch [1-4] of 4/).first()).toBeVisible({ timeout: 90_000 });
  const engine = childrenOf('engine', demo.folder)[0] ?? 0;
  const trainers = execFileSync('ps', ['--ppid', String(engine), '-o', 'pid=,args='], { encoding: 'utf8' }).split('\n').filter((line) => line.includes('/trainer/'));
  process.kill(Number.parseInt(trainers[0] ?? '0', 10), 'SIGKILL');
  const newest = page.getByRole('list', { name: 'Runs' }).getByRole('listitem').first();
  await expect(newest).toContainText('Cut off', { timeout: 2000 });
  await page.getByRole('button', { name: 'Resume' }).click();
  await expect(newest).toContainText('Done', { timeout: 150_000 });
});

test('Electron is killed: its children end within seconds, and the plant opens again at once', async ({ window, demo }) => {
  await expect(window.page.getByText('Engine: running')).toBeVisible();
  const engine = childrenOf('engine', demo.folder)[0] ?? 0;
  const simulator = childrenOf('simulator', demo.folder)[0] ?? 0;
  window.app.process().kill('SIGKILL');
  await expect.poll(() => alive(engine) || alive(simulator), { timeout: 8000 }).toBe(false);
  expect(JSON.parse(readFileSync(join(demo.folder, 'engine.json'), 'utf8'))).toMatchObject({ pid: engine });
  const { openWindow } = await import('./fixtures/app.ts');
  const again = await openWindow(demo.folder);
  await expect(again.page.getByRole('table', { name: 'Machines' }).getByRole('row')).toHaveCount(9, { timeout: 20_000 });
  await again.app.close();
});
