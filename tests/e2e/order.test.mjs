// The order of lists and marking parts of them, by keyboard and menu, in the real app.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { start } from '../demo/server.mjs';
import { makeHome, openApp, openScreen, subscribe, until } from './harness.mjs';

let demo;
let screen;
let home;
let app;

before(async () => {
  demo = await start({ faults: { slow: 0, broken: 'sound' } });
  screen = await openScreen();
  home = makeHome();
  subscribe(home, await (await fetch(demo.opml)).text());
  app = await openApp(screen, home);
  await app.shown('front-page', 60_000);
  await until('everything is synced', async () => (await list({})).length > 40, 40_000);
});

after(async () => {
  app?.kill();
  screen?.close();
  await demo?.stop();
  home?.remove();
});

const press = (...keys) => app.browser.keys(keys);
const invoke = (command, args) =>
  app.browser.executeAsync(
    (name, given, done) => window.__TAURI_INTERNALS__.invoke(name, given).then(done, (failure) => done({ failure })),
    command,
    args,
  );
/** The rows that the engine lists. */
const list = async (more) => {
  const request = { place: { kind: 'all' }, unreadOnly: false, before: null, limit: 500, ...more };
  return (await invoke('list', { request })).rows;
};
/** The rows on screen, in their order. */
const shown = () =>
  app.browser.execute(() =>
    [...document.querySelectorAll('[data-testid="list"] [data-testid^="row-"]')]
      .sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)
      .map((row) => ({ id: Number(row.dataset.testid.slice(4)), read: row.dataset.read === 'true' })),
  );
const shownIds = async () => (await shown()).map(({ id }) => id);
const startsWith = (ids, rows) => ids.length > 3 && ids.every((id, at) => id === rows[at]?.id);
const listShows = (what, rows) => until(`the list shows ${what}`, async () => startsWith(await shownIds(), rows));
const choose = async (item) => {
  await app.click('list-menu');
  await app.shown(item);
  await app.click(item);
};
const unread = async () => (await list({ unreadOnly: true })).length;
const undo = async (all) => {
  await press('Control', 'z');
  await until('the marks are undone', async () => (await unread()) === all);
};

test('oldest first is remembered for the place, also after a restart', async () => {
  await press('g', 'a');
  const newest = await list({});
  await listShows('the newest articles', newest);
  await choose('order-oldest');
  const oldest = [...newest].reverse();
  await listShows('the oldest articles', oldest);
  await press('g', 'u');
  await listShows('another place, newest first', await list({ place: { kind: 'unread' } }));
  await press('g', 'a');
  await listShows('the oldest articles again', oldest);
  await app.browser.execute(() => location.reload());
  await app.shown('front-page', 40_000);
  await press('g', 'a');
  await listShows('the oldest articles after a restart', oldest);
  await choose('order-newest');
  await listShows('the newest articles again', newest);
});

test('a list can go from feed to feed', async () => {
  await choose('group-feed');
  await listShows('feed after feed', await list({ byFeed: true }));
  const heads = await app.browser.execute(() => [...document.querySelectorAll('[data-testid="list"] h2')].map((head) => head.textContent));
  const titles = (await invoke('places', {})).feeds.map(({ title }) => title);
  assert.ok(heads.length > 0 && heads.every((head) => titles.includes(head)), `the groups are named by feed: ${heads}`);
  await choose('group-day');
});

test('marks above and below the selected row, and takes it back', async () => {
  const all = await unread();
  const rows = await list({});
  await press('j');
  await press('j');
  await press('j');
  await until('the third row is selected', () =>
    app.browser.execute((id) => document.querySelector(`[data-testid="row-${id}"]`)?.getAttribute('aria-current') === 'true', rows[2].id),
  );
  await press('a', 'k');
  await until('the two above are read', async () => (await unread()) === all - 2);
  assert.deepEqual((await list({ unreadOnly: true }))[0].id, rows[2].id, 'the selected one is not');
  await undo(all);
  await press('a', 'j');
  await until('only three are unread', async () => (await unread()) === 3);
  assert.deepEqual((await list({ unreadOnly: true })).map(({ id }) => id), rows.slice(0, 3).map(({ id }) => id));
  await undo(all);
});

test('marks what is older than a day, and takes it back', async () => {
  const all = await unread();
  const rows = await list({});
  const day = Math.floor(Date.now() / 1000) - 24 * 3600;
  const younger = rows.filter(({ time }) => time >= day).length;
  assert.ok(younger > 0 && younger < rows.length, 'the demonstration has both');
  await choose('mark-older-day');
  await until('only younger ones are unread', async () => (await unread()) === younger);
  await undo(all);
});

test('marks what was scrolled past, if that is set', async () => {
  const { settings } = await invoke('overview', {});
  await app.click('settings-button');
  await app.click('settings-mark-scrolled');
  await until('it is set', async () => (await invoke('overview', {})).settings.markReadOnScroll === true);
  await press('Escape');
  await press('g', 'b');
  await press('g', 'a');
  const all = await unread();
  const rows = await list({});
  await listShows('the newest articles', rows);
  await app.browser.execute(() => document.querySelector('[data-testid="list"]').dispatchEvent(new Event('scroll')));
  await app.browser.execute(() => document.querySelector('[data-testid="list"]').scrollBy({ top: 20 }));
  await app.browser.execute(() => new Promise(requestAnimationFrame));
  await app.browser.execute(() => document.querySelector('[data-testid="list"]').scrollBy({ top: 480 }));
  await until('rows above the window are read', async () => (await unread()) < all);
  const left = (await list({})).filter(({ read }) => !read);
  const inSight = await app.browser.execute(() => {
    const top = document.querySelector('[data-testid="list"]').getBoundingClientRect().top;
    const rows = [...document.querySelectorAll('[data-testid="list"] [data-testid^="row-"]')];
    return rows.filter((row) => row.getBoundingClientRect().bottom > top + 2).map((row) => Number(row.dataset.testid.slice(4)));
  });
  for (const id of inSight) assert.ok(left.some((row) => row.id === id), `row ${id} is in sight and stays unread`);
  assert.equal(rows[0].id === left[0].id, false, 'the first row is read');
  await invoke('set_settings', { settings });
});

test('today is the calendar day, or the last 24 hours', async () => {
  const { settings } = await invoke('overview', {});
  const count = async () => (await invoke('places', {})).today.total;
  const rows = await list({});
  const midnight = new Date().setHours(0, 0, 0, 0) / 1000;
  assert.equal(await count(), rows.filter(({ time }) => time >= midnight).length);
  await invoke('set_settings', { settings: { ...settings, todaySpan: 'hours24' } });
  const day = Date.now() / 1000 - 24 * 3600;
  assert.equal(await count(), rows.filter(({ time }) => time >= day).length);
  await invoke('set_settings', { settings });
});
