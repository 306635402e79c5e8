// What is said of the files that came with an article.

import type { EnclosureView } from '../backend';

/** The last part of its address. */
export function fileName({ url }: EnclosureView): string {
  const path = url.split(/[?#]/)[0] ?? url;
  return path.slice(path.lastIndexOf('/') + 1) || url;
}
