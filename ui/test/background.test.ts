// Life in the background: its settings, what is stored when the window is closed, and what opens it again.
import { fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { expect, test, vi } from 'vitest';

import { Root } from './root';
import type { Backend, LinkTarget, Settings } from '../src/lib/backend';
import { timesOfDay } from '../src/lib/settings/choices';
import { App } from '../src/lib/state/app.svelte';
import { accessible } from './accessible';
import { choose } from './choosing';
import { fixture, row } from './fixture';

// axe is slow on a busy machine.
vi.setConfig({ testTimeout: 30_000 });

/** An app whose window can be closed, with the settings that it stored. */
async function started(own: Partial<Backend> = {}) {
  const stored: Settings[] = [];
  let close: (turn: number) => void = () => undefined;
  const { backend } = fixture([row(1), row(2)], {
    setSettings: (settings) => {
      stored.push(settings);
      return Promise.resolve(settings);
    },
    finishClosing: vi.fn(() => Promise.resolve()),
    listenToClosing: (listener) => {
      close = listener;
      return Promise.resolve(() => undefined);
    },
    ...own,
  });
  const app = new App(backend);
  const { container } = render(Root, { app });
  await app.start();
  return { app, backend, container, stored, close: (turn: number) => close(turn) };
}

async function section(of: Awaited<ReturnType<typeof started>>) {
  of.app.dialogs.open({ kind: 'settings' });
  return screen.findByTestId('settings-section-background');
}

test('the section is labelled, and each part can be switched off', async () => {
  const of = await started();
  await accessible(await section(of));
  for (const [id, name, value] of [
    ['settings-keep-running', 'keepRunning', false],
    ['settings-at-login', 'startAtLogin', true],
    ['settings-badge', 'unreadBadge', false],
    ['settings-notify', 'notify', false],
  ] as const) {
    await fireEvent.click(screen.getByTestId(id));
    await waitFor(() => expect(of.stored.at(-1)?.[name]).toBe(value));
  }
});

test('quiet hours are set by two times, which may cross midnight', async () => {
  const of = await started();
  const shown = await section(of);
  expect(screen.queryByTestId('settings-quiet-from')).toBeNull();
  await fireEvent.click(screen.getByTestId('settings-quiet'));
  await screen.findByTestId('settings-quiet-from');
  expect(of.stored.at(-1)?.quietHours).toEqual({ fromMinute: 1320, toMinute: 420 });
  await accessible(shown);
  await choose('settings-quiet-from', '1380');
  await waitFor(() =>
    expect(of.stored.at(-1)?.quietHours).toEqual({ fromMinute: 1380, toMinute: 420 }),
  );
  await choose('settings-quiet-to', '390');
  await waitFor(() =>
    expect(of.stored.at(-1)?.quietHours).toEqual({ fromMinute: 1380, toMinute: 390 }),
  );
  await fireEvent.click(screen.getByTestId('settings-quiet'));
  await waitFor(() => expect(of.stored.at(-1)?.quietHours).toBeNull());
});

test('there are no quiet hours without notifications', async () => {
  const of = await started();
  await section(of);
  await fireEvent.click(screen.getByTestId('settings-quiet'));
  await screen.findByTestId('settings-quiet-from');
  await fireEvent.click(screen.getByTestId('settings-notify'));
  await waitFor(() => expect(screen.queryByTestId('settings-quiet-from')).toBeNull());
});

test('a time of one’s own is among the times of the day', () => {
  const labels = timesOfDay(425).map(({ label }) => label);
  expect(labels).toHaveLength(49);
  expect(labels.slice(13, 17)).toEqual(['06:30', '07:00', '07:05', '07:30']);
});

test('a closed window is given up once its changes are stored', async () => {
  let store: () => void = () => undefined;
  const of = await started({
    setSettings: (settings) => new Promise((resolve) => (store = () => resolve(settings))),
  });
  void of.app.session.changeSettings({ thumbnails: false });
  await waitFor(() => expect(of.app.session.settings.thumbnails).toBe(false));
  of.close(3);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(of.backend.finishClosing).not.toHaveBeenCalled();
  store();
  await waitFor(() => expect(of.backend.finishClosing).toHaveBeenCalledWith(3, true));
});

test('a window with an open dialog is kept, and so is one that plays', async () => {
  const of = await started();
  of.app.dialogs.open({ kind: 'original' });
  const field = await screen.findByTestId('original-text');
  field.focus();
  of.close(1);
  await waitFor(() => expect(of.backend.finishClosing).toHaveBeenLastCalledWith(1, false));
  expect(document.activeElement).toBe(field);
  of.app.dialogs.closeAll();
  of.app.player.paused = false;
  of.close(2);
  await waitFor(() => expect(of.backend.finishClosing).toHaveBeenLastCalledWith(2, false));
});

/** An app that was opened with these links. */
async function openedWith(...links: LinkTarget[]) {
  let waiting = links;
  const of = await started({
    takeLinks: () => {
      const taken = waiting;
      waiting = [];
      return Promise.resolve(taken);
    },
  });
  await new Promise((resolve) => setTimeout(resolve, 0));
  return of.app;
}

test('a notification opens a story, an article or the front page', async () => {
  const story = await openedWith({ kind: 'story', id: 2 });
  await waitFor(() => expect(story.navigation.view).toEqual({ kind: 'story', id: 2 }));
  const front = await openedWith({ kind: 'story', id: 2 }, { kind: 'frontPage' });
  await waitFor(() => expect(front.navigation.view).toEqual({ kind: 'front' }));
});

test('that Warta went on running is said by the next window, where it could not be notified', async () => {
  const app = await openedWith({ kind: 'keptRunning' });
  await waitFor(() => expect(app.toasts.shown.map(({ text }) => text).join()).toMatch(/baki/));
});
