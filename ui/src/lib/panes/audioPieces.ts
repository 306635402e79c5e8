// Reads a downloaded episode from the media protocol in pieces and joins them into a blob, which the web
// view keeps outside the page's memory: neither the engine nor the page holds a whole episode in memory.
// WebKitGTK cannot play from a custom scheme, and its MediaSource does not take unfragmented MP4.

/** Size of a request in bytes; the engine sends at most 4 MiB. */
export const PIECE = 4 * 1024 * 1024;

export async function readAudio(src: string, bytes: number, signal: AbortSignal): Promise<Blob> {
  const parts: Blob[] = [];
  let from = 0;
  let type = '';
  while (from < bytes) {
    const last = Math.min(from + PIECE, bytes) - 1;
    const response = await fetch(`${src}?bytes=${from}-${last}`, { signal });
    if (!response.ok) throw new Error(`the media protocol responded with ${response.status}`);
    const part = await response.blob();
    if (part.size === 0) throw new Error('the stored audio file is shorter than expected');
    type ||= part.type;
    parts.push(part);
    from += part.size;
  }
  return new Blob(parts, { type });
}
