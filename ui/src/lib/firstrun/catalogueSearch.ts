// Finding feeds of the catalogue by what is typed, and sets of feeds to start with. Pure.

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

/**
 * Feeds that have all words in their name, host, topic or country. Names that begin with what was
 * typed come first.
 */
export function matchingFeeds(
  catalogue: readonly CatalogueFeed[],
  typed: string,
  describe: (feed: CatalogueFeed) => string,
): CatalogueFeed[] {
  const words = fold(typed)
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.join('').length < 2) return [];
  const start = words.join(' ');
  const found = catalogue.flatMap((feed) => {
    const name = fold(feed.title);
    const all = `${name} ${fold(hostOf(feed))} ${fold(describe(feed))}`;
    if (!words.every((word) => all.includes(word))) return [];
    const inName = words.every((word) => name.includes(word));
    return [{ feed, rank: name.startsWith(start) ? 0 : inName ? 1 : 2 }];
  });
  // Sorting is stable: within a rank the catalogue's order counts.
  found.sort((a, b) => a.rank - b.rank);
  return found.slice(0, MOST).map(({ feed }) => feed);
}

function hostOf(feed: CatalogueFeed): string {
  return (feed.site ?? feed.url).replace(/^[a-z]+:\/\/(?:www\.)?/, '').replace(/\/.*$/, '');
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
const PAPERS = ['ANTARA: Terkini', 'CNN Indonesia', 'Tempo', 'Kompas: Nasional', 'Media Indonesia'];
/** Feeds of a set that is chosen by topic. */
const IN_A_SET = 6;

/** Sets of feeds to start with; those with nothing in the catalogue are left out. */
export function starterSets(catalogue: readonly CatalogueFeed[]): StarterSet[] {
  const by = (language: string, topic: string) =>
    catalogue
      .filter((feed) => feed.language === language && feed.topic === topic)
      .slice(0, IN_A_SET);
  const sets: StarterSet[] = [
    { id: 'papersId', feeds: catalogue.filter((feed) => PAPERS.includes(feed.title)) },
    { id: 'technologyEn', feeds: by('en', 'technology') },
    { id: 'worldEn', feeds: by('en', 'world') },
    { id: 'businessId', feeds: by('id', 'business') },
    { id: 'technologyId', feeds: by('id', 'technology') },
    { id: 'sportId', feeds: by('id', 'sport') },
    { id: 'scienceEn', feeds: by('en', 'science') },
  ];
  return sets.filter((set) => set.feeds.length > 0);
}
