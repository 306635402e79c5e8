// One list of articles, loaded page by page and updated without moving what the reader looks at.

import {
  asFailure,
  type ArticleRow,
  type Backend,
  type Cursor,
  type Failure,
  type Place,
} from '../backend';
import { dayOf } from '../i18n/time';

export const PAGE = 100;

const WITHOUT_DAYS: ReadonlySet<Place['kind']> = new Set(['saved', 'today', 'pack']);

export type ListItem =
  | { kind: 'day'; key: string; time: number }
  | { kind: 'row'; key: string; row: ArticleRow; index: number };

export class ArticleListState {
  rows = $state.raw<ArticleRow[]>([]);
  /** New rows that are not inserted until the reader asks. */
  waiting = $state.raw<ArticleRow[]>([]);
  loading = $state(true);
  failure = $state<Failure | null>(null);
  unreadOnly = $state(false);
  readonly place: Place;
  /** Whether the list is scrolled to the top; then new rows are inserted at once. */
  atTop = true;
  #next = $state.raw<Cursor | null>(null);
  #backend: Backend;
  /** Counts loads, so that late answers are dropped. */
  #load = 0;
  #loadingMore = false;

  constructor(backend: Backend, place: Place, unreadOnly = false) {
    this.#backend = backend;
    this.place = place;
    this.unreadOnly = unreadOnly;
  }

  /** Rows with a separator before each day, except where rows are not in order of time. */
  readonly items = $derived.by(() => {
    const items: ListItem[] = [];
    let day = NaN;
    this.rows.forEach((row, index) => {
      if (!WITHOUT_DAYS.has(this.place.kind) && dayOf(row.time) !== day) {
        day = dayOf(row.time);
        items.push({ kind: 'day', key: `day-${day}-${row.id}`, time: row.time });
      }
      items.push({ kind: 'row', key: `row-${row.id}`, row, index });
    });
    return items;
  });

  get complete(): boolean {
    return this.#next === null;
  }

  /** The newest row shown: "mark all as read" must not mark articles that arrived later. */
  get newest(): Cursor | null {
    const first = this.rows[0];
    return first && this.place.kind !== 'saved' ? { time: first.time, id: first.id } : null;
  }

  async load(): Promise<void> {
    const load = ++this.#load;
    this.loading = true;
    this.failure = null;
    try {
      const page = await this.#page(null);
      if (load !== this.#load) return;
      this.rows = page.rows;
      this.waiting = [];
      this.#next = page.next;
    } catch (thrown) {
      if (load === this.#load) this.failure = asFailure(thrown);
    } finally {
      if (load === this.#load) this.loading = false;
    }
  }

  async more(): Promise<void> {
    if (this.#loadingMore || this.loading || this.#next === null) return;
    const load = this.#load;
    this.#loadingMore = true;
    try {
      const page = await this.#page(this.#next);
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
    const page = await this.#page(null);
    if (load !== this.#load) return;
    const fresh = new Map(page.rows.map((row) => [row.id, row]));
    const kept = this.rows.map((row) => fresh.get(row.id) ?? row);
    const known = new Set(this.rows.map((row) => row.id));
    const added = this.#arrived(page.rows, known);
    if (this.rows.length === 0) this.#next = page.next;
    this.rows = kept;
    if (this.atTop || this.rows.length === 0) {
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
    if (this.place.kind === 'saved' || this.place.kind === 'pack') {
      const inPage = new Set(page.map((row) => row.id));
      return [...page, ...this.rows.filter((row) => !inPage.has(row.id))];
    }
    return [...this.rows, ...added].sort((a, b) => b.time - a.time || b.id - a.id);
  }

  #page(before: Cursor | null) {
    return this.#backend.list({
      place: this.place,
      unreadOnly: this.unreadOnly,
      before,
      limit: PAGE,
    });
  }
}
