// Two ways to speak a text: the system's speech service, by the shell, and the voices of the web view.

import type { Backend, SpeechProblem, SystemVoice } from '../backend';
import type { Voice } from './voices';

export type Outcome = 'ended' | 'interrupted' | { failed: SpeechProblem };

export interface Speech {
  text: string;
  /** BCP 47. */
  language: string | null;
  voice: Voice | null;
  /** In percent. */
  speed: number;
}

export interface Speaker {
  /** The voices, or why there are none. */
  voices: () => Promise<readonly Voice[] | SpeechProblem>;
  /**
   * Speaks a text in place of the one before. `done` is called once, unless it is stopped or replaced
   * before.
   */
  say: (speech: Speech, done: (outcome: Outcome) => void) => void;
  stop: () => void;
}

/** The system's speech service. */
export class SystemSpeaker implements Speaker {
  readonly #backend: Backend;
  /** The calls are made one after the other, since the shell may run them in any order. */
  #calls: Promise<void> = Promise.resolve();
  #listening = false;
  #last = 0;
  #done: ((outcome: Outcome) => void) | null = null;
  #voices = new Map<string, SystemVoice>();

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  async voices(): Promise<readonly Voice[] | SpeechProblem> {
    try {
      const { problem, voices } = await this.#backend.systemVoices();
      if (problem !== null) return problem;
      const identified = voices.map((voice) => [`${voice.module}/${voice.name}`, voice] as const);
      this.#voices = new Map(identified);
      return identified.map(([id, { name, language }]) => ({ id, name, language }));
    } catch {
      return 'failed';
    }
  }

  say({ text, language, voice, speed }: Speech, done: (outcome: Outcome) => void): void {
    const id = (this.#last += 1);
    this.#done = done;
    const system = (voice && this.#voices.get(voice.id)) ?? null;
    this.#call(async () => {
      if (this.#last !== id || this.#done === null) return;
      if (!this.#listening) {
        await this.#backend.listenToSpeech((event) => this.#end(event.id, event.outcome));
        this.#listening = true;
      }
      await this.#backend
        .speak({ id, text, language, voice: system, speed })
        .catch(() => this.#end(id, { failed: 'failed' }));
    });
  }

  stop(): void {
    if (this.#done === null) return;
    this.#done = null;
    this.#call(() => this.#backend.stopSpeaking());
  }

  #call(work: () => Promise<void>): void {
    this.#calls = this.#calls.then(work).catch(() => undefined);
  }

  #end(id: number, outcome: Outcome): void {
    if (id !== this.#last) return;
    const done = this.#done;
    this.#done = null;
    done?.(outcome);
  }
}

/** The voices of the web view. */
export class WebSpeaker implements Speaker {
  readonly #synthesis: SpeechSynthesis | null;
  #turn = 0;

  constructor(
    synthesis: SpeechSynthesis | null = typeof speechSynthesis === 'undefined'
      ? null
      : speechSynthesis,
  ) {
    this.#synthesis = synthesis;
  }

  async voices(): Promise<readonly Voice[] | SpeechProblem> {
    const found = await this.#loaded();
    if (found.length === 0) return 'unsupported';
    // Voices that need the network come last.
    return [...found]
      .sort((a, b) => Number(b.localService) - Number(a.localService))
      .map(({ voiceURI, name, lang }) => ({ id: voiceURI, name, language: lang }));
  }

  say({ text, language, voice, speed }: Speech, done: (outcome: Outcome) => void): void {
    const synthesis = this.#synthesis;
    if (!synthesis) {
      done({ failed: 'unsupported' });
      return;
    }
    const turn = (this.#turn += 1);
    const end = (outcome: Outcome) => {
      if (turn !== this.#turn) return;
      this.#turn += 1;
      done(outcome);
    };
    const utterance = new SpeechSynthesisUtterance(text);
    const tag = voice?.language ?? language;
    if (tag) utterance.lang = tag;
    utterance.voice = synthesis.getVoices().find((one) => one.voiceURI === voice?.id) ?? null;
    utterance.rate = speed / 100;
    utterance.onend = () => end('ended');
    utterance.onerror = ({ error }) =>
      end(error === 'interrupted' || error === 'canceled' ? 'interrupted' : { failed: 'failed' });
    synthesis.cancel();
    synthesis.speak(utterance);
  }

  stop(): void {
    this.#turn += 1;
    this.#synthesis?.cancel();
  }

  /** Some web views load their voices after the first request; they announce them within a second. */
  async #loaded(): Promise<SpeechSynthesisVoice[]> {
    const synthesis = this.#synthesis;
    if (!synthesis) return [];
    const now = synthesis.getVoices();
    if (now.length > 0) return now;
    await new Promise<void>((resolve) => {
      synthesis.addEventListener('voiceschanged', () => resolve(), { once: true });
      setTimeout(resolve, 1000);
    });
    return synthesis.getVoices();
  }
}
