// What README promises, by keyboard alone, from the first run on: no pointer is used, and a test at the end
// says so.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { start } from '../demo/server.mjs';
import { hands, makeHome, openApp, openScreen, syncEnds, until } from './harness.mjs';

let demo;
let screen;
let home;
let app;
let hand;

before(async () => {
  demo = await start({ faults: { slow: 0, broken: 'sound' } });
  screen = await openScreen();
  home = makeHome();
  app = await openApp(screen, home);
  hand = hands(screen);
  await app.shown('first-run');
  await hand.focus();
  await countPointers();
});

after(async () => {
  app?.kill();
  screen?.close();
  await demo?.stop();
  home?.remove();
});

const run = (script, ...given) => app.browser.execute(script, ...given);
const countPointers = () =>
  run(() => {
    window.__pointers = 0;
    window.addEventListener('pointerdown', () => window.__pointers++, true);
  });
const exists = async (id) => (await app.find(id)).isExisting();
const gone = (id) => until(`"${id}" is gone`, async () => !(await exists(id)));
const focusIsOn = (id) => run((wanted) => document.activeElement?.closest(`[data-testid="${wanted}"]`) !== null, id);

/** Presses Tab until the focus is on an element, or on something in it. */
async function tabTo(id) {
  await app.shown(id);
  for (let turn = 0; turn < 60; turn++) {
    if (await focusIsOn(id)) return;
    await hand.keys('Tab');
  }
  assert.fail(`Tab does not reach "${id}"`);
}

/** Runs a command of the palette by its name. */
async function command(id, words) {
  await hand.keys('ctrl+k');
  await app.shown('palette-input');
  await hand.type(words);
  const look = () =>
    run(() => {
      const rows = [...document.querySelectorAll('[data-testid="palette"] [role="option"]')];
      return {
        typed: document.querySelector('[data-testid="palette-input"]').value,
        rows: rows.map((row) => row.dataset.testid),
        chosen: rows.findIndex((row) => row.getAttribute('aria-selected') === 'true'),
      };
    });
  // The page receives keys later than they are pressed, and finds articles later than commands: a key that
  // is pressed too early would act on other rows.
  const wanted = `command-${id}`;
  let last;
  const { rows, chosen } = await until(`"${words}" finds ${id}`, async () => {
    const before = last;
    last = await look();
    return last.typed === words && last.rows.includes(wanted) && isDeepStrictEqual(last, before) && last;
  });
  const steps = rows.indexOf(wanted) - chosen;
  for (let step = 0; step < Math.abs(steps); step++) await hand.keys(steps > 0 ? 'Down' : 'Up');
  await until(`${id} is chosen`, async () => {
    const now = await look();
    return now.rows[now.chosen] === wanted;
  });
  await hand.keys('Return');
  await gone('palette');
}

/** Adds the feed of a site in the dialog that is open. */
async function subscribe(site) {
  await until('the field has the focus', () => focusIsOn('address-field'));
  await hand.type(site);
  await hand.keys('Return');
  await app.shown('discovered-feed', 20_000);
  await tabTo('subscribe-button');
  await hand.keys('Return');
}

/** Opens the first article of all, and returns its headline. */
async function openFirst() {
  await hand.keys('g', 'a', 'j', 'o');
  return until('an article is open', async () => (await exists('article-body')) && (await app.text('article-title')));
}

test('begin: paste an address, subscribe, and read', async () => {
  await app.shown('first-run');
  await tabTo('address-field');
  await subscribe(demo.url);
  await gone('first-run');
  for (const { id, site } of demo.publishers.filter(({ id }) => !['pucuk', 'ledger'].includes(id)).slice(0, 4)) {
    await hand.keys('plus');
    await app.shown('add-feeds');
    await subscribe(site);
    await gone('add-feeds').catch((error) => assert.fail(`${id}: ${error.message}`));
  }
  await syncEnds(app, demo);
  const headline = await openFirst();
  const all = Object.values(demo.articles).flat();
  assert.ok(all.some(({ title }) => title === headline), headline);
});

test('save and tag an article, and find it in both places', async () => {
  const headline = await openFirst();
  await hand.keys('s', 't');
  await until('the tag field has the focus', () => run(() => document.activeElement instanceof HTMLInputElement));
  await hand.type('Untuk Ibu');
  await hand.keys('Return');
  await hand.keys('Escape');
  await until('the tag is in the sidebar', async () => run(() => document.body.innerText.includes('Untuk Ibu')));
  for (const go of [() => hand.keys('g', 's'), () => command('tag-1', 'Untuk Ibu')]) {
    await go();
    await until('it is listed', () => run((title) => document.querySelector('[data-testid="list"]')?.innerText.includes(title), headline));
  }
});

test('highlight a passage with a note, and find it among the highlights', async () => {
  await openFirst();
  await hand.keys('h', 'h');
  await until('there is a highlight or its dialog', async () => (await exists('highlight-dialog')) || run(() => (CSS.highlights?.size ?? 0) > 0));
  if (!(await exists('highlight-dialog'))) await hand.keys('h');
  await app.shown('highlight-dialog');
  await tabTo('highlight-note-field');
  await hand.type('Penting');
  await hand.keys('ctrl+Return');
  await gone('highlight-dialog');
  await hand.keys('g', 'h');
  await app.shown('highlights-page');
  await until('the note is listed', () => run(() => document.querySelector('[data-testid="highlight-item"]')?.innerText.includes('Penting')));
});

