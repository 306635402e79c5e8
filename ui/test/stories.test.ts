// Stories, rules, saved searches and storage limits in the window.

import { fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, test, vi } from 'vitest';

import { Root } from './root';
import type { Backend, Rule } from '../src/lib/backend';
import { App } from '../src/lib/state/app.svelte';
import { choose } from './choosing';
import { accessible } from './accessible';
import { fixture, NOW, row, story, storyPage } from './fixture';

async function shown(change: Partial<Backend> = {}) {
  const of = fixture([row(1), row(2)], change);
  const app = new App(of.backend);
  const { container } = render(Root, { app });
  await app.start();
  await screen.findByTestId('front-page');
  return { app, of, container };
}

const quote = (article: number, text: string) => ({
  article,
  publisher: `Penerbit ${article}`,
  text,
  language: 'id',
  rightToLeft: false,
});

const whole = storyPage(1, {
  articles: [row(1), row(2), row(3, { publisher: 'Salinan Cepat' })],
  copies: [3],
  reports: [
    { article: 1, copies: [3] },
    { article: 2, copies: [] },
  ],
  summary: [quote(1, 'Empat puluh penumpang selamat.')],
  only: [quote(2, 'Santunan disiapkan Rp 90 juta.')],
  silent: ['Ekonomi', 'Olahraga'],
});

describe('a story’s page', () => {
  test('shows a summary and the articles in order, with copies under their source', async () => {
    const { app, container } = await shown({ story: () => Promise.resolve(whole) });
    app.navigation.enter({ kind: 'story', id: 1 });
    expect(await screen.findByTestId('story-summary')).toHaveTextContent('Empat puluh');
    const first = screen.getByTestId('report-1');
    expect(first).toHaveTextContent('Pertama');
    expect(first).toHaveTextContent('1 menyalin: Salinan Cepat');
    expect(screen.queryByTestId('report-3')).toBeNull();
    expect(screen.getByTestId('story-only')).toHaveTextContent('Santunan');
    expect(screen.getByTestId('story-silent')).toHaveTextContent('Ekonomi, Olahraga');
    await accessible(container);
  });

  test('can be followed and unfollowed', async () => {
    let followed = false;
    const followStory = vi.fn((_: number, follow: boolean) => {
      followed = follow;
      return Promise.resolve();
    });
    const { app } = await shown({
      story: () => Promise.resolve({ ...whole, story: { ...story(1), followed } }),
      followStory,
    });
    app.navigation.enter({ kind: 'story', id: 1 });
    const button = await screen.findByTestId('follow-story');
    await fireEvent.click(button);
    expect(followStory).toHaveBeenCalledWith(1, true);
    await waitFor(() => expect(button).toHaveAttribute('aria-pressed', 'true'));
    await fireEvent.keyDown(window, { key: 'w' });
    expect(followStory).toHaveBeenLastCalledWith(1, false);
  });

  test('can be muted, which leaves it, and unmuted', async () => {
    const { app, of } = await shown({ story: () => Promise.resolve(whole) });
    app.navigation.enter({ kind: 'story', id: 1 });
    await fireEvent.click(await screen.findByTestId('mute-story'));
    expect(of.backend.muteStory).toHaveBeenCalledWith(1);
    await screen.findByTestId('front-page');
    await fireEvent.click(await screen.findByTestId('undo'));
    expect(of.backend.unwatch).toHaveBeenCalledWith(5);
  });

  test('shows a toast for a development, which opens it', async () => {
    const { app, of } = await shown({ story: () => Promise.resolve(whole) });
    of.emit({
      type: 'noticed',
      notice: { title: 'Feri karam', text: 'Kabar Teluk: Nakhoda ditahan', article: 2, story: 2 },
    });
    const toast = await screen.findByTestId('toast');
    expect(toast).toHaveTextContent('Feri karam: Kabar Teluk: Nakhoda ditahan');
    await fireEvent.click(within(toast).getByTestId('undo'));
    await waitFor(() => expect(app.reader.openId).toBe(2));
    expect(app.navigation.view).toEqual({ kind: 'story', id: 2 });
  });
});

