// How the reader's settings become the CSS variables of articles and lists.

import type { Settings } from '../backend';

/** `ch` is the width of a zero; an average letter is narrower. */
const CH_PER_LETTER = 0.84;
/** The text size at which headlines and bylines have the size of the design, in pixels. */
const DESIGN_SIZE = 19;

/** The steps of the interface scale, in percent. */
export const SCALES: readonly number[] = [70, 80, 90, 100, 110, 125, 150, 175, 200];

/** The next larger or smaller step; the same at the ends. */
export function scaleStep(scale: number, by: 1 | -1): number {
  const next =
    by > 0 ? SCALES.find((one) => one > scale) : SCALES.filter((one) => one < scale).at(-1);
  return next ?? scale;
}

type Typography = Pick<
  Settings,
  'textSize' | 'lineWidth' | 'lineHeight' | 'serif' | 'articleFont' | 'hyphenate' | 'justify'
>;

export function readingVariables(settings: Typography): Record<string, string> {
  const fallback = settings.serif ? 'var(--serif)' : 'var(--sans)';
  const own = settings.articleFont;
  const face = own === '' ? fallback : `${quoted(own)}, ${fallback}`;
  return {
    '--read-size': `${settings.textSize}px`,
    '--read-scale': String(settings.textSize / DESIGN_SIZE),
    '--read-width': `${settings.lineWidth * CH_PER_LETTER}ch`,
    '--read-face': face,
    '--read-headline': own === '' ? 'var(--serif)' : face,
    '--leading-read': String(settings.lineHeight / 100),
    '--read-hyphens': settings.hyphenate ? 'auto' : 'manual',
    '--read-align': settings.justify ? 'justify' : 'start',
  };
}

/** A font's name as a CSS string. */
function quoted(name: string): string {
  return `"${name.replace(/["\\\n\r\f]/g, '')}"`;
}
