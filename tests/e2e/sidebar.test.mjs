// The sidebar in the real app: nested folders of a list of another reader, by keyboard and by dragging;
// filter, hidden feeds, several at once, and undo.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { start } from '../demo/server.mjs';
import { isOnDisk, makeHome, openApp, openScreen, subscribe, until } from './harness.mjs';

let demo;
let screen;
let home;
let app;

/** `Nusantara` with two feeds and `Daerah` inside it, which has two more; the others outside. */
function nested(publishers) {
  const outline = ({ name, feedUrl }) => `<outline type="rss" text="${name}" xmlUrl="${feedUrl}"/>`;
  const [a, b, c, d, ...rest] = publishers.map(outline);
  return `<opml version="2.0"><body><outline text="Nusantara">${a}${b}<outline text="Daerah">${c}${d}</outline></outline>${rest.join('')}</body></opml>`;
}

before(async () => {
  demo = await start();
  screen = await openScreen();
  home = makeHome();
  subscribe(home, nested(demo.publishers));
  app = await openApp(screen, home);
  await until('all feeds are listed', async () => (await rows()).length === 10);
});

after(async () => {
  app?.kill();
  screen?.close();
  await demo?.stop();
  home?.remove();
});

/** The rows from top to bottom. */
const rows = () =>
  app.browser.execute(() =>
    [...document.querySelectorAll('[role="treeitem"]')]
      .sort((one, other) => parseFloat(one.style.top) - parseFloat(other.style.top))
      .map((row) => ({
        name: row.querySelector('.label').textContent.trim(),
        level: Number(row.getAttribute('aria-level')),
        open: row.getAttribute('aria-expanded'),
        chosen: row.classList.contains('chosen'),
        focused: row === document.activeElement,
        unread: Number(row.querySelector('.count')?.textContent.replace(/\D/g, '') ?? 0),
        id: row.dataset.testid,
      })),
  );
const row = async (name) => (await rows()).find((one) => one.name === name);
const levels = async () => Object.fromEntries((await rows()).map(({ name, level }) => [name, level]));
const keys = (...pressed) => app.browser.keys(pressed);
const focus = (id) =>
  until(`"${id}" has the focus`, () =>
    app.browser.execute((wanted) => {
      const found = document.querySelector(`[data-testid="${wanted}"]`);
      found?.focus();
      return document.activeElement === found;
    }, id));
const focused = (name) => until(`"${name}" has the focus`, async () => (await row(name))?.focused);
/** Takes back the last action; the toasts of earlier ones may still show. */
const undo = () => app.browser.execute(() => [...document.querySelectorAll('[data-testid="undo"]')].at(-1).click());

test('nested folders are a tree, which arrow keys walk, open and close', async () => {
  const found = await levels();
  const [a, , c] = demo.publishers.map(({ name }) => name);
  assert.deepEqual([found.Nusantara, found.Daerah, found[a], found[c]], [1, 2, 2, 3]);
  const folder = await row('Nusantara');
  await focus(folder.id);
  await keys('ArrowDown');
  await focused('Daerah');
  await keys('ArrowLeft');
  await until('the inner folder is closed', async () => (await row('Daerah')).open === 'false');
  assert.equal((await rows()).length, 8);
  await keys('ArrowRight');
  await until('it is open', async () => (await rows()).length === 10);
  await keys('ArrowLeft');
  await keys('ArrowLeft');
  await focused('Nusantara');
  await keys('End');
  await until('the last row has the focus', async () => (await rows()).at(-1).focused);
});

test('a folder lists and counts what is in the folders inside it', async () => {
  const inside = demo.publishers.slice(0, 4).map(({ id }) => demo.articles[id].length);
  const expected = inside.reduce((sum, count) => sum + count, 0);
  const folder = await row('Nusantara');
  await until('all articles have arrived', async () => (await row('Nusantara')).unread === expected, 40_000);
  await focus(folder.id);
  await keys('Enter');
  await app.shown('list');
  await until('feeds of the inner folder are listed', () =>
    app.browser.execute((name) => [...document.querySelectorAll('[data-testid="list"] [data-testid^="row-"]')].some((one) => one.textContent.includes(name)), demo.publishers[2].name));
});

