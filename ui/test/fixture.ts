// An engine that answers from a table, and remembers what it was asked.

import { vi } from 'vitest';

import type {
  ArticleRow,
  ArticleView,
  Backend,
  Event,
  FeedActivity,
  FeedDetails,
  PackView,
  Forwarding,
  Story,
  StoryPage,
} from '../src/lib/backend';
import { USUAL_SETTINGS } from '../src/lib/backend';

export const NOW = 1_795_482_000;

export function row(id: number, more: Partial<ArticleRow> = {}): ArticleRow {
  return {
    id,
    feed: 1,
    publisher: 'Kabar Teluk',
    icon: null,
    title: `Berita ${id}`,
    url: `https://kabarteluk.example/${id}`,
    excerpt: 'Ringkasan.',
    time: NOW - id * 600,
    authors: [],
    language: 'id',
    rightToLeft: false,
    minutes: 3,
    thumbnail: null,
    read: false,
    saved: false,
    story: null,
    ...more,
  };
}

export function story(id: number, lead = row(id)): Story {
  return {
    id,
    headline: lead.title,
    lead,
    picture: null,
    publishers: ['Kabar Teluk', 'Harian Rimba'],
    articleCount: 2,
    firstAt: NOW - 3 * 3600,
    latestAt: NOW - 3 * 3600,
    phase: 'rising',
    course: [1, 2, 3],
    why: { publishers: 2, hours: 3, firstPublisher: 'Kabar Teluk', firstAt: NOW - 3 * 3600 },
    followed: false,
  };
}

export function storyPage(id: number, more: Partial<StoryPage> = {}): StoryPage {
  return {
    story: story(id),
    articles: [row(id), row(id + 1)],
    copies: [],
    summary: [],
    reports: [
      { article: id, copies: [] },
      { article: id + 1, copies: [] },
    ],
    only: [],
    silent: [],
    muted: false,
    ...more,
  };
}

export function view(of: ArticleRow, more: Partial<ArticleView> = {}): ArticleView {
  return {
    row: of,
    html: '<p>Isi berita.</p>',
    dateline: null,
    leadPicture: null,
    updated: null,
    enclosures: [],
    publisher: { name: of.publisher, host: null, site: null, channels: [] },
    story: null,
    forwards: [],
    comments: null,
    chapters: null,
    linkIsRedirect: false,
    picturesMissing: 0,
    page: { status: 'absent', wordCount: 0, paywalled: false, problem: null },
    feedWords: 240,
    ...more,
  };
}

export function activity(feed: number, more: Partial<FeedActivity> = {}): FeedActivity {
  return {
    feed,
    title: `Umpan ${feed}`,
    checkedAt: NOW - 540,
    succeededAt: NOW - 540,
    nextDueAt: NOW + 1260,
    failure: null,
    failures: 0,
    lastNew: 4,
    tookMs: 240,
    bytes: 48_000,
    paused: false,
    endedAt: null,
    movingTo: null,
    ...more,
  };
}

export function details(feed: number, more: Partial<FeedDetails> = {}): FeedDetails {
  return {
    activity: activity(feed),
    url: 'https://kabarteluk.example/feed',
    userAgent: null,
    everyMinutes: null,
    keepDays: null,
    keepArticles: null,
    trusted: false,
    ownNetwork: null,
    user: null,
    headers: [],
    fullText: 'whereShort',
    intervalSeconds: 3600,
    history: [
      { at: NOW - 540, tookMs: 240, bytes: 48_000, new: 4, code: null },
      { at: NOW - 4140, tookMs: 90, bytes: 0, new: 0, code: 'timedOut' },
    ],
    ...more,
  };
}

export function pack(id: number, more: Partial<PackView> = {}): PackView {
  return {
    id,
    name: '',
    madeAt: NOW,
    status: 'done',
    automatic: false,
    articles: 315,
    tried: 315,
    complete: 312,
    pictures: 600,
    bytes: 84_000_000,
    wireBytes: 90_000_000,
    minutes: 90,
    lacks: [],
    ...more,
  };
}

export interface Fixture {
  backend: Backend;
  tell: (event: Event) => void;
  rows: ArticleRow[];
}

