// Data for tests, and the sample backend with that data, which records its calls.

import { vi } from 'vitest';

import type {
  ArticleRow,
  ArticleView,
  AudioView,
  Backend,
  EnclosureView,
  Event,
  FeedActivity,
  FeedDetails,
  PackView,
  Overview,
  Places,
  Story,
  StoryPage,
} from '../src/lib/backend';
import { DEFAULT_SETTINGS } from '../src/lib/backend';
import { sampleBackend } from '../src/lib/backend/sample';

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
    picturesLeftOut: 0,
    page: { status: 'absent', wordCount: 0, paywalled: false, problem: null },
    feedWords: 240,
    ...more,
  };
}

export const URL_OF_EPISODE = 'https://siniar.example/episode-12.mp3?x=1';

export function audio(more: Partial<AudioView> = {}): AudioView {
  const listening = { seconds: 0, heard: false };
  return { src: null, state: 'away', bytes: 0, of: null, listening, ...more };
}

export function enclosure(of: AudioView | null): EnclosureView {
  return {
    url: URL_OF_EPISODE,
    mediaType: 'audio/mpeg',
    length: 24_000_000,
    durationSeconds: 1830,
    title: null,
    sound: of,
  };
}

export function activity(feed: number, more: Partial<FeedActivity> = {}): FeedActivity {
  return {
    feed,
    title: `Sumber ${feed}`,
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
    page: null,
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
    planned: null,
    minutes: 90,
    lacks: [],
    ...more,
  };
}

export interface Fixture {
  backend: Backend;
  emit: (event: Event) => void;
  rows: ArticleRow[];
}

/** What the sample backend would answer with news of its own. */
function answers(rows: ArticleRow[]): Partial<Backend> {
  const places: Places = {
    all: { total: rows.length, unread: rows.filter((one) => !one.read).length },
    today: { total: 1, unread: 1 },
    saved: 1,
    highlights: 0,
    savedPages: null,
    folders: [{ id: 1, name: 'Nusantara', parent: null, count: { total: 2, unread: 1 } }],
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
  };
  const overview: Overview = {
    settings: { ...DEFAULT_SETTINGS, theme: 'light' },
    firstRun: false,
    places,
    connection: 'online',
    sync: null,
    version: '0.1.0',
    dataDir: '',
    repaired: null,
    readOnly: false,
    now: NOW,
  };
  return {
    overview: () => Promise.resolve({ ...overview, settings: { ...overview.settings } }),
    list: ({ before, limit }) => {
      const from = before ? rows.findIndex((one) => one.id === before.id) + 1 : 0;
      const page = rows.slice(from, from + limit);
      const last = page.at(-1);
      const more = from + page.length < rows.length;
      const next = more && last ? { time: last.time, id: last.id } : null;
      return Promise.resolve({ rows: page, next });
    },
    article: (id) => Promise.resolve(view(rows.find((one) => one.id === id) ?? row(id))),
    frontPage: () =>
      Promise.resolve({
        stories: [],
        followed: [],
        latest: rows.slice(0, 5),
        madeAt: NOW,
        gathering: false,
      }),
    story: (id) => Promise.resolve(storyPage(id)),
    mark: (ids) => Promise.resolve(ids.length),
    markAllRead: () => Promise.resolve({ changed: rows.length, token: 7 }),
    undo: () => Promise.resolve(true),
    removeFeed: () => Promise.resolve({ changed: 1, token: 1 }),
    removeFolder: () => Promise.resolve({ changed: 1, token: 3 }),
    removePack: () => Promise.resolve({ changed: 24, token: 11 }),
    muteStory: () => Promise.resolve(5),
    activity: () => Promise.resolve([]),
    previewPack: () => Promise.resolve({ articles: 24, minutes: 118, ready: 3 }),
    feedDetails: (id) => Promise.resolve(details(id)),
    pack: (id) => Promise.resolve({ pack: pack(id), articles: [] }),
    createPack: () => Promise.resolve(pack(9)),
    pausePack: (id) => Promise.resolve(pack(id, { status: 'paused' })),
    resumePack: (id) => Promise.resolve(pack(id, { status: 'running' })),
  };
}

/** The sample backend with these rows, where every command can be asked about its calls. */
export function fixture(rows: ArticleRow[], change: Partial<Backend> = {}): Fixture {
  let listener: (event: Event) => void = () => undefined;
  const backend: Backend = {
    ...sampleBackend(new URLSearchParams('state=empty&delay=0')),
    ...answers(rows),
    // Looked up at each call, since tests replace `overview`.
    places: () => backend.overview().then(({ places }) => places),
    listen: (heard) => {
      listener = heard;
      return Promise.resolve(() => undefined);
    },
    ...change,
  };
  const commands = backend as unknown as Record<string, (...given: unknown[]) => unknown>;
  for (const [name, command] of Object.entries(commands)) {
    if (!vi.isMockFunction(command)) commands[name] = vi.fn(command);
  }
  return { backend, emit: (event) => listener(event), rows };
}
