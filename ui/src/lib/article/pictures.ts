// The pictures of the article that is shown, as the viewer takes them.

import type { App } from '../state/app.svelte';
import type { ShownPicture } from '../state/dialogs.svelte';

/** A picture smaller than this is an icon or ornament, in CSS pixels. */
const SMALL = 80;

/** Whether a picture of the article is worth showing large; those in links open their links. */
export function isPictureToEnlarge(picture: HTMLImageElement): boolean {
  const width = Number(picture.getAttribute('width') ?? SMALL);
  return !picture.closest('a') && !(width < SMALL);
}

export function shownPicture(picture: HTMLImageElement): ShownPicture {
  const caption = picture.closest('figure')?.querySelector('figcaption')?.textContent.trim() ?? '';
  return { src: picture.src, alt: picture.alt, caption };
}

/** All pictures around one, from the lead picture to the last. */
export function allPictures(picture: HTMLImageElement): HTMLImageElement[] {
  const article = picture.closest('article') ?? picture.parentElement;
  const all = [...(article?.querySelectorAll<HTMLImageElement>('img') ?? [])];
  return all.filter(
    (one) => one === picture || (!one.classList.contains('broken') && isPictureToEnlarge(one)),
  );
}

/** Opens the viewer with this picture. */
export function openPicture(app: App, picture: HTMLImageElement, title: string): void {
  const all = allPictures(picture);
  const pictures = all.map(shownPicture);
  app.dialogs.open({ kind: 'picture', pictures, at: all.indexOf(picture), title });
}
