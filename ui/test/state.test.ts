import { describe, expect, test, vi } from 'vitest';

import type { Failure } from '../src/lib/backend';
import { App } from '../src/lib/state/app.svelte';
import { Layout } from '../src/lib/state/layout.svelte';
import { ArticleListState, PAGE } from '../src/lib/state/list.svelte';
import { shownTheme } from '../src/lib/state/theme.svelte';
import { fixture, NOW, row } from './fixture';

const many = (count: number) => Array.from({ length: count }, (_, index) => row(index + 1));
const refusal: Failure = { code: 'diskFull', message: 'no space', detail: '' };

async function started(of: ReturnType<typeof fixture>): Promise<App> {
  const app = new App(of.backend);
  await app.start();
  await vi.waitFor(() => expect(app.front.page).not.toBeNull());
  return app;
}

async function inAll(of: ReturnType<typeof fixture>): Promise<App> {
  const app = await started(of);
  app.navigation.go({ kind: 'place', place: { kind: 'all' } });
  await vi.waitFor(() => expect(app.navigation.list?.loading).toBe(false));
  return app;
}

describe('a list', () => {
  test('loads page by page, without duplicates', async () => {
    const { backend } = fixture(many(PAGE + 40));
    const list = new ArticleListState(backend, { kind: 'all' });
    await list.load();
    expect(list.rows).toHaveLength(PAGE);
    expect(list.complete).toBe(false);
    await Promise.all([list.more(), list.more()]);
    expect(list.rows).toHaveLength(PAGE + 40);
    expect(list.complete).toBe(true);
  });

  test('keeps the items of unchanged rows when rows are appended, replaced or grouped anew', async () => {
    const rows = Array.from({ length: PAGE + 40 }, (_, index) =>
      row(index + 1, { time: NOW - index * 7200, feed: (index >> 3) % 2 }),
    );
    const of = fixture(rows);
    const list = new ArticleListState(of.backend, { kind: 'all' });
    const fresh = () => {
      const other = new ArticleListState(of.backend, { kind: 'all' });
      other.rows = list.rows;
      other.grouping = list.grouping;
      return other.items;
    };
    await list.load();
    const first = list.items;
    await list.more();
    expect(list.items).toEqual(fresh());
    expect(list.items.length).toBeGreaterThan(first.length);
    first.forEach((item, index) => expect(list.items[index]).toBe(item));
    list.rows = list.rows.filter(({ id }) => id !== 3);
    expect(list.items).toEqual(fresh());
    list.grouping = 'feed';
    expect(list.items).toEqual(fresh());
    list.grouping = 'none';
    expect(list.items).toEqual(fresh());
    list.rows = [];
    expect(list.items).toEqual([]);
  });

  test('inserts new articles at once while scrolled to the top', async () => {
    const of = fixture(many(3));
    const list = new ArticleListState(of.backend, { kind: 'all' });
    await list.load();
    of.rows.unshift(row(9, { time: NOW }));
    await list.refresh();
    expect(list.rows.map(({ id }) => id)).toEqual([9, 1, 2, 3]);
  });

  test('keeps new articles waiting while scrolled down', async () => {
    const of = fixture(many(3));
    const list = new ArticleListState(of.backend, { kind: 'all' });
    await list.load();
    list.atTop = false;
    of.rows.unshift(row(9, { time: NOW }));
    await list.refresh();
    expect(list.rows.map(({ id }) => id)).toEqual([1, 2, 3]);
    expect(list.waiting.map(({ id }) => id)).toEqual([9]);
    list.admit();
    expect(list.rows.map(({ id }) => id)).toEqual([9, 1, 2, 3]);
  });

  test('does not count older articles as new that move up after others were removed', async () => {
    const of = fixture(many(PAGE + 40));
    const list = new ArticleListState(of.backend, { kind: 'all' });
    await list.load();
    list.atTop = false;
    of.rows.splice(3, 2);
    await list.refresh();
    expect(list.waiting).toEqual([]);

    const between = of.rows[20]!.time;
    of.rows.splice(20, 0, row(9001, { time: between }));
    await list.refresh();
    expect(list.waiting.map(({ id }) => id)).toEqual([9001]);
  });

  test('counts an older article as new where the list ends within the page', async () => {
    const of = fixture(many(3));
    const list = new ArticleListState(of.backend, { kind: 'all' });
    await list.load();
    list.atTop = false;
    of.rows.push(row(9, { time: NOW - 400 * 86_400 }));
    await list.refresh();
    expect(list.waiting.map(({ id }) => id)).toEqual([9]);
  });

  test('puts a separator before each day', async () => {
    const noon = new Date(2026, 10, 24, 12).getTime() / 1000;
    const { backend } = fixture([row(1, { time: noon }), row(2, { time: noon - 86_400 })]);
    const list = new ArticleListState(backend, { kind: 'all' });
    await list.load();
    expect(list.items.map(({ kind }) => kind)).toEqual(['day', 'row', 'day', 'row']);
  });

  test('reports why it could not be loaded', async () => {
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- as the engine does
    const { backend } = fixture([], { list: () => Promise.reject(refusal) });
    const list = new ArticleListState(backend, { kind: 'all' });
    await list.load();
    expect(list.failure?.code).toBe('diskFull');
    expect(list.loading).toBe(false);
  });
});

