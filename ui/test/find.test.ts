import { afterEach, expect, test } from 'vitest';

import { findAll, fold, searchable } from '../src/lib/article/findInText';
import { Find } from '../src/lib/state/find.svelte';

afterEach(() => document.body.replaceChildren());

/** The texts that `query` marks in `html`. */
function marked(html: string, query: string): string[] {
  document.body.innerHTML = html;
  return findAll(searchable([document.body]), query).map((found) => {
    const range = document.createRange();
    range.setStart(found.start.node, found.start.offset);
    range.setEnd(found.end.node, found.end.offset);
    return range.toString();
  });
}

test.each([
  ['<p>Bandung, bandung, BANDUNG</p>', 'bandung', ['Bandung', 'bandung', 'BANDUNG']],
  ['<p>Café décor, cafe</p>', 'cafe', ['Café', 'cafe']],
  ['<p>Cafe\u0301 baru</p>', 'CAFÉ', ['Cafe\u0301']],
  ['<p>cafe</p>', 'café', ['cafe']],
  ['<p>dua <b>ka</b>ta  \n penting</p>', 'kata penting', ['kata  \n penting']],
  ['<p>satu</p><p>dua</p>', 'satu dua', []],
  ['<p>satu<br>dua</p>', 'satudua', []],
  ['<p>it’s “so”</p>', 'it\'s "so"', ['it’s “so”']],
  ['<p>trans\u00adportasi</p>', 'transportasi', ['trans\u00adportasi']],
  ['<p>Straße</p>', 'strasse', ['Straße']],
  ['<p>مُحَمَّد</p>', 'محمد', ['مُحَمَّد']],
  ['<p>कि का</p>', 'का', ['का']],
  ['<p>aaaa</p>', 'aa', ['aa', 'aa']],
  ['<p>👍🏽 ok</p>', 'ok', ['ok']],
  ['<p>a<style>.b{}</style>b</p>', 'b{', []],
  ['<p>apa saja</p>', '   ', []],
  ['<p>x.y xzy</p>', 'x.y', ['x.y']],
])('in %s, %j marks %j', (html, query, expected) => {
  expect(marked(html, query)).toEqual(expected);
});

test('searching leaves the document as it is', () => {
  document.body.innerHTML = '<p>satu <i>dua</i> satu</p>';
  const before = document.body.innerHTML;
  expect(findAll(searchable([document.body]), 'satu')).toHaveLength(2);
  expect(document.body.innerHTML).toBe(before);
});

test('white space and accents are folded in the query as in the text', () => {
  expect(fold('  Dua \n KATÁ')).toBe(' dua kata');
});

test('next goes round, previous begins at the end', () => {
  const find = new Find();
  find.step(1);
  expect(find.open).toBe(true);
  find.found(3);
  find.step(-1);
  expect(find.current).toBe(2);
  find.step(1);
  expect(find.current).toBe(0);
  find.found(0);
  find.step(1);
  expect(find.current).toBe(-1);
});

test('a short selection is what to find; a long one is not', () => {
  const find = new Find();
  find.start('harga  beras');
  expect(find.query).toBe('harga beras');
  find.start('x'.repeat(500));
  expect(find.query).toBe('harga beras');
});
