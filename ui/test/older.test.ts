// Older articles in the feed's dialog: what is asked for, progress, result.

import { fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { expect, test, vi } from 'vitest';

import { Root } from './root';
import type { Backend, OlderRun } from '../src/lib/backend';
import { OlderChoice } from '../src/lib/older/older.svelte';
import { App } from '../src/lib/state/app.svelte';
import { accessible } from './accessible';
import { choose } from './choosing';
import { fixture, NOW, row } from './fixture';

// axe is slow on a busy machine.
vi.setConfig({ testTimeout: 30_000 });

const DAY = 86_400;
const RUN: OlderRun = {
  feed: 1,
  request: { number: 100, since: null, megabytes: 50, unread: false },
  kind: 'wordPress',
  running: true,
  articles: 40,
  oldest: NOW - 90 * DAY,
  newest: NOW - 30 * DAY,
  texts: 0,
  pages: 4,
  bytes: 1_200_000,
  end: null,
  code: null,
  hasMore: true,
};

test('older articles are fetched, stopped and reported in the feed’s dialog', async () => {
  const fetchOlder = vi.fn<Backend['fetchOlder']>(() => Promise.resolve(RUN));
  const stopOlder = vi.fn<Backend['stopOlder']>(() => Promise.resolve());
  const olderLimits: Backend['olderLimits'] = () =>
    Promise.resolve({ room: 60, keptSince: null, metered: true, overBudget: false });
  const of = fixture([row(1)], {
    olderRun: () => Promise.resolve(null),
    olderLimits,
    fetchOlder,
    stopOlder,
  });
  const app = new App(of.backend);
  render(Root, { app });
  await app.start();
  const [feed] = app.library.places.feeds;
  if (!feed) throw new Error('the fixture has feeds');
  app.dialogs.open({ kind: 'feed', id: feed.id });
  const dialog = await screen.findByTestId('feed-dialog');
  const part = await screen.findByTestId<HTMLDetailsElement>('feed-older');
  part.open = true;
  const older = screen.getByTestId('older');
  await waitFor(() => expect(older.textContent).toMatch(/60 artikel lagi/));
  expect(older.textContent).toMatch(/berkuota/);
  await accessible(dialog);

  await choose('older-amount', 'since');
  const button = screen.getByTestId<HTMLButtonElement>('older-fetch');
  expect(button.disabled).toBe(true);
  await fireEvent.input(screen.getByTestId('older-since'), { target: { value: '2026-01-31' } });
  await fireEvent.click(button);
  const since = new Date('2026-01-31T00:00:00').getTime() / 1000;
  expect(fetchOlder).toHaveBeenCalledExactlyOnceWith(feed.id, {
    number: null,
    since,
    megabytes: 50,
    unread: false,
  });
  expect((await screen.findByTestId('older-progress')).textContent).toMatch(/40 artikel/);
  await accessible(dialog);
  await fireEvent.click(screen.getByTestId('older-stop'));
  expect(stopOlder).toHaveBeenCalledExactlyOnceWith(feed.id);
  const run: OlderRun = { ...RUN, feed: feed.id, running: false, end: 'stopped', articles: 50 };
  app.refresh.handleEvent({ type: 'olderArticles', run });
  const result = await screen.findByTestId('older-result');
  expect(result.textContent).toMatch(/50 artikel dari .* sampai .* 1,2\sMB\. Dihentikan\./);
  expect(screen.getByTestId('older-fetch').textContent).toMatch(/Ambil lagi/);
  await accessible(dialog);
});

test('a choice without a day asks for nothing', () => {
  const choice = new OlderChoice();
  expect(choice.request).toBeNull();
  choice.amount = 'since';
  expect(choice.request).toBeNull();
  choice.amount = 'all';
  expect(choice.request).toEqual({ number: null, since: null, megabytes: 50, unread: false });
});