describe('reading', () => {
  test('an opened article is read everywhere', async () => {
    const of = fixture(many(3));
    const app = await inAll(of);
    await app.reader.open(2);
    expect(app.reader.article?.row.id).toBe(2);
    expect(app.marks.isRead(row(2))).toBe(true);
    expect(of.backend.markOpened).toHaveBeenCalledWith(2);
  });

  test('a mark that the engine refuses is reverted with a toast', async () => {
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- as the engine does
    const of = fixture(many(3), { mark: () => Promise.reject(refusal) });
    const app = await inAll(of);
    app.reader.selected = 1;
    app.actions.toggleSaved();
    expect(app.marks.isSaved(row(1))).toBe(true);
    await vi.waitFor(() => expect(app.toasts.shown).toHaveLength(1));
    expect(app.marks.isSaved(row(1))).toBe(false);
    expect(app.toasts.shown[0]?.text).toMatch(/^Disk penuh/);
  });

  test('keys typed while a list is loading have their effect in order', async () => {
    const app = await inAll(fixture(many(4)));
    app.navigation.go({ kind: 'front' });
    app.navigation.go({ kind: 'place', place: { kind: 'all' } });
    expect(app.navigation.rows).toEqual([]);
    void app.navigation.step(1);
    void app.navigation.step(1);
    await app.navigation.openSelected();
    expect(app.reader.openId).toBe(2);
    app.navigation.go({ kind: 'front' });
    app.navigation.go({ kind: 'place', place: { kind: 'all' } });
    expect(app.navigation.rows).toEqual([]);
    await app.navigation.stepUnread(1);
    expect(app.reader.openId).not.toBeNull();
  });

  test('next selects without opening, and opens once an article is open', async () => {
    const app = await inAll(fixture(many(4)));
    await app.navigation.step(1);
    expect([app.reader.selected, app.reader.openId]).toEqual([1, null]);
    await app.navigation.openSelected();
    expect(app.reader.openId).toBe(1);
    await app.navigation.step(1);
    expect(app.reader.openId).toBe(2);
    await app.navigation.step(-1);
    await app.navigation.step(-1);
    expect(app.reader.openId, 'before the first there is nothing').toBe(1);
  });

  test('next unread skips read articles', async () => {
    const rows = [row(1), row(2, { read: true }), row(3, { read: true }), row(4)];
    const app = await inAll(fixture(rows));
    await app.reader.open(1);
    await app.navigation.stepUnread(1);
    expect(app.reader.openId).toBe(4);
    await app.navigation.stepUnread(1);
    expect(app.reader.openId, 'after the last there is nothing').toBe(4);
  });

  test('a late answer is not shown', async () => {
    const of = fixture(many(3));
    const app = await inAll(of);
    const slow = app.reader.open(1);
    app.reader.openId = 2;
    await slow;
    expect(app.reader.article?.row.id).not.toBe(1);
  });

  test('back closes the article, then leaves the story', async () => {
    const app = await started(fixture(many(3)));
    app.navigation.enter({ kind: 'story', id: 1 });
    await app.reader.open(1);
    app.navigation.back();
    expect([app.reader.openId, app.navigation.view.kind]).toEqual([null, 'story']);
    app.navigation.back();
    expect(app.navigation.view.kind).toBe('front');
  });
});

