// Numbers and times as people read them, in their language and zone.

const whole = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat(undefined, { notation: 'compact', maximumFractionDigits: 1 });
const moment = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto', style: 'short' });

export const number = (it: number | null | undefined) => (it === null || it === undefined ? '–' : whole.format(it));
export const compact = (it: number) => short.format(it);
export const time = (iso: string) => moment.format(new Date(iso));
export const timeOfDay = (iso: string) => clock.format(new Date(iso));

/** A sentence of the API, its times in the reader's zone. */
export const inZone = (sentence: string) => sentence.replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, (it) => time(it));

export function bytes(it: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB'];
  let unit = 0;
  while (it >= 1024 && unit < units.length - 1) {
    it /= 1024;
    unit += 1;
  }
  return `${it.toFixed(unit === 0 || it >= 100 ? 0 : 1)} ${units[unit]}`;
}

/** 75 → `1 min 15 s` */
export function duration(seconds: number): string {
  if (seconds < 10 && seconds % 1) return `${seconds.toFixed(1)} s`;
  const s = Math.round(seconds);
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min ${s % 60} s`;
  return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
}

export const between = (from: string, to: string) => (Date.parse(to) - Date.parse(from)) / 1000;

/** How long ago something was, or in how long it is. */
export function since(iso: string, now: number): string {
  const seconds = Math.round((Date.parse(iso) - now) / 1000);
  if (Math.abs(seconds) < 60) return relative.format(seconds, 'second');
  if (Math.abs(seconds) < 3600) return relative.format(Math.round(seconds / 60), 'minute');
  if (Math.abs(seconds) < 86_400) return relative.format(Math.round(seconds / 3600), 'hour');
  return relative.format(Math.round(seconds / 86_400), 'day');
}

/** How long ago something was. Our clock may be a little behind the API's: what was is not ahead of it. */
export const ago = (iso: string, now: number) => since(iso, Math.max(now, Date.parse(iso)));

/** The name of the file in the address of an object. */
export function fileName(address: string): string {
  const name = address.slice(address.lastIndexOf('/') + 1);
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

export const words = (code: string) => code.replaceAll('_', ' ');
export const plural = (count: number, one: string, more = `${one}s`) => `${number(count)} ${count === 1 ? one : more}`;
