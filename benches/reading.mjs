// node benches/reading.mjs [--binary target/release/warta-desktop] [--feeds 1000] [--folders 50]
//   [--articles 100000] [--openings 100] [--rows 5000] [--data DIR] [--report]
//
// How quickly a large archive is read: measured inside the real web view, with software rendering. Fills a
// data folder through the command line beside the app's binary (from made-up feeds on this machine, in
// nested folders), or uses the one that `--data` names and keeps. Then it measures:
//   opening    from the key (J) to the painted text of the next article
//   switching  from the click on a feed or folder to its painted list
//   nodes      most elements in the document
//   scrolling  frames while the list scrolls past so many rows
// Times are those of the web view's own clock (event.timeStamp, performance.now); "painted" is the second
// animation frame after the change. Ends with 1 where a figure is beyond its target, unless `--report`.

import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { makeHome, openApp, openScreen, until } from '../tests/e2e/harness.mjs';
import { appBinary, must, say } from '../scripts/lib.mjs';

const TARGETS = { opening: 100, switching: 100, nodes: 2000, frame: 50 };
const { values } = parseArgs({
  options: {
    binary: { type: 'string', default: appBinary('release') },
    feeds: { type: 'string', default: '1000' },
    folders: { type: 'string', default: '50' },
    articles: { type: 'string', default: '100000' },
    openings: { type: 'string', default: '100' },
    switches: { type: 'string', default: '60' },
    rows: { type: 'string', default: '5000' },
    data: { type: 'string' },
    report: { type: 'boolean', default: false },
  },
});
const feeds = Number(values.feeds);
const folders = Number(values.folders);
const perFeed = Math.ceil(Number(values.articles) / feeds);

// A generator of our own keeps the texts the same from run to run.
function texts(start) {
  let seed = start;
  const random = (below) => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return seed % below;
  };
  const syllables = 'ba ca da fa ga ha ja ka la ma na pa ra sa ta wa ya bi di gi ki li mi ni pi ri si ti bu du gu ku lu mu'.split(' ');
  const word = () => Array.from({ length: 2 + random(3) }, () => syllables[random(syllables.length)]).join('');
  return (count) => Array.from({ length: count }, word).join(' ');
}

function feedXml(id, now) {
  const words = texts(id + 1);
  const items = Array.from({ length: perFeed }, (_, n) => {
    const at = new Date(now - (n * feeds + id) * 7000).toUTCString();
    const paragraphs = Array.from({ length: 6 }, () => `&lt;p&gt;${words(60)}.&lt;/p&gt;`).join('');
    return `<item><guid>${id}-${n}</guid><title>${words(8)}</title><link>http://u${id}.example/${n}</link><pubDate>${at}</pubDate><description>${paragraphs}</description></item>`;
  });
  return `<rss version="2.0"><channel><title>Feed ${id}</title><link>http://u${id}.example/</link><description>d</description>${items.join('')}</channel></rss>`;
}

/** The feeds in folders of three levels: every fifth folder at the top, the others inside. */
function opml(origin) {
  const inside = Array.from({ length: folders }, () => []);
  const top = [];
  for (let id = 0; id < folders; id++) {
    if (id % 5 === 0) top.push(id);
    else inside[id % 5 === 4 ? id - 1 : id - (id % 5)].push(id);
  }
  const write = (id) => {
    const own = Array.from({ length: feeds }, (_, feed) => feed).filter((feed) => feed % folders === id);
    const outlines = own.map((feed) => `<outline type="rss" text="Feed ${feed}" xmlUrl="${origin}/${feed}"/>`);
    return `<outline text="Folder ${id}">${inside[id].map(write).join('')}${outlines.join('')}</outline>`;
  };
  return `<opml version="2.0"><body>${top.map(write).join('')}</body></opml>`;
}

