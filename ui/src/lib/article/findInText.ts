// Finds words in text that is shown, ignoring case and accents, also where markup splits the text.

/** A position in the document: a text node and an offset in it. */
interface Position {
  node: Text;
  offset: number;
}

export interface Match {
  start: Position;
  end: Position;
}

/** Folded text with the position of each of its UTF-16 units. */
interface SearchableText {
  text: string;
  starts: Position[];
  ends: Position[];
}

/** Elements that end a line; a match never spans two of them. */
const BLOCKS =
  'address, article, aside, blockquote, br, dd, details, div, dl, dt, figcaption, figure, footer, h1, h2, h3, h4, h5, h6, header, hr, li, ol, p, pre, section, summary, table, td, th, tr, ul';
/** What is not text to read. */
const SKIPPED = 'script, style, template, [hidden]';
/** Latin, Greek and Cyrillic accents, Arabic and Hebrew vowel signs, the Arabic tatweel. */
const ACCENTS = /[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670]|\u0640/g;
/** Characters without width: soft hyphen, joiners, direction marks, byte order mark. */
const INVISIBLE = /[\u00ad\u061c\u200b\u200c\u200e\u200f\u2060\ufeff]|\u200d/g;
const QUOTES: ReadonlyMap<string, string> = new Map([
  ['‘', "'"],
  ['’', "'"],
  ['ʼ', "'"],
  ['“', '"'],
  ['”', '"'],
  ['„', '"'],
  ['–', '-'],
  ['—', '-'],
  ['‑', '-'],
  ['−', '-'],
  ['ø', 'o'],
  ['ł', 'l'],
  ['đ', 'd'],
  ['ı', 'i'],
  ['æ', 'ae'],
  ['œ', 'oe'],
  ['ß', 'ss'],
]);
const BREAK = '\n';

/** One character folded; empty for accents and invisible characters. */
function foldCharacter(character: string): string {
  const plain = character.normalize('NFKD').replace(ACCENTS, '').replace(INVISIBLE, '');
  const lower = plain.toLowerCase().replace(ACCENTS, '');
  return QUOTES.get(lower) ?? lower;
}

/** Case, accents, kinds of quotation marks and white space folded away. */
export function fold(text: string): string {
  return Array.from(text, foldCharacter).join('').replace(/\s+/g, ' ');
}

/** The text of `roots` in order. */
export function searchable(roots: Iterable<Element>): SearchableText {
  const found: SearchableText = { text: '', starts: [], ends: [] };
  const units: string[] = [];
  const add = (unit: string, start: Position, end: Position) => {
    units.push(unit);
    found.starts.push(start);
    found.ends.push(end);
  };
  const last = () => units[units.length - 1];
  for (const root of roots) {
    let block: Element | null = null;
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_ALL, (node) =>
      node instanceof Element && node.matches(SKIPPED)
        ? NodeFilter.FILTER_REJECT
        : NodeFilter.FILTER_ACCEPT,
    );
    let broken = true;
    for (let node: Node | null = walker.currentNode; node; node = walker.nextNode()) {
      if (node instanceof Element && node.matches('br, hr')) broken = true;
      if (!(node instanceof Text)) continue;
      const own: Element | null = node.parentElement?.closest(BLOCKS) ?? null;
      const at: Position = { node, offset: 0 };
      if (units.length > 0 && (broken || own !== block) && last() !== BREAK) add(BREAK, at, at);
      broken = false;
      block = own;
      let offset = 0;
      for (const character of node.data) {
        const start = { node, offset };
        offset += character.length;
        const end = { node, offset };
        if (/\s/.test(character)) {
          if (last() !== ' ' && last() !== BREAK) add(' ', start, end);
          else if (last() === ' ') found.ends[found.ends.length - 1] = end;
          continue;
        }
        const folded = foldCharacter(character);
        // An accent of its own belongs to the letter before it.
        if (folded === '' && found.ends.length > 0) found.ends[found.ends.length - 1] = end;
        for (const unit of folded.split('')) add(unit, start, end);
      }
    }
  }
  found.text = units.join('');
  return found;
}

/** All places of `query` in the text, without overlaps. */
export function findAll(within: SearchableText, query: string): Match[] {
  const wanted = fold(query);
  if (wanted.trim() === '') return [];
  const matches: Match[] = [];
  for (let at = within.text.indexOf(wanted); at >= 0;) {
    const start = within.starts[at];
    const end = within.ends[at + wanted.length - 1];
    if (start && end) matches.push({ start, end });
    at = within.text.indexOf(wanted, at + wanted.length);
  }
  return matches;
}
