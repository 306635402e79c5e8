// Changes to the text of a query. What the text means is decided by the engine: it names each filter's
// and problem's place in the text, and this puts text there or takes it out.

import type { SearchFilter, SearchProblem, SearchSort } from '../backend';
import { i18n } from '../i18n/i18n.svelte';

type Span = Pick<SearchFilter, 'start' | 'end'>;

/** What the reader can add to a query. */
export type NewFilter =
  | { kind: 'feed' | 'folder' | 'tag' | 'language'; value: string }
  | { kind: 'saved' | 'unread' | 'read' | 'inTitle' }
  | { kind: 'after' | 'before' | 'on'; value: string }
  | { kind: 'sort'; sort: SearchSort };

/** The operators as they are written in a language; the engine understands all of them. */
const ENGLISH = {
  feed: 'feed',
  folder: 'folder',
  tag: 'tag',
  language: 'lang',
  saved: 'is:saved',
  unread: 'is:unread',
  read: 'is:read',
  inTitle: 'in:title',
  title: 'title',
  after: 'after',
  before: 'before',
  on: 'on',
  today: 'today',
  yesterday: 'yesterday',
  relevance: 'sort:relevance',
  newest: 'sort:newest',
  oldest: 'sort:oldest',
} as const;
type Syntax = Record<keyof typeof ENGLISH, string>;

const INDONESIAN: Syntax = {
  feed: 'sumber',
  folder: 'folder',
  tag: 'label',
  language: 'bahasa',
  saved: 'is:tersimpan',
  unread: 'is:belum-dibaca',
  read: 'is:dibaca',
  inTitle: 'di:judul',
  title: 'judul',
  after: 'sejak',
  before: 'sebelum',
  on: 'pada',
  today: 'hari-ini',
  yesterday: 'kemarin',
  relevance: 'urut:relevansi',
  newest: 'urut:terbaru',
  oldest: 'urut:terlama',
};

export function syntax(): Syntax {
  return i18n.locale.startsWith('id') ? INDONESIAN : ENGLISH;
}

/** A value in quotation marks: then a name that is equal is preferred to one that contains it. */
function quoted(value: string): string {
  return `"${value.replace(/["“”„«»]/g, ' ').trim()}"`;
}

export function filterText(filter: NewFilter): string {
  const words = syntax();
  switch (filter.kind) {
    case 'feed':
    case 'folder':
    case 'tag':
      return `${words[filter.kind]}:${quoted(filter.value)}`;
    case 'language':
    case 'after':
    case 'before':
    case 'on':
      return `${words[filter.kind]}:${/\s/.test(filter.value) ? quoted(filter.value) : filter.value}`;
    case 'sort':
      return words[filter.sort];
    default:
      return words[filter.kind];
  }
}

/** The query without a part of it. */
export function without(query: string, { start, end }: Span): string {
  const before = query.slice(0, start).trimEnd();
  const after = query.slice(end).trimStart();
  return before !== '' && after !== '' ? `${before} ${after}` : before + after;
}

export function withoutAll(query: string, spans: readonly Span[]): string {
  const fromEnd = [...spans].sort((a, b) => b.start - a.start);
  return fromEnd.reduce(without, query);
}

/** Adds a filter at the start, so that an unfinished word at the end stays intact. */
export function withFilter(query: string, filter: NewFilter): string {
  return `${filterText(filter)} ${query}`.trim();
}

export function mended(query: string, problem: SearchProblem): string {
  const { replacement, start, end } = problem;
  if (!replacement) return without(query, problem);
  return query.slice(0, start) + replacement + query.slice(end);
}

/** The filters that a new one takes the place of: an article has one date, and one reading state. */
export function replacedBy(filter: NewFilter, filters: readonly SearchFilter[]): SearchFilter[] {
  const dates = ['after', 'before', 'on'];
  const isReplaced = ({ kind }: SearchFilter) => {
    if (dates.includes(filter.kind)) return dates.includes(kind);
    if (filter.kind === 'unread' || filter.kind === 'read')
      return kind === 'unread' || kind === 'read';
    return filter.kind === kind && !['feed', 'folder', 'tag', 'language'].includes(kind);
  };
  return filters.filter(isReplaced);
}
