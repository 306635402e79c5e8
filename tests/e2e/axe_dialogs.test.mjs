// axe on every dialog of the real app, in every theme.

import { after, before, test } from 'node:test';
import { PARTS, richArticle } from '../demo/rich.mjs';
import { start } from '../demo/server.mjs';
import { addAxe, assertSound } from './axe.mjs';
import { makeHome, openApp, openScreen, synced, until } from './harness.mjs';

let demo;
let screen;
let home;
let app;
let rich;

before(async () => {
  demo = await start({ faults: { slow: 50, broken: 'sound' } });
  const pucuk = demo.publishers.find(({ id }) => id === 'pucuk');
  rich = { ...richArticle(pucuk.origin), time: new Date() };
  demo.articles.pucuk.unshift(rich);
  screen = await openScreen();
  home = makeHome();
  await synced(home, demo);
  app = await openApp(screen, home);
  await addAxe(app);
  await keys('g', 'a');
  await app.shown('list');
  await app.clickRow(rich.title);
  await app.shown('article-body');
});

after(async () => {
  app?.kill();
  screen?.close();
  await demo?.stop();
  home?.remove();
});

const run = (script, ...given) => app.browser.execute(script, ...given);
const keys = (...pressed) => app.press(...pressed);
const isSound = (selector) => assertSound(app, selector);

const gone = (id) => until(`"${id}" has gone`, async () => !(await (await app.find(id)).isExisting()));
/** Opens a dialog by a command of the palette. */
async function command(id) {
  await keys(['Control', 'k']);
  await app.shown('palette');
  await until(`the palette has "${id}"`, () =>
    run((wanted) => {
      const entry = document.querySelector(`[data-testid="command-${wanted}"]`);
      entry?.click();
      return entry !== null;
    }, id));
  await gone('palette');
}

/** The dialog in front, once its content is there. */
const dialog = (id) =>
  until(`the dialog "${id}" is filled`, () =>
    run((wanted) => {
      const found = document.querySelector(`dialog[data-testid="${wanted}"]`);
      return found !== null && found.querySelector('[aria-busy="true"]') === null;
    }, id));

async function dialogIsSound(id) {
  try {
    await dialog(id);
    await isSound(`dialog[data-testid="${id}"]`);
  } finally {
    await closeDialogs();
  }
}

async function closeDialogs() {
  await until('all dialogs are closed', async () => {
    if (await run(() => document.querySelector('dialog[open]') === null)) return true;
    await app.browser.keys('Escape');
    return false;
  });
}

for (const [name, id, open_] of [
  ['the settings, all sections', 'settings-dialog', () => command('settings')],
  ['the activity', 'activity-panel', () => command('activity')],
  ['the rules', 'rules-dialog', () => command('rules')],
  ['forwarding settings', 'forwarding-dialog', () => command('forwarding')],
  ['the outbox', 'outbox-dialog', () => command('outbox')],
  ['a new pack', 'pack-dialog', () => command('pack')],
  ['the search for an original', 'original-dialog', () => command('original')],
  ['shortcuts', 'keyboard-help', () => command('help')],
  ['adding feeds', 'add-feeds', () => command('add')],
  ['newsletters by mail', 'add-feeds', async () => {
    await command('add');
    await app.shown('add-feeds');
    await run(() => document.querySelector('[data-testid="add-feeds"] [data-testid="way-mail"]').click());
  }],
  ['a digest', 'digest-dialog', () => command('forwardDigest')],
  ['tags', 'tags-dialog', () => command('tag')],
  ['a rule', 'rule-dialog', () => command('muteWords')],
  ['forwarding', 'forward-dialog', () => command('forward')],
]) {
  test(`dialog: ${name}`, async () => {
    await open_();
    await dialogIsSound(id);
  });
}

test('dialogs of a feed, of moving, of a new folder, and the palette', async () => {
  const ofFeed = async (item, id) => {
    await run(() => [...document.querySelectorAll('[role="treeitem"]')].at(-1).dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true })));
    await app.click(item);
    await dialogIsSound(id);
  };
  await ofFeed('menu-edit', 'feed-dialog');
  await ofFeed('menu-move', 'move-dialog');
  await app.click('places-more');
  await app.click('new-folder');
  await dialogIsSound('new-folder-dialog');
  await keys(['Control', 'k']);
  await dialogIsSound('palette');
});

test('dialogs of a search, a highlight and a tag', async () => {
  await run((one) => {
    const words = document.querySelector(one).firstChild;
    document.getSelection().setBaseAndExtent(words, 0, words, 7);
  }, PARTS.first);
  await keys('h');
  await until('it is highlighted', () => run(() => document.querySelector('[data-testid="highlight-edit"]') !== null));
  await isSound('[data-testid="article"]');
  await app.click('highlight-edit');
  await dialogIsSound('highlight-dialog');
  await keys('t');
  await app.shown('tags-dialog');
  await keys(...'Waktu', 'Enter', 'Escape');
  await until('the tag is a place', () => run(() => document.querySelector('[data-testid="places-tags"] [data-testid^="tag-"]') !== null));
  await run(() => document.querySelector('[data-testid="places-tags"] [data-testid^="tag-"]').dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true })));
  await app.click('menu-edit');
  await dialogIsSound('tag-dialog');
  await keys('/');
  await (await app.shown('search-field')).setValue('air');
  await app.shown('search-results');
  await keys(['Control', 's']);
  await dialogIsSound('search-dialog');
});