test('followed stories are on the front page', async () => {
  await shown({
    frontPage: () =>
      Promise.resolve({
        stories: [],
        followed: [{ ...story(7), followed: true }],
        latest: [],
        madeAt: NOW,
        gathering: false,
      }),
  });
  expect(await screen.findByText('Yang Anda ikuti')).toBeVisible();
  expect(screen.getByTestId('story-7')).toHaveTextContent('Diikuti');
});

test('opening an article marks what the engine reports', async () => {
  const { app, of } = await shown({ markOpened: vi.fn(() => Promise.resolve([1, 2])) });
  await app.reader.open(1);
  expect(of.backend.markOpened).toHaveBeenCalledWith(1);
  expect(app.marks.isRead(row(2))).toBe(true);
});

test('the current day or week is shown as now', async () => {
  const length = { day: 86_400, week: 7 * 86_400 };
  const pastTrending = vi.fn((period: 'day' | 'week') =>
    Promise.resolve({
      from: NOW - 3600,
      to: NOW - 3600 + length[period],
      stories: [],
      earlier: null,
      later: null,
    }),
  );
  await shown({ pastTrending });
  await fireEvent.click(await screen.findByTestId('open-past'));
  const page = await screen.findByTestId('past-page');
  await waitFor(() => expect(page).toHaveTextContent('Sedang tren · hari ini'));
  await fireEvent.click(screen.getByTestId('past-week'));
  await waitFor(() => expect(page).toHaveTextContent('Sedang tren · minggu ini'));
});

test('the trending history can be paged by day and week', async () => {
  const pastTrending = vi.fn((period: string, at: number | null) =>
    Promise.resolve({
      from: (at ?? NOW) - 30 * 86_400,
      to: (at ?? NOW) - 29 * 86_400,
      stories: [
        {
          headline: 'Feri karam',
          language: 'id',
          rightToLeft: false,
          publishers: ['Kabar Teluk', 'Harian Rimba'],
          articleCount: 3,
          firstAt: NOW,
          latestAt: NOW,
          articles: period === 'day' ? [row(1), row(2)] : [],
        },
      ],
      earlier: 123,
      later: null,
    }),
  );
  const { container } = await shown({ pastTrending });
  await fireEvent.click(await screen.findByTestId('open-past'));
  const past = await screen.findByTestId('past-story');
  expect(screen.getByTestId('past-page')).toHaveTextContent('Sedang tren · 4 minggu yang lalu');
  expect(past).toHaveTextContent('2 penerbit');
  await accessible(container);
  expect(screen.getByTestId('past-later')).toBeDisabled();
  await fireEvent.click(screen.getByTestId('past-earlier'));
  expect(pastTrending).toHaveBeenLastCalledWith('day', 123);
  await fireEvent.click(screen.getByTestId('past-week'));
  await waitFor(() => expect(screen.getByTestId('past-story')).toHaveTextContent('tidak disimpan'));
});

