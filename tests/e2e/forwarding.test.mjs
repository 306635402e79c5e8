// Forwarding in the real app: by keyboard only, a digest, a story, a picture card, a QR code, without a
// WhatsApp app, and from the outbox once online. The CLI gives the same messages.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import jsQR from 'jsqr';
import { cliBinary } from '../../scripts/lib.mjs';
import { start } from '../demo/server.mjs';
import { makeHome, openApp, openScreen, until } from './harness.mjs';

const run = promisify(execFile);

const INDONESIAN = 'Feri Sagara kembali berlayar setelah tiga hari menunggu angin reda';
const ARABIC = 'وصول العبارة الجديدة إلى الجزيرة بعد ثلاثة أيام من الإبحار';
const CHINESE = '新渡轮在海上航行三天后抵达群岛';
const WHATSAPP_CHANNEL = 'https://whatsapp.com/channel/0029VaDermagaKita';
const GOOGLE_NEWS = 'https://news.google.com/publications/CAAqBwgKMLTrzwsw44TwAw';

let demo;
let screen;
let home;
let app;
let harbour;

/** A publisher that writes in three scripts and lists its channels at the end of its pages. */
async function openHarbour(port = 0) {
  const article = (number, title, text) =>
    `<item><guid isPermaLink="false">d${number}</guid><title>${title}</title><link>https://dermaga.example/berita/${number}?utm_source=rss</link>` +
    `<pubDate>${new Date(Date.now() - number * 60_000).toUTCString()}</pubDate><description><![CDATA[${text}` +
    `<p>Silakan baca konten menarik lainnya dari Dermaga Kita di <a href="${GOOGLE_NEWS}?hl=id">Google News</a> dan <a href="${WHATSAPP_CHANNEL}">Whatsapp Channel</a>!</p>]]></description></item>`;
  const items = [
    [1, INDONESIAN, '<p>Kapal itu bersandar pada Senin pagi. Warga menyambutnya di dermaga dengan rebana.</p>'],
    [2, ARABIC, '<p>وصلت العبارة صباح الاثنين واستقبلها السكان على الرصيف بالدفوف والأغاني.</p>'],
    [3, CHINESE, '<p>渡轮于周一早晨靠岸,居民在码头敲鼓迎接,孩子们挥舞着旗帜。</p>'],
    [4, 'Pasar apung buka lagi', '<p>Pedagang kembali ke sungai.</p>'],
    [5, 'Hujan pertama membasahi ladang garam', '<p>Petani menunda panen.</p>'],
    [6, 'Perahu listrik diuji di teluk', '<p>Uji coba berjalan sepekan.</p>'],
  ];
  const feed =
    '<?xml version="1.0"?><rss version="2.0"><channel><title>Dermaga Kita</title><link>https://dermaga.example/</link>' +
    `<description>d</description>${items.map((item) => article(...item)).join('')}</channel></rss>`;
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'application/rss+xml; charset=utf-8' }).end(feed);
  });
  await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    port: server.address().port,
    url: `http://127.0.0.1:${server.address().port}/feed`,
    stop: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}

const warta = async (...args) => {
  const { stdout } = await run(cliBinary(), ['--data-dir', home.dataDir, '--json', ...args], { env: home.env });
  return stdout;
};

before(async () => {
  demo = await start();
  harbour = await openHarbour();
  screen = await openScreen();
  home = makeHome();
  await warta('feeds', 'add', harbour.url);
  const opml = join(home.dataDir, '..', 'demo.opml');
  writeFileSync(opml, await (await fetch(demo.opml)).text());
  await warta('feeds', 'import', opml);
  await warta('sync', '--all');
  app = await openApp(screen, home);
  await app.shown('front-page');
});

after(async () => {
  app?.kill();
  screen?.close();
  await demo?.stop();
  await harbour?.stop();
  home?.remove();
});

