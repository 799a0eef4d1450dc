import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { test } from './harness.mjs';
import { button, demand, heading, link, reaches, same } from './stage.mjs';

/** Drops a file onto the list, as a mouse does. */
async function drop(page, path) {
  const content = readFileSync(path, 'utf8');
  const transfer = await page.evaluateHandle(
    ([name, text]) => {
      const made = new DataTransfer();
      made.items.add(new File([text], name, { type: 'text/csv' }));
      return made;
    },
    [basename(path), content],
  );
  const zone = page.getByRole('group', { name: 'Drop CSV files here, or choose them' });
  await zone.dispatchEvent('dragover', { dataTransfer: transfer });
  await zone.dispatchEvent('drop', { dataTransfer: transfer });
}

/** Chooses files in the place of dropping them. */
export async function choose(page, ...files) {
  await into(page, 'Drop CSV files here, or choose them').setInputFiles(files);
}

/** What takes the files of a place for them. */
const into = (page, place) => page.getByRole('group', { name: place }).locator('input');

/** The line of a file that is on its way, in the list of those that are. */
export const upload = (page, file) => page.getByRole('listitem').filter({ hasText: file });

/** Opens the import that a file became. */
export async function open(page, file) {
  await upload(page, file).getByRole('link', { name: /^Open import/ }).click();
  await heading(page, file).waitFor();
}

const strip = (page) => page.getByRole('img', { name: /^Chunks:/ });

/** Remembers each thing that the strip says from now on. */
async function watchStrip(page) {
  await strip(page).waitFor();
  await page.evaluate(() => {
    const it = document.querySelector('svg[aria-label^="Chunks:"]');
    const seen = (window.seen = [it.getAttribute('aria-label')]);
    new MutationObserver(() => seen.push(it.getAttribute('aria-label'))).observe(it, { attributes: true });
  });
}

/** Pages that have seen nothing of an import before say when rows of it were last stored. */
async function lastStoredIsKnown(stage, page, file) {
  const told = (it) => demand(/^now$| ago$/.test(it.trim()), `last stored: ${it}`);
  await page.reload();
  await heading(page, file).waitFor();
  told(await page.getByText('Last stored', { exact: true }).locator('xpath=following-sibling::dd').textContent());
  const list = await stage.page(stage.ada);
  const row = list.getByRole('row').filter({ hasText: file }).first();
  await row.waitFor();
  const column = (await list.getByRole('columnheader').allTextContents()).indexOf('Last stored');
  told(await row.locator('th, td').nth(column).textContent());
  await list.close();
}

const count = (told, state) => Number((new RegExp(`([\\d,]+) ${state}`).exec(told)?.[1] ?? '0').replaceAll(',', ''));

test('a_file_is_dropped_and_its_strip_fills', async (stage) => {
  const page = await stage.page(stage.ada);
  await drop(page, stage.sales);
  await open(page, basename(stage.sales));
  await watchStrip(page);
  await reaches(page, 'completed');
  await page.waitForFunction(() => /^Chunks: \d+ stored$/.test(document.querySelector('svg[aria-label^="Chunks:"]').ariaLabel));
  const seen = await page.evaluate(() => window.seen);
  const chunks = count(seen.at(-1), 'stored');
  demand(chunks >= 4, `the file is too short for a strip: ${seen.at(-1)}`);
  const stored = seen.map((it) => count(it, 'stored'));
  demand(stored.every((it, n) => n === 0 || it >= stored[n - 1]), `the strip went back: ${seen.join('; ')}`);
  // On a fast machine it may have been full at the first look; the test of a cancel sees one half-way.
  const rows = page.getByRole('definition').first();
  same(await rows.textContent(), '100,000', 'rows stored');
  await page.getByText('import-chunk').or(page.getByText('finish-import')).first().waitFor();
  await stage.look(page, 'completed');
  await page.close();
});

test('a_cancel_says_what_it_will_do_and_shows_its_proof', async (stage) => {
  const page = await stage.page(stage.ada);
  await choose(page, stage.teams);
  await open(page, basename(stage.teams));
  // Half-way: some chunks are stored, and others are not.
  await page.waitForFunction(() => {
    const told = document.querySelector('svg[aria-label^="Chunks:"]')?.ariaLabel ?? '';
    return /\d stored/.test(told) && /(planned|under way)/.test(told);
  });
  await button(page, 'Pause').click();
  await reaches(page, 'paused');
  await page.getByRole('region', { name: 'Time line' }).getByText('paused').waitFor();
  await stage.look(page, 'paused', { shown: 'phone' });
  await lastStoredIsKnown(stage, page, basename(stage.teams));
  await button(page, 'Cancel').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText(/^Takes [\d,]+ rows of/).waitFor();
  await stage.look(page, 'cancel');
  await button(dialog, 'Cancel the import').click();
  await dialog.getByText('Rows remaining').waitFor();
  const [deleted, remaining, seconds] = await dialog.getByRole('definition').allTextContents();
  demand(Number(deleted.replaceAll(',', '')) > 0, `rows deleted: ${deleted}`);
  same(remaining, '0', 'rows remaining');
  demand(/\d/.test(seconds), `how long it took: ${seconds}`);
  await stage.look(page, 'proof', { shown: 'dark' });
  await button(dialog, 'Done').click();
  await reaches(page, 'cancelled');
  await page.getByText('Taken back.').waitFor();
  await page.close();
});

test('rejected_records_are_read_and_the_corrected_file_takes_their_place', async (stage) => {
  const lines = readFileSync(stage.sales, 'utf8').split('\n').slice(0, 501);
  const spoiled = lines.map((line, n) => ([7, 40, 41].includes(n) ? line.replace(/^([^,]*,[^,]*,[^,]*,[^,]*,[^,]*),[^,]*/, '$1,2/30/2016') : line));
  const file = (name, text) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text.join('\n')) });
  const page = await stage.page(stage.ada);
  await choose(page, file('march.csv', spoiled));
  const line = upload(page, 'march.csv');
  await line.getByText('3 records of the first 500 would be rejected.').waitFor();
  await line.getByText('The first on line 8: Order Date').waitFor();
  await stage.look(page, 'early-warning');
  await button(line, 'Send it').click();
  await open(page, 'march.csv');
  await reaches(page, 'completed');
  await heading(page, '3 rejected records').waitFor();
  const rows = page.getByRole('region', { name: 'Rejected records' }).getByRole('row');
  await rows.nth(1).waitFor();
  const first = await rows.nth(1).textContent();
  for (const part of ['8', 'Order Date', '2/30/2016', 'There is no such day in the calendar.']) {
    demand(first.includes(part), `${part} is not in ${first}`);
  }
  const [download] = await Promise.all([page.waitForEvent('download'), link(page, 'Get the rejects file').click()]);
  const rejects = readFileSync(await download.path(), 'utf8');
  same(rejects.trim().split('\n').length, 4, 'lines of the rejects file');
  await stage.look(page, 'rejected');
  await into(page, 'Upload the corrected file').setInputFiles(file('march-corrected.csv', lines));
  await open(page, 'march-corrected.csv');
  await reaches(page, 'completed');
  await page.getByText('It takes the place of').getByRole('link').click();
  await reaches(page, 'cancelled');
  await page.close();
});