describe('a rule', () => {
  const typed = async (testid: string, value: string) =>
    fireEvent.input(await screen.findByTestId(testid), { target: { value } });

  test('needs a condition, can be tested, and is saved', async () => {
    const tryRule = vi.fn(() => Promise.resolve({ lookedAt: 1204, matching: 2, rows: [row(1)] }));
    const keepRule = vi.fn((rule: Rule) => Promise.resolve(rule));
    const { app, container } = await shown({ tryRule, keepRule });
    app.dialogs.open({ kind: 'rule' });
    await fireEvent.click(await screen.findByTestId('rule-try'));
    expect(screen.getByTestId('rule-problem')).toHaveTextContent('Isi kata');
    await typed('rule-words', 'Liga Satu, bola ');
    await choose('rule-ends', 'week');
    await fireEvent.click(screen.getByTestId('rule-try'));
    expect(await screen.findByTestId('rule-trial')).toHaveTextContent(
      '2 dari 1.204 artikel terbaru cocok',
    );
    await accessible(container);
    await fireEvent.click(screen.getByTestId('rule-keep'));
    await waitFor(() => expect(keepRule).toHaveBeenCalled());
    const kept = keepRule.mock.calls[0]?.[0];
    expect(kept).toMatchObject({ words: ['Liga Satu', 'bola'], mute: true, pattern: null });
    expect(kept?.endsAt).toBe(app.session.now + 7 * 86_400);
    await waitFor(() => expect(app.dialogs.current).toBeNull());
  });

  test('with an invalid expression shows a message', async () => {
    const refusal = Object.assign(new Error('no'), { code: 'badPattern', detail: '' });
    const { app } = await shown({ keepRule: () => Promise.reject(refusal) });
    app.dialogs.open({ kind: 'rule' });
    await typed('rule-pattern', '(');
    await fireEvent.click(screen.getByTestId('rule-keep'));
    expect(await screen.findByTestId('rule-problem')).toHaveTextContent(
      'Ekspresi reguler ini tidak valid.',
    );
  });
});

test('a search can be saved, shows its count, and can be removed with undo', async () => {
  const saveSearch = vi.fn((name: string, query: string) =>
    Promise.resolve({ id: 4, name, query }),
  );
  const { app, of } = await shown({
    saveSearch,
    searchCounts: () => Promise.resolve([{ id: 4, count: { total: 9, unread: 3 } }]),
  });
  app.navigation.startSearch();
  const field = await screen.findByTestId('search-field');
  await fireEvent.input(field, { target: { value: 'gempa palu' } });
  await fireEvent.keyDown(field, { key: 's', ctrlKey: true });
  expect(await screen.findByTestId('search-dialog')).toBeVisible();
  await fireEvent.input(screen.getByTestId('search-name'), { target: { value: 'Gempa' } });
  await fireEvent.click(screen.getByTestId('search-keep'));
  await waitFor(() => expect(saveSearch).toHaveBeenCalledWith('Gempa', 'gempa palu'));
  app.library.places = {
    ...app.library.places,
    searches: [{ id: 4, name: 'Gempa', query: 'gempa palu' }],
  };
  await app.library.countSearches();
  expect(screen.getByTestId('search-4')).toHaveTextContent('Gempa 3');
  app.dialogs.open({ kind: 'search', id: 4, name: 'Gempa', query: 'gempa palu' });
  await fireEvent.click(await screen.findByTestId('search-remove'));
  expect(of.backend.removeSearch).toHaveBeenCalledWith(4);
  await fireEvent.click(await screen.findByTestId('undo'));
  await waitFor(() => expect(saveSearch).toHaveBeenLastCalledWith('Gempa', 'gempa palu'));
});

test('storage limits can be set, and the space freed is shown', async () => {
  let tidied: { at: number; articles: number; pictures: number; freed: number; failure: null };
  tidied = { at: NOW - 7200, articles: 0, pictures: 0, freed: 0, failure: null };
  const { app, of, container } = await shown({
    usage: () =>
      Promise.resolve({
        articles: 9,
        bytesTotal: 84_000_000,
        bytesBodies: 21_000_000,
        bytesPictures: 58_000_000,
        bytesAudio: 0,
        bytesSearch: 5_000_000,
        bytesLists: 1_000_000,
        bytesDead: 2_000_000,
        feeds: [],
        tidied,
      }),
    freeSpace: vi.fn(() => {
      tidied = { at: NOW, articles: 120, pictures: 3, freed: 12_400_000, failure: null };
      return Promise.resolve(tidied);
    }),
  });
  app.dialogs.open({ kind: 'settings' });
  const said = await screen.findByTestId('settings-tidied');
  expect(said).toHaveTextContent('Tidak ada yang perlu dihapus');
  await choose('settings-keepDays', '90');
  expect(of.backend.setSettings).toHaveBeenCalledWith(expect.objectContaining({ keepDays: 90 }));
  await fireEvent.click(screen.getByTestId('settings-free'));
  await waitFor(() =>
    expect(said).toHaveTextContent('120 artikel dan 3 gambar dihapus; 12 MB dikosongkan.'),
  );
  await accessible(container);
});

