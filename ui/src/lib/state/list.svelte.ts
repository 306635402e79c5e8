// One list of articles, loaded page by page and updated without moving what the reader looks at.

import {
  asFailure,
  type ArticleList,
  type ArticleRow,
  type Backend,
  type Cursor,
  type Failure,
  type Order,
  type Place,
} from '../backend';
import { dayOf } from '../i18n/time';
import { Answers } from './answers';
import type { Grouping, Position } from './places.svelte';

export const PAGE = 100;
/** The engine's largest page: a list that begins further down is loaded in these. */
const LARGEST_PAGE = 500;
/** Maximum number of rows that are loaded to begin where the reader was. */
const DEEPEST = 10_000;

/** Places whose rows are not in order of time. */
const OTHER_ORDERS: ReadonlySet<Place['kind']> = new Set(['saved', 'tag', 'pack']);
const WITHOUT_DAYS: ReadonlySet<Place['kind']> = new Set(['saved', 'today', 'pack']);
/** Places whose rows can be grouped by feed. */
const SEVERAL_FEEDS: ReadonlySet<Place['kind']> = new Set(['all', 'unread', 'today', 'folder']);

export type ListItem =
  | { kind: 'day'; key: string; time: number }
  | { kind: 'feed'; key: string; row: ArticleRow }
  | { kind: 'row'; key: string; row: ArticleRow; index: number };

/** The items made of rows, and how these were grouped. */
interface Items {
  rows: readonly ArticleRow[];
  items: ListItem[];
  byDay: boolean;
  byFeed: boolean;
}

/** Whether rows begin with all of these, as the same objects. */
const continues = (rows: readonly ArticleRow[], earlier: readonly ArticleRow[]): boolean =>
  earlier.every((row, index) => rows[index] === row);

export class ArticleListState {
  rows = $state.raw<ArticleRow[]>([]);
  /** New rows that are not inserted until the reader asks. */
  waiting = $state.raw<ArticleRow[]>([]);
  loading = $state(true);
  failure = $state<Failure | null>(null);
  unreadOnly = $state(false);
  /** Number of loads. After each the list scrolls to the remembered position. */
  loads = $state(0);
  order = $state<Order>('newest');
  grouping = $state<Grouping>('day');
  readonly place: Place;
  /** Where the list is scrolled to, or was when the reader left it. */
  readonly position: () => Position | undefined;
  /** Whether the list is scrolled to the top; then new rows are inserted at once. */
  atTop = true;
  #next = $state.raw<Cursor | null>(null);
  #backend: Backend;
  /** Counts loads, so that late answers are dropped. */
  #load = 0;
  #loadingMore = false;
  readonly #newest = new Answers<ArticleList>();
  /** The items of the last rows, which are extended when rows are appended. */
  #made: Items = { rows: [], items: [], byDay: false, byFeed: false };

  constructor(
    backend: Backend,
    place: Place,
    unreadOnly = false,
    position: () => Position | undefined = () => undefined,
  ) {
    this.#backend = backend;
    this.place = place;
    this.unreadOnly = unreadOnly;
    this.position = position;
  }

  /** Rows with a separator before each day or feed. Items of unchanged rows are the same objects as before. */
  readonly items = $derived.by(() => {
    const { rows, byFeed } = this;
    const byDay = this.grouping === 'day' && !WITHOUT_DAYS.has(this.place.kind);
    const made = this.#made;
    const same = made.byFeed === byFeed && made.byDay === byDay && continues(rows, made.rows);
    const items = same ? [...made.items] : [];
    const first = same ? made.rows.length : 0;
    // A group is a feed, a day, or none.
    const groupOf = (row: ArticleRow) => (byFeed ? row.feed : byDay ? dayOf(row.time) : undefined);
    const last = rows[first - 1];
    let group = last && groupOf(last);
    for (const [index, row] of rows.slice(first).entries()) {
      const next = groupOf(row);
      if (next !== group) {
        if (byFeed) items.push({ kind: 'feed', key: `feed-${next}-${row.id}`, row });
        else items.push({ kind: 'day', key: `day-${next}-${row.id}`, time: row.time });
      }
      items.push({ kind: 'row', key: `row-${row.id}`, row, index: first + index });
      group = next;
    }
    this.#made = { rows, items, byDay, byFeed };
    return items;
  });

  get complete(): boolean {
    return this.#next === null;
  }

  /** Whether rows can be grouped by feed here. */
  get canGroupByFeed(): boolean {
    return SEVERAL_FEEDS.has(this.place.kind);
  }

  /** Whether rows can be grouped by day here. */
  get canGroupByDay(): boolean {
    return !WITHOUT_DAYS.has(this.place.kind);
  }

  /** Whether the list goes from feed to feed. */
  get byFeed(): boolean {
    return this.grouping === 'feed' && this.canGroupByFeed;
  }

  /** Whether the rows are in order of time, in either direction. */
  get byTime(): boolean {
    return !OTHER_ORDERS.has(this.place.kind) && !this.byFeed;
  }

