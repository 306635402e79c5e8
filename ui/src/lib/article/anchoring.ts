// Describing a passage so that it is found again in a text that has changed a little, and finding it:
// W3C Web Annotation's text quote with its context, and its position as a hint.
// https://www.w3.org/TR/annotation-model/#selectors

import search from 'approx-string-match';

import type { TextQuote } from '../backend';
import type { Span } from './textRanges';

/** Length of the context on either side, in UTF-16 code units. */
const CONTEXT = 48;
/** Share of a passage that may differ. */
const TOLERANCE = 0.25;
/** A passage shorter than this is too common to be found by similarity alone: its context has to agree. */
const SHORT = 20;
/** Minimum agreement of the context of a short passage, from 0 to 1. */
const AGREEING = 0.7;

/** Describes a span of a text. */
export function describe(text: string, { start, end }: Span): TextQuote {
  return {
    exact: text.slice(start, end),
    prefix: text.slice(whole(text, Math.max(0, start - CONTEXT)), start),
    suffix: text.slice(end, whole(text, Math.min(text.length, end + CONTEXT))),
    start: codePoints(text, start),
    end: codePoints(text, end),
  };
}

/** The span of a passage, or the most similar one; `null` if there is none similar enough. */
export function anchor(text: string, quote: TextQuote): Span | null {
  if (quote.exact === '') return null;
  const hint = codeUnits(text, quote.start);
  const spans = exactSpans(text, quote.exact);
  const found = spans.length > 0 ? spans : similarSpans(text, quote.exact);
  let best: Span | null = null;
  let bestScore = -1;
  for (const { errors, ...span } of found) {
    const context = contextOf(text, span, quote);
    const doubtful = errors > 0 && quote.exact.length < SHORT;
    if (doubtful && context < AGREEING) continue;
    const near = 1 - Math.abs(span.start - hint) / Math.max(text.length, 1);
    const score = 4 * (1 - errors / quote.exact.length) + 3 * context + near;
    if (score > bestScore) [best, bestScore] = [span, score];
  }
  return best;
}

interface Found extends Span {
  /** Number of insertions, deletions and substitutions. */
  errors: number;
}

function exactSpans(text: string, exact: string): Found[] {
  const found: Found[] = [];
  for (let at = text.indexOf(exact); at >= 0; at = text.indexOf(exact, at + 1))
    found.push({ start: at, end: at + exact.length, errors: 0 });
  return found;
}

function similarSpans(text: string, exact: string): Found[] {
  const most = Math.floor(exact.length * TOLERANCE);
  return most === 0 ? [] : search(text, exact, most);
}

/** How far the text around a span agrees with a passage's context, from 0 to 1. */
function contextOf(text: string, span: Span, { prefix, suffix }: TextQuote): number {
  const before = text.slice(Math.max(0, span.start - prefix.length), span.start);
  const after = text.slice(span.end, span.end + suffix.length);
  return (similarity(before, prefix) + similarity(after, suffix)) / 2;
}

function similarity(text: string, wanted: string): number {
  if (wanted === '' || text === wanted) return 1;
  if (text === '') return 0;
  const found = search(text, wanted, wanted.length);
  return 1 - Math.min(wanted.length, ...found.map(({ errors }) => errors)) / wanted.length;
}

/** Moves an offset between the halves of a surrogate pair before it. */
function whole(text: string, offset: number): number {
  const code = text.charCodeAt(offset);
  return code >= 0xdc00 && code <= 0xdfff ? offset - 1 : offset;
}

function codePoints(text: string, offset: number): number {
  let count = 0;
  for (let at = 0; at < offset; count++) at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
  return count;
}

function codeUnits(text: string, count: number): number {
  let at = 0;
  for (let left = count; left > 0 && at < text.length; left--)
    at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
  return at;
}
