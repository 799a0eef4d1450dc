// The fields of a declaration as the form edits them.

import type { Declaration } from '../../api/client';

/** Any field: the form shows what its type has. */
export interface AnyField {
  name: string;
  type: string;
  title?: string;
  format?: string;
  formats?: string[];
  description?: string;
  example?: string | number | boolean;
  constraints?: { required?: boolean; [name: string]: unknown };
  [property: string]: unknown;
}

export const TYPES: { type: string; words: string }[] = [
  { type: 'string', words: 'Text' },
  { type: 'integer', words: 'Whole number' },
  { type: 'number', words: 'Number' },
  { type: 'boolean', words: 'True or false' },
  { type: 'date', words: 'Date' },
  { type: 'datetime', words: 'Date and time' },
  { type: 'time', words: 'Time of day' },
  { type: 'year', words: 'Year' },
  { type: 'yearmonth', words: 'Year and month' },
];

export const FORMATS: Record<string, { format: string; words: string }[]> = {
  string: [
    { format: 'email', words: 'An address of email' },
    { format: 'uri', words: 'A URI' },
    { format: 'uuid', words: 'A UUID' },
  ],
  date: [
    { format: '%d.%m.%Y', words: '27.1.2016' },
    { format: '%d/%m/%Y', words: '27/1/2016, day first' },
    { format: '%m/%d/%Y', words: '1/27/2016, month first' },
    { format: '%d-%b-%Y', words: '27-Jan-2016' },
  ],
  datetime: [
    { format: '%d.%m.%Y %H:%M', words: '27.1.2016 14:30' },
    { format: '%d/%m/%Y %H:%M', words: '27/1/2016 14:30' },
    { format: '%m/%d/%Y %H:%M', words: '1/27/2016 14:30' },
  ],
};

/** What each type has beside name, title, description and constraints. */
const OF_TYPE: Record<string, string[]> = {
  string: ['format'],
  integer: ['groupChar', 'bareNumber'],
  number: ['groupChar', 'bareNumber', 'decimalChar', 'decimals', 'digits'],
  boolean: ['trueValues', 'falseValues'],
  date: ['format', 'formats'],
  datetime: ['format', 'formats', 'timezone'],
  time: ['format', 'formats'],
};
const OF_ALL = ['name', 'type', 'title', 'titles', 'description', 'missingValues'];

/** Another type: what only the type before had goes with it. */
export function asType(field: AnyField, type: string): AnyField {
  const kept = new Set([...OF_ALL, ...(OF_TYPE[type] ?? [])]);
  const changed = Object.fromEntries(Object.entries(field).filter(([name]) => kept.has(name))) as AnyField;
  delete changed.format;
  delete changed.formats;
  const required = field.constraints?.required;
  return { ...changed, type, ...(required && { constraints: { required } }) };
}

/** As it is sent: nothing that is empty. */
export function tidy(declaration: Declaration): Declaration {
  const empty = (it: unknown) => it === undefined || it === '' || it === null || (typeof it === 'object' && !Array.isArray(it) && Object.keys(it).length === 0);
  const clean = (it: object) => Object.fromEntries(Object.entries(it).filter(([, value]) => !empty(value)));
  const fields = declaration.fields.map((it) => {
    const { constraints, ...rest } = it as unknown as AnyField;
    const { required, ...others } = constraints ?? {};
    return clean({ ...rest, constraints: clean({ ...others, required: required || undefined }) });
  });
  return { ...clean(declaration), fields: fields as unknown as Declaration['fields'] };
}
