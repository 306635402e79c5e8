// Feeds, folders, OPML, and syncing them.

import type { Backend } from '../backend';
import type {
  CatalogueAddress,
  CatalogueCheck,
  CatalogueFeed,
  FeedActivity,
  FeedDetails,
  FeedPlace,
  FoundKind,
  NewFeed,
  SyncProgress,
} from '../bindings';
import { failure, type World } from './world';

const CATALOGUE_ROWS = 140;

function catalogue(now: number): CatalogueFeed[] {
  const topics = ['general', 'business', 'technology', 'science', 'sport'];
  const regions = ['', 'ID-AC', 'ID-JB', 'ID-PS'];
  return Array.from({ length: CATALOGUE_ROWS }, (_, index) => {
    const name = `contoh${index + 1}`;
    const abroad = index % 3 === 2;
    return {
      title: `Contoh ${index + 1}`,
      addresses: addresses(name, now, index),
      site: `https://${name}.example/`,
      topics: [topics[index % topics.length] ?? 'general'],
      language: abroad ? 'en' : 'id',
      country: abroad ? '' : 'ID',
      region: abroad ? '' : (regions[index % regions.length] ?? ''),
      city: '',
      already: false,
    };
  });
}

/** The third publisher did not answer, of the fourth one address did not. */
function addresses(name: string, now: number, index: number): CatalogueAddress[] {
  const failed = { at: now - 86_400, code: 'notFound' as const, feed: null };
  return [
    {
      url: `https://${name}.example/rss`,
      kind: 'feed',
      finding: index === 2 ? failed : null,
    },
    {
      url: `https://${name}.example/`,
      kind: 'site',
      finding: index === 2 || index === 3 ? failed : null,
    },
  ];
}

function check(rows: readonly CatalogueFeed[], title: string): CatalogueCheck[] {
  return rows
    .filter((row) => row.title === title)
    .map((row) => {
      const works = row.addresses.find(({ finding }) => !finding?.code);
      const feed = works && {
        url: works.url,
        title,
        site: row.site,
        description: null,
        entries: 20,
        already: false,
        kind: 'feed' as const,
        page: null,
        archive: null,
      };
      return { title, feed: feed ?? null, addresses: row.addresses };
    });
}

