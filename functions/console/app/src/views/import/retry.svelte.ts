// The same file, imported again: the address becomes that of the new import, or what refuses it is told.

import { api, ask, type Import } from '../../api/client';
import { asRefusal, type Refusal } from '../../api/refusal';
import { go, href } from '../../lib/route.svelte';
import type { paths } from '../../api/schema';

/** What may be said of how it is read. */
type Said = paths['/collect/{dataset}/{id}/retry/']['post']['parameters']['query'];

export class Retry {
  busy = $state(false);
  why = $state<Refusal | null>(null);

  async ask(dataset: string, it: Import, query: Said) {
    this.busy = true;
    this.why = null;
    try {
      const path = { dataset, id: it.id };
      const answer = await ask(api.POST('/collect/{dataset}/{id}/retry/', { params: { path, query } }));
      go(href(['imports', dataset, answer.id]));
    } catch (thrown) {
      this.why = asRefusal(thrown);
    } finally {
      this.busy = false;
    }
  }
}
