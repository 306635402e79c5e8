// What went wrong, in the reader's words.

import type { Failure, Problem } from '../backend';
import { hasMessage, t } from '../i18n/messages.svelte';

export function failureText(failure: Failure): string {
  return t(`failure.${failure.code}`, { message: failure.message });
}

export function problemText(problem: Problem): string {
  const key = `problem.${problem.code}`;
  return hasMessage(key) ? t(key) : t('problem.other');
}
