import type { Locator } from '@playwright/test';
import { expect, test } from './fixtures/app.ts';
import { importDoubtfulEvents, mixerPlant, openOwn } from './fixtures/plants.ts';

/** Drags over a chart's plot from one share of its width to another. */
const dragOver = async (chart: Locator, from: number, to: number): Promise<void> => {
  const box = await chart.boundingBox();
  if (box === null) throw new Error('the chart is not on the screen');
  const at = (share: number) => [box.x + 70 + (box.width - 90) * share, box.y + 50] as const;
  const { mouse } = chart.page();
  await mouse.move(...at(from));
  await mouse.down();
  await mouse.move(...at((from + to) / 2), { steps: 4 });
  await mouse.move(...at(to), { steps: 4 });
  await mouse.up();
};

test('a span is dragged on a trend and becomes an event, which is changed and removed with a reason', async ({ folder }) => {
  const { app, page, shell } = await openOwn(mixerPlant(folder));
  await shell.go('Plant');
  await page.getByRole('link', { name: 'mixer_3' }).click();
  const trend = page.getByRole('group', { name: /^oil temperature/ });
  await trend.scrollIntoViewIfNeeded();
  await page.getByRole('button', { name: 'Mark an event' }).click();
  await dragOver(trend, 0.3, 0.4);
  const form = page.getByRole('dialog', { name: 'Add an event to mixer_3' });
  await expect(form.getByLabel('Start')).toHaveValue(/^2026-03-0[34]T/);
  await expect(form.getByLabel('End')).not.toHaveValue('');
  // The standard's list is found in the other language, too.
  await form.getByRole('combobox', { name: 'Failure mode' }).fill('过热');
  await page.getByRole('option', { name: /OHE/ }).click();
  await form.getByLabel('Comment').fill('Oil cooler blocked.');
  await form.getByRole('button', { name: 'Add event' }).click();
  const events = page.getByRole('region', { name: 'Events' });
  await expect(events).toContainText('Overheating (OHE)');

  await events.getByRole('button', { name: 'Change' }).click();
  const change = page.getByRole('dialog', { name: 'Change an event of mixer_3' });
  await change.getByLabel('What happened').selectOption('maintenance');
  await change.getByLabel('Which').fill('oil cooler cleaned');
  await change.getByRole('button', { name: 'Save' }).click();
  await expect(events).toContainText('oil cooler cleaned');

  await events.getByRole('button', { name: 'Remove' }).click();
  const remove = page.getByRole('dialog', { name: 'Remove this event of mixer_3?' });
  await remove.getByRole('button', { name: 'Remove' }).click();
  await expect(remove.getByText('Say why')).toBeVisible();
  await remove.getByLabel('Reason').fill('Was another machine.');
  await remove.getByRole('button', { name: 'Remove' }).click();
  await expect(events).toContainText('No events yet');
  await app.close();
});

test('a span is marked by keys alone', async ({ folder }) => {
  const { app, page, shell } = await openOwn(mixerPlant(folder));
  await shell.go('Plant');
  await page.getByRole('link', { name: 'mixer_3' }).click();
  await page.getByRole('group', { name: /^oil temperature/ }).focus();
  await page.keyboard.press('e');
  await page.keyboard.press('Shift+ArrowLeft');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Shift+ArrowRight');
  await page.keyboard.press('Enter');
  const form = page.getByRole('dialog', { name: 'Add an event to mixer_3' });
  await expect(form.getByLabel('Start')).not.toHaveValue('');
  await expect(form.getByLabel('End')).not.toHaveValue('');
  await page.keyboard.press('Escape');
  await expect(form).toBeHidden();
  await app.close();
});

test('doubtful labels are told in sentences and mended in place', async ({ folder }) => {
  const plant = mixerPlant(folder);
  importDoubtfulEvents(folder, plant);
  const { app, page, shell } = await openOwn(plant);
  await shell.go('Data');
  await page.getByRole('tab', { name: 'Labels' }).click();
  const table = page.getByRole('table', { name: 'Labels' });
  await expect(table).toContainText('Likely entered twice');
  const late = table.getByRole('row').filter({ hasText: 'after the last reading' });
  await late.getByRole('button', { name: 'Remove' }).click();
  const remove = page.getByRole('dialog');
  await remove.getByLabel('Reason').fill('A typing error in the year.');
  await remove.getByRole('button', { name: 'Remove' }).click();
  await expect(late).toHaveCount(0);

  await table.getByRole('row').filter({ hasText: 'Likely entered twice' }).getByRole('link').click();
  await expect(page.getByRole('heading', { level: 1, name: 'mixer_3' })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Events' }).locator('[aria-current="true"]')).toContainText('bearing');
  await app.close();
});

test('the list of failure modes takes a mode of the plant’s own', async ({ folder }) => {
  const { app, page, shell } = await openOwn(mixerPlant(folder));
  await shell.go('Settings');
  await page.getByRole('tab', { name: 'Failure modes' }).click();
  await page.getByRole('button', { name: 'Add a mode' }).click();
  await page.getByRole('textbox', { name: 'Code', exact: true }).fill('BLADE');
  await page.getByLabel('BLADE: English').fill('Mixer blade broken');
  await page.getByLabel('BLADE: Chinese').fill('搅拌叶断裂');
  await page.getByRole('button', { name: 'Save the list' }).click();
  await expect(page.getByText('The list of failure modes is saved.')).toBeVisible();
  await shell.go('Plant');
  await page.getByRole('link', { name: 'mixer_3' }).click();
  await page.getByRole('button', { name: 'Add event' }).click();
  await page.getByRole('dialog').getByRole('combobox', { name: 'Failure mode' }).fill('blade');
  await expect(page.getByRole('option', { name: /BLADE/ })).toBeVisible();
  await app.close();
});
