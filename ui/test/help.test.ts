// What helps when something is wrong: diagnostics. And files that are dropped on the window.
import { fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { expect, test, vi } from 'vitest';

import Root from '../src/App.svelte';
import type { Backend } from '../src/lib/backend';
import { App } from '../src/lib/state/app.svelte';
import { accessible } from './accessible';
import { fixture, row } from './fixture';

// axe is slow on a busy machine.
vi.setConfig({ testTimeout: 30_000 });

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
    copyDiagnostics: () => Promise.reject({ code: 'internal', message: 'no display', detail: '' }),
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
    overview: () => Promise.reject({ code: 'portableReadOnly', message: '', detail: '' }),
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
