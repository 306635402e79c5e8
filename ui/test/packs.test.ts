// Packs and full texts in the window.

import { fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { describe, expect, test, vi } from 'vitest';

import { Root } from './root';
import type { Backend, PackView } from '../src/lib/backend';
import { App } from '../src/lib/state/app.svelte';
import { accessible } from './accessible';
import { fixture, pack, row, view } from './fixture';

async function shown(packs: PackView[] = [], change: Partial<Backend> = {}) {
  const { backend, emit } = fixture([row(1), row(2)], change);
  const overview = await backend.overview();
  const places = { ...overview.places, packs };
  backend.overview = vi.fn(() => Promise.resolve({ ...overview, places }));
  backend.places = vi.fn(() => Promise.resolve(places));
  const app = new App(backend);
  const { container } = render(Root, { app });
  await app.start();
  await screen.findByTestId('front-page');
  return { app, backend, emit, container };
}

async function shownPack(one: PackView, change: Partial<Backend> = {}) {
  const all = await shown([one], change);
  all.app.navigation.go({ kind: 'place', place: { kind: 'pack', id: one.id } });
  await screen.findByTestId('pack-head');
  return all;
}

async function opened(change: Parameters<typeof view>[1]) {
  const all = await shown([], { article: vi.fn(() => Promise.resolve(view(row(1), change))) });
  await all.app.reader.open(1);
  await screen.findByTestId('article-title');
  return all;
}

describe('a pack', () => {
  test('shows at its end what is complete and what is missing, with reasons', async () => {
    await shownPack(
      pack(3, {
        lacks: [
          { what: 'pictures', code: 'notFound', articles: 2 },
          { what: 'text', code: 'unwelcome', articles: 1 },
        ],
      }),
    );
    expect(screen.getByTestId('pack-course').textContent).toContain(
      '312 dari 315 artikel lengkap · 84 MB',
    );
    const lacks = screen.getByTestId('pack-lacks').textContent;
    expect(lacks).toContain('2 dengan gambar yang kurang: sudah tidak ada');
    expect(lacks).toContain('1 tanpa teks lengkap: robots.txt situsnya');
    expect(screen.queryByTestId('pack-progress')).toBeNull();
  });

  test('can be paused and resumed', async () => {
    const running = pack(3, { status: 'running', tried: 20, articles: 40 });
    const { backend, emit } = await shownPack(running);
    const progress = screen.getByTestId('pack-progress');
    expect(progress.getAttribute('aria-valuenow')).toBe('20');
    emit({ type: 'packChanged', pack: { ...running, tried: 21 } });
    await waitFor(() => expect(progress.getAttribute('aria-valuenow')).toBe('21'));
    await fireEvent.click(screen.getByTestId('pack-pause'));
    expect(backend.pausePack).toHaveBeenCalledWith(3);
  });

  test('can be restored after its removal', async () => {
    const { backend } = await shownPack(pack(3));
    await fireEvent.click(screen.getByTestId('pack-remove'));
    await fireEvent.click(await screen.findByText('Urungkan'));
    await waitFor(() => expect(backend.undo).toHaveBeenCalledWith(11));
  });

  test('retries missing parts, but not while offline', async () => {
    const lacking = pack(3, { lacks: [{ what: 'text', code: 'timedOut', articles: 1 }] });
    const { emit } = await shownPack(lacking);
    expect(screen.getByTestId('pack-resume')).toBeEnabled();
    emit({ type: 'connectionChanged', connection: 'offline' });
    await waitFor(() => expect(screen.getByTestId('pack-resume')).toBeDisabled());
  });

  test('shows a toast when it completes in the background', async () => {
    const running = pack(3, { status: 'running', tried: 314 });
    const { emit } = await shown([running]);
    emit({ type: 'packChanged', pack: pack(3) });
    expect(await screen.findByText(/Paket siap: 312 dari 315 artikel lengkap/)).toBeVisible();
  });
});

describe('a new pack', () => {
  test('is made from the chosen sources, and opens', async () => {
    const { app, backend } = await shown([pack(9)]);
    await fireEvent.click(screen.getByTestId('new-pack'));
    await screen.findByTestId('pack-dialog');
    await waitFor(() =>
      expect(screen.getByTestId('pack-preview').textContent).toContain('Sekitar 24 artikel'),
    );
    await fireEvent.click(screen.getByTestId('pack-from-folder-1'));
    await fireEvent.click(screen.getByTestId('pack-create'));
    await waitFor(() => expect(screen.queryByTestId('pack-dialog')).toBeNull());
    expect(backend.createPack).toHaveBeenCalledWith({
      name: null,
      from: [{ kind: 'trending' }, { kind: 'folder', id: 1 }],
      minutes: 120,
      megabytes: null,
      pictures: true,
      sounds: false,
    });
    expect(app.navigation.view).toEqual({ kind: 'place', place: { kind: 'pack', id: 9 } });
  });

  test('cannot be made from nothing', async () => {
    await shown();
    await fireEvent.click(screen.getByTestId('new-pack'));
    await fireEvent.click(await screen.findByTestId('pack-from-trending'));
    expect(screen.getByTestId('pack-create')).toBeDisabled();
    expect(screen.getByTestId('pack-preview').textContent).toContain('Pilih setidaknya satu');
  });
});

test('a pack and the dialog that makes one are accessible', { timeout: 60_000 }, async () => {
  const { container } = await shownPack(
    pack(3, { lacks: [{ what: 'text', code: 'unwelcome', articles: 1 }] }),
  );
  await accessible(container);
  await fireEvent.click(screen.getByTestId('new-pack'));
  await screen.findByTestId('pack-dialog');
  await accessible(container);
});

describe('the text of an article', () => {
  test('is the longer one, and can be switched', async () => {
    const page = { status: 'shown', wordCount: 840, paywalled: false, problem: null } as const;
    const { backend } = await opened({ page, feedWords: 60 });
    expect(screen.getByTestId('text-page')).toHaveAttribute('aria-pressed', 'true');
    expect(screen.getByTestId('text-page')).toHaveTextContent('840 kata');
    await fireEvent.click(screen.getByTestId('text-feed'));
    expect(backend.chooseText).toHaveBeenCalledWith(1, false);
  });

  test('can be fetched if the feed’s is short; offline this is disabled with the reason', async () => {
    const { backend, emit } = await opened({ feedWords: 40 });
    await fireEvent.click(screen.getByTestId('get-text'));
    expect(backend.fetchFullText).toHaveBeenCalledWith(1);
    emit({ type: 'connectionChanged', connection: 'offline' });
    await waitFor(() => expect(screen.getByTestId('get-text')).toBeDisabled());
    expect(screen.getByText(/saat offline/)).toBeVisible();
  });

  test('shows why the full text could not be fetched', async () => {
    const problem = { code: 'unwelcome' as const, detail: '' };
    const page = { status: 'failed', wordCount: 0, paywalled: false, problem } as const;
    await opened({ feedWords: 40, page });
    expect(screen.getByTestId('text-problem')).toHaveTextContent('robots.txt');
  });

  test('offers no full text if the feed’s is complete', async () => {
    await opened({ feedWords: 400 });
    expect(screen.queryByTestId('get-text')).toBeNull();
    expect(screen.queryByTestId('text-choice')).toBeNull();
  });

  test('shows pictures on request if set so', async () => {
    const { app, backend } = await opened({ picturesMissing: 2 });
    expect(screen.queryByTestId('get-pictures')).toBeNull();
    app.session.settings = { ...app.session.settings, picturesOnRequest: true };
    await fireEvent.click(await screen.findByTestId('get-pictures'));
    expect(backend.fetchPictures).toHaveBeenCalledWith(1);
  });
});

test('the data saver shows a meter once a limit is set', async () => {
  const spent = { since: 0, bytes: 60_000_000, budget: 50_000_000, over: true };
  const { app } = await shown([], { traffic: vi.fn(() => Promise.resolve(spent)) });
  app.dialogs.open({ kind: 'settings' });
  await screen.findByTestId('traffic-meter');
  expect(screen.getByText('60 MB dari 50 MB bulan ini')).toBeVisible();
  expect(screen.getByText(/Batas data bulanan tercapai/)).toBeVisible();
  await fireEvent.click(screen.getByTestId('settings-auto-pack'));
  await waitFor(() => expect(app.session.settings.autoPack?.atMinute).toBe(360));
  expect(screen.getByTestId('settings-auto-at')).toHaveValue('360');
});
