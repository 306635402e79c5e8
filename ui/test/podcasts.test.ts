// Podcast episodes in the window, and the player.

import { fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { afterEach, describe, expect, test, vi } from 'vitest';

import { Root } from './root';
import type { AudioView } from '../src/lib/backend';
import { App } from '../src/lib/state/app.svelte';
import { PIECE, readAudio } from '../src/lib/panes/audioPieces';
import { Player, type Playing } from '../src/lib/state/player.svelte';
import { accessible } from './accessible';
import { audio, enclosure, fixture, row, URL_OF_EPISODE, view } from './fixture';

const kept = (seconds = 0, heard = false) =>
  audio({
    src: 'warta-media://localhost/sound/1',
    state: 'kept',
    bytes: 24_000_000,
    of: 24_000_000,
    listening: { seconds, heard },
  });

async function opened(of: AudioView | null) {
  const article = view(row(1), { enclosures: [enclosure(of)] });
  const { backend, emit } = fixture([row(1), row(2)], {
    article: vi.fn(() => Promise.resolve(article)),
  });
  const app = new App(backend);
  const { container } = render(Root, { app });
  await app.start();
  await app.reader.open(1);
  await screen.findByTestId('article-title');
  return { app, backend, emit, container };
}

afterEach(() => vi.unstubAllGlobals());

describe('an episode', () => {
  test('is downloaded on request, with progress, and can be cancelled', async () => {
    const { backend, emit, container } = await opened(audio());
    expect(screen.getByTestId('episode')).toHaveTextContent('episode-12.mp3');
    expect(screen.getByTestId('episode')).toHaveTextContent('30.30 · 24 MB');
    await fireEvent.click(screen.getByTestId('episode-fetch'));
    expect(backend.fetchAudio).toHaveBeenCalledWith(1, URL_OF_EPISODE);
    const coming = audio({ state: 'fetching', bytes: 6_000_000, of: 24_000_000 });
    emit({ type: 'audioChanged', article: 1, url: URL_OF_EPISODE, audio: coming });
    await waitFor(() => expect(screen.getByRole('progressbar')).toBeVisible());
    expect(screen.getByTestId('episode')).toHaveTextContent('6 MB dari 24 MB');
    await accessible(container);
    await fireEvent.click(screen.getByTestId('episode-stop'));
    expect(backend.stopAudio).toHaveBeenCalledWith(URL_OF_EPISODE);
  });

  test('cannot be downloaded offline, with a message; a downloaded one plays', async () => {
    const { emit } = await opened(audio());
    emit({ type: 'connectionChanged', connection: 'offline' });
    await waitFor(() => expect(screen.getByTestId('episode-fetch')).toBeDisabled());
    expect(screen.getByTestId('episode-fetch').title).not.toBe('');
    emit({ type: 'audioChanged', article: 1, url: URL_OF_EPISODE, audio: kept(754) });
    expect(await screen.findByTestId('episode-play')).toHaveTextContent('Lanjut dari 12.34');
  });

  test('shows why its download failed', async () => {
    const { backend } = await opened(audio());
    backend.fetchAudio = vi.fn(() =>
      Promise.reject(Object.assign(new Error('full'), { code: 'diskFull', detail: '' })),
    );
    await fireEvent.click(screen.getByTestId('episode-fetch'));
    expect(await screen.findByText(/penuh/)).toBeVisible();
  });

  test('stops playing when it is deleted', async () => {
    const { app, backend } = await opened(kept());
    await fireEvent.click(screen.getByTestId('episode-play'));
    expect(await screen.findByTestId('player')).toBeVisible();
    await fireEvent.click(screen.getByTestId('episode-remove'));
    expect(backend.removeAudio).toHaveBeenCalledWith(1, URL_OF_EPISODE);
    expect(app.player.current).toBeNull();
  });

  test('in an unsupported format shows what to do', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new Error('no')));
    const { container } = await opened(kept());
    await fireEvent.click(screen.getByTestId('episode-play'));
    expect(await screen.findByTestId('player-failed')).toHaveTextContent('Simpan ke file');
    await accessible(container);
  });

  test('is listed as a file if it is not audio', async () => {
    await opened(null);
    expect(screen.queryByTestId('episode')).toBeNull();
    expect(screen.getByText('episode-12.mp3')).toBeVisible();
  });
});

