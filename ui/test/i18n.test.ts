import { describe, expect, test } from 'vitest';

import { english } from '../src/lib/i18n/en';
import { i18n, t } from '../src/lib/i18n/i18n.svelte';
import { LANGUAGES } from '../src/lib/i18n/languages';
import { ago, bytes, dayName, longDate } from '../src/lib/i18n/time';
import { trendingTime, storyReason } from '../src/lib/front/storyReason';
import { NOW, story } from './fixture';

type Form = string | Partial<Record<string, string>>;

function placeholders(message: Form): string[] {
  const texts = typeof message === 'string' ? [message] : Object.values(message);
  const names = texts.flatMap((text) => [...(text ?? '').matchAll(/\{(\w+)\}/g)].map((m) => m[1]));
  return [...new Set(names)].map(String).sort();
}

describe.each(LANGUAGES)('the messages of $tag', ({ tag, messages }) => {
  test('have the plural forms that the language has, and no others', () => {
    const categories = new Intl.PluralRules(tag).resolvedOptions().pluralCategories.sort();
    for (const [key, message] of Object.entries<Form>(messages)) {
      if (typeof message === 'string') expect(message.trim(), key).not.toBe('');
      else expect(Object.keys(message).sort(), key).toEqual(categories);
    }
  });

  test('have the same placeholders as the English ones', () => {
    for (const [key, message] of Object.entries(english.messages)) {
      const own = messages[key as keyof typeof messages];
      expect(placeholders(own), key).toEqual(placeholders(message));
    }
  });

  test('are the same as in English', () => {
    expect(Object.keys(messages).sort()).toEqual(Object.keys(english.messages).sort());
  });
});

test('a message is formatted in the language set, including numbers', () => {
  expect(t('offline.bar', { count: 1204 })).toBe('Offline · 1.204 artikel siap dibaca');
  i18n.setLanguage('en-GB');
  expect(t('offline.bar', { count: 1204 })).toBe('Offline · 1,204 articles ready to read');
  expect(t('offline.bar', { count: 1 })).toBe('Offline · 1 article ready to read');
});

test('placeholders in a parameter’s value are not replaced', () => {
  expect(t('search.none', { query: '{query} {count}' })).toContain('{query} {count}');
});

test.each([
  ['id', 'id'],
  ['id-ID', 'id'],
  ['ms_MY', 'id'],
  ['en-US', 'en'],
  ['fr', 'en'],
])('a system in %s gets the language %s', (tag, language) => {
  i18n.setLanguage(tag);
  expect(i18n.language).toBe(language);
});

const HOUR = 3600;
const DAY = 24 * HOUR;

test.each([
  [0, 'baru saja', 'just now'],
  [-500, 'baru saja', 'just now'],
  [60, '1 menit yang lalu', '1 minute ago'],
  [3 * HOUR, '3 jam yang lalu', '3 hours ago'],
  [3 * HOUR + 3599, '3 jam yang lalu', '3 hours ago'],
  [DAY, '1 hari yang lalu', '1 day ago'],
  [2 * 7 * DAY, '2 minggu yang lalu', '2 weeks ago'],
  [30 * DAY, '1 bulan yang lalu', '1 month ago'],
  [400 * DAY, '1 tahun yang lalu', '1 year ago'],
])('%d seconds ago', (passed, indonesian, english) => {
  expect(ago(NOW - passed, NOW)).toBe(indonesian);
  i18n.setLanguage('en');
  expect(ago(NOW - passed, NOW)).toBe(english);
});

test('trending is shown with its time', () => {
  expect(t('front.trendingAgo', { ago: ago(NOW - 3 * HOUR, NOW) })).toBe(
    'Sedang tren · 3 jam yang lalu',
  );
  i18n.setLanguage('en');
  expect(t('front.trendingAgo', { ago: ago(NOW - 3 * HOUR, NOW) })).toBe('Trending · 3 hours ago');
});

test.each([
  ['new', 'Baru · 5 penerbit sejak 00.31', 'New · 5 publishers since 00:31'],
  ['rising', 'Naik · 5 penerbit sejak 00.31', 'Rising · 5 publishers since 00:31'],
  ['peak', 'Di puncak · 5 penerbit sejak 00.31', 'At its peak · 5 publishers since 00:31'],
  ['fading', 'Mereda · 5 penerbit sejak 00.31', 'Fading · 5 publishers since 00:31'],
] as const)('the reason for a story in one line: %s', (phase, indonesian, english) => {
  const firstAt = new Date(2026, 10, 24, 0, 31).getTime() / 1000;
  const why = { ...story(1).why, publishers: 5, firstAt };
  const now = firstAt + 2 * HOUR;
  expect(storyReason({ why, phase }, now)).toBe(indonesian);
  i18n.setLanguage('en');
  expect(storyReason({ why, phase }, now)).toBe(english);
  expect(storyReason({ why: { ...why, publishers: 1 }, phase }, now)).toContain(
    '1 publisher since',
  );
});

test('the reason of a story that began on another day includes the day', () => {
  const firstAt = new Date(2026, 10, 23, 21, 5).getTime() / 1000;
  const why = { ...story(1).why, publishers: 5, firstAt };
  expect(storyReason({ why, phase: 'fading' }, firstAt + 20 * HOUR)).toMatch(
    /^Mereda · 5 penerbit sejak 23 Nov.* 21\.05$/,
  );
});

test('only stories trending now are called trending', () => {
  const latestAt = NOW - 20 * HOUR;
  expect(trendingTime({ phase: 'fading', latestAt }, NOW)).toBe('20 jam yang lalu');
  for (const phase of ['new', 'rising', 'peak'] as const) {
    expect(trendingTime({ phase, latestAt: NOW - 3 * HOUR }, NOW)).toBe(
      'Sedang tren · 3 jam yang lalu',
    );
  }
});

test('days and dates are in the language set', () => {
  const noon = new Date(2026, 10, 24, 12).getTime() / 1000;
  expect(longDate(noon)).toBe('Selasa, 24 November 2026');
  expect(dayName(noon, noon)).toBe('Hari ini');
  expect(dayName(noon - DAY, noon)).toBe('Kemarin');
  expect(dayName(noon - 2 * DAY, noon)).toBe('Minggu, 22 November');
});

test('sizes have units', () => {
  expect(bytes(84_000_000)).toBe('84 MB');
  expect(bytes(1_500)).toMatch(/^1,5 kB$/);
});
