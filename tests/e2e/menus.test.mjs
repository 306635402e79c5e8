// Context menus in the real app, by the right mouse button, the menu key and Shift+F10: on rows, feeds,
// folders, stories, links, pictures, selections and places. Real X events.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { PARTS, richArticle } from '../demo/rich.mjs';
import { start } from '../demo/server.mjs';
import { hands, makeHome, middleOf, openApp, openScreen, subscribe, syncAll, until } from './harness.mjs';

let demo;
let screen;
let home;
let app;
let hand;
let rich;

before(async () => {
  demo = await start({ faults: { slow: 50, broken: 'sound' } });
  const pucuk = demo.publishers.find(({ id }) => id === 'pucuk');
  rich = { ...richArticle(pucuk.origin), time: new Date() };
  demo.articles.pucuk.unshift(rich);
  screen = await openScreen();
  home = makeHome();
  const outline = ({ name, feedUrl }) => `<outline type="rss" text="${name}" xmlUrl="${feedUrl}"/>`;
  const [first, ...rest] = demo.publishers;
  subscribe(home, `<opml version="2.0"><body><outline text="Luar"><outline text="Dalam">${outline(first)}</outline></outline>${rest.map(outline).join('')}</body></opml>`);
  await syncAll(home);
  app = await openApp(screen, home);
  hand = hands(screen);
  await app.shown('front-page');
  await hand.focus();
});

after(async () => {
  app?.kill();
  screen?.close();
  await demo?.stop();
  home?.remove();
});

const run = (script, ...given) => app.browser.execute(script, ...given);
const MENU = '[role="menu"]';
/** The ids of the open menu's items, or nothing while none is open. */
const items = () => run((menu) => [...document.querySelectorAll(`${menu} button`)].map((one) => one.dataset.testid.replace('menu-', '')), MENU);
const menuOpens = async () => until('a menu is open', async () => {
  const found = await items();
  return found.length > 0 && found;
});
const menuCloses = () => until('the menu has closed', async () => (await items()).length === 0);
const rightClick = async (selector) => {
  await hand.press(3, await middleOf(app, selector));
  return menuOpens();
};
const choose = async (id) => {
  await hand.press(1, await middleOf(app, `${MENU} [data-testid="menu-${id}"]`));
  await menuCloses();
};
const escape = async () => {
  await hand.keys('Escape');
  await menuCloses();
};
const gone = (id) => until(`"${id}" has gone`, async () => !(await (await app.find(id)).isExisting()));
/** A row of the sidebar's tree by its name. */
const place = (name) =>
  until(`"${name}" is in the sidebar`, () =>
    run((wanted) => {
      const row = [...document.querySelectorAll('[role="treeitem"]')].find((one) => one.querySelector('.label').textContent.trim() === wanted);
      return row && `[data-testid="${row.dataset.testid}"]`;
    }, name));
const rowsRead = () => run(() => [...document.querySelectorAll('[data-testid="list"] [data-article]')].map((one) => one.dataset.read === 'true'));
const unreadOf = (selector) => run((row) => Number(document.querySelector(`${row} .count`)?.textContent.replace(/\D/g, '') ?? 0), selector);

test('a row: right button, Shift+F10 and the menu key; the focus comes back', async () => {
  await hand.keys('g', 'a');
  await until('rows are there', async () => (await rowsRead()).length > 3);
  await hand.keys('j', 'j', 'j');
  const row = await until('the third row has the focus', () =>
    run(() => {
      const third = document.querySelectorAll('[data-testid="list"] [data-article]')[2];
      return third === document.activeElement && third.dataset.article;
    }));
  const byMouse = await rightClick(`[data-testid="row-${row}"]`);
  for (const item of ['open', 'browser', 'copy-link', 'save', 'read', 'read-above', 'read-below', 'forward', 'tag', 'mute-words', 'feed']) {
    assert.ok(byMouse.includes(item), `the row’s menu offers "${item}": ${byMouse}`);
  }
  await escape();
  for (const key of ['shift+F10', 'Menu']) {
    await hand.keys(key);
    assert.deepEqual(await menuOpens(), byMouse, `${key} opens the same menu`);
    await until('its first item has the focus', () => run((menu) => document.activeElement === document.querySelector(`${menu} button`), MENU));
    await escape();
    await until('the row has the focus again', () => run((id) => document.activeElement.dataset.article === id, row));
  }
});

