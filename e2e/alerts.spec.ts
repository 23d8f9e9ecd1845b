import { openWindow } from './fixtures/app.ts';
import { expect, test } from './fixtures/demo.ts';

test('an alert is acknowledged with a comment, and stays so after a restart', async ({ window, demo }) => {
  const { page, shell } = window;
  await shell.go('Alerts');
  const row = page.getByRole('table', { name: 'Open' }).getByRole('row').filter({ hasText: 'Unacknowledged' }).first();
  const machine = (await row.locator('button[data-row]').textContent()) ?? '';
  await row.getByRole('button', { name: 'Acknowledge' }).click();
  const dialog = page.getByRole('dialog', { name: `Acknowledge the alert of ${machine}` });
  await dialog.getByLabel('Comment').fill('Bearing is warm; parts ordered.');
  await dialog.getByRole('button', { name: 'Acknowledge' }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText(`The alert of ${machine} is acknowledged.`)).toBeVisible();
  await window.app.close();

  const again = await openWindow(demo.folder);
  await again.shell.go('Alerts');
  await expect(again.page.getByRole('table', { name: 'Open' }).getByText('Acknowledged', { exact: true }).first()).toBeVisible();
  await again.page.getByRole('tab', { name: 'History' }).click();
  await expect(again.page.getByText(machine).first()).toBeVisible();
  await again.app.close();
});
