/** What a button needs that opens something beside itself. */
export interface TriggerAttributes<Kind extends 'menu' | 'dialog'> {
  onclick: () => void;
  'aria-haspopup': Kind;
  'aria-expanded': boolean;
}

/** Handed to what was opened. */
export interface Opened {
  /** What it belongs beside. */
  anchor: HTMLElement;
  /** `refocus`: whether the focus should return to the button. */
  close: (refocus: boolean) => void;
}
