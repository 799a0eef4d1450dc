import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asType, tidy } from '../src/views/datasets/fields.ts';

test('another type takes along only what it knows', () => {
  const date = { name: 'placed', type: 'date', title: 'Placed', format: '%d/%m/%Y', example: '1/2/2026', constraints: { required: true, minimum: '2020-01-01' } };
  assert.deepEqual(asType(date, 'string'), { name: 'placed', type: 'string', title: 'Placed', constraints: { required: true } });
  const number = { name: 'total', type: 'number', decimals: 2, digits: 14, groupChar: '.' };
  assert.deepEqual(asType(number, 'integer'), { name: 'total', type: 'integer', groupChar: '.' });
});

test('what is empty is not sent, and a list that is empty means something', () => {
  const declaration = { fields: [{ name: 'a', type: 'string', title: '', format: undefined, missingValues: [], constraints: { required: false } }], sortedBy: undefined, dialect: {} };
  assert.deepEqual(tidy(declaration), { fields: [{ name: 'a', type: 'string', missingValues: [] }] });
});
