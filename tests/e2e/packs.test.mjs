// An offline pack in the real app: trending stories are downloaded, the network fails, and full texts and
// pictures are all there; the outbox is sent once when the network is back.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { start } from '../demo/server.mjs';
import { makeHome, openApp, openScreen, subscribe, syncEnds, until } from './harness.mjs';

let demo;
let port;
let screen;
let home;
let app;

before(async () => {
  demo = await start({ faults: { slow: 200, broken: 'sound' } });
  port = Number(new URL(demo.url).port);
  screen = await openScreen();
  home = makeHome();
  subscribe(home, Buffer.from(await (await fetch(demo.opml)).arrayBuffer()));
});

after(async () => {
  app?.kill();
  screen?.close();
  await demo?.stop();
  home?.remove();
});

/** Every published article, by publisher and headline. */
const published = () =>
  new Map(demo.publishers.flatMap(({ id, name }) => demo.articles[id].map((article) => [`${name}: ${article.title}`, article])));
const packHead = () =>
  app.browser.execute(() => {
    const head = document.querySelector('[data-testid="pack-head"]');
    return head && { status: head.dataset.status, text: head.innerText };
  });
/** The open article: headline, text, and missing pictures. */
const openArticle = () =>
  app.browser.execute(() => {
    const pane = document.querySelector('[data-testid="article"]');
    const body = pane?.querySelector('[data-testid="article-body"]');
    if (!body) return null;
    const pictures = [...pane.querySelectorAll('img')].filter((one) => one.src.startsWith('warta-media:'));
    for (const one of pictures) one.loading = 'eager';
    return {
      title: `${pane.querySelector('.publisher').textContent.trim()}: ${pane.querySelector('[data-testid="article-title"]').textContent.trim()}`,
      text: body.textContent,
      missing: pane.querySelectorAll('.picture-missing').length,
      arrived: pictures.every((one) => one.complete && one.naturalWidth > 0),
      pictures: pictures.length,
    };
  });

let held;
/** The pack's articles, by publisher and headline. */
const seen = new Set();

test('the trending stories are downloaded, with progress and result', async () => {
  app = await openApp(screen, home);
  await until('stories trend', () => app.browser.execute(() => document.querySelectorAll('[data-testid^="story-"]').length > 0), 60_000);
  // The demo server draws pictures on request, which takes minutes on a busy machine.
  await syncEnds(app, demo);
  await app.click('new-pack');
  await app.shown('pack-dialog');
  await (await app.find('pack-minutes')).selectByAttribute('value', '0');
  await until('the preview counts articles', async () => /Sekitar \d+ artikel/.test(await app.text('pack-preview')));
  await app.click('pack-create');
  const made = await until('the pack is made', async () => {
    const head = await packHead();
    return head?.status === 'done' && head;
  }, 120_000);
  const [, complete, all] = made.text.match(/(\d+) dari (\d+) artikel lengkap/);
  held = Number(all);
  assert.ok(held >= 6, `some stories are in it: ${made.text}`);
  assert.equal(complete, all, `nothing is missing: ${made.text}`);
  assert.match(made.text, /\d (kB|MB)/, 'its size is shown');
});

test('without the server every article opens with full text and pictures', async () => {
  await demo.stop();
  app.kill();
  app = await openApp(screen, home);
  await app.shown('offline-bar', 40_000);
  await until('the pack can be opened', () =>
    app.browser.execute(() => {
      const pack = document.querySelector('[data-testid^="pack-"]:not([data-testid="pack-head"])');
      pack?.click();
      return document.querySelector('[data-testid="pack-head"]') !== null;
    }),
  );
  const articles = published();
  await until('its first article opens', () =>
    app.browser.execute(() => {
      const row = document.querySelector('[data-testid^="row-"]');
      row?.click();
      return row !== null;
    }),
  );
  let pictures = 0;
  while (seen.size < held) {
    const open = await until('the next article is open', async () => {
      const found = await openArticle();
      return found && !seen.has(found.title) && found;
    });
    seen.add(open.title);
    const article = articles.get(open.title);
    assert.ok(article, `${open.title} was published`);
    for (const block of article.blocks.filter((one) => one.kind === 'paragraph')) {
      assert.ok(open.text.includes(block.text.slice(-40)), `${open.title} has “…${block.text.slice(-40)}”`);
    }
    assert.equal(open.missing, 0, `${open.title} lacks no picture`);
    await until(`the pictures of ${open.title} show`, async () => (await openArticle())?.arrived);
    pictures += (await openArticle()).pictures;
    await app.browser.keys('j');
  }
  assert.ok(pictures > 0, 'there were pictures');
});

test('search finds words that are only in full texts', async () => {
  const shortened = demo.publishers.find((one) => one.id === 'ledger');
  const others = (article) => [...published().values()].filter((one) => one !== article);
  const words = (text) => text.toLowerCase().match(/[a-z]{7,}/g) ?? [];
  let found;
  for (const article of demo.articles[shortened.id].filter((one) => seen.has(`${shortened.name}: ${one.title}`))) {
    const paragraphs = article.blocks.map((one) => one.text);
    const given = words([article.title, ...paragraphs.slice(0, 2)].join(' '));
    const elsewhere = new Set(others(article).flatMap((one) => words([one.title, ...one.blocks.map((b) => b.text)].join(' '))));
    const own = words(paragraphs.slice(2).join(' ')).filter((word) => !given.includes(word) && !elsewhere.has(word));
    for (const word of own) {
      await app.browser.keys('/');
      const field = await app.shown('search-field');
      await field.setValue(word);
      const hit = await until('the search answers', () =>
        app.browser.execute((title) => {
          const rows = [...document.querySelectorAll('[data-testid^="row-"]')];
          const none = document.querySelector('main').innerText.includes('Tidak ada');
          return rows.some((row) => row.textContent.includes(title)) ? 'found' : none ? 'none' : null;
        }, article.title),
      ).catch(() => 'none');
      if (hit === 'found') found = { word, title: article.title };
      break;
    }
    if (found) break;
  }
  assert.ok(found, 'a word of a full text is found');
});

test('a message forwarded offline waits, and is sent once when online', async () => {
  await app.click('place-front');
  await app.click('place-all');
  await until('the app has seen that the network is gone', async () => {
    await app.browser.keys('r');
    return (await app.find('offline-bar')).isExisting();
  });
  await app.clickRow();
  await app.shown('article-title');
  await app.click('forward-button');
  await app.shown('forward-dialog');
  await app.click('channel-google-news');
  await app.click('forward-send');
  await until('the message waits in the outbox', async () => /1/.test(await app.text('place-outbox')));
  assert.deepEqual(home.opened(), [], 'nothing is sent while offline');
  demo = await start({ port, faults: { slow: 200, broken: 'sound' } });
  await until('the app is online', async () => {
    await app.browser.keys('r');
    return !(await (await app.find('offline-bar')).isExisting());
  }, 60_000);
  // Once online, the outbox opens automatically.
  await app.shown('outbox-dialog');
  await app.click((await app.browser.execute(() => document.querySelector('[data-testid^="open-"]').dataset.testid)));
  await until('it leaves', () => home.opened().length > 0);
  await until('the outbox is empty', async () => !/\d/.test(await app.text('place-outbox')));
  assert.equal(home.opened().length, 1, 'once');
});