export function subscriptions(world: World) {
  return {
    discover: (address) =>
      world.later(() => {
        if (!address.includes('.')) throw failure('badAddress', address);
        if (address.includes('tanpa')) throw failure('noFeed', address);
        const url = `https://${address.replace(/^https?:\/\//, '')}`;
        const found = (path: string, title: string, kind: FoundKind = 'feed') => ({
          url: `${url}${path}`,
          title,
          site: url,
          description: 'Kabar dari pesisir, setiap pagi.',
          entries: 20,
          already: false,
          kind,
          page: null,
          archive: kind === 'feed' ? ('wordPress' as const) : null,
        });
        return {
          url,
          feeds: [
            found('/rss.xml', 'Kabar Pesisir'),
            found('/ekonomi.xml', 'Kabar Pesisir: Ekonomi'),
            found('/sitemap-news.xml', 'Kabar Pesisir', 'newsSitemap'),
          ],
          guessed: false,
        };
      }),
    searchPodcasts: (words) =>
      world.later(() => {
        if (words.includes('putus')) throw failure('offline', words);
        if (words.includes('tanpa')) return [];
        return ['Obrolan Pesisir', 'Kabar Laut'].map((title, index) => ({
          url: `https://siniar${index}.example/umpan.xml`,
          title,
          author: 'Radio Pesisir',
          site: null,
          newest: world.now - index * 86_400,
          episodes: 40,
          already: false,
        }));
      }),
    previewPage: (address, chosen) =>
      world.later(() => {
        if (chosen?.selector.includes('[')) throw failure('badSelector', chosen.selector);
        const list = (selector: string, name: string, count: number) => ({
          selector,
          total: count,
          items: Array.from({ length: count }, (_, at) => ({
            title: `${name} ${at + 1}`,
            url: `${address}/${at + 1}`,
            published: null,
          })),
        });
        const lists = [
          list('.kartu', 'Warga pesisir menanam bakau', 12),
          list('.populer a', 'Terpopuler', 5),
        ];
        const isOwn =
          chosen?.kind === 'headlineList' && !lists.some((one) => one.selector === chosen.selector);
        return {
          url: address,
          title: 'Lingkungan',
          isList: true,
          lists: isOwn
            ? [list(chosen.selector, 'Sorotan', chosen.selector === '.tiada' ? 0 : 3), ...lists]
            : lists,
          part:
            chosen?.kind === 'watch' && chosen.selector !== '.tiada'
              ? 'Harga beras hari ini Rp15.000.'
              : null,
        };
      }),
    subscribe: (feeds: NewFeed[]) => {
      const added = feeds.map((feed) => {
        const id = Math.max(100, ...world.feeds.map((other) => other.id)) + 1;
        world.feeds.push({
          id,
          title: feed.title ?? feed.url,
          host: URL.canParse(feed.url) ? new URL(feed.url).host : feed.url,
          language: 'id',
          folder: null,
        });
        return id;
      });
      if (world.rows.length === 0) world.fill(40);
      world.emit({ type: 'placesChanged' });
      sync(world);
      return Promise.resolve({ added, already: [], secrets: 'none' });
    },
    removeFeed: (id) => {
      world.feeds = world.feeds.filter((feed) => feed.id !== id);
      world.emit({ type: 'placesChanged' });
      return Promise.resolve({ changed: 1, token: 0 });
    },
    feedHealth: () => world.later(() => []),
    feedOffers: () => world.later(() => []),
    lookForFeed: () => world.later(() => null),
    acceptOffer: () => Promise.resolve(),
    declineOffer: () => Promise.resolve(),
    olderLimits: () =>
      world.later(() => ({ room: null, keptSince: null, metered: false, overBudget: false })),
    olderRun: () => world.later(() => null),
    fetchOlder: (feed, request) =>
      world.later(() => ({
        feed,
        request,
        kind: null,
        running: true,
        articles: 0,
        oldest: null,
        newest: null,
        texts: 0,
        pages: 0,
        bytes: 0,
        end: null,
        code: null,
        hasMore: false,
      })),
    stopOlder: () => Promise.resolve(),
    replacedAddresses: () => world.later(() => []),
    takeBackAddress: () => Promise.resolve(),
    setIntervals: () => Promise.resolve([]),
    changeFeed: (id, change) => {
      world.feeds = world.feeds.map((feed) =>
        feed.id === id
          ? {
              ...feed,
              title: change.customTitle ?? feed.title,
              paused: change.paused ?? feed.paused ?? false,
            }
          : feed,
      );
      world.emit({ type: 'placesChanged' });
      return Promise.resolve(change.login?.user ? 'keyring' : 'none');
    },
    feedDetails: (id) => world.later(() => details(world, id)),
    renameFolder: () => Promise.resolve(),
    addFolder: () => Promise.resolve(4),
    movePlaces: ({ feeds, folders }) =>
      Promise.resolve({ changed: feeds.length + folders.length, token: 0 }),
    unsubscribe: ({ feeds }) => Promise.resolve({ changed: feeds.length, token: 0 }),
    removeFolder: () => Promise.resolve({ changed: 1, token: 0 }),
    catalogue: () => world.later(() => catalogue(world.now)),
    checkCatalogue: (titles) =>
      world.later(() => titles.flatMap((title) => check(catalogue(world.now), title))),
    importOpml: () =>
      Promise.resolve({ added: 3, already: 1, problems: [{ line: 12, what: 'no address' }] }),
    importOpmlFile: () => Promise.resolve({ added: 3, already: 1, problems: [] }),
    importOpenedOpml: () => Promise.resolve({ added: 3, already: 1, problems: [] }),
    exportOpmlFile: () => Promise.resolve('warta.opml'),
    sync: () => {
      sync(world);
      return Promise.resolve();
    },
    stopSync: () => {
      finishSync(world, true);
      return Promise.resolve();
    },
    activity: () => world.later(() => world.places().feeds.map((feed) => activity(world, feed))),
  } satisfies Partial<Backend>;
}

function activity(world: World, feed: FeedPlace): FeedActivity {
  return {
    feed: feed.id,
    title: feed.title,
    checkedAt: feed.checkedAt,
    succeededAt: feed.failure ? world.now - 90_000 : feed.checkedAt,
    nextDueAt: feed.nextDueAt,
    failure: feed.failure,
    failures: feed.failure ? 3 : 0,
    lastNew: feed.failure ? 0 : 4,
    tookMs: 240,
    bytes: 48_000,
    paused: feed.paused,
    endedAt: feed.failure?.code === 'gone' ? world.now - 90_000 : null,
    movingTo: null,
  };
}

function details(world: World, id: number): FeedDetails {
  const feed = world.places().feeds.find((one) => one.id === id);
  if (!feed) throw failure('notFound', 'there is no such feed');
  return {
    activity: activity(world, feed),
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
    page: null,
    intervalSeconds: 5400,
    history: [0, 1, 2].map((hours) => ({
      at: world.now - 540 - hours * 3600,
      tookMs: 240,
      bytes: 48_000,
      new: 4 - hours,
      code: feed.failure?.code ?? null,
    })),
  };
}

function sync(world: World): void {
  if (world.progress) return;
  const total = world.feeds.length;
  const progress: SyncProgress = {
    total,
    done: 0,
    failed: 0,
    newArticles: 0,
    bytes: 0,
    picturesLeft: 0,
  };
  world.progress = progress;
  world.timer = setInterval(() => {
    progress.done += 1;
    progress.bytes += 48_000;
    if (world.feeds[progress.done - 1]?.problem) progress.failed += 1;
    world.emit({ type: 'syncProgress', progress: { ...progress } });
    if (progress.done >= total) finishSync(world, false);
  }, 350);
}

function finishSync(world: World, stopped: boolean): void {
  clearInterval(world.timer);
  const progress = world.progress;
  world.progress = null;
  if (!progress) return;
  world.emit({
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
