// What the buttons offer is what docs/states.md says, which is made from the code.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { allowed } from '../src/lib/states.ts';

function table() {
  const page = readFileSync(new URL('../../../../docs/states.md', import.meta.url), 'utf8');
  const lines = page.slice(page.indexOf('| state | pause |')).split('\n');
  const cells = (line) => line.split('|').slice(1, -1).map((it) => it.trim());
  const end = lines.findIndex((it) => !it.startsWith('|'));
  const [heading, , ...rows] = lines.slice(0, end).map(cells);
  return rows.map((row) => Object.fromEntries(row.map((cell, n) => [heading[n], cell])));
}

test('a button is there where the command leads to a state', () => {
  const rows = table();
  assert.ok(rows.length > 14, 'the table was not found');
  for (const row of rows) {
    const status = row.state.replaceAll('`', '');
    for (const command of ['pause', 'resume', 'cancel', 'replace']) {
      assert.equal(allowed(command, 'team', { status }), row[command] !== '', `${command} in ${status}`);
    }
    assert.equal(allowed('delete', 'team', { status }), row['delete a team import'] !== '', `delete in ${status}`);
    assert.equal(allowed('delete', 'baseline', { status }), row['delete a baseline'] !== '', `delete a baseline in ${status}`);
  }
});
