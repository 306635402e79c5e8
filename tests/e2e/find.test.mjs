// Find in article, by keyboard, in the real app: in the feed's text and in the full text.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { start } from '../demo/server.mjs';
import { makeHome, openApp, openScreen, subscribe, until } from './harness.mjs';

/** A publisher whose feed has only the beginning of its article. */
const HEADLINE = 'Panen Garam Teluk Sagara';
const BEGINNING = 'Petani garam yang bekerja di Teluk Sagara memulai panen.';
const PAGE = `<!doctype html><html lang="id"><head><title>${HEADLINE}</title></head><body><article><h1>${HEADLINE}</h1>${Array.from(
  { length: 9 },
  (_, at) => `<p>Bagian ${at + 1}: petani garam yang bekerja di Teluk Sagara memulai panen lebih awal, sebab kemarau yang datang tahun ini lebih panjang daripada tahun-tahun sebelumnya di seluruh pesisir utara pulau itu.</p>`,
).join('')}</article></body></html>`;

const publisher = createServer((request, response) => {
  const address = `http://127.0.0.1:${publisher.address().port}`;
  const found = {
    '/feed': ['application/rss+xml', `<rss version="2.0"><channel><title>Kabar Garam</title><item><guid>1</guid><title>${HEADLINE}</title><link>${address}/satu</link><description>${BEGINNING}</description></item></channel></rss>`],
    '/satu': ['text/html; charset=utf-8', PAGE],
  }[request.url];
  response.writeHead(found ? 200 : 404, { 'content-type': found?.[0] ?? 'text/plain' });
  response.end(found?.[1] ?? '');
});

let demo;
let screen;
let home;
let app;

before(async () => {
  demo = await start({ faults: { slow: 0 } });
  screen = await openScreen();
  home = makeHome();
  await new Promise((resolve) => publisher.listen(0, '127.0.0.1', resolve));
  const own = `<outline type="rss" text="Kabar Garam" xmlUrl="http://127.0.0.1:${publisher.address().port}/feed"/></body>`;
  subscribe(home, (await (await fetch(demo.opml)).text()).replace('</body>', own));
  app = await openApp(screen, home);
  await app.shown('front-page', 60_000);
});

after(async () => {
  app?.kill();
  screen?.close();
  await demo?.stop();
  publisher.closeAllConnections();
  publisher.close();
  home?.remove();
});

const press = (...keys) => app.browser.keys(keys);
/** What is marked, by highlight, folded to lower case. */
const marked = () =>
  app.browser.execute(() =>
    Object.fromEntries(
      ['warta-find', 'warta-find-current'].map((name) => [
        name,
        [...(CSS.highlights.get(name) ?? [])].map((found) => {
          const range = document.createRange();
          range.setStart(found.startContainer, found.startOffset);
          range.setEnd(found.endContainer, found.endOffset);
          return range.toString().toLowerCase();
        }),
      ]),
    ),
  );
const count = () => app.text('find-count');
const countIs = (wanted) => until(`the bar says "${wanted}"`, async () => (await count()) === wanted);
/** How often the article shows a word, headline included. */
const occurrences = (word) =>
  app.browser.execute(
    (wanted) =>
      [...document.querySelectorAll('[data-findable]')]
        .map((part) => part.textContent.toLowerCase().split(wanted).length - 1)
        .reduce((sum, one) => sum + one, 0),
    word,
  );
/** Whether the current match lies within the visible part of the article. */
const currentInSight = () =>
  app.browser.execute(() => {
    const [found] = [...(CSS.highlights.get('warta-find-current') ?? [])];
    if (!found) return false;
    const range = document.createRange();
    range.setStart(found.startContainer, found.startOffset);
    range.setEnd(found.endContainer, found.endOffset);
    const box = document.querySelector('[data-testid="article"] .scroll').getBoundingClientRect();
    const match = range.getBoundingClientRect();
    return match.height > 0 && match.top >= box.top && match.bottom <= box.bottom;
  });
