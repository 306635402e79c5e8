// What the channels are called, in the reader's language.

import type { ShareChannel } from '../backend';
import { hasMessage, speech, t } from '../i18n/messages.svelte';

/** Always in sight; the others are a press away. */
const FIRST = ['whatsapp', 'google-news', 'copy-link', 'email'];

export function channelName(id: string, name: string): string {
  const key = `forward.channel.${id}`;
  return hasMessage(key) ? t(key) : name;
}

/** The channels that come first, in their order, and the rest in the engine's. */
export function arranged(channels: readonly ShareChannel[]): {
  first: ShareChannel[];
  rest: ShareChannel[];
} {
  return {
    first: FIRST.flatMap((id) => channels.find((channel) => channel.id === id) ?? []),
    rest: channels.filter((channel) => !FIRST.includes(channel.id)),
  };
}

/** "Indonesia (Indonesia)", "Amerika Serikat (Inggris)": country and language of an edition. */
export function editionName(language: string, country: string): string {
  const name = (type: 'language' | 'region', code: string) => {
    try {
      return new Intl.DisplayNames(speech.language, { type }).of(code) ?? code;
    } catch {
      return code;
    }
  };
  return t('forward.edition', {
    country: name('region', country),
    language: name('language', language),
  });
}

/** Unicode characters, as the engine counts them against a limit. */
export function countCharacters(text: string): number {
  return Array.from(text).length;
}
