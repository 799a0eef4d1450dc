import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytes, duration, inZone, time } from '../src/lib/format.ts';

test('times in sentences are in the zone of the reader', () => {
  const at = '2026-12-01T14:15:24Z';
  assert.equal(inZone(`It is taken back at ${at} unless it is resumed.`), `It is taken back at ${time(at)} unless it is resumed.`);
  assert.equal(inZone('No time, such as 2026-12-01 or 12:00, stands here.'), 'No time, such as 2026-12-01 or 12:00, stands here.');
});

test('sizes and durations', () => {
  assert.deepEqual([0, 1023, 1024, 1536, 120 * 1024 * 1024].map(bytes), ['0 B', '1023 B', '1.0 KiB', '1.5 KiB', '120 MiB']);
  assert.deepEqual([0.44, 10, 75, 3700].map(duration), ['0.4 s', '10 s', '1 min 15 s', '1 h 1 min']);
});
