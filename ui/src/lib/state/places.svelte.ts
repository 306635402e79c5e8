// What is remembered of each place, page and article between visits and starts: where it was scrolled
// to and how its list is shown. Kept in the web view's storage, and bounded: what was not used for
// longest is dropped first. Nothing here touches the DOM.

import type { Order, Place, SearchSort } from '../backend';

/** A page or list. */
export type View =
  | { kind: 'front' }
  | { kind: 'place'; place: Place }
  | { kind: 'story'; id: number }
  | { kind: 'past' }
  | { kind: 'highlights' }
  | { kind: 'search' };

/** A position within what is shown, independent of the window's size and of what is added above. */
export interface Position {
  /** The first row or block in sight: an article's id, or a block's number within an article. */
  id: number;
  /** The row's time, to find its neighbour once it is gone. */
  time?: number;
  /** How far the row or block is scrolled out at the top, as a share of its height. */
  share: number;
}

/** What separates a list's rows: the days, the feeds one after the other, or nothing. */
export type Grouping = 'day' | 'feed' | 'none';

/** What is remembered of one place. A topic adds a field of its own. */
export interface Remembered {
  position?: Position;
  unreadOnly?: boolean;
  /** Newest first unless set. */
  order?: Order;
  /** By day unless set. */
  grouping?: Grouping;
  /** Of the search; by relevance unless set. */
  searchSort?: SearchSort;
}

const KEY = 'warta.positions';
/** Maximum number of places and articles remembered. */
const MOST = 2000;
/** Delay before a change is written, in milliseconds. */
const DELAY = 250;

export class PlaceMemory {
  readonly #storage: Storage | null;
  #kept = new Map<string, Remembered>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(storage: Storage | null) {
    this.#storage = storage;
    try {
      const stored: unknown = JSON.parse(storage?.getItem(KEY) ?? '[]');
      if (Array.isArray(stored)) {
        this.#kept = new Map(stored.filter(isEntry));
      }
    } catch {
      // Damaged values are dropped; lists then begin at their top.
    }
  }

  get(key: string): Remembered {
    return this.#kept.get(key) ?? {};
  }

  /** Changes fields; `undefined` removes one. */
  change(key: string, change: { [K in keyof Remembered]: Remembered[K] | undefined }): void {
    const merged = Object.entries({ ...this.#kept.get(key), ...change });
    const left = merged.filter(([, value]) => value !== undefined);
    // Inserted again, so that the map is in order of use.
    this.#kept.delete(key);
    if (left.length > 0) this.#kept.set(key, Object.fromEntries(left));
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= MOST) break;
      this.#kept.delete(oldest);
    }
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.write(), DELAY);
  }

  /** Writes what has changed; called before the window closes. */
  write(): void {
    clearTimeout(this.#timer);
    try {
      this.#storage?.setItem(KEY, JSON.stringify([...this.#kept]));
    } catch {
      // The storage is full or switched off; positions then last until Warta closes.
    }
  }
}

function isEntry(entry: unknown): entry is [string, Remembered] {
  return (
    Array.isArray(entry) &&
    entry.length === 2 &&
    typeof entry[0] === 'string' &&
    typeof entry[1] === 'object' &&
    entry[1] !== null
  );
}

/** The key of a place's list. */
export function placeKey(place: Place): string {
  return 'id' in place ? `${place.kind}-${place.id}` : place.kind;
}

/** The key of a page or list. */
export function viewKey(view: View): string {
  if (view.kind === 'place') return `place-${placeKey(view.place)}`;
  return view.kind === 'story' ? `story-${view.id}` : view.kind;
}

export function articleKey(id: number): string {
  return `article-${id}`;
}
