// node benches/sync.mjs [--feeds 500] [--runs 5] [--warta target/release/warta]      against newsboat
// node benches/sync.mjs --against OLD [--feeds 500] [--runs 7]                       an older warta, alternately
// node benches/sync.mjs --storm [--feeds 5000]                                      many feeds, many faults
// node benches/sync.mjs --placing                                                   what stories add to a sync
//
// Syncs made-up feeds from a server on this machine (tests/feedserver, 250 loopback hosts).
//
// Against newsboat (Debian's package): both fetch the same feeds from the same server, alternately. Warta is
// timed to the line that says everything is stored and can be read, and to its end, when the search index
// is done too; then its stories (`trending`), and a second sync, which the server answers with 304.
//
// Against an older version: the two alternate, and each goes first equally often. The figure is
// the median of the rounds' ratios, since the machine's speed drifts from minute to minute.
//
// Placing: a second sync of the same feeds, three new articles in each, with and without clustering.
//
// The storm: one feed in twenty fails in every way the server knows, at 50 ms latency. Warta must say of
// each why it failed; its peak memory and the requests at a time to a host are reported.

import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { must, root } from '../scripts/lib.mjs';

const { values } = parseArgs({
  options: {
    storm: { type: 'boolean', default: false },
    placing: { type: 'boolean', default: false },
    against: { type: 'string' },
    feeds: { type: 'string' },
    runs: { type: 'string', default: '5' },
    warta: { type: 'string', default: join(root, 'target/release/warta') },
    port: { type: 'string', default: '18091' },
  },
});
const feeds = values.feeds ?? (values.storm ? '5000' : '500');
const folder = mkdtempSync(join(tmpdir(), 'warta-bench-'));

/** The feed server (tests/feedserver), built if it changed. */
async function serverProgram() {
  const folder = join(root, 'target', 'feedserver');
  const manifest = join(root, 'tests', 'feedserver', 'Cargo.toml');
  await must('cargo', ['build', '--release', '--quiet', '--locked', '--manifest-path', manifest, '--target-dir', folder]);
  return join(folder, 'release', 'warta-feedserver');
}

