// Another reader's files in the real app: a dropped export is shown before anything changes, imported,
// and imported again without doubling; from the first run as well.

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
    categories: ['user/1/state/com.google/starred', 'user/1/state/com.google/read'],
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
  await app.click('import-confirm');
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

test('a file of another kind is refused in words', async () => {
  await app.click('add-feed');
  await app.shown('add-feeds');
  await drop('photo.txt', 'hello there');
  await until('it is refused', async () => /tidak mengenal jenis file/.test(await text('add-feeds')));
});
