import { fileURLToPath } from 'node:url';
import { test } from './harness.mjs';
import { choose, open, upload } from './imports.mjs';
import { button, heading, reaches } from './stage.mjs';

const golden = (name) => fileURLToPath(new URL(`../golden/${name}.csv`, import.meta.url));
const DAY_FIRST = 'sales-with-the-day-first.csv';

test('a_file_of_dates_day_first_is_retried_with_its_reading', async (stage) => {
  const page = await stage.page(stage.ada);
  await choose(page, golden('sales-with-the-day-first'));
  const line = upload(page, DAY_FIRST);
  await line.getByText('seems to be written day first').waitFor();
  await stage.look(page, 'day-first-early');
  await button(line, 'Send it all the same').click();
  await open(page, DAY_FIRST);
  await reaches(page, 'failed');
  await page.getByText('no such day').first().waitFor();
  await stage.look(page, 'day-first');
  const address = page.url();
  await page.getByRole('button', { name: /^Read it so: .*day first$/ }).first().click();
  await page.waitForURL((url) => url.href !== address);
  await reaches(page, 'completed');
  await page.getByText('It reads the file again of').waitFor();
  await page.getByRole('region', { name: 'Reading' }).getByText('said with the upload').waitFor();
  await page.close();
});

test('columns_that_are_swapped_are_shown_side_by_side', async (stage) => {
  const page = await stage.page(stage.ada);
  await choose(page, golden('sales-with-columns-swapped'));
  const line = upload(page, 'sales-with-columns-swapped.csv');
  await line.getByText('seem to be swapped').waitFor();
  await button(line, 'Send it all the same').click();
  await open(page, 'sales-with-columns-swapped.csv');
  await reaches(page, 'failed');
  await heading(page, 'sales-with-columns-swapped.csv').waitFor();
  await page.getByText('If the headings are wrong').waitFor();
  await stage.look(page, 'swapped');
  await page.close();
});
