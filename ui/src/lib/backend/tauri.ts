// The engine and the shell: the generated commands and their events.

import type { Backend } from './backend';
import { commands, events } from './bindings';

export const tauriBackend: Backend = {
  ...commands,
  listen: (listener) => events.engineEvent.listen(({ payload }) => listener(payload)),
  listenToLinks: (listener) => events.linksOpened.listen(() => listener()),
  listenToClosing: (listener) =>
    events.windowClosing.listen(({ payload }) => listener(payload.turn)),
  listenToSpeech: (listener) => events.speechEvent.listen(({ payload }) => listener(payload)),
};
