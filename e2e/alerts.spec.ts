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

test('what was found after an alert is told, and becomes a label with the failure', async ({ window: { page, shell } }) => {
  await shell.go('Alerts');
  await page.getByRole('table', { name: 'Open' }).locator('button[data-row]').first().click();
  await page.getByRole('button', { name: 'Say what was found' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('combobox', { name: 'Failure mode' }).fill('vib');
  await page.getByRole('option', { name: /VIB/ }).click();
  await dialog.getByLabel('The machine failed').check();
  await expect(dialog.getByLabel('Failed at')).not.toHaveValue('');
  await dialog.getByLabel('Comment').fill('Outer race spalled.');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog).toBeHidden();
  const found = page.getByRole('region', { name: 'What was found?' });
  await expect(found).toContainText('Confirmed');
  await expect(found).toContainText('Outer race spalled.');
  await page.getByRole('link', { name: /^Open / }).click();
  const events = page.getByRole('region', { name: 'Events' });
  await expect(events).toContainText('Verdict');
  await expect(events).toContainText('Vibration (VIB)');
});
