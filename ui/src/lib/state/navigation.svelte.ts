// Which page or list is shown, the way back, and moving from article to article within it.

import type { ArticleRow, Backend, Order, Place } from '../backend';
import { t } from '../i18n/i18n.svelte';
import type { Find } from './find.svelte';
import type { FocusRequests } from './focus.svelte';
import type { FrontPageState, PastPageState, StoryPageState } from './frontPage.svelte';
import type { Layout } from './layout.svelte';
import type { Library } from './library.svelte';
import { ArticleListState } from './list.svelte';
import type { Marks } from './marks.svelte';
import { viewKey, type Grouping, type PlaceMemory, type View } from './places.svelte';
import type { Reader } from './reader.svelte';
import type { Scrolling } from './scrolling';
import type { SearchState } from './search.svelte';

/** A point of the history: a page or list, and what was open and selected in it. */
interface Moment {
  view: View;
  query: string;
  article: number | null;
  selected: number | null;
}

/** Maximum number of steps back. */
const HISTORY = 100;

/** The next page of a list is loaded when this few rows are left. */
const ROWS_AHEAD = 5;

interface Parts {
  backend: Backend;
  library: Library;
  reader: Reader;
  marks: Marks;
  search: SearchState;
  front: FrontPageState;
  story: StoryPageState;
  past: PastPageState;
  layout: Layout;
  scrolling: Scrolling;
  focus: FocusRequests;
  find: Find;
  memory: PlaceMemory;
}

export class Navigation {
  readonly #parts: Parts;
  #trail: View[] = [];
  #past: Moment[] = [];
  #future: Moment[] = [];
  /** The steps that wait for rows. Later keys wait for them, so that keys typed ahead have their effect. */
  #steps: Promise<void> = Promise.resolve();

  view = $state.raw<View>({ kind: 'front' });
  list = $state.raw<ArticleListState | null>(null);
  /** Set when the search field should take the focus, to be typed over or at its end; the field resets it. */
  focusSearch = $state<false | 'all' | 'end'>(false);

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** The articles in the order shown; the keys move along these. */
  readonly rows = $derived.by((): readonly ArticleRow[] => {
    const { front, story, past, search } = this.#parts;
    switch (this.view.kind) {
      case 'front':
        return [...front.stories.map(({ lead }) => lead), ...(front.page?.latest ?? [])];
      case 'place':
        return this.list?.rows ?? [];
      case 'story':
        return story.page?.articles ?? [];
      case 'past':
        return past.page?.stories.flatMap(({ articles }) => articles.slice(0, 1)) ?? [];
      case 'highlights':
        return [];
      case 'search':
        return search.hits.map((hit) => hit.row);
    }
  });

  readonly viewName = $derived.by((): string => {
    const view = this.view;
    return view.kind === 'place'
      ? this.#parts.library.placeName(view.place)
      : t(`place.${view.kind}`);
  });

  /** The place whose articles are shown, if the view is one. */
  get currentPlace(): Place | null {
    if (this.view.kind === 'place') return this.view.place;
    return this.view.kind === 'front' ? { kind: 'all' } : null;
  }

  /** Whether the open article covers the page or list, because there is no room beside it. */
  readonly covered = $derived.by((): boolean => {
    const { reader, layout } = this.#parts;
    const listed = this.view.kind === 'place' || this.view.kind === 'search';
    return reader.openId !== null && (!listed || layout.fold === 'one');
  });

  // Going somewhere

  go(view: View): void {
    this.#remember(view);
    this.#trail = [];
    this.#show(view);
    this.#parts.layout.drawer = false;
  }

  /** Goes there so that "back" leads here again. */
  enter(view: View): void {
    this.#remember(view);
    if (!sameView(view, this.view)) this.#trail.push(this.view);
    if (view.kind === 'search') this.#parts.search.from = this.#searchedPlace();
    this.#show(view);
  }

