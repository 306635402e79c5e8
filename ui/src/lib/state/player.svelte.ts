// The podcast episode being played; it continues while the reader moves on. `lib/panes/PlayerBar.svelte`
// plays it.

import type { Backend, AudioView } from '../backend';

/** An episode and what the player bar shows. */
export interface Playing {
  article: number;
  url: string;
  /** Address in the media protocol. */
  src: string;
  /** Size of the file. */
  bytes: number;
  title: string;
  publisher: string;
  language: string | null;
}

/** The position is saved every time this many seconds were played. */
const SAVE_INTERVAL = 10;
/** Within this many seconds of the end, playback starts again from the beginning. */
const END_MARGIN = 5;

export const RATES = [0.8, 1, 1.2, 1.5, 1.8, 2] as const;

export class Player {
  readonly #backend: Backend;
  current = $state.raw<Playing | null>(null);
  paused = $state(true);
  /** Position in seconds. */
  at = $state(0);
  /** Duration in seconds; 0 until known. */
  length = $state(0);
  rate = $state(1);
  /** The system does not support the format. */
  failed = $state(false);
  /** Start position, applied once the duration is known. */
  #startPosition = 0;
  #savedAt = 0;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  /** Plays an episode from the saved position; pauses or resumes the current one. */
  toggle(playing: Playing, audio: AudioView): void {
    if (this.current?.url === playing.url) {
      this.paused = !this.paused;
      return;
    }
    this.#savePosition(false);
    this.#startPosition = audio.listening.heard ? 0 : audio.listening.seconds;
    this.#savedAt = this.#startPosition;
    this.at = this.#startPosition;
    this.length = 0;
    this.failed = false;
    this.paused = false;
    this.current = playing;
  }

  /** Takes the duration and returns the start position. */
  startAt(length: number): number {
    this.length = Number.isFinite(length) ? length : 0;
    return this.length > 0 && this.#startPosition > this.length - END_MARGIN
      ? 0
      : this.#startPosition;
  }

  /** Playback has reached `at`. */
  noteTime(at: number): void {
    this.at = at;
    if (Math.abs(at - this.#savedAt) >= SAVE_INTERVAL) this.#savePosition(false);
  }

  /** Playback was paused. */
  notePause(): void {
    if (this.at !== this.#savedAt) this.#savePosition(false);
  }

  ended(): void {
    this.paused = true;
    this.#savePosition(true);
  }

  close(): void {
    if (this.current && this.at !== this.#savedAt) this.#savePosition(false);
    this.current = null;
    this.paused = true;
  }

  /** Stops if this episode is playing: its file was deleted. */
  stopIfPlaying(url: string): void {
    if (this.current?.url === url) this.close();
  }

  #savePosition(played: boolean): void {
    const playing = this.current;
    if (!playing || this.failed) return;
    this.#savedAt = this.at;
    // Failing to save the position is not reported.
    this.#backend
      .listened(playing.url, { seconds: played ? 0 : Math.floor(this.at), heard: played })
      .catch(() => undefined);
  }
}
