// Links and files that open the app: at its start, and by a second start, which hands them to the first.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { appBinary } from '../../scripts/lib.mjs';
import { start } from '../demo/server.mjs';
import { makeHome, openApp, openBus, openScreen, until } from './harness.mjs';

let demo;
let screen;
let home;
let bus;
let app;

before(async () => {
  demo = await start({ faults: { slow: 0, broken: 'sound' } });
  screen = await openScreen();
  home = makeHome();
  bus = await openBus(screen, home);
  home.env.DBUS_SESSION_BUS_ADDRESS = bus.address;
});

after(async () => {
  app?.kill();
  bus?.close();
  screen?.close();
  await demo?.stop();
  home?.remove();
});

const run = (script, ...given) => app.browser.execute(script, ...given);
const publisher = (wanted) => demo.publishers.find(({ id }) => id === wanted);
const value = async (id) => (await app.find(id)).getValue();
const toast = (words) =>
  until(`a toast says ${words}`, () =>
    run((source) => [...document.querySelectorAll('[data-testid="toast"]')].some(({ textContent }) => new RegExp(source).test(textContent)), words.source));
const listed = () => run(() => document.querySelector('[data-testid="places"]').textContent);

/** Starts the app again; it must hand its arguments over and end. */
async function startAgain(args, { folder = dirname(home.dataDir) } = {}) {
  const env = { ...home.env, DISPLAY: screen.display, WARTA_DATA_DIR: home.dataDir };
  const second = spawn(appBinary('debug'), args, { env, cwd: folder, stdio: 'ignore' });
  const [code] = await once(second, 'exit');
  assert.equal(code, 0);
}

test('the first start with a feed: link asks before it looks into the own network', async () => {
  const { feedUrl } = publisher('pucuk');
  app = await openApp(screen, home, { args: [`feed:${feedUrl}`] });
  await app.shown('add-feeds');
  assert.equal(await until('the address is there', () => run(() => document.querySelector('[data-testid="add-feeds"] [data-testid="address-field"]').value)), feedUrl);
  assert.equal(demo.requests.length, 0, 'nothing is fetched before the reader says so');
  await run(() => document.querySelector('[data-testid="add-feeds"] [data-testid="address-find"]').click());
  await until('the feed is found', () => run(() => document.querySelector('[data-testid="add-feeds"] [data-testid="discovered-feed"]') !== null));
  await run(() => document.querySelector('[data-testid="add-feeds"] [data-testid="subscribe-button"]').click());
  await until('it is subscribed', async () => (await listed()).includes('Pucuk Pagi'), 40_000);
});

test('a second start with an OPML file imports it into the first', async () => {
  const { feedUrl } = publisher('ledger');
  writeFileSync(join(dirname(home.dataDir), 'saya punya.opml'), `<opml version="2.0"><body><outline type="rss" text="The Ledger" xmlUrl="${feedUrl}"/></body></opml>`);
  await startAgain(['saya punya.opml']);
  await toast(/saya punya\.opml: 1 /);
  await until('its feed is listed', async () => (await listed()).includes('Ledger'), 40_000);
});

test('warta://save saves a page, also before it can be fetched', async () => {
  await startAgain(['warta://save?url=https%3A%2F%2Fhalaman.example%2Fberita%3Fa%3D1']);
  await toast(/halaman\.example/);
  await until('saved pages are a place', async () => /Halaman/.test(await listed()));
});

test('warta://article opens an article, warta://share asks about a text', async () => {
  await app.click('place-all');
  const { id, words } = await until('articles are listed', () =>
    run(() => {
      const row = document.querySelector('[data-testid^="row-"]');
      return row && { id: row.dataset.article, words: row.textContent };
    }), 40_000);
  assert.equal(await run(() => document.querySelector('[data-testid="article-title"]')), null);
  await startAgain([`warta://article/${id}`]);
  const title = (await (await app.shown('article-title')).getText()).trim();
  assert.ok(title !== '' && words.includes(title), `${title} in ${words}`);
  await startAgain(['warta://share?text=Harga%20beras%20premium%20naik']);
  await app.shown('original-dialog');
  assert.equal(await value('original-text'), 'Harga beras premium naik');
  await app.press('Escape');
});

test('what is no link, and links that want harm, change nothing', async () => {
  // Without the counts, which change when the open article is marked as read.
  const names = async () => (await listed()).replace(/\d+|artikel belum dibaca|artikel tersimpan/g, '').replace(/\s+/g, ' ');
  const before = await names();
  const asked = demo.requests.length;
  await startAgain(['warta://save?url=javascript:alert(1)', 'warta://remove?id=1', 'feed:file:///etc/passwd', '/etc/passwd', '--unknown']);
  await startAgain([]);
  assert.equal(await names(), before);
  assert.equal(await run(() => document.querySelector('[role="dialog"]')), null);
  assert.equal(demo.requests.length, asked);
});