test('the original of a pasted text is found, with a certainty', async () => {
  const { app, container } = await shown({
    findOriginal: () =>
      Promise.resolve({
        sure: 'sameText' as const,
        earliest: row(2),
        closest: row(1),
        story: 1,
        others: [row(3)],
      }),
  });
  await fireEvent.click(await screen.findByTestId('open-original'));
  await fireEvent.input(await screen.findByTestId('original-text'), {
    target: { value: 'Bu, ini benar tidak?' },
  });
  await fireEvent.click(screen.getByTestId('original-find'));
  expect(await screen.findByTestId('original-sure')).toHaveTextContent('Teks yang sama');
  await accessible(container);
  await fireEvent.click(screen.getByTestId('original-story'));
  expect(app.navigation.view).toEqual({ kind: 'story', id: 1 });
});

test('a toast is shown in the open dialog, where its button works', async () => {
  const { app } = await shown();
  const [run, undo] = [vi.fn(), vi.fn()];
  app.toasts.show('Sebelumnya');
  app.dialogs.open({ kind: 'rules' });
  const dialog = await screen.findByRole('dialog');
  app.toasts.show('Aturan dihapus', { label: 'Urungkan', run: undo, undoes: true });
  const note = await within(dialog).findByTestId('toast');
  expect(note).toHaveTextContent('Aturan dihapus');
  app.toasts.show('Masih ada', { label: 'Lihat', run });
  await fireEvent.click(await within(dialog).findByText('Lihat'));
  expect(run).toHaveBeenCalled();

  // Toasts from behind the dialog stay there; toasts from the dialog outlive it.
  app.toasts.show('Terakhir');
  await within(dialog).findByText('Terakhir');
  app.dialogs.close();
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(screen.getByText('Terakhir')).toBeVisible();

  // Undo works once after the toast has disappeared, and not while typing.
  await fireEvent.keyDown(screen.getByTestId('search-field'), { key: 'z', ctrlKey: true });
  expect(undo).not.toHaveBeenCalled();
  await fireEvent.keyDown(window, { key: 'z', ctrlKey: true });
  await fireEvent.keyDown(window, { key: 'z', ctrlKey: true });
  expect(undo).toHaveBeenCalledOnce();

  // Each toast undoes its own action.
  const [older, newer] = [vi.fn(), vi.fn()];
  app.toasts.show('Lama', { label: 'Urungkan', run: older, undoes: true });
  app.toasts.show('Baru', { label: 'Urungkan', run: newer, undoes: true });
  const [first] = await screen.findAllByTestId('undo');
  await fireEvent.click(first as HTMLElement);
  expect([older, newer].map((one) => one.mock.calls.length)).toEqual([1, 0]);
  app.toasts.undo();
  app.toasts.undo();
  expect(newer).toHaveBeenCalledOnce();
});

test('a sync that reached no site does not count', async () => {
  const { app, of } = await shown();
  const report = {
    feeds: 1,
    fetched: 0,
    notModified: 0,
    failed: 0,
    new: 0,
    updated: 0,
    pictures: 0,
    leftForLater: 0,
    bytes: 0,
    seconds: 1,
    offline: true,
    portal: false,
    stopped: false,
  };
  of.emit({ type: 'syncFinished', report });
  expect(app.sync.finishedAt).toBeNull();
  const said = screen.getByTestId('sync-result');
  await waitFor(() => expect(said).toHaveTextContent('Tidak ada situs yang bisa dihubungi'));
  expect(said).not.toHaveTextContent('Disinkronkan');
  of.emit({ type: 'syncFinished', report: { ...report, offline: false, new: 1, fetched: 1 } });
  expect(app.sync.finishedAt).not.toBeNull();
});
