// The news that the sample backend knows, in memory, and how it changes.

import { DEFAULT_SETTINGS } from '../bindings';
import type {
  ArticleStyle,
  ArticleRow,
  Connection,
  Count,
  Event,
  Failure,
  FeedPlace,
  ForwardRecord,
  Highlight,
  Forwarding,
  PackView,
  PageView,
  Place,
  Places,
  Rule,
  SearchPlace,
  Settings,
  Story,
  Subject,
  Undoable,
  SyncProgress,
  Theme,
} from '../bindings';
import { ARTICLES, FEEDS, FILLERS, FOLDERS } from './data';
import { picture } from './pictures';

const PHASES = ['rising', 'peak', 'new', 'fading', 'fading'] as const;
const COURSES = [
  [1, 1, 2, 3, 2, 4, 6, 7],
  [1, 3, 4, 4, 3, 4],
  [1, 2],
  [2, 3, 2, 1, 1],
  [3, 2, 2, 1, 0, 1],
];

export class World {
  readonly state: string;
  /** Milliseconds until a slow answer comes. */
  readonly delay: number;
  readonly now = Math.floor(Date.now() / 1000);
  feeds = FEEDS.map((feed) => ({ ...feed }));
  rows: ArticleRow[] = [];
  stories: Story[] = [];
  settings: Settings;
  articleStyle: ArticleStyle = { bytes: 0, css: '', leftOut: [], more: 0 };
  connection: Connection;
  forwarding: Forwarding = {
    order: [],
    hidden: [],
    messages: [],
    mastodon: '',
    whatsappChannel: '',
    contacts: [],
    own: [],
    lastChannel: '',
  };
  outbox: ForwardRecord[] = [];
  searches: SearchPlace[] = [{ id: 1, name: 'Gempa dan tsunami', query: 'gempa' }];
  rules: Rule[] = [];
  highlights: Highlight[] = [];
  removedHighlights: Highlight[] = [];
  followed = new Set<number>();
  muted = new Map<number, Story>();
  forwards: ForwardRecord[] = [];
  packs: PackView[] = [];
  pages = new Map<number, PageView>();
  listeners = new Set<(event: Event) => void>();
  undo = new Map<number, Map<number, boolean>>();
  token = 1;
  progress: SyncProgress | null = null;
  timer: ReturnType<typeof setInterval> | undefined;

  constructor(parameters: URLSearchParams) {
    this.state = parameters.get('state') ?? '';
    this.delay = Number(parameters.get('delay') ?? 20);
    this.connection = this.state === 'offline' ? 'offline' : 'online';
    this.settings = {
      ...DEFAULT_SETTINGS,
      language: parameters.get('lang') ?? 'id',
      theme: (parameters.get('theme') ?? 'system') as Theme,
    };
    if (this.state === 'first-run') this.feeds = [];
    else if (this.state !== 'empty') this.fill(Number(parameters.get('rows') ?? 400));
    if (this.state !== 'first-run' && this.state !== 'empty') this.packs = [madePack(this.now)];
    if (this.state === 'syncing') {
      this.progress = {
        total: 9,
        done: 4,
        failed: 1,
        newArticles: 23,
        bytes: 412_000,
        picturesLeft: 6,
      };
    }
  }

  fill(count: number): void {
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
      this.rows.push(
        this.row(index + 1, article.feed, article.title, article.excerpt, article.minutesAgo, {
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
      this.rows.push(
        this.row(1000 + index, feed?.id ?? 1, filler, `${filler}.`, 540 + index * 47, {
          thumbnail: index % 3 === 0 ? picture(index % 6, 240, 240) : null,
          read: index % 5 > 1,
        }),
      );
    }
    this.rows.sort((a, b) => b.time - a.time || b.id - a.id);
    this.stories = [...storyIds.values()].map((id, index) => this.story(id, index));
  }

  row(
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
      time: this.now - minutesAgo * 60,
      authors: [],
      language: feed?.language ?? null,
      rightToLeft: feed?.rightToLeft ?? false,
      minutes: 2 + (id % 6),
      thumbnail: null,
      read: false,
      saved: false,
      story: null,
      ...more,
    };
  }

  story(id: number, index: number): Story {
    const articles = this.rows
      .filter((row) => row.story?.id === id)
      .sort((a, b) => a.time - b.time);
    const lead = this.rows.find((row) => row.id === id) ?? articles[0];
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
      followed: this.followed.has(id),
    };
  }