describe('the player', () => {
  const episode: Playing = {
    article: 1,
    url: URL_OF_EPISODE,
    src: 'warta-media://localhost/sound/1',
    bytes: 24_000_000,
    title: 'Episode',
    publisher: 'Siniar',
    language: 'id',
  };

  function player() {
    const { backend } = fixture([row(1)]);
    return { player: new Player(backend), listened: vi.mocked(backend.listened) };
  }

  test('continues at the saved position, and starts over after the end', () => {
    const { player: one } = player();
    one.toggle(episode, kept(600));
    expect(one.startAt(1830)).toBe(600);
    one.close();
    one.toggle(episode, kept(1828));
    expect(one.startAt(1830)).toBe(0);
    one.close();
    one.toggle(episode, kept(600, true));
    expect(one.startAt(1830)).toBe(0);
  });

  test('saves the position regularly, at a pause, and at the end', () => {
    const { player: one, listened } = player();
    one.toggle(episode, kept());
    one.startAt(1830);
    one.noteTime(4);
    expect(listened).not.toHaveBeenCalled();
    one.noteTime(11.7);
    expect(listened).toHaveBeenLastCalledWith(URL_OF_EPISODE, { seconds: 11, heard: false });
    one.noteTime(15);
    one.notePause();
    expect(listened).toHaveBeenLastCalledWith(URL_OF_EPISODE, { seconds: 15, heard: false });
    one.noteTime(1830);
    one.ended();
    expect(listened).toHaveBeenLastCalledWith(URL_OF_EPISODE, { seconds: 0, heard: true });
    const count = listened.mock.calls.length;
    one.close();
    expect(listened).toHaveBeenCalledTimes(count);
  });

  test('pauses and resumes the same episode, and saves the position when switching', () => {
    const { player: one, listened } = player();
    one.toggle(episode, kept());
    expect(one.paused).toBe(false);
    one.toggle(episode, kept());
    expect(one.paused).toBe(true);
    one.noteTime(7);
    one.toggle({ ...episode, url: 'https://siniar.example/13.mp3' }, kept());
    expect(listened).toHaveBeenLastCalledWith(URL_OF_EPISODE, { seconds: 7, heard: false });
    expect(one.at).toBe(0);
  });
});

describe('reading audio', () => {
  const src = 'warta-media://localhost/sound/1';

  /** A media protocol that gives at most `most` bytes at once, of a sound of `length` bytes. */
  function protocol(length: number, most: number) {
    const asked: string[] = [];
    vi.stubGlobal('fetch', (address: string) => {
      asked.push(address);
      const [from, last] = (address.split('?bytes=')[1] ?? '').split('-').map(Number);
      const size = Math.max(0, Math.min((last ?? 0) + 1, length, (from ?? 0) + most) - (from ?? 0));
      const body = new Blob([new Uint8Array(size)], { type: 'audio/mpeg' });
      return Promise.resolve({ ok: size > 0, status: 206, blob: () => Promise.resolve(body) });
    });
    return asked;
  }

  const read = (bytes: number) => readAudio(src, bytes, new AbortController().signal);

  test('requests one piece after the other', async () => {
    const asked = protocol(2 * PIECE + 5, PIECE);
    const { blob } = await read(2 * PIECE + 5);
    expect(blob.size).toBe(2 * PIECE + 5);
    expect(blob.type).toBe('audio/mpeg');
    expect(asked).toEqual([
      `${src}?bytes=0-${PIECE - 1}`,
      `${src}?bytes=${PIECE}-${2 * PIECE - 1}`,
      `${src}?bytes=${2 * PIECE}-${2 * PIECE + 4}`,
    ]);
  });

  test('continues where a shorter piece ended', async () => {
    const asked = protocol(2_500, 1_000);
    expect((await read(2_500)).blob.size).toBe(2_500);
    expect(asked.length).toBe(3);
  });

  test('fails if the file is shorter than expected, without requesting for ever', async () => {
    const asked = protocol(1_000, 1_000);
    await expect(read(5_000)).rejects.toThrow();
    expect(asked.length).toBe(2);
  });
});
