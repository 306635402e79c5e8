// The bar that finds words in the open article: whether it shows, what is looked for and which match is
// the current one. `lib/article/FindBar.svelte` looks the words up in the text shown.

/** A selection longer than this is not taken over as what to find. */
const LONGEST_SELECTION = 100;

export class Find {
  open = $state(false);
  query = $state('');
  count = $state(0);
  /** Index of the current match; -1 if there is none. */
  current = $state(-1);
  /** Raised when the field should take the focus. */
  focusRequests = $state(0);

  /** Shows the bar; `selection` is text that is selected in the article. */
  start(selection = ''): void {
    const text = selection.replace(/\s+/g, ' ').trim();
    if (text !== '' && text.length <= LONGEST_SELECTION) this.query = text;
    this.open = true;
    this.focusRequests += 1;
  }

  close(): void {
    this.open = false;
    this.count = 0;
    this.current = -1;
  }

  /** Goes to the next or previous match, from the last one on to the first; shows the bar first. */
  step(by: 1 | -1): void {
    if (!this.open) {
      this.start();
      return;
    }
    if (this.count === 0) return;
    const from = this.current < 0 && by < 0 ? 0 : this.current;
    this.current = (from + by + this.count) % this.count;
  }

  /** Takes the number of matches in a text that has changed. */
  found(count: number): void {
    this.count = count;
    if (this.current >= count) this.current = count - 1;
  }
}
