// The look of interface, lists and articles, by keyboard where it has keys, in the real app.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
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

const press = (...keys) => app.browser.keys(keys);
const invoke = (command, args = {}) =>
  app.browser.executeAsync(
    (name, given, done) => window.__TAURI_INTERNALS__.invoke(name, given).then(done, (failure) => done({ failure })),
    command,
    args,
  );
const settings = async () => (await invoke('overview')).settings;
const settingIs = (name, value) => until(`${name} is ${value}`, async () => (await settings())[name] === value);
/** A computed style of the first element that matches. */
const style = (selector, name) =>
  app.browser.execute((wanted, property) => getComputedStyle(document.querySelector(wanted))[property], selector, name);
const width = () => app.browser.execute(() => innerWidth);
const exists = async (id) => (await app.find(id)).isExisting();

/** Moves a slider by keyboard. */
async function slide(id, to) {
  await app.browser.execute(
    (name, value) => {
      const slider = document.querySelector(`[data-testid="${name}"]`);
      slider.value = String(value);
      slider.dispatchEvent(new Event('input', { bubbles: true }));
      slider.dispatchEvent(new Event('change', { bubbles: true }));
    },
    id,
    to,
  );
}

test('Ctrl + and Ctrl − scale everything, within bounds; Ctrl 0 ends it; a restart keeps it', async () => {
  const own = await width();
  await press('Control', '=');
  await settingIs('interfaceScale', 110);
  await until('the page is larger', async () => Math.abs((await width()) - own / 1.1) < 3);
  for (let turn = 0; turn < 8; turn++) await press('Control', '=');
  await settingIs('interfaceScale', 200);
  await until('it is twice as large', async () => Math.abs((await width()) - own / 2) < 3);
  const overflow = await app.browser.execute(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(overflow <= 0, 'nothing is wider than the window');
  await press('Control', '0');
  await settingIs('interfaceScale', 100);
  await until('it has its own size again', async () => (await width()) === own);
  for (let turn = 0; turn < 6; turn++) await press('Control', '-');
  await settingIs('interfaceScale', 70);
  await app.browser.execute(() => location.reload());
  await app.shown('front-page', 40_000);
  await until('the size is kept', async () => Math.abs((await width()) - own / 0.7) < 3);
  await press('Control', '0');
  await until('the size is its own', async () => (await width()) === own);
});

test('Ctrl and the wheel scale, too', async () => {
  await app.browser.execute(() => window.dispatchEvent(new WheelEvent('wheel', { deltaY: -120, ctrlKey: true, cancelable: true })));
  await settingIs('interfaceScale', 110);
  await app.browser.execute(() => window.dispatchEvent(new WheelEvent('wheel', { deltaY: 120, ctrlKey: true, cancelable: true })));
  await settingIs('interfaceScale', 100);
});

test('rows are comfortable, compact or headlines, with as many lines and thumbnails as set', async () => {
  await press('g', 'a');
  await app.shown('list');
  const height = () => app.browser.execute(() => document.querySelector('[data-testid="list"] .row:has(.excerpt, .title)').offsetHeight);
  const count = (selector) => app.browser.execute((wanted) => document.querySelectorAll(`[data-testid="list"] ${wanted}`).length, selector);
  await until('there are thumbnails', async () => (await count('.row img')) > 0);
  const set = async (change) => {
    await invoke('set_settings', { settings: { ...(await settings()), ...change } });
    await app.browser.execute(() => location.reload());
    await app.shown('front-page', 40_000);
    await press('g', 'a');
    await app.shown('list');
    await until('rows are listed', async () => (await count('.row')) > 3);
  };
  const comfortable = await height();
  await set({ density: 'compact' });
  const compact = await height();
  assert.ok(compact < comfortable, `${compact} < ${comfortable}`);
  await set({ density: 'headlines' });
  const headlines = await height();
  assert.ok(headlines < compact && headlines < 60, `${headlines} < ${compact}`);
  assert.equal(await count('.excerpt'), 0);
  assert.equal(await count('.row img'), 0);
  await set({ density: 'comfortable', previewLines: 0, thumbnails: false });
  assert.equal(await count('.excerpt'), 0);
  assert.equal(await count('.row img'), 0);
  await set({ previewLines: 4, thumbnails: true });
  assert.equal(await style('[data-testid="list"] .excerpt', 'webkitLineClamp'), '4');
});

test('"Aa" beside the article changes size, spacing, font and alignment; Escape gives the focus back', async () => {
  await app.clickRow('Kisah Melur');
  await app.shown('article-body');
  const body = '[data-testid="article-body"]';
  const sizes = async () => [
    await style(body, 'fontSize'),
    await style('[data-testid="article-title"]', 'fontSize'),
    await style('[data-testid="article"] article .meta', 'fontSize'),
  ];
  const before = (await sizes()).map(parseFloat);
  await app.click('text-menu-button');
  await app.shown('text-menu');
  await slide('settings-text-size', 26);
  await settingIs('textSize', 26);
  const after = (await sizes()).map(parseFloat);
  for (const at of [0, 1, 2]) {
    assert.ok(Math.abs(after[at] / before[at] - 26 / 19) < 0.02, `size ${at} grows alike: ${before[at]} → ${after[at]}`);
  }
  await slide('settings-line-height', 200);
  await settingIs('lineHeight', 200);
  assert.ok(Math.abs(parseFloat(await style(`${body} p`, 'lineHeight')) - 52) < 0.5);
  await app.click('settings-justify');
  await settingIs('justify', true);
  assert.equal(await style(`${body} p`, 'textAlign'), 'justify');
  await app.click('settings-hyphenate');
  await settingIs('hyphenate', false);
  assert.equal(await style(`${body} p`, 'webkitHyphens'), 'manual');
  const fonts = await invoke('fonts');
  assert.ok(fonts.length > 0, 'fonts are installed here');
  const select = await app.find('settings-face');
  await select.selectByAttribute('value', `font:${fonts[0]}`);
  await settingIs('articleFont', fonts[0]);
  for (const part of [body, '[data-testid="article-title"]']) {
    assert.ok((await style(part, 'fontFamily')).includes(fonts[0]), `${part} has the font`);
  }
  await press('Escape');
  await until('the panel is closed', async () => !(await exists('text-menu')));
  assert.equal(await app.browser.execute(() => document.activeElement?.dataset.testid), 'text-menu-button');
  assert.ok(await exists('article-body'), 'the article stays open');
});

test('a font name that would break out of the style is refused', async () => {
  const now = await settings();
  const answer = await invoke('set_settings', { settings: { ...now, articleFont: 'x"; background: url(http://127.0.0.1/)' } });
  assert.ok(answer.failure || answer.articleFont === '', JSON.stringify(answer));
  assert.equal((await settings()).articleFont.includes('"'), false);
});

test('pictures are dimmed in dark themes, unless switched off; high contrast can be dark', async () => {
  const look = async (change) => {
    await invoke('set_settings', { settings: { ...(await settings()), articleFont: '', ...change } });
    await app.browser.execute(() => location.reload());
    await app.shown('front-page', 40_000);
    return app.browser.execute(() => {
      const root = getComputedStyle(document.documentElement);
      return { theme: document.documentElement.dataset.theme, dim: Number(root.getPropertyValue('--picture-dim')), paper: root.getPropertyValue('--paper').trim() };
    });
  };
  assert.equal((await look({ theme: 'light' })).dim, 1);
  assert.ok((await look({ theme: 'dark' })).dim < 1);
  assert.equal((await look({ theme: 'dark', dimPictures: false })).dim, 1);
  const contrast = await look({ theme: 'contrastDark', dimPictures: true });
  assert.deepEqual([contrast.theme, contrast.paper], ['contrast-dark', '#000']);
});

test('an own style sheet changes the text alone, fetches nothing, says what it left out, and is kept', async () => {
  const file = join(home.dataDir, '..', 'own.css');
  const spy = demo.opml.replace(/[^/]*$/, 'spied.png');
  writeFileSync(file, `p { color: rgb(1, 2, 3); position: fixed }\nbody { letter-spacing: 2px; background: url(${spy}) }\n.row, header { display: none }\n@import "${spy}";`);
  const body = '[data-testid="article-body"]';
  const toArticle = async () => {
    await press('g', 'a');
    await app.clickRow('Kisah Melur');
    await app.shown('article-body');
  };
  await press('Control', ',');
  await app.shown('settings-dialog');
  await (await app.find('own-style-file')).addValue(file);
  await app.shown('own-style-kept');
  await app.click('own-style-left-out');
  const said = await app.text('own-style-left-out');
  for (const part of ['position', 'url()', '@import']) assert.ok(said.includes(part), said);
  await press('Escape');
  await toArticle();
  const look = async () => ({
    color: await style(`${body} p`, 'color'),
    position: await style(`${body} p`, 'position'),
    spacing: await style(body, 'letterSpacing'),
    row: await style('[data-testid="list"] .row', 'display'),
    elsewhere: await style('[data-testid="article-title"]', 'letterSpacing'),
  });
  const styled = await look();
  assert.equal(styled.color, 'rgb(1, 2, 3)');
  assert.equal(styled.position, 'static');
  assert.equal(styled.spacing, '2px');
  assert.notEqual(styled.row, 'none');
  assert.notEqual(styled.elsewhere, '2px');
  await app.browser.execute(() => location.reload());
  await app.shown('front-page', 40_000);
  await toArticle();
  assert.deepEqual(await look(), styled, 'it is kept');
  assert.ok(!demo.requests.some(({ path }) => path.includes('spied')), 'nothing was fetched');
  await press('Control', ',');
  await app.click('own-style-remove');
  await until('it is removed', async () => !(await exists('own-style-kept')));
  await press('Escape');
  assert.notEqual(await style(`${body} p`, 'color'), 'rgb(1, 2, 3)');
});
