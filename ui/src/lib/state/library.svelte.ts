// What the sidebar lists: folders, feeds, tags, saved searches and packs, with their counts.

import type { Count, PackView, Place, Places, SearchCount } from '../backend';
import { t } from '../i18n/i18n.svelte';
import { packName } from '../packs/packLabels';
import { Answers } from './answers';
import { Debounce } from './debounce';
import type { Session } from './session.svelte';

/** Delay before saved searches are counted again, since each costs a few; in milliseconds, like the next. */
const COUNT_DELAY = 2000;
/** New articles are searchable a little after a sync. */
const INDEX_DELAY = 12_000;

const EMPTY: Places = {
  all: { total: 0, unread: 0 },
  today: { total: 0, unread: 0 },
  saved: 0,
  highlights: 0,
  savedPages: null,
  folders: [],
  feeds: [],
  searches: [],
  tags: [],
  waiting: 0,
  packs: [],
};

export class Library {
  readonly #session: Session;
  readonly #debounce = new Debounce();
  readonly #answers = new Answers<Places>();
  readonly #counted = new Answers<SearchCount[]>();

  places = $state.raw<Places>(EMPTY);
  /** Results of saved searches, by the searches' ids; empty until counted. */
  searchCounts = $state.raw<ReadonlyMap<number, Count>>(new Map());
  readonly failing = $derived(this.places.feeds.filter((feed) => feed.failure && !feed.paused));

  constructor(session: Session) {
    this.#session = session;
  }

  /** Whether the places could be loaded. */
  async load(): Promise<boolean> {
    const loaded = this.#answers.of(this.#session.backend.places()).then((places) => {
      if (places) this.setPlaces(places);
      return true;
    });
    return (await this.#session.attempt(loaded)) ?? false;
  }

  setPlaces(places: Places): void {
    this.places = places;
    this.countSearchesSoon();
  }

  /** Replaces a pack; the pack as it was before, or `undefined` if it is not listed yet. */
  updatePack(pack: PackView): PackView | undefined {
    const before = this.places.packs.find((one) => one.id === pack.id);
    const changed = (places: Places) => {
      const packs = places.packs.map((one) => (one.id === pack.id ? pack : one));
      return { ...places, packs };
    };
    this.#answers.note(changed);
    if (before) this.places = changed(this.places);
    return before;
  }

  /** A place's name; empty if it no longer exists. */
  placeName(place: Place): string {
    switch (place.kind) {
      case 'pack': {
        const pack = this.places.packs.find((pack) => pack.id === place.id);
        return pack ? packName(pack) : '';
      }
      case 'folder':
        return this.places.folders.find((folder) => folder.id === place.id)?.name ?? '';
      case 'feed':
        if (place.id === this.places.savedPages?.feed) return t('place.savedPages');
        return this.places.feeds.find((feed) => feed.id === place.id)?.title ?? '';
      case 'tag':
        return this.places.tags.find((tag) => tag.id === place.id)?.name ?? '';
      default:
        return t(`place.${place.kind}`);
    }
  }

  countSearchesSoon(): void {
    this.#countAfter(COUNT_DELAY);
  }

  countSearchesOnceIndexed(): void {
    this.#countAfter(INDEX_DELAY);
  }

  #countAfter(delay: number): void {
    if (this.places.searches.length === 0) return;
    this.#debounce.schedule(`counts-${delay}`, delay, () => this.countSearches());
  }

  async countSearches(): Promise<void> {
    try {
      const counts = await this.#counted.of(this.#session.backend.searchCounts());
      if (!counts) return;
      this.searchCounts = new Map(counts.map(({ id, count }) => [id, count]));
    } catch {
      // The sidebar then shows saved searches without their counts.
    }
  }
}
