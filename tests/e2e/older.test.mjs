// Older articles in the real app: chosen when subscribing where the feed has an archive, fetched as
// read, and more of them in the feed's dialog, by keyboard.

import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { addAxe, assertSound } from './axe.mjs';
import { makeHome, openApp, openScreen, serve, until } from './harness.mjs';

const DAY = 86_400_000;
/** Articles of the feed, and of a page of its archive. */
const PER_PAGE = 10;
const ARTICLES = 130;
const folder = process.env.WARTA_SCREENSHOTS;
let server;
let origin;
let screen;
let home;
let app;

function page(number) {
  const first = (number - 1) * PER_PAGE + 1;
  const numbers = Array.from({ length: PER_PAGE }, (_, at) => first + at).filter((n) => n <= ARTICLES);
  const items = numbers.map((n) =>
    `<item><guid isPermaLink="false">k${n}</guid><title>Kabar nomor ${n}</title><link>${origin}/k${n}</link><description>Isi berita nomor ${n} dari pesisir.</description><pubDate>${new Date(Date.now() - n * DAY).toUTCString()}</pubDate></item>`);
  return numbers.length > 0 && `<rss version="2.0"><channel><title>Kabar Pesisir</title><link>${origin}/</link><description>d</description><generator>https://wordpress.org/?v=6.5</generator>${items.join('')}</channel></rss>`;
}

before(async () => {
  server = await serve((request, response) => {
    const { pathname, searchParams } = new URL(request.url, origin);
    const body = pathname === '/feed/' && page(Number(searchParams.get('paged') ?? 1));
    if (!body) return response.writeHead(404).end();
    return response.writeHead(200, { 'content-type': 'application/rss+xml' }).end(body);
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

const picture = async (name) => {
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  await app.browser.saveScreenshot(join(folder, `older-${name}.png`));
};

const unread = () =>
  app.browser.execute(() => document.querySelector('[data-testid="place-unread"] .count')?.textContent ?? '');

test('older articles are chosen when subscribing and arrive as read', async () => {
  await app.shown('first-run', 40_000);
  await (await app.shown('address-field')).setValue(`${origin}/feed/`);
  await app.click('address-find');
  await app.shown('discovered-feed', 40_000);
  const amount = await app.shown('older-amount');
  await amount.scrollIntoView({ block: 'center' });
  await amount.selectByAttribute('value', '100');
  await picture('adding');
  await app.click('subscribe-button');
  await app.shown('front-page', 40_000);
  await until('only the articles of the feed are unread', async () => (await unread()) === '10', 40_000);
});

test('the feed’s dialog says what was fetched, and fetches the rest by keyboard', async () => {
  const name = await until('the feed is listed', () =>
    app.browser.execute(() =>
      [...document.querySelectorAll('[data-testid^="feed-"]')].find((one) => /^feed-\d+$/.test(one.dataset.testid))?.dataset.testid));
  await (await app.find(name)).click({ button: 'right' });
  await app.click('menu-edit');
  await app.shown('feed-dialog');
  await (await app.shown('feed-older')).$('summary').click();
  const said = async () => (await app.find('older-result')).getText();
  await until('100 are there', async () => /^100 artikel .*Mungkin masih ada lagi/.test(await said()), 40_000);
  await addAxe(app, 'ready');
  await assertSound(app, '[data-testid="feed-dialog"]');
  await (await app.find('older-fetch')).scrollIntoView();
  await picture('dialog');
  await until('the button has the focus', async () => {
    await app.browser.keys(['Tab']);
    return app.browser.execute(() => document.activeElement?.dataset.testid === 'older-fetch');
  });
  await app.browser.keys(['Enter']);
  await until('the archive has ended', async () => /^20 artikel .*Tidak ada yang lebih lama/.test(await said()), 40_000);
  assert.equal(await unread(), '10', 'what came from the archive is read');
  await picture('result');
});
