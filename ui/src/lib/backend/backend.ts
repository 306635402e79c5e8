// What the UI can ask of the engine: the commands that Rust declares, and their events. Every command
// rejects with a `Failure`.

import type { commands, Event, Failure, SpeechEvent } from './bindings';

export type Backend = typeof commands & {
  /** Subscribes to all events; returns the function that unsubscribes. */
  listen: (listener: (event: Event) => void) => Promise<() => void>;
  /** Subscribes to links that the app is opened with; `takeLinks` returns them. */
  listenToLinks: (listener: () => void) => Promise<() => void>;
  /** Subscribes to the closing of the window; `finishClosing` answers. */
  listenToClosing: (listener: (turn: number) => void) => Promise<() => void>;
  /** Subscribes to the ends of what the system speaks. */
  listenToSpeech: (listener: (event: SpeechEvent) => void) => Promise<() => void>;
};

/** Whatever was thrown, as a `Failure`. */
export function asFailure(thrown: unknown): Failure {
  if (isFailure(thrown)) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return { code: 'internal', message, detail: '' };
}

/** Only the engine throws all three fields. */
function isFailure(thrown: unknown): thrown is Failure {
  if (typeof thrown !== 'object' || thrown === null) return false;
  return ['code', 'message', 'detail'].every(
    (field) => typeof (thrown as Record<string, unknown>)[field] === 'string',
  );
}
