import assert from 'node:assert/strict';
import { test } from 'node:test';
import { doubtfulDates, isOffered, readBothWays } from '../src/lib/dates.ts';

const orders = (cell) => readBothWays(cell).map((it) => [it.order, it.day !== null]);

test('a date is read in each order, and a day that there is not is none', () => {
  assert.deepEqual(orders('27/1/2016'), [['mdy', false], ['dmy', true]]);
  assert.deepEqual(orders('1/2/2016'), [['mdy', true], ['dmy', true]]);
  assert.deepEqual(orders('2016-2-30'), [['ymd', false]]);
  assert.deepEqual(orders('29.2.2015'), [['mdy', false], ['dmy', false]]);
  assert.deepEqual(orders('1/1/0099'), [['mdy', true], ['dmy', true]]);
  assert.deepEqual(orders('tomorrow'), []);
});

test('the dates of a reason are its places, else those that it names by their lines', () => {
  const found = [{ column: 'Order Date', line: 17, cell: '27/1/2016', readings: ['dates=dmy'] }];
  assert.deepEqual(doubtfulDates('dates_day_first', '', found), ['27/1/2016']);
  const detail =
    'Nothing in the file tells whether its dates are written month first or day first: ' +
    '"Order Date" ("1/2/2016" on line 17). They were read as M/D/YYYY (1/27/2016), D.M.YYYY (27.1.2016).';
  assert.deepEqual(doubtfulDates('dates_ambiguous', detail, []), ['1/2/2016']);
  assert.deepEqual(doubtfulDates('bad_heading', detail, found), []);
});

test('only a reading that fits is offered', () => {
  const found = [{ column: 'a', line: 2, cell: '27/1/2016', readings: ['dates=dmy'] }];
  assert.equal(isOffered('dates_day_first', found, 'dmy'), true);
  assert.equal(isOffered('dates_day_first', found, 'mdy'), false);
  assert.equal(isOffered('dates_ambiguous', found, 'mdy'), true);
});
