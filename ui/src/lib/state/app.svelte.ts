// The app as the reader has it before them: where they are, what is open, what can be done. The
// components show it and call it; the engine does the work. Nothing here touches the DOM, but
// that printing asks the window.

import { createContext, tick as drawn } from 'svelte';

import {
  asFailure,
  type ArticleRow,
  type ArticleView,
  type Backend,
  type Connection,
  type Count,
  type Event,
  type Failure,
  type FrontPage,
  type Notice,
  type PastPage,
  type Period,
  type PackView,
  type Place,
  type Places,
  type SecretsKept,
  type Settings,
  type SoundView,
  type StoryPage,
  type Subject,
  USUAL_SETTINGS,
} from '../backend';
import { speech, t } from '../i18n/messages.svelte';
import { packName } from '../packs/words';
import { Dialogs } from './dialogs.svelte';
import { failureText } from './failures';
import { Layout } from './layout.svelte';
import { ArticleListState } from './list.svelte';
import { Marks } from './marks.svelte';
import { Player } from './player.svelte';
import { Scrolling } from './scrolling';
import { SearchState } from './search.svelte';
import { SyncState } from './sync.svelte';
import { Toasts } from './toasts.svelte';

export type View =
  | { kind: 'front' }
  | { kind: 'place'; place: Place }
  | { kind: 'story'; id: number }
  | { kind: 'past' }
  | { kind: 'search' };

/** Several events in a row lead to one look at the engine; in milliseconds. */
const SETTLE = 250;
/** The front page takes the engine longer, and nobody reads it while it changes. */
const SETTLE_FRONT = 1000;
/** Counting kept searches costs a few milliseconds each; new articles are indexed a little later. */
const SETTLE_COUNTS = 2000;
const INDEXED_AFTER = 12_000;

export const [getApp, setApp] = createContext<App>();

export class App {
  readonly backend: Backend;
  readonly toasts = new Toasts();
  readonly dialogs = new Dialogs();
  readonly sync = new SyncState();
  readonly layout: Layout;
  readonly marks: Marks;
  readonly search: SearchState;
  readonly player: Player;
  readonly scrolling = new Scrolling();

  status = $state<'starting' | 'ready' | 'failed'>('starting');
  failure = $state<Failure | null>(null);
  firstRun = $state(false);
  settings = $state.raw<Settings>(USUAL_SETTINGS);
  places = $state.raw<Places>(NOWHERE);
  connection = $state<Connection>('unknown');
  version = $state('');
  dataDir = $state('');
  /** Seconds since 1970; moves on by itself. */
  now = $state(Math.floor(Date.now() / 1000));

  view = $state.raw<View>({ kind: 'front' });
  list = $state.raw<ArticleListState | null>(null);
  frontPage = $state.raw<FrontPage | null>(null);
  frontFailure = $state.raw<Failure | null>(null);
  storyPage = $state.raw<StoryPage | null>(null);
  storyFailure = $state.raw<Failure | null>(null);
  pastPage = $state.raw<PastPage | null>(null);
  pastFailure = $state.raw<Failure | null>(null);
  period = $state<Period>('day');
  /** What kept searches find, by their ids; empty until counted. */
  searchCounts = $state.raw<ReadonlyMap<number, Count>>(new Map());
  /** The row that the keys act on. */
  selected = $state<number | null>(null);
  /** The article that is open, or being opened. */
  openId = $state<number | null>(null);
  article = $state.raw<ArticleView | null>(null);
  articleFailure = $state.raw<Failure | null>(null);

  /** Grows whenever the reader wants to type a search; the field takes the focus. */
  searchWanted = $state(false);

  #listening = false;
  #trail: View[] = [];
  #due = new Map<string, ReturnType<typeof setTimeout>>();

  constructor(backend: Backend, storage: Storage | null = null) {
    this.backend = backend;
    this.layout = new Layout(storage);
    this.marks = new Marks(backend);
    this.search = new SearchState(backend);
    this.player = new Player(backend);
  }