const focused = () => app.browser.execute(() => document.activeElement?.dataset.testid ?? document.activeElement?.tagName);
const bodyHtml = () => app.browser.execute(() => document.querySelector('[data-testid="article-body"]').innerHTML);

test('Ctrl+F counts and marks every match, whatever its case; Enter and F3 go round', async () => {
  await app.click('place-all');
  await app.shown('list');
  await app.clickRow('Kisah Melur');
  await app.shown('article-body');
  const before = await bodyHtml();
  await press('Control', 'f');
  await app.shown('find-bar');
  await until('the field has the focus', async () => (await focused()) === 'find-field');
  await press('YANG');
  const all = await until('matches are counted', () => occurrences('yang'));
  assert.ok(all >= 3, `the article says "yang" ${all} times`);
  await countIs(`1 dari ${all}`);
  const marks = await marked();
  assert.deepEqual(marks['warta-find'], Array(all).fill('yang'), 'every match is marked');
  assert.deepEqual(marks['warta-find-current'], ['yang'], 'one of them is the current one');
  assert.equal(await bodyHtml(), before, 'marking leaves the HTML as it is');
  await press('Enter');
  await countIs(`2 dari ${all}`);
  await press('F3');
  await countIs(`3 dari ${all}`);
  await press('Shift', 'F3');
  await countIs(`2 dari ${all}`);
  await press('Shift', 'Enter');
  await press('Shift', 'Enter');
  await countIs(`${all} dari ${all}`);
  await until('the last match is scrolled into sight', currentInSight);
  await press('Enter');
  await countIs(`1 dari ${all}`);
});

test('accents do not matter, and a word that is missing is said to be', async () => {
  await press('Control', 'f');
  await press('yàng');
  const all = await occurrences('yang');
  await until('the accent is ignored', async () => (await count()).endsWith(`dari ${all}`));
  await press('Control', 'f');
  await press('zzqx');
  await countIs('Tidak ditemukan');
  assert.deepEqual((await marked())['warta-find'], []);
});

test('Escape closes the bar, takes the marks away and gives the focus back', async () => {
  await press('Escape');
  await until('the bar is gone', async () => !(await (await app.find('find-bar')).isExisting()));
  assert.equal(await app.browser.execute(() => CSS.highlights.has('warta-find')), false);
  assert.notEqual(await focused(), 'find-field');
  assert.ok(await (await app.find('article-body')).isExisting(), 'the article stays open');
  // F3 finds the word of before again; from the article, not from the field.
  await press('F3');
  await app.shown('find-bar');
  await press('Escape');
});

test('in the full text, and again in the text of the feed', async () => {
  await app.clickRow(HEADLINE);
  // The page is fetched on request, unless that was done when the article came.
  await until('both texts are there', async () => {
    const get = await app.find('get-text');
    if (await get.isExisting()) await get.click();
    return (await app.find('text-choice')).isExisting();
  });
  await press('Control', 'f');
  await press('yang');
  const found = {};
  for (const text of ['text-page', 'text-feed', 'text-page']) {
    await app.click(text);
    await until(`"${text}" is shown`, async () => (await (await app.find(text)).getAttribute('aria-pressed')) === 'true');
    await until(`every match of "${text}" is marked`, async () => {
      const [marks, all] = [(await marked())['warta-find'], await occurrences('yang')];
      found[text] = marks.length;
      return all > 0 && marks.length === all && marks.every((one) => one === 'yang');
    });
  }
  assert.ok(found['text-page'] > found['text-feed'], 'the full text says it more often');
  await (await app.find('find-field')).click();
  await press('Escape');
});

test('without an open article, Ctrl+F searches all articles', async () => {
  // The first one may only drop the selection that the search left.
  await until('the article is closed', async () => {
    await press('Escape');
    return !(await (await app.find('article-body')).isExisting());
  });
  await press('Control', 'f');
  await until('the search field has the focus', async () => (await focused()) === 'search-field');
});
