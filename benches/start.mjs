// node benches/start.mjs [--articles 15000] [--runs 7] [--profile release] [--against OTHER-APP]
// node benches/start.mjs --idle [--articles 15000]
//
// How long the app takes from its start to the first painted list, with this many stored articles, and to
// each milestone before that. Fills a data folder through the command line from made-up feeds on this
// machine, then starts the real app on a virtual display, without WebDriver, and times the lines in which
// it logs its milestones. Prints the medians. Against another program, the two alternate.
//
// Idle: eight seconds after the first list, for eight seconds: memory (PSS of all processes) and wake-ups
// a second; then the same for a start without a window.

import { createServer } from 'node:http';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { memoryOf } from '../tests/e2e/desktop.mjs';
import { killGroup, launch, makeHome, openScreen, processesOf, until } from '../tests/e2e/harness.mjs';
import { appBinary, cliBinary, must } from '../scripts/lib.mjs';

const PER_FEED = 30;
const { values } = parseArgs({
  options: {
    articles: { type: 'string', default: '15000' },
    runs: { type: 'string', default: '7' },
    profile: { type: 'string', default: 'release' },
    against: { type: 'string' },
    idle: { type: 'boolean', default: false },
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

// Without a tray, a start without a window opens it after twenty seconds.
const IDLE_SECONDS = 8;

const MILESTONES = ['program', 'system', 'window', 'engine', 'page', 'page loaded', 'first list'];

/** Starts the app and returns it with the milliseconds to each milestone, up to `last`. */
async function start(program, last, ...args) {
  const env = { ...home.env, DISPLAY: screen.display, WARTA_LOG: 'warn,warta_desktop::start=debug' };
  delete env.TAURI_WEBVIEW_AUTOMATION;
  const began = performance.now();
  const app = launch(program, ['--data-dir', home.dataDir, ...args], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  const reached = {};
  for await (const line of createInterface({ input: app.stderr })) {
    const [, milestone] = line.match(/reached: ([a-z ]+)/) ?? [];
    if (milestone) reached[milestone] ??= performance.now() - began;
    if (milestone === last) break;
  }
  app.stderr.resume();
  if (!(last in reached)) throw new Error(`the app ended before it reached: ${last}`);
  return { app, reached };
}

async function stop(app) {
  killGroup(app);
  await until('the app has ended', () => cli('feeds', 'list').then(() => true));
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1];

async function timeStarts(programs) {
  const runs = programs.map(() => []);
  for (let turn = 0; turn <= Number(values.runs); turn++) {
    for (const [which, program] of programs.entries()) {
      const { app, reached } = await start(program, 'first list');
      await stop(app);
      // The first turn fills the system's caches.
      if (turn > 0) runs[which].push(reached);
    }
  }
  for (const [which, program] of programs.entries()) {
    console.log(`\n${program}: milliseconds from the start, median of ${values.runs}`);
    for (const milestone of MILESTONES) {
      const times = runs[which].map((reached) => reached[milestone]).filter((time) => time !== undefined);
      const range = `${Math.round(Math.min(...times))} to ${Math.round(Math.max(...times))}`;
      if (times.length > 0) console.log(`  ${milestone.padEnd(12)} ${String(Math.round(median(times))).padStart(5)}  (${range})`);
    }
  }
}

/** How often threads of these processes have gone to sleep. */
function sleepsOf(pids) {
  let sum = 0;
  for (const pid of pids) {
    for (const thread of readdirSync(`/proc/${pid}/task`)) {
      const status = readFileSync(`/proc/${pid}/task/${thread}/status`, 'utf8');
      sum += Number(status.match(/^voluntary_ctxt_switches:\s+(\d+)/m)[1]);
    }
  }
  return sum;
}

async function measureIdle(program, last, ...args) {
  const { app } = await start(program, last, ...args);
  await pause(IDLE_SECONDS * 1000);
  const pids = processesOf(app.pid);
  const before = sleepsOf(pids);
  await pause(IDLE_SECONDS * 1000);
  const wakes = (sleepsOf(pids) - before) / IDLE_SECONDS;
  console.log(`${args.join(' ') || 'window'}: ${(memoryOf(pids) / 2 ** 20).toFixed(0)} MB in ${pids.length} processes, ${wakes.toFixed(1)} wake-ups a second`);
  await stop(app);
}

const home = makeHome();
const screen = await openScreen();
const cli = (...args) => must(cliBinary(values.profile), ['--data-dir', home.dataDir, ...args], { env: home.env, stdio: ['ignore', 'ignore', 'inherit'] });
try {
  const opml = join(home.dataDir, '..', 'feeds.opml');
  const outlines = Array.from({ length: feeds }, (_, id) => `<outline type="rss" text="${id}" xmlUrl="${origin}/${id}"/>`);
  writeFileSync(opml, `<opml version="2.0"><body>${outlines.join('')}</body></opml>`);
  await cli('feeds', 'import', opml);
  const began = Date.now();
  await cli('sync', '--all');
  console.log(`${feeds} feeds of ${PER_FEED} articles synced in ${((Date.now() - began) / 1000).toFixed(1)} s`);
  server.close();
  server.closeAllConnections();
  const program = appBinary(values.profile);
  if (values.idle) {
    await measureIdle(program, 'first list');
    await measureIdle(program, 'engine', '--hidden');
  } else {
    await timeStarts([program, ...(values.against ? [values.against] : [])]);
  }
} finally {
  screen.close();
  home.remove();
}
process.exit(0);
