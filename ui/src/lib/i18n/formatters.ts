// Formatters of `Intl` in the language set. Making one takes about a millisecond, and a list needs one for
// each row, so they are kept.

import { i18n } from './i18n.svelte';

const kept = new Map<string, unknown>();

function keep<T>(kind: string, options: object, make: () => T): T {
  const key = `${kind} ${i18n.locale} ${JSON.stringify(options)}`;
  let formatter = kept.get(key) as T | undefined;
  if (formatter === undefined) kept.set(key, (formatter = make()));
  return formatter;
}

export function relativeTimes(): Intl.RelativeTimeFormat {
  return keep('relative', {}, () => new Intl.RelativeTimeFormat(i18n.locale));
}

export function numbers(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  return keep('number', options, () => new Intl.NumberFormat(i18n.locale, options));
}

/** The time zone is the system's, which changes when the reader travels. */
export function dates(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const kind = `date ${new Date().getTimezoneOffset()}`;
  return keep(kind, options, () => new Intl.DateTimeFormat(i18n.locale, options));
}

/** Upper and lower case, and accents, decide last. */
export function collator(): Intl.Collator {
  return keep('collator', {}, () => new Intl.Collator(i18n.locale));
}

/** Names of languages or regions. */
export function names(type: 'region' | 'language'): Intl.DisplayNames {
  return keep('names', { type }, () => new Intl.DisplayNames(i18n.locale, { type }));
}
