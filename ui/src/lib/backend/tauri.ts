// The engine: the generated commands and their one event.

import type { Backend } from './backend';
import { commands, events } from './bindings';

export const tauriBackend: Backend = {
  ...commands,
  listen: (listener) => events.newsroomEvent.listen(({ payload }) => listener(payload)),
};
