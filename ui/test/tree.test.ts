// The sidebar's tree: order, filter, what is hidden, and its keys.

import { expect, test } from 'vitest';

import type { FeedPlace, FolderPlace } from '../src/lib/backend';
import {
  between,
  chosenIds,
  folderList,
  folderPath,
  isWithin,
  sortPlaces,
  treeMove,
  treeRows,
  type TreeOptions,
  type TreeRow,
} from '../src/lib/places/tree';

const OPTIONS: TreeOptions = { closed: new Set(), filter: '', hideRead: false, keep: new Set() };

function folder(id: number, name: string, parent: number | null, unread = 1): FolderPlace {
  return { id, name, parent, count: { total: 9, unread } };
}

function feed(id: number, title: string, within: number | null, unread = 1): FeedPlace {
  return {
    id,
    title,
    customTitle: null,
    url: `https://host${id}.example:8017/feed`,
    site: null,
    folder: within,
    icon: null,
    language: null,
    count: { total: 9, unread },
    paused: false,
    failure: null,
    checkedAt: null,
    nextDueAt: null,
  };
}

const FOLDERS = [
  folder(1, 'Berita', null),
  folder(2, 'Kota', 1),
  folder(3, 'Kosong', null, 0),
  folder(4, 'berita 2', null, 0),
];
const FEEDS = [
  feed(1, 'Kanal 10', 1),
  feed(2, 'Kanal 9', 1, 0),
  feed(3, 'Émisi', 2),
  feed(4, 'Zebra', null, 0),
  feed(5, 'awan', null),
  feed(6, 'Hilang', 77, 0),
  feed(7, 'Sepi', 4, 0),
];

function rows(options: Partial<TreeOptions> = {}, folders = FOLDERS, feeds = FEEDS): TreeRow[] {
  return treeRows(sortPlaces(folders, feeds, 'id'), { ...OPTIONS, ...options });
}

const drawn = (some: TreeRow[]) => some.map((row) => `${'  '.repeat(row.level - 1)}${row.name}`);

test('folders come before feeds, by name, with numbers by value', () => {
  expect(drawn(rows())).toEqual([
    'Berita',
    '  Kota',
    '    Émisi',
    '  Kanal 9',
    '  Kanal 10',
    'berita 2',
    '  Sepi',
    'Kosong',
    'awan',
    'Hilang',
    'Zebra',
  ]);
  const kanal = rows().find((row) => row.name === 'Kanal 9');
  expect([kanal?.level, kanal?.position, kanal?.siblings, kanal?.parent]).toEqual([
    2,
    2,
    3,
    'folder-1',
  ]);
});

test('what is in a closed folder has no rows', () => {
  expect(drawn(rows({ closed: new Set([1, 4]) }))).toEqual([
    'Berita',
    'berita 2',
    'Kosong',
    'awan',
    'Hilang',
    'Zebra',
  ]);
});

test('the filter finds names without accents, and opens the folders around them', () => {
  const closed = new Set([1, 2]);
  expect(drawn(rows({ closed, filter: 'EMI' }))).toEqual(['Berita', '  Kota', '    Émisi']);
  expect(drawn(rows({ filter: '9 kanal' }))).toEqual(['Berita', '  Kanal 9']);
  expect(drawn(rows({ filter: 'host5' }))).toEqual(['awan']);
  // Neither the port nor the path of an address is searched.
  expect(rows({ filter: '8017' })).toEqual([]);
  expect(rows({ filter: 'feed' })).toEqual([]);
  // A folder that is found shows all that is in it.
  expect(drawn(rows({ closed, filter: 'kota' }))).toEqual(['Berita', '  Kota', '    Émisi']);
  expect(drawn(rows({ filter: 'kosong' }))).toEqual(['Kosong']);
  expect(rows({ filter: 'tidak ada' })).toEqual([]);
});

test('read feeds are hidden, but not the one in use', () => {
  const shown = ['Berita', '  Kota', '    Émisi', '  Kanal 10', 'awan'];
  expect(drawn(rows({ hideRead: true }))).toEqual(shown);
  expect(drawn(rows({ hideRead: true, keep: new Set(['feed-7']) }))).toEqual([
    ...shown.slice(0, 4),
    'berita 2',
    '  Sepi',
    'awan',
  ]);
  expect(drawn(rows({ hideRead: true, filter: 'zebra' }))).toEqual(['Zebra']);
});

