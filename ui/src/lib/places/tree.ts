// The sidebar's tree of folders and feeds: which rows it shows, in which order, and where its keys
// lead (the ARIA tree pattern). Pure: nothing here knows the DOM or the app's state.

import type { FeedPlace, FolderPlace } from '../backend';

export type TreeRow = FolderRow | FeedRow;

interface Shared {
  /** `folder-3` or `feed-7`. */
  key: string;
  id: number;
  name: string;
  /** From 1. */
  level: number;
  /** The key of the folder's row that it is in. */
  parent: string | null;
  /** Its position among its siblings, from 1, and their number. */
  position: number;
  siblings: number;
}

export interface FolderRow extends Shared {
  kind: 'folder';
  folder: FolderPlace;
  open: boolean;
  /** Whether there is anything to open. */
  empty: boolean;
}

export interface FeedRow extends Shared {
  kind: 'feed';
  feed: FeedPlace;
}

/** Folders and feeds by the folder they are in, in the order shown. */
export interface SortedPlaces {
  folders: ReadonlyMap<number | null, FolderPlace[]>;
  feeds: ReadonlyMap<number | null, FeedPlace[]>;
}

export interface TreeOptions {
  closed: ReadonlySet<number>;
  /** Shows only what has these words in its name or host, with the folders around it. */
  filter: string;
  /** Leaves out feeds without unread articles, and folders of such feeds only. */
  hideRead: boolean;
  /** Keys of rows that are shown even if they are read: those in use. */
  keep: ReadonlySet<string>;
}

export const folderKey = (id: number): string => `folder-${id}`;
export const feedKey = (id: number): string => `feed-${id}`;

/** Groups by folder and sorts by name: numbers by value, upper and lower case as one. */
export function sortPlaces(
  folders: readonly FolderPlace[],
  feeds: readonly FeedPlace[],
  locale: string,
): SortedPlaces {
  const collator = new Intl.Collator(locale, { numeric: true, sensitivity: 'base' });
  const known = new Set(folders.map((folder) => folder.id));
  const inside = (id: number | null): number | null => (id !== null && known.has(id) ? id : null);
  const sorted: SortedPlaces = {
    folders: group(folders, (folder) => inside(folder.parent)),
    feeds: group(feeds, (feed) => inside(feed.folder)),
  };
  for (const some of sorted.folders.values())
    some.sort((a, b) => collator.compare(a.name, b.name) || a.id - b.id);
  for (const some of sorted.feeds.values())
    some.sort((a, b) => collator.compare(a.title, b.title) || a.id - b.id);
  return sorted;
}

function group<T>(all: readonly T[], by: (one: T) => number | null): Map<number | null, T[]> {
  const groups = new Map<number | null, T[]>();
  for (const one of all) {
    const key = by(one);
    const some = groups.get(key);
    if (some) some.push(one);
    else groups.set(key, [one]);
  }
  return groups;
}

/** The rows from top to bottom; what is in closed folders has none. */
export function treeRows(places: SortedPlaces, options: TreeOptions): TreeRow[] {
  const words = fold(options.filter)
    .split(/\s+/)
    .filter((word) => word !== '');
  const filtering = words.length > 0;
  const matches = (text: string) => {
    const folded = fold(text);
    return words.every((word) => folded.includes(word));
  };
  const rows: TreeRow[] = [];
  const shownFeed = (feed: FeedPlace, found: boolean): boolean => {
    if (filtering && !found && !matches(`${feed.title} ${host(feed)}`)) return false;
    return (
      filtering || !options.hideRead || feed.count.unread > 0 || options.keep.has(feedKey(feed.id))
    );
  };

  /** Adds what is directly in a folder; the number of rows on this level. */
  function add(within: number | null, level: number, found: boolean, target: TreeRow[]): number {
    const siblings: TreeRow[] = [];
    const parent = within === null ? null : folderKey(within);
    for (const folder of places.folders.get(within) ?? []) {
      const isFound = found || (filtering && matches(folder.name));
      const inner: TreeRow[] = [];
      const children = add(folder.id, level + 1, isFound, inner);
      const hidden = filtering
        ? children === 0 && !isFound
        : options.hideRead &&
          children === 0 &&
          folder.count.unread === 0 &&
          !options.keep.has(folderKey(folder.id));
      if (hidden) continue;
      const open = filtering || !options.closed.has(folder.id);
      const row: FolderRow = {
        kind: 'folder',
        key: folderKey(folder.id),
        id: folder.id,
        name: folder.name,
        level,
        parent,
        position: 0,
        siblings: 0,
        folder,
        open,
        empty: children === 0,
      };
      siblings.push(row);
      target.push(row);
      if (open) for (const one of inner) target.push(one);
    }
    for (const feed of places.feeds.get(within) ?? []) {
      if (!shownFeed(feed, found)) continue;
      const row: FeedRow = {
        kind: 'feed',
        key: feedKey(feed.id),
        id: feed.id,
        name: feed.title,
        level,
        parent,
        position: 0,
        siblings: 0,
        feed,
      };
      siblings.push(row);
      target.push(row);
    }
    siblings.forEach((row, at) => {
      row.position = at + 1;
      row.siblings = siblings.length;
    });
    return siblings.length;
  }

  add(null, 1, false, rows);
  return rows;
}

