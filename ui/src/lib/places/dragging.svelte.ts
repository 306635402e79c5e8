// Dragging rows of the sidebar with the pointer. Pointer events rather than the browser's own
// dragging, which some web views give to files dropped on the window.

import type { TreeRow } from './tree';

/** How far the pointer moves before a press becomes a drag, in CSS pixels. */
const SLACK = 5;
/** How close to the edge the tree scrolls while dragging, and how far each time, in CSS pixels. */
const EDGE = 28;
const STEP = 12;

/** Attribute value of the drop target for the top level. */
export const TOP_LEVEL = 'top-level';

interface Uses {
  scroller: () => HTMLElement | undefined;
  rowAt: (key: string) => TreeRow | undefined;
  /** The keys that are dragged with a row. */
  keys: (row: TreeRow) => ReadonlySet<string>;
  accepts: (keys: ReadonlySet<string>, target: TreeRow | undefined) => boolean;
  /** `undefined`: on the top level. */
  drop: (keys: ReadonlySet<string>, target: TreeRow | undefined) => void;
}

export class Dragging {
  readonly #uses: Uses;

  /** What is dragged. */
  keys = $state.raw<ReadonlySet<string> | null>(null);
  /** The key of the row that it would be dropped on, or `TOP_LEVEL`. */
  target = $state<string | null>(null);
  label = $state('');
  x = $state(0);
  y = $state(0);

  constructor(uses: Uses) {
    this.#uses = uses;
  }

  press(event: PointerEvent, row: TreeRow): void {
    if (event.button !== 0 || event.pointerType === 'touch') return;
    const from = { x: event.clientX, y: event.clientY };
    let timer: ReturnType<typeof setInterval> | undefined;
    const move = (moved: PointerEvent) => {
      const far = Math.hypot(moved.clientX - from.x, moved.clientY - from.y) > SLACK;
      if (!this.keys && !far) return;
      if (!this.keys) {
        this.keys = this.#uses.keys(row);
        this.label = row.name;
        timer = setInterval(() => this.#scroll(), 30);
      }
      this.x = moved.clientX;
      this.y = moved.clientY;
      this.#aim();
    };
    const end = (dropped: boolean) => {
      clearInterval(timer);
      window.removeEventListener('pointermove', move);
      window.removeEventListener('pointerup', up);
      window.removeEventListener('pointercancel', cancel);
      window.removeEventListener('keydown', escape, true);
      const { keys, target } = this;
      this.keys = null;
      this.target = null;
      if (!keys) return;
      // The click that follows must not open the row.
      window.addEventListener('click', swallow, true);
      setTimeout(() => window.removeEventListener('click', swallow, true), 0);
      if (dropped && target !== null)
        this.#uses.drop(keys, target === TOP_LEVEL ? undefined : this.#uses.rowAt(target));
    };
    const up = () => end(true);
    const cancel = () => end(false);
    const escape = (pressed: KeyboardEvent) => {
      if (pressed.key !== 'Escape' || !this.keys) return;
      pressed.preventDefault();
      pressed.stopPropagation();
      end(false);
    };
    window.addEventListener('pointermove', move);
    window.addEventListener('pointerup', up);
    window.addEventListener('pointercancel', cancel);
    window.addEventListener('keydown', escape, true);
  }

  #aim(): void {
    const under = document.elementFromPoint(this.x, this.y);
    const key = under?.closest<HTMLElement>('[data-key]')?.dataset.key ?? null;
    const row = key === null || key === TOP_LEVEL ? undefined : this.#uses.rowAt(key);
    const known = key === TOP_LEVEL || row !== undefined;
    this.target = known && this.keys && this.#uses.accepts(this.keys, row) ? key : null;
  }

  #scroll(): void {
    const box = this.#uses.scroller();
    if (!box) return;
    const { top, bottom } = box.getBoundingClientRect();
    if (this.y < top + EDGE) box.scrollTop -= STEP;
    else if (this.y > bottom - EDGE) box.scrollTop += STEP;
    else return;
    this.#aim();
  }
}

function swallow(event: Event): void {
  event.preventDefault();
  event.stopPropagation();
}
