import { describe, expect, test } from 'vitest';

import dialogsEn from '../messages/dialogs.en.json';
import dialogsId from '../messages/dialogs.id.json';
import en from '../messages/en.json';
import id from '../messages/id.json';
import storiesEn from '../messages/stories.en.json';
import storiesId from '../messages/stories.id.json';
import packsEn from '../messages/packs.en.json';
import packsId from '../messages/packs.id.json';
import shareEn from '../messages/share.en.json';
import shareId from '../messages/share.id.json';
import { speech, t } from '../src/lib/i18n/messages.svelte';
import { ago, bytes, dayName, longDate } from '../src/lib/i18n/time';
import { trendText, whyText } from '../src/lib/front/why';
import { NOW, story } from './fixture';

type Messages = Record<string, string | Record<string, string>>;

const files: [string, Messages, Messages][] = [
  ['panes', id, en],
  ['dialogs', dialogsId, dialogsEn],
  ['stories', storiesId, storiesEn],
  ['packs', packsId, packsEn],
  ['forwarding', shareId, shareEn],
];

function names(message: string | Record<string, string> | undefined): string[] {
  const texts = typeof message === 'string' ? [message] : Object.values(message ?? {});
  return [
    ...new Set(texts.flatMap((text) => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1] ?? ''))),
  ].sort();
}

describe.each(files)('the %s messages', (_, indonesian, english) => {
  test('are complete in both languages', () => {
    expect(Object.keys(indonesian).sort()).toEqual(Object.keys(english).sort());
  });

  test('have the plural forms that the language has, and no others', () => {
    for (const [language, messages] of [
      ['id', indonesian],
      ['en', english],
    ] as const) {
      const wanted = new Intl.PluralRules(language).resolvedOptions().pluralCategories.sort();
      for (const [key, message] of Object.entries(messages)) {
        if (typeof message === 'string') expect(message.trim(), key).not.toBe('');
        else expect(Object.keys(message).sort(), `${language} ${key}`).toEqual(wanted);
      }
    }
  });

  test('name the same places in both languages', () => {
    for (const key of Object.keys(english)) {
      expect(names(indonesian[key]), key).toEqual(names(english[key]));
    }
  });
});

test('a message is filled in the reader’s language, numbers and all', () => {
  expect(t('offline.bar', { count: 1204 })).toBe('Luring · 1.204 artikel siap dibaca');
  speech.speak('en-GB');
  expect(t('offline.bar', { count: 1204 })).toBe('Offline · 1,204 articles ready to read');
  expect(t('offline.bar', { count: 1 })).toBe('Offline · 1 article ready to read');
});

test('a place in a message that the value itself contains is not filled again', () => {
  expect(t('search.none', { query: '{query} {count}' })).toContain('{query} {count}');
});

test.each([
  ['id', 'id'],
  ['id-ID', 'id'],
  ['ms_MY', 'id'],
  ['en-US', 'en'],
  ['fr', 'en'],
])('a system in %s reads %s', (tag, language) => {
  speech.speak(tag);
  expect(speech.language).toBe(language);
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
  speech.speak('en');
  expect(ago(NOW - passed, NOW)).toBe(english);
});

test('trending is told with its time', () => {
  expect(t('front.trendingAgo', { ago: ago(NOW - 3 * HOUR, NOW) })).toBe(
    'Sedang tren · 3 jam yang lalu',
  );
  speech.speak('en');
  expect(t('front.trendingAgo', { ago: ago(NOW - 3 * HOUR, NOW) })).toBe('Trending · 3 hours ago');
});

test.each([
  ['new', 'Baru · 5 penerbit sejak 00.31', 'New · 5 publishers since 00:31'],
  ['rising', 'Naik · 5 penerbit sejak 00.31', 'Rising · 5 publishers since 00:31'],
  ['peak', 'Di puncak · 5 penerbit sejak 00.31', 'At its peak · 5 publishers since 00:31'],
  ['fading', 'Mereda · 5 penerbit sejak 00.31', 'Fading · 5 publishers since 00:31'],
] as const)('one line says why a story is there: %s', (phase, indonesian, english) => {
  const firstAt = new Date(2026, 10, 24, 0, 31).getTime() / 1000;
  const why = { ...story(1).why, publishers: 5, firstAt };
  const now = firstAt + 2 * HOUR;
  expect(whyText({ why, phase }, now)).toBe(indonesian);
  speech.speak('en');
  expect(whyText({ why, phase }, now)).toBe(english);
  expect(whyText({ why: { ...why, publishers: 1 }, phase }, now)).toContain('1 publisher since');
});

test('a story that began on another day says on which', () => {
  const firstAt = new Date(2026, 10, 23, 21, 5).getTime() / 1000;
  const why = { ...story(1).why, publishers: 5, firstAt };
  expect(whyText({ why, phase: 'fading' }, firstAt + 20 * HOUR)).toMatch(
    /^Mereda · 5 penerbit sejak 23 Nov.* 21\.05$/,
  );
});

test('only what trends now is called trending', () => {
  const latestAt = NOW - 20 * HOUR;
  expect(trendText({ phase: 'fading', latestAt }, NOW)).toBe('20 jam yang lalu');
  for (const phase of ['new', 'rising', 'peak'] as const) {
    expect(trendText({ phase, latestAt: NOW - 3 * HOUR }, NOW)).toBe(
      'Sedang tren · 3 jam yang lalu',
    );
  }
});

test('days and dates are the reader’s', () => {
  const noon = new Date(2026, 10, 24, 12).getTime() / 1000;
  expect(longDate(noon)).toBe('Selasa, 24 November 2026');
  expect(dayName(noon, noon)).toBe('Hari ini');
  expect(dayName(noon - DAY, noon)).toBe('Kemarin');
  expect(dayName(noon - 2 * DAY, noon)).toBe('Minggu, 22 November');
});

test('sizes are told in units', () => {
  expect(bytes(84_000_000)).toBe('84 MB');
  expect(bytes(1_500)).toMatch(/^1,5 kB$/);
});
