// Feed health: what is listed and chosen, and that each action is undone.

import { fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import { expect, test, vi } from 'vitest';

import { Root } from './root';
import type { Ailment, Backend, FeedHealth, FeedOffer, Rule } from '../src/lib/backend';
import { App } from '../src/lib/state/app.svelte';
import { accessible } from './accessible';
import { fixture, NOW, row } from './fixture';

// axe is slow on a busy machine.
vi.setConfig({ testTimeout: 30_000 });

const DAY = 86_400;

function health(feed: number, ailments: Ailment[], saved = 0): FeedHealth {
  return { feed, title: `Sumber ${feed}`, total: 120, saved, ailments };
}

const FEEDS = [
  health(1, [
    {
      kind: 'failing',
      failures: 9,
      succeededAt: NOW - 3 * DAY,
      problem: { code: 'notFound', detail: '404' },
    },
  ]),
  health(2, [{ kind: 'silent', newest: NOW - 90 * DAY, usualSeconds: 2 * DAY }], 4),
  health(3, [
    { kind: 'flood', aDay: 140 },
    { kind: 'neverRead', articles: 4200 },
  ]),
  health(4, [{ kind: 'duplicate', of: 2, ofTitle: 'Sumber 2', percent: 96 }]),
];

async function opened(change: Partial<Backend> = {}) {
  const of = fixture([row(1)], { feedHealth: () => Promise.resolve(FEEDS), ...change });
  const app = new App(of.backend);
  render(Root, { app });
  await app.start();
  await screen.findByTestId('front-page');
  app.dialogs.open({ kind: 'health' });
  const dialog = await screen.findByTestId('health');
  await screen.findByTestId('health-1');
  return { app, dialog };
}

const box = (feed: number) => within(screen.getByTestId(`health-${feed}`)).getByRole('checkbox');

test('every feed has its reasons with figures, and the dialog is accessible', async () => {
  const { dialog } = await opened();
  const said = (feed: number) => screen.getByTestId(`health-${feed}`).textContent;
  expect(said(1)).toMatch(/9 kali gagal/);
  expect(said(2)).toMatch(/biasanya satu tiap 2 hari/);
  expect(said(2)).toMatch(/4 artikel tersimpan ikut hilang/);
  expect(said(3)).toMatch(/140 artikel sehari/);
  expect(said(3)).toMatch(/4\.200 artikel dalam 30 hari/);
  expect(said(4)).toMatch(/96\s?% artikelnya juga ada di Sumber 2/);
  await accessible(dialog);
});

test('one kind is shown, and choosing all chooses what is shown', async () => {
  const unsubscribe = vi.fn().mockResolvedValue({ changed: 1, token: 5 });
  await opened({ unsubscribe });
  await fireEvent.click(screen.getByTestId('health-kind-flood'));
  expect(screen.queryByTestId('health-1')).toBeNull();
  await fireEvent.click(screen.getByTestId('health-all'));
  await fireEvent.click(screen.getByTestId('health-unsubscribe'));
  await waitFor(() =>
    expect(unsubscribe).toHaveBeenCalledExactlyOnceWith({ feeds: [3], folders: [] }),
  );
});

test('fetching less sets a day, and undo restores what was set', async () => {
  const before = [
    { feed: 2, everyMinutes: 0 },
    { feed: 4, everyMinutes: 30 },
  ];
  const setIntervals = vi.fn().mockResolvedValue(before);
  await opened({ setIntervals });
  await fireEvent.click(box(2));
  await fireEvent.click(box(4));
  await fireEvent.click(screen.getByTestId('health-less'));
  await waitFor(() =>
    expect(setIntervals).toHaveBeenLastCalledWith([
      { feed: 2, everyMinutes: 1440 },
      { feed: 4, everyMinutes: 1440 },
    ]),
  );
  await fireEvent.click(await screen.findByTestId('undo'));
  await waitFor(() => expect(setIntervals).toHaveBeenLastCalledWith(before));
});

test('muting is one rule for the chosen feeds, and undo removes it', async () => {
  const keepRule = vi.fn((rule: Rule) => Promise.resolve({ ...rule, id: 12 }));
  const removeRule = vi.fn().mockResolvedValue(undefined);
  await opened({ keepRule, removeRule });
  await fireEvent.click(box(3));
  await fireEvent.click(screen.getByTestId('health-mute'));
  await waitFor(() => expect(keepRule).toHaveBeenCalledOnce());
  expect(keepRule.mock.calls[0]?.[0]).toMatchObject({ feeds: [3], mute: true, words: [] });
  await fireEvent.click(await screen.findByTestId('undo'));
  await waitFor(() => expect(removeRule).toHaveBeenCalledExactlyOnceWith(12));
});

test('a failure is said, and the choice stays', async () => {
  await opened({
    unsubscribe: () =>
      Promise.reject(Object.assign(new Error('no space'), { code: 'diskFull', detail: '' })),
  });
  await fireEvent.click(box(1));
  await fireEvent.click(screen.getByTestId('health-unsubscribe'));
  await waitFor(() => expect(screen.getByRole('alert').textContent).toMatch(/\w/));
  expect((box(1) as HTMLInputElement).checked).toBe(true);
});

const OFFER: FeedOffer = {
  feed: 1,
  title: 'Sumber 1',
  from: 'https://satu.example/feed',
  to: {
    url: 'http://satu.example/rss.xml',
    title: 'Sumber 1',
    site: 'https://satu.example/',
    description: null,
    entries: 20,
    already: false,
    kind: 'feed',
    page: null,
    archive: null,
  },
  proof: { kind: 'articles', count: 7 },
  losesTls: true,
  newest: NOW - 3600,
  headlines: ['Warga menanam bakau'],
};

test('a new address is offered with its proof, taken, and taken back', async () => {
  let offers = [OFFER];
  const acceptOffer = vi.fn<Backend['acceptOffer']>(() => {
    offers = [];
    return Promise.resolve();
  });
  const takeBackAddress = vi.fn(() => Promise.resolve());
  const { dialog } = await opened({
    feedOffers: () => Promise.resolve(offers),
    acceptOffer,
    takeBackAddress,
  });
  const offer = await screen.findByTestId('offer-1');
  expect(offer.textContent).toContain('http://satu.example/rss.xml');
  expect(offer.textContent).toMatch(/7 artikel di sana sudah tersimpan/);
  expect(offer.textContent).toContain('tidak dienkripsi');
  expect(offer.textContent).toContain('Warga menanam bakau');
  await accessible(dialog);
  await fireEvent.click(screen.getByTestId('offer-accept-1'));
  await waitFor(() => expect(screen.queryByTestId('offer-1')).toBeNull());
  expect(acceptOffer).toHaveBeenCalledExactlyOnceWith(1);
  await fireEvent.click(screen.getByTestId('undo'));
  await waitFor(() => expect(takeBackAddress).toHaveBeenCalledExactlyOnceWith(1));
});

test('an address is looked for on request, and it is said that none was found', async () => {
  const lookForFeed = vi
    .fn<Backend['lookForFeed']>()
    .mockResolvedValueOnce(null)
    .mockResolvedValueOnce(OFFER);
  const declineOffer = vi.fn(() => Promise.resolve());
  await opened({ lookForFeed, declineOffer });
  // Only where another address may be the remedy.
  expect(screen.queryByTestId('offer-look-3')).toBeNull();
  await fireEvent.click(screen.getByTestId('offer-look-1'));
  await screen.findByText(/Tidak ada alamat baru/);
  await fireEvent.click(screen.getByTestId('offer-look-1'));
  await fireEvent.click(await screen.findByTestId('offer-decline-1'));
  await waitFor(() => expect(screen.queryByTestId('offer-1')).toBeNull());
  expect(declineOffer).toHaveBeenCalledOnce();
});
