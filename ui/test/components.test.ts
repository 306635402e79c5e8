import { fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import { tick } from 'svelte';
import { describe, expect, test, vi } from 'vitest';

import { Root } from './root';
import ArticleBody from '../src/lib/article/ArticleBody.svelte';
import { App } from '../src/lib/state/app.svelte';
import { accessible } from './accessible';
import { fixture, NOW, row, story, view } from './fixture';

async function shown(of = fixture([row(1), row(2, { read: true }), row(3)])) {
  const app = new App(of.backend);
  const { container } = render(Root, { app });
  await app.start();
  await screen.findByTestId('front-page');
  return { app, of, container };
}

const trending = () =>
  fixture([row(1, { story: { id: 1, publishers: 2 } }), row(2)], {
    frontPage: () =>
      Promise.resolve({
        stories: [story(1)],
        followed: [],
        latest: [row(2)],
        madeAt: NOW,
        gathering: false,
      }),
  });

describe('the front page', () => {
  test('gives the reason for a story', async () => {
    const { container } = await shown(trending());
    const piece = await screen.findByTestId('story-1');
    expect(piece).toHaveTextContent('Sedang tren · 3 jam yang lalu');
    expect(piece).toHaveTextContent(/Naik · 2 penerbit sejak (\d+ \w+, )?\d\d\.\d\d/);
    expect(within(piece).getByRole('img')).toHaveAccessibleName(
      'Liputan dari waktu ke waktu: naik',
    );
    await accessible(container);
  });

  test('does not call a fading story or its rows trending', async () => {
    const faded = fixture([row(1, { story: { id: 1, publishers: 2 } }), row(2)], {
      frontPage: () =>
        Promise.resolve({
          stories: [{ ...story(1), phase: 'fading' as const }],
          followed: [],
          latest: [row(2)],
          madeAt: NOW,
          gathering: false,
        }),
    });
    await shown(faded);
    const piece = await screen.findByTestId('story-1');
    expect(piece).not.toHaveTextContent('Sedang tren');
    expect(piece).toHaveTextContent('Mereda · 2 penerbit');
  });

  test('suppresses the web view’s menu except in text fields', async () => {
    const { container } = await shown(trending());
    const piece = await screen.findByTestId('story-1');
    const link = document.createElement('a');
    link.href = 'https://kabarteluk.example/berkas.zip';
    piece.append(link);
    const field = document.createElement('input');
    const box = document.createElement('input');
    box.type = 'checkbox';
    container.append(field, box);
    // The event is not cancelled where the menu opens.
    await expect(fireEvent.contextMenu(piece)).resolves.toBe(false);
    await expect(fireEvent.contextMenu(link)).resolves.toBe(false);
    await expect(fireEvent.contextMenu(box)).resolves.toBe(false);
    await expect(fireEvent.contextMenu(field)).resolves.toBe(true);
  });

  test('opens a story with all its articles', async () => {
    const { container } = await shown(trending());
    const piece = await screen.findByTestId('story-1');
    await fireEvent.click(within(piece).getByRole('button'));
    expect(await screen.findByTestId('report-1')).toBeVisible();
    expect(screen.getByTestId('report-2')).toBeVisible();
    await accessible(container);
  });

  test('shows a message when nothing is trending', async () => {
    await shown();
    expect(await screen.findByText(/Belum ada berita tren/)).toBeVisible();
  });
});

describe('the places', () => {
  test('show counts and explain failures', async () => {
    const { container } = await shown();
    expect(screen.getByTestId('place-unread')).toHaveTextContent('2 artikel belum dibaca');
    expect(screen.getByTestId('feed-1')).toHaveAccessibleName(
      /Situs terlalu lama merespons\. Terakhir dicoba 2 jam yang lalu\./,
    );
    await accessible(container);
  });

  test('close and open folders', async () => {
    await shown();
    const folder = screen.getByRole('treeitem', { name: /^Nusantara/ });
    expect(folder).toHaveAttribute('aria-expanded', 'true');
    expect(screen.getByTestId('feed-1')).toHaveAttribute('aria-level', '2');
    await fireEvent.keyDown(folder, { key: 'ArrowLeft' });
    expect(folder).toHaveAttribute('aria-expanded', 'false');
    expect(screen.queryByTestId('feed-1')).toBeNull();
    await fireEvent.keyDown(folder, { key: 'ArrowRight' });
    expect(screen.getByTestId('feed-1')).toBeVisible();
  });
});

describe('an article', () => {
  test('opens over the front page and closes with Escape', async () => {
    const { app, container } = await shown();
    await app.reader.open(1);
    expect(await screen.findByTestId('article-title')).toHaveTextContent('Berita 1');
    await accessible(container);
    await fireEvent.keyDown(window, { key: 'Escape' });
    await waitFor(() => expect(screen.queryByTestId('article')).toBeNull());
  });

  test('can be saved and marked unread', async () => {
    const { app, of } = await shown();
    await app.reader.open(1);
    await fireEvent.click(await screen.findByTestId('save-button'));
    expect(screen.getByTestId('save-button')).toHaveAccessibleName('Hapus dari tersimpan');
    await fireEvent.click(screen.getByTestId('read-button'));
    expect(of.backend.mark).toHaveBeenCalledWith([1], { read: false, saved: null });
  });

  test('lists its publisher’s channels, which open externally', async () => {
    const url = 'https://whatsapp.com/channel/0029Va';
    const publisher = {
      name: 'Kabar Teluk',
      host: null,
      site: null,
      channels: [{ kind: 'whatsapp-channel' as const, url }],
    };
    const of = fixture([row(1)], {
      article: () => Promise.resolve(view(row(1), { publisher })),
    });
    const { app } = await shown(of);
    await app.reader.open(1);
    await fireEvent.click(await screen.findByRole('button', { name: 'Saluran WhatsApp' }));
    expect(of.backend.openLink).toHaveBeenCalledWith(url);
  });
});

describe('an article’s body', () => {
  const body = (html: string, more: object = {}) => {
    const onlink = vi.fn();
    render(ArticleBody, {
      app: new App(fixture([]).backend),
      id: 1,
      title: 'Judul',
      html,
      dateline: null,
      language: 'id',
      rightToLeft: false,
      onlink,
      ...more,
    });
    return { onlink, element: screen.getByTestId('article-body') };
  };

  test('sets the dateline before the first paragraph', () => {
    const { element } = body('<blockquote><p>Kutipan</p></blockquote><p></p><p>Isi</p>', {
      dateline: 'BEIJING (BERITAJA)',
    });
    expect(element.querySelectorAll('p')[2]?.textContent).toBe('BEIJING (BERITAJA) — Isi');
  });

  test('is processed once, even if its article is loaded again', async () => {
    const html = '<p>Isi</p><table><tbody><tr><td>1</td></tr></tbody></table>';
    const open = () => Promise.resolve(view(row(1), { html, dateline: 'JAKARTA' }));
    const { app } = await shown(fixture([row(1)], { article: open }));
    await app.reader.open(1);
    const element = await screen.findByTestId('article-body');
    // As after its pictures arrived.
    app.reader.article = await open();
    await tick();
    expect(screen.getByTestId('article-body')).toBe(element);
    expect(element.querySelector('p')?.textContent).toBe('JAKARTA — Isi');
    expect(element.querySelectorAll('.wide')).toHaveLength(1);
  });

  test('inserts the dateline as text, never as markup', () => {
    const { element } = body('<p>Isi</p>', { dateline: '<img src=x>' });
    expect(element.querySelector('img')).toBeNull();
  });

  test('opens links externally', async () => {
    const { onlink, element } = body('<p><a href="https://a.example/"><b>ke sana</b></a></p>');
    const link = element.querySelector('b');
    if (!link) throw new Error('the link is missing');
    expect(await fireEvent.click(link), 'the click must not navigate').toBe(false);
    expect(onlink).toHaveBeenCalledExactlyOnceWith('https://a.example/');
  });

  test('hides a picture that does not load', async () => {
    const { element } = body('<p><img src="warta-media://localhost/1" alt="Peta"></p>');
    const picture = element.querySelector('img');
    if (!picture) throw new Error('the picture is missing');
    await fireEvent.error(picture);
    expect(picture).toHaveClass('broken');
  });

  test('is right-to-left for right-to-left text', () => {
    const { element } = body('<p>مرحبا</p>', { rightToLeft: true, language: 'ar' });
    expect(element).toHaveAttribute('dir', 'rtl');
    expect(element).toHaveAttribute('lang', 'ar');
  });
});

describe('a list', () => {
  test('shows a message when it is empty', async () => {
    const { app, container } = await shown(fixture([]));
    app.navigation.go({ kind: 'place', place: { kind: 'saved' } });
    expect(await screen.findByText('Belum ada yang disimpan')).toBeVisible();
    await accessible(container);
  });
});

test('the offline bar counts what is ready to read', async () => {
  const { of } = await shown();
  expect(screen.queryByTestId('offline-bar')).toBeNull();
  of.emit({ type: 'connectionChanged', connection: 'offline' });
  expect(await screen.findByTestId('offline-bar')).toHaveTextContent(
    'Offline · 3 artikel siap dibaca',
  );
});

test('mark all read shows a toast with an undo button', async () => {
  const { of } = await shown();
  await fireEvent.keyDown(window, { key: 'A' });
  expect(await screen.findByTestId('toast')).toHaveTextContent('3 artikel ditandai sudah dibaca');
  await fireEvent.click(screen.getByTestId('undo'));
  await waitFor(() => expect(of.backend.undo).toHaveBeenCalledWith(7));
});

test('a sync shows its progress', async () => {
  const { of } = await shown();
  await fireEvent.click(screen.getByTestId('sync-button'));
  expect(of.backend.sync).toHaveBeenCalledWith({ kind: 'all' });
  of.emit({
    type: 'syncProgress',
    progress: { total: 9, done: 4, failed: 0, newArticles: 0, bytes: 0, picturesLeft: 0 },
  });
  expect(await screen.findByText('4 dari 9 sumber')).toBeVisible();
  expect(screen.getByTestId('sync-progress')).toHaveAttribute('aria-valuenow', '4');
});

test('changing the language changes the whole window at once', async () => {
  const { app } = await shown();
  await app.session.changeSettings({ language: 'en' });
  expect(await screen.findByText('Front page')).toBeVisible();
  expect(document.documentElement.lang).toBe('en');
});

test('an article that is loaded again keeps its position; another begins at its top', async () => {
  const { app, of } = await shown();
  await app.reader.open(1);
  const pane = await screen.findByTestId('article');
  const box = await waitFor(() => {
    const found = pane.querySelector<HTMLElement>('.scroll');
    if (!found) throw new Error('the article is not shown yet');
    return found;
  });
  box.scrollTop = 300;
  const before = app.reader.article;
  vi.mocked(of.backend.article).mockResolvedValueOnce(view(row(1, { title: 'Judul baru' })));
  of.emit({ type: 'textArrived', article: 1 });
  await waitFor(() => expect(app.reader.article).not.toBe(before));
  expect(await within(pane).findByText('Judul baru')).toBeVisible();
  expect(box.scrollTop).toBe(300);
  await app.reader.open(3);
  await waitFor(() => expect(pane.querySelector('.scroll')?.scrollTop).toBe(0));
});

test('a store in use shows a message and a retry button', async () => {
  const of = fixture([]);
  vi.mocked(of.backend.overview).mockRejectedValueOnce({ code: 'inUse', message: '', detail: '' });
  const app = new App(of.backend);
  render(Root, { app });
  await app.start();
  await fireEvent.click(await screen.findByRole('button', { name: 'Coba lagi' }));
  expect(await screen.findByTestId('front-page')).toBeVisible();
});
