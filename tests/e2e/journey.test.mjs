// From a site's address to a story on WhatsApp, read offline, in the real app, in Indonesian.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { start } from '../demo/server.mjs';
import { makeHome, openApp, openScreen, syncEnds, until } from './harness.mjs';

let demo;
let screen;
let home;
let app;

before(async () => {
  demo = await start();
  screen = await openScreen();
  home = makeHome();
});

after(async () => {
  app?.kill();
  screen?.close();
  await demo?.stop();
  home?.remove();
});

const rows = () => app.browser.$$('[data-testid^="row-"]');
const rowCount = async () => (await rows()).length;
const bodyText = () => app.browser.execute(() => document.body.innerText);
/** Whether a picture inside `selector` is loaded. */
const pictureShows = (selector) =>
  app.browser.execute(
    (within) => [...document.querySelectorAll(`${within} img`)].some((i) => i.complete && i.naturalWidth > 0 && i.src.startsWith('warta-media:')),
    selector,
  );
const articleHasPicture = async () => (await pictureShows('[data-testid="article"]')) && true;

/** The headline of the article that the journey reads: it has a picture and a dateline. */
let headline;

test('first run: the language, the address, its feeds, and articles while the sync still runs', async () => {
  demo.setSlow('pucuk/umpan/ekonomi.xml', 6000);
  app = await openApp(screen, home);
  await app.shown('first-run');
  await app.click('language-id');
  await app.click('way-address');
  const field = await app.shown('address-field');
  await field.setValue(demo.url);
  await app.click('address-find');
  await app.shown('discovered-feed', 20_000);
  const found = await until('both feeds of the site are found', async () => {
    const all = await app.all('discovered-feed');
    const texts = [];
    for (const one of all) texts.push(await one.getText());
    return texts.length >= 2 && texts.join('\n');
  });
  assert.match(found, /Pucuk Pagi/, 'the feed is listed by its title');
  const chosen = [];
  for (const one of await app.all('discovered-feed')) {
    const box = await one.$('input');
    chosen.push(await box.isSelected());
    if (chosen.length === 2) await box.click();
  }
  // After the feeds comes the page's own list of headlines.
  assert.deepEqual(chosen, [true, false, false], 'only the main feed is preselected');
  await app.click('subscribe-button');
  await app.click('place-unread');
  await until('articles appear', async () => (await rowCount()) > 3, 30_000);
  const running = await app.browser.execute(() => document.querySelector('[data-testid="sync-progress"]') !== null);
  assert.ok(running, 'articles are listed while a feed is still being fetched');
  assert.match(await bodyText(), /Belum dibaca/, 'the app speaks Indonesian');
  await syncEnds(app, demo);
});

test('an article opens with its picture', async () => {
  await app.clickRow();
  headline = await until('the article opens', () => app.text('article-title'));
  assert.ok(demo.articles.pucuk.some((article) => article.title === headline), 'the headline is the publisher’s own');
  await until('its picture shows', articleHasPicture, 20_000);
  await app.click('save-button');
  await until('it is saved', async () => Number(await app.browser.execute(() => document.querySelectorAll('[data-testid="place-saved"]').length)) > 0);
});

/** WebDriver's key codes (section 17.4.2). */
const KEYS = { PageDown: '\uE00F', End: '\uE010', Home: '\uE011', ArrowDown: '\uE015' };

test('the keys scroll the open article, and Space goes on to the next unread one at its end', async () => {
  const position = () =>
    app.browser.execute(() => {
      const box = document.querySelector('[data-testid="article"] .scroll');
      return { top: box.scrollTop, rest: box.scrollHeight - box.clientHeight - box.scrollTop };
    });
  // The button pressed before still has the focus; the keys scroll nevertheless.
  const start = await position();
  assert.ok(start.rest > 100, 'the article is longer than its pane');
  await app.browser.keys(KEYS.PageDown);
  await until('a page down scrolls', async () => (await position()).top > start.top);
  await app.browser.keys(KEYS.Home);
  await until('Home leads to the beginning', async () => (await position()).top === 0);
  await app.browser.keys(KEYS.ArrowDown);
  await until('an arrow scrolls', async () => (await position()).top > 0);
  await app.browser.keys(KEYS.End);
  await until('End leads to the end', async () => (await position()).rest <= 2);
  // On a button Space would press it.
  await app.browser.execute(() => document.activeElement.blur());
  await app.browser.keys(' ');
  await until('Space opens another article', async () => (await app.text('article-title')) !== headline);
  await app.clickRow(headline);
  await until('the article is open again', async () => (await app.text('article-title')) === headline);
});

