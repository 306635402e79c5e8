import { afterEach, expect, test, vi } from 'vitest';

import { MAX_IN_MEMORY, PIECE, readAudio, type PieceStore } from '../src/lib/panes/audioPieces';

afterEach(() => vi.unstubAllGlobals());

/** A media protocol with an episode of this size. */
function episode(bytes: number) {
  const asked: string[] = [];
  const answer = (url: string) => {
    asked.push(url);
    const [from, last] = /bytes=(\d+)-(\d+)/.exec(url)!.slice(1).map(Number) as [number, number];
    const size = Math.min(last, bytes - 1) - from + 1;
    // Only the size counts for large episodes.
    const blob =
      bytes > PIECE * 4 ? { size, type: 'audio/mpeg' } : new Blob([new Uint8Array(size)]);
    return Promise.resolve({ ok: true, blob: () => Promise.resolve(blob) });
  };
  vi.stubGlobal('fetch', answer);
  return asked;
}

function disk(room = Infinity) {
  const kept: Blob[] = [];
  let cleared = 0;
  const store: PieceStore = {
    keep: (piece) => {
      if (kept.length >= room) return Promise.reject(new Error('full'));
      kept.push(piece);
      return Promise.resolve(piece);
    },
    clear: () => {
      cleared++;
      return Promise.resolve();
    },
  };
  return { kept, cleared: () => cleared, open: () => Promise.resolve(store) };
}

const never = new AbortController().signal;

test('every piece of an episode is stored on disk before the next is read', async () => {
  const bytes = PIECE * 2 + 10;
  const asked = episode(bytes);
  const { kept, cleared, open } = disk();
  const { blob, release } = await readAudio('sound', bytes, never, open);
  expect(asked).toHaveLength(3);
  expect(kept.map((piece) => piece.size)).toEqual([PIECE, PIECE, 10]);
  expect([blob.size, cleared()]).toEqual([bytes, 0]);
  release();
  expect(cleared()).toBe(1);
});

test('an episode that was stopped leaves nothing on disk', async () => {
  episode(PIECE * 2);
  const { cleared, open } = disk();
  const stop = new AbortController();
  stop.abort();
  await expect(readAudio('sound', PIECE * 2, stop.signal, open)).rejects.toThrow();
  expect(cleared()).toBe(1);
});

test('without a database, or with a full disk, memory is used within a limit', async () => {
  const none = () => Promise.reject(new Error('no database'));
  for (const open of [none, disk(1).open]) {
    episode(PIECE * 2);
    const { blob } = await readAudio('sound', PIECE * 2, never, open);
    expect(blob.size).toBe(PIECE * 2);
    episode(MAX_IN_MEMORY * 2);
    await expect(readAudio('sound', MAX_IN_MEMORY * 2, never, open)).rejects.toThrow('too large');
  }
});
