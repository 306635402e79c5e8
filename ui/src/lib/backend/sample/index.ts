// A small newsroom in memory for development, component tests and screenshots in a plain browser.
// `?state=` empty, loading, offline, broken, first-run, syncing; `?lang=`, `?theme=`, `?rows=`.

import type { Backend } from '../backend';
import type {
  ArticleRow,
  ArticleView,
  CatalogueFeed,
  Connection,
  Count,
  Event,
  Failure,
  FeedActivity,
  FeedDetails,
  FeedPlace,
  ForwardRecord,
  Forwarding,
  NewFeed,
  Overview,
  PackView,
  PackWish,
  PageView,
  Place,
  Places,
  Rule,
  SearchPlace,
  Settings,
  ShareChannel,
  Story,
  Subject,
  SyncProgress,
  Theme,
} from '../types';
import { USUAL_SETTINGS } from '../usual';
import { ARTICLES, BODY_AR, BODY_EN, BODY_ID, FEEDS, FILLERS, FOLDERS } from './data';
import { picture } from './pictures';

function channel(id: string, name: string, icon: string, more: Partial<ShareChannel>) {
  const usual: ShareChannel = {
    id,
    name,
    icon,
    means: 'open',
    copies: false,
    limit: null,
    unit: 'characters',
    hasMessage: true,
    takesSeveral: true,
    note: '',
    template: '{title}\n{publisher}\n\n{excerpt}\n\n{link}',
    hidden: false,
  };
  return { ...usual, ...more };
}

const ALONE = { hasMessage: false, takesSeveral: false };
const CHANNELS: ShareChannel[] = [
  channel('whatsapp', 'WhatsApp', 'message-circle', { limit: 1000 }),
  channel('google-news', 'Google News', 'newspaper', ALONE),
  channel('copy-link', 'Salin tautan', 'link', { ...ALONE, means: 'copy', copies: true }),
  channel('email', 'Surel', 'mail', { limit: 8000 }),
  channel('telegram', 'Telegram', 'send', {
    limit: 4000,
    note: 'Telegram menaruh tautan sebelum kata-katanya.',
  }),
  channel('bluesky', 'Bluesky', 'cloud', { limit: 300, unit: 'graphemes' }),
  channel('facebook', 'Facebook', 'users', {
    ...ALONE,
    note: 'Hanya tautannya yang dibawa ke sana; kata-kata ditulis di tempat.',
  }),
  channel('copy-text', 'Salin teks', 'copy', { means: 'copy', copies: true }),
  channel('file', 'Berkas', 'file-text', { ...ALONE, means: 'file' }),
];

const PHASES = ['rising', 'peak', 'new', 'fading', 'fading'] as const;
const COURSES = [
  [1, 1, 2, 3, 2, 4, 6, 7],
  [1, 3, 4, 4, 3, 4],
  [1, 2],
  [2, 3, 2, 1, 1],
  [3, 2, 2, 1, 0, 1],
];

export function sampleBackend(parameters: URLSearchParams): Backend {
  return new Sample(parameters).backend();
}

