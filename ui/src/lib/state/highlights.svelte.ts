// Highlights and notes: those of the open article, and what the reader does to any.

import type { Highlight, HighlightChange, HighlightColour, TextQuote } from '../backend';
import { t } from '../i18n/i18n.svelte';
import { Answers } from './answers';
import type { Dialogs } from './dialogs.svelte';
import type { Reader } from './reader.svelte';
import type { Session } from './session.svelte';
import type { Toasts } from './toasts.svelte';

export const COLOURS: readonly HighlightColour[] = ['yellow', 'green', 'blue', 'pink'];

/** What shows the article's text: it knows what is selected in it. */
export interface Marker {
  /** The selected passage, if any. */
  selected: () => TextQuote | null;
  /** The highlight that the selection is in, if any. */
  at: () => number | null;
  /** Selects a sentence in sight; false if there is none. */
  selectSentence: () => boolean;
  /** Brings a highlight into sight; false if it is not in the text. */
  reveal: (id: number) => boolean;
  clear: () => void;
}

interface Parts {
  session: Session;
  reader: Reader;
  dialogs: Dialogs;
  toasts: Toasts;
}

export class Highlights {
  readonly #parts: Parts;
  readonly #answers = new Answers<Highlight[]>();
  #marker: Marker | null = null;
  /** The article whose highlights `shown` are, or will be. */
  #article: number | null = null;

  /** Of the open article, by their position. */
  shown = $state.raw<readonly Highlight[]>([]);
  /** Those of `shown` that were not found in the text. */
  lost = $state.raw<ReadonlySet<number>>(new Set());
  /** The colour used last. */
  colour = $state<HighlightColour>('yellow');
  /** Counts changes, so that lists know when to load again. */
  changes = $state(0);
  /** A highlight to bring into sight once the article with it is shown. */
  #wanted: number | null = null;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Called by what shows the article; the function that comes back ends it. */
  register(marker: Marker): () => void {
    this.#marker = marker;
    return () => {
      if (this.#marker === marker) this.#marker = null;
    };
  }

  async load(article: number): Promise<void> {
    const { session } = this.#parts;
    if (this.#article !== article) [this.shown, this.lost] = [[], new Set()];
    this.#article = article;
    const answer = this.#answers.of(session.backend.articleHighlights(article));
    const found = await session.attempt(answer);
    if (found && this.#article === article) this.shown = found;
  }

  /** Reports which of the shown highlights are not in the text. */
  found(article: number, lost: readonly number[]): void {
    const { session } = this.#parts;
    if (article !== this.#article) return;
    this.lost = new Set(lost);
    const changed = this.shown.some((one) => one.lost !== this.lost.has(one.id));
    if (changed) void session.attempt(session.backend.setLostHighlights(article, [...lost]));
    if (this.#wanted === null || !this.shown.some((one) => one.id === this.#wanted)) return;
    if (this.#marker?.reveal(this.#wanted) === false) this.#parts.toasts.show(t('highlights.lost'));
    this.#wanted = null;
  }

  /** Marks what is selected; inside a highlight, opens that; without a selection, selects a sentence. */
  async press(): Promise<void> {
    const marker = this.#marker;
    if (!marker) return;
    const inside = marker.at();
    if (inside !== null) this.edit(inside);
    else if (marker.selected()) await this.mark();
    else if (!marker.selectSentence()) this.#parts.toasts.show(t('highlights.select'));
  }

  /** Marks what is selected. */
  async mark(colour: HighlightColour = this.colour): Promise<Highlight | undefined> {
    const { session, toasts } = this.#parts;
    const quote = this.#marker?.selected();
    const article = this.#article;
    if (!quote || article === null) return undefined;
    this.colour = colour;
    const made = await session.attempt(
      session.backend.addHighlight({ article, quote, colour, note: '' }),
    );
    if (!made) return undefined;
    this.changes++;
    await this.load(article);
    toasts.show(t('highlights.added'), {
      label: t('undo'),
      undoes: true,
      run: () => void this.remove([made.id], false),
    });
    return made;
  }

  /** Marks what is selected, and asks for a note. */
  async note(): Promise<void> {
    const made = await this.mark();
    if (made) this.#parts.dialogs.open({ kind: 'highlight', highlight: made });
  }

  edit(id: number): void {
    const highlight = this.shown.find((one) => one.id === id);
    if (highlight) this.#parts.dialogs.open({ kind: 'highlight', highlight });
  }

  async change(id: number, change: HighlightChange): Promise<boolean> {
    const { session } = this.#parts;
    if (change.colour !== null) this.colour = change.colour;
    const changed = await session.attempt(session.backend.changeHighlight(id, change));
    if (!changed) return false;
    await this.#changed();
    return true;
  }

  async remove(ids: number[], undoable = true): Promise<void> {
    const { session, toasts } = this.#parts;
    const done = await session.attempt(session.backend.removeHighlights(ids).then(() => true));
    if (!done) return;
    await this.#changed();
    if (undoable)
      toasts.show(t('highlights.removed', { count: ids.length }), {
        label: t('undo'),
        undoes: true,
        run: () => void this.#bringBack(ids),
      });
  }

  async #bringBack(ids: number[]): Promise<void> {
    const { session } = this.#parts;
    await session.attempt(session.backend.bringBackHighlights(ids));
    await this.#changed();
  }

  async #changed(): Promise<void> {
    this.changes++;
    if (this.#article !== null) await this.load(this.#article);
  }

  /** What is selected in the open article. */
  selectedText(): string | null {
    return this.#marker?.selected()?.exact ?? null;
  }

  /** Forwards what is selected as a quote. */
  forwardSelected(): void {
    const quote = this.#marker?.selected();
    if (quote && this.#article !== null) this.#forward(this.#article, quote.exact);
  }

  forward({ article, quote }: Highlight): void {
    if (article !== null) this.#forward(article, quote.exact);
  }

  #forward(id: number, exact: string): void {
    const text = exact.replace(/\s+/g, ' ').trim();
    this.#parts.dialogs.open({ kind: 'forward', subject: { kind: 'quote', id, text } });
  }

  /** Opens the article of a highlight at it, or brings it into sight if the article is open. */
  async open({ id, article }: Highlight): Promise<void> {
    const { reader } = this.#parts;
    if (article === null) return;
    if (reader.openId === article && this.#marker?.reveal(id)) return;
    this.#wanted = id;
    await reader.open(article);
  }
}
