// Packs, podcasts and the data saver.

import type { Backend } from '../backend';
import type { PackView, PackWish } from '../bindings';
import { failure, type World } from './world';

export function offline(world: World) {
  return {
    packs: () => Promise.resolve(world.packs),
    pack: (id) =>
      world.later(() => {
        const pack = packOf(world, id);
        const rows = world.articlesIn({ kind: 'pack', id });
        return { pack, articles: rows.map((row) => ({ row, tried: true, lacks: [] })) };
      }),
    previewPack: (wish) =>
      world.later(() => ({
        articles: Math.ceil((wish.minutes ?? 480) / 4),
        minutes: wish.minutes ?? 480,
        ready: 7,
      })),
    createPack: (wish) => world.later(() => startPack(world, wish)),
    pausePack: (id) =>
      world.later(() => setPack(world, { ...packOf(world, id), status: 'paused' })),
    resumePack: (id) =>
      world.later(() => setPack(world, { ...packOf(world, id), status: 'running' })),
    removePack: (id) => {
      world.packs = world.packs.filter((pack) => pack.id !== id);
      world.emit({ type: 'placesChanged' });
      return Promise.resolve({ changed: 24, token: 0 });
    },
    exportPack: () => world.later(() => 'Bekal.epub'),
    traffic: () =>
      world.later(() => {
        const megabytes = world.settings.monthlyMegabytes;
        return {
          since: world.now - 900_000,
          bytes: 61_400_000,
          budget: megabytes === 0 ? null : megabytes * 1_000_000,
          over: megabytes > 0 && megabytes * 1_000_000 < 61_400_000,
        };
      }),
    fetchAudio: () => world.later(() => undefined),
    stopAudio: () => world.later(() => undefined),
    removeAudio: () => world.later(() => undefined),
    listened: () => world.later(() => undefined),
    saveAudio: () => world.later(() => 'Episode.mp3'),
  } satisfies Partial<Backend>;
}

function startPack(world: World, wish: PackWish): PackView {
  const pack: PackView = {
    id: world.token++,
    name: wish.name ?? '',
    madeAt: world.now,
    status: 'running',
    automatic: false,
    articles: 24,
    tried: 0,
    complete: 0,
    pictures: 0,
    bytes: 0,
    wireBytes: 0,
    planned: null,
    minutes: 96,
    lacks: [],
  };
  world.packs = [pack, ...world.packs];
  const timer = setInterval(() => {
    const now = world.packs.find((one) => one.id === pack.id);
    if (now?.status !== 'running') return;
    const tried = now.tried + 1;
    const next: PackView = {
      ...now,
      tried,
      complete: tried > 3 ? tried - 1 : tried,
      pictures: tried * 2,
      bytes: tried * 310_000,
      wireBytes: tried * 290_000,
      lacks: tried > 3 ? [{ what: 'pictures', code: 'notFound', articles: 1 }] : [],
      status: tried === now.articles ? 'done' : 'running',
    };
    setPack(world, next);
    if (next.status === 'done') clearInterval(timer);
  }, 300);
  return pack;
}

function setPack(world: World, pack: PackView): PackView {
  world.packs = world.packs.map((one) => (one.id === pack.id ? pack : one));
  world.emit({ type: 'packChanged', pack });
  return pack;
}

function packOf(world: World, id: number): PackView {
  const pack = world.packs.find((one) => one.id === id);
  if (!pack) throw failure('notFound', 'there is no such pack');
  return pack;
}
