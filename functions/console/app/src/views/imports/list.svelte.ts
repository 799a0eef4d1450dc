// The page of imports and exports that is shown, kept up to date.

import { api, askWhole, cursorOf, lookAgain, type Listed } from '../../api/client';
import { isEnd } from '../../lib/states';

export const FILTERS = ['status', 'kind', 'dataset', 'file'] as const;

interface Seen {
  done: number;
  at: number | null;
}

export class ImportList {
  entries = $state<Listed[] | null>(null);
  next = $state<string | null>(null);
  previous = $state<string | null>(null);
  /** When we last saw something of it being stored, by id. */
  stored = $state<Record<string, number>>({});
  #seen = new Map<string, Seen>();
  #etag: string | null = null;

  /** Looks once; answers after how many seconds to look again. */
  async look(query: URLSearchParams, stop: AbortSignal): Promise<number> {
    const asked = Object.fromEntries(
      [...FILTERS, 'cursor'].map((name) => [name, query.get(name) ?? undefined] as const).filter(([, it]) => it),
    );
    const request = api.GET('/collect/imports/', {
      params: { query: { ...asked, limit: 30 }, header: this.#etag ? { 'If-None-Match': this.#etag } : {} },
      signal: stop,
    });
    const { response } = await request;
    if (response.status === 304) return this.#pause(response);
    const { data } = await askWhole(request);
    if (stop.aborted) return Infinity;
    this.#etag = response.headers.get('ETag');
    const found = data.results as Listed[];
    this.#observe(found);
    this.entries = this.#inPlace(found);
    this.next = cursorOf(data.next);
    this.previous = cursorOf(data.previous);
    return this.#pause(response);
  }

  #pause(response: Response): number {
    const moving = this.entries?.some((it) => !isEnd(it.status)) ?? false;
    return lookAgain(response, moving ? 2 : 15);
  }

  /** What was on the page stays where it was; what is new stands above it. */
  #inPlace(found: Listed[]): Listed[] {
    const place = new Map((this.entries ?? []).map((it, n) => [it.id, n]));
    return [...found].sort((a, b) => (place.get(a.id) ?? -1) - (place.get(b.id) ?? -1));
  }

  /** The API does not say when the last chunk was stored, but this page sees the count grow. */
  #observe(found: Listed[]) {
    for (const it of found) {
      const done = it.kind === 'import' ? it.progress.bytes_done : it.progress.rows_done;
      const before = this.#seen.get(it.id);
      if (before && before.done !== done) this.stored[it.id] = Date.now();
      this.#seen.set(it.id, { done, at: this.stored[it.id] ?? null });
    }
  }
}