async function serve(...flags) {
  const child = spawn(await serverProgram(), ['--feeds', feeds, '--items', '30', '--hosts', '250', '--port', values.port, ...flags], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  for await (const line of createInterface({ input: child.stderr })) {
    if (line.startsWith('listening')) break;
  }
  child.stderr.resume();
  return child;
}

const from = async (path) => (await fetch(`http://127.0.0.1:${values.port}${path}`)).text();

/** Runs a program; gives seconds to its first line of output and to its end, that line, and its peak memory in MB. */
async function timed(program, args, env = process.env) {
  const peak = join(folder, 'peak');
  const began = process.hrtime.bigint();
  const seconds = () => Number(process.hrtime.bigint() - began) / 1e9;
  const child = spawn('/usr/bin/time', ['--format=%M', `--output=${peak}`, program, ...args], { env, stdio: ['ignore', 'pipe', 'ignore'] });
  let first;
  let line = '';
  for await (const one of createInterface({ input: child.stdout })) {
    first ??= seconds();
    line ||= one;
  }
  const whole = seconds();
  return { first: first ?? whole, whole, line, megabytes: Number(readFileSync(peak, 'utf8').trim().split('\n').at(-1)) / 1024 };
}

async function subscribed(name, program = values.warta) {
  const dir = join(folder, name);
  rmSync(dir, { recursive: true, force: true });
  const opml = join(folder, 'feeds.opml');
  writeFileSync(opml, await from(`/opml?n=${feeds}`));
  await must(program, ['--data-dir', dir, 'feeds', 'import', opml], { stdio: 'ignore' });
  return (...args) => timed(program, ['--data-dir', dir, '--json', ...args]);
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1];
const shown = (numbers) => `${median(numbers).toFixed(2)} s (${numbers.map((n) => n.toFixed(2)).join(' ')})`;

async function againstNewsboat() {
  const server = await serve();
  const urls = join(folder, 'urls');
  writeFileSync(urls, await from(`/urls?n=${feeds}`));
  const times = { newsboat: [], readable: [], indexed: [], stories: [], second: [] };
  for (let run = 0; run < Number(values.runs); run++) {
    const cache = join(folder, 'cache.db');
    rmSync(cache, { force: true });
    const newsboat = await timed('newsboat', ['-u', urls, '-c', cache, '-x', 'reload'], { ...process.env, HOME: folder });
    const warta = await subscribed('warta');
    const first = await warta('sync', '--all');
    const stories = await warta('trending');
    const second = await warta('sync', '--all');
    const { fetched } = JSON.parse(first.line);
    const { not_modified } = JSON.parse(second.line);
    if (fetched !== Number(feeds) || not_modified !== Number(feeds)) throw new Error(`not everything was fetched: ${first.line}`);
    times.newsboat.push(newsboat.whole);
    times.readable.push(first.first);
    times.indexed.push(first.whole);
    times.stories.push(first.whole + stories.whole);
    times.second.push(second.whole);
  }
  server.kill();
  console.log(`first sync of ${feeds} feeds of 30, ${values.runs} alternating runs, medians (each run):`);
  console.log(`  newsboat                               ${shown(times.newsboat)}`);
  console.log(`  Warta, everything can be read          ${shown(times.readable)}`);
  console.log(`  Warta, search index done too           ${shown(times.indexed)}`);
  console.log(`  Warta, stories clustered too           ${shown(times.stories)}`);
  console.log(`  Warta, second sync, nothing new        ${shown(times.second)}`);
  const ratio = (of) => (median(times.newsboat) / median(of)).toFixed(2);
  console.log(`newsboat takes ${ratio(times.readable)} times as long as until all can be read, ${ratio(times.stories)} times as long as until index and stories are done.`);
}

async function againstOlder() {
  const server = await serve();
  const measures = { 'everything can be read': [], 'search index done too': [], 'second sync, nothing new': [], 'peak memory': [] };
  for (let run = 0; run < Number(values.runs); run++) {
    const round = {};
    const programs = [['old', values.against], ['new', values.warta]];
    for (const [name, program] of run % 2 ? programs.reverse() : programs) {
      const warta = await subscribed(name, program);
      const first = await warta('sync', '--all');
      const second = await warta('sync', '--all');
      if (JSON.parse(first.line).fetched !== Number(feeds)) throw new Error(`not everything was fetched: ${first.line}`);
      round[name] = [first.first, first.whole, second.whole, first.megabytes];
    }
    Object.values(measures).forEach((ratios, at) => ratios.push(round.new[at] / round.old[at]));
  }
  server.kill();
  console.log(`sync of ${feeds} feeds of 30, time of the new version as a fraction of the old one's, ${values.runs} rounds: median (each round)`);
  for (const [name, ratios] of Object.entries(measures)) {
    console.log(`  ${name.padEnd(26)} ${median(ratios).toFixed(3)} (${ratios.map((ratio) => ratio.toFixed(3)).join(' ')})`);
  }
}

async function storm() {
  const server = await serve('--fail-pct', '5', '--fail-kinds', '500,timeout,malformed,404,429,html', '--latency-ms', '50');
  const warta = await subscribed('storm');
  for (const name of ['first', 'second']) {
    await from('/stats?reset=1');
    const sync = await warta('sync', '--all');
    const { failures, ...report } = JSON.parse(sync.line);
    const causes = {};
    for (const { code } of failures) causes[code] = (causes[code] ?? 0) + 1;
    console.log(`${name} sync: ${sync.first.toFixed(1)} s until all can be read, ${sync.whole.toFixed(1)} s to its end, peak memory ${sync.megabytes.toFixed(0)} MB`);
    console.log(`  ${JSON.stringify(report)}`);
    console.log(`  reported causes: ${JSON.stringify(causes)}`);
    console.log(`  the server's count: ${await from('/stats')}`);
  }
  server.kill();
}

/** The moment around which the feed server's articles were published. */
const SERVED_AT = 1_795_000_000;

async function placing() {
  const server = await serve();
  const opml = join(folder, 'feeds.opml');
  writeFileSync(opml, await from(`/opml?n=${feeds}`));
  // The server makes a revision of a feed when it is first requested: before a sync is timed.
  await from('/ctl?rev=1');
  for (let feed = 0; feed < Number(feeds); feed++) await from(`/feed/${feed}`);
  const program = join(root, 'target/release/examples/placing');
  const child = spawn(program, [opml, String(SERVED_AT + 7200), values.runs], { stdio: ['pipe', 'pipe', 'inherit'] });
  for await (const line of createInterface({ input: child.stdout })) {
    if (line === 'first' || line === 'second') {
      await from(`/ctl?rev=${line === 'first' ? 0 : 1}`);
      child.stdin.write('\n');
    } else console.log(line);
  }
  server.kill();
}

try {
  await (values.against ? againstOlder() : values.storm ? storm() : values.placing ? placing() : againstNewsboat());
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exit(0);