test('mark all read can be undone', async () => {
  const of = fixture(many(3));
  const app = await inAll(of);
  await app.actions.markAllRead();
  expect(of.backend.markAllRead).toHaveBeenCalledWith(
    { kind: 'all' },
    { time: row(1).time, id: 1 },
  );
  const [toast] = app.toasts.shown;
  expect(toast?.text).toBe('3 artikel ditandai sudah dibaca');
  toast?.action?.run();
  await vi.waitFor(() => expect(of.backend.undo).toHaveBeenCalledWith(7));
});

test('search shows only the last query’s answer', async () => {
  const answers: ((total: number) => void)[] = [];
  const of = fixture([], {
    search: ({ query }) =>
      new Promise((resolve) =>
        answers.push((total) =>
          resolve({
            query,
            sort: 'relevance',
            total,
            hits: [{ row: row(total), title: [], passage: [] }],
            unindexed: 0,
            filters: [],
            problems: [],
          }),
        ),
      ),
  });
  const app = new App(of.backend);
  app.search.query = 'fer';
  const first = app.search.run();
  app.search.query = 'feri';
  const second = app.search.run();
  answers[1]?.(2);
  answers[0]?.(1);
  await Promise.all([first, second]);
  expect(app.search.hits.map((hit) => hit.row.id)).toEqual([2]);
  expect(app.search.answered).toBe('feri');
});

test('a sync shows its progress and result', async () => {
  const of = fixture(many(1));
  const app = await started(of);
  const progress = {
    total: 9,
    done: 4,
    failed: 1,
    newArticles: 2,
    bytes: 0,
    picturesLeft: 0,
  };
  of.emit({ type: 'syncProgress', progress });
  expect(app.sync.running).toBe(true);
  app.actions.startSync();
  expect(of.backend.sync, 'a running sync is not started again').not.toHaveBeenCalled();
  of.emit({
    type: 'syncFinished',
    report: {
      feeds: 9,
      fetched: 8,
      notModified: 0,
      failed: 3,
      new: 12,
      updated: 0,
      pictures: 0,
      leftForLater: 0,
      bytes: 0,
      seconds: 1,
      offline: false,
      portal: false,
      stopped: false,
    },
  });
  expect(app.sync.running).toBe(false);
  expect(app.sync.result).toBe('12 artikel baru');
});

test('a store that does not open is reported', async () => {
  const { backend } = fixture([], {
    overview: () =>
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- as the engine does
      Promise.reject({ code: 'inUse', message: 'locked', detail: '' } satisfies Failure),
  });
  const app = new App(backend);
  await app.start();
  expect([app.status, app.failure?.code]).toEqual(['failed', 'inUse']);
});

test('a damaged store is repaired on request, and the result shown', async () => {
  let damaged = true;
  const of = fixture(many(1));
  const { overview } = of.backend;
  of.backend.overview = () =>
    damaged
      ? // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- as the engine does
        Promise.reject({ code: 'damaged', message: '', detail: '' } satisfies Failure)
      : overview();
  of.backend.repair = vi.fn(() => {
    damaged = false;
    return Promise.resolve({
      at: NOW,
      automatic: false,
      articles: 120,
      withoutText: 2,
      feeds: 9,
      pictures: 0,
      stillDamaged: false,
      setAside: null,
      notes: ['the file `format` is missing; it is written again'],
      keptItems: 1,
      keptBytes: 2_000_000,
      unrepairedItems: 0,
    });
  });
  const app = new App(of.backend);
  await app.start();
  expect(app.failure?.code).toBe('damaged');
  await app.repair();
  expect(app.status).toBe('ready');
  expect(app.toasts.shown[0]?.text).toBe(
    'Sudah diperbaiki: 120 artikel dan 9 sumber dipulihkan. Teks 2 artikel hilang dan akan diambil lagi.',
  );
  app.toasts.shown[0]?.action?.run();
  expect(app.dialogs.current?.kind).toBe('repair');
});