test('printing: only the article, with its date, text and address', async () => {
  const paper = await app.browser.execute(() => {
    // Print styles are applied on screen during this check.
    const rules = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules]).filter((rule) => rule.media?.mediaText === 'print');
    rules.forEach((rule) => (rule.media.mediaText = 'all'));
    const article = document.querySelector('article.column');
    const time = article.querySelector('time');
    const seen = (selector) => [...document.querySelectorAll(selector)].filter((one) => one.checkVisibility()).length;
    const found = {
      rules: rules.length,
      day: getComputedStyle(time, '::before').content,
      ago: getComputedStyle(time).fontSize,
      address: getComputedStyle(article, '::after').content,
      text: seen('[data-testid="article-body"] p'),
      others: seen('button, nav, footer, [data-testid^="row-"], [data-testid^="place-"]'),
    };
    rules.forEach((rule) => (rule.media.mediaText = 'print'));
    return found;
  });
  assert.ok(paper.rules > 0);
  assert.match(paper.day, /\d{4}/, 'the absolute date');
  assert.equal(paper.ago, '0px', 'not the relative time');
  assert.match(paper.address, /artikel/);
  assert.ok(paper.text > 0, 'its text is there');
  assert.equal(paper.others, 0, 'nothing of the app is');
});

test('after a kill and without the server everything is there, and the bar shows offline', async () => {
  await demo.stop();
  app.kill();
  app = await openApp(screen, home);
  await app.shown('offline-bar', 40_000);
  assert.match(await app.text('offline-bar'), /Offline/);
  await app.click('place-all');
  await until('the list is there', async () => (await rowCount()) > 3);
  await app.clickRow(headline);
  await until('the article is there', async () => (await app.text('article-title')) === headline);
  await until('its picture is there', articleHasPicture);
  const text = await app.text('article-body');
  assert.ok(text.length > 200, 'its text is there');
});

test('forward to WhatsApp: the target opened is the edited message', async () => {
  await app.click('forward-button');
  await app.shown('forward-dialog');
  await app.click('channel-whatsapp');
  const message = await app.shown('forward-message');
  await until('the message is composed', async () => (await message.getValue()).includes(headline));
  // Typed by keyboard; characters that WebDriver cannot type are inserted as by an input method.
  const typed = 'Bu, baca ini ya: 100% & jelas #penting';
  const words = `${typed} 🌋\nhttps://contoh.example/a?b=1&c=2`;
  await message.setValue(typed);
  assert.equal(await message.getValue(), typed);
  await app.browser.execute((value) => {
    const area = document.querySelector('[data-testid="forward-message"]');
    area.value = value;
    area.dispatchEvent(new InputEvent('input', { bubbles: true }));
  }, words);
  await until('the target is updated with the message', () =>
    app.browser.execute(() => document.querySelector('[data-testid="forward-target"]')?.textContent.endsWith('c%3D2')),
  );
  await app.click('forward-send');
  const opened = await until('something is opened', () => home.opened()[0]);
  const expected =
    'whatsapp://send?text=Bu%2C%20baca%20ini%20ya%3A%20100%25%20%26%20jelas%20%23penting%20%F0%9F%8C%8B%0Ahttps%3A%2F%2Fcontoh.example%2Fa%3Fb%3D1%26c%3D2';
  assert.equal(opened, expected);
});

test('find on Google News: the headline is searched in the Indonesian edition', async () => {
  await until('the dialog has closed', async () => !(await (await app.find('forward-dialog')).isExisting()));
  await app.click('forward-button');
  await app.shown('forward-dialog');
  await app.click('channel-google-news');
  // Offline, the app offers the outbox first; "Open now" opens the target anyway.
  await app.click('forward-now');
  const opened = await until('the search is opened', () => home.opened()[1]);
  const encoded = encodeURIComponent(headline).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  assert.equal(opened, `https://news.google.com/search?q=${encoded}&hl=id&gl=ID&ceid=ID:id`);
  assert.equal(home.opened().length, 2, 'nothing else was opened');
});

test('saved and read marks survive another kill', async () => {
  app.kill();
  app = await openApp(screen, home);
  await app.click('place-saved');
  const saved = await until('the saved article alone is listed', () =>
    app.browser.execute((title) => {
      const rows = [...document.querySelectorAll('[data-testid^="row-"]')];
      return rows.length === 1 && rows[0].textContent.includes(title) && { read: rows[0].dataset.read };
    }, headline),
  );
  assert.equal(saved.read, 'true');
});
