// Reading aloud, by keyboard, in the real app: with a stand-in for Speech Dispatcher, and with the real one.

import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { start } from '../demo/server.mjs';
import { makeHome, openApp, openScreen, synced, until } from './harness.mjs';
import { startSpeechDispatcher, startStandIn } from './speech_service.mjs';

let demo;
let screen;
let home;
let app;
let service;

/** In characters; an article of that length has more than ten sentences. */
const LONG = 1200;

before(async () => {
  demo = await start({ faults: { slow: 0 } });
  screen = await openScreen();
  home = makeHome();
  // A `speech-dispatcher` that ends at once, before the installed one on PATH; outside the home, which holds the service's socket.
  const programs = join(dirname(home.dataDir), 'programs');
  mkdirSync(programs);
  writeFileSync(join(programs, 'speech-dispatcher'), '#!/bin/sh\nexit 1\n');
  chmodSync(join(programs, 'speech-dispatcher'), 0o755);
  home.env.PATH = `${programs}:${home.env.PATH}`;
  await synced(home, demo);
  app = await openApp(screen, home);
  await app.shown('front-page', 60_000);
});

after(async () => {
  app?.kill();
  await service?.stop();
  screen?.close();
  await demo?.stop();
  home?.remove();
});

const press = (...keys) => app.browser.keys(keys);
const normal = (text) => text.replace(/\s+/g, ' ').trim();
/** The passage that is marked. */
const marked = () =>
  app.browser.execute(() =>
    [...(CSS.highlights.get('warta-aloud') ?? [])]
      .map((found) => {
        const range = document.createRange();
        range.setStart(found.startContainer, found.startOffset);
        range.setEnd(found.endContainer, found.endOffset);
        return range.toString().replace(/\s+/g, ' ').trim();
      })
      .join('|'),
  );
const markedIs = (wanted) => until(`"${wanted}" is marked`, async () => (await marked()) === wanted);
const inSight = () =>
  app.browser.execute(() => {
    const [found] = [...(CSS.highlights.get('warta-aloud') ?? [])];
    const range = document.createRange();
    range.setStart(found.startContainer, found.startOffset);
    range.setEnd(found.endContainer, found.endOffset);
    const [box, frame] = [range.getBoundingClientRect(), document.querySelector('[data-testid="article"] .scroll').getBoundingClientRect()];
    return box.top >= frame.top && box.bottom <= frame.bottom;
  });
const isGone = (id) => until(`"${id}" is gone`, async () => !(await (await app.find(id)).isExisting()));
const title = async () => normal(await app.text('article-title'));
const said = () => service.said.at(-1);
const saidIs = (what, wanted) => until(what, () => service.current && wanted(said()));

/** Opens the first article of the list of all that is longer than the pane, by keyboard. */
async function openLong() {
  await press('g');
  await press('a');
  await app.shown('list');
  await until('a row is listed', () => app.browser.execute(() => document.querySelector('[data-testid^="row-"]') !== null));
  await press('j');
  await press('o');
  await app.shown('article-body');
  const length = () => app.browser.execute(() => document.querySelector('[data-testid="article-body"]')?.textContent.length ?? 0);
  for (let turn = 0; turn < 20 && (await length()) < LONG; turn += 1) {
    const before = await title();
    await press('j');
    await until('the next article is open', async () => (await title()) !== before && (await length()) > 0);
  }
  assert.ok((await length()) >= LONG, 'a long article is listed');
}

test('without a speech service, the reason is said in words', async () => {
  await openLong();
  await press('l');
  const problem = await app.shown('aloud-problem');
  assert.match(await problem.getText(), /Speech Dispatcher terpasang, tetapi tidak dapat dijalankan/);
});

