// Translated texts for failures.

import type { Failure, Problem, ProblemCode } from '../backend';
import { hasMessage, t } from '../i18n/i18n.svelte';

export function failureText(failure: Failure): string {
  const channel = `channel.${failure.detail}`;
  if (failure.code === 'closedChannel' && hasMessage(channel)) return t(channel);
  return t(`failure.${failure.code}`, { message: failure.message });
}

/** Why a text or picture is missing, or an item not sent; a phrase without a full stop. */
export function reasonText(code: ProblemCode): string {
  return t(`reason.${code}`);
}

/** The reason for a failure whose detail is a problem code. */
export function detailText({ detail }: Failure): string {
  const key = `reason.${detail}`;
  return t(hasMessage(key) ? key : 'reason.other');
}

/** Why a feed could not be fetched; a sentence. */
export function problemText({ code }: Pick<Problem, 'code'>): string {
  return t(`problem.${code}`);
}
