// What helps when something is wrong: diagnostics. And files that are dropped on the window.
import { fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { expect, test, vi } from 'vitest';

import { Root } from './root';
import type { Backend, Event as EngineEvent, FailureCode } from '../src/lib/backend';
import { App } from '../src/lib/state/app.svelte';
import { accessible } from './accessible';
import { fixture, row } from './fixture';

// axe is slow on a busy machine.
vi.setConfig({ testTimeout: 30_000 });

/** What the engine rejects with. */
const failure = (code: FailureCode, message: string) =>
  Object.assign(new Error(message), { code, detail: '' });

async function started(own: Partial<Backend> = {}) {
  const { backend } = fixture([row(1), row(2)], own);
  const app = new App(backend);
  const { container } = render(Root, { app });
  await app.start();
  return { app, backend, container, toasts: () => app.toasts.shown.map(({ text }) => text) };
}

test('diagnostics are copied, and what was copied is shown', async () => {
  const copyDiagnostics = vi.fn(() => Promise.resolve('Warta: 0.1.0\nLog:\nlast line\n'));
  const { app } = await started({ copyDiagnostics });
  app.dialogs.open({ kind: 'settings' });
  const section = await screen.findByTestId('settings-section-help');
  await fireEvent.click(screen.getByTestId('copy-diagnostics'));
  const shown = await screen.findByTestId('diagnostics-text');
  expect(shown.textContent).toContain('last line');
  expect(copyDiagnostics).toHaveBeenCalledTimes(1);
  await accessible(section);
});

test('a clipboard that fails is said, and nothing is called copied', async () => {
  const { app } = await started({
    copyDiagnostics: () => Promise.reject(failure('internal', 'no display')),
  });
  app.dialogs.open({ kind: 'settings' });
  await fireEvent.click(await screen.findByTestId('copy-diagnostics'));
  expect(await screen.findByText(/no display/)).toBeTruthy();
  expect(screen.queryByTestId('diagnostics-text')).toBeNull();
});

test('diagnostics can be copied where the data did not open', async () => {
  const copyDiagnostics = vi.fn(() => Promise.resolve('Warta: 0.1.0'));
  await started({
    copyDiagnostics,
    overview: () => Promise.reject(failure('portableReadOnly', '')),
  });
  expect(await screen.findByText(/portable\.txt/)).toBeTruthy();
  await fireEvent.click(screen.getByTestId('copy-diagnostics'));
  await screen.findByTestId('diagnostics-text');
});

const OPML = '<opml version="2.0"><body><outline xmlUrl="https://a.example/rss"/></body></opml>';

/** A drag event with files; happy-dom's own have no data. */
function drag(type: string, files: File[] = [], types: string[] = ['Files']) {
  const event = new Event(type, { bubbles: true, cancelable: true });
  Object.defineProperty(event, 'dataTransfer', { value: { types, files, getData: () => '' } });
  document.body.dispatchEvent(event);
  return event;
}

test('a dropped OPML list is imported, and the drag is shown', async () => {
  const importOpml = vi.fn(() => Promise.resolve({ added: 1, already: 0, problems: [] }));
  const { toasts } = await started({ importOpml });
  drag('dragenter');
  drag('dragenter');
  drag('dragleave');
  expect(await screen.findByTestId('drop-overlay')).toBeTruthy();
  expect(drag('dragover').defaultPrevented, 'the window takes the files').toBe(true);
  drag('drop', [new File([OPML], 'saya.opml')]);
  await waitFor(() => expect(toasts()).toEqual([expect.stringMatching(/^saya\.opml: 1 /)]));
  expect(importOpml).toHaveBeenCalledWith([...new TextEncoder().encode(OPML)]);
  await waitFor(() => expect(screen.queryByTestId('drop-overlay')).toBeNull());
});

test('a drag that leaves the window is not shown any more', async () => {
  await started();
  drag('dragenter');
  await screen.findByTestId('drop-overlay');
  drag('dragleave');
  await waitFor(() => expect(screen.queryByTestId('drop-overlay')).toBeNull());
});

test('other files are refused in words', async () => {
  const importOpml = vi.fn();
  const { toasts } = await started({ importOpml });
  drag('drop', [new File(['hai'], 'foto.png')]);
  await waitFor(() => expect(toasts()).toEqual([expect.stringContaining('foto.png')]));
  expect(importOpml).not.toHaveBeenCalled();
});

test('the dialog that adds feeds keeps its files, and addresses are saved as before', async () => {
  const savePage = vi.fn(() => Promise.resolve(1));
  const { app, backend } = await started({ savePage: savePage as unknown as Backend['savePage'] });
  expect(app.fileDrop.takes({ types: ['text/plain'] } as unknown as DataTransfer)).toBe(false);
  app.dialogs.open({ kind: 'addFeed' });
  await screen.findByTestId('way-opml');
  drag('dragenter');
  expect(app.fileDrop.dragging).toBe(false);
  drag('drop', [new File([OPML], 'saya.opml')]);
  await waitFor(() => expect(backend.importOpml).toHaveBeenCalledTimes(1));
});

const OFFER = { version: '0.2.0', date: null, notes: 'New:\n<b>tags</b>', downloadable: true };

async function settings(own: Partial<Backend>) {
  const begun = await started(own);
  begun.app.dialogs.open({ kind: 'settings' });
  return { ...begun, section: await screen.findByTestId('settings-section-help') };
}

test('a program that cannot be updated says why, and its switch is off', async () => {
  const { section } = await settings({
    updates: () =>
      Promise.resolve({ off: 'packaged', checkedAt: null, offer: null, problem: null }),
  });
  expect(await screen.findByText(/pengelola paket/)).toBeTruthy();
  const input = screen.getByTestId<HTMLInputElement>('settings-updates');
  expect(input.matches(':disabled, [disabled], [aria-disabled="true"]')).toBe(true);
  expect(screen.queryByTestId('check-for-updates')).toBeNull();
  await accessible(section);
});

test('an update is shown with its notes as plain text, and downloaded when asked', async () => {
  const downloadUpdate = vi.fn(() => Promise.resolve('/home/ani/Unduhan/Warta.AppImage'));
  const { section } = await settings({
    updates: () => Promise.resolve({ off: null, checkedAt: null, offer: null, problem: null }),
    checkForUpdates: () =>
      Promise.resolve({ off: null, checkedAt: 1, offer: OFFER, problem: null }),
    downloadUpdate,
  });
  await fireEvent.click(await screen.findByTestId('check-for-updates'));
  const notes = await screen.findByTestId('update-notes');
  expect(notes.textContent).toContain('<b>tags</b>');
  expect(notes.querySelector('b')).toBeNull();
  expect(downloadUpdate).not.toHaveBeenCalled();
  await fireEvent.click(screen.getByTestId('download-update'));
  expect(await screen.findByText(/Warta\.AppImage/)).toBeTruthy();
  await accessible(section);
});

test('a refused update is called refused', async () => {
  await settings({
    updates: () => Promise.resolve({ off: null, checkedAt: 1, offer: null, problem: null }),
    checkForUpdates: () =>
      Promise.resolve({ off: null, checkedAt: 1, offer: null, problem: 'wrongSignature' }),
  });
  await fireEvent.click(await screen.findByTestId('check-for-updates'));
  expect(await screen.findByText(/tidak ditandatangani/)).toBeTruthy();
});

test('an update that was found is said, with a way to it', async () => {
  let emit: (event: EngineEvent) => void = () => undefined;
  const { app } = await started({
    listen: (listener) => {
      emit = listener;
      return Promise.resolve(() => undefined);
    },
  });
  emit({ type: 'updateFound', version: '0.2.0' });
  const [toast] = app.toasts.shown;
  expect(toast?.text).toContain('0.2.0');
  toast?.action?.run();
  expect(app.dialogs.current?.kind).toBe('settings');
});