  /** The articles in the order in which the reader sees them; the keys walk along these. */
  readonly rows = $derived.by((): readonly ArticleRow[] => {
    switch (this.view.kind) {
      case 'front': {
        const page = this.frontPage;
        if (!page) return [];
        const stories = [...page.stories, ...page.followed];
        return [...stories.map((story) => story.lead), ...page.latest];
      }
      case 'place':
        return this.list?.rows ?? [];
      case 'story':
        return this.storyPage?.articles ?? [];
      case 'past':
        return this.pastPage?.stories.flatMap((story) => story.articles.slice(0, 1)) ?? [];
      case 'search':
        return this.search.hits.map((hit) => hit.row);
    }
  });

  /** Stories that trend now. */
  readonly trending = $derived(
    new Set(
      this.frontPage?.stories.filter((story) => story.phase !== 'fading').map((story) => story.id),
    ),
  );
  readonly offline = $derived(this.connection === 'offline' || this.connection === 'portal');
  readonly failing = $derived(this.places.feeds.filter((feed) => feed.failure && !feed.paused));

  // Beginning

  async start(): Promise<void> {
    this.status = 'starting';
    this.failure = null;
    try {
      if (!this.#listening) {
        await this.backend.listen((event) => this.hear(event));
        this.#listening = true;
      }
      const overview = await this.backend.overview();
      this.settings = overview.settings;
      this.places = overview.places;
      this.connection = overview.connection;
      this.sync.progress = overview.sync;
      this.firstRun = overview.firstRun;
      this.version = overview.version;
      this.dataDir = overview.dataDir;
      this.now = overview.now;
      speech.speak(overview.settings.language);
      this.status = 'ready';
      if (!overview.firstRun) void this.loadFront();
      this.#countSoon();
    } catch (thrown) {
      this.failure = asFailure(thrown);
      this.status = 'failed';
    }
  }

  /** Makes a damaged store again, begins anew, and says what came back. */
  async repair(): Promise<void> {
    try {
      const report = await this.backend.repair();
      await this.start();
      const back = t('failed.repaired', {
        articles: t('failed.repairedArticles', { count: report.articles }),
        feeds: t('failed.repairedFeeds', { count: report.feeds }),
      });
      const lost =
        report.withoutText > 0 ? t('failed.repairedWithout', { count: report.withoutText }) : '';
      this.toasts.show([back, lost].filter((part) => part !== '').join(' '));
    } catch (thrown) {
      this.failure = asFailure(thrown);
    }
  }

  /** Once the reader has chosen feeds. */
  finishFirstRun(secrets: SecretsKept = 'none'): void {
    this.tellSecrets(secrets);
    this.firstRun = false;
    this.go({ kind: 'front' });
    this.#soon('places', () => this.reloadPlaces());
  }

  /** Says so where a password will not outlive the window. */
  tellSecrets(kept: SecretsKept): void {
    if (kept === 'session') this.toasts.show(t('feed.noKeyring'));
  }

  tick(seconds: number): void {
    this.now += seconds;
  }

  hear(event: Event): void {
    this.sync.hear(event, this.now);
    switch (event.type) {
      case 'syncFinished':
      case 'storiesChanged':
        this.#soon('front', () => this.loadFront(), SETTLE_FRONT);
        this.#soon('story', () => this.#refreshStory());
        if (event.type === 'syncFinished') this.#countSoon(INDEXED_AFTER);
        break;
      case 'noticed':
        this.#notice(event.notice);
        break;
      case 'articlesArrived':
        this.#soon('places', () => this.reloadPlaces());
        this.#soon('list', () => this.#refreshList());
        this.#soon('front', () => this.loadFront(), SETTLE_FRONT);
        break;
      case 'picturesArrived':
        this.#soon('list', () => this.#refreshList());
        this.#soon('front', () => this.loadFront(), SETTLE_FRONT);
        if (this.openId !== null && event.articles.includes(this.openId)) {
          this.#soon('article', () => this.#refreshArticle());
        }
        break;
      case 'textArrived':
        this.#soon('list', () => this.#refreshList());
        if (this.openId === event.article) this.#soon('article', () => this.#refreshArticle());
        break;
      case 'soundChanged':
        this.#soundChanged(event.article, event.url, event.sound);
        break;
      case 'packChanged':
        this.#packChanged(event.pack);
        break;
      case 'budgetSpent':
        this.toasts.show(t('saver.over'));
        break;
      case 'placesChanged':
        this.#soon('places', () => this.reloadPlaces());
        break;
      case 'connectionChanged':
        this.connection = event.connection;
        if (event.connection === 'online') void this.#askAboutWaiting();
        break;
      case 'syncProgress':
        break;
    }
  }

