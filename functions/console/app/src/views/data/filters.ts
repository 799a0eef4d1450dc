// Filters of rows in the address: `#/data/baseline?region=Asia&units_sold__gte=2`.

export interface Filter {
  field: string;
  op: '' | '__gte' | '__lte' | '__in' | '__isnull';
  value: string;
}

export const OPS: { op: Filter['op']; words: string }[] = [
  { op: '', words: 'is' },
  { op: '__gte', words: 'is at least' },
  { op: '__lte', words: 'is at most' },
  { op: '__in', words: 'is one of' },
  { op: '__isnull', words: 'has no value' },
];

/** What the address says that is no filter. */
const OWN = new Set(['cursor', 'by', 'sum']);

export function filtersOf(query: URLSearchParams): Filter[] {
  return [...query].filter(([name]) => !OWN.has(name)).map(([name, value]) => {
    const op = OPS.find((it) => it.op && name.endsWith(it.op))?.op ?? '';
    return { field: name.slice(0, name.length - op.length), op, value };
  });
}

export const parameters = (filters: Filter[]): Record<string, string> =>
  Object.fromEntries(filters.map((it) => [it.field + it.op, it.value]));

/** `import` is a parameter of every dataset; a field is asked for with `f.` so that none is taken for another. */
export const asked = (filters: Filter[]): Record<string, string> =>
  Object.fromEntries(filters.map((it) => [(it.field === 'import' ? '' : 'f.') + it.field + it.op, it.value]));
