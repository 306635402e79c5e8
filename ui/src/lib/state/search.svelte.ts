// Search while typing; only the last query's answer is shown. The query's text is the only place where
// filters are kept: the engine reads them from it, and chips change it.

import {
  asFailure,
  type Backend,
  type Failure,
  type FeedPlace,
  type Place,
  type SearchFilter,
  type SearchHit,
  type SearchPage,
  type SearchProblem,
  type SearchSort,
} from '../backend';
import { t } from '../i18n/i18n.svelte';
import { folderPath } from '../places/tree';
import {
  filterText,
  mended,
  replacedBy,
  withFilter,
  without,
  withoutAll,
  type NewFilter,
} from '../search/queryText';
import type { Library } from './library.svelte';
import type { PlaceMemory } from './places.svelte';

/** Pause in typing before a search runs, in milliseconds. */
const PAUSE = 150;
/** Pause in typing before the word at the end counts as typed, in milliseconds. */
const SETTLED = 1200;
const PAGE = 60;
/** The key of what is remembered of the search. */
const MEMORY = 'search';

interface Parts {
  backend: Backend;
  library: Library;
  memory: PlaceMemory;
}

export class SearchState {
  query = $state('');
  /** The query to which `hits`, `filters` and `problems` belong. */
  answered = $state('');
  hits = $state.raw<SearchHit[]>([]);
  total = $state(0);
  /** Stored articles that are not in the index yet. */
  unindexed = $state(0);
  filters = $state.raw<SearchFilter[]>([]);
  problems = $state.raw<SearchProblem[]>([]);
  searching = $state(false);
  failure = $state<Failure | null>(null);
  /** The place from which the search began. */
  from = $state.raw<Place | null>(null);
  /** The order where the query has none of its own. */
  sort = $state<SearchSort>('relevance');
  /** Whether the reader has stopped typing. */
  settled = $state(true);

