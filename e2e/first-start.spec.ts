import { openWindow, test as empty } from './fixtures/app.ts';
import { expect, offered, test } from './fixtures/demo.ts';

empty('an empty plant offers the demo plant or my own logs, and nothing is read before I choose', async ({ folder }) => {
  const window = await openWindow(folder);
  expect(await offered(window)).toEqual({ demo: true, own: true });
  await expect(window.page.getByText('No work under way')).toBeVisible();
  await window.page.getByRole('button', { name: 'Choose my logs' }).click();
  await expect(window.page.getByRole('button', { name: 'Choose files' })).toBeVisible();
  await window.app.close();
});

test('the demo plant is alive within three minutes of the window: health, an alert, a forecast, a training history', async ({ demo }) => {
  console.log('seconds from the window to', demo.secondsTo);
  expect(demo.secondsTo.health).toBeLessThan(180);
  expect(demo.secondsTo.alert).toBeLessThan(180);
  expect(demo.secondsTo.forecast).toBeLessThan(180);
  expect(demo.secondsTo.training).toBeLessThan(180);
});

test('it goes on where it was after a restart: all eight machines, fresh data, worst first', async ({ window: { page } }) => {
  const rows = page.getByRole('table', { name: 'Machines' }).getByRole('row');
  await expect(rows).toHaveCount(9);
  await expect(rows.nth(1).getByText(/ s ago/)).toBeVisible({ timeout: 60_000 });
  const severity = ['Critical', 'Warning', 'Watch', 'Unknown', 'Normal'];
  const found = await rows.allTextContents();
  const states = found.slice(1).map((text) => severity.findIndex((state) => text.includes(state)));
  expect(states).toHaveLength(8);
  expect(states).not.toContain(-1);
  expect(states).toEqual(states.toSorted((one, other) => one - other));
});
