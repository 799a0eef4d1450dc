// How long an import took to be taken back, by its events: from the state in which it began to be
// taken back to its end.

import type { Event, Import } from '../../api/client';
import { between } from '../../lib/format';

const BEGINS = new Set(['cancelling', 'rolling_back', 'validating', 'deleting']);

export function secondsOfRollback(it: Import, events: Event[]): number | null {
  if (!it.rollback || !it.finished_at) return null;
  const began = events.findLast((event) => BEGINS.has(event.status));
  const ended = events.at(-1);
  return began && ended && ended !== began ? between(began.at, ended.at) : null;
}