test('an automatic repair is reported once', async () => {
  const of = fixture(many(1));
  const overview = await of.backend.overview();
  const report = {
    at: NOW,
    automatic: true,
    articles: 0,
    withoutText: 0,
    feeds: 0,
    pictures: 0,
    stillDamaged: false,
    setAside: null,
    notes: ['the search index was damaged and is rebuilt'],
    keptItems: 0,
    keptBytes: 0,
    unrepairedItems: 0,
  };
  of.backend.overview = () => Promise.resolve({ ...overview, repaired: report });
  const app = new App(of.backend);
  await app.start();
  expect(app.toasts.shown.map((toast) => toast.text)).toEqual([
    'Warta menemukan kerusakan pada datanya dan sudah memperbaikinya.',
  ]);
  app.toasts.act(app.toasts.shown[0]!);
  expect(app.dialogs.current?.kind).toBe('repair');
  await app.start();
  expect(app.toasts.shown).toEqual([]);
});

test('in a folder that cannot be written, opening an article marks nothing', async () => {
  const of = fixture(many(2));
  const overview = await of.backend.overview();
  of.backend.overview = () => Promise.resolve({ ...overview, readOnly: true });
  of.backend.markOpened = vi.fn(of.backend.markOpened);
  const app = new App(of.backend);
  await app.start();
  expect(app.session.readOnly).toBe(true);
  await app.reader.open(1);
  expect(app.reader.article?.row.id).toBe(1);
  expect(of.backend.markOpened).not.toHaveBeenCalled();
  expect(app.toasts.shown).toEqual([]);
});

test('settings that the engine refuses are reverted', async () => {
  const of = fixture(many(1), {
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- as the engine does
    setSettings: () => Promise.reject(refusal),
  });
  const app = await started(of);
  await app.session.changeSettings({ theme: 'dark', language: 'en' });
  expect([app.session.settings.theme, app.session.settings.language]).toEqual(['light', 'id']);
});

describe('the panes', () => {
  const storage = (): Storage => {
    const kept = new Map<string, string>();
    return {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
    } as unknown as Storage;
  };

  test('fold as the window narrows', () => {
    const layout = new Layout(null);
    for (const [width, fold] of [
      [1280, 'three'],
      [900, 'two'],
      [620, 'one'],
    ] as const) {
      layout.windowWidth = width;
      expect(layout.fold, `${width}`).toBe(fold);
    }
  });

  test('keep their sizes and which are hidden', () => {
    const kept = storage();
    const layout = new Layout(kept);
    layout.resize('list', 420);
    layout.resize('places', 9999);
    layout.toggle('places');
    const again = new Layout(kept);
    expect(again.widths).toEqual({ list: 420, places: 340 });
    expect(again.hidden).toEqual(['places']);
  });

  test('use the defaults when stored values are damaged', () => {
    const kept = storage();
    for (const damaged of ['{', '{"list":"x","hidden":["nothing"],"closedFolders":["a"]}']) {
      kept.setItem('warta.panes', damaged);
      const layout = new Layout(kept);
      expect([layout.widths.list, layout.hidden, layout.closedFolders]).toEqual([372, [], []]);
    }
  });
});

test.each([
  ['system', false, false, 'light'],
  ['system', true, false, 'dark'],
  ['system', false, true, 'contrast'],
  ['system', true, true, 'contrast-dark'],
  ['light', true, true, 'light'],
  ['sepia', true, false, 'sepia'],
  ['contrast', true, false, 'contrast-dark'],
] as const)('theme %s in dark %s, contrast %s is %s', (theme, dark, contrast, shown) => {
  expect(shownTheme(theme, dark, contrast)).toBe(shown);
});

test('a removed place is left', async () => {
  const of = fixture(many(2));
  const app = await started(of);
  app.navigation.go({ kind: 'place', place: { kind: 'feed', id: 1 } });
  const { places } = await of.backend.overview();
  vi.mocked(of.backend.places).mockResolvedValueOnce({ ...places, feeds: [] });
  await app.refresh.reloadPlaces();
  expect(app.navigation.view.kind).toBe('front');
});

test('a second start does not listen twice', async () => {
  const of = fixture(many(1));
  const app = await started(of);
  await app.start();
  expect(of.backend.listen).toHaveBeenCalledOnce();
});
