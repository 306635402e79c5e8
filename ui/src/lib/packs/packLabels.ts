// Texts about packs.

import type { PackView } from '../backend';
import { t } from '../i18n/i18n.svelte';
import { bytes, date } from '../i18n/time';

/** The pack's name, by default its date. */
export function packName(pack: PackView): string {
  if (pack.name !== '') return pack.name;
  const day = date(pack.madeAt, { day: 'numeric', month: 'long' });
  return t('packs.called', { date: day });
}

export function readingTime(minutes: number): string {
  if (minutes < 60) return t('packs.time.minutes', { count: minutes });
  if (minutes % 60 === 0) return t('packs.time.wholeHours', { count: minutes / 60 });
  return t('packs.time.hours', { hours: Math.floor(minutes / 60), minutes: minutes % 60 });
}

/** A pack's progress in one line. */
export function packProgress(pack: PackView): string {
  const size = bytes(pack.bytes);
  if (pack.status === 'done') {
    return t('packs.summary', {
      articles: t('packs.complete', { complete: pack.complete, count: pack.articles }),
      size,
      time: readingTime(pack.minutes),
    });
  }
  return t('packs.making', { tried: pack.tried, count: pack.articles, size });
}
