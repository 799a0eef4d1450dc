// The names of the datasets, and what their columns are: asked for once, again after a change.

import { api, ask, type Columns } from '../api/client';
import { asRefusal, type Refusal } from '../api/refusal';

let names = $state<string[]>([]);
let why = $state<Refusal | null>(null);
let loading: Promise<void> | null = null;
const columns = new Map<string, Promise<Columns>>();

async function loadAll() {
  const found: string[] = [];
  try {
    for (let offset = 0; ; ) {
      const page = await ask(api.GET('/collect/datasets/', { params: { query: { limit: 100, offset } } }));
      found.push(...page.results.map((it) => it.name));
      offset += page.results.length;
      if (page.next === null || page.results.length === 0) break;
    }
    names = found;
    why = null;
  } catch (thrown) {
    why = asRefusal(thrown);
    loading = null;
  }
}

export const datasets = {
  get names() {
    return names;
  },
  get why() {
    return why;
  },
  /** Can be given to onMount: answers nothing to undo. */
  load() {
    loading ??= loadAll();
  },
  async all(): Promise<string[]> {
    loading ??= loadAll();
    await loading;
    return names;
  },
  columns(dataset: string): Promise<Columns> {
    let found = columns.get(dataset);
    if (!found) {
      found = ask(api.GET('/collect/{dataset}/schema/', { params: { path: { dataset } } })) as unknown as Promise<Columns>;
      found.catch(() => columns.delete(dataset));
      columns.set(dataset, found);
    }
    return found;
  },
  changed() {
    columns.clear();
    loading = loadAll();
  },
};
