// What was forwarded where and when, in one line.

import type { ForwardRecord } from '../backend';
import { t, type MessageKey } from '../i18n/messages.svelte';

const WORDS: Record<ForwardRecord['state'], MessageKey> = {
  opened: 'article.forwarded',
  copied: 'share.copiedFor',
  waiting: 'share.waitingFor',
  failed: 'share.failedTo',
};

/** `when` in the reader's words, e.g. "3 hours ago". */
export function historyText(record: ForwardRecord, when: string): string {
  const saved = record.byItself && record.state === 'opened';
  const line = t(saved ? 'share.savedTo' : WORDS[record.state], {
    channel: record.channelName,
    ago: when,
  });
  return record.editedSince ? `${line} · ${t('share.edited')}` : line;
}