  count(rows: ArticleRow[]): Count {
    return { total: rows.length, unread: rows.filter((row) => !row.read).length };
  }

  articlesIn(place: Place): ArticleRow[] {
    const midnight = new Date(this.now * 1000).setHours(0, 0, 0, 0) / 1000;
    switch (place.kind) {
      case 'all':
        return this.rows;
      case 'unread':
        return this.rows.filter((row) => !row.read);
      case 'today':
        return this.rows.filter((row) => row.time >= midnight);
      case 'saved':
        return this.rows.filter((row) => row.saved);
      case 'folder': {
        const feeds = this.feeds.filter((feed) => feed.folder === place.id).map((feed) => feed.id);
        return this.rows.filter((row) => feeds.includes(row.feed));
      }
      case 'feed':
        return this.rows.filter((row) => row.feed === place.id);
      case 'tag':
        return [];
      case 'pack':
        return this.rows.slice(0, this.packs.find((pack) => pack.id === place.id)?.articles);
    }
  }

  /** Marks unread articles read, with undo. */
  markRead(ids: readonly number[]): Undoable {
    const token = this.token++;
    this.undo.set(token, new Map(ids.map((id) => [id, false])));
    this.rows = this.rows.map((row) => (ids.includes(row.id) ? { ...row, read: true } : row));
    return { changed: ids.length, token };
  }

  places(): Places {
    const feeds: FeedPlace[] = this.feeds.map((feed) => ({
      id: feed.id,
      title: feed.title,
      customTitle: null,
      url: `https://${feed.host}/feed`,
      site: `https://${feed.host}/`,
      folder: feed.folder,
      icon: null,
      language: feed.language,
      count: this.count(this.articlesIn({ kind: 'feed', id: feed.id })),
      paused: feed.paused ?? false,
      failure: feed.problem ? { code: feed.problem, detail: 'sample' } : null,
      checkedAt: this.now - 540,
      nextDueAt: this.now + 1260,
    }));
    return {
      all: this.count(this.rows),
      today: this.count(this.articlesIn({ kind: 'today' })),
      saved: this.articlesIn({ kind: 'saved' }).length,
      highlights: this.highlights.length,
      savedPages: null,
      folders: FOLDERS.filter((folder) => this.feeds.some((feed) => feed.folder === folder.id)).map(
        (folder) => ({
          ...folder,
          parent: null,
          count: this.count(this.articlesIn({ kind: 'folder', id: folder.id })),
        }),
      ),
      feeds: feeds.sort((a, b) => a.title.localeCompare(b.title)),
      searches: this.searches,
      tags: [],
      waiting: this.outbox.length,
      packs: this.packs,
    };
  }

  emit(event: Event): void {
    for (const heard of this.listeners) heard(event);
  }

  subjectRow(subject: Subject): ArticleRow {
    const id = subject.kind === 'digest' ? subject.ids[0] : subject.id;
    const row = this.rows.find((candidate) => candidate.id === id);
    if (!row) throw failure('notFound', 'subject');
    return row;
  }

  found(query: string): ArticleRow[] {
    const words = query.toLowerCase().split(/\s+/).filter(Boolean);
    return this.rows.filter((row) => {
      const text = `${row.title} ${row.excerpt}`.toLowerCase();
      return words.every((word) => text.includes(word));
    });
  }

  /** Answers after a moment, as the engine does; never in the state `loading`. */
  later<T>(answer: () => T): Promise<T> {
    if (this.state === 'loading') return new Promise(() => undefined);
    return new Promise((resolve, reject) =>
      setTimeout(() => {
        try {
          resolve(answer());
        } catch (thrown) {
          // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- as the engine does
          reject(thrown);
        }
      }, this.delay),
    );
  }
}

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
    planned: null,
    minutes: 1290,
    lacks: [
      { what: 'pictures', code: 'notFound', articles: 2 },
      { what: 'text', code: 'unwelcome', articles: 1 },
    ],
  };
}

export function failure(code: Failure['code'], message: string): Error & Failure {
  return Object.assign(new Error(message), { code, detail: 'sample' });
}
