// What is read aloud of an article's text, sentence by sentence.

import { sentences } from './sentences';
import { ArticleText, type Span } from './textRanges';

/** A passage that is spoken in one go. */
export interface Passage {
  text: string;
  /** Its place in the document; `null` if that has changed. */
  range: () => Range | null;
}

/** Maximum length of a passage in characters: longer sentences are split. */
const LONGEST = 400;
/** What is not read: code, tables. */
const SILENT = 'pre, table';
const ADDRESS = /\bhttps?:\/\/(?:www\.)?([^\s/?#)\]]+)[^\s)\]]*/g;

/** The passages of the text below `body`. */
export function bodyPassages(body: HTMLElement, language: string | null): Passage[] {
  const text = new ArticleText(body);
  return sentences(text, language).flatMap((sentence) => {
    const start = text.range(sentence)?.startContainer.parentElement;
    if (start?.closest(SILENT)) return [];
    return split(text.text, sentence).flatMap((span): Passage[] => {
      const spoken = speakable(text.text.slice(span.start, span.end));
      return spoken === '' ? [] : [{ text: spoken, range: () => text.range(span) }];
    });
  });
}

/** A passage of all text of an element; none if it is empty. */
export function elementPassage(element: Element | null | undefined): Passage[] {
  if (!element) return [];
  const text = speakable(element.textContent);
  const range = () => {
    const range = document.createRange();
    range.selectNodeContents(element);
    return range;
  };
  return text === '' ? [] : [{ text, range }];
}

/** Text as it is spoken: of web addresses only the host; empty without letters or digits. */
export function speakable(text: string): string {
  const plain = text.replace(ADDRESS, '$1').replace(/\s+/g, ' ').trim();
  return /[\p{L}\p{N}]/u.test(plain) ? plain : '';
}

/** Splits a long span after punctuation, else at a space. */
function split(text: string, { start, end }: Span): Span[] {
  const spans: Span[] = [];
  let from = start;
  while (end - from > LONGEST) {
    const part = text.slice(from, from + LONGEST);
    const pause = Math.max(
      ...[', ', '; ', ': ', ' – ', ' — '].map((mark) => part.lastIndexOf(mark)),
    );
    const cut = pause > LONGEST / 4 ? pause + 1 : part.lastIndexOf(' ');
    const length = cut > 0 ? cut : LONGEST;
    spans.push({ start: from, end: from + length });
    from += length;
  }
  spans.push({ start: from, end });
  return spans;
}
