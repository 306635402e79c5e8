// Order and texts of feed fetches: duration and next fetch.

import type { FeedActivity } from '../backend';
import { collator, numbers, relativeTimes } from '../i18n/formatters';

/** Failing feeds first, paused ones last, otherwise the most recently checked first. */
export function byConcern(feeds: readonly FeedActivity[]): FeedActivity[] {
  const rank = (feed: FeedActivity) => (feed.paused ? 2 : feed.failure ? 0 : 1);
  return [...feeds].sort(
    (a, b) =>
      rank(a) - rank(b) ||
      (b.checkedAt ?? 0) - (a.checkedAt ?? 0) ||
      collator().compare(a.title, b.title),
  );
}

/** "240 md", "1,2 dtk" */
export function duration(milliseconds: number): string {
  const long = milliseconds >= 1000;
  return numbers({
    style: 'unit',
    unit: long ? 'second' : 'millisecond',
    maximumFractionDigits: long ? 1 : 0,
  }).format(long ? milliseconds / 1000 : milliseconds);
}

/** "dalam 20 menit" */
export function until(time: number, now: number): string {
  const format = relativeTimes();
  const minutes = Math.max(1, Math.ceil((time - now) / 60));
  if (minutes < 60) return format.format(minutes, 'minute');
  if (minutes < 48 * 60) return format.format(Math.round(minutes / 60), 'hour');
  return format.format(Math.round(minutes / (24 * 60)), 'day');
}

/** "3 jam", "2 hari": a time between two articles. */
export function interval(seconds: number): string {
  const hours = seconds / 3600;
  const [count, unit] =
    hours < 1
      ? [Math.max(1, Math.round(seconds / 60)), 'minute']
      : hours < 48
        ? [Math.round(hours), 'hour']
        : [Math.round(hours / 24), 'day'];
  return numbers({ style: 'unit', unit, unitDisplay: 'long' }).format(count);
}
