// What is being listened to: one sound at a time, which goes on while its listener reads on. The bar
// in `lib/panes/PlayerBar.svelte` plays it.

import type { Backend, SoundView } from '../backend';

/** A sound with what the bar says of it. */
export interface Playing {
  article: number;
  url: string;
  /** Its address in the media protocol. */
  src: string;
  /** How long its file is. */
  bytes: number;
  title: string;
  publisher: string;
  language: string | null;
}

/** Where the listener is is noted whenever so many seconds were heard. */
const NOTED_EVERY = 10;
/** Who stopped so close to the end begins anew. */
const END = 5;

export const RATES = [0.8, 1, 1.2, 1.5, 1.8, 2] as const;

export class Player {
  readonly #backend: Backend;
  current = $state.raw<Playing | null>(null);
  paused = $state(true);
  /** Where the listener is, in seconds. */
  at = $state(0);
  /** How long it plays, in seconds; 0 until that is known. */
  length = $state(0);
  rate = $state(1);
  /** The system cannot play it. */
  failed = $state(false);
  /** Where to begin once its length is known. */
  #from = 0;
  #noted = 0;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  /** Plays a sound from where its listener was; the one that is on goes on or pauses. */
  toggle(playing: Playing, sound: SoundView): void {
    if (this.current?.url === playing.url) {
      this.paused = !this.paused;
      return;
    }
    this.#note(false);
    this.#from = sound.listening.heard ? 0 : sound.listening.seconds;
    this.#noted = this.#from;
    this.at = this.#from;
    this.length = 0;
    this.failed = false;
    this.paused = false;
    this.current = playing;
  }

  /** Its length is known: where to begin. */
  begin(length: number): number {
    this.length = Number.isFinite(length) ? length : 0;
    return this.length > 0 && this.#from > this.length - END ? 0 : this.#from;
  }

  /** Time has passed. */
  moved(at: number): void {
    this.at = at;
    if (Math.abs(at - this.#noted) >= NOTED_EVERY) this.#note(false);
  }

  /** It was paused. */
  rested(): void {
    if (this.at !== this.#noted) this.#note(false);
  }

  ended(): void {
    this.paused = true;
    this.#note(true);
  }

  close(): void {
    if (this.current && this.at !== this.#noted) this.#note(false);
    this.current = null;
    this.paused = true;
  }

  /** Its file was removed. */
  gone(url: string): void {
    if (this.current?.url === url) this.close();
  }

  #note(heard: boolean): void {
    const playing = this.current;
    if (!playing || this.failed) return;
    this.#noted = this.at;
    // Where it was is worth no word when it cannot be noted.
    this.#backend
      .listened(playing.url, { seconds: heard ? 0 : Math.floor(this.at), heard })
      .catch(() => undefined);
  }
}