export function fixture(rows: ArticleRow[], change: Partial<Backend> = {}): Fixture {
  let heard: (event: Event) => void = () => undefined;
  const found = (id: number) => {
    const one = rows.find((candidate) => candidate.id === id);
    return one ?? row(id);
  };
  const backend: Backend = {
    overview: vi.fn(() =>
      Promise.resolve({
        settings: { ...USUAL_SETTINGS, theme: 'light' as const },
        firstRun: false,
        places: {
          all: { total: rows.length, unread: rows.filter((one) => !one.read).length },
          today: { total: 1, unread: 1 },
          saved: 1,
          folders: [{ id: 1, name: 'Nusantara', count: { total: 2, unread: 1 } }],
          feeds: [
            {
              id: 1,
              title: 'Kabar Teluk',
              customTitle: null,
              url: 'https://kabarteluk.example/feed',
              site: null,
              folder: 1,
              icon: null,
              language: 'id',
              count: { total: 2, unread: 1 },
              paused: false,
              failure: { code: 'timedOut', detail: '' },
              checkedAt: NOW - 7200,
              nextDueAt: null,
            },
          ],
          searches: [],
          tags: [],
          waiting: 0,
          packs: [],
        },
        connection: 'online' as const,
        sync: null,
        version: '0.1.0',
        dataDir: '',
        now: NOW,
      }),
    ),
    places: vi.fn(() => backend.overview().then(({ places }) => places)),
    list: vi.fn((request: Parameters<Backend['list']>[0]) => {
      const { before, limit } = request;
      const from = before ? rows.findIndex((one) => one.id === before.id) + 1 : 0;
      const page = rows.slice(from, from + limit);
      const last = page.at(-1);
      const more = from + page.length < rows.length;
      return Promise.resolve({
        rows: page,
        next: more && last ? { time: last.time, id: last.id } : null,
      });
    }),
    article: vi.fn((id: number) => Promise.resolve(view(found(id)))),
    frontPage: vi.fn(() =>
      Promise.resolve({
        stories: [],
        followed: [],
        latest: rows.slice(0, 5),
        madeAt: NOW,
        gathering: false,
      }),
    ),
    story: vi.fn((id: number) => Promise.resolve(storyPage(id))),
    mark: vi.fn((ids: number[]) => Promise.resolve(ids.length)),
    markAllRead: vi.fn(() => Promise.resolve({ changed: rows.length, token: 7 })),
    undo: vi.fn(() => Promise.resolve(true)),
    search: vi.fn((query: string) => Promise.resolve({ query, hits: [], total: 0 })),
    discover: vi.fn(() => Promise.resolve({ url: '', feeds: [] })),
    subscribe: vi.fn(() => Promise.resolve({ added: [], already: [], secrets: 'none' as const })),
    removeFeed: vi.fn(() => Promise.resolve({ changed: 1, token: 1 })),
    changeFeed: vi.fn(() => Promise.resolve('none' as const)),
    feedDetails: vi.fn((id: number) => Promise.resolve(details(id))),
    renameFolder: vi.fn(() => Promise.resolve()),
    removeFolder: vi.fn(() => Promise.resolve({ changed: 1, token: 3 })),
    repair: vi.fn(() => Promise.reject(new Error('nothing is damaged here'))),
    catalogue: vi.fn(() => Promise.resolve([])),
    importOpml: vi.fn(() => Promise.resolve({ added: 0, already: 0, problems: [] })),
    importOpmlFile: vi.fn(() => Promise.resolve(null)),
    exportOpmlFile: vi.fn(() => Promise.resolve(null)),
    sync: vi.fn(() => Promise.resolve()),
    stopSync: vi.fn(() => Promise.resolve()),
    activity: vi.fn(() => Promise.resolve([])),
    shareChannels: vi.fn(() => Promise.resolve([])),
    forwarding: vi.fn(() =>
      Promise.resolve({
        order: [],
        hidden: [],
        messages: [],
        mastodon: '',
        whatsappChannel: '',
        contacts: [],
        own: [],
        lastChannel: '',
      }),
    ),
    setForwarding: vi.fn((forwarding: Forwarding) => Promise.resolve(forwarding)),
    googleNews: vi.fn(() => Promise.resolve({ publisher: null, prefer: null, topic: '' })),
    followTopic: vi.fn(() => Promise.resolve({ added: [], already: [], secrets: 'none' as const })),
    pictureCard: vi.fn(() => Promise.reject(new Error('no card here'))),
    copyCard: vi.fn(() => Promise.resolve()),
    saveCard: vi.fn(() => Promise.resolve(null)),
    saveArticle: vi.fn(() => Promise.resolve(null)),
    publisherChannels: vi.fn(() => Promise.resolve([])),
    setPublisherChannels: vi.fn(() => Promise.resolve([])),
    findPublisherChannels: vi.fn(() => Promise.resolve([])),
    shareServices: vi.fn(() => Promise.resolve([])),
    connectService: vi.fn(() => Promise.resolve('keyring' as const)),
    checkService: vi.fn(() => Promise.resolve(null)),
    disconnectService: vi.fn(() => Promise.resolve()),
    editWaiting: vi.fn(() => Promise.reject(new Error('no forward here'))),
    sendSave: vi.fn(() => Promise.reject(new Error('no forward here'))),
    draft: vi.fn(() => Promise.reject(new Error('no draft here'))),
    forward: vi.fn(() => Promise.reject(new Error('no forward here'))),
    outbox: vi.fn(() => Promise.resolve([])),
    forwardWaiting: vi.fn(() => Promise.reject(new Error('no forward here'))),
    discardWaiting: vi.fn(() => Promise.resolve()),
    openLink: vi.fn(() => Promise.resolve()),
    copyLink: vi.fn(() => Promise.resolve()),
    setSettings: vi.fn((settings: Parameters<Backend['setSettings']>[0]) =>
      Promise.resolve(settings),
    ),
    snapshot: vi.fn(() => Promise.resolve('')),
    planRestoreFile: vi.fn(() => Promise.resolve(null)),
    applyRestore: vi.fn(() => Promise.reject(new Error('nothing was planned'))),
    cancelRestore: vi.fn(() => Promise.resolve()),
    usage: vi.fn(() =>
      Promise.resolve({
        articles: 0,
        bytesTotal: 0,
        bytesBodies: 0,
        bytesPictures: 0,
        bytesSounds: 0,
        bytesSearch: 0,
        bytesLists: 0,
        bytesDead: 0,
        feeds: [],
        tidied: null,
      }),
    ),
    freeSpace: vi.fn(() =>
      Promise.resolve({ at: NOW, articles: 0, pictures: 0, freed: 0, failure: null }),
    ),
    saveSearch: vi.fn((name: string, query: string) => Promise.resolve({ id: 1, name, query })),
    removeSearch: vi.fn(() => Promise.resolve()),
    searchCounts: vi.fn(() => Promise.resolve([])),
    markOpened: vi.fn((id: number) => Promise.resolve([id])),
    followStory: vi.fn(() => Promise.resolve()),
    muteStory: vi.fn(() => Promise.resolve(5)),
    unwatch: vi.fn(() => Promise.resolve()),
    watched: vi.fn(() => Promise.resolve({ followed: [], muted: [] })),
    rules: vi.fn(() => Promise.resolve([])),
    tryRule: vi.fn(() => Promise.resolve({ lookedAt: 0, matching: 0, rows: [] })),
    keepRule: vi.fn((rule: Parameters<Backend['keepRule']>[0]) => Promise.resolve(rule)),
    removeRule: vi.fn(() => Promise.resolve()),
    removeTag: vi.fn(() => Promise.resolve()),
    pastTrending: vi.fn(() =>
      Promise.resolve({ from: NOW, to: NOW + 86_400, stories: [], earlier: null, later: null }),
    ),
    findOriginal: vi.fn(() =>
      Promise.resolve({
        sure: 'nothing' as const,
        earliest: null,
        closest: null,
        story: null,
        others: [],
      }),
    ),
    chooseText: vi.fn(() => Promise.resolve()),
    fetchFullText: vi.fn(() => Promise.resolve()),
    fetchPictures: vi.fn(() => Promise.resolve(0)),
    fetchSound: vi.fn(() => Promise.resolve()),
    stopSound: vi.fn(() => Promise.resolve()),
    removeSound: vi.fn(() => Promise.resolve()),
    listened: vi.fn(() => Promise.resolve()),
    saveSound: vi.fn(() => Promise.resolve('Episode.mp3')),
    packs: vi.fn(() => Promise.resolve([])),
    pack: vi.fn((id: number) => Promise.resolve({ pack: pack(id), articles: [] })),
    previewPack: vi.fn(() => Promise.resolve({ articles: 24, minutes: 118, ready: 3 })),
    createPack: vi.fn(() => Promise.resolve(pack(9))),
    pausePack: vi.fn((id: number) => Promise.resolve(pack(id, { status: 'paused' }))),
    resumePack: vi.fn((id: number) => Promise.resolve(pack(id, { status: 'running' }))),
    removePack: vi.fn(() => Promise.resolve({ changed: 24, token: 11 })),
    exportPack: vi.fn(() => Promise.resolve('Bekal.epub')),
    traffic: vi.fn(() => Promise.resolve({ since: NOW, bytes: 0, budget: null, over: false })),
    listen: vi.fn((listener: (event: Event) => void) => {
      heard = listener;
      return Promise.resolve(() => undefined);
    }),
    ...change,
  };
  return { backend, tell: (event) => heard(event), rows };
}
