// The three ways to add feeds: what is selected, and messages about problems.

import { expect, test, vi } from 'vitest';

import type {
  Backend,
  CatalogueCheck,
  CatalogueFeed,
  FoundKind,
  ProblemCode,
} from '../src/lib/backend';
import { Adding } from '../src/lib/firstrun/adding.svelte';
import { findingText } from '../src/lib/firstrun/catalogueNames';
import { describeFound } from '../src/lib/firstrun/foundFeeds';
import { OlderArticles } from '../src/lib/older/older.svelte';
import { i18n } from '../src/lib/i18n/i18n.svelte';

function row(title: string, codes: (ProblemCode | null)[] = [null]): CatalogueFeed {
  const addresses = codes.map((code, index) => ({
    url: `https://${title}.example/${index}`,
    kind: 'feed' as const,
    finding: code ? { at: 1_795_000_000, code, feed: null } : null,
  }));
  const site = `https://${title}.example/`;
  const places = { country: 'ID', region: 'ID-PS', city: 'Merauke' };
  return {
    title,
    addresses,
    site,
    topics: ['regional'],
    language: 'id',
    already: false,
    ...places,
  };
}

/** The check of a row whose last address answered, or none. */
function checked(one: CatalogueFeed, answers: boolean): CatalogueCheck {
  const { title, addresses, site } = one;
  const url = addresses.at(-1)?.url ?? '';
  return {
    title,
    addresses,
    feed: answers ? { ...feed(url), title: 'Its own title', site } : null,
  };
}

const feed = (url: string, already = false) => ({
  url,
  title: url,
  site: null,
  description: null,
  entries: 3,
  already,
  kind: 'feed' as const,
  page: null,
  archive: null,
});

function adding(parts: Partial<Backend>) {
  const done = vi.fn();
  return { done, state: new Adding(parts as Backend, done) };
}

test('older articles are offered where a chosen feed has an archive, and fetched', async () => {
  const paged = { ...feed('u1'), archive: 'wordPress' as const };
  const discover = vi
    .fn()
    .mockResolvedValue({ url: 'https://a.example/', feeds: [paged, feed('u2')] });
  const subscribe = vi.fn().mockResolvedValue({ added: [7, 8], already: [], secrets: 'none' });
  const places = vi.fn().mockResolvedValue({
    feeds: [
      { id: 7, url: 'u1' },
      { id: 8, url: 'u2' },
    ],
  });
  const fetchOlder = vi.fn().mockResolvedValue({ feed: 7 });
  const backend = { discover, subscribe, places, fetchOlder } as Partial<Backend> as Backend;
  const state = new Adding(backend, vi.fn(), new OlderArticles({ backend }));
  state.address = 'a.example';
  await state.find();
  expect(state.withArchive).toEqual(['u1']);
  state.toggle('u1');
  expect(state.withArchive).toEqual([]);
  state.choose(['u1', 'u2'], true);
  state.older.amount = '500';
  await state.subscribe();
  const request = { number: 500, since: null, megabytes: 50, unread: false };
  expect(fetchOlder).toHaveBeenCalledExactlyOnceWith(7, request);
});

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
  expect(subscribe).toHaveBeenCalledWith([
    { url: 'u1', title: 'u1', site: null, folder: [], page: null },
  ]);
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
    discover: () => Promise.resolve({ url: 'https://a.example/', feeds, guessed: false }),
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

test('addresses of the catalogue are tried before subscribing', async () => {
  const subscribe = vi.fn().mockResolvedValue({ added: [1], already: [], secrets: 'none' });
  const kabar = row('kabar', ['notFound', null]);
  const checkCatalogue = vi.fn().mockResolvedValue([checked(kabar, true)]);
  const catalogue = () => Promise.resolve([row('kabar', [null, null]), row('lain')]);
  const { state, done } = adding({ subscribe, checkCatalogue, catalogue });
  state.enter('catalogue');
  await state.loadCatalogue();
  state.toggle('kabar');
  const subscribing = state.subscribe();
  expect(state.checking).toBe(1);
  await subscribing;
  expect(state.checking).toBe(0);
  expect(checkCatalogue).toHaveBeenCalledExactlyOnceWith(['kabar']);
  const chosen = { url: 'https://kabar.example/1', title: 'kabar', site: 'https://kabar.example/' };
  expect(subscribe).toHaveBeenCalledExactlyOnceWith([{ ...chosen, folder: [], page: null }]);
  expect(done).toHaveBeenCalledExactlyOnceWith('none');
});

