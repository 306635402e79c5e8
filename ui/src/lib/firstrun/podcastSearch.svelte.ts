// The search of Apple's podcast directory. Words leave this computer only by `search`, which the reader
// asks for.

import { asFailure, type Backend, type FoundPodcast } from '../backend';
import { failureText } from '../state/failures';
import { isAddress } from './catalogueSearch';

/** The words of what was typed, unless it is an address or the name of a channel. */
export function podcastWords(typed: string): string {
  const words = typed.trim();
  const isChannel = /^[@/#]|^[ru]\/\S+$|^[a-z]+:\S/i.test(words);
  return words.length < 2 || isChannel || isAddress(words) ? '' : words;
}

export class PodcastSearch {
  /** The words that were searched last. */
  words = $state('');
  found = $state.raw<readonly FoundPodcast[]>([]);
  searching = $state(false);
  /** Translated error text. */
  wrong = $state('');

  readonly #backend: Backend;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  /** Sends words to Apple. */
  async search(words: string): Promise<void> {
    if (words === '' || this.searching) return;
    this.searching = true;
    this.words = words;
    this.found = [];
    this.wrong = '';
    try {
      this.found = await this.#backend.searchPodcasts(words);
    } catch (thrown) {
      this.wrong = failureText(asFailure(thrown));
    }
    this.searching = false;
  }
}
