// Finding publishers of the catalogue by name, topic and place, and sets to start with.

import { readFileSync } from 'node:fs';

import { fireEvent, render, screen } from '@testing-library/svelte';
import { expect, test } from 'vitest';

import type { AddressKind, Backend, CatalogueFeed, ProblemCode } from '../src/lib/backend';
import { Adding } from '../src/lib/firstrun/adding.svelte';
import Catalogue from '../src/lib/firstrun/Catalogue.svelte';
import { describeFeed, findingText, placeName } from '../src/lib/firstrun/catalogueNames';
import {
  filteredFeeds,
  isAddress,
  matchingFeeds,
  searchable,
  starterSets,
} from '../src/lib/firstrun/catalogueSearch';
import { english } from '../src/lib/i18n/en';
import { i18n } from '../src/lib/i18n/i18n.svelte';
import { choose } from './choosing';

function feed(
  title: string,
  host: string,
  language: string,
  topic: string,
  more: Partial<CatalogueFeed> = {},
): CatalogueFeed {
  return {
    title,
    addresses: [{ url: `https://${host}/rss`, kind: 'feed', finding: null }],
    site: `https://www.${host}/`,
    topics: [topic],
    language,
    country: language === 'id' ? 'ID' : '',
    region: '',
    city: '',
    already: false,
    ...more,
  };
}

const CATALOGUE = [
  feed('ANTARA', 'antaranews.com', 'id', 'general'),
  feed('Detikcom', 'detik.com', 'id', 'general'),
  feed('Detikcom: Finance', 'detik.com', 'id', 'business'),
  feed('Tempo', 'tempo.co', 'id', 'general'),
  feed('Kabar dari detik ke detik', 'kabar.example', 'id', 'general'),
  feed('Orbit', 'orbit.example', 'en', 'science'),
  feed('Suara Merauke', 'merauke.example', 'id', 'regional', { region: 'ID-PS', city: 'Merauke' }),
  feed('The Borneo Post', 'borneo.example', 'en', 'regional', { country: 'MY', region: 'Sarawak' }),
];

const titlesOf = (feeds: readonly CatalogueFeed[]) => feeds.map((one) => one.title);
const titles = (typed: string) =>
  titlesOf(matchingFeeds(searchable(CATALOGUE, describeFeed), typed));

test('names and topics are found, names that begin so first', () => {
  expect(titles('detik')).toEqual(['Detikcom', 'Detikcom: Finance', 'Kabar dari detik ke detik']);
  expect(titles('SAINS')).toEqual(['Orbit']);
  expect(titles('tempo.co')).toEqual(['Tempo']);
  expect(titles('d')).toEqual([]);
  expect(titles('  ')).toEqual([]);
});

test('places are found by their names in the reader’s language', () => {
  expect(titles('papua selatan')).toEqual(['Suara Merauke']);
  expect(titles('merauke')).toEqual(['Suara Merauke']);
  expect(titles('sarawak')).toEqual(['The Borneo Post']);
  i18n.setLanguage('en');
  expect(titles('south papua')).toEqual(['Suara Merauke']);
  expect(CATALOGUE.slice(-2).map(placeName)).toEqual(['South Papua', 'Sarawak, Malaysia']);
});

test('filters narrow one another', () => {
  const rows = searchable(CATALOGUE, describeFeed);
  const all = { typed: '', topic: null, language: null, country: null, region: null };
  const found = (filter: Partial<typeof all> | Record<string, string>) =>
    titlesOf(filteredFeeds(rows, { ...all, ...filter }));
  expect(found({})).toHaveLength(CATALOGUE.length);
  expect(found({ topic: 'regional' })).toEqual(['Suara Merauke', 'The Borneo Post']);
  expect(found({ topic: 'regional', language: 'en' })).toEqual(['The Borneo Post']);
  expect(found({ region: 'ID-PS' })).toEqual(['Suara Merauke']);
  expect(found({ country: '' })).toEqual(['Orbit']);
  expect(found({ country: 'ID', typed: 'detik finance' })).toEqual(['Detikcom: Finance']);
});

