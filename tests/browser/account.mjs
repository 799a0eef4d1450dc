import { test } from './harness.mjs';
import { credentials, signUp } from './sessions.mjs';
import { button, demand, heading, same } from './stage.mjs';

/** A new user, who looks at their account. */
async function newUser(stage) {
  const visitor = await stage.visitor();
  const page = await stage.page(visitor);
  const known = credentials();
  await signUp(page, known);
  await page.getByRole('link', { name: 'Account', exact: true }).click();
  await heading(page, known.username).waitFor();
  return { visitor, page, known };
}

test('a_key_is_made_shown_once_and_revoked', async (stage) => {
  const { visitor, page, known } = await newUser(stage);
  await button(page, 'Make a key').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('nightly');
  await dialog.getByLabel('Your password').fill(known.password);
  await button(dialog, 'Make the key').click();
  const key = await dialog.locator('code').textContent();
  demand(/^ck_\d+_1_/.test(key), `the key: ${key.slice(0, 8)}…`);
  await button(dialog, 'Done').click();
  await stage.look(page, 'account');
  demand(!(await page.content()).includes(key), 'the key is shown no more');
  await page.reload();
  const usage = page.getByRole('region', { name: 'What you use' });
  const keys = usage.getByRole('row', { name: /^Api keys/ });
  await keys.getByRole('meter').waitFor();
  demand((await keys.getByRole('cell').nth(1).textContent()).trim() === '1', 'one of the keys is used');
  await button(page, 'Revoke nightly').click();
  await button(page, 'Revoke nightly').click();
  await page.getByText('None yet.').waitFor();
  await visitor.close();
});

test('a_password_is_changed_and_other_browsers_are_signed_out', async (stage) => {
  const [here, elsewhere] = [await stage.visitor(), await stage.visitor()];
  const known = credentials();
  const page = await stage.page(here);
  await signUp(page, known);
  const other = await stage.page(elsewhere);
  await other.getByLabel('Username').fill(known.username);
  await other.getByLabel('Password').fill(known.password);
  await other.keyboard.press('Enter');
  await heading(other, 'Imports and exports').waitFor();
  await page.getByRole('link', { name: 'Account', exact: true }).click();
  await page.getByLabel('Current password').fill(known.password);
  await page.getByLabel('New password').fill(`${known.password}-2`);
  // What the other is refused from here on stands in its console.
  const before = stage.complaints.length;
  await button(page, 'Change the password').click();
  await page.getByText('Changed.').waitFor();
  await other.reload();
  await heading(other, 'Sign in').waitFor();
  const refused = stage.complaints.splice(before);
  demand(refused.every((it) => it.includes('401')), refused.join('\n'));
  await page.reload();
  await heading(page, known.username).waitFor();
  await here.close();
  await elsewhere.close();
});

test('an_account_is_deleted_and_its_report_is_shown_once', async (stage) => {
  const { visitor, page, known } = await newUser(stage);
  await button(page, 'Delete the account…').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Your password').fill(known.password);
  await stage.look(page, 'leave');
  await button(dialog, 'Delete the account').click();
  await heading(page, 'Your account is deleted').waitFor();
  const address = await dialog.getByRole('link').getAttribute('href');
  const report = await page.evaluate(async (it) => (await fetch(it)).json(), address);
  same(report.status, 'deleting', 'the report');
  await button(dialog, 'Done').click();
  await heading(page, 'Sign in').waitFor();
  await page.reload();
  await heading(page, 'Sign in').waitFor();
  await visitor.close();
});