async function fill(home) {
  const now = Date.now();
  const server = createServer((request, response) => {
    const id = Number(request.url.slice(1));
    if (!Number.isInteger(id)) return response.writeHead(404).end();
    response.writeHead(200, { 'content-type': 'application/rss+xml' }).end(feedXml(id, now));
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const list = join(dirname(home.dataDir), 'reading.opml');
  mkdirSync(dirname(list), { recursive: true });
  writeFileSync(list, opml(`http://127.0.0.1:${server.address().port}`));
  const cli = (...args) =>
    must(join(dirname(resolve(values.binary)), 'warta'), ['--data-dir', home.dataDir, ...args], {
      env: home.env,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  await cli('feeds', 'import', list);
  const began = Date.now();
  await cli('sync', '--all');
  say(`${feeds} feeds in ${folders} folders, ${feeds * perFeed} articles, synced in ${((Date.now() - began) / 1000).toFixed(0)} s`);
  server.close();
  server.closeAllConnections();
}

/** What the page measures; runs inside the web view. */
function install() {
  const painted = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now()))));
  const next = () => new Promise((done) => requestAnimationFrame(done));
  const within = async (condition, ms = 20_000) => {
    const end = performance.now() + ms;
    while (!condition()) {
      if (performance.now() > end) throw new Error(`waited in vain: ${condition}`);
      await next();
    }
  };
  const nodes = () => document.querySelectorAll('*').length;
  const titleOf = () => document.querySelector('[data-testid="article-title"]')?.textContent ?? '';
  const bodyOf = () => document.querySelector('[data-testid="article-body"]')?.textContent ?? '';
  window.measure = { times: [], nodes: 0 };
  const note = () => (window.measure.nodes = Math.max(window.measure.nodes, nodes()));

  /** Waits for the next key J and measures until another article is painted. */
  window.measureOpening = () => {
    const before = titleOf() + bodyOf().length;
    addEventListener(
      'keydown',
      async (event) => {
        const from = event.timeStamp;
        await within(() => titleOf() + bodyOf().length !== before && bodyOf().length > 0);
        window.measure.times.push((await painted()) - from);
        note();
      },
      { capture: true, once: true },
    );
  };

  /** Clicks each of these places in turn. */
  window.measureSwitching = async (count) => {
    const times = [];
    for (let turn = 0; turn < count; turn++) {
      const all = [...document.querySelectorAll('[role="treeitem"]')];
      const target = all[(turn * 7) % all.length];
      if (target.getAttribute('aria-current') === 'page') continue;
      const before = document.querySelector('[data-testid="list"]');
      const from = performance.now();
      target.click();
      await within(() => {
        const list = document.querySelector('[data-testid="list"]');
        return list && list !== before && list.querySelector('[data-testid^="row-"]');
      });
      times.push((await painted()) - from);
      note();
    }
    return times;
  };

  /** Scrolls the list, one step a frame, until this many rows have passed. */
  window.measureScrolling = async (rows) => {
    const box = document.querySelector('[data-testid="list"]');
    const row = box.querySelector('[data-testid^="row-"]').getBoundingClientRect().height;
    const length = row * rows;
    box.scrollTop = 0;
    await painted();
    const frames = [];
    let last = performance.now();
    let stuck = 0;
    for (;;) {
      const before = box.scrollTop;
      box.scrollTop = before + 240;
      await next();
      const now = performance.now();
      frames.push(now - last);
      last = now;
      if (frames.length % 20 === 0) note();
      if (box.scrollTop >= length) break;
      stuck = box.scrollTop === before ? stuck + 1 : 0;
      if (stuck > 600) break;
    }
    return { frames, rows: Math.round(box.scrollTop / row) };
  };
}

const percentile = (all, share) => [...all].sort((a, b) => a - b)[Math.min(all.length - 1, Math.floor(all.length * share))];
const line = (name, all) =>
  `${name}: median ${Math.round(percentile(all, 0.5))} ms, p95 ${Math.round(percentile(all, 0.95))}, most ${Math.round(Math.max(...all))} (${all.length} times)`;

const home = makeHome();
if (values.data) home.dataDir = resolve(values.data);
const screen = await openScreen();
const missed = [];
let app;
try {
  if (!existsSync(home.dataDir)) await fill(home);
  app = await openApp(screen, home, { binary: resolve(values.binary) });
  await app.shown('places', 60_000);
  await until('the sidebar is filled', () => app.browser.execute(() => document.querySelectorAll('[role="treeitem"]').length > 5), 60_000);
  await app.browser.setTimeout({ script: 600_000 });
  await app.browser.execute(install);
  await app.click('place-all');
  await until('the list is there', () => app.browser.execute(() => document.querySelector('[data-testid="list"] [data-testid^="row-"]') !== null));

  await app.browser.keys('j');
  await app.browser.keys('o');
  await app.shown('article-body');
  for (let turn = 1; turn <= Number(values.openings); turn++) {
    await app.browser.execute(() => window.measureOpening());
    await app.browser.keys('j');
    await until('an article is painted', () => app.browser.execute((wanted) => window.measure.times.length >= wanted, turn));
  }
  const opening = await app.browser.execute(() => window.measure.times);
  say(line('opening an article', opening));
  if (percentile(opening, 0.95) > TARGETS.opening) missed.push('opening');

  const switching = await app.browser.executeAsync((count, done) => {
    window.measureSwitching(count).then(done, (error) => done(String(error)));
  }, Number(values.switches));
  if (!Array.isArray(switching)) throw new Error(switching);
  say(line('switching places', switching));
  if (percentile(switching, 0.95) > TARGETS.switching) missed.push('switching');

  await app.click('place-all');
  await until('the list is there', () => app.browser.execute(() => document.querySelector('[data-testid="list"] [data-testid^="row-"]') !== null));
  const scrolled = await app.browser.executeAsync((rows, done) => {
    window.measureScrolling(rows).then(done, (error) => done(String(error)));
  }, Number(values.rows));
  if (typeof scrolled === 'string') throw new Error(scrolled);
  const long = scrolled.frames.filter((frame) => frame > TARGETS.frame);
  say(`${line(`frames in a scroll of ${scrolled.rows} rows`, scrolled.frames)}; ${long.length} over ${TARGETS.frame} ms`);
  if (long.length > 0) missed.push('scrolling');
  if (scrolled.rows < Number(values.rows) * 0.95) missed.push('rows to scroll');

  const nodes = await app.browser.execute(() => window.measure.nodes);
  say(`most elements in the document: ${nodes}`);
  if (nodes >= TARGETS.nodes) missed.push('nodes');
} finally {
  app?.kill();
  screen.close();
  home.remove();
}
if (missed.length > 0) say(`beyond the target: ${missed.join(', ')}`);
process.exit(missed.length > 0 && !values.report ? 1 : 0);
