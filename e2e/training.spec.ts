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
  await expect(page.getByRole('rowheader', { name: 'Age alone' })).toBeVisible();
  await expect(page.getByRole('columnheader', { name: 'RMSE' }).first()).toBeVisible();
  await expect(page.getByRole('region', { name: 'Can this result be trusted?' })).toBeVisible();
  await expect(page.getByRole('region', { name: 'What its alarms would have done' })).toContainText('Failures caught');
});

test('whether the machines can be predicted is told with figures, and the proposed task is a click away', async ({ window: { page, shell } }) => {
  await shell.go('Training');
  await page.getByRole('tab', { name: 'Can it be predicted?' }).click();
  await expect(page.getByRole('region', { name: 'Proposed now' })).toContainText('Remaining useful life');
  await expect(page.getByRole('table', { name: 'Sensors that all of them have' }).getByRole('row').filter({ hasText: 'vibration' })).toContainText('higher', { timeout: 60_000 });
  await expect(page.getByRole('table', { name: 'Remaining useful life' }).getByRole('row').filter({ hasText: 'Failures with readings before them' })).toContainText('Enough');
  await page.getByRole('button', { name: 'Train this' }).click();
  await expect(page.getByRole('dialog', { name: 'Start a training run' }).getByRole('radio', { name: /Remaining useful life/ })).toBeChecked();
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
