// What README promises, by keyboard alone, from the first run on: no pointer is used, and a test at the end
// says so.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { start } from '../demo/server.mjs';
import { makeHome, openApp, openScreen, until } from './harness.mjs';

let demo;
let screen;
let home;
let app;

before(async () => {
  demo = await start({ faults: { slow: 0, broken: 'sound' } });
  screen = await openScreen();
  home = makeHome();
  app = await openApp(screen, home);
  await countPointers();
});

after(async () => {
  app?.kill();
  screen?.close();
  await demo?.stop();
  home?.remove();
});

/** WebDriver's key codes (section 17.4.2). */
const ENTER = '\uE007';
const TAB = '\uE004';
const DOWN = '\uE015';
const run = (script, ...given) => app.browser.execute(script, ...given);
const press = (...keys) => app.browser.keys(keys);
/** Presses keys one after the other. */
const type = async (...keys) => {
  for (const key of keys) await press(key);
};
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
    await press(TAB);
  }
  assert.fail(`Tab does not reach "${id}"`);
}

/** Runs a command of the palette by its name. */
async function command(id, words) {
  await press('Control', 'k');
  await app.shown('palette-input');
  await press(words);
  const chosen = () => run(() => document.querySelector('[data-testid="palette"] [aria-selected="true"]')?.dataset.testid);
  await until(`"${words}" finds ${id}`, async () => {
    if ((await chosen()) === `command-${id}`) return true;
    await press(DOWN);
    return false;
  });
  await press(ENTER);
  await gone('palette');
}

/** Adds the feed of a site in the dialog that is open. */
async function subscribe(site) {
  await until('the field has the focus', () => focusIsOn('address-field'));
  await press(site);
  await press(ENTER);
  await app.shown('discovered-feed', 20_000);
  await tabTo('subscribe-button');
  await press(ENTER);
}

/** Opens the first article of all, and returns its headline. */
async function openFirst() {
  await type('g', 'a', 'j', 'o');
  return until('an article is open', async () => (await exists('article-body')) && (await app.text('article-title')));
}

test('begin: paste an address, subscribe, and read', async () => {
  await app.shown('first-run');
  await tabTo('address-field');
  await subscribe(demo.url);
  await gone('first-run');
  for (const { id, site } of demo.publishers.slice(0, 6)) {
    if (new URL(site).origin === new URL(demo.url).origin) continue;
    await type('+');
    await app.shown('add-feeds');
    await subscribe(site);
    await gone('add-feeds').catch((error) => assert.fail(`${id}: ${error.message}`));
  }
  await until('the sync ends', async () => !(await exists('sync-progress')), 120_000);
  const headline = await openFirst();
  const all = Object.values(demo.articles).flat();
  assert.ok(all.some(({ title }) => title === headline), headline);
});

test('save and tag an article, and find it in both places', async () => {
  const headline = await openFirst();
  await type('s', 't');
  await until('the tag field has the focus', () => run(() => document.activeElement instanceof HTMLInputElement));
  await press('Untuk Ibu');
  await press(ENTER);
  await press('Escape');
  await until('the tag is in the sidebar', async () => run(() => document.body.innerText.includes('Untuk Ibu')));
  for (const go of [() => type('g', 's'), () => command('tag-1', 'Untuk Ibu')]) {
    await go();
    await until('it is listed', () => run((title) => document.querySelector('[data-testid="list"]')?.innerText.includes(title), headline));
  }
});

test('highlight a passage with a note, and find it among the highlights', async () => {
  await openFirst();
  await type('h', 'h');
  await until('there is a highlight or its dialog', async () => (await exists('highlight-dialog')) || run(() => (CSS.highlights?.size ?? 0) > 0));
  if (!(await exists('highlight-dialog'))) await type('h');
  await app.shown('highlight-dialog');
  await tabTo('highlight-note-field');
  await press('Penting');
  await press('Control', ENTER);
  await gone('highlight-dialog');
  await type('g', 'h');
  await app.shown('highlights-page');
  await until('the note is listed', () => run(() => document.querySelector('[data-testid="highlight-item"]')?.innerText.includes('Penting')));
});

