// First run and settings in the real app: names and topics in the address box, sets to start with,
// Subscribe in sight, the first sync, and finding a setting.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { makeHome, openApp, openScreen, serve, until } from './harness.mjs';

const FEEDS = 40;
let server;
let origin;
let screen;
let home;
let app;
/** The first requests are answered at once, later ones when the test releases them. */
const held = [];
let open = false;
let answered = 0;

function feed(id) {
  const items = Array.from({ length: 3 }, (_, n) =>
    `<item><guid>${id}-${n}</guid><title>Kabar ${id} nomor ${n}</title><link>http://127.0.0.1/${id}/${n}</link><description>Isi berita ${id} ${n} yang cukup panjang.</description><pubDate>${new Date(Date.now() - (n * FEEDS + id) * 60_000).toUTCString()}</pubDate></item>`);
  return `<rss version="2.0"><channel><title>Umpan ${id}</title><link>${origin}/</link><description>d</description>${items.join('')}</channel></rss>`;
}

before(async () => {
  server = await serve((request, response) => {
    const id = Number(request.url.slice(1));
    const answer = () =>
      id === 39 ? response.writeHead(500).end() : response.writeHead(200, { 'content-type': 'application/rss+xml' }).end(feed(id));
    if (!Number.isInteger(id)) response.writeHead(404).end();
    else if (open || ++answered <= 5) answer();
    else held.push(answer);
  });
  origin = server.origin;
  screen = await openScreen();
  home = makeHome();
  app = await openApp(screen, home);
});

after(async () => {
  app?.kill();
  screen?.close();
  server?.close();
  home?.remove();
});

const inSight = (id) =>
  app.browser.execute((wanted) => {
    const { top, bottom } = document.querySelector(`[data-testid="${wanted}"]`).getBoundingClientRect();
    return top >= 0 && bottom <= innerHeight;
  }, id);
const texts = (id) =>
  app.browser.execute((wanted) => [...document.querySelectorAll(`[data-testid="${wanted}"]`)].map((one) => one.textContent), id);

test('a name or a topic in the address box finds feeds of the catalogue', async () => {
  await app.shown('first-run', 40_000);
  const field = await app.shown('address-field');
  await field.setValue('detik');
  const names = await until('suggestions show', async () => {
    const found = await texts('suggested-feed');
    return found.length > 0 && found;
  });
  assert.match(names[0], /Detikcom/);
  assert.ok(await inSight('subscribe-button'), 'Subscribe is in sight');
  await field.setValue('sains');
  await until('feeds of the topic show', async () => (await texts('suggested-feed')).some((one) => /Sains/.test(one)));
  // By keyboard: to the first suggestion, chosen with Space.
  await until('the first suggestion has the focus', async () => {
    await app.browser.keys(['Tab']);
    return app.browser.execute(() => document.activeElement?.closest('[data-testid="suggested-feed"]') !== null);
  });
  await app.browser.keys([' ']);
  await until('one is chosen', async () => /1/.test(await app.text('subscribe-button')));
  await app.browser.keys([' ']);
  await field.click();
  await app.browser.keys(['Control', 'a']);
  await app.browser.keys(['Delete']);
});

test('a set to start with chooses its feeds', async () => {
  await app.click('set-papersId');
  await until('five are chosen', async () => /5/.test(await app.text('subscribe-button')));
  assert.ok(await inSight('subscribe-button'));
  await app.click('set-technologyEn');
  await until('more are chosen', async () => /11/.test(await app.text('subscribe-button')));
  for (const set of ['set-papersId', 'set-technologyEn']) await app.click(set);
});

test('the first sync of many feeds shows the newest articles at once', async () => {
  const outlines = Array.from({ length: FEEDS }, (_, id) => `<outline type="rss" text="Umpan ${id}" xmlUrl="${origin}/${id}"/>`);
  const list = `<opml version="2.0"><body>${outlines.join('')}</body></opml>`;
  await app.click('way-opml');
  await app.browser.execute((text) => {
    const data = new DataTransfer();
    data.items.add(new File([text], 'feeds.opml', { type: 'text/xml' }));
    window.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
  }, list);
  await app.click('opml-done');
  await until('the newest articles show while the sync runs', () =>
    app.browser.execute(() =>
      document.querySelector('[data-testid="sync-progress"]') !== null &&
      /Kabar \d+ nomor 0/.test(document.querySelector('main, #main')?.textContent ?? '') &&
      document.querySelector('#main [aria-busy="true"]') === null));
  assert.ok(held.length > 0, 'feeds were still being fetched');
});

test('the foot of the sidebar says a failure once', async () => {
  open = true;
  for (const answer of held.splice(0)) answer();
  await until('the sync has ended', async () => {
    for (const answer of held.splice(0)) answer();
    return !(await (await app.find('sync-progress')).isExisting());
  }, 60_000);
  const foot = await until('the failure is said', () =>
    app.browser.execute(() => {
      const text = document.querySelector('[data-testid="places"] footer').innerText;
      return /gagal/.test(text) && text;
    }));
  assert.equal(foot.match(/gagal/g).length, 1, foot);
});

test('the filter of the sidebar finds a feed among many, by keyboard', async () => {
  await (await app.shown('places-filter')).setValue('umpan 17');
  await until('one is left', () => app.browser.execute(() => document.querySelectorAll('[role="treeitem"]').length === 1));
  await app.browser.keys(['Enter']);
  await until('its articles show', () => app.browser.execute(() => /Kabar 17 nomor 0/.test(document.querySelector('[data-testid="list"]')?.textContent ?? '')));
  await (await app.find('places-filter')).click();
  await app.browser.keys(['Escape']);
  await until('all are back', () => app.browser.execute(() => document.querySelectorAll('[role="treeitem"]').length > 1));
  const order = await app.browser.execute(() =>
    [...document.querySelectorAll('[role="treeitem"]')]
      .sort((one, other) => parseFloat(one.style.top) - parseFloat(other.style.top))
      .slice(0, 3)
      .map((one) => one.querySelector('.label').textContent));
  assert.deepEqual(order, ['Umpan 0', 'Umpan 1', 'Umpan 2'], 'numbers are sorted by value');
});

test('a setting is found by its words, and sections by the index', async () => {
  await app.click('settings-button');
  const field = await app.shown('settings-search');
  await field.setValue('proxy');
  await until('the proxy shows', async () => (await app.find('settings-proxy')).isDisplayed());
  assert.equal(await (await app.find('settings-text-size')).isDisplayed(), false);
  assert.match(await app.text('settings-found'), /1/);
  await app.browser.keys(['Escape']);
  await until('all settings show', async () => (await app.find('settings-text-size')).isDisplayed());
  await field.setValue('qqqq');
  await until('nothing is found', async () => /qqqq/.test(await app.text('settings-found')));
  await app.click('settings-index-storage');
  await until('the section is in sight', () =>
    app.browser.execute(() => {
      const { top } = document.querySelector('[data-testid="settings-section-storage"]').getBoundingClientRect();
      return top >= 0 && top < innerHeight && document.activeElement?.tagName === 'H3';
    }));
});

test('the outbox can be reached when nothing waits', async () => {
  await app.browser.keys(['Escape']);
  await until('the settings are closed', async () => !(await (await app.find('settings-dialog')).isExisting()));
  await app.click('place-outbox');
  await app.shown('outbox-dialog');
});
