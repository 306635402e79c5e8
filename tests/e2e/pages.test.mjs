// Web pages as feeds in the real app: a section page without a feed becomes a list of headlines, a part
// of a page is watched, and the list of a page that was rebuilt is missed.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { makeHome, openApp, openScreen, serve, until } from './harness.mjs';

let server;
let origin;
let screen;
let home;
let app;
/** What the page has now. */
const page = { numbers: [5, 4, 3, 2, 1], item: 'kartu', price: 'Rp15.000' };

function html() {
  const items = page.numbers.map((n) =>
    `<div class="${page.item}"><h3><a href="/berita/2026/05/04/warga-desa-${n}">Warga desa nomor ${n} menanam bakau di pesisir</a></h3><p>Kelompok tani nomor ${n} menanam seribu bibit.</p></div>`);
  return `<!doctype html><html lang="id"><head><title>Lingkungan - Kabar</title></head><body><nav><a href="/">Beranda</a></nav><main><h1>Lingkungan</h1><div>${items.join('')}</div></main><aside id="harga"><p>Harga beras hari ini ${page.price} per kilogram.</p></aside></body></html>`;
}

before(async () => {
  server = await serve((request, response) => {
    const isPage = request.url === '/lingkungan';
    const isArticle = request.url.startsWith('/berita/');
    if (!isPage && !isArticle) return response.writeHead(404).end();
    const text = 'Warga menanam seribu bibit bakau bersama para relawan di pesisir utara. '.repeat(12);
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
    return response.end(isPage ? html() : `<html><body><article><h1>Warga menanam bakau</h1><p>${text}</p><p>${text}</p></article></body></html>`);
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

const rows = () =>
  app.browser.execute(() => [...document.querySelectorAll('[data-testid^="row-"]')].map((row) => row.textContent));
const rowWith = (text) => until(`a row with "${text}"`, async () => (await rows()).some((row) => row.includes(text)), 40_000);

async function sync() {
  await app.click('sync-button');
  await until('the sync has ended', async () => !(await (await app.find('sync-progress')).isExisting()), 40_000);
}

test('a section page without a feed is offered as a list of headlines and read', async () => {
  await app.shown('first-run', 40_000);
  await (await app.shown('address-field')).setValue(`${origin}/lingkungan`);
  await app.click('address-find');
  const found = await app.shown('discovered-feed', 40_000);
  assert.match(await found.getText(), /Judul-judul di halaman ini.*5 artikel/s);
  await app.click('subscribe-button');
  await app.shown('place-all', 40_000);
  await app.click('place-all');
  await rowWith('Warga desa nomor 5');
  assert.equal((await rows()).length, 5);
  await app.clickRow('Warga desa nomor 5');
  await until('the text of its page is there', async () => /seribu bibit bakau bersama/.test(await app.text('article')), 40_000);
});

test('a part of the page is watched, once it was shown', async () => {
  await app.click('add-feed');
  await (await app.shown('address-field')).setValue(`${origin}/lingkungan`);
  await app.click('address-find');
  await app.click('make-page');
  await until('the lists of the page show', async () => (await app.all('page-list')).length > 0, 40_000);
  assert.equal(await (await app.find('make-page')).isExisting(), false, 'offered once');
  await app.click('page-kind-watch');
  const field = await app.shown('page-selector');
  assert.equal(await (await app.find('subscribe-page')).isEnabled(), false);
  await field.setValue('#tiada');
  await app.browser.keys(['Enter']);
  await until('nothing matches', async () => /Tidak ada yang cocok/.test(await app.text('page-chooser')));
  await field.setValue('#harga[');
  await app.browser.keys(['Enter']);
  await until('the selector is wrong', async () => /tidak dapat dibaca/.test(await app.text('page-problem')));
  await field.setValue('#harga');
  await app.browser.keys(['Enter']);
  assert.equal(await (await app.shown('page-part')).getText(), 'Harga beras hari ini Rp15.000 per kilogram.');
  await (await app.find('page-name')).setValue('Harga beras');
  await app.click('subscribe-page');
  await until('the dialog is closed', async () => !(await (await app.find('add-feeds')).isExisting()));
  await sync();
  page.price = 'Rp15.500';
  await sync();
  await app.click('place-all');
  await rowWith('Rp15.500');
  await app.clickRow('Rp15.500');
  await until('what was and what is shows', () =>
    app.browser.execute(() => {
      const article = document.querySelector('[data-testid="article"]');
      return article?.querySelector('del')?.textContent.includes('15.000') && article.querySelector('ins')?.textContent.includes('15.500');
    }));
});

test('the list of a page that was rebuilt is missed, and its feed’s dialog says so', async () => {
  page.item = 'baru';
  page.numbers = [99, 98, 97, 96];
  await sync();
  await until('the failure is noted', () =>
    app.browser.execute(() => /gagal/.test(document.querySelector('[data-testid="places"] footer').innerText)), 40_000);
  const name = await app.browser.execute(() =>
    [...document.querySelectorAll('[data-testid^="feed-"]')].find((one) => /^feed-\d+$/.test(one.dataset.testid) && one.textContent.includes('Lingkungan'))?.dataset.testid);
  await (await app.find(name)).click({ button: 'right' });
  await app.click('menu-edit');
  const dialog = await app.shown('feed-dialog');
  await until('the failure is said', async () => /Bagian yang Anda pilih tidak ada lagi/.test(await dialog.getText()));
  assert.ok(await (await app.shown('feed-page')).isDisplayed(), 'the part can be chosen again');
});