class Sample {
  readonly #state: string;
  readonly #now = Math.floor(Date.now() / 1000);
  #feeds = FEEDS.map((feed) => ({ ...feed }));
  #rows: ArticleRow[] = [];
  #stories: Story[] = [];
  #settings: Settings;
  #connection: Connection;
  #forwarding: Forwarding = {
    order: [],
    hidden: [],
    messages: [],
    mastodon: '',
    whatsappChannel: '',
    contacts: [],
    own: [],
    lastChannel: '',
  };
  #outbox: ForwardRecord[] = [];
  #searches: SearchPlace[] = [{ id: 1, name: 'Gempa dan tsunami', query: 'gempa' }];
  #rules: Rule[] = [];
  #followed = new Set<number>();
  #muted = new Map<number, Story>();
  #forwards: ForwardRecord[] = [];
  #packs: PackView[] = [];
  #pages = new Map<number, PageView>();
  #ears = new Set<(event: Event) => void>();
  #undo = new Map<number, Map<number, boolean>>();
  #token = 1;
  #syncing: SyncProgress | null = null;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(parameters: URLSearchParams) {
    this.#state = parameters.get('state') ?? '';
    this.#connection = this.#state === 'offline' ? 'offline' : 'online';
    this.#settings = {
      ...USUAL_SETTINGS,
      language: parameters.get('lang') ?? 'id',
      theme: (parameters.get('theme') ?? 'system') as Theme,
    };
    if (this.#state === 'first-run') this.#feeds = [];
    else if (this.#state !== 'empty') this.#fill(Number(parameters.get('rows') ?? 400));
    if (this.#state !== 'first-run' && this.#state !== 'empty') this.#packs = [madePack(this.#now)];
    if (this.#state === 'syncing') {
      this.#syncing = {
        total: 9,
        done: 4,
        failed: 1,
        newArticles: 23,
        bytes: 412_000,
        picturesLeft: 6,
      };
    }
  }

  #fill(count: number): void {
    const storyIds = new Map<number, number>();
    const publishers = new Map<number, Set<number>>();
    ARTICLES.forEach((article, index) => {
      if (article.story === undefined) return;
      if (!storyIds.has(article.story)) storyIds.set(article.story, index + 1);
      const feeds = publishers.get(article.story) ?? new Set();
      publishers.set(article.story, feeds.add(article.feed));
    });
    ARTICLES.forEach((article, index) => {
      const story = article.story;
      this.#rows.push(
        this.#row(index + 1, article.feed, article.title, article.excerpt, article.minutesAgo, {
          thumbnail: article.picture === undefined ? null : picture(article.picture, 240, 240),
          authors: article.authors ?? [],
          read: article.read ?? false,
          saved: article.saved ?? false,
          story:
            story === undefined
              ? null
              : { id: storyIds.get(story) ?? 0, publishers: publishers.get(story)?.size ?? 0 },
        }),
      );
    });
    const languages = ['id', 'en'];
    for (let index = 0; index < count; index += 1) {
      const filler = FILLERS[index % FILLERS.length] ?? '';
      const language = languages[index % 2] ?? 'id';
      const feeds = FEEDS.filter((feed) => feed.language === language);
      const feed = feeds[index % feeds.length];
      this.#rows.push(
        this.#row(1000 + index, feed?.id ?? 1, filler, `${filler}.`, 540 + index * 47, {
          thumbnail: index % 3 === 0 ? picture(index % 6, 240, 240) : null,
          read: index % 5 > 1,
        }),
      );
    }
    this.#rows.sort((a, b) => b.time - a.time || b.id - a.id);
    this.#stories = [...storyIds.values()].map((id, index) => this.#story(id, index));
  }

  #row(
    id: number,
    feedId: number,
    title: string,
    excerpt: string,
    minutesAgo: number,
    more: Partial<ArticleRow>,
  ): ArticleRow {
    const feed = FEEDS.find((candidate) => candidate.id === feedId);
    return {
      id,
      feed: feedId,
      publisher: feed?.title ?? '',
      icon: null,
      title,
      url: `https://${feed?.host ?? 'example'}/berita/${id}`,
      excerpt,
      time: this.#now - minutesAgo * 60,
      authors: [],
      language: feed?.language ?? null,
      rightToLeft: feed?.language === 'ar',
      minutes: 2 + (id % 6),
      thumbnail: null,
      read: false,
      saved: false,
      story: null,
      ...more,
    };
  }

  #story(id: number, index: number): Story {
    const articles = this.#rows
      .filter((row) => row.story?.id === id)
      .sort((a, b) => a.time - b.time);
    const lead = this.#rows.find((row) => row.id === id) ?? articles[0];
    const first = articles[0];
    const latest = articles.at(-1);
    if (!lead || !first || !latest) throw new Error('a sample story needs articles');
    const sample = ARTICLES[id - 1];
    const publishers = [...new Set(articles.map((row) => row.publisher))];
    return {
      id,
      headline: lead.title,
      lead,
      picture:
        sample?.picture === undefined
          ? null
          : { src: picture(sample.picture), width: 1200, height: 800 },
      publishers,
      articleCount: articles.length,
      firstAt: first.time,
      latestAt: latest.time,
      phase: PHASES[index] ?? 'fading',
      course: COURSES[index] ?? [1],
      why: {
        publishers: publishers.length,
        hours: Math.ceil((latest.time - first.time) / 3600),
        firstPublisher: first.publisher,
        firstAt: first.time,
      },
      followed: this.#followed.has(id),
    };
  }

  #count(rows: ArticleRow[]): Count {
    return { total: rows.length, unread: rows.filter((row) => !row.read).length };
  }

  #in(place: Place): ArticleRow[] {
    const midnight = new Date(this.#now * 1000).setHours(0, 0, 0, 0) / 1000;
    switch (place.kind) {
      case 'all':
        return this.#rows;
      case 'unread':
        return this.#rows.filter((row) => !row.read);
      case 'today':
        return this.#rows.filter((row) => row.time >= midnight);
      case 'saved':
        return this.#rows.filter((row) => row.saved);
      case 'folder': {
        const feeds = this.#feeds.filter((feed) => feed.folder === place.id).map((feed) => feed.id);
        return this.#rows.filter((row) => feeds.includes(row.feed));
      }
      case 'feed':
        return this.#rows.filter((row) => row.feed === place.id);
      case 'tag':
        return [];
      case 'pack':
        return this.#rows.slice(0, this.#packs.find((pack) => pack.id === place.id)?.articles);
    }
  }

  #places(): Places {
    const feeds: FeedPlace[] = this.#feeds.map((feed) => ({
      id: feed.id,
      title: feed.title,
      customTitle: null,
      url: `https://${feed.host}/feed`,
      site: `https://${feed.host}/`,
      folder: feed.folder,
      icon: null,
      language: feed.language,
      count: this.#count(this.#in({ kind: 'feed', id: feed.id })),
      paused: feed.paused ?? false,
      failure: feed.problem ? { code: feed.problem, detail: 'sample' } : null,
      checkedAt: this.#now - 540,
      nextDueAt: this.#now + 1260,
    }));
    return {
      all: this.#count(this.#rows),
      today: this.#count(this.#in({ kind: 'today' })),
      saved: this.#in({ kind: 'saved' }).length,
      folders: FOLDERS.filter((folder) =>
        this.#feeds.some((feed) => feed.folder === folder.id),
      ).map((folder) => ({
        ...folder,
        count: this.#count(this.#in({ kind: 'folder', id: folder.id })),
      })),
      feeds: feeds.sort((a, b) => a.title.localeCompare(b.title)),
      searches: this.#searches,
      tags: [],
      waiting: this.#outbox.length,
      packs: this.#packs,
    };
  }

  #activity(feed: FeedPlace): FeedActivity {
    return {
      feed: feed.id,
      title: feed.title,
      checkedAt: feed.checkedAt,
      succeededAt: feed.failure ? this.#now - 90_000 : feed.checkedAt,
      nextDueAt: feed.nextDueAt,
      failure: feed.failure,
      failures: feed.failure ? 3 : 0,
      lastNew: feed.failure ? 0 : 4,
      tookMs: 240,
      bytes: 48_000,
      paused: feed.paused,
      endedAt: feed.failure?.code === 'gone' ? this.#now - 90_000 : null,
      movingTo: null,
    };
  }

  #details(id: number): FeedDetails {
    const feed = this.#places().feeds.find((one) => one.id === id);
    if (!feed) throw failure('notFound', 'there is no such feed');
    return {
      activity: this.#activity(feed),
      url: feed.url,
      userAgent: null,
      everyMinutes: null,
      keepDays: null,
      keepArticles: null,
      trusted: false,
      user: null,
      headers: [],
      ownNetwork: false,
      fullText: 'whereShort',
      intervalSeconds: 5400,
      history: [0, 1, 2].map((hours) => ({
        at: this.#now - 540 - hours * 3600,
        tookMs: 240,
        bytes: 48_000,
        new: 4 - hours,
        code: feed.failure?.code ?? null,
      })),
    };
  }

  #article(id: number): ArticleView {
    const row = this.#rows.find((candidate) => candidate.id === id);
    if (!row) throw failure('notFound', 'article');
    const feed = FEEDS.find((candidate) => candidate.id === row.feed);
    const sample = ARTICLES[id - 1];
    const body = { id: BODY_ID, en: BODY_EN, ar: BODY_AR }[row.language ?? 'id'] ?? BODY_ID;
    const story = this.#stories.find((candidate) => candidate.id === row.story?.id) ?? null;
    return {
      row,
      html: body.replace('PICTURE', picture(5, 1200, 700)),
      dateline:
        row.language === 'id'
          ? `TELUK SAGARA (${row.publisher.toUpperCase()})`
          : row.language === 'en'
            ? 'SAGARA BAY'
            : null,
      leadPicture:
        sample?.picture === undefined
          ? null
          : { src: picture(sample.picture), width: 1200, height: 800 },
      updated: id === 1 ? row.time + 900 : null,
      enclosures:
        id === 8
          ? [
              {
                url: 'https://orbitrendah.example/e12.mp3',
                mediaType: 'audio/mpeg',
                length: 24_400_000,
                durationSeconds: 1830,
                title: null,
                sound: {
                  src: null,
                  state: 'away',
                  bytes: 0,
                  of: null,
                  listening: { seconds: 0, heard: false },
                },
              },
            ]
          : [],
      publisher: {
        name: row.publisher,
        host: feed?.host ?? null,
        site: feed ? `https://${feed.host}/` : null,
        channels: feed?.channels ?? [],
      },
      story,
      forwards: this.#forwards.filter((record) => record.article === id),
      chapters: null,
      linkIsRedirect: false,
      comments: id === 1 ? `${row.url ?? ''}#komentar` : null,
      picturesMissing: row.language === 'id' ? 1 : 0,
      page: this.#pages.get(id) ?? (id % 3 === 2 ? ABSENT : KEPT),
      feedWords: id % 3 === 2 ? 64 : 212,
    };
  }

  #startPack(wish: PackWish): PackView {
    const pack: PackView = {
      id: this.#token++,
      name: wish.name ?? '',
      madeAt: this.#now,
      status: 'running',
      automatic: false,
      articles: 24,
      tried: 0,
      complete: 0,
      pictures: 0,
      bytes: 0,
      wireBytes: 0,
      minutes: 96,
      lacks: [],
    };
    this.#packs = [pack, ...this.#packs];
    const timer = setInterval(() => {
      const now = this.#packs.find((one) => one.id === pack.id);
      if (now?.status !== 'running') return;
      const tried = now.tried + 1;
      const next: PackView = {
        ...now,
        tried,
        complete: tried > 3 ? tried - 1 : tried,
        pictures: tried * 2,
        bytes: tried * 310_000,
        wireBytes: tried * 290_000,
        lacks: tried > 3 ? [{ what: 'pictures', code: 'notFound', articles: 1 }] : [],
        status: tried === now.articles ? 'done' : 'running',
      };
      this.#setPack(next);
      if (next.status === 'done') clearInterval(timer);
    }, 300);
    return pack;
  }

  #setPack(pack: PackView): PackView {
    this.#packs = this.#packs.map((one) => (one.id === pack.id ? pack : one));
    this.#tell({ type: 'packChanged', pack });
    return pack;
  }

  #packOf(id: number): PackView {
    const pack = this.#packs.find((one) => one.id === id);
    if (!pack) throw failure('notFound', 'there is no such pack');
    return pack;
  }

  #tell(event: Event): void {
    for (const heard of this.#ears) heard(event);
  }

  #title(subject: Subject): ArticleRow {
    const id = subject.kind === 'digest' ? subject.ids[0] : subject.id;
    const row = this.#rows.find((candidate) => candidate.id === id);
    if (!row) throw failure('notFound', 'subject');
    return row;
  }

  #record(subject: Subject, channelId: string, message: string, wait: boolean): ForwardRecord {
    const row = this.#title(subject);
    const channel = CHANNELS.find((candidate) => candidate.id === channelId);
    return {
      id: this.#token++,
      at: this.#now,
      article: row.id,
      channel: channelId,
      channelName: channel?.name ?? channelId,
      title: row.title,
      message,
      target: channel?.copies ? null : `whatsapp://send?text=${encodeURIComponent(message)}`,
      state: wait ? 'waiting' : channel?.copies ? 'copied' : 'opened',
      byItself: false,
      problem: null,
      editedSince: false,
    };
  }

  #message(subject: Subject): string {
    if (subject.kind === 'digest') {
      const items = this.#rows.filter((row) => subject.ids.includes(row.id));
      const lines = items.map((row, index) => `${index + 1}. ${row.title}\n${row.url ?? ''}`);
      return [`*${items.length} berita pagi ini*`, ...lines].join('\n\n');
    }
    const row = this.#title(subject);
    return `*${row.title}*\n${row.publisher}\n\n${row.excerpt}\n\n${row.url ?? ''}`;
  }

  #sync(): void {
    if (this.#syncing) return;
    const total = this.#feeds.length;
    const progress: SyncProgress = {
      total,
      done: 0,
      failed: 0,
      newArticles: 0,
      bytes: 0,
      picturesLeft: 0,
    };
    this.#syncing = progress;
    this.#timer = setInterval(() => {
      progress.done += 1;
      progress.bytes += 48_000;
      if (this.#feeds[progress.done - 1]?.problem) progress.failed += 1;
      this.#tell({ type: 'syncProgress', progress: { ...progress } });
      if (progress.done >= total) this.#finishSync(false);
    }, 350);
  }

  #finishSync(stopped: boolean): void {
    clearInterval(this.#timer);
    const progress = this.#syncing;
    this.#syncing = null;
    if (!progress) return;
    this.#tell({
      type: 'syncFinished',
      report: {
        feeds: progress.total,
        fetched: progress.done - progress.failed,
        notModified: 0,
        failed: progress.failed,
        new: progress.newArticles,
        updated: 0,
        pictures: 0,
        leftForLater: 0,
        bytes: progress.bytes,
        seconds: progress.done * 0.35,
        offline: false,
        portal: false,
        stopped,
      },
    });
  }

  #found(query: string): ArticleRow[] {
    const words = query.toLowerCase().split(/\s+/).filter(Boolean);
    return this.#rows.filter((row) => {
      const text = `${row.title} ${row.excerpt}`.toLowerCase();
      return words.every((word) => text.includes(word));
    });
  }

  backend(): Backend {
    const later = <T>(answer: () => T): Promise<T> =>
      this.#state === 'loading'
        ? new Promise(() => undefined)
        : new Promise((resolve, reject) =>
            setTimeout(() => {
              try {
                resolve(answer());
              } catch (thrown) {
                // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- as the engine does
                reject(thrown);
              }
            }, 20),
          );
    return {
      overview: async () => {
        if (this.#state === 'broken') throw failure('inUse', 'another process has the store');
        const overview: Overview = {
          settings: this.#settings,
          firstRun: this.#feeds.length === 0,
          places: this.#places(),
          connection: this.#connection,
          sync: this.#syncing,
          version: '0.1.0',
          dataDir: '~/.local/share/org.warta.reader',
          now: this.#now,
        };
        return Promise.resolve(overview);
      },
      places: () => Promise.resolve(this.#places()),
      list: (request) =>
        later(() => {
          const all = this.#in(request.place).filter((row) => !request.unreadOnly || !row.read);
          const before = request.before;
          const from = before
            ? all.findIndex(
                (row) => row.time < before.time || (row.time === before.time && row.id < before.id),
              )
            : 0;
          const rows = from < 0 ? [] : all.slice(from, from + request.limit);
          const last = rows.at(-1);
          return {
            rows,
            next: last && from + rows.length < all.length ? { time: last.time, id: last.id } : null,
          };
        }),
      article: (id) => later(() => this.#article(id)),
      frontPage: () =>
        later(() => ({
          stories: this.#stories.filter((story) => !this.#muted.has(story.id)),
          followed: [],
          latest: this.#rows.filter((row) => !row.story).slice(0, 16),
          madeAt: this.#now,
          gathering: false,
        })),
      story: (id) =>
        later(() => {
          const story = this.#stories.find((candidate) => candidate.id === id);
          if (!story) throw failure('notFound', 'story');
          const articles = this.#rows
            .filter((row) => row.story?.id === id)
            .sort((a, b) => a.time - b.time);
          const copies = articles.slice(2, 3).map((row) => row.id);
          const quote = (row: ArticleRow) => ({
            article: row.id,
            publisher: row.publisher,
            text: row.excerpt,
            language: row.language,
            rightToLeft: row.rightToLeft,
          });
          const reports = articles.filter((row) => !copies.includes(row.id));
          return {
            story: { ...story, followed: this.#followed.has(id) },
            articles,
            copies,
            summary: reports.slice(0, 2).map(quote),
            reports: reports.map((row, index) => ({
              article: row.id,
              copies: index === 0 ? copies : [],
            })),
            only: reports.slice(-1).map(quote),
            silent: FOLDERS.slice(-1).map((folder) => folder.name),
            muted: this.#muted.has(id),
          };
        }),
      mark: (ids, mark) => {
        this.#rows = this.#rows.map((row) =>
          ids.includes(row.id)
            ? { ...row, read: mark.read ?? row.read, saved: mark.saved ?? row.saved }
            : row,
        );
        this.#tell({ type: 'placesChanged' });
        return Promise.resolve(ids.length);
      },
      markAllRead: (place) => {
        const ids = new Set(
          this.#in(place)
            .filter((row) => !row.read)
            .map((row) => row.id),
        );
        const token = this.#token++;
        this.#undo.set(token, new Map([...ids].map((id) => [id, false])));
        this.#rows = this.#rows.map((row) => (ids.has(row.id) ? { ...row, read: true } : row));
        return Promise.resolve({ changed: ids.size, token });
      },
      undo: (token) => {
        const before = this.#undo.get(token);
        if (!before) return Promise.resolve(false);
        this.#rows = this.#rows.map((row) => ({ ...row, read: before.get(row.id) ?? row.read }));
        return Promise.resolve(true);
      },
      search: (query, limit, offset) =>
        later(() => {
          const rows = this.#found(query);
          return {
            query,
            total: rows.length,
            hits: rows.slice(offset, offset + limit).map((row) => ({
              row,
              title: runs(row.title, query),
              passage: runs(row.excerpt, query),
            })),
          };
        }),
      discover: (address) =>
        later(() => {
          if (!address.includes('.')) throw failure('badAddress', address);
          if (address.includes('tanpa')) throw failure('noFeed', address);
          const url = `https://${address.replace(/^https?:\/\//, '')}`;
          const found = (path: string, title: string) => ({
            url: `${url}${path}`,
            title,
            site: url,
            description: 'Kabar dari pesisir, setiap pagi.',
            entries: 20,
            already: false,
          });
          return {
            url,
            feeds: [
              found('/rss.xml', 'Kabar Pesisir'),
              found('/ekonomi.xml', 'Kabar Pesisir: Ekonomi'),
            ],
          };
        }),
      subscribe: (feeds: NewFeed[]) => {
        const added = feeds.map((feed) => {
          const id = Math.max(100, ...this.#feeds.map((other) => other.id)) + 1;
          this.#feeds.push({
            id,
            title: feed.title ?? feed.url,
            host: URL.canParse(feed.url) ? new URL(feed.url).host : feed.url,
            language: 'id',
            folder: null,
          });
          return id;
        });
        if (this.#rows.length === 0) this.#fill(40);
        this.#tell({ type: 'placesChanged' });
        this.#sync();
        return Promise.resolve({ added, already: [], secrets: 'none' });
      },
      removeFeed: (id) => {
        this.#feeds = this.#feeds.filter((feed) => feed.id !== id);
        this.#tell({ type: 'placesChanged' });
        return Promise.resolve({ changed: 1, token: 0 });
      },
      changeFeed: (id, change) => {
        this.#feeds = this.#feeds.map((feed) =>
          feed.id === id
            ? {
                ...feed,
                title: change.customTitle ?? feed.title,
                paused: change.paused ?? feed.paused ?? false,
              }
            : feed,
        );
        this.#tell({ type: 'placesChanged' });
        return Promise.resolve(change.login?.user ? 'keyring' : 'none');
      },
      feedDetails: (id) => later(() => this.#details(id)),
      renameFolder: () => Promise.resolve(),
      removeFolder: () => Promise.resolve({ changed: 1, token: 0 }),
      repair: () =>
        later(() => ({
          articles: 1204,
          withoutText: 0,
          feeds: 12,
          pictures: 300,
          stillDamaged: false,
          setAside: null,
          notes: [],
        })),
      catalogue: () => later(() => catalogue()),
      importOpml: () =>
        Promise.resolve({ added: 3, already: 1, problems: [{ line: 12, what: 'no address' }] }),
      importOpmlFile: () => Promise.resolve({ added: 3, already: 1, problems: [] }),
      exportOpmlFile: () => Promise.resolve('warta.opml'),
      sync: () => {
        this.#sync();
        return Promise.resolve();
      },
      stopSync: () => {
        this.#finishSync(true);
        return Promise.resolve();
      },
      activity: () => later(() => this.#places().feeds.map((feed) => this.#activity(feed))),
      shareChannels: () => Promise.resolve(CHANNELS),
      forwarding: () => Promise.resolve(this.#forwarding),
      setForwarding: (forwarding) => {
        this.#forwarding = forwarding;
        return Promise.resolve(forwarding);
      },
      googleNews: (subject) =>
        later(() => ({
          publisher: 'https://news.google.com/publications/contoh',
          prefer: 'https://www.google.com/preferences/source?q=contoh.example',
          topic: this.#title(subject).title.split(' ').slice(0, 3).join(' '),
        })),
      followTopic: () => Promise.resolve({ added: [99], already: [], secrets: 'none' }),
      pictureCard: () => Promise.reject(failure('cannotForward', 'no engine draws here')),
      copyCard: () => Promise.resolve(),
      saveCard: () => Promise.resolve(null),
      saveArticle: () => Promise.resolve(null),
      publisherChannels: (feed) =>
        Promise.resolve(FEEDS.find((one) => one.id === feed)?.channels ?? []),
      setPublisherChannels: (_, addresses) =>
        Promise.resolve(
          addresses.filter(Boolean).map((url) => ({
            kind: url.includes('whatsapp') ? 'whatsapp-channel' : 'google-news',
            url,
          })),
        ),
      findPublisherChannels: (feed) =>
        later(() => FEEDS.find((one) => one.id === feed)?.channels ?? []),
      shareServices: () =>
        Promise.resolve([
          {
            id: 'readwise',
            name: 'Readwise Reader',
            needs: 'token',
            address: 'https://readwise.io',
            ownAddress: false,
            whereToGet: 'https://readwise.io/access_token',
            connected: true,
            taken: true,
          },
          {
            id: 'wallabag',
            name: 'wallabag',
            needs: 'client',
            address: '',
            ownAddress: true,
            whereToGet: '/developer',
            connected: false,
            taken: false,
          },
        ]),
      connectService: () => Promise.resolve('keyring'),
      checkService: () => Promise.resolve(null),
      disconnectService: () => Promise.resolve(),
      draft: (subject, channel, message, part) =>
        later(() => {
          const text = message ?? this.#message(subject);
          const copies = CHANNELS.find((candidate) => candidate.id === channel)?.copies ?? false;
          const encoded = encodeURIComponent(text);
          if (channel === 'google-news') {
            const query = encodeURIComponent(this.#title(subject).title);
            return {
              channel,
              message: this.#title(subject).title,
              link: null,
              copies: false,
              target: `https://news.google.com/search?q=${query}&hl=id&gl=ID&ceid=ID:id`,
              fallback: [],
              sheet: null,
              needsNetwork: true,
              part,
              parts: 1,
              qrCode: null,
            };
          }
          return {
            channel,
            message: text,
            target: copies ? null : `whatsapp://send?text=${encoded}`,
            fallback: copies ? [] : [`https://wa.me/?text=${encoded}`],
            sheet: null,
            needsNetwork: !copies,
            link: channel === 'telegram' ? this.#title(subject).url : null,
            copies,
            part,
            parts: 1,
            qrCode: null,
          };
        }),
      forward: (request) => {
        const record = this.#record(
          request.subject,
          request.channel,
          request.message ?? this.#message(request.subject),
          request.wait,
        );
        (record.state === 'waiting' ? this.#outbox : this.#forwards).push(record);
        this.#tell({ type: 'placesChanged' });
        return Promise.resolve(record);
      },
      outbox: () => Promise.resolve([...this.#outbox]),
      forwardWaiting: (id) => {
        const record = this.#outbox.find((candidate) => candidate.id === id);
        if (!record) return Promise.reject(new Error('not found'));
        this.#outbox = this.#outbox.filter((candidate) => candidate.id !== id);
        this.#tell({ type: 'placesChanged' });
        return Promise.resolve({ ...record, state: 'opened' });
      },
      editWaiting: (id, message) => {
        const record = this.#outbox.find((candidate) => candidate.id === id);
        if (!record) return Promise.reject(new Error('not found'));
        record.message = message;
        return Promise.resolve(record);
      },
      sendSave: (id) => {
        const record = this.#outbox.find((candidate) => candidate.id === id);
        return record ? Promise.resolve(record) : Promise.reject(new Error('not found'));
      },
      discardWaiting: (id) => {
        this.#outbox = this.#outbox.filter((candidate) => candidate.id !== id);
        this.#tell({ type: 'placesChanged' });
        return Promise.resolve();
      },
      openLink: () => Promise.resolve(),
      copyLink: () => Promise.resolve(),
      setSettings: (settings) => {
        this.#settings = settings;
        return Promise.resolve(settings);
      },
      snapshot: () => Promise.resolve('snapshots/2026-11-24'),
      planRestoreFile: () => Promise.resolve(null),
      applyRestore: () => Promise.reject(new Error('there is no snapshot here')),
      cancelRestore: () => Promise.resolve(),
      usage: () =>
        Promise.resolve({
          articles: this.#rows.length,
          bytesTotal: 84_000_000,
          bytesBodies: 21_000_000,
          bytesPictures: 58_000_000,
          bytesSounds: 24_400_000,
          bytesSearch: 5_000_000,
          bytesLists: 9_000_000,
          bytesDead: 2_400_000,
          feeds: this.#places()
            .feeds.slice(0, 5)
            .map((feed, index) => ({
              feed: feed.id,
              title: feed.title,
              articles: feed.count.total,
              bytes: 6_000_000 - index * 900_000,
            })),
          tidied: {
            at: this.#now - 7200,
            articles: 120,
            pictures: 48,
            freed: 12_400_000,
            failure: null,
          },
        }),
      freeSpace: () =>
        later(() => ({ at: this.#now, articles: 0, pictures: 3, freed: 2_400_000, failure: null })),
      saveSearch: (name, query) => {
        const id = Math.max(0, ...this.#searches.map((one) => one.id)) + 1;
        const kept = { id, name, query };
        this.#searches = [...this.#searches.filter((one) => one.query !== query), kept];
        return Promise.resolve(kept);
      },
      removeSearch: (id) => {
        this.#searches = this.#searches.filter((one) => one.id !== id);
        return Promise.resolve();
      },
      searchCounts: () =>
        later(() =>
          this.#searches.map(({ id, query }) => ({ id, count: this.#count(this.#found(query)) })),
        ),
      markOpened: (id) => {
        const marked = this.#settings.markReadOnOpen ? [id] : [];
        this.#rows = this.#rows.map((row) =>
          marked.includes(row.id) ? { ...row, read: true } : row,
        );
        return Promise.resolve(marked);
      },
      followStory: (id, follow) => {
        if (follow) this.#followed.add(id);
        else this.#followed.delete(id);
        return Promise.resolve();
      },
      muteStory: (id) => {
        const story = this.#stories.find((candidate) => candidate.id === id);
        if (story) this.#muted.set(id, story);
        return Promise.resolve(id);
      },
      unwatch: (id) => {
        this.#muted.delete(id);
        this.#followed.delete(id);
        return Promise.resolve();
      },
      watched: () => {
        const told = (story: Story) => ({
          id: story.id,
          story: story.id,
          headline: story.headline,
          since: this.#now - 3600,
        });
        const followed = this.#stories.filter((story) => this.#followed.has(story.id));
        return Promise.resolve({
          followed: followed.map(told),
          muted: [...this.#muted.values()].map(told),
        });
      },
      rules: () => Promise.resolve([...this.#rules]),
      tryRule: (rule) =>
        later(() => {
          const rows = rule.words.flatMap((word) => this.#found(word));
          return { lookedAt: this.#rows.length, matching: rows.length, rows: rows.slice(0, 12) };
        }),
      keepRule: (rule) => {
        const kept = {
          ...rule,
          id: rule.id || this.#token++,
          name: rule.name || rule.words[0] || '…',
        };
        this.#rules = [kept, ...this.#rules.filter((one) => one.id !== kept.id)];
        return Promise.resolve(kept);
      },
      removeRule: (id) => {
        this.#rules = this.#rules.filter((one) => one.id !== id);
        return Promise.resolve();
      },
      removeTag: () => Promise.resolve(),
      pastTrending: (period, at) =>
        later(() => {
          const long = period === 'week' ? 7 * 86_400 : 86_400;
          const to = at ?? this.#now - 30 * 86_400;
          return {
            from: to - long,
            to,
            stories: this.#stories.map((story) => ({
              headline: story.headline,
              language: story.lead.language,
              rightToLeft: story.lead.rightToLeft,
              publishers: story.publishers,
              articleCount: story.articleCount,
              firstAt: story.firstAt,
              latestAt: story.latestAt,
              articles: this.#rows.filter((row) => row.story?.id === story.id).slice(0, 3),
            })),
            earlier: to - long,
            later: at === null ? null : to + long,
          };
        }),
      findOriginal: (pasted) =>
        later(() => {
          const story = this.#stories[0];
          const others = this.#rows.filter((row) => story && row.story?.id === story.id);
          return pasted.length < 8 || !story
            ? { sure: 'nothing' as const, earliest: null, closest: null, story: null, others: [] }
            : {
                sure: 'likely' as const,
                earliest: story.lead,
                closest: others[1] ?? null,
                story: story.id,
                others: others.slice(2),
              };
        }),
      chooseText: (id, page) => {
        this.#pages.set(id, { ...KEPT, status: page ? 'shown' : 'kept' });
        this.#tell({ type: 'textArrived', article: id });
        return Promise.resolve();
      },
      fetchFullText: (id) =>
        later(() => {
          this.#pages.set(id, KEPT);
          this.#tell({ type: 'textArrived', article: id });
        }),
      fetchPictures: () => later(() => 1),
      fetchSound: () => later(() => undefined),
      stopSound: () => later(() => undefined),
      removeSound: () => later(() => undefined),
      listened: () => later(() => undefined),
      saveSound: () => later(() => 'Episode.mp3'),
      packs: () => Promise.resolve(this.#packs),
      pack: (id) =>
        later(() => {
          const pack = this.#packOf(id);
          const rows = this.#in({ kind: 'pack', id });
          return { pack, articles: rows.map((row) => ({ row, tried: true, lacks: [] })) };
        }),
      previewPack: (wish) =>
        later(() => ({
          articles: Math.ceil((wish.minutes ?? 480) / 4),
          minutes: wish.minutes ?? 480,
          ready: 7,
        })),
      createPack: (wish) => later(() => this.#startPack(wish)),
      pausePack: (id) => later(() => this.#setPack({ ...this.#packOf(id), status: 'paused' })),
      resumePack: (id) => later(() => this.#setPack({ ...this.#packOf(id), status: 'running' })),
      removePack: (id) => {
        this.#packs = this.#packs.filter((pack) => pack.id !== id);
        this.#tell({ type: 'placesChanged' });
        return Promise.resolve({ changed: 24, token: 0 });
      },
      exportPack: () => later(() => 'Bekal.epub'),
      traffic: () =>
        later(() => {
          const megabytes = this.#settings.monthlyMegabytes;
          return {
            since: this.#now - 900_000,
            bytes: 61_400_000,
            budget: megabytes === 0 ? null : megabytes * 1_000_000,
            over: megabytes > 0 && megabytes * 1_000_000 < 61_400_000,
          };
        }),
      listen: (heard) => {
        this.#ears.add(heard);
        return Promise.resolve(() => void this.#ears.delete(heard));
      },
    };
  }
}

const ABSENT: PageView = { status: 'absent', wordCount: 0, paywalled: false, problem: null };
const KEPT: PageView = { status: 'shown', wordCount: 846, paywalled: false, problem: null };

function madePack(now: number): PackView {
  return {
    id: 1,
    name: '',
    madeAt: now - 30_000,
    status: 'done',
    automatic: false,
    articles: 315,
    tried: 315,
    complete: 312,
    pictures: 604,
    bytes: 84_000_000,
    wireBytes: 91_000_000,
    minutes: 1290,
    lacks: [
      { what: 'pictures', code: 'notFound', articles: 2 },
      { what: 'text', code: 'unwelcome', articles: 1 },
    ],
  };
}

function failure(code: Failure['code'], message: string): Error & Failure {
  return Object.assign(new Error(message), { code, detail: 'sample' });
}

function runs(text: string, query: string) {
  const words = query
    .split(/\s+/)
    .filter(Boolean)
    .map((word) => word.replace(/[^\p{L}\p{N}]/gu, ''));
  const pattern = new RegExp(`(${words.filter(Boolean).join('|') || '$^'})`, 'giu');
  return text
    .split(pattern)
    .map((part, index) => ({ text: part, hit: index % 2 === 1 }))
    .filter((run) => run.text !== '');
}

function catalogue(): CatalogueFeed[] {
  const topics = ['general', 'business', 'technology', 'science', 'sport'];
  return Array.from({ length: 40 }, (_, index) => ({
    title: `Contoh ${index + 1}`,
    url: `https://contoh${index + 1}.example/rss`,
    site: `https://contoh${index + 1}.example/`,
    language: index % 3 === 2 ? 'en' : 'id',
    country: index % 3 === 2 ? '' : 'ID',
    topic: topics[index % topics.length] ?? 'general',
    already: false,
  }));
}
