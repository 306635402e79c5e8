// Translated reasons why something cannot be forwarded.

import type { Failure } from '../backend';
import { hasMessage, t } from '../i18n/i18n.svelte';
import { failureText } from '../state/failures';

export function forwardFailureText(failure: Failure): string {
  const key = `share.error.${failure.detail}`;
  return failure.code === 'cannotForward' && hasMessage(key) ? t(key) : failureText(failure);
}
