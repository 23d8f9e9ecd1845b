import { expect, test } from './fixtures/demo.ts';

test('a retraining is scheduled, its next runs are shown, and it does run', async ({ window: { page, shell } }) => {
  test.setTimeout(240_000);
  await shell.go('Training');
  await page.getByRole('tab', { name: 'Schedules' }).click();
  await page.getByRole('button', { name: 'Add a schedule' }).or(page.getByRole('button', { name: 'Add schedule' })).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.locator('input.code').fill('* * * * *');
  await expect(dialog.getByRole('listitem')).toHaveCount(5);
  await dialog.locator('button.primary').click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('table', { name: 'Schedules' })).toContainText('* * * * *');

  await page.getByRole('tab', { name: 'Runs' }).click();
  await expect(page.getByRole('list', { name: 'Runs' }).getByText('By schedule').first()).toBeVisible({ timeout: 100_000 });

  await page.getByRole('tab', { name: 'Schedules' }).click();
  await page.getByRole('button', { name: 'Remove' }).first().click();
  await page.getByRole('alertdialog').or(page.getByRole('dialog')).getByRole('button', { name: 'Remove' }).click();
  await expect(page.getByText('* * * * *')).toBeHidden();
});
