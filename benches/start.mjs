// node benches/start.mjs [--articles 15000] [--runs 7] [--profile release]
//
// How long the app takes from its start to the first painted list, with this many stored articles. Fills
// a data folder through the command line from made-up feeds on this machine, then starts the real app
// under WebDriver and reads when the page marked its first list as painted. The driver's own start is
// part of the figure, so the app alone is a little faster. Prints every run and the median.

import { createServer } from 'node:http';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { makeHome, openApp, openScreen, until } from '../tests/e2e/harness.mjs';
import { cliBinary, must } from '../scripts/lib.mjs';

const PER_FEED = 30;
const { values } = parseArgs({
  options: {
    articles: { type: 'string', default: '15000' },
    runs: { type: 'string', default: '7' },
    profile: { type: 'string', default: 'release' },
  },
});
const feeds = Math.ceil(Number(values.articles) / PER_FEED);

// A small generator of our own keeps the texts the same from run to run.
let seed = 20260504;
const random = (below) => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return seed % below;
};
const syllables = 'ba ca da fa ga ha ja ka la ma na pa ra sa ta wa ya bi di gi ki li mi ni pi ri si ti bu du gu ku lu mu nu pu ru su tu'.split(' ');
const word = () => Array.from({ length: 2 + random(3) }, () => syllables[random(syllables.length)]).join('');
const words = (count) => Array.from({ length: count }, word).join(' ');

function feed(id, now) {
  const items = Array.from({ length: PER_FEED }, (_, n) => {
    const at = new Date(now - (id * PER_FEED + n) * 24_000).toUTCString();
    const paragraphs = Array.from({ length: 5 }, () => `&lt;p&gt;${words(60)}.&lt;/p&gt;`).join('');
    return `<item><guid>${id}-${n}</guid><title>${words(8)}</title><link>http://u${id}.example/${n}</link><pubDate>${at}</pubDate><description>${paragraphs}</description></item>`;
  });
  return `<rss version="2.0"><channel><title>Umpan ${id} ${word()}</title><link>http://u${id}.example/</link><description>d</description>${items.join('')}</channel></rss>`;
}

const now = Date.now();
const server = createServer((request, response) => {
  const id = Number(request.url.slice(1));
  if (!Number.isInteger(id)) return response.writeHead(404).end();
  response.writeHead(200, { 'content-type': 'application/rss+xml', etag: `"${id}"` }).end(feed(id, now));
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const origin = `http://127.0.0.1:${server.address().port}`;

const home = makeHome();
const screen = await openScreen();
try {
  const opml = join(home.dataDir, '..', 'feeds.opml');
  const outlines = Array.from({ length: feeds }, (_, id) => `<outline type="rss" text="${id}" xmlUrl="${origin}/${id}"/>`);
  writeFileSync(opml, `<opml version="2.0"><body>${outlines.join('')}</body></opml>`);
  const cli = (...args) => must(cliBinary(values.profile), ['--data-dir', home.dataDir, ...args], { env: home.env, stdio: ['ignore', 'ignore', 'inherit'] });
  await cli('feeds', 'import', opml);
  const began = Date.now();
  await cli('sync', '--all');
  console.log(`${feeds} feeds of ${PER_FEED} articles synced in ${((Date.now() - began) / 1000).toFixed(1)} s`);
  server.close();
  server.closeAllConnections();

  const times = [];
  for (let turn = 0; turn < Number(values.runs); turn++) {
    const app = await openApp(screen, home, { profile: values.profile });
    const painted = await until('the first list is painted', () =>
      app.browser.execute(() => {
        const [mark] = performance.getEntriesByName('warta:first-list');
        return mark && performance.timeOrigin + mark.startTime;
      }),
    );
    const counted = await app.browser.execute(() => document.body.innerText.match(/[\d.]{5,}/)?.[0]);
    times.push(painted - app.startedAt);
    console.log(`run ${turn + 1}: ${Math.round(times.at(-1))} ms (articles shown: ${counted})`);
    app.kill();
    await until('the app has ended', () => cli('feeds', 'list').then(() => true));
  }
  times.sort((a, b) => a - b);
  console.log(`from start to first painted list: median ${Math.round(times[times.length >> 1])} ms, minimum ${Math.round(times[0])}, maximum ${Math.round(times.at(-1))}`);
} finally {
  screen.close();
  home.remove();
}
process.exit(0);
