import { randomUUID } from 'node:crypto';
import { test } from './harness.mjs';
import { button, demand, heading, link, same } from './stage.mjs';

/** A new name and its password: nothing is left of them when the stack goes. */
export function credentials() {
  return { username: `ada-${randomUUID().slice(0, 8)}`, password: `Tr0ub4dor-${randomUUID().slice(0, 8)}` };
}

export async function signUp(page, { username, password }) {
  await button(page, 'Create an account').click();
  await page.getByLabel('Username').fill(username);
  await page.getByLabel('Password').fill(password);
  await button(page, 'Create the account').click();
  await heading(page, 'Imports and exports').waitFor();
}

test('the_sign_in_form_is_for_people_and_password_managers', async (stage) => {
  const page = await stage.page(stage.ada);
  await heading(page, 'Sign in').waitFor();
  const password = page.getByLabel('Password');
  same(await password.getAttribute('type'), 'password', 'what is typed');
  same(await password.getAttribute('autocomplete'), 'current-password', 'the password');
  same(await page.getByLabel('Username').getAttribute('autocomplete'), 'username', 'the name');
  await password.evaluate((it) => {
    it.focus();
    document.execCommand('insertText', false, 'a long one');
  });
  same(await password.inputValue(), 'a long one', 'pasted');
  await stage.look(page, 'sign-in');
  await page.close();
});

test('what_the_policy_refuses_is_refused_and_seen', async (stage) => {
  const visitor = await stage.visitor();
  const page = await stage.page(visitor);
  await heading(page, 'Sign in').waitFor();
  const told = ['script-src', 'style-src', 'img-src', 'connect-src'].map((directive) =>
    page.waitForEvent('console', (message) => message.text().startsWith(`policy: ${directive}`)),
  );
  await page.evaluate(() => {
    const add = (name, text) => document.body.append(Object.assign(document.createElement(name), { textContent: text }));
    add('script', 'window.ran = true');
    add('style', 'body { display: none }');
    new Image().src = 'https://other.example.org/a.png';
    fetch('https://other.example.org/').catch(() => {});
  });
  await Promise.all(told);
  same(await page.evaluate(() => 'ran' in window), false, 'whether the script ran');
  // The browser has said each in its own words, too.
  demand(stage.complaints.length >= told.length, 'what is refused fails a test');
  await visitor.close();
  stage.complaints.length = 0;
});

test('a_session_outlives_a_reload_and_ends_with_the_sign_out', async (stage) => {
  const visitor = await stage.visitor();
  const page = await stage.page(visitor);
  await signUp(page, credentials());
  const [cookie, ...others] = await visitor.cookies();
  same(others.length, 0, 'other cookies');
  const { name, httpOnly, secure, sameSite, path } = cookie;
  same([name, httpOnly, secure, sameSite, path], ['collect_refresh', true, true, 'Strict', '/token'], 'the cookie');
  const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, location.href, document.cookie]));
  demand(!/eyJ/.test(kept), `a token is kept where scripts read: ${kept}`);
  await page.reload();
  await heading(page, 'Imports and exports').waitFor();
  await link(page, 'Datasets').click();
  await button(page, 'Sign out').click();
  await heading(page, 'Sign in').waitFor();
  same((await visitor.cookies()).length, 0, 'cookies after the sign-out');
  await page.reload();
  await heading(page, 'Sign in').waitFor();
  await visitor.close();
});

test('a_sign_out_in_one_tab_is_one_in_all', async (stage) => {
  const visitor = await stage.visitor();
  const page = await stage.page(visitor);
  await signUp(page, credentials());
  const other = await stage.page(visitor, '#/datasets');
  await heading(other, 'Datasets').waitFor();
  await button(page, 'Sign out').click();
  await heading(other, 'Sign in').waitFor();
  await visitor.close();
});

test('a_wrong_password_is_said_in_the_words_of_the_api', async (stage) => {
  const visitor = await stage.visitor();
  const page = await stage.page(visitor);
  await page.getByLabel('Username').fill('nobody-of-this-name');
  await page.getByLabel('Password').fill('not the password');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').getByText('No active account found with the given credentials').waitFor();
  // The browser tells of each answer from 400 on.
  stage.complaints.splice(0, 1);
  await visitor.close();
});

test('ada_signs_up_and_is_told_what_to_do_first', async (stage) => {
  const page = await stage.page(stage.ada);
  await signUp(page, credentials());
  await heading(page, 'No imports yet').waitFor();
  await stage.look(page, 'empty');
  await page.close();
});
