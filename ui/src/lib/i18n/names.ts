// Names of languages and regions in the reader's language.

import { names } from './formatters';

/** The code itself where it has no name. */
function nameOf(type: 'region' | 'language', code: string): string {
  try {
    return names(type).of(code) ?? code;
  } catch {
    return code;
  }
}

/** `tag` as in BCP 47. */
export function languageName(tag: string): string {
  return nameOf('language', tag);
}

/** `code` as in ISO 3166-1 (two letters). */
export function regionName(code: string): string {
  return nameOf('region', code);
}
