// Finding rows of the catalogue by what is typed and chosen, and sets to start with. Pure.

import type { CatalogueFeed } from '../backend';
import { fold } from '../places/tree';

/** Maximum number of suggestions. */
const MOST = 12;

/** Whether the text is an address rather than a name or topic. */
export function isAddress(text: string): boolean {
  const typed = text.trim();
  return (
    /^[a-z][a-z\d+.-]*:\S+/i.test(typed) || /^[^\s@]+\.[a-z\d-]{2,}(?:[/:?#]\S*)?$/i.test(typed)
  );
}

/** A row with the text that is searched, made once for all that is typed. */
export interface Searchable {
  feed: CatalogueFeed;
  /** Its folded title. */
  name: string;
  /** Its folded title, host, topics, places and language. */
  text: string;
}

export function searchable(
  catalogue: readonly CatalogueFeed[],
  describe: (feed: CatalogueFeed) => string,
): Searchable[] {
  return catalogue.map((feed) => {
    const name = fold(feed.title);
    return { feed, name, text: `${name} ${fold(hostOf(feed))} ${fold(describe(feed))}` };
  });
}

/** Rows that have all words. Names that begin with what was typed come first. */
export function matchingFeeds(rows: readonly Searchable[], typed: string): CatalogueFeed[] {
  const words = wordsOf(typed);
  if (words.join('').length < 2) return [];
  const start = words.join(' ');
  const found = rows.flatMap(({ feed, name, text }) => {
    if (!words.every((word) => text.includes(word))) return [];
    const inName = words.every((word) => name.includes(word));
    return [{ feed, rank: name.startsWith(start) ? 0 : inName ? 1 : 2 }];
  });
  // Sorting is stable: within a rank the catalogue's order counts.
  found.sort((a, b) => a.rank - b.rank);
  return found.slice(0, MOST).map(({ feed }) => feed);
}

/** What the reader has chosen; `null` is everything. */
export interface CatalogueFilter {
  typed: string;
  topic: string | null;
  language: string | null;
  country: string | null;
  region: string | null;
}

export function filteredFeeds(
  rows: readonly Searchable[],
  { typed, topic, language, country, region }: CatalogueFilter,
): CatalogueFeed[] {
  const words = wordsOf(typed);
  const found = rows.filter(
    ({ feed, text }) =>
      (topic === null || feed.topics.includes(topic)) &&
      (language === null || feed.language === language) &&
      (country === null || feed.country === country) &&
      (region === null || feed.region === region) &&
      words.every((word) => text.includes(word)),
  );
  return found.map(({ feed }) => feed);
}

function wordsOf(typed: string): string[] {
  return fold(typed)
    .split(/\s+/)
    .filter((word) => word !== '');
}

function hostOf({ site }: CatalogueFeed): string {
  return site.replace(/^[a-z]+:\/\/(?:www\.)?/, '').replace(/\/.*$/, '');
}

export interface StarterSet {
  id:
    | 'papersId'
    | 'technologyEn'
    | 'worldEn'
    | 'businessId'
    | 'technologyId'
    | 'sportId'
    | 'scienceEn';
  feeds: CatalogueFeed[];
}

/** Papers that publish all day, of different houses. */
const PAPERS = ['ANTARA', 'CNN Indonesia', 'Tempo', 'Kompas.com', 'Media Indonesia'];
/** Rows of a set that is chosen by topic. */
const IN_A_SET = 6;

/** Sets to start with; those with nothing in the catalogue are left out. */
export function starterSets(catalogue: readonly CatalogueFeed[]): StarterSet[] {
  const sets: StarterSet[] = [
    { id: 'papersId', feeds: catalogue.filter((feed) => PAPERS.includes(feed.title)) },
    { id: 'technologyEn', feeds: setOf(catalogue, 'en', '', 'technology') },
    { id: 'worldEn', feeds: setOf(catalogue, 'en', '', 'world') },
    { id: 'businessId', feeds: setOf(catalogue, 'id', 'ID', 'business') },
    { id: 'technologyId', feeds: setOf(catalogue, 'id', 'ID', 'technology') },
    { id: 'sportId', feeds: setOf(catalogue, 'id', 'ID', 'sport') },
    { id: 'scienceEn', feeds: setOf(catalogue, 'en', '', 'science') },
  ];
  return sets.filter((set) => set.feeds.length > 0);
}

/** The first rows of a main topic that have a feed, one of each publisher. */
function setOf(
  catalogue: readonly CatalogueFeed[],
  language: string,
  country: string,
  topic: string,
): CatalogueFeed[] {
  const sites = new Set<string>();
  const fitting = catalogue.filter((feed) => {
    const fits =
      feed.language === language &&
      feed.country === country &&
      feed.topics[0] === topic &&
      feed.addresses.some(({ kind }) => kind === 'feed') &&
      !sites.has(feed.site);
    if (fits) sites.add(feed.site);
    return fits;
  });
  return fitting.slice(0, IN_A_SET);
}
