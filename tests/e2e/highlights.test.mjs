// Highlights in the real app, by keyboard and by mouse: they stand in the text, are found again, survive
// a kill and a text that has changed, and go out as W3C annotations.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { cliBinary } from '../../scripts/lib.mjs';
import { publishers } from '../demo/publishers.mjs';
import { start } from '../demo/server.mjs';
import { makeHome, openApp, openScreen, synced, until } from './harness.mjs';

let demo;
let screen;
let home;
let app;
/** The article in which passages are marked: its feed has the whole text. */
let story;

/** The demonstration runs in this process, so it must not wait for the command. */
const cli = async (...args) => {
  const { stdout } = await promisify(execFile)(cliBinary(), ['--data-dir', home.dataDir, ...args], { env: home.env });
  return stdout;
};
const paragraphs = (article) => article.blocks.filter((block) => block.kind === 'paragraph');

before(async () => {
  demo = await start({ faults: { slow: 50, broken: 'sound' } });
  screen = await openScreen();
  home = makeHome();
  await synced(home, demo);
  const whole = new Set(publishers.filter(({ feed, broken }) => feed.whole && !broken).map(({ id }) => id));
  const all = Object.entries(demo.articles).flatMap(([id, articles]) => (whole.has(id) ? articles : []));
  story = all.sort((a, b) => b.time - a.time).find((article) => !article.html && paragraphs(article).length >= 4);
  app = await openApp(screen, home);
});

after(async () => {
  app?.kill();
  screen?.close();
  await demo?.stop();
  home?.remove();
});

/** The texts drawn in each colour. */
const drawn = () =>
  app.browser.execute(() =>
    Object.fromEntries(
      [...CSS.highlights]
        .filter(([name]) => name.startsWith('warta-'))
        .map(([name, found]) => [
          name.slice(6),
          [...found].map(({ startContainer, startOffset, endContainer, endOffset }) => {
            const range = document.createRange();
            range.setStart(startContainer, startOffset);
            range.setEnd(endContainer, endOffset);
            return range.toString();
          }),
        ]),
    ),
  );
const drawnIn = async (colour) => (await drawn())[colour] ?? [];
const selection = () => app.browser.execute(() => document.getSelection().toString());
const html = () => app.browser.execute(() => document.querySelector('[data-testid="article-body"]').innerHTML);
const press = (...keys) => app.browser.keys(keys);

async function openArticle() {
  await app.browser.keys(['g']);
  await app.browser.keys(['a']);
  await app.clickRow(story.title);
  await app.shown('article-body');
  await until('the text is there', async () => (await html()).length > 400);
}

let first;

test('a sentence is chosen, marked and given a note without a pointer', async () => {
  await app.shown('front-page');
  await openArticle();
  const before = await html();
  await press('h');
  first = await until('a sentence is selected', selection);
  await press('ArrowDown');
  const second = await until('the next one is selected', async () => {
    const text = await selection();
    return text !== first && text;
  });
  await press('ArrowUp');
  await until('the first one again', async () => (await selection()) === first);
  await app.browser.action('key').down('\uE008').down('\uE015').up('\uE015').up('\uE008').perform();
  await until('both', async () => (await selection()).length > first.length + second.length - 2);
  await press('ArrowUp');
  await until('only the first', async () => (await selection()) === first);
  await press('h');
  await until('it is marked', async () => (await drawnIn('yellow')).includes(first));
  assert.equal(await html(), before, 'the HTML stays as it is');
  await press('h');
  await app.shown('highlight-dialog');
  const focused = await app.browser.execute(() => document.activeElement.dataset.testid);
  assert.equal(focused, 'highlight-note-field', 'the note can be typed at once');
  await app.browser.keys([...'dermaga lama']);
  await app.browser.keys(['Escape']);
  await until('the note is kept', async () => (await (await app.find('highlight-words')).getText()) === 'dermaga lama');
});

