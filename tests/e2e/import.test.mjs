// Another reader's files in the real app: a dropped export is shown before anything changes, imported by
// keyboard, imported again without doubling, and undone; from the first run as well.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { start } from '../demo/server.mjs';
import { makeHome, openApp, openScreen, until } from './harness.mjs';

let demo;
let screen;
let home;
let app;

before(async () => {
  demo = await start({ faults: { slow: 200, broken: 'sound' } });
  screen = await openScreen();
  home = makeHome();
});

after(async () => {
  app?.kill();
  screen?.close();
  await demo?.stop();
  home?.remove();
});

/** Drops a file onto the window. */
const drop = (name, content) =>
  app.browser.execute(
    (name, content) => {
      const files = new DataTransfer();
      files.items.add(new File([content], name));
      window.dispatchEvent(new DragEvent('drop', { dataTransfer: files, cancelable: true, bubbles: true }));
    },
    name,
    content,
  );
/** Reaches a button with Tab and presses it. */
async function press(id) {
  const focused = () => app.browser.execute(() => document.activeElement?.getAttribute('data-testid') ?? '');
  for (let steps = 0; steps < 60; steps++) {
    if ((await focused()) === id) return app.browser.keys(['Enter']);
    await app.browser.keys(['Tab']);
  }
  throw new Error(`${id} cannot be reached by keyboard`);
}
const text = (id) => app.browser.execute((id) => document.querySelector(`[data-testid="${id}"]`)?.innerText ?? '', id);

/** Stars of a Google Reader API stream: one of a demonstration article, one of a page elsewhere. */
function stars() {
  const lantern = demo.publishers.find((one) => one.id === 'lantern');
  const article = demo.articles.lantern[0];
  const item = (title, href, html) => ({
    id: `tag:google.com,2005:reader/item/${title.length}`,
    title,
    published: 1_780_000_000,
    alternate: [{ href }],
    categories: ['user/1/state/com.google/starred', 'user/1/state/com.google/read', 'user/1/label/Pilihan'],
    origin: { streamId: `feed/${lantern.feedUrl}`, title: lantern.name },
    summary: { content: html },
  });
  return JSON.stringify({
    id: 'user/1/state/com.google/starred',
    items: [
      item(article.title, 'https://elsewhere.example/old', '<p>The harbour was quiet that night.</p>'),
      item('A page that no feed has', 'https://elsewhere.example/2', '<p onclick="x()">Kept text.</p>'),
    ],
  });
}

test('newsboat’s list of feeds is imported in the first run', async () => {
  app = await openApp(screen, home);
  await app.shown('first-run');
  const [one, two] = demo.publishers;
  await drop('urls', `${one.feedUrl} "Berita"\n${two.feedUrl}\n"query:x:unread = \\"yes\\""\n`);
  await app.shown('import-plan');
  assert.match(await text('import-adds'), /2 sumber baru/);
  assert.match(await text('import-left-out'), /1 langganan yang bukan sumber web/);
  await app.click('import-confirm');
  await app.shown('import-result');
  await app.click('opml-done');
  await until('the feeds are there', async () => /Berita/.test(await text('places')));
});

test('stars of another reader go to Saved pages, with their text', async () => {
  await app.click('add-feed');
  await app.shown('add-feeds');
  await drop('starred.json', stars());
  await app.shown('import-plan');
  assert.match(await text('import-adds'), /2 artikel baru di “Halaman tersimpan”/);
  assert.match(await text('import-adds'), /2 artikel ditandai tersimpan/);
  assert.match(await text('import-adds'), /2 artikel mendapat labelnya/);
  await press('import-confirm');
  await app.shown('import-result');
  // Again: nothing is left to bring, and the button says so.
  await drop('starred.json', stars());
  await app.shown('import-plan');
  assert.match(await text('import-adds'), /Semua isinya sudah ada/);
  assert.equal(await (await app.find('import-confirm')).isEnabled(), false);
  await app.click('import-cancel');
  await app.browser.keys(['Escape']);
  await until('the articles are among the saved ones', async () => {
    await app.browser.keys(['g', 's']);
    return /A page that no feed has/.test(await text('list'));
  });
});

test('an imported article has its text, safe, and its label', async () => {
  await app.browser.execute(() =>
    [...document.querySelectorAll('[data-testid^="row-"]')]
      .find((row) => row.textContent.includes('A page that no feed has'))
      ?.click(),
  );
  await until('its text is shown', async () => /Kept text\./.test(await text('article')));
  const handlers = await app.browser.execute(() => document.querySelectorAll('[data-testid="article"] [onclick]').length);
  assert.equal(handlers, 0);
  await until('the label is a place', async () => /Pilihan/.test(await text('places')));
});

test('an import is undone as a whole', async () => {
  await app.click('add-feed');
  await app.shown('add-feeds');
  await drop('list.csv', 'title,url,time_added,tags,status\nSatu,https://satu.example/a,1777000000,Baca,unread\n');
  await app.shown('import-plan');
  assert.match(await text('import-adds'), /1 di antaranya tanpa teks/);
  await press('import-confirm');
  await app.shown('import-result');
  await until('its label is a place', async () => /Baca\b/.test(await text('places')));
  await press('import-undo');
  await app.shown('import-undone');
  await app.browser.keys(['Escape']);
  await until('label and article are gone', async () => {
    await app.browser.keys(['g', 's']);
    const saved = await text('list');
    return !/Baca\b/.test(await text('places')) && !/Satu/.test(saved) && /A page that no feed has/.test(saved);
  });
});

test('a file of another kind is refused in words', async () => {
  await app.click('add-feed');
  await app.shown('add-feeds');
  await drop('photo.txt', 'hello there');
  await until('it is refused', async () => /tidak mengenal jenis file/.test(await text('add-feeds')));
});
