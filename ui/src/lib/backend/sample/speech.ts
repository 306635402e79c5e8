// A system that speaks without a sound: each text ends after a time that its length gives.

import type { Backend } from '../backend';
import type { SpeechEvent, SystemVoice } from '../bindings';

/** How long a character takes, in milliseconds. */
const CHARACTER = 60;

const VOICES: SystemVoice[] = [
  { module: 'espeak-ng', name: 'English (America)', language: 'en-US' },
  { module: 'espeak-ng', name: 'English (Great Britain)', language: 'en-GB' },
  { module: 'espeak-ng', name: 'Indonesian', language: 'id' },
  { module: 'espeak-ng', name: 'Arabic', language: 'ar' },
];

export function speech(): Pick<
  Backend,
  'systemVoices' | 'speak' | 'stopSpeaking' | 'listenToSpeech'
> {
  const listeners = new Set<(event: SpeechEvent) => void>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    systemVoices: () => Promise.resolve({ problem: null, voices: VOICES }),
    speak: ({ id, text, speed }) => {
      clearTimeout(timer);
      const end = () => listeners.forEach((listener) => listener({ id, outcome: 'ended' }));
      timer = setTimeout(end, (text.length * CHARACTER * 100) / speed);
      return Promise.resolve();
    },
    stopSpeaking: () => {
      clearTimeout(timer);
      return Promise.resolve();
    },
    listenToSpeech: (listener) => {
      listeners.add(listener);
      return Promise.resolve(() => void listeners.delete(listener));
    },
  };
}
