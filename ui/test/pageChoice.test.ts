// The choice of a part of a page as a feed.

import { expect, test, vi } from 'vitest';

import type { Backend, PageFeed, PagePreview } from '../src/lib/backend';
import { PageChoice } from '../src/lib/pages/pageChoice.svelte';

const list = (selector: string, total: number) => ({ selector, total, items: [] });

/** A page with two lists and a part `#harga`; the selector `.tiada` matches nothing. */
function page(address: string, chosen: PageFeed | null): Promise<PagePreview> {
  const found = [list('.a', 9), list('.b', 4)];
  const own =
    chosen?.kind === 'headlineList'
      ? [list(chosen.selector, chosen.selector === '.tiada' ? 0 : 2), ...found]
      : found;
  const part = chosen?.kind === 'watch' && chosen.selector === '#harga' ? 'Rp15.000' : null;
  return Promise.resolve({ url: address, title: 'Kabar', isList: true, lists: own, part });
}

function choice(before: PageFeed | null = null, previewPage: Backend['previewPage'] = page) {
  return new PageChoice({ previewPage } as Backend, 'https://kabar.example/', before);
}

test('the best list is chosen at first', async () => {
  const state = choice();
  expect(state.page).toBeNull();
  await state.show();
  expect(state.page).toEqual({ kind: 'headlineList', selector: '.a' });
});

test('a typed selector is chosen if it gives something, and said to match nothing if not', async () => {
  const state = choice();
  await state.show();
  state.typed = ' h2 a ';
  await state.show();
  expect(state.page).toEqual({ kind: 'headlineList', selector: 'h2 a' });
  expect(state.isNothing).toBe(false);
  state.typed = '.tiada';
  await state.show();
  expect([state.page, state.isNothing]).toEqual([null, true]);
  state.selector = '.b';
  expect(state.page).toEqual({ kind: 'headlineList', selector: '.b' });
});

test('a part can be watched only once it was shown', async () => {
  const state = choice();
  await state.show();
  state.kind = 'watch';
  expect(state.page).toBeNull();
  state.typed = '#tiada';
  await state.show();
  expect([state.page, state.isNothing]).toEqual([null, true]);
  state.typed = '#harga';
  await state.show();
  expect([state.page, state.isNothing]).toEqual([{ kind: 'watch', selector: '#harga' }, false]);
});

test('the rule that a feed has is shown first', async () => {
  const previewPage = vi.fn(page);
  const before: PageFeed = { kind: 'watch', selector: '#harga' };
  const state = choice(before, previewPage);
  await state.show();
  expect(previewPage).toHaveBeenCalledWith('https://kabar.example/', before);
  expect(state.page).toEqual(before);
});

test('a page that cannot be fetched is a problem and can be tried again', async () => {
  const previewPage = vi
    .fn<Backend['previewPage']>()
    .mockRejectedValueOnce({ code: 'fetchFailed', message: 'x', detail: 'timedOut' })
    .mockImplementation(page);
  const state = choice(null, previewPage);
  await state.show();
  expect(state.work.problem).not.toBe('');
  expect(state.page).toBeNull();
  await state.show();
  expect(state.work.problem).toBe('');
  expect(state.page).not.toBeNull();
});
