// The context menu that is open, at most one. `lib/menus/ContextMenu.svelte` shows it.

import type { MenuItem } from '../controls/menuItem';

export interface OpenMenu {
  /** Accessible name: what the menu is about. */
  label: string;
  items: MenuItem[];
  /** Where it opens, in the window's CSS pixels. */
  x: number;
  y: number;
  /** Where the focus returns to. */
  from: HTMLElement | null;
}

export class ContextMenuState {
  current = $state.raw<OpenMenu | null>(null);

  open(menu: OpenMenu): void {
    this.current = menu.items.length > 0 ? menu : null;
  }

  close(): void {
    this.current = null;
  }
}
