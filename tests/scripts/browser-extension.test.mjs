// The browser extension and the bookmarklet that save the page in front: their script runs here with a browser of
// a few lines.

import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { runInNewContext } from 'node:vm';
import { root } from '../../scripts/lib.mjs';

const folder = join(root, 'packaging', 'browser');
const read = (path) => readFileSync(join(folder, path), 'utf8');
const manifest = JSON.parse(read('manifest.json'));
const messages = (language) => JSON.parse(read(`_locales/${language}/messages.json`));

/** Opens the popup over a tab; what it opened and said. */
async function press(tab, { language = 'en', update = async () => {} } = {}) {
  const result = { opened: [], closed: false, words: '', lang: '' };
  const words = {};
  const page = { documentElement: {}, getElementById: (id) => (id === 'words' ? words : null) };
  const chrome = {
    i18n: { getMessage: (name) => messages(language)[name].message },
    tabs: {
      query: async (wanted) => {
        assert.deepEqual({ ...wanted }, { active: true, currentWindow: true });
        return tab ? [tab] : [];
      },
      update: async (id, { url }) => {
        result.opened.push([id, url]);
        await update();
      },
    },
  };
  const window = { close: () => (result.closed = true) };
  // The script ends with the call that does everything, which is what it evaluates to.
  await runInNewContext(read('popup.js'), { chrome, document: page, window, URL });
  return { ...result, words: words.textContent ?? '', lang: page.documentElement.lang ?? '' };
}

/** What the app reads from a link, by the same standard as its own parser. */
const saved = (link) => new URL(link).searchParams.get('url');

const ADDRESSES = [
  'https://a.example/',
  'http://a.example/news?a=1&b=2#part',
  'https://a.example/a+b%20c?q=100%25&x=%26',
  'https://a.example/?url=https%3A%2F%2Fb.example%2F%3Fc%3D1',
  'https://a.example/berita/harga-beras?judul=%22naik%22&x=%27(1)%27',
];

test('the button opens Warta with the address of the tab and closes', async () => {
  for (const address of ADDRESSES) {
    const { opened, closed, words } = await press({ id: 7, url: address });
    assert.equal(opened.length, 1);
    const [id, link] = opened[0];
    assert.equal(id, 7);
    assert.match(link, /^warta:\/\/save\?url=[^&#+]+$/, 'nothing of the address may end the value');
    assert.equal(saved(link), address);
    assert.ok(closed);
    assert.equal(words, '');
  }
});

test('a page that cannot be saved is refused in words', async () => {
  const cases = {
    refusedBrowser: ['about:blank', 'chrome://settings/', 'moz-extension://1/x', 'view-source:https://a.example/', 'javascript:alert(1)', 'data:text/html,x'],
    refusedFile: ['file:///home/reader/page.html'],
    refusedHidden: [undefined, ''],
    refusedLong: [`https://a.example/${'x'.repeat(64 * 1024)}`],
  };
  for (const [name, urls] of Object.entries(cases)) {
    for (const url of urls) {
      for (const language of ['en', 'id']) {
        const { opened, closed, words, lang } = await press({ id: 1, url }, { language });
        assert.deepEqual(opened, [], url);
        assert.ok(!closed, 'the words stay on the screen');
        assert.equal(words, messages(language)[name].message, url);
        assert.equal(lang, language, 'screen readers pronounce the words by this');
      }
    }
  }
  assert.equal((await press(undefined)).words, messages('en').refusedHidden.message);
});

test('a link that the browser does not open is reported', async () => {
  const refuse = () => Promise.reject(new Error('no handler'));
  const { closed, words } = await press({ id: 1, url: 'https://a.example/' }, { update: refuse });
  assert.ok(!closed);
  assert.equal(words, messages('en').failed.message);
});

test('the extension asks for the active tab only', () => {
  assert.equal(manifest.manifest_version, 3);
  assert.deepEqual(manifest.permissions, ['activeTab']);
  for (const more of ['host_permissions', 'optional_permissions', 'optional_host_permissions', 'content_scripts', 'background']) {
    assert.ok(!(more in manifest), more);
  }
  assert.deepEqual(manifest.browser_specific_settings.gecko.data_collection_permissions, { required: ['none'] });
  assert.doesNotMatch(read('popup.js') + read('popup.html'), /fetch\(|XMLHttpRequest|https?:\/\/[a-z]/, 'it loads and sends nothing');
});

test('the extension has a key and every file that it names', () => {
  assert.match(manifest.commands._execute_action.suggested_key.default, /^(Alt|Ctrl)\+Shift\+[A-Z]$/);
  const { icons, action } = manifest;
  const scripts = [...read('popup.html').matchAll(/src="(.+?)"/g)].map(([, path]) => path);
  const files = [...Object.values(icons), ...Object.values(action.default_icon), action.default_popup, ...scripts];
  for (const path of files) assert.ok(existsSync(join(folder, path)), path);
  for (const [size, path] of Object.entries(icons)) {
    const png = readFileSync(join(folder, path));
    assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], [Number(size), Number(size)], path);
  }
});

test('every message is in each language', () => {
  const languages = readdirSync(join(folder, '_locales'));
  assert.deepEqual(languages.sort(), ['en', 'id']);
  assert.equal(manifest.default_locale, 'en');
  const names = Object.keys(messages('en'));
  const used = [...`${read('popup.js')}${read('manifest.json')}`.matchAll(/__MSG_(\w+)__|getMessage\('(\w+)'\)|(?:refusal: |say\()'(\w+)'/g)];
  assert.deepEqual([...new Set(used.map(([, ...name]) => name.find(Boolean)))].sort(), [...names].sort());
  for (const language of languages) {
    assert.deepEqual(Object.keys(messages(language)), names, language);
    assert.equal(messages(language).language.message, language);
    // The limit of the browsers' shops.
    assert.ok(messages(language).description.message.length <= 132, language);
  }
});

test('the bookmarklet in the README opens the same link', () => {
  const [code] = /(?<=^\s*)javascript:.*$/m.exec(readFileSync(join(root, 'README.md'), 'utf8')) ?? assert.fail('the README has no bookmarklet');
  for (const address of ADDRESSES) {
    const location = { href: address };
    runInNewContext(code.replace(/^javascript:/, ''), { location });
    assert.match(location.href, /^warta:\/\/save\?url=[^&#+]+$/);
    assert.equal(saved(location.href), address);
  }
});