test('arrow keys move, open and close as in the ARIA tree pattern', () => {
  const open = rows();
  const closed = rows({ closed: new Set([1]) });
  const at = (some: TreeRow[], name: string) => some.findIndex((row) => row.name === name);
  const move = (some: TreeRow[], name: string, key: string, rtl = false) =>
    treeMove(some, at(some, name), key, rtl);
  expect(move(open, 'Berita', 'ArrowDown')).toEqual({ kind: 'go', to: 1 });
  expect(move(open, 'Berita', 'ArrowUp')).toEqual({ kind: 'go', to: 0 });
  expect(move(open, 'Berita', 'End')).toEqual({ kind: 'go', to: open.length - 1 });
  expect(move(open, 'Zebra', 'ArrowDown')).toEqual({ kind: 'go', to: open.length - 1 });
  expect(move(open, 'Zebra', 'Home')).toEqual({ kind: 'go', to: 0 });
  expect(move(open, 'Berita', 'ArrowRight')).toEqual({ kind: 'go', to: 1 });
  expect(move(closed, 'Berita', 'ArrowRight')).toEqual({ kind: 'open', folder: 1 });
  expect(move(open, 'Berita', 'ArrowLeft')).toEqual({ kind: 'close', folder: 1 });
  expect(move(open, 'Émisi', 'ArrowLeft')).toEqual({ kind: 'go', to: at(open, 'Kota') });
  expect(move(closed, 'Berita', 'ArrowLeft')).toBeNull();
  expect(move(open, 'Zebra', 'ArrowRight')).toBeNull();
  expect(move(open, 'Kosong', 'ArrowRight')).toBeNull();
  expect(move(closed, 'Berita', 'ArrowLeft', true)).toEqual({ kind: 'open', folder: 1 });
  expect(treeMove([], 0, 'ArrowDown', false)).toBeNull();
});

test('a range is chosen in both directions', () => {
  expect(between(rows(), 'folder-2', 'feed-2')).toEqual(['folder-2', 'feed-3', 'feed-2']);
  expect(between(rows(), 'feed-2', 'folder-2')).toEqual(['folder-2', 'feed-3', 'feed-2']);
  expect(between(rows(), 'feed-99', 'feed-2')).toEqual(['feed-2']);
  expect(chosenIds(['folder-2', 'feed-31'])).toEqual({ feeds: [31], folders: [2] });
});

test('paths and what is inside are known, and circles end', () => {
  expect(folderPath(FOLDERS, 2)).toEqual(['Berita', 'Kota']);
  expect(folderPath(FOLDERS, null)).toEqual([]);
  expect(isWithin(FOLDERS, 2, [1])).toBe(true);
  expect(isWithin(FOLDERS, 1, [2])).toBe(false);
  expect(isWithin(FOLDERS, null, [1])).toBe(false);
  const circle = [folder(1, 'A', 2), folder(2, 'B', 1)];
  expect(isWithin(circle, 1, [9])).toBe(false);
  expect(folderPath(circle, 1).length).toBeLessThan(5);
  expect(folderList(FOLDERS, 'id').map(({ level }) => level)).toEqual([1, 2, 1, 1]);
});

test('5,000 feeds in 50 nested folders are arranged within a frame', () => {
  const folders = Array.from({ length: 50 }, (_, n) =>
    folder(n + 1, `Folder ${n + 1}`, n < 10 ? null : (n % 10) + 1),
  );
  const feeds = Array.from({ length: 5000 }, (_, n) => feed(n + 1, `Feed ${n + 1}`, (n % 50) + 1));
  const sorted = sortPlaces(folders, feeds, 'id');
  treeRows(sorted, OPTIONS);
  const began = performance.now();
  expect(treeRows(sorted, OPTIONS)).toHaveLength(5050);
  expect(performance.now() - began).toBeLessThan(50);
});
