import { openWindow } from './fixtures/app.ts';
import { expect, test } from './fixtures/demo.ts';

test('an alert is shelved with a reason, stays shelved after a restart, and is taken back', async ({ window, demo }) => {
  const { page, shell } = window;
  await shell.go('Alerts');
  await page.getByRole('table', { name: 'Open' }).locator('button[data-row]').first().click();
  await page.getByRole('button', { name: 'Shelve', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Reason').fill('Waiting for the spare part.');
  await dialog.getByRole('button', { name: 'Shelve', exact: true }).click();
  await expect(dialog).toBeHidden();
  await window.app.close();

  const again = await openWindow(demo.folder);
  await again.shell.go('Alerts');
  await again.page.getByRole('tab', { name: /Shelved/ }).click();
  await again.page.getByRole('button', { name: 'Unshelve' }).first().click();
  await expect(again.page.getByText('Nothing is shelved.')).toBeVisible();
  await again.app.close();
});

test('two runs are compared, and a failure is entered as an event', async ({ window: { page, shell } }) => {
  await shell.go('Training');
  await page.getByRole('tab', { name: 'Compare' }).click();
  const choices = page.locator('main select');
  await choices.nth(0).selectOption({ index: 1 });
  await choices.nth(1).selectOption({ index: 2 });
  await expect(page.getByText('What differs').or(page.getByText('Both runs have the same configuration.')).first()).toBeVisible();

  await shell.go('Plant');
  await page.getByRole('table', { name: 'Machines' }).getByRole('link', { name: 'G-201' }).click();
  await page.getByRole('button', { name: 'Add event' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Add event' }).click();
  await expect(dialog.getByText('Choose the failure mode.', { exact: false })).toBeVisible();
  await dialog.getByRole('combobox', { name: 'Failure mode' }).fill('unknown');
  await page.getByRole('option', { name: /UNK/ }).click();
  await dialog.getByLabel('Comment').fill('Oil changed.');
  await dialog.getByRole('button', { name: 'Add event' }).click();
  await expect(page.getByText('Event added to G-201.')).toBeVisible();
  await expect(page.getByText('Oil changed.')).toBeVisible();
});