  readonly #parts: Parts;
  #asked = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #settling: ReturnType<typeof setTimeout> | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.sort = this.#keptSort();
  }

  #keptSort(): SearchSort {
    return this.#parts.memory.get(MEMORY).searchSort ?? 'relevance';
  }

  // What is shown

  /** The order in force. */
  readonly order = $derived<SearchSort>(
    this.filters.filter(({ kind }) => kind === 'sort').at(-1)?.sort ?? this.sort,
  );

  /** Without those of a word that is still being typed. */
  readonly shownProblems = $derived(
    this.problems.filter((problem) => this.settled || !problem.unfinished),
  );

  /** The text that keeps this search with its filters and its order. */
  readonly kept = $derived.by((): string => {
    const query = this.query.trim();
    if (query === '' || this.order === 'relevance') return query;
    if (this.filters.some(({ kind }) => kind === 'sort')) return query;
    return `${query} ${filterText({ kind: 'sort', sort: this.order })}`;
  });

  /** The filter of the place from which the search began, if the query does not have it. */
  readonly here = $derived.by((): { label: string; filter: NewFilter } | null => {
    const { library } = this.#parts;
    if (!this.from) return null;
    const filter = this.#placeFilter(this.from);
    if (!filter || this.filters.some(({ kind }) => kind === filter.kind)) return null;
    const name = library.placeName(this.from);
    return name === '' ? null : { label: t('search.here', { name }), filter };
  });

  #placeFilter(place: Place): NewFilter | null {
    const { places } = this.#parts.library;
    switch (place.kind) {
      case 'feed': {
        const feed = places.feeds.find(({ id }) => id === place.id);
        return feed ? this.feedFilter(feed) : null;
      }
      case 'folder': {
        const path = folderPath(places.folders, place.id).join(' / ');
        return path === '' ? null : { kind: 'folder', value: path };
      }
      case 'tag': {
        const tag = places.tags.find(({ id }) => id === place.id);
        return tag ? { kind: 'tag', value: tag.name } : null;
      }
      case 'saved':
        return { kind: 'saved' };
      case 'unread':
        return { kind: 'unread' };
      default:
        return null;
    }
  }

  /** A feed is named by its title, or by its address where another has the same. */
  feedFilter(feed: FeedPlace): NewFilter {
    const { feeds } = this.#parts.library.places;
    const isOther = (other: FeedPlace) => other.id !== feed.id && other.title === feed.title;
    return { kind: 'feed', value: feeds.some(isOther) ? feed.url : feed.title };
  }

  // Changing the query

  type(query: string): void {
    this.query = query;
    clearTimeout(this.#timer);
    clearTimeout(this.#settling);
    if (query.trim() === '') {
      this.#empty();
      return;
    }
    this.settled = false;
    this.searching = true;
    this.#timer = setTimeout(() => void this.run(), PAUSE);
    this.#settling = setTimeout(() => this.settle(), SETTLED);
  }

  /** The reader has finished typing. */
  settle(): void {
    clearTimeout(this.#settling);
    this.settled = true;
  }

  clear(): void {
    this.query = '';
    this.from = null;
    this.sort = this.#keptSort();
    this.#empty();
  }

  #empty(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#settling);
    this.#asked += 1;
    this.answered = '';
    this.hits = [];
    this.total = 0;
    this.unindexed = 0;
    this.filters = [];
    this.problems = [];
    this.searching = false;
    this.settled = true;
    this.failure = null;
  }

  /** Searches for a query as it was saved. */
  async show(query: string): Promise<void> {
    this.query = query;
    this.sort = 'relevance';
    this.settle();
    await this.run();
  }

  async addFilter(filter: NewFilter): Promise<void> {
    await this.#edit((query) =>
      withFilter(withoutAll(query, replacedBy(filter, this.filters)), filter),
    );
  }

  /** Both days are included; an empty one sets no bound. */
  async addRange(from: string, until: string): Promise<void> {
    await this.#edit((query) => {
      const dates = replacedBy({ kind: 'on', value: '' }, this.filters);
      let text = withoutAll(query, dates);
      if (until.trim() !== '')
        text = withFilter(text, { kind: 'before', value: dayAfter(until.trim()) });
      if (from.trim() !== '') text = withFilter(text, { kind: 'after', value: from.trim() });
      return text;
    });
  }

  async removeFilter(filter: SearchFilter): Promise<void> {
    await this.#edit((query) => {
      const same = this.filters.find(
        ({ kind, value, negated }) =>
          kind === filter.kind && value === filter.value && negated === filter.negated,
      );
      return same ? without(query, same) : query;
    });
  }

  /** Removes all filters but the order. */
  async removeFilters(): Promise<void> {
    await this.#edit((query) =>
      withoutAll(
        query,
        this.filters.filter(({ kind }) => kind !== 'sort'),
      ),
    );
  }

  async mend(problem: SearchProblem): Promise<void> {
    await this.#edit((query) => {
      const same = this.problems.find(
        ({ kind, text }) => kind === problem.kind && text === problem.text,
      );
      return same ? mended(query, same) : query;
    });
  }

  /** Sorts by this; the query's own order is changed if it has one, otherwise the choice is kept. */
  async setSort(sort: SearchSort): Promise<void> {
    const own = this.filters.filter(({ kind }) => kind === 'sort');
    this.sort = sort;
    this.#parts.memory.change(MEMORY, { searchSort: sort === 'relevance' ? undefined : sort });
    if (this.query.trim() === '') return;
    await this.#edit((query) => {
      if (own.length === 0) return query;
      return `${withoutAll(query, own)} ${filterText({ kind: 'sort', sort })}`.trim();
    });
  }

  /** Changes the query's text, by the engine's reading of the text as it is now. */
  async #edit(change: (query: string) => string): Promise<void> {
    clearTimeout(this.#timer);
    if (this.query.trim() !== this.answered) await this.run();
    const query = this.query.trim();
    if (query !== this.answered && query !== '') return;
    this.settle();
    this.query = change(query);
    if (this.query.trim() === '') this.#empty();
    else await this.run();
  }

  // Results

  async run(): Promise<void> {
    const query = this.query.trim();
    if (query === '') return;
    const asked = ++this.#asked;
    this.searching = true;
    try {
      const page = await this.#page(query, 0);
      if (asked !== this.#asked) return;
      this.hits = page.hits;
      this.total = page.total;
      this.unindexed = page.unindexed;
      this.filters = page.filters;
      this.problems = page.problems;
      this.answered = query;
      this.failure = null;
    } catch (thrown) {
      if (asked === this.#asked) this.failure = asFailure(thrown);
    } finally {
      if (asked === this.#asked) this.searching = false;
    }
  }

  async more(): Promise<void> {
    if (this.searching || this.hits.length >= this.total) return;
    const asked = ++this.#asked;
    this.searching = true;
    try {
      const page = await this.#page(this.answered, this.hits.length);
      if (asked !== this.#asked) return;
      const known = new Set(this.hits.map((hit) => hit.row.id));
      this.hits = [...this.hits, ...page.hits.filter((hit) => !known.has(hit.row.id))];
      this.total = page.hits.length === 0 ? this.hits.length : page.total;
    } catch (thrown) {
      if (asked === this.#asked) this.failure = asFailure(thrown);
    } finally {
      if (asked === this.#asked) this.searching = false;
    }
  }

  #page(query: string, offset: number): Promise<SearchPage> {
    return this.#parts.backend.search({ query, sort: this.sort, limit: PAGE, offset });
  }
}

/** The next day, if it is written as a day; else as it is, for the engine to judge. */
function dayAfter(text: string): string {
  if (!/^\d{4}-\d{1,2}-\d{1,2}$/.test(text)) return text;
  const [year = 0, month = 0, day = 0] = text.split('-').map(Number);
  const next = new Date(Date.UTC(year, month - 1, day + 1));
  return next.toISOString().slice(0, 10);
}
