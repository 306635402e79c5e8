// Search while typing; only the last query's answer is shown.

import { asFailure, type Backend, type Failure, type SearchHit } from '../backend';

/** Pause in typing before a search runs, in milliseconds. */
const PAUSE = 150;
const PAGE = 60;

export class SearchState {
  query = $state('');
  /** The query to which `hits` belong. */
  answered = $state('');
  hits = $state.raw<SearchHit[]>([]);
  total = $state(0);
  searching = $state(false);
  failure = $state<Failure | null>(null);
  #backend: Backend;
  #asked = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  type(query: string): void {
    this.query = query;
    clearTimeout(this.#timer);
    if (query.trim() === '') {
      this.clear();
      return;
    }
    this.searching = true;
    this.#timer = setTimeout(() => void this.run(), PAUSE);
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.#asked += 1;
    this.query = '';
    this.answered = '';
    this.hits = [];
    this.total = 0;
    this.searching = false;
    this.failure = null;
  }

  async run(): Promise<void> {
    const query = this.query.trim();
    const asked = ++this.#asked;
    this.searching = true;
    try {
      const page = await this.#backend.search(query, PAGE, 0);
      if (asked !== this.#asked) return;
      this.hits = page.hits;
      this.total = page.total;
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
      const page = await this.#backend.search(this.answered, PAGE, this.hits.length);
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
}
