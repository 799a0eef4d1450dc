import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asked, filtersOf } from '../src/views/data/filters.ts';
import { seconds } from '../src/views/data/times.ts';

test('filters of the address become parameters of the API', () => {
  const query = new URLSearchParams('region=Asia&units_sold__gte=2&country__isnull=true&import=7&by=month&cursor=x&sum=units');
  assert.deepEqual(asked(filtersOf(query)), {
    'f.region': 'Asia',
    'f.units_sold__gte': '2',
    'f.country__isnull': 'true',
    import: '7',
  });
});

test('a group of time begins at its first day', () => {
  assert.equal(seconds('1970-01-02'), 86_400);
  assert.equal(seconds('1970-02'), 31 * 86_400);
  assert.equal(seconds('1971'), 365 * 86_400);
});
