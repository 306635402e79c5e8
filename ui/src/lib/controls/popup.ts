/** Distance from the window's edges, in CSS pixels. */
const EDGE = 8;

/** Moves a popup to a point, or as close to it as the window allows. */
export function keepInside(popup: HTMLElement, left: number, top: number): void {
  const { width, height } = popup.getBoundingClientRect();
  const clamp = (value: number, most: number) => Math.max(EDGE, Math.min(value, most - EDGE));
  popup.style.top = `${clamp(top, window.innerHeight - height)}px`;
  popup.style.left = `${clamp(left, window.innerWidth - width)}px`;
}
