// What the reader does to articles, places and stories: marking, undoing, following, muting, syncing.

import type { FeedPlace, Place, ReadSpan, Rule, Undoable } from '../backend';
import { t } from '../i18n/i18n.svelte';
import type { Dialogs } from './dialogs.svelte';
import { EMPTY_RULE } from './emptyRule';
import { UNCHANGED } from './feedChange';
import type { FrontPageState, StoryPageState } from './frontPage.svelte';
import type { Library } from './library.svelte';
import type { Marks } from './marks.svelte';
import { samePlace, type Navigation } from './navigation.svelte';
import type { Refresh } from './refresh.svelte';
import type { SearchState } from './search.svelte';
import type { Session } from './session.svelte';
import type { SyncState } from './sync.svelte';
import type { Toasts } from './toasts.svelte';
import { scaleStep } from './typography';

interface Parts {
  session: Session;
  library: Library;
  navigation: Navigation;
  front: FrontPageState;
  story: StoryPageState;
  search: SearchState;
  marks: Marks;
  sync: SyncState;
  refresh: Refresh;
  dialogs: Dialogs;
  toasts: Toasts;
}

export class Actions {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  // Articles and places

  toggleSaved(row = this.#parts.navigation.current): void {
    const { session, marks } = this.#parts;
    if (row) void session.attempt(marks.setSaved(row, !marks.isSaved(row)));
  }

  toggleRead(row = this.#parts.navigation.current): void {
    const { session, marks } = this.#parts;
    if (row) void session.attempt(marks.setRead(row, !marks.isRead(row)));
  }

  async markAllRead(place: Place | null = this.#parts.navigation.currentPlace): Promise<void> {
    const { session, navigation } = this.#parts;
    if (!place) return;
    const { view, list } = navigation;
    const shown = view.kind === 'place' && list && samePlace(list.place, place);
    const newest = shown ? list.newest : null;
    await this.#marked(session.backend.markAllRead(place, newest));
  }

  /** Marks the articles of several places; undone together. */
  async markPlacesRead(places: readonly Place[]): Promise<void> {
    const { session, refresh, toasts } = this.#parts;
    const done: Undoable[] = [];
    for (const place of places) {
      const one = await session.attempt(session.backend.markAllRead(place, null));
      if (one && one.changed > 0) done.push(one);
    }
    const count = done.reduce((sum, { changed }) => sum + changed, 0);
    if (count === 0) {
      toasts.show(t('list.nothingToMark'));
      return;
    }
    await refresh.reloadAll();
    toasts.show(t('list.markedAll', { count }), {
      label: t('undo'),
      undoes: true,
      run: () => void this.undo(...done.map(({ token }) => token)),
    });
  }

  /** Marks the rows above the selected one as read. */
  async markAbove(row = this.#parts.navigation.current): Promise<void> {
    const { navigation, session } = this.#parts;
    const { view, list, rows } = navigation;
    if (!row) return;
    const than = { time: row.time, id: row.id };
    if (view.kind === 'place' && list?.byTime) {
      const span: ReadSpan =
        list.order === 'newest'
          ? { kind: 'newer', than, newest: list.newest }
          : { kind: 'older', than };
      await this.#marked(session.backend.markSpanRead(view.place, span));
      return;
    }
    const above = rows.slice(
      0,
      Math.max(
        0,
        rows.findIndex(({ id }) => id === row.id),
      ),
    );
    await this.#marked(session.backend.markArticlesRead(above.map(({ id }) => id)));
  }

  /** Marks the rows below the selected one as read, also those that are not loaded yet. */
  async markBelow(row = this.#parts.navigation.current): Promise<void> {
    const { navigation, session } = this.#parts;
    const { view, list } = navigation;
    if (!row) return;
    const than = { time: row.time, id: row.id };
    if (view.kind === 'place' && list && (list.byTime || list.byFeed)) {
      const { order } = list;
      const byTime: ReadSpan =
        order === 'newest' ? { kind: 'older', than } : { kind: 'newer', than, newest: list.newest };
      const span: ReadSpan = list.byFeed ? { kind: 'followingFeeds', row: than, order } : byTime;
      await this.#marked(session.backend.markSpanRead(view.place, span));
      return;
    }
    if (view.kind === 'place') await list?.loadAll();
    const at = navigation.rows.findIndex(({ id }) => id === row.id);
    if (at < 0) return;
    const below = navigation.rows.slice(at + 1).map(({ id }) => id);
    await this.#marked(session.backend.markArticlesRead(below));
  }

