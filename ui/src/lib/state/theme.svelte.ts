// The colour theme: the reader's choice, by default the system's.

import { MediaQuery } from 'svelte/reactivity';

import type { Theme } from '../backend';

export type Shown = 'light' | 'dark' | 'sepia' | 'contrast' | 'contrast-dark';

export class ReaderTheme {
  #dark = new MediaQuery('(prefers-color-scheme: dark)', false);
  #contrast = new MediaQuery('(prefers-contrast: more)', false);

  shown(theme: Theme): Shown {
    return shownTheme(theme, this.#dark.current, this.#contrast.current);
  }
}

export function shownTheme(theme: Theme, dark: boolean, contrast: boolean): Shown {
  if (theme === 'contrast') return dark ? 'contrast-dark' : 'contrast';
  if (theme === 'contrastDark') return 'contrast-dark';
  if (theme !== 'system') return theme;
  if (contrast) return dark ? 'contrast-dark' : 'contrast';
  return dark ? 'dark' : 'light';
}
