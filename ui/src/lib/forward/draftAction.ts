// What pressing the button does with a draft, and the texts that announce it.

import type { Draft, ShareChannel } from '../backend';
import { hasMessage, t } from '../i18n/i18n.svelte';
import { isWhatsApp } from './channels';

/** `showHere`: the dialog itself shows a picture card, a QR code or file formats; nothing is sent. */
export type DraftAction = 'open' | 'copy' | 'copyAndOpen' | 'save' | 'shareSheet' | 'showHere';

const ACTIONS: Record<ShareChannel['means'], DraftAction> = {
  open: 'open',
  copy: 'copy',
  copyAndOpen: 'copyAndOpen',
  service: 'save',
  system: 'shareSheet',
  qrCode: 'showHere',
  card: 'showHere',
  file: 'showHere',
};

export function draftAction(channel: ShareChannel): DraftAction {
  return ACTIONS[channel.means];
}

/** Whether the draft has to wait in the outbox until there is a network. */
export function mustWait(channel: ShareChannel, draft: Draft, offline: boolean): boolean {
  const reachesOut = draft.target !== null || draftAction(channel) === 'save';
  return offline && draft.needsNetwork && reachesOut;
}

/** The label of the button. */
export function actionLabel(channel: ShareChannel, waits: boolean): string {
  if (waits) return t('forward.later');
  switch (draftAction(channel)) {
    case 'copy':
      return t('forward.copy');
    case 'copyAndOpen':
      return t('share.copyAndOpen');
    case 'save':
      return t('share.saveTo', { channel: channel.name });
    case 'shareSheet':
      return channel.name;
    case 'open':
    case 'showHere':
      return channel.id === 'google-news'
        ? t('forward.find')
        : t('forward.to', { channel: channel.name });
  }
}

/** What will happen, in one line. */
export function actionText(channel: ShareChannel, draft: Draft, waits: boolean): string {
  const { name } = channel;
  const action = draftAction(channel);
  if (waits)
    return t(action === 'save' ? 'share.waitsAutomatic' : 'forward.waits', { channel: name });
  switch (action) {
    case 'save':
      return t('share.savesLink', { channel: name });
    case 'copyAndOpen':
      return t('share.copiesAndOpens', { channel: name });
    case 'shareSheet':
      return t('share.opensSheet');
    case 'copy':
    case 'open':
    case 'showHere':
      if (draft.target === null) return draft.copies ? t('forward.copies') : '';
      return targetText(draft.channel, name, draft.target);
  }
}

function targetText(channel: string, name: string, target: string): string {
  const key = `forward.target.${channel}`;
  if (!isWhatsApp(channel) && hasMessage(key)) return t(key);
  const inBrowser = /^https?:/.test(target);
  return t(inBrowser ? 'forward.target.web' : 'forward.target.app', { channel: name });
}

/** The app that the preview imitates; `null` if the message is only copied. */
export function previewName(channel: ShareChannel): string | null {
  const action = draftAction(channel);
  if (action === 'copy') return null;
  return action === 'shareSheet' ? t('share.sheetApp') : channel.name;
}
