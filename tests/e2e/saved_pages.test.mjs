// Pages saved to read later in the real app: from the palette, pasted, dropped and by the command line; with
// text and pictures, once per address, failures said with their page.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { cliBinary } from '../../scripts/lib.mjs';
import { start } from '../demo/server.mjs';
import { makeHome, openApp, openScreen, subscribe, until } from './harness.mjs';

let demo;
let screen;
let home;
let app;
/** Pages of the demonstration: their addresses and titles. */
let pages;

const cli = async (...args) => {
  const { stdout } = await promisify(execFile)(cliBinary(), ['--data-dir', home.dataDir, ...args], { env: home.env });
  return stdout;
};

before(async () => {
  demo = await start({ faults: { slow: 50, broken: 'sound' } });
  screen = await openScreen();
  home = makeHome();
  subscribe(home, (await (await fetch(demo.opml)).text()).replace(/<outline[^>]*ledger[^>]*>/i, ''));
  const [publisher] = demo.publishers.filter(({ id }) => id === 'ledger');
  pages = demo.articles.ledger
    .filter((article) => !article.html && article.picture)
    .slice(0, 4)
    .map((article) => ({ address: `${publisher.origin}/story/${article.slug}`, title: article.title }));
  assert.equal(pages.length, 4);
  app = await openApp(screen, home);
  await app.shown('front-page');
});

after(async () => {
  app?.kill();
  screen?.close();
  await demo?.stop();
  home?.remove();
});

const rows = () => app.browser.execute(() => [...document.querySelectorAll('[data-testid^="row-"]')].map((row) => row.textContent));
const listed = (title) => until(`"${title}" is listed`, async () => (await rows()).some((row) => row.includes(title)), 40_000);

test('an address in the palette is saved with text and pictures, by keyboard', async () => {
  const [{ address, title }] = pages;
  await app.browser.keys(['Control', 'k']);
  await (await app.shown('palette-input')).setValue(address);
  await app.shown('command-save-page');
  await app.browser.keys(['Enter']);
  await app.click('place-saved-pages');
  await listed(title);
  await app.clickRow(title);
  await until('its text is shown', async () => (await app.text('article-body')).length > 200, 40_000);
  await until('its pictures are stored', () =>
    app.browser.execute(() => [...document.querySelectorAll('article img')].some((picture) => picture.naturalWidth > 0)), 40_000);
});

test('pasted and dropped addresses are saved; text that is none is not', async () => {
  await app.browser.execute((address) => {
    const data = new DataTransfer();
    data.setData('text/plain', address);
    document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  }, pages[1].address);
  await listed(pages[1].title);
  await app.browser.execute((address) => {
    const data = new DataTransfer();
    data.setData('text/uri-list', `# dari peramban\r\n${address}\r\n`);
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
  }, pages[2].address);
  await listed(pages[2].title);
  const before = (await rows()).length;
  await app.browser.execute(() => {
    const data = new DataTransfer();
    data.setData('text/plain', 'bukan alamat');
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
  });
  assert.equal((await rows()).length, before);
});

test('a page that was saved before is opened', async () => {
  await app.browser.keys(['Escape']);
  await app.browser.keys(['g']);
  await app.browser.keys(['a']);
  await app.browser.keys(['+']);
  await app.shown('add-feeds');
  await (await app.shown('address-field')).setValue(`${pages[1].address}?utm_source=surel#isi`);
  await app.click('address-save-page');
  await until('it is open', async () => (await app.text('article-title')) === pages[1].title.trim());
  await until('three are listed', async () => (await rows()).length === 3);
});

test('a page without an article says so and can be tried again', async () => {
  const missing = `${new URL(pages[0].address).origin}/story/tidak-ada`;
  await app.browser.keys(['Escape']);
  await app.browser.keys(['Control', 'k']);
  await (await app.shown('palette-input')).setValue(missing);
  await app.shown('command-save-page');
  await app.browser.keys(['Enter']);
  await listed('tidak-ada');
  await app.clickRow('tidak-ada');
  await app.shown('text-problem', 40_000);
  assert.ok(await (await app.find('get-text')).isExisting(), 'it can be fetched again');
});

test('the command line saves too, and finds what was saved', async () => {
  app.kill();
  const line = JSON.parse(await until('the store is free', () => cli('--json', 'save', pages[3].address), 30_000));
  assert.equal(line.state, 'kept');
  assert.equal(line.title, pages[3].title.trim());
  const saved = (await cli('--json', 'articles', '--saved')).trim().split('\n').map((row) => JSON.parse(row));
  assert.equal(saved.length, 5);
  assert.doesNotMatch(await cli('feeds', 'export'), /saved-pages/);
  const words = pages[3].title.split(' ').slice(0, 3).join(' ');
  assert.match(await cli('search', `"${words}"`), new RegExp(words.slice(0, 8)));
});
