// Links and files that the app is opened with.
import { describe, expect, test, vi } from 'vitest';

import type { LinkTarget } from '../src/lib/backend';
import { App } from '../src/lib/state/app.svelte';
import { fixture, row } from './fixture';

/** An app that was started with these links; `later` opens further ones. */
async function opened(...links: LinkTarget[]) {
  let waiting = links;
  let tell = () => undefined as void;
  const { backend } = fixture([row(1), row(2)], {
    takeLinks: () => {
      const taken = waiting;
      waiting = [];
      return Promise.resolve(taken);
    },
    listenToLinks: (listener) => {
      tell = listener;
      return Promise.resolve(() => undefined);
    },
  });
  const app = new App(backend);
  await app.start();
  await new Promise((resolve) => setTimeout(resolve, 0));
  const later = async (...more: LinkTarget[]) => {
    waiting = more;
    tell();
    await new Promise((resolve) => setTimeout(resolve, 0));
  };
  return { app, backend, later, toasts: () => app.toasts.shown.map(({ text }) => text) };
}

const ADDRESS = 'https://a.example/rss';

test('an address is put into the dialog that subscribes', async () => {
  const { app } = await opened({ kind: 'subscribe', address: ADDRESS, ask: false });
  expect(app.dialogs.current).toEqual({ kind: 'addFeed', address: ADDRESS, ask: false });
});

test('links of a later start take the place of what is open', async () => {
  const { app, later } = await opened();
  app.dialogs.open({ kind: 'settings' });
  await later({ kind: 'subscribe', address: ADDRESS, ask: true });
  expect(app.dialogs.stack).toEqual([{ kind: 'addFeed', address: ADDRESS, ask: true }]);
  await later({ kind: 'share', text: 'a message' });
  expect(app.dialogs.stack).toEqual([{ kind: 'original', text: 'a message' }]);
  await later({ kind: 'article', id: 2 });
  expect(app.dialogs.stack).toEqual([]);
  expect(app.reader.openId).toBe(2);
});

test('a start without the graphics processor is said', async () => {
  const { toasts } = await opened({ kind: 'softwareRendering' });
  expect(toasts()).toEqual([expect.stringContaining('--software-rendering')]);
});

test.each(['settings', 'addFeed', 'keys'] as const)('the menu bar opens %s', async (dialog) => {
  const { app, later } = await opened();
  app.dialogs.open({ kind: 'activity' });
  await later({ kind: 'dialog', dialog });
  expect(app.dialogs.stack).toEqual([{ kind: dialog }]);
});

test('a page is saved, with a message', async () => {
  const { backend, toasts } = await opened({ kind: 'save', address: ADDRESS });
  expect(backend.savePage).toHaveBeenCalledWith(ADDRESS);
  expect(toasts()).toHaveLength(1);
});

describe('an OPML file', () => {
  test('is imported, and what it brought is said', async () => {
    const { app, later, toasts } = await opened();
    app.backend.importOpenedOpml = () =>
      Promise.resolve({ added: 3, already: 1, problems: [{ line: 12, what: 'no address' }] });
    await later({ kind: 'opml', name: 'saya.opml' });
    expect(toasts()).toEqual(['saya.opml: 3 sumber baru, 1 sudah ada. 1 baris tidak bisa dibaca.']);
  });

  test('that cannot be read is reported', async () => {
    const { app, later, toasts } = await opened();
    app.backend.importOpenedOpml = vi.fn(() =>
      Promise.reject(Object.assign(new Error('large'), { code: 'badInput', detail: '' })),
    );
    await later({ kind: 'opml', name: 'saya.opml' });
    expect(toasts()).toEqual(['Ini tidak dapat dibaca.']);
  });
});

test('the first run ends when a link brings something', async () => {
  const { app, later } = await opened();
  app.firstRun = true;
  await later({ kind: 'article', id: 2 });
  expect(app.firstRun).toBe(true);
  await later({ kind: 'save', address: ADDRESS });
  expect(app.firstRun).toBe(false);
});

test('a second start of the app does not listen twice', async () => {
  const { app, backend } = await opened();
  await app.start();
  expect(backend.listenToLinks).toHaveBeenCalledTimes(1);
});
