// Lists, articles, marks and search of the sample backend.

import type { Backend } from '../backend';
import type { ArticleRow, ArticleView, Overview, PageView, SearchFilter } from '../bindings';
import { ARTICLES, BODY_AR, BODY_EN, BODY_ID, FEEDS } from './data';
import { picture } from './pictures';
import { failure, type World } from './world';

/** By language; the other articles have none. */
const DATELINES: Record<string, string> = { id: 'TELUK SAGARA', en: 'SAGARA BAY' };
const ABSENT: PageView = { status: 'absent', wordCount: 0, paywalled: false, problem: null };
const KEPT: PageView = { status: 'shown', wordCount: 846, paywalled: false, problem: null };

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

/** The few operators that the sample backend knows. */
function readQuery(query: string): { words: string; filters: SearchFilter[] } {
  const filters: SearchFilter[] = [];
  const kinds: Record<string, SearchFilter['kind']> = {
    'is:saved': 'saved',
    'is:unread': 'unread',
    'in:title': 'inTitle',
  };
  const pattern = /(-?)(is:saved|is:unread|in:title|(?:feed|sumber):(?:"([^"]*)"|(\S+)))/g;
  for (const match of query.matchAll(pattern)) {
    const [all, minus, text = '', quoted, plain] = match;
    filters.push({
      kind: kinds[text] ?? 'feed',
      value: quoted ?? plain ?? text,
      name: quoted ?? null,
      negated: minus === '-',
      day: null,
      age: null,
      sort: null,
      start: match.index,
      end: match.index + all.length,
    });
  }
  return { words: query.replace(pattern, ''), filters };
}

function fits({ kind, value, negated }: SearchFilter, row: ArticleRow): boolean {
  const is =
    kind === 'saved'
      ? row.saved
      : kind === 'unread'
        ? !row.read
        : kind === 'feed'
          ? row.publisher.toLowerCase().includes(value.toLowerCase())
          : true;
  return is !== negated;
}

