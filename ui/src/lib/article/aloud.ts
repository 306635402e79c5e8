// The texts that are read aloud of an article, and the voice.

/** Maximum length of an utterance in characters. */
const LONGEST = 1200;

/** The headline, then the text by paragraphs, without notes on missing pictures. */
export function parts(title: string, html: string): string[] {
  const body = new DOMParser().parseFromString(html, 'text/html').body;
  for (const silent of body.querySelectorAll('.picture-missing, pre, table')) silent.remove();
  const blocks = [...body.querySelectorAll('p, li, h2, h3, h4, h5, h6, figcaption, dd, dt')];
  const texts = blocks
    .filter((block) => !block.querySelector('p, li'))
    .map((block) => block.textContent);
  const all = texts.length > 0 ? texts : [body.textContent];
  return [title, ...all]
    .map((text) => text.replace(/\s+/g, ' ').trim())
    .filter((text) => text !== '')
    .flatMap(cut);
}

/** Cuts a long text after sentences. */
function cut(text: string): string[] {
  if (text.length <= LONGEST) return [text];
  const pieces: string[] = [];
  let piece = '';
  for (const sentence of text.split(/(?<=[.!?…]) /)) {
    if (piece !== '' && piece.length + sentence.length > LONGEST) {
      pieces.push(piece);
      piece = '';
    }
    piece = piece === '' ? sentence : `${piece} ${sentence}`;
  }
  return piece === '' ? pieces : [...pieces, piece];
}

/** A voice for the language, preferably a local one; `undefined` uses the system's default. */
export function voiceFor(
  voices: readonly SpeechSynthesisVoice[],
  language: string | null,
): SpeechSynthesisVoice | undefined {
  if (!language) return undefined;
  const primary = (tag: string) => tag.toLowerCase().split(/[-_]/)[0];
  const fitting = voices.filter((voice) => primary(voice.lang) === primary(language));
  return fitting.find((voice) => voice.localService) ?? fitting[0];
}