test('l reads headline, byline and sentences in turn, and marks each', async () => {
  service = await startStandIn(join(dirname(home.dataDir), 'speech-dispatcher', 'speechd.sock'));
  await press('l');
  const headline = await title();
  await saidIs('the headline is said', ({ text }) => text === headline);
  assert.equal(await (await app.find('aloud-problem')).isExisting(), false, 'the problem is over');
  const { LANGUAGE, SYNTHESIS_VOICE, RATE, OUTPUT_MODULE, SSML_MODE } = said();
  assert.match(`${LANGUAGE}/${SYNTHESIS_VOICE}`, /^(id\/Indonesian|en-US\/English \(America\))$/, 'the voice is of the article’s language');
  assert.deepEqual([RATE, OUTPUT_MODULE, SSML_MODE], ['0', 'espeak-ng', 'OFF']);
  await markedIs(headline);
  const html = await app.browser.execute(() => document.querySelector('[data-testid="article-body"]').innerHTML);
  const seen = [];
  for (let turn = 0; turn < 5; turn += 1) {
    const count = service.said.length;
    service.end();
    await until('the next passage is said', () => service.said.length > count);
    const { text } = said();
    await until('it is marked', async () => (await marked()).includes(text.slice(0, 40)));
    seen.push(text);
  }
  const body = normal(await app.browser.execute(() => document.querySelector('[data-testid="article-body"]').textContent));
  assert.ok(seen.slice(-2).every((sentence) => body.includes(sentence)), `sentences of the text: ${seen.join(' | ')}`);
  assert.equal(await app.browser.execute(() => document.querySelector('[data-testid="article-body"]').innerHTML), html, 'marking leaves the HTML as it is');
});

test('> and < change the speed at once; it is kept', async () => {
  const { text } = said();
  await press('>');
  await saidIs('the passage is said faster', (now) => now.text === text && now.RATE === '15');
  assert.match(await app.text('aloud-speed'), /1,25/);
  await press('<');
  await press('<');
  await saidIs('the passage is said slower', (now) => now.text === text && now.RATE === '-50');
  await press('>');
  await press('>');
  await saidIs('the passage is said at 1.25', (now) => now.text === text && now.RATE === '15');
});

test('l pauses and continues, comma and full stop go from sentence to sentence', async () => {
  const { text } = said();
  await press('l');
  await until('it is silent', () => service.current === null);
  assert.ok(service.cancels > 0);
  assert.equal(await marked(), await until('the place stays marked', marked));
  await press('l');
  await saidIs('the passage begins again', (now) => now.text === text);
  await press('.');
  await saidIs('the next one is said', (now) => now.text !== text);
  await press(',');
  await saidIs('the one before is said', (now) => now.text === text);
  service.interrupt();
  const toggle = await app.find('aloud-toggle');
  await until('what another program stops is paused', async () => (await toggle.getAttribute('aria-label')) === 'Lanjutkan pembacaan');
  await press('l');
  await saidIs('it goes on', (now) => now.text === text);
});

test('the passage is kept in sight, unless the reader scrolls away', async () => {
  for (let turn = 0; turn < 12; turn += 1) {
    const count = service.said.length;
    service.end();
    await until('the next passage is said', () => service.said.length > count && service.current);
    const { text } = said();
    await until('it is marked', async () => (await marked()).includes(text.slice(0, 40)));
    assert.ok(await inSight(), `in sight: ${text}`);
    if ((await title()) === text) break;
  }
  const scroll = () => app.browser.execute(() => document.querySelector('[data-testid="article"] .scroll').scrollTop);
  // As a reader who looks something up at the other end.
  const key = (await scroll()) > 0 ? 'Home' : 'End';
  await press(key);
  await until('the article is at that end', () =>
    app.browser.execute((down) => {
      const { scrollTop, clientHeight, scrollHeight } = document.querySelector('[data-testid="article"] .scroll');
      return down ? scrollTop + clientHeight >= scrollHeight - 1 : scrollTop === 0;
    }, key === 'End'));
  assert.ok(!(await inSight()), 'the passage is out of sight');
  const count = service.said.length;
  service.end();
  await until('the next passage is said', () => service.said.length > count);
  const { text } = said();
  await until('it is marked', async () => (await marked()).includes(text.slice(0, 40)));
  // Late content may still move the end of the article, so positions are not compared.
  assert.ok(!(await inSight()), 'reading does not scroll back');
  await press(',');
  await until('going to a sentence brings it into sight', inSight);
});

