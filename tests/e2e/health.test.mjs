// Feed health in the real app: a feed that fails and one that comes twice are listed with reasons,
// unsubscribed from together by keyboard, and brought back by undo.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { start } from '../demo/server.mjs';
import { makeHome, openApp, openScreen, subscribe, until } from './harness.mjs';

let demo;
let copy;
let screen;
let home;
let app;

before(async () => {
  demo = await start({ faults: { slow: 200, broken: 'sound' } });
  screen = await openScreen();
  home = makeHome();
  // The same articles at a second address of the publisher.
  const lantern = demo.publishers.find((one) => one.id === 'lantern');
  copy = createServer(async (_, response) => {
    const body = await (await fetch(lantern.feedUrl)).text();
    response.setHeader('Content-Type', 'application/atom+xml');
    response.end(body);
  });
  await new Promise((resolve) => copy.listen(0, '127.0.0.1', resolve));
  const double = `http://127.0.0.1:${copy.address().port}/double.atom`;
  const outline = (url) => `<outline type="rss" text="x" xmlUrl="${url}"/>`;
  const kelp = demo.publishers.find((one) => one.id === 'kelp');
  const list = [lantern.feedUrl, kelp.feedUrl, double].map(outline).join('');
  subscribe(home, `<opml version="2.0"><body>${list}</body></opml>`);
});

after(async () => {
  app?.kill();
  screen?.close();
  copy?.close();
  await demo?.stop();
  home?.remove();
});

/** Reaches a control with Tab and presses a key on it. */
async function press(id, key = 'Enter') {
  const focused = () => app.browser.execute(() => document.activeElement?.getAttribute('data-testid') ?? '');
  for (let steps = 0; steps < 60; steps++) {
    if ((await focused()) === id) return app.browser.keys([key]);
    await app.browser.keys(['Tab']);
  }
  throw new Error(`${id} cannot be reached by keyboard`);
}
const text = (id) => app.browser.execute((id) => document.querySelector(`[data-testid="${id}"]`)?.innerText ?? '', id);
const feeds = () =>
  app.browser.execute(() => [...document.querySelectorAll('[data-testid]')].filter((row) => /^feed-\d+$/.test(row.dataset.testid)).length);

test('a doubled feed is listed with its reason, removed and brought back', async () => {
  app = await openApp(screen, home);
  await until('the feeds are listed', async () => (await feeds()) === 3);
  await app.browser.keys(['Control', 'k']);
  await app.shown('palette-input');
  await app.browser.keys([...'kesehatan sumber', 'Enter']);
  await app.shown('health');
  await until('the double is reported', async () => /Kembar/.test(await text('health')));
  assert.match(await text('health'), /100\s?% artikelnya juga ada di/);
  await press('health-all', ' ');
  await press('health-unsubscribe');
  await until('all is well', async () => /Semua sumber sehat/.test(await text('health')));
  await until('one feed fewer', async () => (await feeds()) === 2);
  await app.click('undo');
  await until('it is back', async () => (await feeds()) === 3);
});

test('feeds are fetched less, or muted, and that is undone', async () => {
  await until('the double is reported again', async () => /Kembar/.test(await text('health')));
  for (const [action, said] of [
    ['health-less', /1 sumber diambil sekali sehari/],
    ['health-mute', /Artikel baru dari 1 sumber dibisukan/],
  ]) {
    await app.click('health-all');
    await app.click(action);
    await until('it is said', async () => said.test(await app.browser.execute(() => document.body.innerText)));
    await app.click('undo');
    await until('the message is gone', async () => !said.test(await app.browser.execute(() => document.body.innerText)));
  }
});