const press = (...keys) => app.browser.keys(keys);
const query = (target, name) => new URL(target.replace(/^(\w+):\/\//, 'https://')).searchParams.get(name);
const gone = (id) => until(`"${id}" is gone`, async () => !(await (await app.find(id)).isExisting()));
const inPage = (code, ...args) => app.browser.execute(code, ...args);
const openTarget = () => inPage(() => document.querySelector('[data-testid="forward-target"]')?.textContent ?? '');

/** Opens the article with that headline from the list of all articles. */
async function openArticle(headline) {
  await app.click('place-all');
  await app.clickRow(headline);
  await until('the article is open', async () => (await app.text('article-title')) === headline);
}

/** Chooses a channel that may be hidden behind "More". */
async function chooseChannel(id) {
  await app.shown('forward-dialog');
  await until(`"${id}" is chosen`, () =>
    inPage((of) => {
      const dialog = document.querySelector('[data-testid="forward-dialog"]');
      const chip = dialog?.querySelector(`[data-testid="channel-${of}"]`);
      if (chip) chip.click();
      else dialog?.querySelector('[data-testid="channels-more"][aria-expanded="false"]')?.click();
      return chip?.getAttribute('aria-pressed') === 'true';
    }, id));
}

test('article to WhatsApp by keyboard only', async () => {
  const before = home.opened().length;
  await press('g');
  await press('a');
  await until('all articles are listed', () => inPage(() => document.querySelectorAll('[data-testid^="row-"]').length > 5));
  // Moves to the article by keyboard.
  await until('the article is chosen', async () => {
    await press('j');
    return inPage((title) => document.querySelector('[data-testid^="row-"][aria-current="true"]')?.textContent.includes(title), INDONESIAN);
  });
  await press('Enter');
  await until('it is open', async () => (await app.text('article-title')) === INDONESIAN);
  await press('f');
  await press('w');
  await app.shown('forward-dialog');
  await until('the message is composed', async () => (await openTarget()).startsWith('whatsapp://send?text='));
  await until('the focus is on sending', () => inPage(() => document.activeElement?.dataset.testid === 'forward-send'));
  const shown = await (await app.find('forward-message')).getValue();
  await press('Enter');
  const opened = await until('WhatsApp is opened', () => home.opened()[before]);
  assert.equal(query(opened, 'text'), shown, 'the target carries exactly the message shown');
  assert.match(shown, /^\*Feri Sagara kembali berlayar/);
  assert.ok(shown.includes('https://dermaga.example/berita/1') && !shown.includes('utm_'), 'the link is clean');
  await gone('forward-dialog');
  assert.match(await app.text('forwarded'), /WhatsApp/, 'the article’s history records it');
});

test('the publisher’s WhatsApp Channel and Google News page open from the article’s end', async () => {
  const before = home.opened().length;
  const follow = (kind) =>
    until(`"${kind}" is at the end`, () =>
      inPage((of) => {
        const button = document.querySelector(`[data-testid="publisher-channels"] [data-testid="channel-${of}"]`);
        button?.click();
        return button !== null;
      }, kind));
  await follow('whatsapp-channel');
  await until('the channel is opened', () => home.opened().length === before + 1);
  await follow('google-news');
  await until('the page is opened', () => home.opened().length === before + 2);
  assert.deepEqual(home.opened().slice(before), [WHATSAPP_CHANNEL, GOOGLE_NEWS]);
  const body = await app.text('article-body');
  assert.ok(!body.includes('Silakan baca'), 'the channel invitation is not part of the text');
});

test('a digest of five articles is one Telegram message', async () => {
  await app.click('place-all');
  const before = home.opened().length;
  await press('f');
  await press('d');
  await app.shown('digest-dialog');
  await app.click('digest-next');
  await chooseChannel('telegram');
  await until('the digest is composed', async () => (await openTarget()).startsWith('tg://msg_url?'));
  const shown = await (await app.find('forward-message')).getValue();
  await app.click('forward-send');
  const opened = await until('Telegram is opened', () => home.opened()[before]);
  assert.equal(query(opened, 'url'), shown);
  assert.match(shown, /^5 berita (pagi|siang|sore|malam) ini\n\n1\. /);
  assert.equal(shown.match(/^https?:\/\//gm).length, 5, shown);
});

test('a story is forwarded to WhatsApp with its publishers', async () => {
  await app.click('place-front');
  const headline = await until('a story leads', () =>
    inPage(() => {
      const story = document.querySelector('[data-testid^="story-"]');
      const button = story?.querySelector('h1 button, h2 button, h3 button, button');
      button?.click();
      return button?.textContent.trim();
    }), 40_000);
  await app.shown('story-page');
  await until('the story is there', async () => (await app.text('story-page')).includes(headline));
  const before = home.opened().length;
  await press('f');
  await press('w');
  await until('the message is composed', async () => (await openTarget()).startsWith('whatsapp://'));
  await until('the focus is on sending', () => inPage(() => document.activeElement?.dataset.testid === 'forward-send'));
  await press('Enter');
  const opened = await until('WhatsApp is opened', () => home.opened()[before]);
  const message = query(opened, 'text');
  assert.ok(message.replaceAll('*', '').startsWith(headline), message);
  assert.match(message, /\nDiberitakan .+, .+/);
  assert.match(message, /\nhttps?:\/\/\S+$/);
});

test('picture cards in Indonesian, Arabic and Chinese', async (t) => {
  const folder = process.env.WARTA_E2E_CARDS;
  for (const headline of [INDONESIAN, ARABIC, CHINESE]) {
    await openArticle(headline);
    await app.click('forward-button');
    await chooseChannel('picture-card');
    await until('the card is drawn', () => inPage(() => document.querySelector('[data-testid="card-picture"]')?.dataset.painted === 'true'), 40_000);
    const card = await inPage(() => {
      const canvas = document.querySelector('[data-testid="card-picture"]');
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      let dark = 0;
      for (let at = 0; at < data.length; at += 4) dark += data[at] < 100 ? 1 : 0;
      return { width: canvas.width, height: canvas.height, dark, url: canvas.toDataURL() };
    });
    assert.deepEqual([card.width, card.height], [1080, 1350]);
    assert.ok(card.dark > 4000, `${headline}: ${card.dark} dark pixels`);
    if (await (await app.find('card-missing')).isExisting()) t.diagnostic(`no font here for ${headline}`);
    if (folder) {
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, `${headline.slice(0, 6)}.png`), Buffer.from(card.url.split(',')[1], 'base64'));
      await app.browser.saveScreenshot(join(folder, `${headline.slice(0, 6)}-dialog.png`));
    }
    await press('Escape');
    await gone('forward-dialog');
  }
});

test('a decoder reads the QR code shown', async () => {
  await openArticle(INDONESIAN);
  await app.click('forward-button');
  await chooseChannel('qr-code');
  await app.shown('qr-code');
  // Draws the path shown in the window with eight pixels a module.
  const pixels = await inPage(() => {
    const code = document.querySelector('[data-testid="qr-code"]');
    const size = code.viewBox.baseVal.width * 8;
    const canvas = Object.assign(document.createElement('canvas'), { width: size, height: size });
    const context = canvas.getContext('2d');
    context.fillStyle = '#fff';
    context.fillRect(0, 0, size, size);
    context.scale(8, 8);
    context.fillStyle = '#000';
    context.fill(new Path2D(code.querySelector('path').getAttribute('d')));
    return { size, data: [...context.getImageData(0, 0, size, size).data] };
  });
  const read = jsQR(Uint8ClampedArray.from(pixels.data), pixels.size, pixels.size);
  assert.equal(read?.data, 'https://dermaga.example/berita/1');
  await press('Escape');
  await gone('forward-dialog');
});

test('the CLI gives the same messages as the window', async () => {
  await openArticle(INDONESIAN);
  const id = await inPage((title) => [...document.querySelectorAll('[data-testid^="row-"]')].find((row) => row.textContent.includes(title))?.dataset.testid.slice(4), INDONESIAN);
  const shown = {};
  await app.click('forward-button');
  for (const channel of ['whatsapp', 'telegram', 'email', 'x', 'bluesky', 'sms', 'google-news']) {
    await chooseChannel(channel);
    const target = await until(`${channel} is composed`, () =>
      inPage((of) => {
        const dialog = document.querySelector('[data-testid="forward-dialog"]');
        const pressed = dialog?.querySelector(`[data-testid="channel-${of}"]`)?.getAttribute('aria-pressed') === 'true';
        return pressed && dialog.querySelector('[data-testid="forward-target"]')?.textContent;
      }, channel));
    const message = await inPage(() => (document.querySelector('[data-testid="forward-message"]')?.value ?? document.querySelector('[data-testid="google-news-query"]')?.textContent));
    shown[channel] = { message, target };
  }
  if (process.platform === 'linux') {
    const sheets = await inPage(() => document.querySelectorAll('[data-testid="channel-system"]').length);
    assert.equal(sheets, 0, 'Linux has no share sheet, so none is offered');
  }
  app.kill();
  for (const [channel, expected] of Object.entries(shown)) {
    const { message, target } = JSON.parse(await warta('share', id, '--to', channel, '--print'));
    assert.deepEqual({ message, target }, expected, channel);
  }
});

test('a message forwarded offline waits in the outbox and opens once when online', async () => {
  await demo.stop();
  await harbour.stop();
  app = await openApp(screen, home);
  await app.shown('offline-bar', 40_000);
  await openArticle(INDONESIAN);
  const before = home.opened().length;
  await press('f');
  await press('g');
  await until('the search would wait', () => inPage(() => document.activeElement?.dataset.testid === 'forward-send'));
  await press('Enter');
  await gone('forward-dialog');
  assert.equal(home.opened().length, before, 'nothing is opened while offline');
  harbour = await openHarbour(harbour.port);
  await press('r');
  await app.shown('outbox-dialog', 60_000);
  assert.equal(home.opened().length, before, 'it asks first');
  await until('it is opened after the reader confirms', async () =>
    inPage(() => {
      const button = document.querySelector('[data-testid^="open-"]');
      button?.click();
      return button !== null;
    }));
  const opened = await until('the search is opened', () => home.opened()[before]);
  assert.equal(query(opened, 'q'), INDONESIAN);
  await until('nothing waits any more', async () => (await app.text('outbox-dialog')).includes('Tidak ada yang menunggu'));
  assert.equal(home.opened().length, before + 1, 'it is sent once');
  app.kill();
});

test('WhatsApp without an app falls back to the web, and the choice is remembered', async () => {
  const bare = makeHome({ handles: [] });
  bare.dataDir = home.dataDir;
  app = await openApp(screen, bare);
  try {
    for (const turn of [0, 1]) {
      await openArticle(INDONESIAN);
      await press('f');
      await press('w');
      const scheme = turn === 0 ? 'whatsapp://send?text=' : 'https://wa.me/?text=';
      await until('the message is composed', async () => (await openTarget()).startsWith(scheme));
      await until('the focus is on sending', () => inPage(() => document.activeElement?.dataset.testid === 'forward-send'));
      await press('Enter');
      const opened = await until('the web target is opened', () => bare.opened()[turn]);
      assert.ok(opened.startsWith('https://wa.me/?text=*Feri') || opened.startsWith('https://wa.me/?text=%2AFeri'), opened);
      await gone('forward-dialog');
    }
  } finally {
    app.kill();
    bare.remove();
  }
});
