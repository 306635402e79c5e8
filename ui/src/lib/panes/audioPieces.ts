// Reads a kept sound from the media protocol, piece by piece. The pieces become parts of one blob, which the
// web view keeps outside the page's own memory: neither the engine nor the page ever holds an episode whole.
// Playing straight from the protocol, or by a MediaSource, is not possible in every web view: WebKitGTK
// plays from no scheme of an app's own, and its MediaSource takes no unfragmented MP4.

/** What is asked for at once, in bytes; the engine gives no more than 4 MiB. */
export const PIECE = 4 * 1024 * 1024;

export async function readAudio(src: string, bytes: number, signal: AbortSignal): Promise<Blob> {
  const parts: Blob[] = [];
  let from = 0;
  let type = '';
  while (from < bytes) {
    const last = Math.min(from + PIECE, bytes) - 1;
    const answer = await fetch(`${src}?bytes=${from}-${last}`, { signal });
    if (!answer.ok) throw new Error(`the media protocol answered ${answer.status}`);
    const part = await answer.blob();
    if (part.size === 0) throw new Error('the sound is shorter than it was kept');
    type ||= part.type;
    parts.push(part);
    from += part.size;
  }
  return new Blob(parts, { type });
}