test('the list is filtered by topic and province, and a long one is cut', async () => {
  const rows = Array.from({ length: 150 }, (_, index) =>
    feed(`Kabar ${index}`, `k${index}.example`, 'id', index % 2 === 1 ? 'regional' : 'general', {
      region: index === 7 ? 'ID-PS' : 'ID-JB',
    }),
  );
  const backend: Partial<Backend> = { catalogue: () => Promise.resolve(rows) };
  const adding = new Adding(backend as Backend, () => {});
  await adding.loadCatalogue();
  render(Catalogue, { adding });
  const shown = () => screen.queryAllByTestId('catalogue-item').length;
  expect(shown()).toBe(100);
  await fireEvent.click(screen.getByTestId('catalogue-all'));
  expect(shown()).toBe(150);
  await choose('catalogue-topic', 'regional');
  expect(shown()).toBe(75);
  await choose('catalogue-region', 'ID-PS');
  expect(screen.getByTestId('catalogue-item').textContent).toMatch(/Kabar 7.*Papua Selatan/s);
  await choose('catalogue-language', 'id');
  await choose('catalogue-country', 'ID');
  expect(shown(), 'another country begins with all its regions').toBe(75);
});

test('addresses are told from names', () => {
  for (const text of ['example.com', 'https://a.example/x', 'feed://a.b/c', 'a.co.id/rss?x=1'])
    expect(isAddress(text), text).toBe(true);
  for (const text of ['detik', 'five papers', 'dr. x', 'science', 'ani@b.example'])
    expect(isAddress(text), text).toBe(false);
});

test('sets are made of what the catalogue has, one row of each publisher', () => {
  const sets = starterSets([
    ...CATALOGUE,
    feed('Detikcom: Syariah', 'detik.com', 'id', 'business'),
    feed('Warta Pasar', 'pasar.example', 'id', 'business', { addresses: [] }),
  ]);
  expect(sets.map((set) => set.id)).toEqual(['papersId', 'businessId', 'scienceEn']);
  expect(titlesOf(sets[0]?.feeds ?? [])).toEqual(['ANTARA', 'Tempo']);
  expect(titlesOf(sets[1]?.feeds ?? [])).toEqual(['Detikcom: Finance']);
});

test.each<[string, [AddressKind, ProblemCode | null, string | null][], RegExp | '']>([
  ['nothing was tried', [], ''],
  ['it answered', [['feed', null, null]], ''],
  ['all failed', [['feed', 'tls', null]], /^Did not answer on .*2026\. \S/],
  [
    'the first stepped back',
    [
      ['site', null, 'https://a.example/feed'],
      ['feed', 'notFound', null],
    ],
    /^1 address did not answer on .*2026; the next one is used\.$/,
  ],
  ['it moved', [['feed', null, 'https://b.example/']], /^Moved to another address; .*2026\.$/],
  ['only a search is left', [['search', null, null]], /^Through Google News\.$/],
])('what was found is said: %s', (_, found, expected) => {
  i18n.setLanguage('en');
  const addresses = found.map(([kind, code, led], index) => ({
    url: `https://a.example/${index}`,
    kind,
    finding: { at: 1_795_482_000, code, feed: led },
  }));
  const [untried] = CATALOGUE;
  const told = findingText({
    ...(untried as CatalogueFeed),
    ...(found.length > 0 && { addresses }),
  });
  if (expected === '') expect(told).toBe('');
  else expect(told).toMatch(expected);
});

test('every topic and province of the catalogue has a name', () => {
  const table = readFileSync('../crates/engine/data/catalogue.tsv', 'utf8');
  const lines = table.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const [, ...rows] = lines.map((line) => line.split('\t'));
  const topics = new Set(rows.flatMap((row) => row[2]?.split(',') ?? []));
  const provinces = new Set(rows.flatMap((row) => (row[5]?.startsWith('ID-') ? [row[5]] : [])));
  expect(provinces.size).toBe(38);
  const keys = Object.keys(english.messages);
  for (const topic of topics)
    expect(keys).toContain(`catalogue.topic${topic.slice(0, 1).toUpperCase()}${topic.slice(1)}`);
  for (const province of provinces) expect(keys).toContain(`catalogue.region.${province}`);
});
