// What the reader does in the sidebar's tree: filtering, hiding what is read, choosing several rows,
// and moving, cutting, pasting and removing them.

import type { ChosenPlaces, Place, Undoable } from '../backend';
import { i18n, t } from '../i18n/i18n.svelte';
import type { Actions } from '../state/actions.svelte';
import type { Dialogs } from '../state/dialogs.svelte';
import type { Layout } from '../state/layout.svelte';
import type { Library } from '../state/library.svelte';
import { combination } from '../state/modifier';
import type { Navigation } from '../state/navigation.svelte';
import type { Refresh } from '../state/refresh.svelte';
import type { Session } from '../state/session.svelte';
import type { Toasts } from '../state/toasts.svelte';
import {
  between,
  chosenIds,
  feedKey,
  folderKey,
  isWithin,
  sortPlaces,
  treeRows,
  type TreeRow,
} from './tree';

interface Parts {
  session: Session;
  library: Library;
  layout: Layout;
  navigation: Navigation;
  refresh: Refresh;
  actions: Actions;
  dialogs: Dialogs;
  toasts: Toasts;
}

/** From this many feeds on there is a field to filter them. */
const WORTH_FILTERING = 12;

export class Sidebar {
  readonly #parts: Parts;

  filter = $state('');
  /** Keys of the rows of a multiple selection; empty if only the current row is selected. */
  chosen = $state.raw<ReadonlySet<string>>(new Set());
  /** Keys of rows that were cut and wait to be pasted. */
  cut = $state.raw<ReadonlySet<string>>(new Set());
  /** Where a range begins that is chosen with Shift. */
  #anchor: string | null = null;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  readonly #sorted = $derived.by(() => {
    const { folders, feeds } = this.#parts.library.places;
    return sortPlaces(folders, feeds, i18n.locale);
  });

  /** The key of the place that is shown, if it is in the tree. */
  readonly current = $derived.by((): string | null => {
    const { view } = this.#parts.navigation;
    if (view.kind !== 'place') return null;
    if (view.place.kind === 'feed') return feedKey(view.place.id);
    return view.place.kind === 'folder' ? folderKey(view.place.id) : null;
  });

  readonly rows = $derived.by((): TreeRow[] => {
    const { layout } = this.#parts;
    return treeRows(this.#sorted, {
      closed: new Set(layout.closedFolders),
      filter: this.filter,
      hideRead: layout.hideRead,
      keep: new Set([...this.chosen, ...(this.current === null ? [] : [this.current])]),
    });
  });

  get canFilter(): boolean {
    return this.filter !== '' || this.#parts.library.places.feeds.length >= WORTH_FILTERING;
  }

  go(row: TreeRow): void {
    this.clear();
    this.#anchor = row.key;
    const place: Place = { kind: row.kind, id: row.id };
    this.#parts.navigation.go({ kind: 'place', place });
  }

  // Choosing

  clear(): void {
    if (this.chosen.size > 0) this.chosen = new Set();
  }

  toggle(key: string, from: string | null = this.current): void {
    const next = new Set(this.chosen.size === 0 && from !== null ? [from] : this.chosen);
    if (!next.delete(key)) next.add(key);
    this.chosen = next;
    this.#anchor = key;
  }

  extend(to: string, from: string | null): void {
    if (this.chosen.size === 0 || this.#anchor === null) this.#anchor = from ?? to;
    this.chosen = new Set(between(this.rows, this.#anchor, to));
  }

  chooseAll(): void {
    this.chosen = new Set(this.rows.map((row) => row.key));
  }

  /** The keys that an action on a row is about: all chosen ones, if the row is one of them. */
  meant(key: string): ReadonlySet<string> {
    return this.chosen.has(key) ? this.chosen : new Set([key]);
  }

  // Opening and closing

  collapseAll(): void {
    const { layout, library } = this.#parts;
    layout.closeFolders(library.places.folders.map((folder) => folder.id));
  }

  expandAll(): void {
    this.#parts.layout.closeFolders([]);
  }

  // Changing

  /** Moves into a folder; `null` is the top level. Returns whether it was done. */
  async move(keys: ReadonlySet<string>, into: number | null): Promise<boolean> {
    const { session, library } = this.#parts;
    const chosen = chosenIds(keys);
    const { folders } = library.places;
    if (isWithin(folders, into, chosen.folders)) {
      this.#parts.toasts.show(t('places.notIntoItself'));
      return false;
    }
    const name = folders.find((folder) => folder.id === into)?.name;
    const done = await session.attempt(session.backend.movePlaces(chosen, into));
    if (!done) return false;
    this.cut = new Set();
    const text =
      name === undefined
        ? t('places.movedOut', { count: keys.size })
        : t('places.moved', { count: keys.size, name });
    await this.#finish(done, text);
    return true;
  }

  async unsubscribe(chosen: ChosenPlaces): Promise<boolean> {
    const { session } = this.#parts;
    const done = await session.attempt(session.backend.unsubscribe(chosen));
    if (!done) return false;
    await this.#finish(done, t('places.unsubscribed', { count: done.changed }));
    return true;
  }

  async #finish({ token }: Undoable, text: string): Promise<void> {
    const { toasts, actions, refresh } = this.#parts;
    this.clear();
    toasts.show(text, { label: t('undo'), undoes: true, run: () => void actions.undo(token) });
    await refresh.reloadAll();
  }

  cutRows(key: string): void {
    this.cut = new Set(this.meant(key));
    this.#parts.toasts.show(t('places.cut', { count: this.cut.size, keys: combination('V') }));
  }

  /** Moves what was cut beside a feed, or into a folder. */
  paste(row: TreeRow): void {
    if (this.cut.size > 0) void this.move(this.cut, this.folderOf(row));
  }

  /** The folder that something dropped on a row goes into. */
  folderOf(row: TreeRow | undefined): number | null {
    if (!row) return null;
    if (row.kind === 'folder') return row.id;
    const { folders } = this.#parts.library.places;
    return folders.find((folder) => folder.id === row.feed.folder)?.id ?? null;
  }

  /** Removes feeds at once, since that can be undone; asks what to do with a folder's feeds. */
  remove(key: string): void {
    this.removeRows(this.meant(key));
  }

  removeRows(keys: ReadonlySet<string>): void {
    const chosen = chosenIds(keys);
    const [folder] = chosen.folders;
    if (folder === undefined) void this.unsubscribe(chosen);
    else if (chosen.folders.length === 1 && chosen.feeds.length === 0)
      this.#parts.dialogs.open({ kind: 'folder', id: folder });
    else this.#parts.dialogs.open({ kind: 'removePlaces', chosen });
  }

  rename(row: TreeRow): void {
    this.#parts.dialogs.open({ kind: row.kind, id: row.id });
  }

  askWhereTo(keys: ReadonlySet<string>): void {
    this.#parts.dialogs.open({ kind: 'movePlaces', keys });
  }
}
