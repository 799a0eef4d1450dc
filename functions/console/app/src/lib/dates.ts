// A cell that may be two days, read in each order.

import type { Place } from '../api/client';

export type Order = 'mdy' | 'dmy' | 'ymd';

const NAMES: Record<Order, string> = {
  mdy: 'month first',
  dmy: 'day first',
  ymd: 'year first',
};
const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'long', timeZone: 'UTC' });

export interface ReadBothWays {
  order: Order;
  name: string;
  /** The day it is in this order; null: the calendar has no such day. */
  day: string | null;
}

export function readBothWays(cell: string): ReadBothWays[] {
  const parts = /^\s*(\d{1,4})[/.\- ](\d{1,2})[/.\- ](\d{1,4})\s*$/.exec(cell)?.slice(1).map(Number);
  if (!parts) return [];
  const [a = 0, b = 0, c = 0] = parts;
  const orders: [Order, number, number, number][] =
    a > 31 ? [['ymd', a, b, c]] : [['mdy', c, a, b], ['dmy', c, b, a]];
  return orders.map(([order, year, month, dayOfMonth]) => ({ order, name: NAMES[order], day: written(year, month, dayOfMonth) }));
}

function written(year: number, month: number, dayOfMonth: number): string | null {
  const at = new Date(Date.UTC(year, month - 1, dayOfMonth));
  at.setUTCFullYear(year);
  const there = at.getUTCMonth() === month - 1 && at.getUTCDate() === dayOfMonth;
  return there ? day.format(at) : null;
}

/** The places of a reason that are dates; else those that its sentence names by their lines. */
export function doubtfulDates(code: string, detail: string, found: Place[]): string[] {
  if (!code.startsWith('dates_')) return [];
  const cells = found.map((it) => it.cell).filter((it) => readBothWays(it).length > 0);
  if (cells.length === 0) {
    for (const [, cell = ''] of detail.matchAll(/(\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4})"? on line/g)) cells.push(cell);
  }
  return [...new Set(cells)].slice(0, 3);
}

/** Whether the API would read the file in this order: it names those that fit, if it can tell. */
export function isOffered(code: string, found: Place[], order: Order): boolean {
  const offered = new Set(found.flatMap((place) => place.readings ?? []));
  return offered.size === 0 || offered.has(`dates=${order}`) || code === 'dates_ambiguous';
}
