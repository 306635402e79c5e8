// One journey through the command line: subscribe, sync, read, search, share, back up, restore. The data folder and
// the files have names with spaces and letters of several scripts.

import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { start } from '../../tests/demo/server.mjs';

const NAME = 'Berita pagi – 新聞 عربي';

/**
 * Runs the journey; `warta(args)` runs the command line and gives `{ code, out, err }`. Fails with what went wrong.
 * Returns the number of commands.
 */
export async function journey(warta) {
  const folder = mkdtempSync(join(tmpdir(), 'warta-journey-'));
  const server = await start({ faults: { broken: 'sound', slow: 0 } });
  try {
    return await walk(warta, folder, server);
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function walk(warta, folder, server) {
  const data = join(folder, NAME, 'data');
  let commands = 0;
  const call = async (dataFolder, ...args) => {
    commands += 1;
    const { code, out, err } = await warta(['--data-dir', dataFolder, '--json', ...args]);
    assert.equal(code, 0, `\`warta ${args.join(' ')}\` ended with ${code}: ${err.trim()}`);
    return { rows: out.split(/\r?\n/).filter(Boolean).map((line) => JSON.parse(line)), text: out };
  };
  const own = (...args) => call(data, ...args);

  // Subscribing and syncing: by a home page and by a feed's address.
  const [first, second] = ['pucuk', 'sagara'].map((id) => server.publishers.find((one) => one.id === id));
  await own('feeds', 'add', first.site, second.feedUrl);
  await own('sync', '--all');
  assert.ok((await own('feeds', 'list')).text.includes(second.name), 'the list of feeds names each publisher');
  const articles = (await own('articles', '--limit', '1000')).rows;
  assert.ok(articles.length > 0, 'a sync brings articles');

  // Reading, searching and forwarding.
  const { id, title } = articles[0];
  assert.equal((await own('article', String(id))).rows[0].row.title, title, 'an article is shown with its title');
  await own('mark', '--saved', String(id));
  const word = title.split(/\s+/).sort((a, b) => b.length - a.length)[0].replace(/[^\p{L}\p{N}]/gu, '');
  assert.ok((await own('search', word)).rows.length > 0, `a search finds "${word}" of a title`);
  assert.ok((await own('share', String(id), '--to', 'whatsapp')).text.includes('whatsapp'), 'a share has its target');
  for (const ending of ['txt', 'md', 'html', 'epub']) {
    const file = join(folder, `${NAME}.${ending}`);
    await own('share', String(id), '--save', file);
    assert.ok(statSync(file).size > 0, `a saved ${ending} file has content`);
  }
  const card = join(folder, `${NAME}.png`);
  await own('share', String(id), '--card', card);
  assert.equal(readFileSync(card).subarray(1, 4).toString(), 'PNG', 'a card is a picture');

  // Backing up, exporting and restoring; a store is replaced, compacted and checked.
  await own('snapshot');
  assert.ok(readdirSync(join(data, 'snapshots')).length > 0, 'a snapshot is a file');
  await own('export', '--format', 'markdown', join(folder, `${NAME} markdown`));
  assert.ok(readdirSync(join(folder, `${NAME} markdown`)).length > 0, 'a saved article becomes a Markdown file');
  const profile = join(folder, `${NAME} profile.warta`);
  await own('export', profile);
  assert.ok(existsSync(profile), 'a profile is one file');
  await own('compact');
  await own('doctor');
  await own('doctor', '--repair');
  await own('doctor');
  const copy = join(folder, `${NAME} copy`);
  await call(copy, 'import', profile);
  assert.equal((await call(copy, 'articles', '--limit', '1000')).rows.length, articles.length, 'an imported profile has every article');
  return commands;
}
