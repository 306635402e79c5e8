// Where the keyboard focus should go after a command. State asks here; `App.svelte` moves the focus
// once the DOM shows the target.

export type FocusTarget = { kind: 'article'; id: number } | { kind: 'main' };

export class FocusRequests {
  wanted = $state.raw<FocusTarget | null>(null);
  /**
   * Whether arrow keys move from row to row although an article is open: the reader has come to the
   * list by Tab. Otherwise they scroll the article.
   */
  rows = $state(false);

  /** The row or headline of an article. */
  article(id: number): void {
    this.wanted = { kind: 'article', id };
  }

  /** The page or list, without any of its controls. */
  main(): void {
    this.wanted = { kind: 'main' };
  }

  /** The target has the focus, or is not shown. */
  done(target: FocusTarget): void {
    if (this.wanted === target) this.wanted = null;
  }
}
