import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ago, bytes, duration, inZone, since, time } from '../src/lib/format.ts';

test('times in sentences are in the zone of the reader', () => {
  const at = '2026-12-01T14:15:24Z';
  assert.equal(inZone(`It is taken back at ${at} unless it is resumed.`), `It is taken back at ${time(at)} unless it is resumed.`);
  assert.equal(inZone('No time, such as 2026-12-01 or 12:00, stands here.'), 'No time, such as 2026-12-01 or 12:00, stands here.');
});

test('sizes and durations', () => {
  assert.deepEqual([0, 1023, 1024, 1536, 120 * 1024 * 1024].map(bytes), ['0 B', '1023 B', '1.0 KiB', '1.5 KiB', '120 MiB']);
  assert.deepEqual([0.44, 10, 75, 3700].map(duration), ['0.4 s', '10 s', '1 min 15 s', '1 h 1 min']);
});

test('what was is never ahead, whatever our clock says', () => {
  const now = Date.parse('2026-12-01T14:15:24Z');
  const told = (how, seconds) => how(new Date(now + seconds * 1000).toISOString(), now);
  for (const seconds of [-3700, -75, -5, 0]) assert.equal(told(ago, seconds), told(since, seconds));
  for (const seconds of [0.9, 30]) assert.equal(told(ago, seconds), told(since, 0));
  assert.notEqual(told(since, 30), told(since, 0));
});
