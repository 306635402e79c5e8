// Imports from other readers: what the preview, the result and undoing say, and what a failure leaves.

import { expect, test, vi } from 'vitest';

import type { Backend, ImportSummary } from '../src/lib/backend';
import { Importing, isOpml } from '../src/lib/state/importing.svelte';

const summary = (more: Partial<ImportSummary> = {}): ImportSummary => ({
  plan: 7,
  applied: false,
  sources: ['Pocket'],
  feeds: 0,
  feedsAlready: 0,
  articles: 0,
  savedPages: 3,
  articlesAlready: 0,
  saved: 3,
  read: 1,
  readLater: 0,
  tagged: 0,
  withoutText: 3,
  leftOut: [],
  snapshot: null,
  canUndo: false,
  ...more,
});

function importing(parts: Partial<Backend>) {
  const changed = vi.fn();
  return { changed, state: new Importing(parts as Backend, changed) };
}

test('a file is shown, confirmed once, and undone once', async () => {
  const applyImport = vi.fn().mockResolvedValue(summary({ applied: true, canUndo: true }));
  const undoImport = vi.fn().mockResolvedValueOnce(true).mockResolvedValue(false);
  const { state, changed } = importing({
    planImportFile: () => Promise.resolve(summary()),
    applyImport,
    undoImport,
  });
  await state.confirm();
  expect(applyImport).not.toHaveBeenCalled();
  await state.choose();
  expect(state.plan?.savedPages).toBe(3);
  expect(changed).not.toHaveBeenCalled();
  await Promise.all([state.confirm(), state.confirm()]);
  expect(applyImport).toHaveBeenCalledExactlyOnceWith(7);
  expect(state.plan).toBeNull();
  expect(state.result?.canUndo).toBe(true);
  await state.undo();
  expect([state.undone, state.result, changed.mock.calls.length]).toEqual([true, null, 2]);
  await state.undo();
  expect(state.undone).toBe(false);
  expect(state.wrong).not.toBe('');
});

test('a canceled choice keeps what is shown', async () => {
  const planImportFile = vi.fn().mockResolvedValueOnce(summary()).mockResolvedValue(null);
  const { state } = importing({ planImportFile });
  await state.choose();
  await state.choose();
  expect(state.plan?.plan).toBe(7);
});

test('a failure is said, and the plan stays to be tried again', async () => {
  const { state, changed } = importing({
    planImportFile: () => Promise.resolve(summary()),
    applyImport: () =>
      Promise.reject(Object.assign(new Error('no space'), { code: 'diskFull', detail: '' })),
  });
  await state.choose();
  await state.confirm();
  expect(state.wrong).toMatch(/\w/);
  expect(state.plan?.plan).toBe(7);
  expect(state.busy).toBe('');
  expect(changed).not.toHaveBeenCalled();
});

test('a dropped file is handed over, unless it is too large for that', async () => {
  const planImport = vi.fn().mockResolvedValue(summary());
  const { state } = importing({ planImport });
  await state.drop(new File(['hai'], 'ekspor.csv'));
  expect(planImport).toHaveBeenCalledExactlyOnceWith([104, 97, 105]);
  const large = { size: 65 << 20, arrayBuffer: vi.fn() };
  await state.drop(large as unknown as File);
  expect(large.arrayBuffer).not.toHaveBeenCalled();
  expect(state.wrong).toMatch(/\w/);
});

test('a list of subscriptions is told from other exports by its start', async () => {
  const opml = '<?xml version="1.0"?><OPML version="2.0"><body/></OPML>';
  expect(await isOpml(new File([opml], 'a.xml'))).toBe(true);
  expect(await isOpml(new File(['{"items":[]}'], 'starred.json'))).toBe(false);
});
