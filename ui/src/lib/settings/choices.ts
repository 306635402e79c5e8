// The options of the settings' lists.

import type { Settings, Theme } from '../backend';
import { numbers } from '../i18n/formatters';
import { t, type MessageKey } from '../i18n/i18n.svelte';
import { bytes } from '../i18n/time';
import { editionName } from '../forward/channels';

interface Choice {
  value: string;
  label: string;
}

export const THEMES: readonly Theme[] = [
  'system',
  'light',
  'dark',
  'sepia',
  'contrast',
  'contrastDark',
];

/** Google News editions, `language|country`: Indonesia, its neighbours, and common others. */
const EDITIONS = [
  'id|ID',
  'en-ID|ID',
  'ms-MY|MY',
  'en-MY|MY',
  'en-SG|SG',
  'en-AU|AU',
  'en-PH|PH',
  'en-IN|IN',
  'en-US|US',
  'en-GB|GB',
  'ar|SA',
  'ar|EG',
  'ja|JP',
  'ko|KR',
  'nl|NL',
  'de|DE',
  'fr|FR',
] as const;

/** In minutes; 0 is never. */
const INTERVALS = [0, 15, 30, 60, 120, 360];

/** The editions, with the reader's own first if it is not among them. */
export function editions(language: string, country: string): Choice[] {
  const own = `${language}|${country}`;
  const values: string[] = EDITIONS.some((edition) => edition === own)
    ? [...EDITIONS]
    : [own, ...EDITIONS];
  return values.map((value) => {
    const [hl, gl] = splitEdition(value);
    return { value, label: editionName(hl.split('-')[0] ?? hl, gl) };
  });
}

export function splitEdition(edition: string): [language: string, country: string] {
  const [language = 'id', country = 'ID'] = edition.split('|');
  return [language, country];
}

/** Every half hour of the day, and the reader's own time, in minutes since midnight. */
export function timesOfDay(own: number): Choice[] {
  const halves = Array.from({ length: 48 }, (_, half) => half * 30);
  const all = halves.includes(own) ? halves : [...halves, own].sort((a, b) => a - b);
  const two = (part: number) => String(part).padStart(2, '0');
  return all.map((minute) => ({
    value: String(minute),
    label: `${two(Math.floor(minute / 60))}:${two(minute % 60)}`,
  }));
}

/** Fetch intervals of a feed in minutes; 0 lets Warta decide. */
export function fetchIntervals(own: number): Choice[] {
  return intervalOptions([0, 15, 60, 360, 1440], own, t('feed.everyAuto'));
}

export function syncIntervals(own: number): Choice[] {
  return intervalOptions(INTERVALS, own, t('settings.syncNever'));
}

function intervalOptions(choices: number[], own: number, zero: string): Choice[] {
  const all = choices.includes(own) ? choices : [...choices, own].sort((a, b) => a - b);
  return all.map((minutes) => ({
    value: String(minutes),
    label:
      minutes === 0
        ? zero
        : t('settings.syncEvery', {
            time: numbers({
              style: 'unit',
              unit: minutes % 60 === 0 ? 'hour' : 'minute',
              unitDisplay: 'long',
            }).format(minutes % 60 === 0 ? minutes / 60 : minutes),
          }),
  }));
}

export interface StorageLimit {
  setting: 'keepDays' | 'keepFeedArticles' | 'keepArticles' | 'keepMegabytes' | 'keepPictureDays';
  label: MessageKey;
  unit: 'settings.days' | 'count.articles' | 'settings.megabytes';
  choices: readonly number[];
}

/** The storage limits; 0 is no limit. */
export const STORAGE_LIMITS: readonly StorageLimit[] = [
  {
    setting: 'keepDays' satisfies keyof Settings,
    label: 'settings.keepDays',
    unit: 'settings.days',
    choices: [30, 90, 180, 365, 730],
  },
  {
    setting: 'keepFeedArticles',
    label: 'settings.keepFeedArticles',
    unit: 'count.articles',
    choices: [100, 500, 1000, 5000],
  },
  {
    setting: 'keepArticles',
    label: 'settings.keepArticles',
    unit: 'count.articles',
    choices: [10_000, 50_000, 100_000, 500_000],
  },
  {
    setting: 'keepMegabytes',
    label: 'settings.keepMegabytes',
    unit: 'settings.megabytes',
    choices: [100, 500, 1000, 5000],
  },
  {
    setting: 'keepPictureDays',
    label: 'settings.keepPictures',
    unit: 'settings.days',
    choices: [7, 30, 90, 365],
  },
];

/** The options for a limit, including the reader's own value. */
export function limitOptions(
  { unit, choices }: Pick<StorageLimit, 'unit' | 'choices'>,
  own: number,
  none = t('settings.noBound'),
): Choice[] {
  const all = own > 0 && !choices.includes(own) ? [...choices, own].sort((a, b) => a - b) : choices;
  const label = (most: number) =>
    unit === 'settings.megabytes'
      ? t(unit, { size: bytes(most * 1_000_000) })
      : t(unit, { count: most });
  return [
    { value: '0', label: none },
    ...all.map((most) => ({ value: String(most), label: label(most) })),
  ];
}
