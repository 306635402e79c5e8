// Settings, disk usage, snapshots and repair.

import type { Backend } from '../backend';
import { failure, type World } from './world';

export function maintenance(world: World) {
  return {
    repair: () =>
      world.later(() => ({
        at: world.now,
        automatic: false,
        articles: 1204,
        withoutText: 0,
        feeds: 12,
        pictures: 300,
        stillDamaged: false,
        setAside: null,
        notes: [],
        keptItems: 0,
        keptBytes: 0,
        unrepairedItems: 0,
      })),
    updates: () =>
      Promise.resolve({ off: 'notConfigured', checkedAt: null, offer: null, problem: null }),
    checkForUpdates: () =>
      Promise.resolve({ off: 'notConfigured', checkedAt: null, offer: null, problem: null }),
    downloadUpdate: () => Promise.reject(failure('notFound', 'there is no such update')),
    copyDiagnostics: () => world.later(() => 'Warta: 0.1.0, sample data\n\nLog:\n(empty)\n'),
    lastRepair: () => Promise.resolve(null),
    planImport: () => Promise.reject(failure('unknownFile', 'nothing is imported here')),
    planImportFile: () => Promise.resolve(null),
    applyImport: () => Promise.reject(failure('notFound', 'no file was read')),
    cancelImport: () => Promise.resolve(),
    undoImport: () => Promise.resolve(false),
    exportSaved: () => Promise.resolve(null),
    planRestoreFile: () => Promise.resolve(null),
    applyRestore: () => Promise.reject(new Error('there is no snapshot here')),
    cancelRestore: () => Promise.resolve(),
    setSettings: (settings) => {
      world.settings = settings;
      return Promise.resolve(settings);
    },
    snapshot: () => Promise.resolve('snapshots/2026-11-24'),
    usage: () =>
      Promise.resolve({
        articles: world.rows.length,
        bytesTotal: 84_000_000,
        bytesBodies: 21_000_000,
        bytesPictures: 58_000_000,
        bytesAudio: 24_400_000,
        bytesSearch: 5_000_000,
        bytesLists: 9_000_000,
        bytesDead: 2_400_000,
        feeds: world
          .places()
          .feeds.slice(0, 5)
          .map((feed, index) => ({
            feed: feed.id,
            title: feed.title,
            articles: feed.count.total,
            bytes: 6_000_000 - index * 900_000,
          })),
        tidied: {
          at: world.now - 7200,
          articles: 120,
          pictures: 48,
          freed: 12_400_000,
          failure: null,
        },
      }),
    freeSpace: () =>
      world.later(() => ({
        at: world.now,
        articles: 0,
        pictures: 3,
        freed: 2_400_000,
        failure: null,
      })),
  } satisfies Partial<Backend>;
}
