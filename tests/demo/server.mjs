// The demo server: eight invented publishers, each on its own loopback address. Home
// pages with feed discovery, article pages, feeds (RSS, Atom, JSON Feed) with validators and gzip,
// pictures drawn on the spot; one publisher is slow, one broken. It makes no
// requests and listens on loopback only. For demonstrations and tests, not part of the product.

import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { readArticles } from './articles.mjs';
import { atomFeed, homePage, articlePage, jsonFeed, opml, rssFeed } from './documents.mjs';
import { hostileArticle, openTrap } from './hostile.mjs';
import { drawIcon, drawPicture } from './pictures.mjs';
import { publishers } from './publishers.mjs';
import { drawAudio } from './audio.mjs';

const TYPES = {
  rss: 'application/rss+xml; charset=utf-8',
  atom: 'application/atom+xml; charset=utf-8',
  json: 'application/feed+json; charset=utf-8',
};

/** The broken publisher's answers, in turn. */
const BREAKAGES = ['page', 'server error', 'broken off', 'sound'];

/**
 * Starts the server.
 *
 * - `port`: the same on every address; 0 lets the system choose.
 * - `clock`: milliseconds since 1970; articles are as old as their files say, counted from the start.
 * - `faults`: `{ slow: milliseconds, broken: one of BREAKAGES or 'in turn' }`.
 * - `hostile`: adds an article to Pucuk Pagi's feed that tries what articles must not do.
 */
export async function start({ port = 0, clock = Date.now, faults = {}, hostile = false } = {}) {
  const startedAt = clock();
  const articles = readArticles(new Date(startedAt).getDay());
  const trap = hostile ? await openTrap() : undefined;
  const requests = [];
  const slow = new Map(publishers.filter((p) => p.slowMilliseconds).map((p) => [p.id, faults.slow ?? p.slowMilliseconds]));
  let brokenMode = faults.broken ?? 'in turn';
  let brokenTurn = 0;

  const newsroom = publishers.map((publisher) => ({ ...publisher, articles: articles.get(publisher.id) }));
  for (const publisher of newsroom) {
    if (hostile && publisher.id === 'pucuk') publisher.articles.unshift(hostileArticle(trap.url));
    for (const article of publisher.articles) article.time = new Date(startedAt - article.minutesAgo * 60_000);
    publisher.articles.sort((a, b) => b.time - a.time);
  }

  const servers = [];
  let chosen = port;
  for (const publisher of newsroom) {
    const server = createServer((request, response) => {
      answer(publisher, request, response).catch((error) => {
        process.stderr.write(`demonstration newsroom: ${error.stack}\n`);
        response.destroy();
      });
    });
    const address = await listen(server, publisher.host, chosen);
    chosen ||= address.port;
    publisher.origin = `http://${address.address}:${address.port}`;
    publisher.site = `${publisher.origin}/`;
    publisher.feedUrl = publisher.origin + publisher.feed.path;
    servers.push(server);
  }

  async function answer(publisher, request, response) {
    const path = decodeURIComponent(new URL(request.url, publisher.origin).pathname);
    const record = {
      at: clock(),
      publisher: publisher.id,
      method: request.method,
      path,
      userAgent: request.headers['user-agent'] ?? '',
      conditional: Boolean(request.headers['if-none-match'] ?? request.headers['if-modified-since']),
    };
    requests.push(record);
    response.on('close', () => {
      record.status = response.statusCode;
    });
    if (request.method !== 'GET' && request.method !== 'HEAD') return send(request, response, 405, 'text/plain', 'GET only');
    const isFeed = path === publisher.feed.path || publisher.sections?.some((section) => section.path === path);
    const breakage = isFeed && publisher.broken ? nextBreakage() : 'sound';
    if (breakage === 'server error') return send(request, response, 500, 'text/plain; charset=utf-8', 'Kesalahan pada server');
    if (breakage === 'page') return send(request, response, 200, 'text/html; charset=utf-8', homePage(publisher));
    const found = await document(publisher, path);
    if (!found) return send(request, response, 404, 'text/plain; charset=utf-8', 'Tidak ada di sini');
    if (breakage === 'broken off') {
      const half = found.body.slice(0, Math.floor(found.body.length * 0.6));
      return send(request, response, 200, found.type, half.replace('</title>', '</titel>'));
    }
    const wait = isFeed ? (slow.get(`${publisher.id}${path}`) ?? slow.get(publisher.id) ?? 0) : 0;
    return send(request, response, 200, found.type, found.body, { modified: found.modified, wait });
  }

  function nextBreakage() {
    return brokenMode === 'in turn' ? BREAKAGES[brokenTurn++ % BREAKAGES.length] : brokenMode;
  }

  async function document(publisher, path) {
    const { feed } = publisher;
    const modified = publisher.articles[0]?.time ?? new Date(startedAt);
    if (path === '/') return { type: 'text/html; charset=utf-8', body: homePage(publisher), modified };
    if (path === '/opml') return { type: 'text/x-opml; charset=utf-8', body: opml(newsroom) };
    if (path === '/ikon.png') return { type: 'image/png', body: await drawIcon(publisher), modified };
    if (path === feed.path) {
      const write = { rss: rssFeed, atom: atomFeed, json: jsonFeed }[feed.format];
      return { type: TYPES[feed.format], body: write(publisher, publisher.articles, { path, name: publisher.name }), modified };
    }
    const section = publisher.sections?.find((candidate) => candidate.path === path);
    if (section) {
      const inside = publisher.articles.filter((article) => article.section === section.section);
      return { type: TYPES.rss, body: rssFeed(publisher, inside, section), modified };
    }
    const page = path.match(/^\/(?:artikel|story)\/([\w-]+)$/);
    const article = page && publisher.articles.find((candidate) => candidate.slug === page[1]);
    if (article) return { type: 'text/html; charset=utf-8', body: articlePage(publisher, article), modified: article.time };
    const picture = path.match(/^\/gambar\/([\w-]+)\/([a-z]+)-([a-z]+)\.png$/);
    if (picture) {
      const [, seed, scene, light] = picture;
      return { type: 'image/png', body: await drawPicture(`${scene}:${light}`, `${publisher.id}/${seed}`), modified };
    }
    const spoken = publisher.articles.find((candidate) => candidate.sound && path === `/suara/${candidate.slug}.wav`);
    if (spoken) return { type: 'audio/wav', body: drawAudio(spoken.sound.seconds), modified: spoken.time };
    return undefined;
  }

  return {
    /** The address to paste: a site whose home page names its feeds. */
    url: newsroom.find((p) => p.id === 'pucuk').site,
    /** All eight publishers' feeds. */
    opml: `${newsroom[0].origin}/opml`,
    hosts: newsroom.map((publisher) => new URL(publisher.origin).host),
    publishers: newsroom.map(({ id, name, language, origin, site, feedUrl, channels }) => ({ id, name, language, origin, site, feedUrl, channels })),
    /** What is published, by publisher id, newest first. */
    articles: Object.fromEntries(newsroom.map((publisher) => [publisher.id, publisher.articles])),
    /** Every request so far. */
    requests,
    /** Counts requests to an address that only the hostile article names. */
    trap,
    /** Delays a publisher's feeds (or one, by `id/path`). */
    setSlow: (which, milliseconds) => void slow.set(which, milliseconds),
    /** What the broken publisher answers from now on. */
    setBroken: (mode) => {
      brokenMode = mode;
    },
    /** Closes every address; responses in progress are cut off. */
    async stop() {
      await Promise.all([...servers, ...(trap ? [trap.server] : [])].map(close));
    },
  };
}

