// The UI's texts in the language set. Messages are never concatenated; numbers in them are written
// as the language writes them.

import type { MessageKey } from './en';
import { english } from './en';
import type { Language, Message, Plural } from './language';
import { languageFor, LANGUAGES } from './languages';

export type { MessageKey } from './en';
export type Params = Record<string, string | number>;

class I18n {
  current = $state.raw<Language<MessageKey>>(LANGUAGES[0]);
  readonly numbers = $derived(new Intl.NumberFormat(this.current.locale));
  readonly plurals = $derived(new Intl.PluralRules(this.current.locale));
  #locked = false;

  /** Takes any BCP 47 tag. */
  setLanguage(tag: string): void {
    if (!this.#locked) this.current = languageFor(tag);
  }

  /** Overrides the language of the settings in tests; `null` ends that. */
  lock(language: Language<MessageKey> | null): void {
    this.#locked = language !== null;
    if (language) this.current = language;
  }

  /** BCP 47. */
  get language(): string {
    return this.current.tag;
  }

  /** For `Intl`: the language with its region. */
  get locale(): string {
    return this.current.locale;
  }
}

export const i18n = new I18n();

/** The message in the language set. */
export function t(key: MessageKey, params: Params = {}): string {
  const message: Message = i18n.current.messages[key];
  return fill(typeof message === 'string' ? message : select(message, params.count), params);
}

/** Whether there is such a message, for keys made from the engine's codes. */
export function hasMessage(key: string): key is MessageKey {
  return Object.hasOwn(english.messages, key);
}

function select(message: Plural, count: string | number | undefined): string {
  const category = typeof count === 'number' ? i18n.plurals.select(count) : 'other';
  return message[category] ?? message.other;
}

function fill(text: string, params: Params): string {
  return text.replace(/\{(\w+)\}/g, (placeholder, name: string) => {
    const value = params[name];
    if (value === undefined) return placeholder;
    return typeof value === 'number' ? i18n.numbers.format(value) : value;
  });
}
