// What is looked at when everything has happened.

import { test } from './harness.mjs';
import { button, demand, heading, listed, same } from './stage.mjs';

test('the_list_shows_what_has_become_of_everything', async (stage) => {
  const page = await stage.page(stage.ada);
  const rows = page.getByRole('table').getByRole('row');
  await listed(page, 'cancelled');
  demand((await rows.count()) >= 9, 'everything of the tests before is in the list');
  await stage.look(page, 'list', { shown: 'light' });
  const state = page.getByRole('combobox', { name: 'State' });
  await state.selectOption('failed');
  await page.waitForURL(/status=failed/);
  await page.waitForFunction(() => [...document.querySelectorAll('tbody .state')].every((it) => it.textContent === 'failed'));
  await page.reload();
  same(await state.inputValue(), 'failed', 'the filter of the address');
  await page.getByRole('searchbox', { name: 'File' }).fill('nothing is called so');
  await heading(page, 'Nothing fits these filters').waitFor();
  await button(page, 'Show everything').click();
  await listed(page, 'completed');
  await page.close();
});

test('everything_can_be_done_by_keyboard', async (stage) => {
  const page = await stage.page(stage.ada, '#/imports?kind=import');
  await listed(page, 'completed');
  await page.keyboard.press('Tab');
  same(await page.evaluate(() => document.activeElement.textContent), 'Skip to the content', 'what comes first');
  await page.keyboard.press('Enter');
  same(await page.evaluate(() => document.activeElement.tagName), 'MAIN', 'what the link leads to');
  await page.keyboard.press('Tab');
  const chooses = await page.evaluate(() => document.activeElement.type);
  same(chooses, 'file', 'the first thing in the content');
  // To the newest import, and into the dialog of one of its buttons.
  await page.getByRole('table').getByRole('link').first().focus();
  await page.keyboard.press('Enter');
  await page.getByRole('group', { name: 'What you can do' }).waitFor();
  const remove = button(page, 'Delete');
  await remove.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  same(await remove.evaluate((it) => it === document.activeElement), true, 'the focus comes back');
  await page.close();
});
