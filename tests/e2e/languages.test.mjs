// The real app in two pseudo-languages (longer and accented; right to left): no text bypasses the messages
// files, and nothing is wider than the window.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { start } from '../demo/server.mjs';
import { makeHome, openApp, openScreen, subscribe, until } from './harness.mjs';

let demo;
let screen;
let home;
let app;

before(async () => {
  demo = await start({ faults: { slow: 0 } });
  screen = await openScreen();
  home = makeHome();
  subscribe(home, await (await fetch(demo.opml)).text());
  app = await openApp(screen, home);
  await app.shown('front-page', 60_000);
});

after(async () => {
  app?.kill();
  screen?.close();
  await demo?.stop();
  home?.remove();
});

/** Shows the app in a pseudo-language; `null` ends that. */
async function show(tag) {
  await app.browser.execute((name) => {
    if (name) localStorage.setItem('warta.pseudoLanguage', name);
    else localStorage.removeItem('warta.pseudoLanguage');
    location.reload();
  }, tag);
  await until(`the app is shown in ${tag}`, () => app.browser.execute((name) => document.documentElement.lang === name, tag));
  await app.shown('front-page', 60_000);
}

/** Texts that are neither pseudo-messages nor news; and elements that overflow the window. */
const look = () =>
  app.browser.executeAsync((done) => {
    const exempt = '[data-testid="article-body"], textarea, code, kbd, script, style, option';
    const universal = new Set(['Warta', 'Aa', 'OPML', 'EPUB', 'PDF', 'QR', 'Bahasa', 'Indonesia', 'English', 'ms', 'kB', 'MB', 'GB', 'px']);
    const data = new Set();
    const note = (value) => {
      if (typeof value === 'string') data.add(value.trim());
      else if (value && typeof value === 'object') Object.values(value).forEach(note);
    };
    // A forward's preview repeats what its editor holds.
    for (const field of document.querySelectorAll('textarea')) field.value.split('\n').forEach(note);
    const ask = (command, args) => window.__TAURI_INTERNALS__.invoke(command, args).then(note);
    const list = { place: { kind: 'all' }, unreadOnly: false, before: null, limit: 200 };
    Promise.all([ask('overview'), ask('share_channels'), ask('activity'), ask('front_page'), ask('list', { request: list })]).then(() => {
      const known = [...data].filter((text) => text.length > 3).sort((a, b) => b.length - a.length);
      const rest = (text) => {
        let left = known.reduce((all, one) => all.replaceAll(one, ' '), text);
        for (let before = ''; before !== left; ) {
          before = left;
          left = left.replace(/⟦[^⟦⟧]*⟧/gu, ' ');
        }
        const words = left.replace(/[\p{Script=Armenian}\p{Script=Hebrew}]+/gu, ' ').split(/[^\p{L}\p{M}]+/u);
        return words.filter((word) => word.length > 1 && !universal.has(word));
      };
      const found = [];
      for (const element of document.body.querySelectorAll('*')) {
        if (element.closest(exempt)) continue;
        const texts = [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE).map((node) => node.textContent);
        for (const name of ['aria-label', 'title', 'placeholder', 'alt']) texts.push(element.getAttribute(name) ?? '');
        for (const text of texts) if (!data.has(text.trim()) && rest(text).length > 0) found.push(text.trim());
      }
      const root = document.documentElement;
      done({ found, direction: root.dir, overflow: root.scrollWidth - root.clientWidth });
    });
  });

for (const [tag, direction] of [['en-XA', 'ltr'], ['ar-XB', 'rtl']]) {
  test(`every text of the window is a message in ${tag}, and fits`, async () => {
    await show(tag);
    const check = async (where) => {
      const { found, overflow, direction: shown } = await look();
      assert.deepEqual(found, [], `${where} in ${tag}`);
      assert.equal(overflow, 0, `${where} in ${tag} is wider than the window`);
      assert.equal(shown, direction);
    };
    await check('the front page');
    await app.click('place-all');
    await app.shown('list');
    await check('the list');
    await app.click('settings-button');
    await app.shown('settings-dialog');
    await check('the settings');
    await app.browser.keys(['Escape']);
    await until('the settings have closed', async () => !(await (await app.find('settings-dialog')).isExisting()));
    await app.clickRow();
    await app.shown('article-title');
    await app.click('forward-button');
    await app.shown('forward-dialog');
    await app.shown('forward-message');
    await check('forwarding');
    await app.browser.keys(['Escape']);
    await app.browser.keys(['Escape']);
  });
}