/** For comparing what is typed: without case and diacritics. */
export function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

/** Without the port, whose digits are nothing that a reader searches for. */
function host(feed: FeedPlace): string {
  return URL.canParse(feed.url) ? new URL(feed.url).hostname : '';
}

/** What a key does in the tree. */
export type TreeMove =
  { kind: 'go'; to: number } | { kind: 'open' | 'close'; folder: number } | null;

/** Where an arrow key leads from a row (ARIA tree pattern). `rtl`: right and left are exchanged. */
export function treeMove(
  rows: readonly TreeRow[],
  at: number,
  key: string,
  rtl: boolean,
): TreeMove {
  const row = rows[at];
  const last = rows.length - 1;
  const go = (to: number): TreeMove => ({ kind: 'go', to: Math.max(0, Math.min(last, to)) });
  if (last < 0) return null;
  switch (key) {
    case 'ArrowDown':
      return go(at + 1);
    case 'ArrowUp':
      return go(at - 1);
    case 'Home':
      return go(0);
    case 'End':
      return go(last);
    case rtl ? 'ArrowLeft' : 'ArrowRight':
      if (row?.kind !== 'folder' || row.empty) return null;
      return row.open ? go(at + 1) : { kind: 'open', folder: row.id };
    case rtl ? 'ArrowRight' : 'ArrowLeft': {
      if (row?.kind === 'folder' && row.open && !row.empty)
        return { kind: 'close', folder: row.id };
      const parent = rows.findIndex((one) => one.key === row?.parent);
      return parent < 0 ? null : go(parent);
    }
    default:
      return null;
  }
}

/** The keys of the rows from one to another, both included. */
export function between(rows: readonly TreeRow[], from: string, to: string): string[] {
  const a = rows.findIndex((row) => row.key === from);
  const b = rows.findIndex((row) => row.key === to);
  if (a < 0 || b < 0) return [to];
  return rows.slice(Math.min(a, b), Math.max(a, b) + 1).map((row) => row.key);
}

/** The ids of feeds and folders among keys. */
export function chosenIds(keys: Iterable<string>): { feeds: number[]; folders: number[] } {
  const chosen = { feeds: [] as number[], folders: [] as number[] };
  for (const key of keys) {
    const [kind, id] = key.split('-');
    (kind === 'folder' ? chosen.folders : chosen.feeds).push(Number(id));
  }
  return chosen;
}

/** The folder's names from the outermost inwards. */
export function folderPath(folders: readonly FolderPlace[], id: number | null): string[] {
  const names: string[] = [];
  let at = folders.find((folder) => folder.id === id);
  while (at && names.length <= folders.length) {
    names.unshift(at.name);
    const { parent } = at;
    at = folders.find((folder) => folder.id === parent);
  }
  return names;
}

/** Whether a folder is one of these or inside one of them. */
export function isWithin(
  folders: readonly FolderPlace[],
  id: number | null,
  outer: readonly number[],
): boolean {
  let at = id;
  for (let steps = 0; at !== null && steps <= folders.length; steps += 1) {
    if (outer.includes(at)) return true;
    at = folders.find((folder) => folder.id === at)?.parent ?? null;
  }
  return false;
}

/** All folders in the order of the tree, with their level from 1. */
export function folderList(
  folders: readonly FolderPlace[],
  locale: string,
): { folder: FolderPlace; level: number }[] {
  const options: TreeOptions = { closed: new Set(), filter: '', hideRead: false, keep: new Set() };
  const rows = treeRows(sortPlaces(folders, [], locale), options);
  return rows.flatMap((row) =>
    row.kind === 'folder' ? [{ folder: row.folder, level: row.level }] : [],
  );
}
