// Which channels are offered, in which order, and how each counts.

import type { ShareChannel, ShareUnit, Subject } from '../backend';
import { i18n, t } from '../i18n/i18n.svelte';

/** Always in sight beside the people that the reader has saved; the others are a press away. */
const IN_SIGHT = 4;

/** Whether a channel can carry that at all. */
export function takes(channel: ShareChannel, subject: Subject): boolean {
  switch (subject.kind) {
    case 'digest':
      return channel.takesSeveral;
    case 'story':
      return channel.means !== 'file';
    default:
      return true;
  }
}

/** The channels that come first, in the reader's order, and the rest. */
export function arranged(channels: readonly ShareChannel[]): {
  first: ShareChannel[];
  rest: ShareChannel[];
} {
  const shown = channels.filter((channel) => !channel.hidden);
  let places = IN_SIGHT;
  let full = false;
  const first = shown.filter((channel) => {
    if (full) return false;
    if (isPerson(channel.id)) return true;
    places -= 1;
    full = places < 0;
    return !full;
  });
  return { first, rest: shown.filter((channel) => !first.includes(channel)) };
}

/** Somebody on WhatsApp. */
export function isPerson(id: string): boolean {
  return id.startsWith('whatsapp:');
}

export function isWhatsApp(id: string): boolean {
  return id === 'whatsapp' || isPerson(id) || id === 'whatsapp-channel';
}

/** "Indonesia (Indonesia)", "Amerika Serikat (Inggris)": country and language of an edition. */
export function editionName(language: string, country: string): string {
  const name = (type: 'language' | 'region', code: string) => {
    try {
      return new Intl.DisplayNames(i18n.locale, { type }).of(code) ?? code;
    } catch {
      return code;
    }
  };
  return t('forward.edition', {
    country: name('region', country),
    language: name('language', language),
  });
}

/** How long a message is, as the engine counts it against a limit. */
export function counted(text: string, unit: ShareUnit): number {
  switch (unit) {
    case 'characters':
      return Array.from(text).length;
    case 'graphemes':
      return clusters(text).length;
    case 'weighted':
      return text
        .split(/(?<=\s)/u)
        .reduce((sum, word) => sum + (/^https?:\/\//.test(word) ? link(word) : weigh(word)), 0);
  }
}

/** X counts every link as 23, whatever its length. */
function link(word: string): number {
  return 23 + weigh(/\s*$/u.exec(word)?.[0] ?? '');
}

function weigh(text: string): number {
  return clusters(text).reduce((sum, cluster) => sum + weight(cluster), 0);
}

const EMOJI = /[\u{1F000}-\u{1FAFF}\u{2600}-\u{27BF}]|\u{20E3}|\u{FE0F}|[\u{E0020}-\u{E007F}]/u;
/** Ranges of code points that X weighs as 1. */
const LIGHT: readonly [number, number][] = [
  [0, 0x10ff],
  [0x2000, 0x200d],
  [0x2010, 0x201f],
  [0x2032, 0x2037],
];

function weight(cluster: string): number {
  if (EMOJI.test(cluster)) return 2;
  return Array.from(cluster).reduce((sum, one) => {
    const point = one.codePointAt(0) ?? 0;
    return sum + (LIGHT.some(([from, to]) => point >= from && point <= to) ? 1 : 2);
  }, 0);
}

function clusters(text: string): string[] {
  const segmenter = new Intl.Segmenter('und', { granularity: 'grapheme' });
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}
