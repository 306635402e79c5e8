// What screen readers get: the tree that WebKitGTK hands to AT-SPI, from which Orca reads, for a row, an
// article, a dialog and a menu; and where the focus is in it.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { start } from '../demo/server.mjs';
import { hands, makeHome, openApp, openBus, openScreen, synced, until } from './harness.mjs';

const DUMP = fileURLToPath(new URL('accessibility_tree.py', import.meta.url));

let demo;
let screen;
let bus;
let home;
let app;
let hand;

before(async () => {
  demo = await start({ faults: { slow: 50, broken: 'sound' } });
  screen = await openScreen();
  home = makeHome();
  await synced(home, demo);
  bus = await openBus(screen, home);
  home.accessible(bus.address);
  app = await openApp(screen, home);
  hand = hands(screen);
  await app.shown('front-page');
  await hand.focus();
});

after(async () => {
  app?.kill();
  bus?.close();
  screen?.close();
  await demo?.stop();
  home?.remove();
});

/** The tree from top to bottom; each node with its parents' roles. */
async function tree() {
  // Debian's own Python has the bindings.
  const { stdout } = await promisify(execFile)('/usr/bin/python3', [DUMP, 'warta'], { env: { ...home.env, DISPLAY: screen.display }, maxBuffer: 64 << 20 });
  const path = [];
  return stdout.split('\n').filter(Boolean).map((line) => {
    const node = JSON.parse(line);
    path.length = node.depth;
    const within = [...path];
    path.push(node.role);
    return { ...node, within };
  });
}
/** Waits until the tree has a node of this kind, and returns it. */
const node = (what, check) => until(`the tree has ${what}`, async () => (await tree()).find(check), 30_000);
const hasFocus = ({ states }) => states.includes('focused');
const run = (script, ...given) => app.browser.execute(script, ...given);

test('a row is read with its publisher, state, headline and time, and has the focus', async () => {
  await hand.keys('g', 'u');
  await app.shown('list');
  await until('rows are listed', () => run(() => document.querySelectorAll('[data-testid="list"] [data-article]').length > 3));
  await hand.keys('j');
  const words = await until('a row has the focus', () =>
    run(() => {
      const row = document.activeElement.closest('[data-article]');
      return row && { publisher: row.querySelector('.publisher').textContent.trim(), title: row.querySelector('.title').textContent.trim(), when: row.querySelector('time').textContent.trim() };
    }));
  const row = await node('the focused row', (one) => hasFocus(one) && one.role.includes('button') && one.name.includes(words.title));
  for (const part of [words.publisher, 'Belum dibaca', words.when]) assert.ok(row.name.includes(part), `"${part}" is read: ${row.name}`);
  assert.ok(row.within.includes('list item') && row.within.includes('list'), `a row is an item of a list: ${row.within}`);
  const nodes = await tree();
  const headings = nodes.filter(({ role, name }) => role === 'landmark' || (role === 'heading' && name));
  assert.ok(headings.length >= 3, 'there are landmarks and headings to jump to');
});

test('the article is read: a landmark with its headline as heading, and its paragraphs', async () => {
  await hand.keys('Return');
  await app.shown('article-body');
  const title = await app.text('article-title');
  const paragraph = await run(() => document.querySelector('[data-testid="article-body"] p').textContent.trim().slice(0, 40));
  const heading = await node('the headline', ({ role, name, within }) => role === 'heading' && name === title && within.includes('article'));
  assert.ok(heading.within.includes('landmark') || heading.within.includes('section') || heading.within.includes('region'), `${heading.within}`);
  const nodes = await tree();
  const words = nodes.find(({ role, text, name }) => ['paragraph', 'section', 'text', 'static'].includes(role) && `${text ?? ''}${name}`.includes(paragraph.slice(0, 20)));
  assert.ok(words, `the text of the article is in the tree: ${paragraph}`);
  const unnamed = nodes.filter(({ role, name, text, states }) => /button|link|entry|check box/.test(role) && states.includes('showing') && !name && !(text ?? '').trim());
  assert.deepEqual(unnamed, [], 'every control has a name');
});

test('a dialog is read by its title, is modal, and holds the focus', async () => {
  await hand.keys('f');
  await app.shown('forward-dialog');
  const title = await run(() => document.querySelector('[data-testid="forward-dialog"] h2').textContent.trim());
  const dialog = await node('the dialog', ({ role, name }) => role === 'dialog' && name === title);
  assert.ok(dialog.states.includes('modal'), 'the dialog is modal');
  const focused = await node('the focus in the dialog', (one) => hasFocus(one) && one.within.includes('dialog'));
  assert.ok(focused.name, 'what has the focus has a name');
  await hand.keys('Escape');
  await until('the dialog has closed', async () => !(await (await app.find('forward-dialog')).isExisting()));
});

test('a context menu is read as a menu with items, the first of which has the focus', async () => {
  await hand.keys('j');
  await hand.keys('Menu');
  await until('the menu is open', () => run(() => document.querySelector('[role="menu"]') !== null));
  const item = await node('the first item', (one) => hasFocus(one) && one.role === 'menu item');
  assert.ok(item.name);
  const menu = await node('the menu', ({ role }) => role === 'menu');
  assert.match(menu.name, /^Menu artikel /);
  await hand.keys('Escape');
});