test('rows above and below are marked, and each mark is undone', async () => {
  await hand.keys('shift+F10');
  await menuOpens();
  await choose('read-above');
  await until('the rows above are read', async () => {
    const read = await rowsRead();
    return read[0] && read[1] && !read[2];
  });
  await hand.keys('ctrl+z');
  await until('they are unread again', async () => !(await rowsRead()).includes(true));
  await hand.keys('shift+F10');
  await menuOpens();
  await choose('read-below');
  await until('those below are read', async () => {
    const read = await rowsRead();
    return !read[0] && !read[1] && !read[2] && read.slice(3).every(Boolean);
  });
  await hand.keys('ctrl+z');
  await until('they are unread again', async () => !(await rowsRead()).includes(true));
});

test('a row is saved, tagged, muted and forwarded from its menu', async () => {
  const row = await run(() => document.activeElement.dataset.article);
  const at = `[data-testid="row-${row}"]`;
  await rightClick(at);
  await choose('save');
  await until('it is saved', () => run((one) => document.querySelector(`${one} .saved`) !== null, at));
  for (const [item, dialog] of [['tag', 'tags-dialog'], ['mute-words', 'rule-dialog'], ['forward', 'forward-dialog']]) {
    await rightClick(at);
    await choose(item);
    await app.shown(dialog);
    await hand.keys('Escape');
    await gone(dialog);
    await until('the row has the focus again', () => run((id) => document.activeElement.dataset.article === id, row));
  }
});

test('the browser opens by menu and by a click of the wheel', async () => {
  const at = '[data-testid="list"] [data-article]';
  const before = home.opened().length;
  await rightClick(at);
  await choose('browser');
  await until('it has opened', () => home.opened().length === before + 1);
  await hand.press(2, await middleOf(app, at));
  await until('it has opened again', () => home.opened().length === before + 2);
  const [one, other] = home.opened().slice(-2);
  assert.equal(one, other);
  assert.match(one, /^http:\/\/127/);
});

test('a feed: marked as read, fetched, renamed, moved, unsubscribed', async () => {
  const { name, id, feedUrl } = demo.publishers[2];
  const at = await place(name);
  const unread = await unreadOf(at);
  assert.ok(unread > 0);
  const offered = await rightClick(at);
  assert.deepEqual(offered, ['mark-read', 'fetch', 'pause', 'site', 'copy-address', 'edit', 'move', 'unsubscribe']);
  await choose('mark-read');
  await until('it is read', async () => (await unreadOf(at)) === 0);
  await hand.keys('ctrl+z');
  await until('it is unread again', async () => (await unreadOf(at)) === unread);
  const asked = () => demo.requests.filter(({ publisher, path }) => publisher === id && path === new URL(feedUrl).pathname).length;
  const before = asked();
  await rightClick(at);
  await choose('fetch');
  await until('it is fetched', () => asked() > before);
  await rightClick(at);
  await choose('move');
  await app.shown('move-dialog');
  await hand.keys('Escape');
  await gone('move-dialog');
  await rightClick(at);
  await choose('edit');
  await app.shown('feed-dialog');
  await until('its name has the focus', () => run(() => document.activeElement.dataset.testid === 'feed-name'));
  await (await app.find('feed-name')).setValue('Nama sendiri');
  await app.click('feed-save');
  await gone('feed-dialog');
  const renamed = await place('Nama sendiri');
  await rightClick(renamed);
  await choose('unsubscribe');
  await until('it is gone', () => run((row) => document.querySelector(row) === null, renamed));
  await hand.keys('ctrl+z');
  await place('Nama sendiri');
});

test('a folder by keyboard: its menu is about the folders inside it, too', async () => {
  const outer = await place('Luar');
  const unread = await unreadOf(outer);
  assert.ok(unread > 0);
  await run((row) => document.querySelector(row).focus(), outer);
  await hand.keys('Menu');
  assert.deepEqual(await menuOpens(), ['mark-read', 'fetch', 'new-folder', 'edit', 'move', 'remove']);
  await hand.keys('Return');
  await until('all in it is read', async () => (await unreadOf(outer)) === 0);
  await until('the folder has the focus again', () => run((row) => document.activeElement === document.querySelector(row), outer));
  await hand.keys('shift+F10');
  await menuOpens();
  await choose('new-folder');
  await app.shown('new-folder-name');
  await hand.keys('Escape');
  await gone('new-folder-name');
});

