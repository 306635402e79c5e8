// Search in the real app, by keyboard: chips in step with the query, the order, mistakes that are mended, the place
// from which the search began, and what Ctrl+K falls through to.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { start } from '../demo/server.mjs';
import { makeHome, openApp, openScreen, synced, until } from './harness.mjs';

let demo;
let screen;
let home;
let app;

before(async () => {
  demo = await start({ faults: { slow: 50, broken: 'sound' } });
  screen = await openScreen();
  home = makeHome();
  await synced(home, demo);
  app = await openApp(screen, home);
  await app.shown('front-page');
});

after(async () => {
  app?.kill();
  screen?.close();
  await demo?.stop();
  home?.remove();
});

const exists = async (id) => (await app.find(id)).isExisting();
const query = async () => (await app.find('search-field')).getValue();
const focused = () => app.browser.execute(() => document.activeElement?.dataset?.testid ?? '');
const found = () => app.browser.execute(() => document.querySelectorAll('[data-testid="search-results"] [role="listitem"]').length);
const times = () =>
  app.browser.execute(() =>
    [...document.querySelectorAll('[data-testid="search-results"] time')].map((time) => Date.parse(time.dateTime)),
  );

/** Replaces the query from the keyboard. */
async function type(text) {
  await app.browser.keys(['/']);
  await until('the field has the focus', async () => (await focused()) === 'search-field');
  await app.browser.keys(['Control', 'a']);
  await app.browser.keys(['Delete']);
  // One by one: keys of one call are held down together, and a space that is held is not typed again.
  for (const letter of text) await app.browser.keys([letter]);
  await until('the query is there', async () => (await query()) === text);
}

test('an operator that is typed is a chip, which Delete removes', async () => {
  await type('is:unread -is:saved ');
  await app.shown('search-chip-unread');
  await app.shown('search-chip-saved');
  await until('unread articles are found', async () => (await found()) > 0);
  await app.browser.execute(() => document.querySelector('[data-testid="search-chip-unread"]').focus());
  await app.browser.keys(['ArrowRight']);
  await until('the arrow moves to the next chip', async () => (await focused()) === 'search-chip-saved');
  await app.browser.keys(['Delete']);
  await until('the query has lost it', async () => (await query()) === 'is:unread');
  await until('the focus stays among the chips', async () => (await focused()) === 'search-chip-unread');
});

test('a misspelt operator is pointed out, and mended by Enter on the button', async () => {
  await type('afterr:2020 ');
  const mend = await app.shown('search-mend');
  assert.match(await app.text('search-problems'), /afterr:/);
  await app.browser.execute((button) => button.focus(), mend);
  await app.browser.keys(['Enter']);
  await until('it is mended', async () => (await query()) === 'after:2020');
  await app.shown('search-chip-after');
  await until('nothing is wrong any more', async () => !(await exists('search-mend')));
});

test('a date that does not exist is said, and everything else is searched', async () => {
  await type('is:unread after:2026-13-40 ');
  await app.shown('search-mend');
  assert.match(await app.text('search-problems'), /2026-13-40/);
  await until('the rest is searched', async () => (await found()) > 0);
});

test('the order by date holds, and is kept for the next search', async () => {
  await type('is:unread');
  await until('articles are found', async () => (await found()) > 3);
  await app.click('search-sort');
  await app.click('search-sort-oldest');
  await until('the oldest come first', async () => {
    const all = await times();
    return all.length > 3 && all.every((time, at) => at === 0 || time >= all[at - 1]);
  });
  await type('-is:saved');
  await until('the next search begins with the oldest', async () => {
    const all = await times();
    return all.length > 3 && all.every((time, at) => at === 0 || time >= all[at - 1]);
  });
  await app.click('search-sort');
  await app.click('search-sort-relevance');
});

test('a search that begins in a feed offers that feed', async () => {
  await app.browser.keys(['Escape']);
  const feed = await app.browser.$('[data-testid^="feed-"]');
  await feed.click();
  await type('a');
  await app.click('search-here');
  await app.shown('search-chip-feed');
  await until('the query names the feed', async () => /^(feed|sumber):".+" a$/.test(await query()));
  assert.ok(!(await exists('search-here')), 'it is not offered twice');
});

test('Ctrl+K falls through to settings, keys and articles', async () => {
  await app.browser.keys(['Control', 'k']);
  await app.shown('palette');
  await app.browser.keys([...'banjir']);
  const article = await until('an article is found', () => app.browser.$('[data-testid^="command-article-"]'));
  await article.waitForExist();
  await app.shown('command-search-all');
  await article.click();
  await app.shown('article-body');
});
