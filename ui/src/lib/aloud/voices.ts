// Voices and their languages.

/** A voice of the system or of the web view. */
export interface Voice {
  /** Kept in the settings. */
  id: string;
  name: string;
  /** BCP 47. */
  language: string;
}

/** The primary subtag of a language, in its usual form: `in_ID` is `id`, `cmn` is `zh`. */
export function primary(tag: string): string {
  const [canonical = ''] = canonicalized(tag);
  return canonical.split('-')[0] ?? '';
}

function canonicalized(tag: string): string[] {
  try {
    return Intl.getCanonicalLocales(tag.replaceAll('_', '-'));
  } catch {
    return [];
  }
}

/** The voices of a language, in their order. */
export function voicesOf(voices: readonly Voice[], language: string): Voice[] {
  const wanted = primary(language);
  return voices.filter((voice) => primary(voice.language) === wanted);
}

/**
 * The voice for a language: the chosen one, else one of the same tag, else one of the language's most
 * likely region, else any of the language; `null` if there is none.
 */
export function voiceFor(
  voices: readonly Voice[],
  language: string,
  chosen: string | undefined,
): Voice | null {
  const fitting = voicesOf(voices, language);
  const like = (tag: string) =>
    fitting.find((voice) => canonicalized(voice.language)[0] === canonicalized(tag)[0]);
  return (
    fitting.find((voice) => voice.id === chosen) ??
    like(language) ??
    like(likely(language)) ??
    fitting[0] ??
    null
  );
}

function likely(language: string): string {
  const { language: base, region } = new Intl.Locale(primary(language) || 'und').maximize();
  return region ? `${base}-${region}` : base;
}
