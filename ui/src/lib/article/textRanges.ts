// Converts between offsets into an article's text and DOM ranges, for find in article and highlights.
// Offsets are in UTF-16 code units, as strings have them. The text is that of all text nodes in order,
// without what Warta adds itself (`[data-added]`); blocks that follow each other are not separated.

const BLOCKS =
  'p, h1, h2, h3, h4, h5, h6, li, blockquote, pre, figcaption, td, th, dt, dd, div, section';

interface Piece {
  node: Text;
  /** The offset of its first character. */
  start: number;
}

export interface Span {
  start: number;
  end: number;
}

/** The text below an element, as of when it was built: build it again when the DOM has changed. */
export class ArticleText {
  readonly text: string;
  readonly #root: Node;
  readonly #pieces: Piece[] = [];

  constructor(root: Node) {
    this.#root = root;
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT, {
      acceptNode: (node) =>
        node instanceof HTMLElement && node.dataset.added !== undefined
          ? NodeFilter.FILTER_REJECT
          : NodeFilter.FILTER_ACCEPT,
    });
    let text = '';
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (!(node instanceof Text) || node.data === '') continue;
      this.#pieces.push({ node, start: text.length });
      text += node.data;
    }
    this.text = text;
  }

  /** The DOM range of a span; `null` if it is empty or beyond the text. */
  range({ start, end }: Span): Range | null {
    if (start < 0 || end <= start || end > this.text.length) return null;
    const first = this.#pieceAt(start);
    // The end belongs to the piece with the last character.
    const last = this.#pieceAt(end - 1);
    if (!first || !last) return null;
    const range = document.createRange();
    range.setStart(first.node, start - first.start);
    range.setEnd(last.node, end - last.start);
    return range;
  }

  /** The span that a range covers inside the root; `null` if it covers no text there. */
  span(range: Range): Span | null {
    if (!range.intersectsNode(this.#root)) return null;
    let start: number | null = null;
    let end = 0;
    for (const piece of this.#pieces) {
      if (!range.intersectsNode(piece.node)) continue;
      const from = piece.node === range.startContainer ? range.startOffset : 0;
      const to = piece.node === range.endContainer ? range.endOffset : piece.node.data.length;
      if (to <= from) continue;
      start ??= piece.start + from;
      end = piece.start + to;
    }
    return start === null ? null : { start, end };
  }

  /** The offset of a place in the DOM; `null` if it is in none of the text's nodes. */
  offset(node: Node, offset: number): number | null {
    const piece = this.#pieces.find((one) => one.node === node);
    return piece ? piece.start + offset : null;
  }

  /** The spans of the text's blocks: paragraphs, headings, items of lists, cells. */
  blocks(): Span[] {
    const blocks: Span[] = [];
    let last: Element | null = null;
    for (const { node, start } of this.#pieces) {
      const block = node.parentElement?.closest(BLOCKS) ?? null;
      const span = blocks.at(-1);
      if (span && block === last) span.end = start + node.data.length;
      else blocks.push({ start, end: start + node.data.length });
      last = block;
    }
    return blocks;
  }

  #pieceAt(offset: number): Piece | undefined {
    let low = 0;
    let high = this.#pieces.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#pieces[middle]?.start ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    return this.#pieces[low - 1];
  }
}
