import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chromium, expect } from '@playwright/test';
import { sandboxFlags } from '../scripts/electron.mjs';
import { environmentOf, test } from './fixtures/app.ts';

/** The address that Chromium prints when it listens for a debugger. */
const debuggerOf = (stderr: NodeJS.ReadableStream): Promise<string> =>
  new Promise((resolve) => {
    let text = '';
    stderr.on('data', (piece: Buffer) => {
      text += piece.toString();
      const found = /DevTools listening on (ws:\/\/\S+)/.exec(text)?.[1];
      if (found !== undefined) resolve(found);
    });
  });

test('the fully fused package opens its window and its engine answers', async ({ folder }) => {
  const path = process.env['MILLWRIGHT_FUSED'];
  if (path === undefined) throw new Error('MILLWRIGHT_FUSED names no packaged app');
  const app = spawn(path, ['--remote-debugging-port=0', ...sandboxFlags()], { env: environmentOf(folder), stdio: ['ignore', 'ignore', 'pipe'] });
  try {
    const address = await debuggerOf(app.stderr);
    // Who attaches before the page is there never hears of it.
    const list = `http://${new URL(address).host}/json/list`;
    await expect.poll(async () => (await fetch(list)).text(), { timeout: 30_000 }).toContain('millwright://');
    const browser = await chromium.connectOverCDP(address);
    const page = browser.contexts()[0]?.pages()[0];
    if (page === undefined) throw new Error('the window has no page');
    await expect(page.getByText('Engine: running')).toBeVisible({ timeout: 30_000 });
    await expect(page.getByRole('button', { name: 'Start the demo plant' })).toBeVisible();
    // The page is shut in: no Node, nothing but the bridge.
    expect(await page.evaluate(() => [typeof Reflect.get(window, 'require'), typeof Reflect.get(window, 'process'), typeof Reflect.get(window, 'millwright')])).toEqual(['undefined', 'undefined', 'object']);
    await browser.close();
  } finally {
    if (app.exitCode === null) {
      app.kill('SIGTERM');
      await once(app, 'exit');
    }
  }
});
