// Looks again and again, but not in a tab that nobody sees.

import { untrack } from 'svelte';
import { asRefusal, type Refusal } from '../api/refusal';

/** Calls `look`, which answers after how many seconds to look again (Infinity: never). */
export function poll(look: (stop: AbortSignal) => Promise<number>, failed: (why: Refusal | null) => void): () => void {
  const end = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let busy = false;

  async function turn() {
    if (busy || document.hidden || end.signal.aborted) return;
    busy = true;
    let seconds = 5;
    try {
      seconds = await look(end.signal);
      if (!end.signal.aborted) failed(null);
    } catch (thrown) {
      if (end.signal.aborted) return;
      const why = asRefusal(thrown);
      failed(why);
      if (why.status >= 400 && why.status < 500 && why.status !== 429) seconds = Infinity;
      else seconds = why.retryAfter ?? 5;
    } finally {
      busy = false;
    }
    clearTimeout(timer);
    if (Number.isFinite(seconds) && !end.signal.aborted) timer = setTimeout(turn, seconds * 1000);
  }

  document.addEventListener('visibilitychange', turn, { signal: end.signal });
  // What `look` reads is no reason for an effect to begin again.
  untrack(() => void turn());
  return () => {
    end.abort();
    clearTimeout(timer);
  };
}