  /** The newest row shown, if it is known: articles that arrived later must not be marked as read. */
  get newest(): Cursor | null {
    if (!this.byTime) return null;
    const newest = this.order === 'newest' ? this.rows[0] : this.complete && this.rows.at(-1);
    return newest ? { time: newest.time, id: newest.id } : null;
  }

  /** Loads what is left of the list. */
  async loadAll(): Promise<void> {
    while (!this.complete && !this.failure) await this.more(LARGEST_PAGE);
  }

  /** The latest load. */
  loaded: Promise<void> = Promise.resolve();

  /** Loads the list as far as the reader had scrolled. */
  load(): Promise<void> {
    this.loaded = this.#loadRows();
    return this.loaded;
  }

  async #loadRows(): Promise<void> {
    const load = ++this.#load;
    const position = this.position();
    this.loading = true;
    this.failure = null;
    try {
      let page = await this.#page(null);
      const rows = [...page.rows];
      while (position && page.next && rows.length < DEEPEST && !this.#reaches(page, position)) {
        if (load !== this.#load) return;
        page = await this.#page(page.next, LARGEST_PAGE);
        rows.push(...page.rows);
      }
      if (load !== this.#load) return;
      this.rows = rows;
      this.waiting = [];
      this.#next = page.next;
      this.loads++;
    } catch (thrown) {
      if (load === this.#load) this.failure = asFailure(thrown);
    } finally {
      if (load === this.#load) this.loading = false;
    }
  }

  /** The row at a position, or the one that took its place. */
  rowAt(position: Position): ArticleRow | undefined {
    const { id, time } = position;
    const exact = this.rows.find((row) => row.id === id);
    if (exact || time === undefined || !this.byTime) return exact;
    return this.rows.find((row) => this.#isAfter(row, { id, time }));
  }

  #reaches({ rows }: { rows: readonly ArticleRow[] }, { id, time }: Position): boolean {
    const last = rows.at(-1);
    if (!last || rows.some((row) => row.id === id)) return true;
    return time !== undefined && this.byTime && this.#isAfter(last, { id, time });
  }

  async more(limit = PAGE): Promise<void> {
    if (this.#loadingMore || this.loading || this.#next === null) return;
    const load = this.#load;
    this.#loadingMore = true;
    try {
      const page = await this.#page(this.#next, limit);
      if (load !== this.#load) return;
      const known = new Set(this.rows.map((row) => row.id));
      this.rows = [...this.rows, ...page.rows.filter((row) => !known.has(row.id))];
      this.#next = page.next;
    } catch (thrown) {
      if (load === this.#load) this.failure = asFailure(thrown);
    } finally {
      this.#loadingMore = false;
    }
  }

  /** Loads the newest page again: changed rows are replaced, new ones inserted or kept waiting. */
  async refresh(): Promise<void> {
    if (this.loading) return;
    const load = this.#load;
    const page = await this.#newest.of(this.#page(null));
    if (!page || load !== this.#load) return;
    const fresh = new Map(page.rows.map((row) => [row.id, row]));
    const kept = this.rows.map((row) => fresh.get(row.id) ?? row);
    const known = new Set(this.rows.map((row) => row.id));
    const added = this.#arrived(page.rows, known);
    if (this.rows.length === 0) this.#next = page.next;
    this.rows = kept;
    // With the oldest first, new rows are appended, which moves nothing on screen.
    const movesNothing = this.byTime && this.order === 'oldest';
    if (this.atTop || movesNothing || this.rows.length === 0) {
      this.waiting = [];
      this.rows = this.#merge(added, page.rows);
    } else {
      this.waiting = added;
    }
  }

  /**
   * The new rows of the newest page. If the list has further pages, unknown rows after the last known
   * one are older ones that moved up because rows above them were removed.
   */
  #arrived(page: ArticleRow[], known: ReadonlySet<number>): ArticleRow[] {
    const last = page.map((row) => known.has(row.id)).lastIndexOf(true);
    const newest = this.#next !== null && last >= 0 ? page.slice(0, last) : page;
    return newest.filter((row) => !known.has(row.id));
  }

  /** Inserts the waiting rows. */
  admit(): void {
    this.rows = this.#merge(this.waiting, this.waiting);
    this.waiting = [];
  }

  #merge(added: ArticleRow[], page: ArticleRow[]): ArticleRow[] {
    if (added.length === 0) return this.rows;
    if (!this.byTime) {
      const inPage = new Set(page.map((row) => row.id));
      return [...page, ...this.rows.filter((row) => !inPage.has(row.id))];
    }
    const direction = this.order === 'newest' ? 1 : -1;
    const compare = (a: ArticleRow, b: ArticleRow) => b.time - a.time || b.id - a.id;
    return [...this.rows, ...added].sort((a, b) => direction * compare(a, b));
  }

  #page(before: Cursor | null, limit = PAGE) {
    return this.#backend.list({
      place: this.place,
      unreadOnly: this.unreadOnly,
      before,
      limit,
      order: this.order,
      byFeed: this.byFeed,
    });
  }

  /** Whether a row comes after a cursor, in a list in order of time. */
  #isAfter(row: ArticleRow, { id, time }: Cursor): boolean {
    const later = row.time - time || row.id - id;
    return this.order === 'newest' ? later < 0 : later > 0;
  }
}
