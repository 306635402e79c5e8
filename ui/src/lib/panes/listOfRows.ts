import type { Attachment } from 'svelte/attachments';

/**
 * For a scroll box around a `Virtualizer`: names the virtualizer's own element as the list. WebKit takes an
 * element for a list only if the items are its children.
 */
export function listOfRows(label: string): Attachment<HTMLElement> {
  return (scroller) => {
    const rows = scroller.firstElementChild;
    rows?.setAttribute('role', 'list');
    rows?.setAttribute('aria-label', label);
  };
}
