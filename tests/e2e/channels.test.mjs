// Channels of large platforms in the real app, through stand-ins: a Telegram channel, and podcasts found
// by name, for which words are sent only when the button is pressed.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { makeHome, openApp, openScreen, serve, until } from './harness.mjs';

let server;
let origin;
let screen;
let home;
let app;
/** What the directory was asked. */
const searches = [];
/** Whether the directory answers. */
let answers = true;

const message = (number, text, picture = '') =>
  `<div class="tgme_widget_message_wrap"><div class="tgme_widget_message js-widget_message" data-post="kabar_pesisir/${number}">
   <div class="tgme_widget_message_bubble">${picture}<div class="tgme_widget_message_text js-message_text" dir="auto">${text}</div>
   <div class="tgme_widget_message_footer"><a class="tgme_widget_message_date" href="https://t.me/kabar_pesisir/${number}">
   <time datetime="${new Date(Date.now() - (10 - number) * 3_600_000).toISOString()}">x</time></a></div></div></div></div>`;

const channel = () =>
  `<!DOCTYPE html><html><head><meta property="og:title" content="Kabar Pesisir"><meta property="og:description" content="Berita dari pesisir"></head>
   <body class="tgme_webpreview"><section class="tgme_channel_history">
   ${message(1, 'Banjir rob menutup jalan<br/><br/>Warga memakai <b>perahu</b> ke pasar.')}
   ${message(2, '<i class="emoji" style="background-image:url(\'//x/1.png\')"><b>🌊</b></i> Air mulai surut<br/>Jalan dibuka lagi sore ini.')}
   </section></body></html>`;

const podcast = () =>
  `<rss version="2.0"><channel><title>Obrolan Laut</title><link>${origin}/</link><description>d</description>
   <item><guid>ep1</guid><title>Episode pertama</title><enclosure url="${origin}/1.mp3" type="audio/mpeg" length="1"/></item></channel></rss>`;

before(async () => {
  server = await serve((request, response) => {
    const { pathname, searchParams } = new URL(request.url, origin);
    const send = (type, body) => response.writeHead(200, { 'content-type': type }).end(body);
    if (pathname === '/s/kabar_pesisir') return send('text/html; charset=utf-8', channel());
    if (pathname === '/obrolan.xml') return send('application/rss+xml', podcast());
    if (pathname === '/ani') return send('text/html', '<!DOCTYPE html><div class="tgme_page"><div class="tgme_page_title">Ani</div></div>');
    if (pathname === '/search') {
      searches.push(searchParams.get('term'));
      if (!answers) return response.writeHead(503).end();
      const found = {
        collectionName: 'Obrolan Laut',
        artistName: 'Radio Pesisir',
        feedUrl: `${origin}/obrolan.xml`,
        releaseDate: '2026-05-03T17:00:00Z',
        trackCount: 41,
      };
      return send(
        'text/javascript',
        JSON.stringify({
          results: searchParams.get('term') === 'tidak ada' ? [] : [found],
        }),
      );
    }
    return response.writeHead(404).end();
  });
  origin = server.origin;
  screen = await openScreen();
  home = makeHome();
  home.env.WARTA_PODCAST_DIRECTORY = origin;
  app = await openApp(screen, home);
});

after(async () => {
  app?.kill();
  screen?.close();
  server?.close();
  home?.remove();
});

const photograph = async (name) => {
  if (process.env.SCREENSHOTS) await app.browser.saveScreenshot(`${process.env.SCREENSHOTS}/${name}.png`);
};

test('podcasts are searched at Apple only when the button is pressed', async () => {
  await app.shown('first-run', 40_000);
  const field = await app.shown('address-field');
  await field.setValue('obrolan laut');
  await app.shown('podcasts-search');
  const said = await app.browser.execute(() => document.getElementById('podcasts-note').textContent);
  assert.match(said, /obrolan laut/);
  assert.match(said, /Apple/);
  await photograph('podcast-button');
  // Enter looks for an address, and asks no directory.
  await app.click('address-find');
  await until('it is no address', async () => (await app.browser.$('[role="alert"]')).isExisting());
  assert.deepEqual(searches, [], 'nothing is sent before the button is pressed');

  answers = false;
  await app.click('podcasts-search');
  await app.shown('podcasts-wrong');
  await photograph('podcast-failed');
  answers = true;
  await app.click('podcasts-search');
  const found = await app.shown('found-podcast');
  assert.match(await found.getText(), /Obrolan Laut[\s\S]*Radio Pesisir/);
  await photograph('podcast-found');
  await field.setValue('tidak ada');
  await app.click('podcasts-search');
  await until('nothing is found', async () => /tidak ada/.test(await app.text('podcasts-status')));
  await photograph('podcast-none');
  assert.deepEqual(searches, ['obrolan laut', 'obrolan laut', 'tidak ada']);

  await field.setValue('obrolan laut');
  await app.click('podcasts-search');
  await (await (await app.shown('found-podcast')).$('input')).click();
  await app.click('subscribe-button');
  await app.shown('front-page', 40_000);
  await app.click('place-all');
  await until('its episode shows', () =>
    app.browser.execute(() => /Episode pertama/.test(document.querySelector('[data-testid="list"]')?.textContent ?? '')),
  );
});

test('a Telegram channel is found, followed and read', async () => {
  await app.click('add-feed');
  const field = await app.shown('address-field');
  await field.setValue(`${origin}/ani`);
  await app.click('address-find');
  await until('it is said that there is no preview', async () =>
    app.browser.execute(() => /Telegram tidak menampilkan/.test(document.querySelector('[data-testid="add-feeds"]').textContent)),
  );
  await photograph('telegram-no-preview');
  await field.setValue(`${origin}/s/kabar_pesisir`);
  await app.click('address-find');
  const found = await app.shown('discovered-feed');
  assert.match(await found.getText(), /Kabar Pesisir/);
  await photograph('telegram-found');
  await app.click('subscribe-button');
  await app.click('place-all');
  await until('its messages show', () =>
    app.browser.execute(() => /Air mulai surut/.test(document.querySelector('[data-testid="list"]')?.textContent ?? '')),
  );
  await app.clickRow('Banjir rob');
  await until('the message is read', () =>
    app.browser.execute(() => /Warga memakai perahu ke pasar/.test(document.querySelector('main')?.textContent ?? '')),
  );
  await photograph('telegram-read');
});
