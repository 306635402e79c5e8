// Why nothing is read aloud, in words.

import { t, type MessageKey } from '../i18n/i18n.svelte';
import { languageName } from '../i18n/names';
import type { AloudProblem } from '../state/aloud.svelte';

/** `language`: the one that was to be read. */
export function problemText(problem: AloudProblem, language: string | null): string {
  const key: MessageKey = `aloud.problem.${problem}`;
  return t(key, { language: language === null ? '' : languageName(language) });
}
