// The page of imports and exports that is shown, kept up to date.

import { api, askWhole, cursorOf, lookAgain, type Listed } from '../../api/client';
import { isEnd } from '../../lib/states';

export const FILTERS = ['status', 'kind', 'dataset', 'file'] as const;

export class ImportList {
  entries = $state<Listed[] | null>(null);
  next = $state<string | null>(null);
  previous = $state<string | null>(null);
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
    this.entries = this.#inPlace(data.results as Listed[]);
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
}
