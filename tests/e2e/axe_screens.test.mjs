// axe on every screen of the real app, in every theme.

import { after, before, test } from 'node:test';
import { PARTS, richArticle } from '../demo/rich.mjs';
import { start } from '../demo/server.mjs';
import { addAxe, assertSound } from './axe.mjs';
import { makeHome, openApp, openScreen, synced, until } from './harness.mjs';

let demo;
let screen;
let home;
let app;
let rich;

before(async () => {
  demo = await start({ faults: { slow: 50, broken: 'sound' } });
  const pucuk = demo.publishers.find(({ id }) => id === 'pucuk');
  rich = { ...richArticle(pucuk.origin), time: new Date() };
  demo.articles.pucuk.unshift(rich);
  screen = await openScreen();
  home = makeHome();
  await synced(home, demo);
});

after(async () => {
  app?.kill();
  screen?.close();
  await demo?.stop();
  home?.remove();
});

const run = (script, ...given) => app.browser.execute(script, ...given);
const keys = (...pressed) => app.press(...pressed);
const isSound = (selector) => assertSound(app, selector);

async function closeDialogs() {
  await until('all dialogs are closed', async () => {
    if (await run(() => document.querySelector('dialog[open]') === null)) return true;
    await app.browser.keys('Escape');
    return false;
  });
}

test('first run', async () => {
  const empty = makeHome();
  app = await openApp(screen, empty);
  await addAxe(app);
  try {
    await app.shown('first-run');
    await isSound();
    for (const way of ['way-address', 'way-catalogue']) {
      await run((id) => document.querySelector(`[data-testid="${id}"]`)?.click(), way);
      await isSound();
    }
  } finally {
    app.kill();
    empty.remove();
  }
});

test('the front page, a past day, a story', async () => {
  app = await openApp(screen, home);
  await addAxe(app);
  await app.shown('front-page');
  await until('stories are there', () => run(() => document.querySelector('[data-testid="front-page"] [data-testid^="story-"]') !== null), 60_000);
  await isSound();
  await run(() => document.querySelector('[data-testid="front-page"] [data-testid^="story-"]').querySelector('[data-article], button, a').click());
  await until('the story is open', () => run(() => document.querySelector('[data-testid="story-reports"]') !== null));
  await isSound();
  await keys('g', 'p');
  await app.shown('past-name');
  await isSound();
});

test('a list, an article with all that articles have, and the search', async () => {
  await keys('g', 'a');
  await app.shown('list');
  await isSound();
  await app.clickRow(rich.title);
  await until('the pictures are there', () => run((one) => {
      document.querySelector(one)?.scrollIntoView({ block: 'center' });
      return document.querySelector(one)?.naturalWidth > 0;
    }, PARTS.picture));
  await isSound();
  await keys('s');
  await keys('/');
  await (await app.shown('search-field')).setValue('air');
  await app.shown('search-results');
  await until('something is found', () => run(() => document.querySelectorAll('[data-testid="search-results"] [data-article]').length > 0));
  await isSound();
  await run(() => document.activeElement.blur());
  await keys('g', 'h');
  await isSound();
  await keys('g', 's');
  await app.shown('list');
  await isSound();
});

test('a pack', async () => {
  await app.click('new-pack');
  await app.click('pack-create');
  await app.shown('pack-head', 40_000);
  await isSound();
});

test('context menus and the picture viewer', async () => {
  const menuOf = async (selector) => {
    // A menu closes when something scrolls.
    await run((wanted) => document.querySelector(wanted).scrollIntoView({ block: 'nearest' }), selector);
    await app.browser.executeAsync((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())));
    await run((wanted) => document.querySelector(wanted).dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true, clientX: 300, clientY: 200 })), selector);
    await until('the menu is open', () => run(() => document.querySelector('[role="menu"]') !== null));
    await isSound('[role="menu"]');
    await keys('Escape');
  };
  await keys('g', 'a');
  await app.shown('list');
  await menuOf('[data-testid="list"] [data-article]');
  await menuOf('[role="treeitem"]');
  await app.clickRow(rich.title);
  await until('the pictures are there', () => run((one) => {
      document.querySelector(one)?.scrollIntoView({ block: 'center' });
      return document.querySelector(one)?.naturalWidth > 0;
    }, PARTS.picture));
  await menuOf(PARTS.link);
  await run((one) => document.querySelector(one).click(), PARTS.picture);
  await app.shown('picture-viewer');
  await isSound('[data-testid="picture-viewer"]');
  await closeDialogs();
});

