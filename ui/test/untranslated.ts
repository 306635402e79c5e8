// Finds texts on screen that come neither from the messages files nor from the news. Used while a
// pseudo-language is shown, whose every message is marked.

import type { Backend } from '../src/lib/backend';
import { MARKS } from '../src/lib/i18n/pseudo';

/** Words that are the same in every language. */
const UNIVERSAL = [
  'Warta', 'Aa', 'OPML', 'EPUB', 'PDF', 'QR', 'MB', 'kB',
  'ms', 'GB', 'px',
  'Ctrl', 'Shift', 'Esc', 'Space', 'Enter', 'Home', 'End', 'PgUp', 'PgDn',
]; // prettier-ignore

/** What the reader may type, the article itself, and each language's name for itself. */
const EXEMPT = '[data-testid="article-body"], textarea, code, kbd, script, style, [lang] > option';

const ATTRIBUTES = ['aria-label', 'aria-valuetext', 'title', 'placeholder', 'alt'];

export interface Recorder {
  backend: Backend;
  /** Every text that the backend answered. */
  texts: Set<string>;
}

/** A backend whose answers and events are recorded. */
export function recorded(backend: Backend): Recorder {
  const texts = new Set<string>();
  const note = (value: unknown): void => {
    if (typeof value === 'string') {
      texts.add(value.trim());
      // Of addresses, parts are shown too.
      texts.add(value.replace(/^https?:\/\//, ''));
      texts.add(value.slice(value.lastIndexOf('/') + 1));
    } else if (typeof value === 'object' && value !== null) Object.values(value).forEach(note);
  };
  const commands = { ...backend } as unknown as Record<string, (...given: unknown[]) => unknown>;
  for (const [name, command] of Object.entries(commands)) {
    commands[name] = async (...given) => {
      const answer = await command(...given);
      note(answer);
      return answer;
    };
  }
  const listen: Backend['listen'] = (listener) =>
    backend.listen((event) => {
      note(event);
      listener(event);
    });
  return { backend: { ...(commands as unknown as Backend), listen }, texts };
}

/** What of a text is neither a marked message, nor a date or number, nor data. */
function rest(text: string, data: readonly string[]): string {
  let left = text;
  for (const known of data) left = left.replaceAll(known, ' ');
  const message = new RegExp(`${MARKS[0]}[^${MARKS.join('')}]*${MARKS[1]}`, 'gu');
  // A message may stand in another one.
  for (let before = ''; before !== left;) {
    before = left;
    left = left.replace(message, ' ');
  }
  return left
    .replace(/[\p{Script=Armenian}\p{Script=Hebrew}]+/gu, ' ')
    .split(/[^\p{L}\p{M}]+/u)
    .filter((word) => word.length > 1 && !UNIVERSAL.includes(word))
    .join(' ');
}

/** Texts and attributes in the document that bypass the messages files. */
export function untranslated(texts: ReadonlySet<string>): string[] {
  const data = [...texts].filter((text) => text.length > 3).sort((a, b) => b.length - a.length);
  const found = new Set<string>();
  const check = (text: string | null, where: string) => {
    if (text && /\p{L}/u.test(text) && !texts.has(text.trim()) && rest(text, data) !== '')
      found.add(`${where}: ${text.trim()}`);
  };
  for (const element of document.body.querySelectorAll('*')) {
    if (element.closest(EXEMPT)) continue;
    for (const name of ATTRIBUTES) check(element.getAttribute(name), `${element.tagName} ${name}`);
    for (const node of element.childNodes)
      if (node.nodeType === Node.TEXT_NODE) check(node.textContent, element.tagName);
  }
  return [...found];
}
