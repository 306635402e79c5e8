// Which channels are offered, their order, and how each counts a message's length.

import type { ShareChannel, ShareUnit, Subject } from '../backend';
import { t } from '../i18n/i18n.svelte';
import { languageName, regionName } from '../i18n/names';

/** Number of channels always shown beside saved contacts; the others are behind "More". */
const IN_SIGHT = 4;

/** Whether a channel supports this kind of subject. */
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

/** The channels shown at once, in the reader's order, and the rest. */
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

/** Whether a channel is a WhatsApp contact. */
export function isPerson(id: string): boolean {
  return id.startsWith('whatsapp:');
}

export function isWhatsApp(id: string): boolean {
  return id === 'whatsapp' || isPerson(id) || id === 'whatsapp-channel';
}

/** Country and language of an edition: "Amerika Serikat, bahasa Inggris". */
export function editionName(language: string, country: string): string {
  return t('forward.edition', {
    country: regionName(country),
    language: languageName(language),
  });
}

/** A message's length as the engine counts it. */
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

/** X counts every link as 23 characters. */
function link(word: string): number {
  return 23 + weigh(/\s*$/u.exec(word)?.[0] ?? '');
}

function weigh(text: string): number {
  return clusters(text).reduce((sum, cluster) => sum + weight(cluster), 0);
}

const EMOJI = /[\u{1F000}-\u{1FAFF}\u{2600}-\u{27BF}]|\u{20E3}|\u{FE0F}|[\u{E0020}-\u{E007F}]/u;
/** Code point ranges that X counts as 1; others as 2. */
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