export function reading(world: World) {
  return {
    overview: async () => {
      if (world.state === 'broken') throw failure('inUse', 'another process has the store');
      const overview: Overview = {
        settings: world.settings,
        firstRun: world.feeds.length === 0,
        places: world.places(),
        connection: world.connection,
        sync: world.progress,
        version: '0.1.0',
        dataDir: '~/.local/share/org.warta.reader',
        repaired: null,
        readOnly: false,
        now: world.now,
      };
      return Promise.resolve(overview);
    },
    places: () => Promise.resolve(world.places()),
    list: (request) =>
      world.later(() => {
        const all = world
          .articlesIn(request.place)
          .filter((row) => !request.unreadOnly || !row.read);
        if (request.order === 'oldest') all.reverse();
        if (request.byFeed) all.sort((a, b) => a.publisher.localeCompare(b.publisher));
        const before = request.before;
        const from = before ? all.findIndex((row) => row.id === before.id) + 1 : 0;
        const rows = from < 0 ? [] : all.slice(from, from + request.limit);
        const last = rows.at(-1);
        return {
          rows,
          next: last && from + rows.length < all.length ? { time: last.time, id: last.id } : null,
        };
      }),
    article: (id) => world.later(() => article(world, id)),
    savePage: (address) =>
      Promise.resolve({
        article: 1,
        title: address,
        url: address,
        already: false,
        state: 'waiting',
        problem: null,
      }),
    mark: (ids, mark) => {
      world.rows = world.rows.map((row) =>
        ids.includes(row.id)
          ? { ...row, read: mark.read ?? row.read, saved: mark.saved ?? row.saved }
          : row,
      );
      world.emit({ type: 'placesChanged' });
      return Promise.resolve(ids.length);
    },
    markAllRead: (place) => {
      const unread = world.articlesIn(place).filter((row) => !row.read);
      return Promise.resolve(world.markRead(unread.map(({ id }) => id)));
    },
    markSpanRead: (place, span) => {
      const older = (row: { time: number; id: number }, than: { time: number; id: number }) =>
        row.time < than.time || (row.time === than.time && row.id < than.id);
      const rows = world.articlesIn(place).filter((row) => {
        if (row.read) return false;
        switch (span.kind) {
          case 'older':
            return older(row, span.than);
          case 'newer':
            return older(span.than, row) && !(span.newest && older(span.newest, row));
          case 'age':
            return row.time < world.now - span.hours * 3600;
          case 'followingFeeds':
            return older(row, span.row);
        }
      });
      return Promise.resolve(world.markRead(rows.map(({ id }) => id)));
    },
    markArticlesRead: (ids) => {
      const unread = world.rows.filter((row) => ids.includes(row.id) && !row.read);
      return Promise.resolve(world.markRead(unread.map(({ id }) => id)));
    },
    // Only the engine makes a style sheet safe, so the sample keeps no CSS.
    articleStyle: () => Promise.resolve(world.articleStyle),
    setArticleStyle: (css) => {
      world.articleStyle = { bytes: css.length, css: '', leftOut: [], more: 0 };
      return Promise.resolve(world.articleStyle);
    },
    fonts: () => Promise.resolve(['DejaVu Serif', 'Liberation Sans', 'Noto Serif']),
    // A browser has a zoom of its own.
    setInterfaceScale: () => Promise.resolve(),
    undo: (token) => {
      const before = world.undo.get(token);
      if (!before) return Promise.resolve(false);
      world.rows = world.rows.map((row) => ({ ...row, read: before.get(row.id) ?? row.read }));
      return Promise.resolve(true);
    },
    markOpened: (id) => {
      const marked = world.settings.markReadOnOpen ? [id] : [];
      world.rows = world.rows.map((row) =>
        marked.includes(row.id) ? { ...row, read: true } : row,
      );
      return Promise.resolve(marked);
    },
    search: ({ query, sort = 'relevance', limit, offset }) =>
      world.later(() => {
        const { words, filters } = readQuery(query);
        const rows = world
          .found(words)
          .filter((row) => filters.every((filter) => fits(filter, row)))
          .sort((a, b) => (sort === 'oldest' ? a.time - b.time : b.time - a.time));
        return {
          query,
          sort,
          filters,
          problems: [],
          unindexed: 0,
          total: rows.length,
          hits: rows.slice(offset, offset + limit).map((row) => ({
            row,
            title: runs(row.title, query),
            passage: runs(row.excerpt, query),
          })),
        };
      }),
    searchLanguages: () =>
      Promise.resolve([
        { tag: 'id', articles: 20 },
        { tag: 'en', articles: 8 },
      ]),
    searchCounts: () =>
      world.later(() =>
        world.searches.map(({ id, query }) => ({ id, count: world.count(world.found(query)) })),
      ),
    saveSearch: (name, query) => {
      const id = Math.max(0, ...world.searches.map((one) => one.id)) + 1;
      const kept = { id, name, query };
      world.searches = [...world.searches.filter((one) => one.query !== query), kept];
      return Promise.resolve(kept);
    },
    removeSearch: (id) => {
      world.searches = world.searches.filter((one) => one.id !== id);
      return Promise.resolve();
    },
    openLink: () => Promise.resolve(),
    copyLink: () => Promise.resolve(),
    chooseText: (id, page) => {
      world.pages.set(id, { ...KEPT, status: page ? 'shown' : 'kept' });
      world.emit({ type: 'textArrived', article: id });
      return Promise.resolve();
    },
    fetchFullText: (id) =>
      world.later(() => {
        world.pages.set(id, KEPT);
        world.emit({ type: 'textArrived', article: id });
      }),
    fetchPictures: () => world.later(() => 1),
  } satisfies Partial<Backend>;
}

function article(world: World, id: number): ArticleView {
  const row = world.rows.find((candidate) => candidate.id === id);
  if (!row) throw failure('notFound', 'article');
  const feed = FEEDS.find((candidate) => candidate.id === row.feed);
  const sample = ARTICLES[id - 1];
  const body = { id: BODY_ID, en: BODY_EN, ar: BODY_AR }[row.language ?? 'id'] ?? BODY_ID;
  const story = world.stories.find((candidate) => candidate.id === row.story?.id) ?? null;
  return {
    row,
    html: body.replace('PICTURE', picture(5, 1200, 700)),
    dateline: DATELINES[row.language ?? ''] ?? null,
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
    forwards: world.forwards.filter((record) => record.article === id),
    chapters: null,
    linkIsRedirect: false,
    comments: id === 1 ? `${row.url ?? ''}#komentar` : null,
    picturesMissing: id % 2,
    picturesLeftOut: 0,
    page: world.pages.get(id) ?? (id % 3 === 2 ? ABSENT : KEPT),
    feedWords: id % 3 === 2 ? 64 : 212,
  };
}
