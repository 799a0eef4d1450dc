// Pages of other origins: one that the test stack lists, and one that it does not. Each does what a
// program would do: signs in, lists, uploads by URL.

import { createServer } from 'node:http';
import { test } from './harness.mjs';
import { credentials } from './sessions.mjs';
import { same } from './stage.mjs';

const LISTED = 'page.example.org';
const OTHER = 'other.example.org';

/** Serves an empty page under both names. */
export async function open() {
  const server = createServer((_, answer) => {
    answer.setHeader('Content-Type', 'text/html');
    answer.end('<!doctype html><html lang="en"><title>A page of another origin</title>');
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address();
  return { names: { [LISTED]: port, [OTHER]: port }, close: () => server.close() };
}

/** What the page does, in the page: gives what it has come to, step by step. */
async function work({ api, username, password }) {
  const steps = [];
  const json = { 'Content-Type': 'application/json' };
  const tried = async (name, request) => {
    try {
      const answer = await request();
      steps.push([name, answer.status]);
      return answer;
    } catch (thrown) {
      steps.push([name, thrown.name]);
    }
  };
  const body = JSON.stringify({ username, password });
  await tried('sign up', () => fetch(`${api}/auth/users/`, { method: 'POST', headers: json, body }));
  const tokens = await tried('sign in', () => fetch(`${api}/token/`, { method: 'POST', headers: json, body }));
  const access = tokens ? (await tokens.json()).access : 'none';
  const signed = { ...json, Authorization: `Bearer ${access}` };
  const list = await tried('list', () => fetch(`${api}/collect/imports/`, { headers: signed }));
  if (list) steps.push(['entries', (await list.json()).results.length]);
  const file = 'team_name,manager_name,manager_phone_number\nFalcons,Ada,674-566-5530\n';
  const asked = JSON.stringify({ filename: 'teams.csv', size: file.length });
  const granted = await tried('ask for a URL', () => fetch(`${api}/collect/team/`, { method: 'POST', headers: signed, body: asked }));
  if (!granted) return steps;
  const { id, upload } = await granted.json();
  const headers = Object.fromEntries(Object.entries(upload.headers).filter(([name]) => name.toLowerCase() !== 'content-length'));
  await tried('upload', () => fetch(upload.url, { method: upload.method, headers, body: file }));
  for (;;) {
    const answer = await fetch(`${api}/collect/team/${id}/`, { headers: signed });
    const { status } = await answer.json();
    if (['completed', 'failed'].includes(status)) return [...steps, ['import', status]];
    const seconds = Number(answer.headers.get('Retry-After') ?? 1);
    await new Promise((passed) => setTimeout(passed, seconds * 1000));
  }
}

async function of(stage, host) {
  const visitor = await stage.visitor();
  const page = await visitor.newPage();
  if (host === LISTED) stage.watch(page);
  await page.goto(`http://${host}/`);
  const steps = await page.evaluate(work, { api: stage.api, ...credentials() });
  return { steps, page, close: () => visitor.close() };
}

test('a_page_of_a_listed_origin_signs_in_lists_and_uploads', async (stage) => {
  const { steps, close } = await of(stage, LISTED);
  same(
    steps,
    [['sign up', 201], ['sign in', 200], ['list', 200], ['entries', 0], ['ask for a URL', 201], ['upload', 200], ['import', 'completed']],
    'what the page could do',
  );
  await close();
});

test('a_page_of_another_origin_can_do_nothing', async (stage) => {
  const { steps, close } = await of(stage, OTHER);
  same(
    steps,
    ['sign up', 'sign in', 'list', 'ask for a URL'].map((it) => [it, 'TypeError']),
    'what the page could do',
  );
  await close();
});

/** The console's cookie is for the console: its header is none that another page may send. */
test('not_even_a_listed_page_uses_the_cookie_of_the_console', async (stage) => {
  const visitor = await stage.visitor();
  const page = await visitor.newPage();
  await page.goto(`http://${LISTED}/`);
  const outcome = await page.evaluate(async (api) => {
    const headers = { 'Content-Type': 'application/json', 'X-Collect-Console': '1' };
    try {
      const answer = await fetch(`${api}/token/refresh/`, { method: 'POST', headers, body: '{}', credentials: 'include' });
      return answer.status;
    } catch (thrown) {
      return thrown.name;
    }
  }, stage.api);
  same(outcome, 'TypeError', 'a refresh with the header of the console');
  await visitor.close();
});
