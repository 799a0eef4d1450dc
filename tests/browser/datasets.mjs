import { fileURLToPath } from 'node:url';
import { test } from './harness.mjs';
import { choose, open, upload } from './imports.mjs';
import { button, heading, link, reaches } from './stage.mjs';

const SHOP = fileURLToPath(new URL('../../docs/shop.csv', import.meta.url));

test('a_dataset_is_inferred_declared_and_filled_from_one_file', async (stage) => {
  const page = await stage.page(stage.ada);
  await choose(page, SHOP);
  await upload(page, 'shop.csv').getByText('Its heading fits no dataset.').waitFor();
  await link(upload(page, 'shop.csv'), 'Declare a new dataset').click();
  await heading(page, 'Declare a dataset').waitFor();
  await page.getByText('Proposed from shop.csv').waitFor();
  const placed = page.getByRole('group', { name: /^Field 2/ });
  await placed.getByRole('checkbox', { name: 'Required' }).check();
  await page.getByLabel('Sorted by').selectOption({ label: 'Placed' });
  await button(page, 'Try it with the sample').click();
  await page.getByText(/records? of the sample would be imported/).waitFor();
  await stage.look(page, 'declare');
  await button(page, 'Declare it').click();
  // The file that it was declared for goes on its way.
  await open(page, 'shop.csv');
  await reaches(page, 'completed');
  await link(page, 'The rows of this import').click();
  await page.getByRole('cell', { name: 'Teapot, stoneware' }).first().waitFor();
  await page.close();
});

test('a_dataset_has_its_form_and_its_template', async (stage) => {
  const page = await stage.page(stage.ada, '#/datasets');
  await heading(page, 'Datasets').waitFor();
  await link(page, 'shop').waitFor();
  await stage.look(page, 'datasets');
  await link(page, 'shop').click();
  await heading(page, /^shop/).waitFor();
  await button(page, 'Declare this version').waitFor();
  await stage.look(page, 'dataset');
  const [download] = await Promise.all([page.waitForEvent('download'), button(page, 'Get the template file').click()]);
  await download.path();
  await page.close();
});
