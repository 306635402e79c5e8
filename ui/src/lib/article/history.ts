// One line about a past forward: where and when.

import type { ForwardRecord } from '../backend';
import { hasMessage, t, type MessageKey } from '../i18n/i18n.svelte';

const WORDS: Record<ForwardRecord['state'], MessageKey> = {
  opened: 'article.forwarded',
  copied: 'share.copiedFor',
  waiting: 'share.waitingFor',
  failed: 'share.failedTo',
};

/** `when` is translated, e.g. "3 hours ago". */
export function historyText(record: ForwardRecord, when: string): string {
  const line = t(words(record), { channel: record.channelName, ago: when });
  return record.editedSince ? `${line} · ${t('share.edited')}` : line;
}

function words({ byItself, channel, state }: ForwardRecord): MessageKey {
  if (byItself && state === 'opened') return 'share.savedTo';
  // Only the system knows whether the share sheet's message was sent.
  const own = `share.history.${channel}.${state}`;
  return hasMessage(own) ? own : WORDS[state];
}
