// While the app syncs, lists and shows articles, the web view makes no request itself, and a hostile article
// has no effect.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { HOSTILE_TITLE } from '../demo/hostile.mjs';
import { start } from '../demo/server.mjs';
import { makeHome, openApp, openScreen, steady, syncEnds, until } from './harness.mjs';

let demo;
let screen;
let home;
let app;

before(async () => {
  demo = await start({ hostile: true });
  screen = await openScreen();
  home = makeHome();
  app = await openApp(screen, home);
});

after(async () => {
  app?.kill();
  screen?.close();
  await demo?.stop();
  home?.remove();
});

/** Requests that the engine did not make. */
const strangers = () => [...demo.requests, ...demo.trap.hits].filter(({ userAgent }) => !userAgent?.startsWith('Warta/'));

test('a hostile article is shown and has no effect', async () => {
  await app.shown('first-run');
  await app.click('way-address');
  await (await app.shown('address-field')).setValue(demo.url);
  await app.click('address-find');
  await app.shown('discovered-feed', 20_000);
  await app.click('subscribe-button');
  await app.click('place-all');
  const plain = HOSTILE_TITLE.replace(/<[^>]*>/g, '').slice(0, 14);
  await app.clickRow(plain);
  await until('its last paragraph is read', async () => (await app.text('article-body')).includes('Paragraf terakhir tetap terbaca.'));
  await syncEnds(app, demo);

  const inside = await app.browser.execute(() => {
    const body = document.querySelector('[data-testid="article-body"]');
    for (const link of body.querySelectorAll('a')) link.click();
    const attributes = [...body.querySelectorAll('*')].flatMap((e) => [...e.attributes].map((a) => `${a.name}=${a.value}`));
    return {
      pwned: window.__pwned,
      elements: [...body.querySelectorAll('script,iframe,object,embed,form,input,button,style,link,meta,base,svg,math,video,audio')].map((e) => e.tagName),
      handlers: attributes.filter((a) => /^on|^style=|^srcset=/.test(a)),
      sources: [...body.querySelectorAll('[src]')].map((e) => e.getAttribute('src')).filter((s) => !s.startsWith('warta-media:')),
      scripts: attributes.filter((a) => /=\s*(javascript|data):/i.test(a)),
      location: location.href,
    };
  });
  assert.equal(inside.pwned ?? null, null, 'nothing ran');
  assert.deepEqual(inside.elements, [], 'no element that could run or load something');
  assert.deepEqual(inside.handlers, [], 'no attribute that could run or load something');
  assert.deepEqual(inside.sources, [], 'pictures come from the media protocol alone');
  assert.deepEqual(inside.scripts, [], 'no address that could run or load something');
  assert.match(inside.location, /^tauri:\/\/localhost/, 'the web view has not navigated');
});

test('the web view made no request', async () => {
  const resources = await app.browser.execute(() => performance.getEntriesByType('resource').map((entry) => entry.name));
  const foreign = resources.filter((name) => !/^(tauri|warta-media|ipc|blob|data):/.test(name));
  assert.deepEqual(foreign, [], 'it loaded only its own files and kept pictures');
  assert.deepEqual(strangers(), [], 'every request that arrived was the engine’s');
  const fromTrap = demo.trap.hits.map((hit) => hit.path).filter((path) => !/^\/(picture|poster)/.test(path));
  assert.deepEqual(fromTrap, [], 'the engine itself asked for nothing but pictures');
});

test('the browser’s own menu never opens outside text fields', async () => {
  await app.browser.execute(() => {
    window.__menus = [];
    // Looked at after the app’s own handlers, which may stop the event.
    window.addEventListener('contextmenu', (event) => {
      const { target } = event;
      setTimeout(() => window.__menus.push({ on: target.closest('a,img,input')?.tagName ?? target.tagName, open: !event.defaultPrevented }));
    }, true);
  });
  const press = async (element) => {
    await element.scrollIntoView({ block: 'center' });
    // Pictures that arrive and a kept position still move the text.
    await steady(app, '[data-testid="article-body"]');
    await element.click({ button: 'right' });
  };
  const body = await app.find('article-body');
  // The middle of a link that is broken over two lines may be beside it.
  const links = await body.$$('a[href]');
  const whole = await app.browser.execute(() =>
    [...document.querySelectorAll('[data-testid="article-body"] a[href]')].findIndex((link) => link.getClientRects().length === 1),
  );
  await press(links[whole]);
  await press(await body.$('p'));
  const picture = await body.$('img');
  if (await picture.isExisting()) await press(picture);
  await press(await app.find('article-title'));
  const menus = await until('all were asked for', async () => {
    const all = await app.browser.execute(() => window.__menus);
    return all.length >= 3 && all;
  });
  assert.ok(menus.some(({ on }) => on === 'A'), JSON.stringify(menus));
  assert.deepEqual(menus.filter(({ open }) => open), [], '“Download Linked File” and its like cannot be reached');
});

test('no name is looked up before a link is opened', async () => {
  // Measured: with “off”, WebKitGTK looks up no name of a <link rel="dns-prefetch">, and with “on” it does.
  const page = await app.browser.execute(() => ({
    off: document.head.querySelector('meta[http-equiv="x-dns-prefetch-control"]')?.getAttribute('content'),
    before: document.head.querySelector('meta[http-equiv="x-dns-prefetch-control"] ~ link, meta[http-equiv="x-dns-prefetch-control"] ~ script') !== null,
    asks: document.querySelectorAll('link[rel~="dns-prefetch"], link[rel~="preconnect"], link[rel~="prefetch"]').length,
    lifted: document.querySelectorAll('meta[http-equiv="x-dns-prefetch-control"]:not([content="off"])').length,
  }));
  assert.deepEqual(page, { off: 'off', before: true, asks: 0, lifted: 0 });
});

test('the content security policy blocks what a script might try', async () => {
  const tried = await app.browser.executeAsync((url, done) => {
    const results = {};
    const image = new Image();
    const frame = document.createElement('iframe');
    frame.src = `${url}/frame`;
    document.body.append(frame);
    image.onload = () => (results.image = 'loaded');
    image.onerror = () => (results.image = 'refused');
    image.src = `${url}/from-page.png`;
    fetch(`${url}/fetch`).then(() => (results.fetch = 'done'), () => (results.fetch = 'refused'));
    const finish = () => (results.image && results.fetch ? (frame.remove(), done(results)) : setTimeout(finish, 20));
    finish();
  }, demo.trap.url);
  assert.deepEqual(tried, { image: 'refused', fetch: 'refused' });
  // The engine may still be fetching pictures of its own accord.
  const tries = demo.trap.hits.filter(({ path }) => ['/frame', '/from-page.png', '/fetch'].includes(path));
  assert.deepEqual([...tries, ...strangers()], [], 'no request left the web view');
  assert.deepEqual(home.opened().filter((target) => !/^https?:/.test(target)), [], 'nothing but web links can be opened');
});
