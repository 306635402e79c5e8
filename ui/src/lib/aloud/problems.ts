// Why nothing is read aloud, in words.

import { i18n, t, type MessageKey } from '../i18n/i18n.svelte';
import type { AloudProblem } from '../state/aloud.svelte';

/** `language`: the one that was to be read. */
export function problemText(problem: AloudProblem, language: string | null): string {
  const key: MessageKey = `aloud.problem.${problem}`;
  return t(key, { language: language === null ? '' : languageName(language) });
}

/** The name of a language in the reader's language; its tag where it has none. */
export function languageName(tag: string): string {
  try {
    return new Intl.DisplayNames(i18n.locale, { type: 'language' }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}
