// The choice of a part of a web page as a feed: the lists that the page has, and what the reader's
// own selector gives.

import type { Backend, PageFeed, PageFeedKind, PagePreview } from '../backend';
import { Work } from '../state/work.svelte';

export class PageChoice {
  preview = $state.raw<PagePreview | null>(null);
  kind = $state<PageFeedKind>('headlineList');
  /** The name of the feed; the page's title at first. */
  title = $state('');
  /** Selector of the chosen list. */
  selector = $state('');
  /** The reader's own selector, as typed. */
  typed = $state('');
  readonly work = new Work();
  readonly #backend: Backend;
  readonly #address: string;
  /** The rule that `preview` was made for. */
  #shown = $state.raw<PageFeed | null>(null);

  /** `before` is the rule that the feed has, if it is one. */
  constructor(backend: Backend, address: string, before: PageFeed | null = null) {
    this.#backend = backend;
    this.#address = address;
    if (before) {
      this.kind = before.kind;
      this.typed = before.selector;
    }
  }

  /** The lists that can be chosen: of the typed selector only if it gives something. */
  readonly lists = $derived((this.preview?.lists ?? []).filter(({ total }) => total > 0));

  /** Whether the selector that was shown last matches nothing. */
  readonly isNothing = $derived.by(() => {
    if (!this.preview || this.#shown?.kind !== this.kind) return false;
    return this.kind === 'watch' ? this.preview.part === null : this.preview.lists[0]?.total === 0;
  });

  /** The rule to subscribe with; `null` while nothing is chosen. */
  readonly page = $derived.by((): PageFeed | null => {
    if (this.kind === 'watch') {
      return this.#shown?.kind === 'watch' && this.preview?.part ? this.#shown : null;
    }
    const chosen = this.lists.some(({ selector }) => selector === this.selector);
    return chosen ? { kind: 'headlineList', selector: this.selector } : null;
  });

  /** Fetches the page and shows its lists, and what the typed selector gives if there is one. */
  async show(): Promise<void> {
    const selector = this.typed.trim();
    const chosen = selector === '' ? null : { kind: this.kind, selector };
    await this.work.do(async () => {
      const preview = await this.#backend.previewPage(this.#address, chosen);
      this.preview = preview;
      this.#shown = chosen;
      if (this.title === '') this.title = preview.title;
      if (chosen?.kind === 'headlineList') this.selector = selector;
      else if (this.selector === '') this.selector = preview.lists[0]?.selector ?? '';
    });
  }
}
