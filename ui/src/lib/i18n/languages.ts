// The languages of the UI, in the order in which they are offered.

import { english, type MessageKey } from './en';
import { indonesian } from './id';
import type { Language } from './language';

export const LANGUAGES: readonly [Language<MessageKey>, ...Language<MessageKey>[]] = [
  indonesian,
  english,
];

/** For readers whose language the UI does not have. */
const FALLBACK = english;

/** The language for any BCP 47 tag. */
export function languageFor(tag: string): Language<MessageKey> {
  const primary = tag.toLowerCase().split(/[-_]/)[0] ?? '';
  return LANGUAGES.find((one) => one.tag === primary || one.aliases.includes(primary)) ?? FALLBACK;
}
