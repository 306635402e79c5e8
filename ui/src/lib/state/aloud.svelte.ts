// Reading articles aloud: which passage is spoken, at what speed, and what comes after it. The article
// that is shown registers its text here and marks the passage; a speaker speaks it.

import { SystemSpeaker, WebSpeaker, type Outcome, type Speaker } from '../aloud/speakers';
import { primary, voiceFor, type Voice } from '../aloud/voices';
import type { Passage } from '../article/passages';
import type { Backend, SpeechProblem } from '../backend';
import { i18n, t } from '../i18n/i18n.svelte';
import type { Navigation } from './navigation.svelte';
import type { Player } from './player.svelte';
import type { Reader } from './reader.svelte';
import type { Session } from './session.svelte';
import type { Toasts } from './toasts.svelte';

/** In percent. */
export const SPEEDS = [50, 75, 100, 125, 150, 175, 200, 250, 300] as const;

export type AloudProblem = SpeechProblem | 'noVoice' | 'noText';

/** What an article has to read. */
export interface AloudText {
  article: number;
  /** BCP 47. */
  language: string | null;
  /** The passages as they are shown now. */
  passages: () => readonly Passage[];
}

interface Parts {
  backend: Backend;
  session: Session;
  reader: Reader;
  navigation: Navigation;
  player: Player;
  toasts: Toasts;
}

export class Aloud {
  readonly #parts: Parts;
  /** In order of preference. */
  readonly #speakers: readonly Speaker[];
  #speaker: Speaker | null = null;
  #text: AloudText | null = null;
  /** Counts starts and stops, so that what comes late is ignored. */
  #turn = 0;
  /** On the way to another article, which is to be read. */
  #moving = false;
  /** The article that is to be read once it is shown. */
  #expected: number | null = null;

  status = $state<'off' | 'starting' | 'reading' | 'paused'>('off');
  /** Why nothing is read; shown until it is dismissed. */
  problem = $state<AloudProblem | null>(null);
  /** The article that is read. */
  article = $state<number | null>(null);
  language = $state<string | null>(null);
  passages = $state.raw<readonly Passage[]>([]);
  /** Index of the passage that is read. */
  at = $state(0);
  /** Raised when the passage should come into sight, wherever the reader has scrolled. */
  reveals = $state(0);
  voices = $state.raw<readonly Voice[]>([]);
  readonly active = $derived(this.status !== 'off');

  constructor(parts: Parts, speakers?: readonly Speaker[]) {
    this.#parts = parts;
    this.#speakers = speakers ?? [new SystemSpeaker(parts.backend), new WebSpeaker()];
  }

