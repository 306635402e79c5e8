// axe on what shows only at times: the bars at the bottom, an outbox in which something waits, a failed
// start and its repair; and that nothing of it covers or pushes out anything else in narrow windows.

import assert from 'node:assert/strict';
import { cpSync, readdirSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { start } from '../demo/server.mjs';
import { addAxe, assertSound } from './axe.mjs';
import { makeHome, openApp, openScreen, synced, syncEnds, until } from './harness.mjs';

let demo;
let screen;
let home;
let app;

before(async () => {
  demo = await start({ faults: { slow: 0, broken: 'sound' } });
  // The first row.
  spoken().time = new Date();
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
const spoken = () => [...Object.values(demo.articles)].flat().find((article) => article.sound);

/** Controls of the bottom bars that a toast covers. */
const covered = () =>
  run(() =>
    [...document.querySelectorAll('.bottom-bar button, .bottom-bar input')]
      .filter((control) => {
        const { x, y, width, height } = control.getBoundingClientRect();
        return document.elementFromPoint(x + width / 2, y + height / 2)?.closest('[data-testid="toast"]');
      })
      .map((control) => control.outerHTML.slice(0, 120)),
  );

test('the player, reading aloud and the offline bar, with a toast', async () => {
  app = await openApp(screen, home);
  await addAxe(app);
  await app.click('place-all');
  await app.clickRow(spoken().title);
  // Pictures and texts that arrive move the article.
  await syncEnds(app, demo);
  await app.click('episode-fetch');
  await until('the episode is kept', async () => (await (await app.find('episode')).getAttribute('data-state')) === 'kept', 120_000);
  await demo.stop();
  await keys('r');
  await app.shown('offline-bar', 40_000);
  await app.click('episode-play');
  await app.shown('player');
  await keys('l');
  await app.shown('aloud-bar');
  await run(() => document.activeElement.blur());
  await keys('y');
  await app.shown('toast');
  assert.deepEqual(await covered(), []);
  await isSound();
});

test('in narrow windows the article’s bar fits, and a menu has what it leaves out', async () => {
  const bar = () =>
    run(() => {
      const bar = document.querySelector('[data-testid="article"] header.bar');
      return {
        over: bar.scrollWidth - bar.clientWidth,
        more: document.querySelector('[data-testid="article-more"]').offsetWidth > 0,
      };
    });
  for (const [width, narrow] of [
    [1440, false],
    [1000, true],
    [420, true],
  ]) {
    await app.browser.setWindowSize(width, 900);
    await until(`it fits ${width} px`, async () => {
      const { over, more } = await bar();
      return over <= 0 && more === narrow;
    });
  }
  await isSound('[data-testid="article"]');
  await app.click('article-more');
  for (const item of ['menu-browser', 'menu-copy-link', 'menu-tag']) await app.shown(item);
  await isSound('[role="menu"]');
  await keys('Escape');
  assert.equal(await run(() => document.activeElement.dataset.testid), 'article-more');
  await app.browser.setWindowSize(1440, 900);
});

test('an outbox in which something waits', async () => {
  await app.click('forward-button');
  await app.shown('forward-dialog');
  await app.click('channel-google-news');
  await app.click('forward-send');
  await until('it waits', async () => /1/.test(await app.text('place-outbox')));
  await app.click('place-outbox');
  await app.shown('outbox-dialog');
  await isSound('[data-testid="outbox-dialog"]');
  await keys('Escape');
  app.kill();
});

test('a store that does not open, its repair, and the report', async () => {
  const damaged = makeHome();
  try {
    cpSync(home.dataDir, damaged.dataDir, { recursive: true });
    for (const file of readdirSync(damaged.dataDir, { recursive: true, withFileTypes: true })) {
      if (file.isFile() && file.name === 'db') truncateSync(join(file.parentPath, file.name), 512);
    }
    app = await openApp(screen, damaged);
    await addAxe(app, 'failed');
    await app.shown('repair', 60_000);
    await isSound();
    await app.click('repair');
    await app.shown('front-page', 60_000);
    await app.shown('toast');
    await isSound('[data-testid="toast"]');
    await app.click('undo');
    await app.shown('repair-dialog');
    await isSound('[data-testid="repair-dialog"]');
  } finally {
    app.kill();
    damaged.remove();
  }
});
