// The app's words in the reader's language. Messages are plain strings with `{name}` places, or one
// string for each plural category that the language has; `{count}` picks. Nothing is concatenated.

import dialogsEn from '../../../messages/dialogs.en.json';
import dialogsId from '../../../messages/dialogs.id.json';
import panesEn from '../../../messages/en.json';
import panesId from '../../../messages/id.json';
import storiesEn from '../../../messages/stories.en.json';
import storiesId from '../../../messages/stories.id.json';
import packsEn from '../../../messages/packs.en.json';
import packsId from '../../../messages/packs.id.json';
import shareEn from '../../../messages/share.en.json';
import shareId from '../../../messages/share.id.json';

export type Language = 'id' | 'en';
type Plural = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };
type Message = string | Plural;

export type MessageKey = keyof (typeof panesEn &
  typeof dialogsEn &
  typeof storiesEn &
  typeof packsEn &
  typeof shareEn);
export type Params = Record<string, string | number>;

const messages: Record<Language, Record<string, Message>> = {
  id: { ...panesId, ...dialogsId, ...storiesId, ...packsId, ...shareId },
  en: { ...panesEn, ...dialogsEn, ...storiesEn, ...packsEn, ...shareEn },
};

class Speech {
  language = $state<Language>('id');
  readonly numbers = $derived(new Intl.NumberFormat(this.language));
  readonly plurals = $derived(new Intl.PluralRules(this.language));

  /** Takes any BCP 47 tag: Indonesian and Malay read Indonesian, everyone else English. */
  speak(tag: string): void {
    const primary = tag.toLowerCase().split(/[-_]/)[0];
    this.language = primary === 'id' || primary === 'in' || primary === 'ms' ? 'id' : 'en';
  }
}

export const speech = new Speech();

/** The message in the reader's language. Numbers are written as that language writes them. */
export function t(key: MessageKey, params: Params = {}): string {
  const message = messages[speech.language][key] ?? messages.en[key] ?? key;
  return fill(typeof message === 'string' ? message : pick(message, params.count), params);
}

/** Whether there is such a message, for keys made from the engine's codes. */
export function hasMessage(key: string): key is MessageKey {
  return Object.hasOwn(messages.en, key);
}

function pick(message: Plural, count: string | number | undefined): string {
  const category = typeof count === 'number' ? speech.plurals.select(count) : 'other';
  return message[category] ?? message.other;
}

function fill(text: string, params: Params): string {
  return text.replace(/\{(\w+)\}/g, (place, name: string) => {
    const value = params[name];
    if (value === undefined) return place;
    return typeof value === 'number' ? speech.numbers.format(value) : value;
  });
}
