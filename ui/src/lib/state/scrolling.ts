// Scrolling by keyboard. The scroll boxes on screen register here; the keys scroll the one in front:
// an open article before the page or list it was opened from. Nothing here knows what is shown.

/** Which scroll box the keys act on: the highest one that is on screen. */
export const ScrollLayer = { List: 0, Page: 1, Article: 2 } as const;

type Layer = (typeof ScrollLayer)[keyof typeof ScrollLayer];

/** Delay before rows that were scrolled past are marked, in milliseconds. */
export const PASSED_DELAY = 400;

/** Share of the visible height that Space scrolls: the last lines stay in sight as the first ones. */
const PAGE_SHARE = 0.9;
/** How far an arrow key scrolls, in CSS pixels. */
const LINE = 48;

interface Box {
  element: HTMLElement;
  layer: Layer;
}

export class Scrolling {
  #boxes: Box[] = [];

  /** Adds a scroll box; the returned function removes it. */
  register(element: HTMLElement, layer: Layer): () => void {
    const box = { element, layer };
    this.#boxes.push(box);
    return () => {
      this.#boxes = this.#boxes.filter((other) => other !== box);
    };
  }

  /** The box that the keys scroll; of two on one layer the one that came last. */
  get current(): HTMLElement | null {
    let front: Box | null = null;
    for (const box of this.#boxes) if (!front || box.layer >= front.layer) front = box;
    return front?.element ?? null;
  }

  /** Scrolls a page; false where the end in that direction was reached before. */
  page(by: 1 | -1): boolean {
    const box = this.current;
    if (!box || isAtEnd(box, by)) return false;
    box.scrollBy({ top: by * box.clientHeight * PAGE_SHARE });
    return true;
  }

  line(by: 1 | -1): void {
    this.current?.scrollBy({ top: by * LINE });
  }

  /** Scrolls to the beginning (-1) or the end (1). */
  edge(to: 1 | -1): void {
    const box = this.current;
    box?.scrollTo({ top: to < 0 ? 0 : box.scrollHeight });
  }
}

function isAtEnd(box: HTMLElement, direction: 1 | -1): boolean {
  if (direction < 0) return box.scrollTop <= 0;
  // Fractional positions and zoom leave up to a pixel.
  return box.scrollTop + box.clientHeight >= box.scrollHeight - 2;
}
