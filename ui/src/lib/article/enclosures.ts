// Texts about files attached to an article.

import type { EnclosureView } from '../backend';

/** The last path segment of the file's address. */
export function fileName({ url }: EnclosureView): string {
  const path = url.split(/[?#]/)[0] ?? url;
  return path.slice(path.lastIndexOf('/') + 1) || url;
}
