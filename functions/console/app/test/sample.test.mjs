import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bare, isText, recordsOf, sampleOf } from '../src/lib/sample.ts';

const file = (text) => new File([text], 'a.csv');

test('records are split as far as they are shown', async () => {
  assert.deepEqual(await recordsOf(file('\uFEFFa;"b;c"\r\n1;"say ""x""\nto"\r\n2')), [['a', 'b;c'], ['1', 'say "x"\nto'], ['2']]);
  assert.deepEqual(await recordsOf(file('')), []);
  assert.equal((await recordsOf(file('a\n'.repeat(100)))).length, 12);
});

test('a sample ends with a line', async () => {
  const long = `${'x'.repeat(99)}\n`.repeat(4000);
  const sample = await sampleOf(file(long));
  assert.ok(sample.size < long.length && sample.size % 100 === 0, String(sample.size));
  const short = file('a,b\n1');
  assert.equal(await sampleOf(short), short);
});

test('a packed file is no text, an empty one has nothing to look at', async () => {
  assert.equal(await isText(new File([new Uint8Array([0x1f, 0x8b, 8, 0])], 'a.gz')), false);
  assert.equal(await isText(file('')), false);
  assert.equal(await isText(file('a,b')), true);
});

test('headings are compared by letters and digits', () => {
  assert.equal(bare('Order_Date '), bare('order date'));
  assert.equal(bare('Größe (m)'), 'größem');
});
