// Which dataset a file is of, by its heading.

import type { Columns, Declaration } from '../../api/client';
import { datasets } from '../../lib/datasets.svelte';
import { bare, recordsOf } from '../../lib/sample';

type Field = Declaration['fields'][number];

const headings = (field: Field) => [field.name, field.title, ...(field.titles ?? [])].filter((it) => it !== undefined);

/** How many columns of the file are fields of the dataset; 0 if it lacks one that is required. */
function fit(columns: Columns, heading: Set<string>): number {
  let found = 0;
  for (const field of columns.declaration.fields) {
    const there = headings(field).some((it) => heading.has(bare(it)));
    if (there) found += 1;
    else if (field.constraints?.required) return 0;
  }
  return found / Math.max(heading.size, 1) >= 0.5 ? found : 0;
}

/** The name of the dataset that fits best; null if none does. */
export async function chooseDataset(file: File): Promise<string | null> {
  const records = await recordsOf(file);
  let best: { name: string; fit: number } | null = null;
  for (const name of await datasets.all()) {
    const columns = await datasets.columns(name);
    for (const record of records) {
      const score = fit(columns, new Set(record.map(bare).filter(Boolean)));
      if (score > (best?.fit ?? 0)) best = { name, fit: score };
    }
  }
  return best?.name ?? null;
}
