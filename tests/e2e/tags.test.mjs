// Tags by hand and rules in the real app, by keyboard: T with suggestions, tags as places, several articles;
// rules begun from a selection, applied to what is there and undone, and switched off.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { start } from '../demo/server.mjs';
import { makeHome, openApp, openScreen, synced, until } from './harness.mjs';

let demo;
let screen;
let home;
let app;

before(async () => {
  demo = await start({ faults: { slow: 50, broken: 'sound' } });
  screen = await openScreen();
  home = makeHome();
  await synced(home, demo);
  app = await openApp(screen, home);
  await app.shown('front-page');
});

after(async () => {
  app?.kill();
  screen?.close();
  await demo?.stop();
  home?.remove();
});

const exists = async (id) => (await app.find(id)).isExisting();
const gone = (id) => until(`"${id}" has gone`, async () => !(await exists(id)));
const rows = () => app.browser.execute(() => [...document.querySelectorAll('[data-testid^="row-"]')].map((row) => row.dataset.testid));
const tags = () =>
  app.browser.execute(() => [...document.querySelectorAll('[data-testid="places-tags"] [data-testid^="tag-"] .label')].map((tag) => tag.innerText));
const chips = () => app.browser.execute(() => [...document.querySelectorAll('[data-testid="article-tags"] button')].map((chip) => chip.innerText));

async function openFirst() {
  await app.browser.keys(['g']);
  await app.browser.keys(['a']);
  await until('articles are listed', async () => (await rows()).length > 3);
  await app.browser.keys(['j']);
  await app.browser.keys(['o']);
  await app.shown('article-body');
}

test('T gives an article a new tag, which is a place', async () => {
  await openFirst();
  await app.browser.keys(['t']);
  await app.shown('tags-dialog');
  await app.browser.keys([...'Pelabuhan']);
  await app.shown('tags-new');
  await app.browser.keys(['Enter']);
  await until('it is in the list', async () => (await app.text('tags-list')).includes('Pelabuhan'));
  await app.browser.keys(['Escape']);
  await gone('tags-dialog');
  await until('it is a place', async () => (await tags()).includes('Pelabuhan'));
  await until('the article shows it', async () => (await chips()).includes('Pelabuhan'));
});

test('a suggestion is taken for the next article, and undone', async () => {
  await app.browser.keys(['j']);
  await until('the next article has no tag', async () => (await chips()).length === 0);
  await app.browser.keys(['t']);
  await app.shown('tags-dialog');
  await app.browser.keys([...'pelabuhan']);
  await until('no new tag is offered', async () => !(await exists('tags-new')));
  await app.browser.keys(['Enter']);
  await until('the field is empty again', async () => (await (await app.find('tags-name')).getValue()) === '');
  await app.browser.keys(['Escape']);
  await until('the article shows it', async () => (await chips()).includes('Pelabuhan'));
  await app.browser.keys(['Control', 'z']);
  await until('it is undone', async () => (await chips()).length === 0);
});

test('a tag is renamed, and its place keeps its articles after a kill', async () => {
  await app.browser.execute(() => {
    const place = [...document.querySelectorAll('[data-testid^="tag-"]')].find((one) => one.textContent.includes('Pelabuhan'));
    place.dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true }));
  });
  await app.click('menu-edit');
  await app.shown('tag-dialog');
  await app.browser.keys(['Control', 'a']);
  const field = await app.find('tag-name');
  await field.setValue('Dermaga');
  await app.browser.keys(['Enter']);
  await until('it has the new name', async () => (await tags()).includes('Dermaga'));
  app.kill();
  app = await until('the store is free', () => openApp(screen, home), 30_000);
  await app.shown('front-page');
  await until('the tag is there', async () => (await tags()).includes('Dermaga'));
  await app.browser.execute(() =>
    [...document.querySelectorAll('[data-testid^="tag-"]')].find((one) => one.textContent.includes('Dermaga')).click(),
  );
  await until('its one article is listed', async () => (await rows()).length === 1);
});

test('a tag is removed, which can be undone', async () => {
  await app.browser.execute(() => {
    const place = [...document.querySelectorAll('[data-testid^="tag-"]')].find((one) => one.textContent.includes('Dermaga'));
    place.dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true }));
  });
  await app.click('menu-edit');
  await app.shown('tag-dialog');
  await app.click('tag-remove');
  await gone('tag-dialog');
  await until('the place is gone', async () => !(await tags()).includes('Dermaga'));
  await app.browser.keys(['Control', 'z']);
  await until('it is back', async () => (await tags()).includes('Dermaga'));
  await app.browser.execute(() =>
    [...document.querySelectorAll('[data-testid^="tag-"]')].find((one) => one.textContent.includes('Dermaga')).click(),
  );
  await until('with its one article', async () => (await rows()).length === 1);
});

test('selected words become a rule, applied to what is there, undone, and switched off', async () => {
  await openFirst();
  const word = await app.browser.execute(() => {
    const node = [...document.querySelectorAll('[data-testid="article-body"] p')].flatMap((one) => [...one.childNodes]).find((one) => one.nodeType === 3 && one.data.trim().split(/\s+/).length > 6);
    const found = /\p{L}{6,}/u.exec(node.data);
    const range = document.createRange();
    range.setStart(node, found.index);
    range.setEnd(node, found.index + found[0].length);
    document.getSelection().removeAllRanges();
    document.getSelection().addRange(range);
    return found[0];
  });
  await app.browser.keys(['X']);
  await app.shown('rule-dialog');
  assert.equal(await (await app.find('rule-words')).getValue(), word);
  await app.click('rule-try');
  const tried = await until('the test says how many', async () => /^(\d+)/.exec((await app.text('rule-trial')).replaceAll('.', ''))?.[1], 30_000);
  assert.ok(Number(tried) >= 1, 'the article itself matches');
  const before = await unread();
  await app.click('rule-apply');
  await gone('rule-dialog');
  await until('the articles are muted', async () => (await unread()) < before);
  await app.browser.keys(['Control', 'z']);
  await until('they are back', async () => (await unread()) === before);
  await app.browser.keys(['Control', 'k']);
  await app.shown('palette');
  await app.browser.keys([...'aturan dan']);
  await app.shown('command-rules');
  await app.browser.keys(['Enter']);
  await app.shown('rules-dialog');
  const [rule] = await until('the rule is listed', async () => {
    const all = await app.browser.execute(() => [...document.querySelectorAll('[data-testid^="rule-on-"]')].map((one) => [one.dataset.testid, one.checked]));
    return all.length === 1 && all;
  });
  assert.equal(rule[1], true);
  await app.browser.execute((id) => document.querySelector(`[data-testid="${id}"]`).click(), rule[0]);
  await until('it is off', async () => {
    const [off] = await app.browser.execute(() => [...document.querySelectorAll('[data-testid^="rule-on-"]')].map((one) => !one.checked));
    return off;
  });
});

async function unread() {
  const text = await app.browser.execute(() => document.querySelector('[data-testid="place-unread"] .count')?.innerText ?? '0');
  return Number(text.replaceAll('.', ''));
}
