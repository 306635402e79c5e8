// The sentences of an article, so that a passage can be selected without a pointer.

import type { ArticleText, Span } from './textRanges';

/** The spans of the sentences, block by block. */
export function sentences(text: ArticleText, language: string | null): Span[] {
  const segmenter = new Intl.Segmenter(language ?? undefined, { granularity: 'sentence' });
  return text.blocks().flatMap((block) => {
    const part = text.text.slice(block.start, block.end);
    return [...segmenter.segment(part)].flatMap(({ segment, index }) => {
      const start = block.start + index + (segment.length - segment.trimStart().length);
      const end = block.start + index + segment.trimEnd().length;
      return end > start ? [{ start, end }] : [];
    });
  });
}
