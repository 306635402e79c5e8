// Invented news in memory, for development and screenshots in a plain browser and for component tests.
// `?state=` empty, loading, offline, broken, first-run, syncing; `?lang=`, `?theme=`, `?rows=`; `?delay=`
// milliseconds until it answers.

import type { Backend } from '../backend';
import { highlights } from './highlights';
import { maintenance } from './maintenance';
import { newsletters } from './newsletters';
import { offline } from './offline';
import { reading } from './reading';
import { sharing } from './sharing';
import { speech } from './speech';
import { stories } from './stories';
import { subscriptions } from './subscriptions';
import { World } from './world';

export function sampleBackend(parameters: URLSearchParams): Backend {
  const world = new World(parameters);
  return {
    ...reading(world),
    ...highlights(world),
    ...stories(world),
    ...subscriptions(world),
    ...newsletters(world),
    ...sharing(world),
    ...offline(world),
    ...maintenance(world),
    ...speech(),
    takeLinks: () => Promise.resolve([]),
    listenToLinks: () => Promise.resolve(() => undefined),
    listenToClosing: () => Promise.resolve(() => undefined),
    finishClosing: () => Promise.resolve(),
    firstListPainted: () => Promise.resolve(),
    listen: (listener) => {
      world.listeners.add(listener);
      return Promise.resolve(() => void world.listeners.delete(listener));
    },
  };
}
