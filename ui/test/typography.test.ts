import { expect, test } from 'vitest';

import { DEFAULT_SETTINGS } from '../src/lib/backend';
import { Keyboard } from '../src/lib/state/keys';
import { ArticleListState } from '../src/lib/state/list.svelte';
import { readingVariables, SCALES, scaleStep } from '../src/lib/state/typography';
import { fixture, row } from './fixture';

test('the interface scale goes by steps and stops at its bounds', () => {
  expect(scaleStep(100, 1)).toBe(110);
  expect(scaleStep(100, -1)).toBe(90);
  expect(scaleStep(104, 1)).toBe(110);
  expect(scaleStep(104, -1)).toBe(100);
  expect(scaleStep(Math.max(...SCALES), 1)).toBe(200);
  expect(scaleStep(Math.min(...SCALES), -1)).toBe(70);
});

test('an own font comes before the fallback and cannot leave its string', () => {
  const variables = (articleFont: string) =>
    readingVariables({ ...DEFAULT_SETTINGS, articleFont })['--read-face'];
  expect(variables('')).toBe('var(--serif)');
  expect(variables('Noto Serif')).toBe('"Noto Serif", var(--serif)');
  expect(variables('x"; color: red; \\')).toBe('"x; color: red; ", var(--serif)');
});

const press = (key: string, more: { dialog?: boolean; ctrlKey?: boolean } = {}) =>
  new Keyboard().press(
    { key, ctrlKey: more.ctrlKey ?? false, metaKey: false, altKey: false, shiftKey: false },
    {
      typing: false,
      onControl: false,
      onOpenRow: false,
      onRow: false,
      scrollsElsewhere: false,
      dialog: more.dialog ?? false,
    },
    0,
  )?.id ?? null;

test('the scale can be changed in dialogs, too; plus and equals sign are one key', () => {
  expect(press('+', { ctrlKey: true })).toBe('larger');
  expect(press('=', { ctrlKey: true, dialog: true })).toBe('larger');
  expect(press('-', { ctrlKey: true, dialog: true })).toBe('smaller');
  expect(press('0', { ctrlKey: true, dialog: true })).toBe('ownSize');
  expect(press('k', { ctrlKey: true, dialog: true })).toBeNull();
});

test('a list from the oldest on keeps its order when articles arrive', async () => {
  let rows = [row(3), row(2)];
  const { backend } = fixture([], { list: () => Promise.resolve({ rows, next: null }) });
  const list = new ArticleListState(backend, { kind: 'all' });
  list.order = 'oldest';
  await list.load();
  list.atTop = false;
  rows = [row(3), row(2), row(1)];
  await list.refresh();
  expect(list.rows.map(({ id }) => id)).toEqual([3, 2, 1]);
  expect(list.waiting).toEqual([]);
  expect(list.newest).toEqual({ time: row(1).time, id: 1 });
});

test('groups follow the feeds, and have no place in what one feed or a pack lists', async () => {
  const rows = [row(1, { feed: 1 }), row(2, { feed: 1 }), row(3, { feed: 2 })];
  const { backend } = fixture([], { list: () => Promise.resolve({ rows, next: null }) });
  const list = new ArticleListState(backend, { kind: 'all' });
  list.grouping = 'feed';
  await list.load();
  expect(list.items.map(({ kind }) => kind)).toEqual(['feed', 'row', 'row', 'feed', 'row']);
  expect(list.newest).toBeNull();
  const pack = new ArticleListState(backend, { kind: 'pack', id: 1 });
  pack.grouping = 'feed';
  expect([pack.byFeed, pack.canGroupByDay, pack.byTime]).toEqual([false, false, false]);
});
