// Pictures, videos, links and code of an article in the real app, by real X keys and pointer: the picture
// viewer, where a link leads, a video's card, and code that scrolls by keyboard.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { PARTS, richArticle } from '../demo/rich.mjs';
import { start } from '../demo/server.mjs';
import { hands, makeHome, middleOf, openApp, openScreen, synced, until } from './harness.mjs';

let demo;
let screen;
let home;
let app;
let hand;

before(async () => {
  demo = await start({ faults: { slow: 50, broken: 'sound' } });
  const pucuk = demo.publishers.find(({ id }) => id === 'pucuk');
  const rich = { ...richArticle(pucuk.origin), time: new Date() };
  demo.articles.pucuk.unshift(rich);
  screen = await openScreen();
  home = makeHome();
  await synced(home, demo);
  app = await openApp(screen, home);
  hand = hands(screen);
  await app.shown('front-page');
  await hand.focus();
  await hand.keys('g', 'a');
  await app.shown('list');
  await app.clickRow(rich.title);
  await app.shown('article-body');
  // Pictures are loaded once they are in sight.
  for (const picture of [PARTS.picture, PARTS.second]) {
    await until('the picture is there', () =>
      run((one) => {
        document.querySelector(one)?.scrollIntoView({ block: 'center' });
        return document.querySelector(one)?.naturalWidth > 0;
      }, picture));
  }
});

after(async () => {
  app?.kill();
  screen?.close();
  await demo?.stop();
  home?.remove();
});

const run = (script, ...given) => app.browser.execute(script, ...given);
const viewer = () =>
  run(() => {
    const dialog = document.querySelector('[data-testid="picture-viewer"]');
    const picture = dialog?.querySelector('.stage img');
    return dialog && { alt: picture.alt, width: picture.clientWidth, caption: dialog.querySelector('.caption')?.textContent ?? '', count: dialog.querySelector('.count').textContent.trim() };
  });
const shows = (what, check) => until(`the viewer shows ${what}`, async () => {
  const shown = await viewer();
  return shown && check(shown) && shown;
});
const focus = (selector) => run((wanted) => document.querySelector(wanted).focus(), selector);
const focusIs = (selector) => until(`${selector} has the focus`, () => run((wanted) => document.activeElement === document.querySelector(wanted), selector));

test('a picture opens large by keyboard: next, zoom, caption, copy, and the focus comes back', async () => {
  await focus(PARTS.picture);
  await hand.keys('Return');
  const first = await shows('the first picture', ({ alt }) => alt === 'Bejana pertama');
  assert.equal(first.caption, 'Bejana pertama di dermaga');
  assert.match(first.count, /^Gambar 1 dari 2$/, 'the video’s preview is not one of the pictures');
  await hand.keys('Right');
  await shows('the second one', ({ alt }) => alt === 'Pipa');
  await hand.keys('Left');
  await shows('the first one', ({ alt }) => alt === 'Bejana pertama');
  await hand.keys('plus');
  await shows('it larger', ({ width }) => width > first.width * 1.2);
  await hand.keys('0');
  await shows('it fitted', ({ width }) => Math.abs(width - first.width) <= 1);
  await app.click('picture-copy');
  await until('it says that it is copied', () => run(() => document.querySelector('[data-testid="picture-viewer"]').textContent.includes('Gambar disalin')));
  await hand.press(3, await middleOf(app, '[data-testid="picture-viewer"] .stage img'));
  await hand.press(1, await middleOf(app, '[data-testid="menu-copy-picture"]'));
  await until('its menu has closed', () => run(() => document.querySelector('[role="menu"]') === null));
  await hand.keys('Escape');
  await until('the viewer has closed', async () => (await viewer()) === null);
  await focusIs(PARTS.picture);
});

test('a picture opens by a click, and Escape in its menu closes only the menu', async () => {
  await hand.press(1, await middleOf(app, PARTS.second));
  await shows('the second picture', ({ alt, count }) => alt === 'Pipa' && /2/.test(count));
  await hand.press(3, await middleOf(app, '[data-testid="picture-viewer"] .stage img'));
  await app.shown('menu-save-picture');
  await hand.keys('Escape');
  await until('the menu has closed', () => run(() => document.querySelector('[role="menu"]') === null));
  assert.ok(await viewer(), 'the viewer stays');
  await hand.keys('Escape');
  await until('the viewer has closed', async () => (await viewer()) === null);
});

test('where a link leads shows on focus and under the pointer', async () => {
  const target = () => run(() => document.querySelector('[data-testid="link-target"]')?.textContent ?? null);
  await focus(PARTS.link);
  await until('it shows on focus', async () => (await target()) === 'https://contoh.example/jam-air?bagian=2');
  await run(() => document.activeElement.blur());
  await until('it has gone', async () => (await target()) === null);
  hand.point(await middleOf(app, PARTS.link));
  await until('it shows under the pointer', async () => (await target()) === 'https://contoh.example/jam-air?bagian=2');
  hand.point(await middleOf(app, '[data-testid="article-title"]'));
  await until('it has gone', async () => (await target()) === null);
});

test('code scrolls sideways by the arrow keys, and the article does not', async () => {
  await focus(PARTS.code);
  await until('it is wider than its box', () => run((one) => document.querySelector(one).scrollWidth > document.querySelector(one).clientWidth + 50, PARTS.code));
  const before = await run(() => document.querySelector('[data-testid="article"] .scroll').scrollTop);
  await hand.keys('Right', 'Right');
  await until('it has scrolled', () => run((one) => document.querySelector(one).scrollLeft > 0, PARTS.code));
  assert.equal(await run(() => document.querySelector('[data-testid="article"] .scroll').scrollTop), before);
});

test('a video is a card with its picture that opens in the browser', async () => {
  const card = await until('the card is there', () =>
    run(() => {
      const link = document.querySelector('[data-testid="article-body"] a.video');
      return link && { text: link.textContent.trim(), lang: link.querySelector('.watch').lang, picture: link.querySelector('img') !== null };
    }));
  assert.deepEqual(card, { text: 'Tonton di youtube.com', lang: 'id', picture: true });
  const before = home.opened().length;
  await focus('[data-testid="article-body"] a.video');
  await hand.keys('Return');
  await until('the browser opens it', () => home.opened()[before] === 'https://www.youtube.com/watch?v=contoh');
});

test('words of the window inside a row are in the window’s language', async () => {
  const languages = await run(() => {
    const lang = (element) => element.closest('[lang]').lang;
    const rows = [...document.querySelectorAll('[data-testid="list"] [data-article]')];
    return {
      window: rows.flatMap((row) => [...row.querySelectorAll('.only-read, time')].map(lang)),
      titles: [...new Set(rows.map((row) => lang(row.querySelector('.title'))))],
    };
  });
  assert.ok(languages.window.length > 0);
  assert.deepEqual([...new Set(languages.window)], ['id']);
  assert.ok(languages.titles.includes('en'), `titles are in their own language: ${languages.titles}`);
});
