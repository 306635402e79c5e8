// The place of highlights, editing one, and saving pages by their addresses.

import { fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { describe, expect, test, vi } from 'vitest';

import { Root } from './root';
import type { Backend, Highlight } from '../src/lib/backend';
import { webAddress } from '../src/lib/state/addresses';
import { App } from '../src/lib/state/app.svelte';
import { accessible } from './accessible';
import { fixture, NOW, row } from './fixture';

function highlight(id: number, more: Partial<Highlight> = {}): Highlight {
  return {
    id,
    article: 1,
    title: 'Feri tiba',
    publisher: 'Kabar Teluk',
    url: 'https://kabarteluk.example/1',
    time: NOW,
    quote: { exact: `Kutipan ${id}`, prefix: '', suffix: '', start: id, end: id + 9 },
    colour: 'yellow',
    note: '',
    createdAt: NOW,
    changedAt: NOW,
    lost: false,
    ...more,
  };
}

async function shown(all: Highlight[], change: Partial<Backend> = {}) {
  const highlights = vi.fn((query: string) => {
    const found = all.filter((one) => one.quote.exact.includes(query));
    return Promise.resolve({ highlights: found, total: found.length, unsent: 0 });
  });
  const of = fixture([row(1)], { highlights, ...change });
  const app = new App(of.backend);
  const { container } = render(Root, { app });
  await app.start();
  app.navigation.go({ kind: 'highlights' });
  await screen.findByTestId('highlights-page');
  return { app, of, container };
}

describe('the place of highlights', () => {
  test('groups by article, and says what is lost or gone', async () => {
    const all = [
      highlight(3, { note: 'Penting' }),
      highlight(2, { lost: true }),
      highlight(1, { article: null, title: 'Hilang', time: NOW - 9 }),
    ];
    const { container } = await shown(all);
    expect(await screen.findAllByTestId('highlights-article')).toHaveLength(2);
    expect(screen.getAllByTestId('highlight-item')).toHaveLength(3);
    expect(screen.getByTestId('highlight-words')).toHaveTextContent('Penting');
    expect(screen.getByTestId('highlight-lost')).toHaveTextContent('Tidak ditemukan lagi');
    expect(container).toHaveTextContent('Artikelnya tidak tersimpan lagi');
    await accessible(container);
  });

  test('is searched, and has words for nothing found and for none yet', async () => {
    await shown([highlight(1)]);
    const field = await screen.findByTestId('highlights-search');
    await fireEvent.input(field, { target: { value: 'tidak ada' } });
    expect(await screen.findByText('Tidak ada sorotan dengan kata-kata ini')).toBeVisible();
    await shown([]);
    expect(await screen.findByText('Belum ada sorotan')).toBeVisible();
  });

  test('a removed highlight is brought back by undo', async () => {
    const removeHighlights = vi.fn(() => Promise.resolve());
    const bringBackHighlights = vi.fn(() => Promise.resolve(1));
    const { app } = await shown([highlight(7)], { removeHighlights, bringBackHighlights });
    await fireEvent.click(await screen.findByTestId('highlight-remove'));
    await waitFor(() => expect(removeHighlights).toHaveBeenCalledWith([7]));
    app.toasts.undo();
    await waitFor(() => expect(bringBackHighlights).toHaveBeenCalledWith([7]));
  });
});

describe('the dialog of a highlight', () => {
  test('closing keeps the note and the colour', async () => {
    const changeHighlight = vi.fn(() => Promise.resolve(highlight(1)));
    const { app, container } = await shown([highlight(1)], { changeHighlight });
    await fireEvent.click(await screen.findByTestId('highlight-edit'));
    const field = await screen.findByTestId('highlight-note-field');
    await accessible(container);
    await fireEvent.input(field, { target: { value: 'Catatan' } });
    await fireEvent.click(screen.getByTestId('highlight-done'));
    await waitFor(() =>
      expect(changeHighlight).toHaveBeenCalledWith(1, { note: 'Catatan', colour: 'yellow' }),
    );
    await waitFor(() => expect(app.dialogs.current).toBeNull());
  });

  test('stays open when the note cannot be kept', async () => {
    const changeHighlight = vi.fn(() =>
      Promise.reject(Object.assign(new Error(), { code: 'diskFull', message: '', detail: '' })),
    );
    const { app } = await shown([highlight(1)], { changeHighlight });
    await fireEvent.click(await screen.findByTestId('highlight-edit'));
    const field = await screen.findByTestId('highlight-note-field');
    await fireEvent.input(field, { target: { value: 'Catatan' } });
    await fireEvent.click(screen.getByTestId('highlight-done'));
    await waitFor(() => expect(changeHighlight).toHaveBeenCalled());
    expect(app.dialogs.current?.kind).toBe('highlight');
  });
});

test.each([
  ['https://kabar.example/a?b=1', 'https://kabar.example/a?b=1'],
  [' kabar.example/a ', 'https://kabar.example/a'],
  ['dua kata.example', null],
  ['kata', null],
  ['javascript:alert(1)', null],
  ['file:///etc/passwd', null],
  ['https://', null],
  ['', null],
])('the address in %j is %j', (text, address) => {
  expect(webAddress(text)).toBe(address);
});