  /** Marks the articles of the place shown that are at least this old as read. */
  async markOlder(hours: number, place = this.#parts.navigation.currentPlace): Promise<void> {
    const { session } = this.#parts;
    if (place) await this.#marked(session.backend.markSpanRead(place, { kind: 'age', hours }));
  }

  /** Marks rows as read that were scrolled past. */
  async markPassed(ids: readonly number[]): Promise<void> {
    const { session, marks } = this.#parts;
    marks.noteRead(ids);
    await session.attempt(session.backend.markArticlesRead([...ids]));
  }

  async #marked(work: Promise<Undoable>): Promise<void> {
    const { session, refresh, toasts } = this.#parts;
    const undoable = await session.attempt(work);
    if (!undoable) return;
    if (undoable.changed === 0) {
      toasts.show(t('list.nothingToMark'));
      return;
    }
    await refresh.reloadAll();
    toasts.show(t('list.markedAll', { count: undoable.changed }), {
      label: t('undo'),
      undoes: true,
      run: () => void this.undo(undoable.token),
    });
  }

  /** A click of the wheel opens in the browser. */
  wheelClick(event: MouseEvent, url: string | null): void {
    if (event.button !== 1 || url === null) return;
    event.preventDefault();
    this.#parts.session.openLink(url);
  }

  // Feeds

  async fetchFeeds(ids: number[]): Promise<void> {
    const { session } = this.#parts;
    await session.attempt(session.backend.sync({ kind: 'feeds', ids }));
  }

  /** Pauses or resumes a feed. */
  async pauseFeed(feed: FeedPlace): Promise<void> {
    const { session, refresh } = this.#parts;
    const change = { ...UNCHANGED, paused: !feed.paused };
    await session.attempt(session.backend.changeFeed(feed.id, change));
    await refresh.reloadPlaces();
  }

  async unsubscribe(feed: FeedPlace): Promise<void> {
    const { session, refresh, toasts } = this.#parts;
    const undoable = await session.attempt(session.backend.removeFeed(feed.id));
    if (!undoable) return;
    await refresh.reloadAll();
    toasts.show(t('feed.removed', { name: feed.title }), {
      label: t('undo'),
      undoes: true,
      run: () => void this.undo(undoable.token),
    });
  }

  // Pictures

  /** `src` is an address of the media protocol. */
  async copyPicture(src: string): Promise<void> {
    const { session, toasts } = this.#parts;
    const done = session.backend.copyPicture(pictureName(src)).then(() => true);
    if (await session.attempt(done)) toasts.show(t('picture.copied'));
  }

  async savePicture(src: string, title: string): Promise<void> {
    const { session, toasts } = this.#parts;
    const path = await session.attempt(session.backend.savePicture(pictureName(src), title));
    if (path) toasts.show(t('picture.saved', { name: path }));
  }

  /** Undoes several actions together, the last one first. */
  async undo(...tokens: number[]): Promise<void> {
    const { session, refresh, toasts } = this.#parts;
    const undone: boolean[] = [];
    for (const token of tokens.reverse()) {
      const done = await session.attempt(session.backend.undo(token));
      if (done === undefined) return;
      undone.push(done);
    }
    const all = undone.every(Boolean);
    if (undone.some(Boolean)) await refresh.reloadAll();
    toasts.show(t(all ? 'list.undone' : 'list.undoTooLate'));
  }

  // Pages to read later

  /** Saves a page; one that was saved before is opened. */
  async savePage(address: string): Promise<void> {
    const { session, navigation, refresh, toasts } = this.#parts;
    const saved = await session.attempt(session.backend.savePage(address));
    if (!saved) return;
    await refresh.reloadPlaces();
    const open = () => navigation.openSavedPage(saved.article);
    if (saved.already) {
      toasts.show(t('savePage.already'));
      open();
      return;
    }
    const waits = session.offline ? 'savePage.waits' : 'savePage.saved';
    toasts.show(t(waits, { page: saved.title }), { label: t('savePage.open'), run: open });
  }

  // Tags and rules

  /** Asks for the tags of articles: by default the current one, on a story's page all of the story. */
  tag(articles?: readonly number[]): void {
    const { navigation, story, dialogs } = this.#parts;
    const { current, view } = navigation;
    const shown = view.kind === 'story' ? story.page?.articles.map((row) => row.id) : undefined;
    const ids = articles ?? (current ? [current.id] : (shown ?? []));
    if (ids.length > 0) dialogs.open({ kind: 'tags', articles: ids });
  }

  /** Removes a tag and leaves its place; rejects if it cannot be removed. */
  async removeTag(id: number): Promise<void> {
    const { session, navigation, refresh, toasts } = this.#parts;
    const { name, changed } = await session.backend.removeTag(id);
    const bringBack = async () => {
      await session.attempt(session.backend.tag(changed, name, true));
      await refresh.reloadAll();
    };
    toasts.show(t('rules.tagRemoved', { name }), {
      label: t('undo'),
      undoes: true,
      run: () => void bringBack(),
    });
    const { view } = navigation;
    const shown = view.kind === 'place' && view.place.kind === 'tag' && view.place.id === id;
    if (shown) navigation.go({ kind: 'place', place: { kind: 'all' } });
    await refresh.reloadAll();
  }

  /** Begins a rule that mutes these words; by default the current article's headline, to be cut. */
  muteWords(words = this.#parts.navigation.current?.title ?? ''): void {
    const text = words
      .replace(/[\s,;]+/g, ' ')
      .trim()
      .slice(0, 200);
    if (text === '') return;
    const rule = { ...EMPTY_RULE, words: [text], mute: true };
    this.#parts.dialogs.open({ kind: 'rule', rule });
  }

  /** Applies a rule to what is stored. */
  async applyRule(rule: Rule): Promise<void> {
    const { session, refresh, toasts } = this.#parts;
    const applied = await session.attempt(session.backend.applyRule(rule));
    if (!applied) return;
    await refresh.reloadAll();
    toasts.show(t('rule.applied', { count: applied.matching }), {
      label: t('undo'),
      undoes: true,
      run: () => void this.#undoRule(applied.token),
    });
  }

  async #undoRule(token: number): Promise<void> {
    const { session, refresh, toasts } = this.#parts;
    const done = await session.attempt(session.backend.undoRule(token));
    if (done === undefined) return;
    if (done) await refresh.reloadAll();
    toasts.show(t(done ? 'list.undone' : 'list.undoTooLate'));
  }

  // The look

  /** Makes the whole interface a step larger or smaller; 0 is its own size. */
  scaleInterface(by: 1 | -1 | 0): void {
    const { session } = this.#parts;
    const { interfaceScale } = session.settings;
    const scale = by === 0 ? 100 : scaleStep(interfaceScale, by);
    if (scale !== interfaceScale) void session.changeSettings({ interfaceScale: scale });
  }

  // Searches

  /** Asks for a name for the search that is shown, or for a new name if it is saved already. */
  saveSearch(): void {
    const { search, library, dialogs } = this.#parts;
    const query = search.kept;
    if (query === '') return;
    const saved = library.places.searches.find((one) => one.query === query);
    dialogs.open({ kind: 'search', query, ...(saved ? { id: saved.id, name: saved.name } : {}) });
  }

  // Stories

  /** Follows a story, by default the one shown, or stops following it. */
  async followStory(which = this.#parts.story.page?.story): Promise<void> {
    const { session, navigation, front, story, toasts } = this.#parts;
    if (!which) return;
    const follow = !which.followed;
    const done = await session.attempt(
      session.backend.followStory(which.id, follow).then(() => true),
    );
    if (!done) return;
    toasts.show(t(follow ? 'story.nowFollowed' : 'story.unfollowed'));
    const { view } = navigation;
    await Promise.all([view.kind === 'story' ? story.load(view.id) : undefined, front.load()]);
  }

  async muteStory(which = this.#parts.story.page?.story): Promise<void> {
    const { session, navigation, story, marks, refresh, toasts } = this.#parts;
    if (!which) return;
    const shown = navigation.view.kind === 'story';
    if (shown && story.page?.muted) return;
    const watch = await session.attempt(session.backend.muteStory(which.id));
    if (watch === undefined) return;
    toasts.show(t('story.muted'), {
      label: t('undo'),
      undoes: true,
      run: () => void this.unwatch(watch),
    });
    marks.forget();
    if (shown && navigation.canGoBack) navigation.back();
    else if (shown) navigation.go({ kind: 'front' });
    await refresh.reloadAll();
  }

  /** Unmutes a story, or stops following one. */
  async unwatch(id: number): Promise<void> {
    const { session, refresh } = this.#parts;
    const done = await session.attempt(session.backend.unwatch(id).then(() => true));
    if (done) await refresh.reloadAll();
  }

  // Syncing

  startSync(): void {
    const { session, sync } = this.#parts;
    if (!sync.running) void session.attempt(session.backend.sync({ kind: 'all' }));
  }

  stopSync(): void {
    const { session } = this.#parts;
    void session.attempt(session.backend.stopSync());
  }
}

/** A picture's name in the media protocol, from its address. */
function pictureName(src: string): string {
  return src.slice(src.lastIndexOf('/') + 1);
}