test('several places together', async () => {
  const [a, b] = [await place(demo.publishers[4].name), await place('Luar')];
  await run((row) => document.querySelector(row).focus(), b);
  await run((one, other) => {
    for (const row of [one, other]) document.querySelector(row).dispatchEvent(new MouseEvent('click', { bubbles: true, ctrlKey: true }));
  }, a, b);
  await until('two are chosen', () => run(() => document.querySelectorAll('[role="treeitem"].chosen').length >= 2));
  assert.deepEqual(await rightClick(a), ['mark-read', 'fetch', 'move', 'unsubscribe']);
  await choose('mark-read');
  await until('both are read', async () => (await unreadOf(a)) === 0 && (await unreadOf(b)) === 0);
  await hand.keys('ctrl+z');
  await until('the feed is unread again', async () => (await unreadOf(a)) > 0);
  await run((row) => document.querySelector(row).focus(), a);
  await hand.keys('Escape');
});

test('a place and a story', async () => {
  assert.deepEqual(await rightClick('[data-testid="place-unread"]'), ['open', 'mark-read']);
  await escape();
  await hand.keys('g', 'b');
  await app.shown('front-page');
  const offered = await rightClick('[data-testid="front-page"] [data-article]');
  for (const item of ['open', 'open-lead', 'follow', 'mute', 'forward']) assert.ok(offered.includes(item), `${item} of ${offered}`);
  await choose('follow');
  await until('it is followed', async () => {
    await rightClick('[data-testid="front-page"] [data-article]');
    const label = await app.text('menu-follow');
    await escape();
    return /berhenti/i.test(label);
  });
});

test('a link, a picture and a selection in an article', async () => {
  await hand.keys('g', 'a');
  await app.shown('list');
  await app.clickRow(rich.title);
  await app.shown('article-body');
  assert.deepEqual(await rightClick(PARTS.link), ['browser', 'copy-link', 'save-page']);
  await escape();
  const before = home.opened().length;
  await hand.press(2, await middleOf(app, PARTS.link));
  await until('the wheel opens the link', () => home.opened()[before] === 'https://contoh.example/jam-air?bagian=2');
  await until('the picture is there', () => run((one) => {
      document.querySelector(one)?.scrollIntoView({ block: 'center' });
      return document.querySelector(one)?.naturalWidth > 0;
    }, PARTS.picture));
  assert.deepEqual(await rightClick(PARTS.picture), ['large', 'copy-picture', 'save-picture']);
  await escape();
  await middleOf(app, PARTS.first);
  await app.browser.executeAsync((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())));
  const words = await run((one) => {
    const text = document.querySelector(one).firstChild;
    document.getSelection().setBaseAndExtent(text, 0, text, 7);
    const rect = document.getSelection().getRangeAt(0).getBoundingClientRect();
    return { x: window.screenX + rect.x + rect.width / 2, y: window.screenY + rect.y + rect.height / 2 };
  }, PARTS.first);
  await hand.press(3, words);
  assert.deepEqual(await menuOpens(), ['copy', 'highlight', 'note', 'forward-quote', 'search', 'mute-words']);
  assert.match(await app.text('menu-search'), /“Jam air”/);
  await choose('highlight');
  await until('it is highlighted', () =>
    run(() => {
      const text = (range) => range.startContainer.textContent.slice(range.startOffset, range.endOffset);
      return [...CSS.highlights].some(([name, ranges]) => name.startsWith('warta-') && [...ranges].map(text).includes('Jam air'));
    }));
  await run(() => document.getSelection().removeAllRanges());
  const own = await rightClick(PARTS.last);
  assert.ok(own.includes('forward') && own.includes('tag'), 'text without a selection has the article’s menu');
  await escape();
});

test('no menu of the browser opens, and in a text field it does', async () => {
  const opened = (selector) =>
    run((wanted) => document.querySelector(wanted).dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true })), selector);
  assert.equal(await opened('[data-testid="places"] header'), false, 'the event is cancelled');
  assert.equal(await opened('[data-testid="search-field"]'), true, 'pasting needs the menu');
});