test('forward an article to WhatsApp and to Google News', async () => {
  const headline = await openFirst();
  await hand.keys('f', 'w');
  await app.shown('forward-dialog');
  await until('the message is composed', () => run((title) => document.querySelector('[data-testid="forward-message"]')?.value.includes(title), headline));
  await hand.keys('ctrl+Return');
  const whatsapp = await until('WhatsApp is opened', () => home.opened()[0]);
  assert.match(whatsapp, /^whatsapp:\/\/send\?text=/);
  await gone('forward-dialog');
  await hand.keys('f', 'g');
  await app.shown('forward-dialog');
  await until('the search is composed', () => exists('google-news-query'));
  await hand.keys('ctrl+Return');
  const news = await until('Google News is opened', () => home.opened()[1]);
  assert.match(news, /^https:\/\/news\.google\.com\/search\?q=/);
  await gone('forward-dialog');
});

test('what is trending: open a story and follow it', async () => {
  await hand.keys('g', 'b');
  await app.shown('front-page');
  await until('stories trend', () => run(() => document.querySelector('[data-testid^="story-"]') !== null), 60_000);
  await hand.keys('j', 'o');
  await app.shown('story-page');
  await hand.keys('w');
  await until('it is followed', () => run(() => document.querySelector('[data-testid="follow-story"]')?.getAttribute('aria-pressed') === 'true'));
  await hand.keys('Escape');
  await app.shown('front-page');
});

test('search, and open what was found', async () => {
  const [, word] = demo.articles.pucuk[0].title.match(/(\p{L}{6,})/u);
  await hand.keys('slash');
  await until('the search field has the focus', () => run(() => document.activeElement?.matches('input[type="search"], [role="searchbox"], input')));
  await hand.type(word);
  await until('something is found', () => run(() => document.querySelector('[data-testid^="row-"]') !== null));
  await hand.keys('Down', 'o');
  await until('an article is open', () => exists('article-body'));
  await hand.keys('Escape');
});

test('save a page to read later by its address', async () => {
  const { origin } = demo.publishers.find(({ id }) => id === 'ledger');
  const { slug, title } = demo.articles.ledger.find((article) => !article.html && article.picture);
  await hand.keys('ctrl+k');
  await app.shown('palette-input');
  await hand.type(`${origin}/story/${slug}`);
  await app.shown('command-save-page');
  await hand.keys('Return');
  await gone('palette');
  await hand.keys('g', 's');
  await until('it is listed', () => run((wanted) => document.querySelector('[data-testid="list"]')?.innerText.includes(wanted), title), 30_000);
  const focused = () => run(() => document.activeElement?.closest('[data-article]')?.innerText ?? '');
  for (let last = ''; !last.includes(title); ) {
    await hand.keys('j');
    last = await until('J moves on', async () => {
      const now = await focused();
      return now !== last && now;
    });
  }
  await hand.keys('o');
  await until('it is open', async () => (await exists('article-title')) && (await app.text('article-title')) === title);
  await until('its text is there', async () => (await app.text('article-body')).length > 200, 30_000);
});

test('make an offline pack', async () => {
  await command('pack', 'offline baru');
  await app.shown('pack-dialog');
  await until('the preview counts articles', async () => /\d+ artikel/.test(await app.text('pack-preview')));
  await tabTo('pack-create');
  await hand.keys('Return');
  await until('the pack is made', () => run(() => document.querySelector('[data-testid="pack-head"]')?.dataset.status === 'done'), 120_000);
});

test('find the original of a message', async () => {
  const { title } = demo.articles.pucuk[0];
  await command('original', 'berita asli');
  await app.shown('original-dialog');
  await tabTo('original-text');
  await hand.type(title);
  await tabTo('original-find');
  await hand.keys('Return');
  await app.shown('original-sure');
  await hand.keys('Escape');
  await gone('original-dialog');
});

test('change the text in the settings, and read without the network', async () => {
  await hand.keys('ctrl+comma');
  await app.shown('settings-dialog');
  const size = () => run(() => document.querySelector('[data-testid="settings-text-size"]').value);
  await tabTo('settings-text-size');
  const before = Number(await size());
  await hand.keys('Right');
  await until('the text is larger', async () => Number(await size()) === before + 1);
  await hand.keys('Escape');
  await gone('settings-dialog');
  await demo.stop();
  await hand.keys('g', 's', 'j', 'o');
  await until('the saved article is open', async () => (await exists('article-body')) && (await app.text('article-body')).length > 100);
  await until('its picture is there', () =>
    run(() => [...document.querySelectorAll('[data-testid="article"] img')].every((one) => one.complete && one.naturalWidth > 0)),
  );
});

test('no pointer was used', async () => {
  assert.equal(await run(() => window.__pointers), 0);
});
