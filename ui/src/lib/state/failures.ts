// Translated texts for failures.

import type { Failure, Problem } from '../backend';
import { hasMessage, t } from '../i18n/i18n.svelte';

export function failureText(failure: Failure): string {
  return t(`failure.${failure.code}`, { message: failure.message });
}

/** Why a text or picture is missing; a phrase that ends a sentence. */
export function reasonText(code: string): string {
  const key = `reason.${code}`;
  return hasMessage(key) ? t(key) : t('reason.other');
}

export function problemText(problem: Problem): string {
  const key = `problem.${problem.code}`;
  return hasMessage(key) ? t(key) : t('problem.other');
}
