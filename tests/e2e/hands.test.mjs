// Hands on the keyboard and the mouse: real X events in the real app. Scrolling, focus, dialogs, the
// history, and positions that are kept, also after a restart.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { start } from '../demo/server.mjs';
import { hands, isOnDisk, makeHome, middleOf, openApp, openScreen, steady, synced, syncEnds, until } from './harness.mjs';

let demo;
let screen;
let home;
let app;
let hand;

before(async () => {
  demo = await start({ faults: { slow: 50, broken: 'sound' } });
  screen = await openScreen();
  home = makeHome();
  await synced(home, demo);
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
/** What has the focus: its test id, name, whether a ring shows, and its article. */
const focused = () =>
  run(() => {
    const one = document.activeElement;
    return {
      testid: one?.dataset?.testid ?? '',
      tag: one?.tagName ?? '',
      ring: one?.matches?.(':focus-visible') ?? false,
      article: one?.dataset?.article ?? null,
      inDialog: one?.closest?.('dialog')?.dataset.testid ?? null,
    };
  });
const focusIs = (what, check) => until(`the focus is on ${what}`, async () => check(await focused()));
const scrollOf = (selector) =>
  run((wanted) => {
    const box = document.querySelector(wanted);
    return { top: box.scrollTop, rest: box.scrollHeight - box.clientHeight - box.scrollTop };
  }, selector);
const LIST = '[data-testid="list"]';
const ARTICLE = '[data-testid="article"] .scroll';
const PAGE = '[data-testid="front-page"] .scroll';
const middle = (selector) => middleOf(app, selector);
const rowsAre = () => until('rows are listed', () => run((list) => document.querySelectorAll(`${list} [data-article]`).length > 3, LIST));
const title = () => app.text('article-title');
/** The first row in sight: its article, and how far it is from the list's top. */
const firstRow = () =>
  run((list) => {
    const box = document.querySelector(list);
    const top = box.getBoundingClientRect().top;
    const rows = [...box.querySelectorAll('[data-article]')];
    const row = rows.find((one) => one.getBoundingClientRect().bottom > top + 4);
    return { article: row.dataset.article, at: Math.round(row.getBoundingClientRect().top - top) };
  }, LIST);
const at = (a, b) => a.article === b.article && Math.abs(a.at - b.at) <= 3;
const still = (selector) => steady(app, selector);

test('the skip link leads to the articles, and J moves focus and selection', async () => {
  await hand.keys('g', 'u');
  await app.shown('list');
  await rowsAre();
  await focusIs('the page', ({ testid, tag }) => testid === '' && ['DIV', 'MAIN'].includes(tag));
  await run(() => document.querySelector('.skip').focus());
  await hand.keys('Return');
  const first = await until('the first row has the focus', async () => (await focused()).article);
  await hand.keys('j');
  await focusIs('the selected row', ({ article, ring }) => article === first && ring);
  await hand.keys('j', 'j');
  const third = await until('another row has the focus', async () => {
    const { article } = await focused();
    return article !== first && article;
  });
  assert.equal(await run(() => document.querySelector('[aria-current="true"][data-article]').dataset.article), third);
  const stops = await run((list) => document.querySelectorAll(`${list} [data-article][tabindex="0"]`).length, LIST);
  assert.equal(stops, 1, 'the list is one tab stop');
  await hand.keys('Up');
  await focusIs('the row above', ({ article }) => article !== third && article !== null);
  await hand.keys('Home');
  await focusIs('the first row', ({ article }) => article === first);
});

test('an open article scrolls by keys, and Space at its end goes on to the next unread one', async () => {
  await hand.keys('Return');
  const headline = await until('the article is open', title);
  await until('it is longer than its pane', async () => (await scrollOf(ARTICLE)).rest > 100);
  await hand.keys('Next');
  await until('a page down', async () => (await scrollOf(ARTICLE)).top > 100);
  await hand.keys('Prior');
  await until('a page up', async () => (await scrollOf(ARTICLE)).top === 0);
  await hand.keys('Down');
  await until('a line down', async () => (await scrollOf(ARTICLE)).top > 0);
  await hand.keys('Up');
  await until('a line up', async () => (await scrollOf(ARTICLE)).top === 0);
  await hand.keys('space');
  await until('Space pages', async () => (await scrollOf(ARTICLE)).top > 100);
  await hand.keys('shift+space');
  await until('Shift+Space pages back', async () => (await scrollOf(ARTICLE)).top === 0);
  await hand.keys('End');
  await until('the end', async () => (await scrollOf(ARTICLE)).rest <= 2);
  await hand.keys('Home');
  await until('the beginning', async () => (await scrollOf(ARTICLE)).top === 0);
  await hand.keys('End');
  await until('the end', async () => (await scrollOf(ARTICLE)).rest <= 2);
  await hand.keys('space');
  await until('the next unread article', async () => (await title()) !== headline);
  const row = await until('its row has the focus', async () => (await focused()).article);
  assert.equal(await run((id) => document.querySelector(`[data-testid="row-${id}"]`).getAttribute('aria-current'), row), 'true');
});

test('the wheel moves the list freely: neither marks nor a sync scroll it back', async () => {
  await hand.wheel(12, await middle(LIST));
  await until('the list has scrolled', async () => (await scrollOf(LIST)).top > 400);
  await still(LIST);
  const seen = await firstRow();
  await hand.keys('m', 's');
  await until('the marks are made', () => run(() => document.querySelector('[data-testid="save-button"]')?.getAttribute('aria-pressed') === 'true'));
  const asked = demo.requests.length;
  await hand.keys('r');
  await until('a sync asks', () => demo.requests.length > asked);
  await syncEnds(app, demo);
  assert.ok(at(await firstRow(), seen), 'the list stays where the reader scrolled it');
  await hand.keys('s');
});

test('a new article waits behind the pill, which leads to the top; nothing else is called new', async () => {
  const [model] = demo.articles.pucuk;
  demo.articles.pucuk.unshift({ ...model, slug: 'baru-sekali', title: 'Kabar yang baru saja tiba', time: new Date() });
  await hand.keys('r');
  const pill = await until('the pill shows', () => run(() => document.querySelector('.pill button')?.textContent.trim()), 30_000);
  assert.match(pill, /^1 /, 'one article is new');
  await hand.press(1, await middle('.pill button'));
  await until('the list is at its top', async () => (await scrollOf(LIST)).top === 0);
  await until('the new article is in it', () => run((list) => document.querySelector(`${list} [data-article]`).textContent.includes('Kabar yang baru saja tiba'), LIST));
  assert.equal(await run(() => document.querySelector('.pill') !== null), false);
});

test('dialogs stack, focus their first control, and give the focus back', async () => {
  await run(() => document.querySelector('[data-testid="settings-button"]').focus());
  await hand.keys('Return');
  await app.shown('settings-dialog');
  await focusIs('a control of the settings', ({ inDialog, tag }) => inDialog === 'settings-dialog' && tag !== 'DIALOG');
  assert.notEqual(await run(() => document.activeElement.closest('header')?.tagName), 'HEADER', 'not on the close button');
  await focusIs('the search of the settings', ({ testid }) => testid === 'settings-search');
  await hand.keys('Escape');
  await until('Escape closes from a search field, too', async () => !(await (await app.find('settings-dialog')).isExisting()));
  await focusIs('what opened the settings', ({ testid }) => testid === 'settings-button');
  await hand.keys('Return');
  await app.shown('settings-dialog');
  await run(() => document.querySelector('[data-testid="settings-activity"]').focus());
  await hand.keys('Return');
  await app.shown('activity-panel');
  await focusIs('a control of the activity', ({ inDialog }) => inDialog === 'activity-panel');
  await hand.keys('Escape');
  await until('the activity has closed', async () => !(await (await app.find('activity-panel')).isExisting()));
  await focusIs('what opened it', ({ testid, inDialog }) => testid === 'settings-activity' && inDialog === 'settings-dialog');
  await hand.keys('Escape');
  await until('the settings have closed', async () => !(await (await app.find('settings-dialog')).isExisting()));
  await focusIs('what opened them', ({ testid }) => testid === 'settings-button');
});

test('Alt+Left and the mouse’s back and forward buttons go through the history', async () => {
  const where = () => run(() => document.title.replace(' – Warta', ''));
  await hand.keys('g', 'b');
  await app.shown('front-page');
  const front = await until('the front page is named', where);
  await hand.keys('g', 't');
  const today = await until('today is shown', async () => (await where()) !== front && where());
  await hand.keys('g', 's');
  const saved = await until('saved is shown', async () => ![front, today].includes(await where()) && where());
  await hand.keys('alt+Left');
  await until('back to today', async () => (await where()) === today);
  await hand.press(8, await middle('#main'));
  await until('back to the front page', async () => (await where()) === front);
  await hand.press(9);
  await until('forward to today', async () => (await where()) === today);
  await hand.keys('alt+Right');
  await until('forward to saved', async () => (await where()) === saved);
});

test('positions are kept: front page, list and article, also after a restart', async () => {
  await hand.keys('g', 'b');
  await app.shown('front-page');
  await hand.wheel(6, await middle(PAGE));
  await until('the front page has scrolled', async () => (await scrollOf(PAGE)).top > 200);
  const page = await still(PAGE);
  assert.ok(page.top > 200);
  await hand.keys('g', 'a');
  await app.shown('list');
  await hand.wheel(14, await middle(LIST));
  await until('the list has scrolled', async () => (await scrollOf(LIST)).top > 500);
  await still(LIST);
  const { article: open } = await firstRow();
  await run((id) => document.querySelector(`[data-testid="row-${id}"]`).click(), open);
  const headline = await until('an article is open', title);
  // The row that was cut off at the top comes into sight.
  await still(LIST);
  const list = await firstRow();
  await hand.keys('Next');
  await until('the article has scrolled', async () => (await scrollOf(ARTICLE)).top > 100);
  const article = await still(ARTICLE);

  const isKept = async () => {
    await hand.keys('g', 'b');
    await app.shown('front-page');
    await until('the front page is where it was', async () => Math.abs((await scrollOf(PAGE)).top - page.top) <= 12);
    await hand.keys('g', 'a');
    await app.shown('list');
    await until('the list is where it was', async () => at(await firstRow(), list));
    await run((id) => document.querySelector(`[data-testid="row-${id}"]`).click(), open);
    await until('the article is open', async () => (await title()) === headline);
    await until('it is where it was', async () => Math.abs((await scrollOf(ARTICLE)).top - article.top) <= 12);
  };
  await isKept();

  await app.click('unread-only');
  await until('the filter is on', () => run(() => document.querySelector('[data-testid="unread-only"]').getAttribute('aria-pressed') === 'true'));
  await until('the positions are written', () => isOnDisk(home, 'unreadOnly'));
  app.kill();
  app = await openApp(screen, home);
  await app.shown('front-page');
  await hand.focus();
  await hand.keys('g', 'a');
  await app.shown('list');
  assert.equal(await run(() => document.querySelector('[data-testid="unread-only"]').getAttribute('aria-pressed')), 'true', 'the filter is kept');
  await app.click('unread-only');
  await isKept();
});
