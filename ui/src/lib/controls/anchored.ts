/** Distance from the anchor and from the window's edges, in CSS pixels. */
const GAP = 4;
const EDGE = 8;

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
  const left = leftEdges ? box.left : box.right - width;
  const clamp = (value: number, most: number) => Math.max(EDGE, Math.min(value, most - EDGE));
  element.style.top = `${clamp(top, window.innerHeight - height)}px`;
  element.style.left = `${clamp(left, window.innerWidth - width)}px`;
}