  /** The place that a search may be narrowed to. */
  #searchedPlace(): Place | null {
    if (this.view.kind === 'search') return this.#parts.search.from;
    return this.view.kind === 'place' ? this.view.place : null;
  }

  get canGoBack(): boolean {
    const { reader } = this.#parts;
    return reader.openId !== null || this.#trail.length > 0 || this.view.kind === 'search';
  }

  /** Closes the topmost of drawer, find bar, article and page. */
  back(): void {
    const { layout, reader, find } = this.#parts;
    if (layout.drawer) {
      layout.drawer = false;
    } else if (find.open && reader.openId !== null) {
      find.close();
    } else if (reader.openId !== null) {
      this.#closeArticle();
    } else {
      const before =
        this.#trail.pop() ?? (this.view.kind === 'search' ? { kind: 'front' as const } : undefined);
      if (!before) return;
      const last = this.#past.at(-1);
      if (last && sameView(last.view, before)) {
        this.#travel(this.#past, this.#future);
        return;
      }
      this.#remember(before);
      this.#show(before);
    }
  }

  /** Goes back in the history, as a browser does: to the page or list shown before. */
  historyBack(): void {
    if (this.covered) {
      this.#future.push(this.#here());
      this.#closeArticle();
    } else {
      this.#travel(this.#past, this.#future);
    }
  }

  historyForward(): void {
    this.#travel(this.#future, this.#past);
  }

  /** Closes the article; the focus returns to its row or headline. */
  #closeArticle(): void {
    const { reader, focus } = this.#parts;
    reader.close();
    if (reader.selected !== null) focus.article(reader.selected);
  }

  #here(): Moment {
    const { reader, search } = this.#parts;
    const { openId, selected } = reader;
    return { view: this.view, query: search.query, article: openId, selected };
  }

  /** Records where the reader is, before going to `next`. */
  #remember(next: View): void {
    if (sameView(next, this.view)) return;
    this.#past = [...this.#past, this.#here()].slice(-HISTORY);
    this.#future = [];
  }

  #travel(from: Moment[], to: Moment[]): void {
    const { reader, search, layout, focus } = this.#parts;
    const here = this.#here();
    let there = from.pop();
    // Closing an article leaves a history entry equal to the current view; it is skipped.
    while (there && sameView(there.view, here.view) && there.article === here.article) {
      there = from.pop();
    }
    if (!there) return;
    to.push(here);
    const { view, query, article, selected } = there;
    this.#trail = this.#trail.filter((one) => !sameView(one, view));
    if (!sameView(view, this.view)) this.#show(view);
    layout.drawer = false;
    if (view.kind === 'search' && query !== search.query) {
      search.query = query;
      void search.run();
    }
    reader.selected = selected;
    if (article !== null) void reader.open(article);
    else if (selected !== null) focus.article(selected);
    else focus.main();
  }

  #show(view: View): void {
    const { reader, search, front, past, story } = this.#parts;
    const same = sameView(view, this.view);
    this.view = view;
    reader.close();
    reader.selected = null;
    if (view.kind !== 'story') story.leave();
    switch (view.kind) {
      case 'front':
        search.clear();
        void front.load();
        break;
      case 'past':
        search.clear();
        if (!same) void past.load(null);
        break;
      case 'place':
        search.clear();
        if (!same || !this.list) this.list = this.#newList(view.place);
        void this.list.load();
        break;
      case 'highlights':
        search.clear();
        break;
      case 'story':
        void story.load(view.id);
        break;
      case 'search':
        break;
    }
  }

  /** Opens a saved page in its list. */
  openSavedPage(article: number): void {
    const pages = this.#parts.library.places.savedPages;
    if (pages) this.enter({ kind: 'place', place: { kind: 'feed', id: pages.feed } });
    void this.#parts.reader.open(article);
  }

  #newList(place: Place): ArticleListState {
    const { backend, memory } = this.#parts;
    const key = viewKey({ kind: 'place', place });
    const kept = memory.get(key);
    const list = new ArticleListState(
      backend,
      place,
      kept.unreadOnly,
      () => memory.get(key).position,
    );
    list.order = kept.order ?? 'newest';
    list.grouping = kept.grouping ?? 'day';
    return list;
  }

  // Searching

  /** Finds words in the open article; where none is open, searches all articles. */
  startFind(): void {
    if (this.#parts.reader.openId === null) this.startSearch();
    else this.#parts.find.start(window.getSelection()?.toString());
  }

  startSearch(): void {
    if (this.view.kind !== 'search') this.enter({ kind: 'search' });
    else if (this.#parts.layout.fold === 'one') this.#parts.reader.close();
    this.focusSearch = 'all';
  }

  /** Shows the results of a saved search. */
  openSearch(query: string): void {
    const { layout, reader, search } = this.#parts;
    if (this.view.kind !== 'search') this.go({ kind: 'search' });
    else reader.close();
    layout.drawer = false;
    void search.show(query);
  }

  /** Searches, and opens one of the results. */
  openFound(query: string, article: number): void {
    this.enter({ kind: 'search' });
    void this.#parts.search.show(query);
    void this.#parts.reader.open(article);
  }

  // From article to article

  /** The row that a key acts on: the open article's, else the selected one. */
  get current(): ArticleRow | null {
    const { openId, selected, article } = this.#parts.reader;
    const id = openId ?? selected;
    if (id === null) return null;
    if (article?.row.id === id) return article.row;
    return this.rows.find((row) => row.id === id) ?? null;
  }

  /** Selects a row and gives it the focus; opens it if an article is open. */
  select(id: number): void {
    const { reader, focus } = this.#parts;
    reader.selected = id;
    focus.article(id);
    if (reader.openId !== null) void reader.open(id);
  }

  /** Selects the next or previous row. */
  step(by: 1 | -1): Promise<void> {
    const step = () => this.#step(by);
    this.#steps = this.#steps.then(step, step);
    return this.#steps;
  }

  async #step(by: 1 | -1): Promise<void> {
    await this.#firstRows();
    const at = this.#position();
    const to = at < 0 ? (by > 0 ? 0 : -1) : at + by;
    if (to >= this.rows.length - ROWS_AHEAD) await this.#loadMore();
    const row = this.rows[to];
    if (row) this.select(row.id);
  }

  /** Selects the first (-1) or last (1) row that is loaded. */
  edge(to: 1 | -1): void {
    const row = to < 0 ? this.rows[0] : this.rows.at(-1);
    if (row) this.select(row.id);
    if (to > 0) void this.#loadMore();
  }

  /** Opens the next unread article in that direction. */
  async stepUnread(by: 1 | -1): Promise<void> {
    await this.#firstRows();
    let at = this.#position();
    if (at < 0 && by < 0) return;
    for (;;) {
      at += by;
      if (at >= this.rows.length) await this.#loadMore();
      const row = this.rows[at];
      if (!row) return;
      if (!this.#parts.marks.isRead(row)) {
        this.#parts.focus.article(row.id);
        await this.#parts.reader.open(row.id);
        return;
      }
    }
  }

  /** Scrolls a page down; at the end of an article, opens the next unread one. */
  async readOn(): Promise<void> {
    const { scrolling, reader } = this.#parts;
    if (!scrolling.page(1) && reader.openId !== null) await this.stepUnread(1);
  }

  /** Opens the selected row; on the front page, a story's page rather than its article. */
  async openSelected(): Promise<void> {
    const { reader, front } = this.#parts;
    await this.#steps;
    const id = reader.selected;
    if (id === null || reader.openId !== null) return;
    const story =
      this.view.kind === 'front' ? front.stories.find(({ lead }) => lead.id === id) : undefined;
    if (story) this.enter({ kind: 'story', id: story.id });
    else void reader.open(id);
  }

  setUnreadOnly(unreadOnly: boolean): void {
    if (!this.list) return;
    this.list.unreadOnly = unreadOnly;
    this.#parts.memory.change(viewKey({ kind: 'place', place: this.list.place }), {
      unreadOnly: unreadOnly || undefined,
    });
    void this.list.load();
  }

  /** Shows the list in this order; remembered for the place. */
  setOrder(order: Order): void {
    if (!this.list || this.list.order === order) return;
    this.list.order = order;
    this.#keepOrder({ order: order === 'newest' ? undefined : order });
  }

  setGrouping(grouping: Grouping): void {
    if (!this.list || this.list.grouping === grouping) return;
    this.list.grouping = grouping;
    this.#keepOrder({ grouping: grouping === 'day' ? undefined : grouping });
  }

  /** A list in another order begins at its top. */
  #keepOrder(change: { order?: Order | undefined; grouping?: Grouping | undefined }): void {
    if (!this.list) return;
    const key = viewKey({ kind: 'place', place: this.list.place });
    this.#parts.memory.change(key, { ...change, position: undefined });
    void this.list.load();
  }

  #position(): number {
    const { openId, selected } = this.#parts.reader;
    const id = openId ?? selected;
    return this.rows.findIndex((row) => row.id === id);
  }

  /** Waits for the first rows of a list that is loading: keys pressed meanwhile apply to them. */
  async #firstRows(): Promise<void> {
    if (this.rows.length === 0 && this.view.kind === 'place') await this.list?.loaded;
  }

  async #loadMore(): Promise<void> {
    if (this.view.kind === 'place') await this.list?.more();
    else if (this.view.kind === 'search') await this.#parts.search.more();
  }
}

export function samePlace(a: Place, b: Place): boolean {
  return a.kind === b.kind && ('id' in a ? a.id : 0) === ('id' in b ? b.id : 0);
}

export function sameView(a: View, b: View): boolean {
  if (a.kind === 'place' && b.kind === 'place') return samePlace(a.place, b.place);
  if (a.kind === 'story' && b.kind === 'story') return a.id === b.id;
  return a.kind === b.kind;
}
