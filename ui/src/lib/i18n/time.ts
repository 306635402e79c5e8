// Formats dates, times and durations. `now` comes from the caller, in seconds since 1970.

import { dates, numbers, relativeTimes } from './formatters';
import { i18n, t } from './i18n.svelte';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;
const MONTH = 30 * DAY;
const YEAR = 365 * DAY;

const STEPS: [limit: number, unit: Intl.RelativeTimeFormatUnit, seconds: number][] = [
  [HOUR, 'minute', MINUTE],
  [DAY, 'hour', HOUR],
  [WEEK, 'day', DAY],
  [MONTH, 'week', WEEK],
  [YEAR, 'month', MONTH],
  [Infinity, 'year', YEAR],
];

/** "3 jam yang lalu", "1 month ago"; within a minute, and for clocks that run ahead, "just now". */
export function ago(time: number, now: number): string {
  const passed = now - time;
  if (passed < MINUTE) return t('time.now');
  for (const [limit, unit, seconds] of STEPS) {
    if (passed < limit) return relativeTimes().format(-Math.floor(passed / seconds), unit);
  }
  return '';
}

/** "3 j", "2 h": the shortest form, for narrow columns. */
export function agoShort(time: number, now: number): string {
  const passed = Math.max(0, now - time);
  if (passed < MINUTE) return t('time.nowShort');
  if (passed < HOUR) return t('time.minutesShort', { count: Math.floor(passed / MINUTE) });
  if (passed < DAY) return t('time.hoursShort', { count: Math.floor(passed / HOUR) });
  if (passed < WEEK) return t('time.daysShort', { count: Math.floor(passed / DAY) });
  return date(time, { day: 'numeric', month: 'short' });
}

export function date(time: number, options: Intl.DateTimeFormatOptions): string {
  return dates(options).format(time * 1000);
}

/** "24 November 2026" */
export function day(time: number): string {
  return date(time, { day: 'numeric', month: 'long', year: 'numeric' });
}

/** "Selasa, 24 November 2026" */
export function longDate(time: number): string {
  return date(time, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
}

/** "24 November 2026 pukul 09.12" */
export function dateTime(time: number): string {
  return date(time, { dateStyle: 'long', timeStyle: 'short' });
}

/** "09.12" */
export function clock(time: number): string {
  return date(time, { hour: '2-digit', minute: '2-digit' });
}

/** The reader's calendar day, as days since 1970. */
export function dayOf(time: number): number {
  const at = new Date(time * 1000);
  return Math.floor(Date.UTC(at.getFullYear(), at.getMonth(), at.getDate()) / (DAY * 1000));
}

/** "Hari ini", "Kemarin", "Sabtu, 21 November" */
export function dayName(time: number, now: number): string {
  const days = dayOf(now) - dayOf(time);
  if (days <= 0) return t('time.today');
  if (days === 1) return t('time.yesterday');
  const sameYear = new Date(time * 1000).getFullYear() === new Date(now * 1000).getFullYear();
  return date(time, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    ...(sameYear ? {} : { year: 'numeric' }),
  });
}

/** For `<time datetime>`. */
export function iso(time: number): string {
  return new Date(time * 1000).toISOString();
}

/** "84 MB" */
export function bytes(count: number): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'];
  let value = count;
  let step = 0;
  while (value >= 1000 && step < units.length - 1) {
    value /= 1000;
    step += 1;
  }
  return numbers({
    style: 'unit',
    unit: units[step] ?? 'byte',
    unitDisplay: step === 0 ? 'long' : 'short',
    maximumFractionDigits: value < 10 && step > 0 ? 1 : 0,
  }).format(value);
}

/** "30.30", "1.02.05": how long a recording plays, from its seconds. */
export function playing(seconds: number): string {
  const separator = i18n.current.durationSeparator;
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const shown = parts[0] === 0 ? parts.slice(1) : parts;
  return shown
    .map((part, index) => (index === 0 ? String(part) : String(part).padStart(2, '0')))
    .join(separator);
}
