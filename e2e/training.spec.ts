import { expect, test } from './fixtures/demo.ts';
import type { Page } from '@playwright/test';

const startRun = async (page: Page, epochs: number): Promise<void> => {
  await page.getByRole('button', { name: 'Start a run' }).click();
  const dialog = page.getByRole('dialog', { name: 'Start a training run' });
  await dialog.getByLabel('Epochs', { exact: true }).fill(String(epochs));
  await dialog.getByRole('button', { name: 'Start', exact: true }).click();
  await expect(dialog).toBeHidden();
};

test('a run is watched epoch by epoch, ends with metrics beside the naive predictors', async ({ window: { page, shell } }) => {
  test.setTimeout(240_000);
  await shell.go('Training');
  await startRun(page, 3);
  await expect(page.getByText(/Epoch [1-3] of 3/).first()).toBeVisible({ timeout: 90_000 });
  await expect(page.getByText('Result on units held back for validation')).toBeVisible({ timeout: 120_000 });
  await expect(page.getByText('Age alone')).toBeVisible();
  await expect(page.getByText('RMSE', { exact: true }).first()).toBeVisible();
});

test('a run is cancelled, and resumed', async ({ window: { page, shell } }) => {
  test.setTimeout(240_000);
  await shell.go('Training');
  await startRun(page, 4);
  await expect(page.getByText(/Epoch [1-4] of 4/).first()).toBeVisible({ timeout: 90_000 });
  await page.getByRole('button', { name: 'Cancel the run' }).click();
  await page.getByRole('button', { name: 'Resume' }).click({ timeout: 60_000 });
  await expect(page.getByRole('list', { name: 'Runs' }).getByRole('listitem').first()).toContainText('Done', { timeout: 120_000 });
});