test('forward an article to WhatsApp and to Google News', async () => {
  const headline = await openFirst();
  await type('f', 'w');
  await app.shown('forward-dialog');
  await until('the message is composed', () => run((title) => document.querySelector('[data-testid="forward-message"]')?.value.includes(title), headline));
  await press('Control', ENTER);
  const whatsapp = await until('WhatsApp is opened', () => home.opened()[0]);
  assert.match(whatsapp, /^whatsapp:\/\/send\?text=/);
  await gone('forward-dialog');
  await type('f', 'g');
  await app.shown('forward-dialog');
  await until('the search is composed', () => exists('google-news-query'));
  await press('Control', ENTER);
  const news = await until('Google News is opened', () => home.opened()[1]);
  assert.match(news, /^https:\/\/news\.google\.com\/search\?q=/);
  await gone('forward-dialog');
});

test('what is trending: open a story and follow it', async () => {
  await type('g', 'b');
  await app.shown('front-page');
  await until('stories trend', () => run(() => document.querySelector('[data-testid^="story-"]') !== null), 60_000);
  await type('j', 'o');
  await app.shown('story-page');
  await type('w');
  await until('it is followed', () => run(() => document.querySelector('[data-testid="follow-story"]')?.getAttribute('aria-pressed') === 'true'));
  await press('Escape');
  await app.shown('front-page');
});

test('search, and open what was found', async () => {
  const [, word] = demo.articles.pucuk[0].title.match(/(\p{L}{6,})/u);
  await type('/');
  await until('the search field has the focus', () => run(() => document.activeElement?.matches('input[type="search"], [role="searchbox"], input')));
  await press(word);
  await until('something is found', () => run(() => document.querySelector('[data-testid="list"] [data-article], [data-testid^="row-"]') !== null));
  await press(ENTER);
  await until('an article is open', () => exists('article-body'));
  await press('Escape');
});

test('save a page to read later by its address', async () => {
  const page = demo.articles.pucuk.at(-1).url;
  await press('Control', 'k');
  await app.shown('palette-input');
  await press(page);
  await until('saving it is offered', () => run(() => document.querySelector('[data-testid="palette"] [aria-selected="true"]')?.dataset.testid.includes('save')));
  await press(ENTER);
  await until('its text is there', async () => (await exists('article-body')) && (await app.text('article-body')).length > 200, 30_000);
});

test('make an offline pack', async () => {
  await command('pack', 'Paket');
  await app.shown('pack-dialog');
  await until('the preview counts articles', async () => /\d+ artikel/.test(await app.text('pack-preview')));
  await tabTo('pack-create');
  await press(ENTER);
  await until('the pack is made', () => run(() => document.querySelector('[data-testid="pack-head"]')?.dataset.status === 'done'), 120_000);
});

test('find the original of a message', async () => {
  const { title } = demo.articles.pucuk[0];
  await command('original', 'sumber asli');
  await app.shown('original-dialog');
  await tabTo('original-text');
  await press(title);
  await tabTo('original-find');
  await press(ENTER);
  await app.shown('original-sure');
  await press('Escape');
  await gone('original-dialog');
});

test('change a setting, read in English, and without the network', async () => {
  await press('Control', ',');
  await app.shown('settings-dialog');
  await press('Escape');
  await gone('settings-dialog');
  await demo.stop();
  await type('g', 's', 'j', 'o');
  await until('the saved article is open', async () => (await exists('article-body')) && (await app.text('article-body')).length > 100);
  await until('its picture is there', () =>
    run(() => [...document.querySelectorAll('[data-testid="article"] img')].every((one) => one.complete && one.naturalWidth > 0)),
  );
});

test('no pointer was used', async () => {
  assert.equal(await run(() => window.__pointers), 0);
});