  /** What shows of a sound follows at once: its course is told several times a second. */
  #soundChanged(article: number, url: string, sound: SoundView): void {
    const shown = this.article;
    if (shown?.row.id !== article) return;
    this.article = {
      ...shown,
      enclosures: shown.enclosures.map((one) => (one.url === url ? { ...one, sound } : one)),
    };
  }

  /** A pack has come further: what shows of it follows, and its end is told. */
  #packChanged(pack: PackView): void {
    const before = this.places.packs.find((one) => one.id === pack.id);
    if (!before) {
      this.#soon('places', () => this.reloadPlaces());
      return;
    }
    this.places = {
      ...this.places,
      packs: this.places.packs.map((one) => (one.id === pack.id ? pack : one)),
    };
    const view = this.view;
    const shown = view.kind === 'place' && view.place.kind === 'pack' && view.place.id === pack.id;
    if (shown) this.#soon('list', () => this.#refreshList());
    else if (pack.status === 'done' && before.status !== 'done') {
      this.toasts.show(t('packs.done', { complete: pack.complete, count: pack.articles }));
    }
  }

  // Going somewhere

  go(view: View): void {
    this.#trail = [];
    this.#show(view);
    this.layout.drawer = false;
  }

  /** Goes there so that "back" leads here again. */
  enter(view: View): void {
    if (!sameView(view, this.view)) this.#trail.push(this.view);
    this.#show(view);
  }

  get canGoBack(): boolean {
    return this.openId !== null || this.#trail.length > 0 || this.view.kind === 'search';
  }

  /** Closes what lies on top: drawer, article, then the page itself. */
  back(): void {
    if (this.layout.drawer) {
      this.layout.drawer = false;
    } else if (this.openId !== null) {
      this.closeArticle();
    } else {
      const before = this.#trail.pop();
      if (before) this.#show(before);
      else if (this.view.kind === 'search') this.#show({ kind: 'front' });
    }
  }

  #show(view: View): void {
    const same = sameView(view, this.view);
    this.view = view;
    this.closeArticle();
    this.selected = null;
    if (view.kind === 'front') {
      this.search.clear();
      void this.loadFront();
    } else if (view.kind === 'past') {
      this.search.clear();
      if (!same) void this.loadPast(null);
    } else if (view.kind === 'place') {
      this.search.clear();
      if (!same || !this.list) this.list = new ArticleListState(this.backend, view.place);
      void this.list.load();
    } else if (view.kind === 'story') {
      void this.#loadStory(view.id);
    }
  }

  placeName(place: Place): string {
    switch (place.kind) {
      case 'pack': {
        const pack = this.places.packs.find((pack) => pack.id === place.id);
        return pack ? packName(pack) : '';
      }
      case 'folder':
        return this.places.folders.find((folder) => folder.id === place.id)?.name ?? '';
      case 'feed':
        return this.places.feeds.find((feed) => feed.id === place.id)?.title ?? '';
      case 'tag':
        return this.places.tags.find((tag) => tag.id === place.id)?.name ?? '';
      default:
        return t(`place.${place.kind}`);
    }
  }

  readonly viewName = $derived.by((): string => {
    const view = this.view;
    return view.kind === 'place' ? this.placeName(view.place) : t(`place.${view.kind}`);
  });

  // Reading

  async open(id: number): Promise<void> {
    this.selected = id;
    if (this.openId === id && this.article) return;
    this.openId = id;
    this.articleFailure = null;
    try {
      const article = await this.backend.article(id);
      if (this.openId !== id) return;
      this.article = article;
      if (this.settings.markReadOnOpen) {
        this.marks.noteRead([id]);
        this.marks.noteRead(await this.backend.markOpened(id));
      }
    } catch (thrown) {
      if (this.openId === id && this.article?.row.id !== id)
        this.articleFailure = asFailure(thrown);
    }
  }

  closeArticle(): void {
    this.openId = null;
    this.article = null;
    this.articleFailure = null;
  }

  select(id: number): void {
    this.selected = id;
    if (this.openId !== null) void this.open(id);
  }

  /** Moves the choice; if an article is open, reads on there. */
  async step(by: 1 | -1): Promise<void> {
    const at = this.#at();
    const to = at < 0 ? (by > 0 ? 0 : -1) : at + by;
    if (to >= this.rows.length - 5) await this.#loadMore();
    const row = this.rows[to];
    if (row) this.select(row.id);
  }

  /** Opens the next unread article in that direction. */
  async stepUnread(by: 1 | -1): Promise<void> {
    let at = this.#at();
    if (at < 0 && by < 0) return;
    for (;;) {
      at += by;
      if (at >= this.rows.length) await this.#loadMore();
      const row = this.rows[at];
      if (!row) return;
      if (!this.marks.isRead(row)) {
        await this.open(row.id);
        return;
      }
    }
  }

  /** Scrolls a page down; at the end of an article, opens the next unread one. */
  async readOn(): Promise<void> {
    if (!this.scrolling.page(1) && this.openId !== null) await this.stepUnread(1);
  }

  #at(): number {
    const id = this.openId ?? this.selected;
    return this.rows.findIndex((row) => row.id === id);
  }

  async #loadMore(): Promise<void> {
    if (this.view.kind === 'place') await this.list?.more();
    else if (this.view.kind === 'search') await this.search.more();
  }

  /** The row that a key acts on: the open article's, else the chosen one's. */
  get current(): ArticleRow | null {
    const id = this.openId ?? this.selected;
    if (id === null) return null;
    if (this.article?.row.id === id) return this.article.row;
    return this.rows.find((row) => row.id === id) ?? null;
  }

  /** Opens what is chosen; on the front page a story's page comes before its article. */
  openSelected(): void {
    const id = this.selected;
    if (id === null || this.openId !== null) return;
    const story =
      this.view.kind === 'front' &&
      [...(this.frontPage?.stories ?? []), ...(this.frontPage?.followed ?? [])].find(
        (story) => story.lead.id === id,
      );
    if (story) this.enter({ kind: 'story', id: story.id });
    else void this.open(id);
  }

  startSearch(): void {
    if (this.view.kind !== 'search') this.enter({ kind: 'search' });
    else if (this.layout.fold === 'one') this.closeArticle();
    this.searchWanted = true;
  }

  /** Shows what a kept search finds. */
  openSearch(query: string): void {
    if (this.view.kind !== 'search') this.go({ kind: 'search' });
    else this.closeArticle();
    this.layout.drawer = false;
    this.search.query = query;
    void this.search.run();
  }

  /** Asks for the name under which what is searched for is kept. */
  saveSearch(): void {
    const query = this.search.query.trim();
    if (query === '') return;
    const kept = this.places.searches.find((search) => search.query === query);
    this.dialogs.open({ kind: 'search', query, ...(kept ? { id: kept.id, name: kept.name } : {}) });
  }

  // Watching stories

  async followStory(page = this.storyPage): Promise<void> {
    if (!page) return;
    const follow = !page.story.followed;
    const done = await this.attempt(
      this.backend.followStory(page.story.id, follow).then(() => true),
    );
    if (!done) return;
    this.toasts.show(t(follow ? 'story.nowFollowed' : 'story.unfollowed'));
    await Promise.all([this.#refreshStory(), this.loadFront()]);
  }

  async muteStory(page = this.storyPage): Promise<void> {
    if (!page || page.muted) return;
    const watch = await this.attempt(this.backend.muteStory(page.story.id));
    if (watch === undefined) return;
    this.toasts.show(t('story.muted'), {
      label: t('undo'),
      undoes: true,
      run: () => void this.unwatch(watch),
    });
    this.marks.forget();
    if (this.canGoBack) this.back();
    else this.go({ kind: 'front' });
    await this.reloadAll();
  }

  /** Brings a muted story back, or ends following one. */
  async unwatch(id: number): Promise<void> {
    const done = await this.attempt(this.backend.unwatch(id).then(() => true));
    if (done) await this.reloadAll();
  }

  #notice(notice: Notice): void {
    this.toasts.show(t('story.development', { title: notice.title, text: notice.text }), {
      label: t('story.read'),
      run: () => {
        if (notice.story !== null) this.enter({ kind: 'story', id: notice.story });
        void this.open(notice.article);
      },
    });
  }

  async loadPast(at: number | null, period = this.period): Promise<void> {
    this.period = period;
    try {
      this.pastPage = await this.backend.pastTrending(period, at);
      this.pastFailure = null;
    } catch (thrown) {
      this.pastFailure = asFailure(thrown);
    }
  }

  toggleSaved(row = this.current): void {
    if (row) void this.attempt(this.marks.setSaved(row, !this.marks.isSaved(row)));
  }

  toggleRead(row = this.current): void {
    if (row) void this.attempt(this.marks.setRead(row, !this.marks.isRead(row)));
  }

  forward(subject?: Subject, channel?: string): void {
    const what = subject ?? this.#toForward();
    if (!what) return;
    this.dialogs.open(
      channel === undefined
        ? { kind: 'forward', subject: what }
        : { kind: 'forward', subject: what, channel },
    );
  }

  /** Prints an article, the open one by default; the system's dialog also writes a PDF. */
  async print(id: number | null = this.openId): Promise<void> {
    if (id === null) return;
    this.dialogs.close();
    if (this.openId !== id || !this.article) await this.open(id);
    await drawn();
    // On macOS it asks the shell, and gives a promise of it.
    await this.attempt(Promise.resolve(window.print()));
  }

  /** What a key forwards: what is being forwarded already, else the article, else the story. */
  #toForward(): Subject | null {
    const open = this.dialogs.current;
    if (open?.kind === 'forward') return open.subject;
    const row = this.current;
    if (row) return { kind: 'article', id: row.id };
    return this.view.kind === 'story' ? { kind: 'story', id: this.view.id } : null;
  }

  /** Copies the link at once, and the article remembers it. */
  async forwardCopy(): Promise<void> {
    const subject = this.#toForward();
    if (!subject || subject.kind === 'digest') return;
    this.dialogs.close();
    const request = { subject, channel: 'copy-link', message: null, wait: false, part: 0 };
    const record = await this.attempt(this.backend.forward(request));
    if (!record) return;
    this.toasts.show(t('article.copied'));
    if (this.article?.row.id === record.article) {
      this.article = { ...this.article, forwards: [record, ...this.article.forwards] };
    }
  }

  /** Once the network is back: the reader decides about what waits for their hand. */
  async #askAboutWaiting(): Promise<void> {
    const waiting = (await this.attempt(this.backend.outbox())) ?? [];
    const count = waiting.filter((forward) => !forward.byItself).length;
    if (count === 0 || this.offline) return;
    if (this.dialogs.current === null) {
      this.dialogs.open({ kind: 'outbox' });
    } else if (this.dialogs.current.kind !== 'outbox') {
      this.toasts.show(t('outbox.ask', { count }), {
        label: t('outbox.askSee'),
        run: () => this.dialogs.open({ kind: 'outbox' }),
      });
    }
  }

  openLink(link: string): void {
    void this.attempt(this.backend.openLink(link));
  }

  async copyLink(link: string): Promise<void> {
    if ((await this.attempt(this.backend.copyLink(link).then(() => true))) === true) {
      this.toasts.show(t('article.copied'));
    }
  }

  // Whole places

  async markAllRead(place: Place | null = this.currentPlace): Promise<void> {
    if (!place) return;
    const list = this.list;
    const shown = this.view.kind === 'place' && list && samePlace(list.place, place);
    const undoable = await this.attempt(
      this.backend.markAllRead(place, shown ? list.newest : null),
    );
    if (!undoable) return;
    await this.reloadAll();
    this.toasts.show(t('list.markedAll', { count: undoable.changed }), {
      label: t('undo'),
      undoes: true,
      run: () => void this.undo(undoable.token),
    });
  }

  async undo(token: number): Promise<void> {
    const done = await this.attempt(this.backend.undo(token));
    if (done === undefined) return;
    if (done) await this.reloadAll();
    this.toasts.show(t(done ? 'list.undone' : 'list.undoTooLate'));
  }

  /** The place whose articles are shown, if it is one. */
  get currentPlace(): Place | null {
    if (this.view.kind === 'place') return this.view.place;
    return this.view.kind === 'front' ? { kind: 'all' } : null;
  }

  setUnreadOnly(unreadOnly: boolean): void {
    if (!this.list) return;
    this.list.unreadOnly = unreadOnly;
    void this.list.load();
  }

  // Syncing

  startSync(): void {
    if (!this.sync.running) void this.attempt(this.backend.sync({ kind: 'all' }));
  }

  stopSync(): void {
    void this.attempt(this.backend.stopSync());
  }

  // Settings

  async changeSettings(change: Partial<Settings>): Promise<void> {
    const before = this.settings;
    this.settings = { ...before, ...change };
    speech.speak(this.settings.language);
    const kept = await this.attempt(this.backend.setSettings(this.settings));
    this.settings = kept ?? before;
    speech.speak(this.settings.language);
  }

  // Looking at the engine again

  async loadFront(): Promise<void> {
    try {
      this.frontPage = await this.backend.frontPage();
      this.frontFailure = null;
    } catch (thrown) {
      this.frontFailure = asFailure(thrown);
    }
  }

  async reloadPlaces(): Promise<void> {
    const places = await this.attempt(this.backend.places());
    if (!places) return;
    this.places = places;
    this.#countSoon();
    const view = this.view;
    if (view.kind === 'place' && 'id' in view.place && !this.placeName(view.place)) {
      // The reader has removed what was shown.
      this.go({ kind: 'front' });
    }
  }

  #countSoon(settle = SETTLE_COUNTS): void {
    if (this.places.searches.length === 0) return;
    this.#soon(`counts-${settle}`, () => this.countSearches(), settle);
  }

  async countSearches(): Promise<void> {
    try {
      const counts = await this.backend.searchCounts();
      this.searchCounts = new Map(counts.map(({ id, count }) => [id, count]));
    } catch {
      // The places stand without their counts.
    }
  }

  async #loadStory(id: number): Promise<void> {
    // An article's id leads to its story too, whose own id is its first article's.
    const shown = this.storyPage;
    if (shown?.story.id !== id && !shown?.articles.some((row) => row.id === id))
      this.storyPage = null;
    this.storyFailure = null;
    try {
      const page = await this.backend.story(id);
      if (this.view.kind === 'story' && this.view.id === id) this.storyPage = page;
    } catch (thrown) {
      if (this.view.kind === 'story' && this.view.id === id) this.storyFailure = asFailure(thrown);
    }
  }

  async #refreshStory(): Promise<void> {
    if (this.view.kind === 'story') await this.#loadStory(this.view.id);
  }

  async #refreshList(): Promise<void> {
    if (this.view.kind === 'place' && this.list) await this.attempt(this.list.refresh());
  }

  async #refreshArticle(): Promise<void> {
    const id = this.openId;
    if (id === null) return;
    const article = await this.attempt(this.backend.article(id));
    if (article && this.openId === id) this.article = article;
  }

  /** After many articles or feeds changed at once. */
  async reloadAll(): Promise<void> {
    this.marks.forget();
    await Promise.all([
      this.reloadPlaces(),
      this.loadFront(),
      this.view.kind === 'place' ? this.list?.load() : undefined,
      this.#refreshStory(),
      this.#refreshArticle(),
      this.view.kind === 'search' && this.search.query ? this.search.run() : undefined,
    ]);
  }

  /** Waits for the engine; a failure becomes a note to the reader and the result undefined. */
  async attempt<T>(work: Promise<T>): Promise<T | undefined> {
    try {
      return await work;
    } catch (thrown) {
      this.toasts.show(failureText(asFailure(thrown)));
      return undefined;
    }
  }

  #soon(what: string, look: () => Promise<void>, settle = SETTLE): void {
    if (this.#due.has(what)) return;
    this.#due.set(
      what,
      setTimeout(() => {
        this.#due.delete(what);
        void look();
      }, settle),
    );
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

const NOWHERE: Places = {
  all: { total: 0, unread: 0 },
  today: { total: 0, unread: 0 },
  saved: 0,
  folders: [],
  feeds: [],
  searches: [],
  tags: [],
  waiting: 0,
  packs: [],
};
