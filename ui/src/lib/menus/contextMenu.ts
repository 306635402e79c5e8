// Opens context menus: by the mouse, by the menu key and by Shift+F10.

import type { Attachment } from 'svelte/attachments';

import type { MenuItem } from '../controls';
import type { ContextMenuState } from '../state/contextMenu.svelte';

export interface MenuContent {
  /** Accessible name: what the menu is about. */
  label: string;
  items: MenuItem[];
}

/** What an element's menu shows; nothing leaves the event to the elements around it. */
export type MenuOf = (event: MouseEvent) => MenuContent | undefined;

/** Distance of a menu opened by key from the focused element's corner, in CSS pixels. */
const INSET = 12;

/** Gives an element a context menu. */
export function contextMenu(state: ContextMenuState, of: MenuOf): Attachment<HTMLElement> {
  return (element) => {
    const opened = (event: MouseEvent) => {
      const content = of(event);
      if (!content || content.items.length === 0) return;
      event.preventDefault();
      event.stopPropagation();
      const before = document.activeElement;
      const focusable = element.matches('button, a[href], [tabindex]')
        ? element
        : element.querySelector<HTMLElement>('button, a[href]');
      const from = before instanceof HTMLElement && before !== document.body ? before : focusable;
      state.open({ ...content, x: event.clientX, y: event.clientY, from });
    };
    element.addEventListener('contextmenu', opened);
    return () => element.removeEventListener('contextmenu', opened);
  };
}

/** Opens a menu below the button that shows it. */
export function openBelow(
  state: ContextMenuState,
  button: HTMLElement,
  content: MenuContent,
): void {
  const { left, right, bottom } = button.getBoundingClientRect();
  const rightToLeft = getComputedStyle(button).direction === 'rtl';
  state.open({ ...content, x: rightToLeft ? right : left, y: bottom, from: button });
}

/** Whether a key asks for the context menu. */
export function asksForMenu(event: KeyboardEvent): boolean {
  return event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey);
}

/** Opens the menu of the focused element, as a right click on it does. */
export function openByKey(): void {
  const element = document.activeElement ?? document.body;
  const rect = element.getBoundingClientRect();
  const rightToLeft = getComputedStyle(element).direction === 'rtl';
  element.dispatchEvent(
    new MouseEvent('contextmenu', {
      bubbles: true,
      cancelable: true,
      clientX: rightToLeft ? rect.right - INSET : rect.left + INSET,
      clientY: Math.min(rect.top + INSET, rect.bottom),
    }),
  );
}
