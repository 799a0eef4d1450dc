// What each state means here: its colour, whether it moves, and what its user may do.
// The same as docs/states.md; the API decides, and answers 409 where a button was too late.

import type { Import } from '../api/client';

export type Tone = 'calm' | 'busy' | 'good' | 'warn' | 'bad';

const TONES: Record<string, Tone> = {
  awaiting_upload: 'calm',
  planning: 'busy',
  importing: 'busy',
  exporting: 'busy',
  finishing: 'busy',
  validating: 'busy',
  paused: 'warn',
  held: 'warn',
  needs_confirmation: 'warn',
  completed: 'good',
  validated: 'good',
  rolling_back: 'bad',
  failing: 'bad',
  failed: 'bad',
  rollback_failed: 'bad',
};

export const toneOf = (status: string): Tone => TONES[status] ?? 'calm';

const ENDS = new Set(['completed', 'failed', 'validated', 'cancelled', 'deleted', 'expired']);
export const isEnd = (status: string) => ENDS.has(status);

/** The states that the filter of the list offers, in the order of a life. */
export const IMPORT_STATES = [
  'awaiting_upload',
  'planning',
  'importing',
  'paused',
  'finishing',
  'completed',
  'held',
  'failed',
  'validated',
  'cancelling',
  'cancelled',
];
export const EXPORT_STATES = ['needs_confirmation', 'exporting', 'completed', 'expired', 'failed', 'cancelled'];

export type Command = 'pause' | 'resume' | 'cancel' | 'send' | 'replace' | 'retry' | 'delete';

const ACTIVE = ['awaiting_upload', 'planning', 'importing', 'paused', 'finishing'];
const ALLOWED: Record<Command, string[]> = {
  send: ['awaiting_upload'],
  pause: ['planning', 'importing'],
  resume: ['paused', 'held'],
  cancel: [...ACTIVE, 'completed', 'held'],
  retry: ['failed', 'cancelled', 'validated'],
  replace: [...ACTIVE, 'completed', 'held', 'failed', 'validated', 'cancelled'],
  delete: [...ACTIVE, 'completed', 'held', 'rolling_back', 'failed', 'validating', 'validated', 'cancelling', 'cancelled', 'rollback_failed'],
};
const ON_ITS_WAY = ['planning', 'importing', 'paused', 'finishing'];

export function allowed(command: Command, dataset: string, it: Import): boolean {
  // The original's rule: a baseline that is on its way is cancelled first.
  if (command === 'delete' && dataset === 'baseline' && ON_ITS_WAY.includes(it.status)) return false;
  return ALLOWED[command].includes(it.status);
}