/** Listens on the publisher's loopback address or, where a system has only one, on its own port. */
async function listen(server, host, port) {
  const attempt = (options) =>
    new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(options, () => resolve(server.address()));
    });
  try {
    return await attempt({ host, port });
  } catch (error) {
    if (error.code !== 'EADDRNOTAVAIL') throw error;
    return attempt({ host: '127.0.0.1', port: 0 });
  }
}

function close(server) {
  return new Promise((resolve) => {
    server.close(resolve);
    server.closeAllConnections();
  });
}

async function send(request, response, status, type, body, { modified, wait = 0 } = {}) {
  let bytes = Buffer.from(body);
  const headers = { 'content-type': type, server: 'demonstration' };
  if (status === 200) {
    headers.etag = `"${createHash('sha256').update(bytes).digest('hex').slice(0, 20)}"`;
    headers['cache-control'] = 'max-age=60';
    if (modified) headers['last-modified'] = new Date(modified).toUTCString();
    if (isFresh(request.headers, headers)) {
      response.writeHead(304, { etag: headers.etag }).end();
      return;
    }
  }
  if (!type.startsWith('image/') && /\bgzip\b/.test(request.headers['accept-encoding'] ?? '') && wait === 0) {
    bytes = gzipSync(bytes);
    headers['content-encoding'] = 'gzip';
    headers.vary = 'accept-encoding';
  }
  headers['content-length'] = bytes.length;
  response.writeHead(status, headers);
  if (request.method === 'HEAD') return void response.end();
  if (wait > 0) await trickle(response, bytes, wait);
  else response.end(bytes);
}

function isFresh(asked, now) {
  if (asked['if-none-match']) return asked['if-none-match'].split(/\s*,\s*/).some((tag) => tag.replace(/^W\//, '') === now.etag);
  const since = Date.parse(asked['if-modified-since'] ?? '');
  return Boolean(now['last-modified']) && since >= Date.parse(now['last-modified']);
}

/** Sends the bytes in ten pieces over `milliseconds`. */
async function trickle(response, bytes, milliseconds) {
  const pieces = 10;
  const size = Math.ceil(bytes.length / pieces);
  for (let at = 0; at < bytes.length && !response.destroyed; at += size) {
    response.write(bytes.subarray(at, at + size));
    await new Promise((resolve) => setTimeout(resolve, milliseconds / pieces));
  }
  response.end();
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const at = process.argv.indexOf('--port');
  const newsroom = await start({ port: at > 0 ? Number(process.argv[at + 1]) : 0 });
  process.stdout.write(`${JSON.stringify({ url: newsroom.url, opml: newsroom.opml, publishers: newsroom.publishers })}\n`);
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => newsroom.stop());
}
