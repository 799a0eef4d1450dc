// Files on their way to S3. They go on while other views are looked at; closing the tab ends them,
// and the import waits for its file.

import { api, ask, form, type Upload, type Validation } from '../../api/client';
import { asRefusal, type Refusal } from '../../api/refusal';
import { put } from '../../api/upload';
import { datasets } from '../../lib/datasets.svelte';
import type { Order } from '../../lib/dates';
import { isText, sampleOf } from '../../lib/sample';
import { chooseDataset } from './choose';

export type Stage = 'looking' | 'asking' | 'ready' | 'sending' | 'sent' | 'failed';

/** The files that were sent from this tab, by import: their beginnings explain what went wrong. */
export const sentFrom = new Map<string, File>();

export class Sending {
  stage = $state<Stage>('looking');
  dataset = $state('');
  sent = $state(0);
  id = $state<number | null>(null);
  why = $state.raw<Refusal | null>(null);
  /** What an import of the beginning of the file would say. */
  early = $state.raw<Validation | null>(null);
  /** What is said of its reading: `{dates: 'dmy'}`. */
  said = $state.raw<{ dates?: Order }>({});
  #stop = new AbortController();
  #upload: Upload | null = null;
  #key = crypto.randomUUID();

  constructor(
    readonly file: File,
    /** The import that this file takes the place of. */
    readonly replaces: { dataset: string; id: number } | null = null,
  ) {
    if (replaces) this.dataset = replaces.dataset;
  }

  /** Finds the dataset, then says early what an import would say. */
  async prepare() {
    try {
      const text = await isText(this.file);
      if (!this.dataset && text) this.dataset = (await chooseDataset(this.file)) ?? '';
      if (this.dataset) await this.choose(this.dataset);
      else this.stage = 'asking';
    } catch (thrown) {
      this.#failed(thrown);
    }
  }

  async choose(dataset: string) {
    this.dataset = dataset;
    this.stage = 'looking';
    this.early = null;
    this.why = null;
    try {
      if (await isText(this.file)) this.early = await validate(this.file, dataset, this.said);
    } catch (thrown) {
      // A sample that cannot be judged is no reason not to send the file: the import judges it.
      console.info('The sample was not judged:', asRefusal(thrown).message);
    }
    this.stage = 'ready';
    if (this.early && !this.early.error && this.early.warnings.length === 0 && this.early.rows_rejected === 0) void this.send();
  }

  /** Looks again with another reading, and sends it so. */
  read(dates: Order): Promise<void> {
    this.said = { dates };
    return this.choose(this.dataset);
  }

  async send() {
    this.stage = 'sending';
    this.why = null;
    try {
      if (!this.#upload) await this.#ask();
      await put(this.file, this.#upload!, (bytes) => (this.sent = bytes), this.#stop.signal);
      this.stage = 'sent';
    } catch (thrown) {
      this.#failed(thrown);
    }
  }

  /** Asks for a URL: for a new import, or again for one that waits. */
  async #ask() {
    const body = { filename: this.file.name, size: this.file.size };
    const params = { path: { dataset: this.dataset }, query: this.said, header: { 'Idempotency-Key': this.#key } };
    const answer = this.replaces
      ? await ask(api.POST('/collect/{dataset}/{id}/replace/', { params: { ...params, path: this.replaces }, body }))
      : await ask(api.POST('/collect/{dataset}/', { params, body }));
    this.id = answer.id;
    this.#upload = answer.upload ?? null;
    sentFrom.set(`${this.dataset}/${answer.id}`, this.file);
  }

  async again() {
    if (this.id === null) return this.send();
    this.stage = 'sending';
    try {
      const params = { path: { dataset: this.dataset, id: this.id } };
      const answer = await ask(api.GET('/collect/{dataset}/{id}/upload/', { params }));
      this.#upload = answer.upload ?? null;
    } catch (thrown) {
      return this.#failed(thrown);
    }
    await this.send();
  }

  stop() {
    this.#stop.abort();
  }

  #failed(thrown: unknown) {
    this.why = asRefusal(thrown);
    this.stage = 'failed';
  }
}

async function validate(file: File, dataset: string, said: Sending['said']): Promise<Validation> {
  const { declaration } = await datasets.columns(dataset);
  const body = form({ file: await sampleOf(file), declaration: JSON.stringify(declaration) });
  return ask(
    api.POST('/collect/datasets/validate/', {
      params: { query: said },
      body: body as never,
      bodySerializer: (it) => it as unknown as FormData,
    }),
  );
}

class Uploads {
  all = $state<Sending[]>([]);

  take(files: File[], replaces: Sending['replaces'] = null): Sending[] {
    const taken = files.map((file) => new Sending(file, replaces));
    this.all.unshift(...taken);
    for (const it of this.all.slice(0, taken.length)) void it.prepare();
    return this.all.slice(0, taken.length);
  }

  forget(it: Sending) {
    it.stop();
    this.all = this.all.filter((other) => other !== it);
  }

  get busy() {
    return this.all.some((it) => it.stage === 'sending');
  }
}

export const uploads = new Uploads();

addEventListener('beforeunload', (event) => {
  if (uploads.busy) event.preventDefault();
});
