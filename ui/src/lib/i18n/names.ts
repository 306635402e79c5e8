// Names of languages and regions in the reader's language.

import { i18n } from './i18n.svelte';

/** Formatters are slow to make. */
const formatters = new Map<string, Intl.DisplayNames>();

/** The code itself where it has no name. */
function nameOf(type: 'region' | 'language', code: string): string {
  const key = `${type} ${i18n.locale}`;
  let names = formatters.get(key);
  if (!names) formatters.set(key, (names = new Intl.DisplayNames(i18n.locale, { type })));
  try {
    return names.of(code) ?? code;
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