test('the bar beside a selection marks it in another colour, and a click opens it', async () => {
  const wanted = await app.browser.execute(() => {
    const paragraphs = [...document.querySelectorAll('[data-testid="article-body"] p')];
    const node = paragraphs.flatMap((one) => [...one.childNodes]).find((one) => one.nodeType === 3 && one.data.length > 80 && paragraphs.indexOf(one.parentElement) > 0);
    node.parentElement.scrollIntoView({ block: 'center' });
    const range = document.createRange();
    range.setStart(node, 4);
    range.setEnd(node, 40);
    document.getSelection().removeAllRanges();
    document.getSelection().addRange(range);
    return range.toString().trim();
  });
  await app.shown('highlight-bar');
  await app.click('highlight-blue');
  await until('it is marked', async () => (await drawnIn('blue')).includes(wanted));
  assert.deepEqual(await drawnIn('yellow'), [first], 'the first one stays');
  const point = await app.browser.execute(() => {
    const [{ startContainer, startOffset, endContainer, endOffset }] = CSS.highlights.get('warta-blue');
    const range = document.createRange();
    range.setStart(startContainer, startOffset);
    range.setEnd(endContainer, endOffset);
    const { left, top, height } = range.getClientRects()[0];
    return { x: Math.round(left + 12), y: Math.round(top + height / 2) };
  });
  await app.browser.action('pointer').move(point).down().up().perform();
  await app.shown('highlight-dialog');
  await app.browser.keys(['Escape']);
  await until('the dialog has closed', async () => !(await (await app.find('highlight-dialog')).isExisting()));
});

test('a highlight is removed and brought back', async () => {
  const removes = await app.all('highlight-remove');
  assert.equal(await removes.length, 2);
  await removes[1].click();
  await until('it is gone', async () => (await drawnIn('blue')).length === 0);
  await app.browser.keys(['Control', 'z']);
  await until('it is back', async () => (await drawnIn('blue')).length === 1);
});

test('after a kill, a changed text shows its highlights, and one that is gone says so', async () => {
  const blue = (await drawnIn('blue'))[0];
  app.kill();
  // The publisher edits the sentence a little and takes out the other passage.
  const words = first.split(' ');
  const edited = [...words.slice(0, 4), 'sungguh', ...words.slice(4)].join(' ');
  let gone = 0;
  for (const block of story.blocks) {
    if (!block.text) continue;
    block.text = block.text.replace(first, edited);
    if (block.text.includes(blue)) {
      block.text = 'Bagian ini ditulis kembali.';
      gone++;
    }
  }
  assert.equal(gone, 1);
  await until('the store is free', () => cli('sync', '--all'));
  app = await openApp(screen, home);
  await app.shown('front-page');
  await app.browser.keys(['g']);
  await app.browser.keys(['h']);
  await app.shown('highlights-page');
  await until('both are listed', async () => (await (await app.all('highlight-item')).length) === 2);
  await app.click('highlight-open');
  await app.shown('article-body');
  await until('the edited sentence is marked', async () => (await drawnIn('yellow'))[0] === edited);
  assert.deepEqual(await drawnIn('blue'), []);
  await app.shown('highlight-lost');
});

test('the place of highlights searches quotes and notes, and says what is lost', async () => {
  await app.browser.keys(['g']);
  await app.browser.keys(['h']);
  await app.shown('highlights-page');
  const field = await app.shown('highlights-search');
  await field.click();
  await app.browser.keys([...'dermaga lama']);
  await until('one is found', async () => (await (await app.all('highlight-item')).length) === 1);
  assert.equal(await app.text('highlight-words'), 'dermaga lama');
  await app.browser.keys(['Control', 'a']);
  await app.browser.keys([...'tidakada']);
  await until('none is found', async () => (await (await app.all('highlight-item')).length) === 0);
  await app.browser.keys(['Control', 'a']);
  await app.browser.keys(['Backspace']);
  await until('all are listed', async () => (await (await app.all('highlight-item')).length) === 2);
  assert.equal(await (await app.all('highlight-lost')).length, 1);
});

test('they go out as W3C annotations and Markdown', async () => {
  app.kill();
  const collection = JSON.parse(await until('the store is free', () => cli('--json', 'highlights', 'export')));
  assert.equal(collection.type, 'AnnotationCollection');
  assert.equal(collection.total, 2);
  const noted = collection.first.items.find((one) => one.body);
  assert.equal(noted.body.value, 'dermaga lama');
  assert.equal(noted.target.selector[0].exact, first);
  const markdown = await cli('highlights', 'export', 'dermaga');
  assert.match(markdown, /^## .+\n\n\*.+\*\n\n<http.+>\n\n> .+\n\ndermaga lama\n$/);
  const listed = (await cli('--json', 'highlights', 'list')).trim().split('\n').map((line) => JSON.parse(line));
  assert.deepEqual(listed.map((one) => one.lost).sort(), [false, true]);
});
