// Reads a downloaded episode from the media protocol in pieces and joins them into a blob. The pieces are
// stored in the web view's own database first: blobs from there are files, so neither the engine nor the
// web view holds a whole episode in memory (WebKitGTK keeps other blobs in its network process). WebKitGTK
// cannot play from a custom scheme, and its MediaSource takes neither MP3 nor AAC nor Ogg.

/** Size of a request in bytes; the engine sends at most 4 MiB. */
export const PIECE = 4 * 1024 * 1024;

/** Maximum size of an episode in bytes where the database cannot be used and memory is used instead. */
export const MAX_IN_MEMORY = 256 * 1024 * 1024;

const DATABASE = 'audio';
const PIECES = 'pieces';

/** Pieces of an episode on disk. */
export interface PieceStore {
  /** Stores a piece and returns it as a file. */
  keep(piece: Blob): Promise<Blob>;
  /** Deletes all pieces. */
  clear(): Promise<void>;
}

export interface LoadedAudio {
  blob: Blob;
  /** Deletes the pieces; the blob cannot be read any more. */
  release: () => void;
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('the database failed'));
  });
}

/** Numbers episodes, so that one that is being closed does not delete pieces of the next. */
let episodes = 0;
let database: Promise<IDBDatabase> | null = null;

/** Opens the database and deletes what an earlier session left. */
async function opened(): Promise<IDBDatabase> {
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(PIECES);
  const found = await done(request);
  await done(found.transaction(PIECES, 'readwrite').objectStore(PIECES).clear());
  return found;
}

/** The web view's database; fails where there is none. */
export async function pieceStore(): Promise<PieceStore> {
  database ??= opened().catch((error: unknown) => {
    database = null;
    throw error;
  });
  const found = await database;
  const episode = episodes++;
  let count = 0;
  const pieces = (mode: IDBTransactionMode) => found.transaction(PIECES, mode).objectStore(PIECES);
  return {
    async keep(piece) {
      const key = [episode, count++];
      await done(pieces('readwrite').put(piece, key));
      const stored: unknown = await done(pieces('readonly').get(key));
      if (!(stored instanceof Blob)) throw new Error('the database lost a piece');
      return stored;
    },
    async clear() {
      await done(pieces('readwrite').delete(IDBKeyRange.bound([episode], [episode, []])));
    },
  };
}

export async function readAudio(
  src: string,
  bytes: number,
  signal: AbortSignal,
  open: () => Promise<PieceStore> = pieceStore,
): Promise<LoadedAudio> {
  const store = await open().catch(() => null);
  let hasRoom = store !== null;
  const release = () => void store?.clear().catch(() => undefined);
  try {
    const parts: Blob[] = [];
    let from = 0;
    let inMemory = 0;
    let type = '';
    while (from < bytes) {
      const last = Math.min(from + PIECE, bytes) - 1;
      const response = await fetch(`${src}?bytes=${from}-${last}`, { signal });
      if (!response.ok) throw new Error(`the media protocol responded with ${response.status}`);
      const part = await response.blob();
      if (part.size === 0) throw new Error('the stored audio file is shorter than expected');
      type ||= part.type;
      let kept = part;
      try {
        if (hasRoom && store) kept = await store.keep(part);
      } catch {
        // The disk is full: the rest is kept in memory.
        hasRoom = false;
      }
      if (!hasRoom) inMemory += part.size;
      if (inMemory > MAX_IN_MEMORY) throw new Error('the audio file is too large for the memory');
      parts.push(kept);
      from += part.size;
    }
    signal.throwIfAborted();
    return { blob: new Blob(parts, { type }), release };
  } catch (error) {
    release();
    throw error;
  }
}