test('a feed is cut and pasted into a new folder by keyboard, and the move is undone', async () => {
  await app.click('places-more');
  await keys('Enter');
  await (await app.shown('new-folder-name')).setValue('Pilihan');
  await keys('Enter');
  await until('the new folder is listed', () => row('Pilihan'));
  const name = demo.publishers[5].name;
  await focus((await row(name)).id);
  await app.browser.keys(['Control', 'x']);
  await focus((await row('Pilihan')).id);
  await app.browser.keys(['Control', 'v']);
  await until('it is inside', async () => (await row(name)).level === 2);
  await undo();
  await until('it is outside again', async () => (await row(name)).level === 1);
});

test('a feed is dragged into a folder, and a folder out of another one', async () => {
  const name = demo.publishers[6].name;
  const drag = async (from, to) => {
    const source = await app.find(from);
    const target = await app.find(to);
    await app.browser
      .action('pointer')
      .move({ origin: source })
      .down()
      .move({ origin: source, x: 12, y: 9 })
      .move({ origin: target, duration: 120 })
      .up()
      .perform();
  };
  await drag((await row(name)).id, (await row('Pilihan')).id);
  await until('the feed is inside', async () => (await row(name)).level === 2);
  await drag((await row('Daerah')).id, (await row('Pilihan')).id);
  await until('the folder is inside', async () => {
    const all = await rows();
    const at = all.findIndex((one) => one.name === 'Daerah');
    return all[at].level === 2 && all[at - 1].name === 'Pilihan';
  });
  const current = await app.browser.execute(() => document.querySelector('[aria-current="page"] .label')?.textContent.trim());
  assert.equal(current, 'Nusantara', 'a drag opens nothing');
});

test('all folders are closed and opened by the menu', async () => {
  await app.click('places-more');
  await app.click('collapse-all');
  await until('all are closed', async () => (await rows()).every(({ level }) => level === 1));
  const name = demo.publishers[2].name;
  await app.click('places-more');
  await app.click('expand-all');
  await until('it is in sight again', () => row(name));
});

test('several feeds are chosen by keyboard, unsubscribed together, and brought back', async () => {
  const outside = (await rows()).filter(({ level, id }) => level === 1 && id.startsWith('feed-'));
  assert.ok(outside.length >= 2);
  await focus(outside[0].id);
  await app.browser.keys(['Shift', 'ArrowDown']);
  await until('two are chosen', async () => (await rows()).filter(({ chosen }) => chosen).length === 2);
  const before = (await rows()).length;
  await keys('Delete');
  await until('both are gone', async () => (await rows()).length === before - 2);
  await undo();
  await until('both are back', async () => (await rows()).length === before);
});

test('a folder is removed with its feeds, or without them, and comes back', async () => {
  const before = await levels();
  for (const button of ['folder-remove', 'folder-unsubscribe']) {
    await focus((await row('Nusantara')).id);
    await keys('Delete');
    await app.shown('folder-dialog');
    await app.click(button);
    await until('the folder is gone', async () => (await row('Nusantara')) === undefined);
    await undo();
    await until('all is as before', async () => JSON.stringify(await levels()) === JSON.stringify(before));
  }
});

test('read feeds are hidden, and folders stay as they were after a restart', async () => {
  const name = demo.publishers[0].name;
  await focus((await row(name)).id);
  await keys('Enter');
  await app.shown('list');
  await app.click('mark-all-read');
  await until('the feed is read', async () => (await row(name)).unread === 0);
  await app.click('place-all');
  await app.click('places-more');
  await app.click('hide-read');
  await until('it is hidden', async () => (await row(name)) === undefined);
  const shape = await levels();
  await until('the web view has stored it', () => isOnDisk(home, '"hideRead":true'));
  app.kill();
  app = await openApp(screen, home);
  await until('the sidebar is as before', async () => JSON.stringify(await levels()) === JSON.stringify(shape), 40_000);
});
