// Answers of the engine that arrive late: after newer answers, and after events that say something newer.
import { describe, expect, test, vi } from 'vitest';

import type { ArticleView, ForwardRecord, Places, Settings } from '../src/lib/backend';
import { Answers } from '../src/lib/state/answers';
import { App } from '../src/lib/state/app.svelte';
import { ArticleListState } from '../src/lib/state/list.svelte';
import { audio, enclosure, fixture, pack, row, URL_OF_EPISODE, view } from './fixture';

/** A request whose answers the test gives when it likes, in any order. */
function answering<T>() {
  const waiting: { resolve: (value: T) => void; reject: (reason: unknown) => void }[] = [];
  const ask = vi.fn(() => new Promise<T>((resolve, reject) => waiting.push({ resolve, reject })));
  return { ask, waiting };
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

describe('answers', () => {
  test('in order are all given', async () => {
    const answers = new Answers<number>();
    const [one, two] = [answers.of(Promise.resolve(1)), answers.of(Promise.resolve(2))];
    expect([await one, await two]).toEqual([1, 2]);
  });

  test('or failures of an earlier request are dropped once a later one is answered', async () => {
    const { ask, waiting } = answering<number>();
    const answers = new Answers<number>();
    const [one, two, three] = [answers.of(ask()), answers.of(ask()), answers.of(ask())];
    waiting[2]?.resolve(3);
    expect(await three).toBe(3);
    waiting[0]?.reject(new Error('late'));
    waiting[1]?.resolve(2);
    expect([await one, await two]).toEqual([undefined, undefined]);
  });

  test('have what events changed while they were on their way, and nothing older', async () => {
    const { ask, waiting } = answering<string>();
    const answers = new Answers<string>();
    answers.note((text) => `${text} before`);
    const one = answers.of(ask());
    answers.note((text) => `${text} a`);
    const two = answers.of(ask());
    answers.note((text) => `${text} b`);
    waiting[0]?.resolve('one');
    expect(await one).toBe('one a b');
    waiting[1]?.resolve('two');
    expect(await two).toBe('two b');
    const three = answers.of(Promise.resolve('three'));
    expect(await three).toBe('three');
  });
});

async function reading() {
  const stale = view(row(1), { enclosures: [enclosure(audio({ state: 'fetching', bytes: 9 }))] });
  const { ask, waiting } = answering<ArticleView>();
  const { backend, emit } = fixture([row(1), row(2)]);
  const app = new App(backend);
  await app.start();
  backend.article = vi.fn(() => Promise.resolve(stale));
  await app.reader.open(1);
  backend.article = ask;
  return {
    app,
    emit,
    stale,
    waiting,
    sound: () => app.reader.article?.enclosures[0]?.sound?.state,
  };
}

test('an article that was read before a download ended shows that it ended', async () => {
  const { app, emit, stale, waiting, sound } = await reading();
  const refreshed = app.reader.refresh();
  const kept = audio({ state: 'kept', bytes: 10, of: 10 });
  emit({ type: 'audioChanged', article: 1, url: URL_OF_EPISODE, audio: kept });
  expect(sound()).toBe('kept');
  waiting[0]?.resolve(stale);
  await refreshed;
  expect(sound()).toBe('kept');
});

test('an article that is opened shows a download that ended before the answer came', async () => {
  const { app, emit, stale, waiting, sound } = await reading();
  app.reader.close();
  const opened = app.reader.open(1);
  const kept = audio({ state: 'kept', bytes: 10, of: 10 });
  emit({ type: 'audioChanged', article: 1, url: URL_OF_EPISODE, audio: kept });
  waiting[0]?.resolve(stale);
  await opened;
  expect(sound()).toBe('kept');
});

test('a forward is in the article’s history once, whether the answer knows it or not', async () => {
  const { app, stale, waiting } = await reading();
  const record = { id: 7, article: 1 } as ForwardRecord;
  const ids = () => app.reader.article?.forwards.map(({ id }) => id);
  const older = app.reader.refresh();
  app.reader.addForward(record);
  waiting[0]?.resolve(stale);
  await older;
  expect(ids()).toEqual([7]);
  const newer = app.reader.refresh();
  app.reader.addForward(record);
  waiting[1]?.resolve({ ...stale, forwards: [record] });
  await newer;
  expect(ids()).toEqual([7]);
});

test('a pack that is done stays done when older places arrive', async () => {
  const { backend, emit } = fixture([]);
  const app = new App(backend);
  await app.start();
  const running = pack(1, { status: 'running', complete: 1 });
  const places: Places = { ...app.library.places, packs: [running] };
  app.library.setPlaces(places);
  const { ask, waiting } = answering<Places>();
  backend.places = ask;
  const loaded = app.library.load();
  emit({ type: 'packChanged', pack: { ...running, status: 'done', complete: 3 } });
  waiting[0]?.resolve(places);
  expect(await loaded).toBe(true);
  expect(app.library.places.packs[0]?.status).toBe('done');
});

test('a list keeps the newest answer', async () => {
  const { backend } = fixture([row(1)]);
  const list = new ArticleListState(backend, { kind: 'all' });
  await list.load();
  const { ask, waiting } = answering<Awaited<ReturnType<typeof backend.list>>>();
  backend.list = ask;
  const [older, newer] = [list.refresh(), list.refresh()];
  waiting[1]?.resolve({ rows: [row(1, { title: 'new' })], next: null });
  await newer;
  waiting[0]?.resolve({ rows: [row(1, { title: 'old' })], next: null });
  await older;
  expect(list.rows[0]?.title).toBe('new');
});

test('what was trending is shown for the period asked for last', async () => {
  const { backend } = fixture([]);
  const app = new App(backend);
  await app.start();
  const { ask, waiting } = answering<Awaited<ReturnType<typeof backend.pastTrending>>>();
  backend.pastTrending = ask;
  const day = app.past.load(null, 'day');
  const week = app.past.load(null, 'week');
  const answer = (title: string) =>
    ({ title }) as unknown as Awaited<ReturnType<typeof backend.pastTrending>>;
  waiting[1]?.resolve(answer('week'));
  waiting[0]?.resolve(answer('day'));
  await Promise.all([day, week]);
  expect(app.past.page).toEqual(answer('week'));
});

describe('settings', () => {
  async function changing() {
    const { backend } = fixture([]);
    const app = new App(backend);
    await app.start();
    const sent: Settings[] = [];
    const { ask, waiting } = answering<Settings>();
    backend.setSettings = (settings) => {
      sent.push(settings);
      return ask();
    };
    return { session: app.session, sent, waiting };
  }

  test('changed twice in a row are both kept, and stored one after the other', async () => {
    const { session, sent, waiting } = await changing();
    const first = session.changeSettings({ theme: 'dark' });
    const second = session.changeSettings({ markReadOnOpen: false });
    await settled();
    expect(sent).toHaveLength(1);
    waiting[0]?.resolve({ ...session.settings, markReadOnOpen: true });
    await first;
    expect(session.settings).toMatchObject({ theme: 'dark', markReadOnOpen: false });
    await settled();
    expect(sent[1]).toMatchObject({ theme: 'dark', markReadOnOpen: false });
    waiting[1]?.resolve(sent[1] as Settings);
    await second;
    expect(session.settings).toMatchObject({ theme: 'dark', markReadOnOpen: false });
  });

  test('that are refused are reverted alone', async () => {
    const { session, sent, waiting } = await changing();
    const before = session.settings.theme;
    const first = session.changeSettings({ theme: 'dark' });
    const second = session.changeSettings({ markReadOnOpen: false });
    await settled();
    waiting[0]?.reject({ code: 'diskFull', message: 'no space', detail: '' });
    await first;
    await settled();
    expect(sent[1]).toMatchObject({ theme: before, markReadOnOpen: false });
    waiting[1]?.resolve(sent[1] as Settings);
    await second;
    expect(session.settings).toMatchObject({ theme: before, markReadOnOpen: false });
  });
});
