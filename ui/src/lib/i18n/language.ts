// What a language of the UI consists of. A new one is a file like `id.ts` and a line in `languages.ts`.

/** One string for each plural category that the language has; the parameter `count` selects it. */
export type Plural = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };

/** Text with `{name}` placeholders. */
export type Message = string | Plural;

export interface Language<Key extends string = string> {
  /** BCP 47, as kept in the settings and written into the document's `lang`. */
  tag: string;
  /** In the language itself, whatever language the UI shows. */
  name: string;
  /** Further primary tags whose readers get this language. */
  aliases: readonly string[];
  /** For dates: the region whose conventions are used. */
  locale: string;
  direction: 'ltr' | 'rtl';
  /** Between hours, minutes and seconds of a recording. */
  durationSeparator: string;
  messages: Record<Key, Message>;
}
