// Offline listening in the real app: an episode is downloaded, the server stops, the app restarts, and
// playback continues at the saved position.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { start } from '../demo/server.mjs';
import { makeHome, openApp, openScreen, subscribe, syncEnds, until } from './harness.mjs';

const SPOKEN = 'Pucuk Pagi, edisi dengar';

let demo;
let screen;
let home;
let app;

before(async () => {
  demo = await start({ faults: { slow: 0, broken: 'sound' } });
  screen = await openScreen();
  home = makeHome();
  const { feedUrl } = demo.publishers.find(({ id }) => id === 'pucuk');
  subscribe(home, `<opml version="2.0"><body><outline type="rss" text="Pucuk Pagi" xmlUrl="${feedUrl}"/></body></opml>`);
});

after(async () => {
  app?.kill();
  screen?.close();
  await demo?.stop();
  home?.remove();
});

const spoken = () => [...Object.values(demo.articles)].flat().find((article) => article.sound);
const openSpoken = async () => {
  await app.click('place-all');
  await app.clickRow(spoken().title);
  await app.shown('episode');
};
const state = async () => (await app.find('episode')).getAttribute('data-state');
/** The position shown by the player, in seconds. */
const place = async () => {
  const [minutes, seconds] = (await app.text('player-time')).split(/[.:]/).map(Number);
  return minutes * 60 + seconds;
};

/** Pieces of the episode that the player stored. */
const pieces = () =>
  app.browser.executeAsync((done) => {
    const request = indexedDB.open('audio');
    request.onerror = () => done(-1);
    request.onsuccess = () => {
      const count = request.result.transaction('pieces').objectStore('pieces').count();
      count.onsuccess = () => (request.result.close(), done(count.result));
    };
  });

test('an episode is downloaded only on request', async () => {
  app = await openApp(screen, home);
  await openSpoken();
  assert.equal(await state(), 'away');
  const said = await app.browser.execute(() => document.querySelector('[data-testid="episode"]').textContent);
  assert.ok(said.includes(SPOKEN), said);
  const asked = () => demo.requests.filter(({ path }) => path.startsWith('/suara/')).length;
  assert.equal(asked(), 0, 'nothing is downloaded automatically');
  // The demo server draws pictures on request, and at most two requests run for one host.
  await syncEnds(app, demo);
  await app.click('episode-fetch');
  await until('it is kept', async () => (await state()) === 'kept', 120_000);
  assert.equal(asked(), 1);
});

test('it plays without the server, continues while another article is read, and keeps its position', async () => {
  await demo.stop();
  app.kill();
  app = await openApp(screen, home);
  await openSpoken();
  await app.click('episode-play');
  await app.shown('player');
  await until('it plays', async () => (await place()) >= 2);
  assert.equal(await (await app.find('player-failed')).isExisting(), false);
  assert.ok((await pieces()) > 0, 'it is played from the disk, not from memory');
  const title = await app.text('article-title');
  await app.browser.keys('j');
  await until('another article is open', async () => (await app.text('article-title')) !== title);
  const before = await place();
  await until('it plays on', async () => (await place()) > before);
  await app.browser.execute(() => {
    const slider = document.querySelector('[data-testid="player"] input');
    slider.value = '21';
    slider.dispatchEvent(new Event('change', { bubbles: true }));
  });
  await until('it is further on', async () => (await place()) >= 21);
  await app.click('player-toggle');
  await until('its position is saved', async () => {
    await openSpoken();
    return /0\.2[1-9]|Lanjut/.test(await app.text('episode-play'));
  });

  app.kill();
  app = await openApp(screen, home);
  await openSpoken();
  await until('its position is restored', async () => /Lanjut dari 0\.2\d/.test(await app.text('episode-play')));
  await app.click('episode-play');
  await until('playback continues there', async () => (await place()) >= 21);
  await app.click('player-close');
  await until('its pieces are deleted', async () => (await pieces()) === 0);
  await app.click('episode-remove');
  await until('it is gone', async () => (await state()) === 'away');
});
