// Where popups go: beside what opened them, within the window.

/** Distance from the anchor and from the window's edges, in CSS pixels. */
const GAP = 4;
const EDGE = 8;

/**
 * Shows an element in the browser's top layer, where no scroll box clips it. Web views without popovers
 * (macOS 12) show it in its place in the document, at the same position.
 */
export function showOnTop(element: HTMLElement): void {
  if ('showPopover' in element) element.showPopover();
}

/** Moves a popup to a point, or as close to it as the window allows. */
export function keepInside(popup: HTMLElement, left: number, top: number): void {
  const { width, height } = popup.getBoundingClientRect();
  const clamp = (value: number, most: number) => Math.max(EDGE, Math.min(value, most - EDGE));
  popup.style.top = `${clamp(top, window.innerHeight - height)}px`;
  popup.style.left = `${clamp(left, window.innerWidth - width)}px`;
}

/** Places a fixed element below its anchor, or above it where that fits better, within the window. */
export function placeBeside(
  element: HTMLElement,
  anchor: HTMLElement,
  { align, above = false }: { align: 'start' | 'end'; above?: boolean },
): void {
  const box = anchor.getBoundingClientRect();
  const { width, height } = element.getBoundingClientRect();
  const roomBelow = window.innerHeight - box.bottom - GAP - EDGE;
  const roomAbove = box.top - GAP - EDGE;
  const upwards = above
    ? roomAbove >= height || roomAbove > roomBelow
    : roomBelow < height && roomAbove > roomBelow;
  const top = upwards ? box.top - GAP - height : box.bottom + GAP;
  const leftEdges = (align === 'start') === (getComputedStyle(anchor).direction === 'ltr');
  keepInside(element, leftEdges ? box.left : box.right - width, top);
}
