// The search page: chips that mirror the query, the order, problems that are mended, the palette.

import { fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import { beforeEach, describe, expect, test, vi } from 'vitest';

import { Root } from './root';
import type {
  Backend,
  SearchFilter,
  SearchPage,
  SearchProblem,
  SearchRequest,
} from '../src/lib/backend';
import { t } from '../src/lib/i18n/i18n.svelte';
import { filterLabel, problemText } from '../src/lib/search/filterLabels';
import {
  filterText,
  mended,
  replacedBy,
  withFilter,
  without,
  withoutAll,
} from '../src/lib/search/queryText';
import { SETTINGS } from '../src/lib/settings/entries';
import { SECTIONS } from '../src/lib/settings/sections';
import { App } from '../src/lib/state/app.svelte';
import { accessible } from './accessible';
import { fixture, row } from './fixture';

// axe is slow on a busy machine and cannot run twice at a time.
vi.setConfig({ testTimeout: 30_000 });

function filter(kind: SearchFilter['kind'], text: string, query: string): SearchFilter {
  const start = query.indexOf(text);
  return {
    kind,
    value: text.split(':')[1]?.replaceAll('"', '') ?? '',
    name: null,
    negated: text.startsWith('-'),
    day: null,
    age: null,
    sort: null,
    start,
    end: start + text.length,
  };
}

const KINDS: Record<string, SearchFilter['kind']> = {
  'is:tersimpan': 'saved',
  'is:saved': 'saved',
  'is:belum-dibaca': 'unread',
  'is:unread': 'unread',
};

/** Reads the few operators that these tests use, as the engine would. */
function answer(request: SearchRequest): SearchPage {
  const { query } = request;
  const filters: SearchFilter[] = [];
  const problems: SearchProblem[] = [];
  for (const [text] of query.matchAll(/-?[a-z]+:(?:"[^"]*"|\S+)/g)) {
    const plain = text.replace(/^-/, '');
    const kind = KINDS[plain];
    const start = query.indexOf(text);
    if (kind) filters.push(filter(kind, text, query));
    else if (/^(feed|sumber):/.test(plain)) filters.push(filter('feed', text, query));
    else if (/^(sort|urut):/.test(plain)) {
      const sort = /oldest|terlama/.test(plain) ? 'oldest' : 'newest';
      filters.push({ ...filter('sort', text, query), sort });
    } else {
      problems.push({
        kind: 'unknownOperator',
        text: 'fedd',
        operator: null,
        suggestion: 'feed:',
        replacement: text.replace('fedd', 'feed'),
        unfinished: start + text.length === query.length,
        start,
        end: start + text.length,
      });
    }
  }
  const hits = [1, 2].map((id) => ({
    row: row(id),
    title: [{ text: `Berita ${id}`, hit: true }],
    passage: [],
  }));
  return {
    query,
    sort: request.sort ?? 'relevance',
    hits,
    total: 2,
    unindexed: 0,
    filters,
    problems,
  };
}

async function searching(change: Partial<Backend> = {}, storage: Storage | null = null) {
  const of = fixture([row(1), row(2)], {
    search: vi.fn((request: SearchRequest) => Promise.resolve(answer(request))),
    ...change,
  });
  const app = new App(of.backend, storage);
  const shown = render(Root, { app });
  await app.start();
  await screen.findByTestId('front-page');
  return { app, of, ...shown };
}

async function typed(app: App, query: string) {
  app.search.type(query);
  await waitFor(() => expect(app.search.answered).toBe(query));
}

beforeEach(() => {
  document.body.style.minHeight = '1px';
});

describe('the text of a query', () => {
  test('gains and loses parts at their places', () => {
    const query = 'banjir feed:"Kabar Kota" kota';
    const part = filter('feed', 'feed:"Kabar Kota"', query);
    expect(without(query, part)).toBe('banjir kota');
    expect(without('feed:x banjir', { start: 0, end: 6 })).toBe('banjir');
    expect(without('banjir feed:x', { start: 7, end: 13 })).toBe('banjir');
    expect(
      withoutAll('a:b x c:d', [
        { start: 0, end: 3 },
        { start: 6, end: 9 },
      ]),
    ).toBe('x');
    expect(withFilter('banj', { kind: 'saved' })).toBe('is:tersimpan banj');
    expect(filterText({ kind: 'feed', value: 'Kabar "Kota"' })).toBe('sumber:"Kabar  Kota"');
    expect(filterText({ kind: 'language', value: 'en' })).toBe('bahasa:en');
    expect(filterText({ kind: 'after', value: '7d' })).toBe('sejak:7d');
    const problem = answer({ query: 'fedd:x y', limit: 1, offset: 0 }).problems[0];
    if (!problem) throw new Error('the operator is unknown');
    expect(mended('fedd:x y', problem)).toBe('feed:x y');
    expect(mended('fedd:x y', { ...problem, replacement: '' })).toBe('y');
  });

  test('has one date and one reading state, but any number of feeds', () => {
    const kinds = (['after', 'unread', 'feed', 'saved'] as const).map((kind) => ({
      ...filter(kind, '', ''),
    }));
    const replaced = (of: Parameters<typeof replacedBy>[0]) =>
      replacedBy(of, kinds).map(({ kind }) => kind);
    expect(replaced({ kind: 'on', value: 'x' })).toEqual(['after']);
    expect(replaced({ kind: 'read' })).toEqual(['unread']);
    expect(replaced({ kind: 'feed', value: 'x' })).toEqual([]);
    expect(replaced({ kind: 'saved' })).toEqual(['saved']);
  });

  test('every filter and problem has words', () => {
    const day = Date.UTC(2026, 0, 31) / 1000;
    const of = (kind: SearchFilter['kind'], more: Partial<SearchFilter> = {}) =>
      filterLabel({ ...filter(kind, '', ''), ...more });
    expect(of('after', { value: '2026-01-31', day })).toBe('Sejak 31 Jan 2026');
    expect(of('before', { value: '2026-01', day })).toBe('Sebelum Januari 2026');
    expect(of('on', { value: '2026', day })).toBe('Pada 2026');
    expect(of('on', { value: 'kemarin', day, age: { count: 1, unit: 'day' } })).toBe('Kemarin');
    expect(of('after', { day, age: { count: 7, unit: 'day' } })).toBe('7 hari terakhir');
    expect(of('before', { day, age: { count: 1, unit: 'year' } })).toBe('Lebih dari 1 tahun lalu');
    expect(of('language', { value: 'en' })).toBe('Bahasa: Inggris');
    expect(of('feed', { value: 'kab', name: 'Kabar', negated: true })).toBe('Bukan: Sumber: Kabar');
    const kinds = [
      'unknownOperator',
      'unknownValue',
      'unknownDate',
      'missingValue',
      'openQuote',
      'noSuchFeed',
      'noSuchFolder',
      'noSuchTag',
      'emptyRange',
      'tooManyWords',
    ] as const;
    for (const kind of kinds) {
      const problem: SearchProblem = {
        kind,
        text: 'kata',
        operator: 'is',
        suggestion: null,
        replacement: null,
        unfinished: false,
        start: 0,
        end: 1,
      };
      expect(problemText(problem)).not.toMatch(/search\.|\{/);
    }
  });
});

describe('the search page', () => {
  test('shows the filters as chips, which the keyboard removes', async () => {
    const { app } = await searching();
    app.navigation.startSearch();
    await typed(app, 'banjir is:saved -is:unread feed:teluk');
    const chips = await screen.findByTestId('search-chips');
    await waitFor(() => expect(within(chips).getByTestId('search-chip-saved')).toBeVisible());
    expect(within(chips).getByTestId('search-chip-unread')).toHaveTextContent(
      'Bukan: Belum dibaca',
    );
    expect(within(chips).getByTestId('search-chip-feed')).toHaveTextContent('Sumber: teluk');
    await accessible(chips);
    within(chips).getByTestId('search-chip-saved').focus();
    await fireEvent.keyDown(document.activeElement ?? chips, { key: 'ArrowRight' });
    expect(within(chips).getByTestId('search-chip-unread')).toHaveFocus();
    await fireEvent.keyDown(document.activeElement ?? chips, { key: 'Delete' });
    await waitFor(() => expect(app.search.query).toBe('banjir is:saved feed:teluk'));
    await waitFor(() => expect(within(chips).getByTestId('search-chip-feed')).toHaveFocus());
    await fireEvent.click(within(chips).getByTestId('search-chip-saved'));
    await waitFor(() => expect(app.search.query).toBe('banjir feed:teluk'));
    expect(within(chips).queryByTestId('search-chip-saved')).toBeNull();
  });

  test('offers the place from which the search began', async () => {
    const { app, of } = await searching();
    app.navigation.go({ kind: 'place', place: { kind: 'feed', id: 1 } });
    app.navigation.startSearch();
    const offer = await screen.findByTestId('search-here');
    expect(offer).toHaveTextContent('Di Kabar Teluk');
    app.search.type('banjir');
    await fireEvent.click(offer);
    await waitFor(() => expect(app.search.query).toBe('sumber:"Kabar Teluk" banjir'));
    expect(screen.queryByTestId('search-here')).toBeNull();
    expect(of.backend.search).toHaveBeenLastCalledWith(
      expect.objectContaining({ query: 'sumber:"Kabar Teluk" banjir' }),
    );
  });

  test('adds filters from the menu, and languages that there are', async () => {
    const { app } = await searching();
    app.navigation.startSearch();
    await typed(app, 'banjir');
    await fireEvent.click(await screen.findByTestId('search-add-filter'));
    await fireEvent.click(await screen.findByTestId('search-filter-saved'));
    await waitFor(() => expect(app.search.query).toBe('is:tersimpan banjir'));
    await fireEvent.click(screen.getByTestId('search-add-filter'));
    await fireEvent.click(await screen.findByTestId('search-filter-language'));
    const choices = await screen.findAllByTestId('search-filter-choice');
    expect(choices.map((one) => one.textContent)).toEqual(['Indonesia', 'Inggris']);
    await fireEvent.keyDown(screen.getByTestId('search-filter-find'), { key: 'Enter' });
    await waitFor(() => expect(app.search.query).toBe('bahasa:id is:tersimpan banjir'));
    await fireEvent.click(screen.getByTestId('search-add-filter'));
    await fireEvent.click(await screen.findByTestId('search-filter-date'));
    const set = (id: string, value: string) =>
      fireEvent.input(screen.getByTestId(id), { target: { value } });
    await set('search-date-from', '2026-01-01');
    await set('search-date-until', '2026-01-31');
    await fireEvent.click(screen.getByTestId('search-date-set'));
    await waitFor(() => expect(app.search.query).toContain('sejak:2026-01-01 sebelum:2026-02-01'));
  });

  test('keeps the order, unless the query has its own', async () => {
    const kept = new Map<string, string>();
    const storage = {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => kept.set(key, value),
    } as unknown as Storage;
    const { app, of, unmount } = await searching({}, storage);
    app.navigation.startSearch();
    await typed(app, 'banjir');
    await fireEvent.click(await screen.findByTestId('search-sort'));
    await fireEvent.click(await screen.findByTestId('search-sort-oldest'));
    await waitFor(() =>
      expect(of.backend.search).toHaveBeenLastCalledWith(
        expect.objectContaining({ query: 'banjir', sort: 'oldest' }),
      ),
    );
    expect(app.search.kept).toBe('banjir urut:terlama');
    app.memory.write();
    unmount();
    const again = await searching({}, storage);
    again.app.navigation.startSearch();
    await typed(again.app, 'banjir');
    expect(again.app.search.order).toBe('oldest');
    await typed(again.app, 'banjir sort:newest');
    expect(again.app.search.order).toBe('newest');
    await again.app.search.setSort('oldest');
    expect(again.app.search.query).toBe('banjir urut:terlama');
    again.app.navigation.openSearch('gempa');
    await waitFor(() => expect(again.app.search.answered).toBe('gempa'));
    expect(again.app.search.order).toBe('relevance');
  });

  test('says what is wrong once typing has stopped, and mends it', async () => {
    const { app } = await searching();
    app.navigation.startSearch();
    await typed(app, 'banjir fedd:teluk');
    expect(screen.queryByTestId('search-mend')).toBeNull();
    app.search.settle();
    const problems = await screen.findByTestId('search-problems');
    await waitFor(() => expect(problems).toHaveTextContent('Tidak ada operator “fedd:”'));
    expect(problems).toHaveTextContent('Maksudnya “feed:”?');
    await fireEvent.click(screen.getByTestId('search-mend'));
    await waitFor(() => expect(app.search.query).toBe('banjir feed:teluk'));
    await waitFor(() => expect(problems.textContent?.trim()).toBe(''));
    expect(await screen.findByTestId('search-chip-feed')).toBeVisible();
  });

  test('an edit of a query that has not been answered waits for its answer', async () => {
    const { app } = await searching();
    app.navigation.startSearch();
    await typed(app, 'is:saved banjir');
    const [chip] = app.search.filters;
    app.search.type('is:saved banjir besar');
    if (chip) await app.search.removeFilter(chip);
    expect(app.search.query).toBe('banjir besar');
  });

  test('its help puts examples into the query', async () => {
    const { app } = await searching();
    app.navigation.startSearch();
    await typed(app, 'banjir');
    app.dialogs.open({ kind: 'searchHelp' });
    const help = await screen.findByTestId('search-help');
    await accessible(help);
    await fireEvent.click(within(help).getByText('is:tersimpan'));
    expect(app.search.query).toBe('banjir is:tersimpan');
    expect(app.dialogs.current).toBeNull();
  });
});

describe('the palette', () => {
  test('falls through to articles, settings and keys', async () => {
    const { app, of } = await searching();
    app.dialogs.open({ kind: 'palette' });
    const field = await screen.findByTestId('palette-input');
    await fireEvent.input(field, { target: { value: 'banjir' } });
    const found = await screen.findByTestId('command-article-1');
    expect(found).toHaveTextContent('Berita 1');
    await fireEvent.click(found);
    await waitFor(() => expect(app.reader.openId).toBe(1));
    expect(app.navigation.view.kind).toBe('search');
    expect(app.search.query).toBe('banjir');

    app.dialogs.open({ kind: 'palette' });
    const again = await screen.findByTestId('palette-input');
    const thumbnails = t('settings.thumbnails');
    await fireEvent.input(again, { target: { value: thumbnails } });
    await fireEvent.click(await screen.findByTestId('command-setting-settings.thumbnails'));
    expect(await screen.findByTestId('settings-search')).toHaveValue(thumbnails);

    app.dialogs.open({ kind: 'palette' });
    const third = await screen.findByTestId('palette-input');
    expect(screen.queryByTestId('command-key-next')).toBeNull();
    await fireEvent.input(third, { target: { value: t('article.next') } });
    await fireEvent.click(await screen.findByTestId('command-key-next'));
    expect(await screen.findByTestId('keyboard-help')).toBeVisible();

    app.dialogs.open({ kind: 'palette' });
    const fourth = await screen.findByTestId('palette-input');
    await fireEvent.input(fourth, { target: { value: 'zzq' } });
    await fireEvent.click(await screen.findByTestId('command-search-all'));
    await waitFor(() => expect(app.search.answered).toBe('zzq'));
    expect(of.backend.search).toHaveBeenCalled();
  });

  test('knows every setting by the name that its section shows', async () => {
    const { app } = await searching();
    app.dialogs.open({ kind: 'settings' });
    await screen.findByTestId('settings-dialog');
    expect(Object.keys(SETTINGS)).toEqual(SECTIONS.map(({ id }) => id));
    for (const [section, keys] of Object.entries(SETTINGS)) {
      const shown = screen.getByTestId(`settings-section-${section}`);
      for (const key of keys) expect(shown, section).toHaveTextContent(t(key));
      const names = keys.map((key) => t(key));
      for (const label of shown.querySelectorAll('label, legend')) {
        const isOption = label.closest('fieldset') !== null && label.tagName === 'LABEL';
        const text = (label.textContent ?? '').trim();
        if (!isOption && text !== '')
          expect(
            names.some((name) => text.startsWith(name)),
            `${section}: ${text}`,
          ).toBe(true);
      }
    }
  });
});
