// Remembers where a scroll box is scrolled to, and scrolls there again when it is shown. The position
// is the first block in sight, so that it holds at any width and text size and when content is added
// above it.

import type { PlaceMemory, Position } from '../state/places.svelte';

export interface Block {
  id: number;
  element: Element;
}

/** After this time content that still arrives no longer scrolls, in milliseconds. */
const SETTLED = 4000;
/** Frames without a correction after which a list counts as measured. */
const STEADY = 4;
/** What the reader does to scroll; the position is not restored any more after it. */
const OWN_SCROLLING = ['wheel', 'keydown', 'pointerdown', 'touchstart'] as const;

/** `blocks` are the box's blocks from top to bottom. The returned function ends it. */
export function keepPosition(
  box: HTMLElement,
  memory: PlaceMemory,
  key: string,
  blocks: () => Block[],
): () => void {
  const wanted = memory.get(key).position;
  let restoring = wanted !== undefined;

  const stopRestoring = () => {
    restoring = false;
    grown.disconnect();
    clearTimeout(timer);
    forget();
  };
  const grown = new ResizeObserver(() => {
    if (wanted) scrollTo(box, blocks(), wanted);
  });
  const timer = setTimeout(stopRestoring, SETTLED);
  const forget = onOwnScrolling(stopRestoring);

  if (wanted) {
    scrollTo(box, blocks(), wanted);
    // Pictures and late content move what was scrolled to.
    for (const child of box.children) grown.observe(child);
  } else {
    box.scrollTo({ top: 0 });
  }

  // A scroll event comes once a frame at most. The position is taken at once: a box that is left in the
  // same frame must not lose it.
  const scrolled = () => {
    if (!restoring && box.isConnected) memory.change(key, { position: positionOf(box, blocks()) });
  };
  box.addEventListener('scroll', scrolled, { passive: true });
  return () => {
    box.removeEventListener('scroll', scrolled);
    stopRestoring();
  };
}

/** Calls `stop` when the reader scrolls by wheel, key or touch. The returned function ends it. */
function onOwnScrolling(stop: () => void): () => void {
  for (const event of OWN_SCROLLING) window.addEventListener(event, stop, true);
  return () => {
    for (const event of OWN_SCROLLING) window.removeEventListener(event, stop, true);
  };
}

/**
 * Calls `align` each frame until it has said `true` in `STEADY` frames one after the other: rows of a
 * virtual list are measured late, and move what was scrolled to. Ends when the reader scrolls, at the
 * latest after `SETTLED`.
 */
export async function alignUntilSteady(align: () => boolean): Promise<void> {
  let stopped = false;
  const forget = onOwnScrolling(() => (stopped = true));
  const end = performance.now() + SETTLED;
  for (let steady = 0; steady < STEADY && !stopped && performance.now() < end;) {
    steady = align() ? steady + 1 : 0;
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
  forget();
}

/** The paragraphs and other blocks of an article, numbered; before them, its heading. */
export function articleBlocks(box: HTMLElement): Block[] {
  const parts = box.querySelectorAll('article > *, [data-testid="article-body"] > *');
  return [...parts].map((element, id) => ({ id, element }));
}

/** The headlines of a page, by their articles. */
export function pageBlocks(box: HTMLElement): Block[] {
  return [...box.querySelectorAll<HTMLElement>('[data-article]')].map((element) => ({
    id: Number(element.dataset.article),
    element: element.closest('article, li') ?? element,
  }));
}

function positionOf(box: HTMLElement, blocks: Block[]): Position | undefined {
  if (box.scrollTop < 8) return undefined;
  const top = box.getBoundingClientRect().top;
  // Nested blocks follow their parent, so the last match is the innermost block.
  let found: Position | undefined;
  for (const { id, element } of blocks) {
    const rect = element.getBoundingClientRect();
    if (rect.height === 0) continue;
    if (rect.top > top && found) break;
    if (rect.bottom > top || !found) found = { id, share: (top - rect.top) / rect.height };
  }
  return found;
}

function scrollTo(box: HTMLElement, blocks: Block[], { id, share }: Position): void {
  const block = blocks.find((one) => one.id === id);
  if (!block) return;
  const rect = block.element.getBoundingClientRect();
  const top = rect.top - box.getBoundingClientRect().top + share * rect.height;
  box.scrollTo({ top: box.scrollTop + top });
}
