// Two invented languages made from English, for tests only: accented and a third longer, and the same
// from right to left. A text on screen without their marks bypasses the messages files. Dates and units
// come from a real locale whose script no other text uses.

import { english, type MessageKey } from './en';
import type { Language, Message } from './language';

/** Every message is put between these. */
export const MARKS = ['⟦', '⟧'] as const;

const LETTERS = new Map(
  Array.from(
    'aåbƀcçdðeéfƒgĝhĥiîjĵkķlļmɱnñoöpþqǫrŕsštţuûvṽwŵxẋyýzž'.matchAll(/(.)(.)/gu),
    (pair) => [pair[1] ?? '', pair[2] ?? ''],
  ),
);

function accent(text: string): string {
  // Placeholders stay as they are.
  return text
    .split(/(\{\w+\})/)
    .map((part) =>
      part.startsWith('{')
        ? part
        : Array.from(part, (letter) => {
            const accented = LETTERS.get(letter.toLowerCase()) ?? letter;
            return letter === letter.toLowerCase() ? accented : accented.toUpperCase();
          }).join(''),
    )
    .join('');
}

function pseudoText(text: string): string {
  const padding = '·'.repeat(Math.ceil(text.length / 3));
  return `${MARKS[0]}${accent(text)}${padding}${MARKS[1]}`;
}

function pseudoMessage(message: Message): Message {
  if (typeof message === 'string') return pseudoText(message);
  const forms = Object.entries(message).map(([category, text]) => [category, pseudoText(text)]);
  return { other: '', ...(Object.fromEntries(forms) as Partial<Record<string, string>>) };
}

const messages = Object.fromEntries(
  Object.entries(english.messages).map(([key, message]) => [key, pseudoMessage(message)]),
) as Record<MessageKey, Message>;

export const PSEUDO_LANGUAGES: readonly Language<MessageKey>[] = [
  { ...english, tag: 'en-XA', name: 'Accented', locale: 'hy', messages },
  { ...english, tag: 'ar-XB', name: 'Right to left', locale: 'he', direction: 'rtl', messages },
];

export function pseudoLanguage(tag: string): Language<MessageKey> | null {
  return PSEUDO_LANGUAGES.find((language) => language.tag === tag) ?? null;
}
