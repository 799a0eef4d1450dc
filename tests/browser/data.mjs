import { readFileSync } from 'node:fs';
import { test } from './harness.mjs';
import { button, demand, heading, link, reaches, same } from './stage.mjs';

test('rows_are_filtered_and_added_up', async (stage) => {
  const page = await stage.page(stage.ada, '#/data/baseline');
  await page.getByText('100,540 rows').waitFor();
  await page.locator('canvas').waitFor();
  await stage.look(page, 'data');
  await page.getByRole('combobox', { name: 'Column' }).selectOption({ label: 'Region' });
  await page.getByRole('textbox', { name: 'Value' }).fill('Asia');
  await button(page, 'Add the filter').click();
  await page.getByText('Region is Asia').waitFor();
  demand(page.url().includes('region=Asia'), `the address has the filter: ${page.url()}`);
  await page.getByLabel('By what').selectOption({ label: 'by Country' });
  await page.locator('td.bar').first().waitFor();
  await stage.look(page, 'data-bars');
  const linked = await stage.page(stage.ada, new URL(page.url()).hash);
  await linked.getByText('Region is Asia').waitFor();
  await linked.close();
  await page.close();
});

test('a_large_export_is_confirmed_and_fetched', async (stage) => {
  const page = await stage.page(stage.ada, '#/data/baseline');
  await button(page, 'Export').click();
  const dialog = page.getByRole('dialog');
  await button(dialog, 'Export').click();
  await dialog.getByText(/^This is (up to )?100,540 rows/).waitFor();
  await stage.look(page, 'export-confirm');
  await button(dialog, 'Begin').click();
  const [download] = await Promise.all([page.waitForEvent('download'), dialog.getByRole('link', { name: /^Download/ }).click()]);
  const lines = readFileSync(await download.path(), 'utf8').trimEnd().split('\n');
  same(lines.length, 100_541, 'lines of the exported file');
  await link(dialog, 'Open this export').click();
  await heading(page, 'Export of baseline').waitFor();
  await reaches(page, 'completed');
  await stage.look(page, 'export');
  await page.close();
});