  /** Called by what shows the article, again when its text has changed. */
  show(text: AloudText): () => void {
    this.#text = text;
    if (this.#expected === text.article) {
      this.#expected = null;
      void this.#start();
    } else if (this.active && this.article === text.article) this.#adopt(text);
    return () => {
      if (this.#text === text) this.#text = null;
    };
  }

  /** Another article, or none, is open: what was read is stopped unless it leads there. */
  follow(open: number | null): void {
    if (this.#moving) return;
    if (open !== null && (open === this.article || open === this.#expected)) return;
    this.stop();
  }

  /** Starts, pauses and continues. */
  toggle(): void {
    if (this.status === 'reading') this.pause();
    else if (this.status === 'paused') this.#resume();
    else if (this.status === 'off') void this.#start();
    else this.stop();
  }

  /** Continuing begins the passage again. */
  pause(): void {
    if (this.status === 'starting') this.stop();
    if (this.status !== 'reading') return;
    this.status = 'paused';
    this.#speaker?.stop();
  }

  stop(): void {
    this.#turn += 1;
    this.#expected = null;
    this.status = 'off';
    this.problem = null;
    this.article = null;
    this.passages = [];
    this.#speaker?.stop();
  }

  /** Goes to the next or previous passage. */
  step(by: 1 | -1): void {
    if (this.status !== 'reading' && this.status !== 'paused') return;
    const to = this.at + by;
    if (to < 0 || to >= this.passages.length) {
      // From the last passage on, the next is the next article.
      if (to >= this.passages.length) void this.nextArticle();
      else this.#reread();
      return;
    }
    this.at = to;
    this.#reread();
  }

  #reread(): void {
    this.reveals += 1;
    if (this.status === 'reading') this.#say();
  }

  /** Reads faster or slower; the passage begins again, so that the speed is heard. */
  changeSpeed(by: 1 | -1): void {
    const { session } = this.#parts;
    const now = session.settings.aloudSpeed;
    const steps = by > 0 ? SPEEDS : [...SPEEDS].reverse();
    const next = steps.find((speed) => (by > 0 ? speed > now : speed < now));
    if (next === undefined) return;
    void session.changeSettings({ aloudSpeed: next });
    if (this.status === 'reading') this.#say();
  }

  /** Opens the next article of the list and reads it. */
  async nextArticle(): Promise<void> {
    if (!this.active) return;
    const { navigation, reader, toasts } = this.#parts;
    const turn = (this.#turn += 1);
    const before = reader.openId;
    this.#speaker?.stop();
    this.status = 'starting';
    this.#moving = true;
    try {
      await navigation.step(1);
    } finally {
      this.#moving = false;
    }
    if (turn !== this.#turn) return;
    const open = reader.openId;
    if (open === null || open === before) {
      this.stop();
      toasts.show(t('aloud.listEnded'));
      return;
    }
    this.article = null;
    this.passages = [];
    toasts.show(t('aloud.goesOn', { title: navigation.current?.title || t('list.untitled') }));
    if (this.#text?.article === open) void this.#start();
    else this.#expected = open;
  }

  /**
   * Loads the voices of the first speaker that this system supports; returns why there are none. One that
   * is supported but fails is not passed over: the reader is told what to do about it.
   */
  async loadVoices(): Promise<SpeechProblem | null> {
    let problem: SpeechProblem = 'unsupported';
    for (const speaker of this.#speakers) {
      const found = await speaker.voices();
      if (found === 'unsupported') continue;
      if (typeof found === 'string') {
        problem = found;
        break;
      }
      this.voices = found;
      this.#speaker = speaker;
      return null;
    }
    this.voices = [];
    return problem;
  }

  /** The voice that reads a language. */
  voice(language: string): Voice | null {
    const { settings } = this.#parts.session;
    return voiceFor(this.voices, language, settings.aloudVoices[primary(language)]);
  }

  /** Speaks a sentence with the voice of a language, to hear it; stops what is read. */
  sample(language: string, text: string): void {
    this.stop();
    this.#parts.player.paused = true;
    const speed = this.#parts.session.settings.aloudSpeed;
    this.#speaker?.say({ text, language, voice: this.voice(language), speed }, () => undefined);
  }

  async #start(): Promise<void> {
    const text = this.#text;
    if (!text) return;
    this.stop();
    const turn = this.#turn;
    this.status = 'starting';
    this.article = text.article;
    this.language = text.language ?? i18n.language;
    this.at = 0;
    if (this.voices.length === 0) {
      const problem = await this.loadVoices();
      if (turn !== this.#turn) return;
      if (problem !== null) {
        this.#fail(problem);
        return;
      }
    }
    // The text may have changed meanwhile.
    const now = this.#text?.article === text.article ? this.#text : text;
    this.passages = now.passages();
    if (this.passages.length === 0) this.#fail('noText');
    else if (this.voice(this.language) === null) this.#fail('noVoice');
    else this.#say();
  }

  #fail(problem: AloudProblem): void {
    this.stop();
    this.problem = problem;
  }

  #resume(): void {
    this.reveals += 1;
    this.#say();
  }

  #say(): void {
    const passage = this.passages[this.at];
    const speaker = this.#speaker;
    if (!passage || !speaker || this.language === null) return;
    const { session, player } = this.#parts;
    this.status = 'reading';
    this.problem = null;
    player.paused = true;
    const { language } = this;
    const speed = session.settings.aloudSpeed;
    const turn = this.#turn;
    speaker.say({ text: passage.text, language, voice: this.voice(language), speed }, (outcome) => {
      if (turn === this.#turn) this.#spoken(outcome);
    });
  }

  #spoken(outcome: Outcome): void {
    if (this.status !== 'reading') return;
    if (outcome === 'ended') {
      if (this.at + 1 < this.passages.length) {
        this.at += 1;
        this.#say();
      } else if (this.#parts.session.settings.aloudNext) void this.nextArticle();
      else {
        this.stop();
        this.#parts.toasts.show(t('aloud.ended'));
      }
      return;
    }
    this.status = 'paused';
    // The place is kept: once the service is there again, reading goes on.
    if (outcome !== 'interrupted') this.problem = outcome.failed;
  }

  /** Keeps the place in a text that has changed. */
  #adopt(text: AloudText): void {
    if (this.passages.length === 0) return;
    const current = this.passages[this.at]?.text;
    const passages = text.passages();
    if (passages.length === 0) return;
    const same = passages.map((one, index) => (one.text === current ? index : -1));
    const places = same.filter((index) => index >= 0);
    const nearest = places.sort((a, b) => Math.abs(a - this.at) - Math.abs(b - this.at))[0];
    this.at = nearest ?? Math.min(this.at, passages.length - 1);
    this.passages = passages;
  }
}