test('the end leads to the next article; Shift+N goes there at once', async () => {
  const before = await title();
  for (let turn = 0; turn < 200 && (await title()) === before; turn += 1) {
    const count = service.said.length;
    if (service.current) service.end();
    await until('the next passage is said', () => service.said.length > count && service.current);
  }
  const second = await title();
  assert.notEqual(second, before);
  await saidIs('the next headline is said', ({ text }) => text === second);
  assert.equal(said().RATE, '15', 'the speed is kept');
  await until('it says so', () => app.browser.execute((wanted) => document.body.textContent.includes(wanted), 'Artikel berikutnya:'));
  await markedIs(second);
  await press('N');
  await until('the third article is open', async () => (await title()) !== second);
  const third = await title();
  await saidIs('its headline is said', ({ text }) => text === third);
});

test('the service that dies is reported, and used again once it is there', async () => {
  const { text } = said();
  await service.stop();
  const problem = await app.shown('aloud-problem');
  assert.match(await problem.getText(), /Layanan suara berhenti/);
  service = await startStandIn(join(dirname(home.dataDir), 'speech-dispatcher', 'speechd.sock'));
  await press('l');
  await saidIs('the passage is said again', (now) => now.text === text);
  assert.equal(await (await app.find('aloud-problem')).isExisting(), false);
});

test('closing the article stops it, and so does L', async () => {
  await press('Escape');
  await until('it is silent', () => service.current === null);
  await isGone('aloud-bar');
  assert.equal(await marked(), '');
  await press('o');
  await app.shown('article-body');
  await press('l');
  await until('it is read', () => service.current);
  await press('L');
  await until('it is silent', () => service.current === null);
  await isGone('aloud-bar');
});

test('the keys are in the list of keys, and the settings choose a voice', async () => {
  await press('?');
  const keys = await (await app.shown('keyboard-help')).getText();
  for (const label of ['Bacakan, jeda, lanjutkan', 'Kalimat berikutnya', 'Lebih cepat', 'Bacakan artikel berikutnya']) assert.ok(keys.includes(label), label);
  await press('Escape');
  await isGone('keyboard-help');
  await press('Control', ',');
  await app.shown('settings-dialog');
  await app.click('settings-aloud-voices');
  const english = await app.shown('settings-aloud-voice-en');
  await english.selectByVisibleText('English (Great Britain)');
  await app.click('settings-aloud-try-en');
  await saidIs('the chosen voice is heard', (now) => now.SYNTHESIS_VOICE === 'English (Great Britain)' && now.LANGUAGE === 'en-GB');
  await press('Escape');
});

test('the end of the app ends the speech', async () => {
  await until('the settings are closed', async () => !(await (await app.find('settings-dialog')).isExisting()));
  await press('l');
  await until('it is read', () => service.current);
  await app.close();
  await until('the connection is closed', () => service.connections === 0);
  app = undefined;
});

test('Speech Dispatcher itself reads article after article', async () => {
  app?.kill();
  const folder = mkdtempSync(join(tmpdir(), 'warta-speech-'));
  const real = await startSpeechDispatcher(folder);
  try {
    home.env.SPEECHD_ADDRESS = `unix_socket:${real.socket}`;
    app = await openApp(screen, home);
    await app.shown('front-page', 60_000);
    await openLong();
    // Without sound, sentences follow each other faster than a test can look.
    await app.browser.execute(() => {
      window.places = [];
      new MutationObserver(() => {
        const text = (id) => document.querySelector(`[data-testid="${id}"]`)?.textContent.trim() ?? '';
        const [at, count] = text('aloud-place').match(/\d+/g) ?? [];
        const last = window.places.at(-1);
        const seen = { title: text('article-title'), at: Number(at), count: Number(count) };
        if (count && (seen.title !== last?.title || seen.at !== last.at)) window.places.push(seen);
      }).observe(document.body, { subtree: true, childList: true, characterData: true });
    });
    const places = () => app.browser.execute(() => window.places);
    const first = await title();
    await press('l');
    await until('the third article is read', async () => new Set((await places()).map((place) => place.title)).size > 2, 60_000);
    const read = (await places()).filter((place) => normal(place.title) === first);
    assert.ok(read.length > 8, 'it has sentences');
    assert.deepEqual(read.map(({ at }) => at), Array.from({ length: read[0].count }, (_, index) => index + 1), 'each is read once, in turn');
    await press('L');
    await isGone('aloud-bar');
  } finally {
    app?.kill();
    app = undefined;
    await real.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});
