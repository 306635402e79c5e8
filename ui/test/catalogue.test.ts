// Finding feeds of the catalogue by name and topic, and sets to start with.

import { expect, test } from 'vitest';

import type { CatalogueFeed } from '../src/lib/backend';
import { isAddress, matchingFeeds, starterSets } from '../src/lib/firstrun/catalogueSearch';

function feed(title: string, host: string, language: string, topic: string): CatalogueFeed {
  const country = language === 'id' ? 'ID' : '';
  const site = `https://www.${host}/`;
  return { title, url: `https://${host}/rss`, site, language, country, topic, already: false };
}

const CATALOGUE = [
  feed('ANTARA: Terkini', 'antaranews.com', 'id', 'general'),
  feed('Detikcom', 'detik.com', 'id', 'general'),
  feed('detikNews', 'news.detik.com', 'id', 'general'),
  feed('Tempo', 'tempo.co', 'id', 'general'),
  feed('Kabar dari detik ke detik', 'kabar.example', 'id', 'general'),
  feed('Orbit', 'orbit.example', 'en', 'science'),
];

const describe = (one: CatalogueFeed) => (one.topic === 'science' ? 'Sains' : 'Umum');
const titles = (typed: string) => matchingFeeds(CATALOGUE, typed, describe).map((one) => one.title);

test('names and topics are found, names that begin so first', () => {
  expect(titles('detik')).toEqual(['Detikcom', 'detikNews', 'Kabar dari detik ke detik']);
  expect(titles('SAINS')).toEqual(['Orbit']);
  expect(titles('tempo.co')).toEqual(['Tempo']);
  expect(titles('antara terkini')).toEqual(['ANTARA: Terkini']);
  expect(titles('d')).toEqual([]);
  expect(titles('  ')).toEqual([]);
});

test('addresses are told from names', () => {
  for (const text of ['example.com', 'https://a.example/x', 'feed://a.b/c', 'a.co.id/rss?x=1'])
    expect(isAddress(text), text).toBe(true);
  for (const text of ['detik', 'five papers', 'dr. x', 'science', 'ani@b.example'])
    expect(isAddress(text), text).toBe(false);
});

test('sets are made of what the catalogue has', () => {
  const sets = starterSets(CATALOGUE);
  expect(sets.map((set) => set.id)).toEqual(['papersId', 'scienceEn']);
  expect(sets[0]?.feeds.map((one) => one.title)).toEqual(['ANTARA: Terkini', 'Tempo']);
});
