// Offsets into an article's text and DOM ranges, both ways.

import { beforeEach, expect, test } from 'vitest';

import { ArticleText } from '../src/lib/article/textRanges';

let body: HTMLElement;

beforeEach(() => {
  document.body.innerHTML =
    '<h1>Judul</h1><div id="b"><p><span data-added>KOTA — </span>Kapal <b>Bima</b> tiba.</p><p>Dua 🚢 kapal.</p></div>';
  body = document.querySelector<HTMLElement>('#b')!;
});

test('the text leaves out what was added and joins the rest', () => {
  expect(new ArticleText(body).text).toBe('Kapal Bima tiba.Dua 🚢 kapal.');
});

test('every span gives a range with its text, and the range gives the span', () => {
  const text = new ArticleText(body);
  for (let start = 0; start < text.text.length; start++) {
    for (let end = start + 1; end <= text.text.length; end++) {
      const range = text.range({ start, end });
      expect(range?.toString()).toBe(text.text.slice(start, end));
      expect(text.span(range!)).toEqual({ start, end });
    }
  }
  expect(text.range({ start: 3, end: 3 })).toBeNull();
  expect(text.range({ start: 0, end: text.text.length + 1 })).toBeNull();
});

test('a selection that begins outside is cut to the text', () => {
  const text = new ArticleText(body);
  const range = document.createRange();
  range.setStart(document.querySelector('h1')!.firstChild!, 2);
  range.setEnd(body.querySelector('b')!.firstChild!, 2);
  expect(text.span(range)).toEqual({ start: 0, end: 8 });
  range.selectNodeContents(body);
  expect(text.span(range)).toEqual({ start: 0, end: text.text.length });
  const outside = document.createRange();
  outside.selectNodeContents(document.querySelector('h1')!);
  expect(text.span(outside)).toBeNull();
});
