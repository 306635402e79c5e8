// The three ways to add feeds: what is selected, and messages about problems.

import { expect, test, vi } from 'vitest';

import type { Backend } from '../src/lib/backend';
import { Adding } from '../src/lib/firstrun/adding.svelte';

const feed = (url: string, already = false) => ({
  url,
  title: url,
  site: null,
  description: null,
  entries: 3,
  already,
});

function adding(parts: Partial<Backend>) {
  const done = vi.fn();
  return { done, state: new Adding(parts as Backend, done) };
}

test('only a site’s main feed is preselected', async () => {
  const subscribe = vi.fn().mockResolvedValue({ added: [1], already: [], secrets: 'session' });
  const discover = vi
    .fn()
    .mockResolvedValue({ url: 'https://a.example/', feeds: [feed('u1'), feed('u2', true)] });
  const { state, done } = adding({ discover, subscribe });
  state.address = ' a.example ';
  await state.find();
  expect(discover).toHaveBeenCalledWith('a.example');
  expect([...state.chosen]).toEqual(['u1']);
  await state.subscribe();
  expect(subscribe).toHaveBeenCalledWith([{ url: 'u1', title: 'u1', site: null, folder: [] }]);
  expect(done).toHaveBeenCalledExactlyOnceWith('session');
});

test.each([
  [
    "comments and sections are the reader's choice",
    [feed('main'), feed('comments'), feed('sport')],
    ['main'],
  ],
  ['who has the main feed is offered the others', [feed('main', true), feed('sport')], []],
  ['an only feed is the main one', [feed('main')], ['main']],
  ['nothing is found', [], []],
])('%s', async (_, feeds, chosen) => {
  const { state } = adding({
    discover: () => Promise.resolve({ url: 'https://a.example/', feeds }),
  });
  state.address = 'a.example';
  await state.find();
  expect([...state.chosen]).toEqual(chosen);
  for (const { url, already } of feeds.slice(1)) {
    if (already) continue;
    state.toggle(url);
    expect(state.chosen.has(url)).toBe(true);
  }
});

test('switching the method while feeds are looked up keeps its selection', async () => {
  let answer: (found: unknown) => void = () => {};
  const discover = () => new Promise((resolve) => (answer = resolve)) as never;
  const { state } = adding({ discover, catalogue: () => Promise.resolve([]) });
  state.address = 'a.example';
  const finding = state.find();
  state.enter('catalogue');
  answer({ url: 'u', feeds: [feed('u1')] });
  await finding;
  expect(state.chosen.size).toBe(0);
  state.enter('address');
  expect([...state.chosen]).toEqual(['u1']);
});

test('trying another address is suggested only where it may help', async () => {
  const refuse = (code: string) =>
    adding({ discover: () => Promise.reject(Object.assign(new Error('m'), { code, detail: '' })) });
  for (const [code, hint] of [
    ['noFeed', 'add.tryAddress'],
    ['badAddress', 'add.tryAddress'],
    ['fetchFailed', 'add.tryReached'],
    ['offline', null],
    ['diskFull', null],
  ] as const) {
    const { state, done } = refuse(code);
    state.address = 'a.example';
    await state.find();
    expect(state.wrong).not.toBe('');
    expect(state.hint).toBe(hint);
    expect(state.finding).toBe(false);
    expect(done).not.toHaveBeenCalled();
  }
});

test('an unreadable file ends the import with a message', async () => {
  const { state } = adding({ importOpml: () => Promise.reject(new Error('x')) });
  await state.importDropped(new File(['x'], 'a.opml'));
  expect(state.working).toBe(false);
  expect(state.wrong).not.toBe('');
});