test('publishers that do not answer are listed and can be tried again', async () => {
  const subscribe = vi.fn().mockResolvedValue({ added: [1], already: [], secrets: 'none' });
  const dark = row('dark', ['tls']);
  const checkCatalogue = vi
    .fn()
    .mockResolvedValueOnce([checked(row('kabar'), true), checked(dark, false)])
    .mockResolvedValueOnce([checked(dark, true)]);
  const catalogue = () => Promise.resolve([row('kabar'), row('dark')]);
  const { state, done } = adding({ subscribe, checkCatalogue, catalogue });
  await state.loadCatalogue();
  state.choose(['kabar', 'dark'], true);
  await state.subscribe();
  expect(done).not.toHaveBeenCalled();
  expect(state.unanswered).toEqual(['dark']);
  expect([...state.chosen]).toEqual(['dark']);
  expect(state.added).toBe(1);
  expect(state.catalogue.map(({ already }) => already)).toEqual([true, false]);
  const [, after] = state.catalogue;
  expect(after && findingText(after)).toMatch(/Tidak menjawab pada .* 2026\. \S+/);
  await state.subscribe();
  expect(checkCatalogue).toHaveBeenLastCalledWith(['dark']);
  expect(done).toHaveBeenCalledOnce();
});

test('a check that fails as a whole subscribes to nothing', async () => {
  const offline = Object.assign(new Error('m'), { code: 'offline', detail: '' });
  const subscribe = vi.fn();
  const { state, done } = adding({
    subscribe,
    checkCatalogue: () => Promise.reject(offline),
    catalogue: () => Promise.resolve([row('kabar')]),
  });
  await state.loadCatalogue();
  state.toggle('kabar');
  await state.subscribe();
  expect(state.wrong).not.toBe('');
  expect([...state.chosen]).toEqual(['kabar']);
  expect(state.working).toBe(false);
  expect(subscribe).not.toHaveBeenCalled();
  expect(done).not.toHaveBeenCalled();
});

test.each([
  ['en', 'feed', '3 articles · u'],
  [
    'en',
    'newsSitemap',
    'News sitemap: titles and dates, texts from the articles’ pages · 3 articles · u',
  ],
  [
    'id',
    'newsSitemap',
    'Peta situs berita: judul dan tanggal, isinya diambil dari halaman artikel · 3 artikel · u',
  ],
  [
    'id',
    'sitemap',
    'Peta situs: halaman yang baru berubah, judulnya dibuat dari alamatnya · 3 artikel · u',
  ],
  [
    'en',
    'headlineList',
    'Headlines of this page: titles, texts from the articles’ pages · 3 articles · u',
  ],
] satisfies [string, FoundKind, string][])(
  'in %s a %s is said to be one',
  (language, kind, said) => {
    i18n.setLanguage(language);
    expect(describeFound({ ...feed('u'), kind })).toBe(said);
    i18n.setLanguage('id');
  },
);

test('a page is made a feed once its address was looked at, also where it has none', async () => {
  const subscribe = vi.fn<Backend['subscribe']>(() =>
    Promise.resolve({ added: [1], already: [], secrets: 'none' }),
  );
  const list = (selector: string, total: number) => ({ selector, total, items: [] });
  const previewPage = vi.fn<Backend['previewPage']>((url) =>
    Promise.resolve({
      url,
      title: 'Kabar',
      isList: true,
      lists: [list('.a', 9), list('.b', 4)],
      part: null,
    }),
  );
  const { state, done } = adding({
    discover: vi
      .fn<Backend['discover']>()
      .mockRejectedValue({ code: 'noFeed', message: '', detail: '' }),
    subscribe,
    previewPage,
  });
  state.address = 'kabar.example/daerah';
  expect(state.mayMakePage).toBe(false);
  await state.find();
  expect(state.wrong).not.toBe('');
  expect(state.mayMakePage).toBe(true);
  await state.choosePage();
  expect(previewPage).toHaveBeenCalledWith('https://kabar.example/daerah', null);
  expect(state.choice?.page).toEqual({ kind: 'headlineList', selector: '.a' });
  if (state.choice) state.choice.selector = '.b';
  await state.subscribeToPage();
  expect(subscribe.mock.lastCall?.[0]).toEqual([
    {
      url: 'https://kabar.example/daerah',
      title: 'Kabar',
      site: 'https://kabar.example/daerah',
      folder: [],
      page: { kind: 'headlineList', selector: '.b' },
    },
  ]);
  expect(done).toHaveBeenCalledOnce();
});

test('of an index the number of articles is not known', () => {
  const index = { ...feed('u', true), kind: 'newsSitemap' as const, entries: null };
  expect(describeFound(index)).toBe(
    'sudah berlangganan · Peta situs berita: judul dan tanggal, isinya diambil dari halaman artikel · u',
  );
});
