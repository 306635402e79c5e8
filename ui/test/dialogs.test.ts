import { fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, test, vi } from 'vitest';

import { Root } from './root';
import type {
  Backend,
  Draft,
  ForwardRecord,
  ForwardRequest,
  Forwarding,
  ProblemCode,
  RestoreSummary,
  ShareChannel,
  Subject,
} from '../src/lib/backend';
import { historyText } from '../src/lib/article/history';
import { counted } from '../src/lib/forward/channels';
import { UNCHANGED } from '../src/lib/state/feedChange';
import { fit } from '../src/lib/dialogs/fuzzy';
import { shownInWhatsApp } from '../src/lib/forward/whatsapp';
import { App } from '../src/lib/state/app.svelte';
import type { DialogRequest } from '../src/lib/state/dialogs.svelte';
import { choose } from './choosing';
import { accessible } from './accessible';
import { activity, details, fixture, NOW, row, view } from './fixture';

// axe is slow on a busy machine and cannot run twice at a time.
vi.setConfig({ testTimeout: 30_000 });

const CHANNELS = [
  channel('whatsapp', 'WhatsApp', { limit: 1000 }),
  channel('google-news', 'Google News', { hasMessage: false, takesSeveral: false }),
  channel('copy-link', 'Salin tautan', {
    means: 'copy',
    copies: true,
    hasMessage: false,
    takesSeveral: false,
  }),
  channel('email', 'Email', { limit: 8000 }),
  channel('bluesky', 'Bluesky', { limit: 300, unit: 'graphemes' }),
  channel('qr-code', 'Kode QR', { means: 'qrCode', hasMessage: false, takesSeveral: false }),
  channel('readwise', 'Readwise Reader', { means: 'service', hasMessage: false }),
];
const SYSTEM = channel('system', 'Bagikan lewat sistem…', { means: 'system' });

function channel(id: string, name: string, more: Partial<ShareChannel>): ShareChannel {
  return {
    id,
    name,
    icon: 'mail',
    means: 'open',
    copies: false,
    limit: null,
    unit: 'characters',
    hasMessage: true,
    takesSeveral: true,
    note: '',
    template: '{title}',
    hidden: false,
    ...more,
  };
}

function draft(_: Subject, channel: string, message: string | null): Promise<Draft> {
  const text = message ?? '*Berita 1*\nhttps://kabarteluk.example/1';
  const target: Record<string, string | null> = {
    whatsapp: `whatsapp://send?text=${encodeURIComponent(text)}`,
    'google-news': 'https://news.google.com/search?q=Berita%201&hl=id&gl=ID&ceid=ID:id',
    'copy-link': null,
    system: null,
    bluesky: `https://bsky.app/intent/compose?text=${encodeURIComponent(text)}`,
    email: 'mailto:?subject=Berita%201',
  };
  return Promise.resolve({
    channel,
    message: channel === 'google-news' ? 'Berita 1' : text,
    link: null,
    copies: channel === 'copy-link',
    part: 0,
    parts: 1,
    qrCode: channel === 'qr-code' ? { size: 29, path: 'M4 4h7v1h-7z' } : null,
    target: target[channel] ?? null,
    fallback: [],
    sheet: channel === 'system' ? 'Berita 1' : null,
    needsNetwork: target[channel]?.startsWith('http') ?? false,
  });
}

function forward(request: ForwardRequest): Promise<ForwardRecord> {
  return Promise.resolve({
    id: 9,
    at: NOW,
    article: 1,
    channel: request.channel,
    channelName: request.channel,
    title: 'Berita 1',
    message: request.message ?? '',
    target: 'whatsapp://send?text=x',
    state: request.wait ? 'waiting' : 'opened',
    byItself: request.channel === 'readwise',
    problem: null,
    editedSince: false,
  });
}

async function opened(request: DialogRequest, change: Partial<Backend> = {}) {
  const of = fixture([row(1), row(2)], {
    shareChannels: () => Promise.resolve(CHANNELS),
    draft: vi.fn(draft),
    forward: vi.fn(forward),
    ...change,
  });
  const app = new App(of.backend);
  const { container } = render(Root, { app });
  await app.start();
  await screen.findByTestId('front-page');
  app.dialogs.open(request);
  return { app, of, container };
}

const NOTHING_SET = {
  order: [],
  hidden: [],
  messages: [],
  mastodon: '',
  whatsappChannel: '',
  contacts: [],
  own: [],
  lastChannel: '',
};

const article: DialogRequest = { kind: 'forward', subject: { kind: 'article', id: 1 } };

const message = () => screen.findByTestId<HTMLTextAreaElement>('forward-message');

describe('forwarding', () => {
  test('preselects the channel used last and omits hidden ones', async () => {
    const shareChannels = () =>
      Promise.resolve(CHANNELS.map((one) => ({ ...one, hidden: one.id === 'copy-link' })));
    const forwarding = () => Promise.resolve({ ...NOTHING_SET, lastChannel: 'email' });
    await opened(article, { shareChannels, forwarding });
    expect(await screen.findByTestId('channel-email')).toHaveAttribute('aria-pressed', 'true');
    expect(screen.queryByTestId('channel-copy-link')).toBeNull();
  });

  test('a QR code is shown, and nothing is sent', async () => {
    await opened({ ...article, channel: 'qr-code' });
    expect(await screen.findByTestId('qr-code')).toHaveAttribute('viewBox', '0 0 29 29');
    expect(screen.queryByTestId('forward-send')).toBeNull();
    await accessible(screen.getByTestId('forward-dialog'));
  });

  test('a service that is not available shows the reason', async () => {
    const refused = { ...(await forward({ ...request, channel: 'readwise', wait: true })) };
    const { app } = await opened(
      { ...article, channel: 'readwise' },
      { forward: () => Promise.resolve({ ...refused, problem: 'signIn' }) },
    );
    await waitFor(() => expect(screen.getByTestId('forward-send')).toBeEnabled());
    await fireEvent.click(screen.getByTestId('forward-send'));
    await waitFor(() => expect(app.toasts.shown).toHaveLength(1));
    expect(app.toasts.shown[0]?.text).toContain('menolak akses Anda');
  });

  test('a channel that needs a setting links to it', async () => {
    const failure = { code: 'cannotForward', message: 'x', detail: 'needsInstance' };
    const { app } = await opened(
      { ...article, channel: 'bluesky' },
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- as the engine does
      { draft: () => Promise.reject(failure) },
    );
    expect(await screen.findByRole('alert')).toHaveTextContent('server Mastodon');
    await fireEvent.click(screen.getByTestId('forward-set-up'));
    expect(app.dialogs.current?.kind).toBe('forwarding');
  });

  test('a long digest is sent in several messages', async () => {
    const sent = vi.fn(forward);
    const { app } = await opened(
      { kind: 'digest' },
      {
        draft: async (subject, of, text, part) => ({
          ...(await draft(subject, of, text ?? `Pesan ${part + 1}`)),
          part,
          parts: 2,
        }),
        forward: sent,
      },
    );
    await accessible(await screen.findByTestId('digest-dialog'));
    await fireEvent.click(screen.getByTestId('digest-next'));
    expect(await message()).toHaveValue('Pesan 1');
    expect(screen.queryByTestId('channel-google-news')).toBeNull();
    await fireEvent.click(screen.getByTestId('forward-send'));
    await waitFor(async () => expect(await message()).toHaveValue('Pesan 2'));
    await fireEvent.click(screen.getByTestId('forward-send'));
    await waitFor(() => expect(app.dialogs.current).toBeNull());
    expect(sent.mock.calls.map(([asked]) => [asked.subject, asked.part])).toEqual([
      [{ kind: 'digest', ids: [1, 2] }, 0],
      [{ kind: 'digest', ids: [1, 2] }, 1],
    ]);
  });

  test('preselects WhatsApp and shows message, target and preview', async () => {
    await opened(article);
    expect(await message()).toHaveValue('*Berita 1*\nhttps://kabarteluk.example/1');
    const dialog = screen.getByTestId('forward-dialog');
    expect(within(dialog).getByTestId('channel-whatsapp')).toHaveAttribute('aria-pressed', 'true');
    expect(dialog).toHaveTextContent('Membuka WhatsApp');
    expect(screen.getByTestId('forward-target')).toHaveTextContent(
      'whatsapp://send?text=*Berita%201*%0Ahttps%3A%2F%2Fkabarteluk.example%2F1',
    );
    expect(screen.getByTestId('whatsapp-preview').querySelector('.bold')).toHaveTextContent(
      /^Berita 1$/,
    );
    expect(screen.getByTestId('forward-count')).toHaveTextContent('39 dari 1.000 karakter');
    await accessible(dialog);
  });

  test('sends the edited message and shows the result', async () => {
    const { app, of } = await opened(article);
    await fireEvent.input(await message(), { target: { value: 'Baca ini' } });
    await fireEvent.keyDown(window, { key: 'Enter', ctrlKey: true });
    await waitFor(() => expect(screen.queryByTestId('forward-dialog')).toBeNull());
    expect(of.backend.forward).toHaveBeenCalledExactlyOnceWith({
      subject: { kind: 'article', id: 1 },
      channel: 'whatsapp',
      message: 'Baca ini',
      wait: false,
      part: 0,
    });
    expect(app.toasts.shown.at(-1)?.text).toBe('Dibuka di WhatsApp');
  });

  test('passes the edited message to the system’s share sheet, and does not claim that it was sent', async () => {
    const shareChannels = () => Promise.resolve([...CHANNELS, SYSTEM]);
    const { app, of } = await opened({ ...article, channel: 'system' }, { shareChannels });
    app.session.connection = 'offline';
    await fireEvent.input(await message(), { target: { value: 'Baca ini' } });
    const dialog = screen.getByTestId('forward-dialog');
    expect(dialog).toHaveTextContent('Membuka menu bagikan sistem; pilih aplikasinya di sana');
    expect(screen.queryByTestId('forward-target')).toBeNull();
    expect(screen.getByTestId('forward-send')).toHaveTextContent('Bagikan lewat sistem…');
    await accessible(dialog);
    await fireEvent.click(screen.getByTestId('forward-send'));
    await waitFor(() => expect(screen.queryByTestId('forward-dialog')).toBeNull());
    expect(of.backend.forward).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ channel: 'system', message: 'Baca ini', wait: false }),
    );
    expect(app.toasts.shown.at(-1)?.text).toBe('Menu bagikan sistem dibuka');
    const record = await forward({ ...request, channel: 'system', wait: false });
    expect(historyText(record, 'baru saja')).toBe('Dibuka di menu bagikan sistem, baru saja');
  });

  test('stays open and shows a message if the share sheet did not open', async () => {
    const failure = { code: 'cannotForward', message: 'x', detail: 'noSheet' };
    await opened(
      { ...article, channel: 'system' },
      {
        shareChannels: () => Promise.resolve([...CHANNELS, SYSTEM]),
        // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- as the engine does
        forward: () => Promise.reject(failure),
      },
    );
    await message();
    await fireEvent.click(screen.getByTestId('forward-send'));
    expect(await screen.findByRole('alert')).toHaveTextContent('Menu bagikan sistem tidak dapat');
    expect(screen.getByTestId('forward-dialog')).toBeInTheDocument();
  });

  test('offers no share sheet where the system has none', async () => {
    await opened(article);
    await message();
    await fireEvent.click(screen.getByTestId('channels-more'));
    expect(screen.getByTestId('channel-bluesky')).toBeInTheDocument();
    expect(screen.queryByTestId('channel-system')).toBeNull();
  });

  test('updates the target when the message is edited', async () => {
    await opened(article);
    await fireEvent.input(await message(), { target: { value: 'Baca' } });
    await waitFor(() =>
      expect(screen.getByTestId('forward-target')).toHaveTextContent('whatsapp://send?text=Baca'),
    );
  });

  test('keeps a channel’s edits while others are viewed', async () => {
    await opened(article);
    await fireEvent.input(await message(), { target: { value: 'Hanya untuk WhatsApp' } });
    await fireEvent.click(screen.getByTestId('channel-email'));
    await waitFor(async () =>
      expect(await message()).toHaveValue('*Berita 1*\nhttps://kabarteluk.example/1'),
    );
    await fireEvent.click(screen.getByTestId('channel-whatsapp'));
    expect(await message()).toHaveValue('Hanya untuk WhatsApp');
    await fireEvent.click(screen.getByRole('button', { name: 'Kembalikan pesan semula' }));
    await waitFor(async () => expect(await message()).not.toHaveValue('Hanya untuk WhatsApp'));
  });

  test('does not send a message beyond the channel’s limit', async () => {
    const { of } = await opened(article);
    await fireEvent.input(await message(), { target: { value: 'a'.repeat(1002) } });
    expect(screen.getByTestId('forward-count')).toHaveTextContent('2 karakter di atas batas 1.000');
    expect(screen.getByTestId('forward-send')).toBeDisabled();
    await fireEvent.keyDown(window, { key: 'Enter', ctrlKey: true });
    expect(of.backend.forward).not.toHaveBeenCalled();
  });

  test('presents Google News as a search, with the edition and the publisher’s pages', async () => {
    const publisher = 'https://news.google.com/publications/X';
    const followTopic = vi.fn(() =>
      Promise.resolve({ added: [7], already: [], secrets: 'none' as const }),
    );
    const { app, of } = await opened(
      { ...article, channel: 'google-news' },
      {
        googleNews: () => Promise.resolve({ publisher, prefer: null, topic: 'Berita laut' }),
        followTopic,
      },
    );
    expect(await screen.findByTestId('google-news-query')).toHaveTextContent('Berita 1');
    const dialog = screen.getByTestId('forward-dialog');
    expect(dialog).toHaveTextContent('Membuka pencarian Google News di browser');
    expect(dialog).toHaveTextContent('Indonesia, bahasa Indonesia');
    expect(screen.queryByTestId('forward-message')).toBeNull();
    await fireEvent.click(await screen.findByTestId('google-publisher'));
    expect(of.backend.openLink).toHaveBeenCalledWith(publisher);
    await fireEvent.click(screen.getByTestId('follow-topic'));
    await waitFor(() => expect(followTopic).toHaveBeenCalledWith('Berita laut'));
    expect(app.toasts.shown.at(-1)?.text).toBe('Topik “Berita laut” diikuti');
    await accessible(dialog);
    await fireEvent.click(screen.getByTestId('forward-send'));
    expect(of.backend.forward).toHaveBeenCalledWith(
      expect.objectContaining({ channel: 'google-news', message: null }),
    );
  });

  test('offers the outbox first while offline, and opens anyway if asked', async () => {
    const { app, of } = await opened({ ...article, channel: 'bluesky' });
    app.session.connection = 'offline';
    await message();
    expect(await screen.findByTestId('forward-send')).toHaveTextContent('Kirim saat online');
    expect(screen.getByTestId('forward-now')).toHaveTextContent('Buka sekarang');
    await fireEvent.click(screen.getByTestId('forward-send'));
    await waitFor(() => expect(screen.queryByTestId('forward-dialog')).toBeNull());
    expect(of.backend.forward).toHaveBeenCalledWith(expect.objectContaining({ wait: true }));
    expect(app.toasts.shown.at(-1)?.text).toBe('Menunggu di kotak keluar untuk Bluesky');
  });

  test('opens the WhatsApp app offline, since it queues messages itself', async () => {
    const { app } = await opened(article);
    app.session.connection = 'offline';
    await message();
    expect(screen.getByTestId('forward-send')).toHaveTextContent('Teruskan ke WhatsApp');
  });

  test('stays open and shows the reason if nothing could be opened', async () => {
    const failure = { code: 'noHandler', message: '', detail: '' };
    await opened(article, {
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- as the engine does
      forward: () => Promise.reject(failure),
    });
    await message();
    await fireEvent.click(screen.getByTestId('forward-send'));
    expect(await screen.findByRole('alert')).toHaveTextContent('Tidak ada aplikasi');
    expect(screen.getByTestId('forward-send')).toBeEnabled();
  });

  test('lists where the article was forwarded before', async () => {
    const before = { ...(await forward({ ...request, wait: false })), at: NOW - 120 };
    await opened(article, {
      article: () => Promise.resolve(view(row(1), { forwards: [before] })),
    });
    expect(await screen.findByText('Diteruskan ke WhatsApp, 2 menit yang lalu')).toBeVisible();
  });
});

const request = {
  subject: { kind: 'article' as const, id: 1 },
  channel: 'WhatsApp',
  message: null,
  part: 0,
};

describe('WhatsApp formatting', () => {
  const marked = (text: string) =>
    shownInWhatsApp(text)
      .flat()
      .map(({ text, bold, italic, struck, link }) => {
        const marks = [bold && 'b', italic && 'i', struck && 's', link && 'a'];
        return [marks.filter(Boolean).join(''), text];
      });

  test.each([
    [
      '*tebal* biasa',
      [
        ['b', 'tebal'],
        ['', ' biasa'],
      ],
    ],
    [
      '_miring *dan tebal*_',
      [
        ['i', 'miring '],
        ['bi', 'dan tebal'],
      ],
    ],
    ['~coret~', [['s', 'coret']]],
    ['https://a.example/x_y_z', [['a', 'https://a.example/x_y_z']]],
    ['nama_berkas_ini', [['', 'nama_berkas_ini']]],
    ['2 * 3 * 4', [['', '2 * 3 * 4']]],
    ['*tak tertutup', [['', '*tak tertutup']]],
    ['<b>bukan</b>', [['', '<b>bukan</b>']]],
    ['**', [['', '**']]],
  ])('%s', (text, wanted) => {
    expect(marked(text)).toEqual(wanted);
  });

  test('is fast for a message of nothing but marks', () => {
    const text = '*a _b ~c '.repeat(4000);
    expect(shownInWhatsApp(text).flat().length).toBeGreaterThan(0);
  });
});

describe('the settings', () => {
  test('apply at once, and show the data folder', async () => {
    const { of } = await opened({ kind: 'settings' });
    const dialog = await screen.findByTestId('settings-dialog');
    await fireEvent.click(screen.getByTestId('theme-sepia'));
    expect(of.backend.setSettings).toHaveBeenLastCalledWith(
      expect.objectContaining({ theme: 'sepia' }),
    );
    expect(document.documentElement).toHaveAttribute('data-theme', 'sepia');
    await choose('settings-google-news', 'en-US|US');
    expect(of.backend.setSettings).toHaveBeenLastCalledWith(
      expect.objectContaining({ googleNewsLanguage: 'en-US', googleNewsCountry: 'US' }),
    );
    await fireEvent.click(screen.getByTestId('settings-via'));
    expect(of.backend.setSettings).toHaveBeenLastCalledWith(
      expect.objectContaining({ viaWarta: true }),
    );
    await accessible(dialog);
  });

  test('change the language of the whole window', async () => {
    await opened({ kind: 'settings' });
    await choose('settings-language', 'en');
    expect(await screen.findByRole('heading', { name: 'Settings' })).toBeVisible();
  });

  test('can be searched, and the number found is said', async () => {
    await opened({ kind: 'settings' });
    const field = await screen.findByTestId('settings-search');
    const fits = (id: string) => screen.getByTestId(id).closest('[data-unfit]') === null;
    await fireEvent.input(field, { target: { value: 'google' } });
    await waitFor(() => expect(fits('theme-sepia')).toBe(false));
    expect(fits('settings-google-news')).toBe(true);
    expect(screen.getByTestId('settings-found')).toHaveTextContent(/[1-9]/);
    await fireEvent.input(field, { target: { value: 'qqqq' } });
    await waitFor(() => expect(fits('settings-google-news')).toBe(false));
    expect(screen.getByTestId('settings-found')).toHaveTextContent('qqqq');
    await fireEvent.keyDown(field, { key: 'Escape' });
    await waitFor(() => expect(fits('theme-sepia')).toBe(true));
    expect(screen.getByTestId('settings-found')).toBeEmptyDOMElement();
  });

  test('show what a snapshot would change, and restore it only when that is confirmed', async () => {
    const plan = {
      plan: 4,
      applied: false,
      feeds: 3,
      feedsRemoved: 0,
      folders: 1,
      marks: 20,
      settings: 2,
      forwards: 0,
      searches: 0,
      channels: 1,
      rules: 0,
      highlights: 4,
      proxy: 'http://10.0.0.1:8080',
      limitsArticles: true,
      refused: [
        { kind: 'proxy', what: 'file:///etc/passwd', why: 'not a proxy' },
        { kind: 'channel', what: 'javascript:alert(1)', why: 'not a channel' },
      ],
      refusedCount: 2,
      problems: ['line 3 is damaged'],
    } satisfies RestoreSummary;
    const applyRestore = vi.fn(() => Promise.resolve({ ...plan, applied: true }));
    const { of } = await opened(
      { kind: 'settings' },
      { planRestoreFile: () => Promise.resolve(plan), applyRestore },
    );
    await fireEvent.click(await screen.findByTestId('settings-restore'));
    expect(await screen.findByTestId('restore-adds')).toHaveTextContent('3 sumber ditambahkan');
    expect(screen.getByTestId('restore-adds')).toHaveTextContent('http://10.0.0.1:8080');
    expect(screen.getByTestId('restore-refused')).toHaveTextContent('javascript:alert(1)');
    await accessible(screen.getByTestId('settings-dialog'));
    await fireEvent.click(screen.getByTestId('restore-cancel'));
    expect(applyRestore).not.toHaveBeenCalled();
    expect(of.backend.cancelRestore).toHaveBeenCalled();
    expect(screen.queryByTestId('restore-plan')).toBeNull();
    await fireEvent.click(screen.getByTestId('settings-restore'));
    await fireEvent.click(await screen.findByTestId('restore-confirm'));
    expect(applyRestore).toHaveBeenCalledWith(4);
    expect(await screen.findByText('Cadangan dipulihkan')).toBeVisible();
  });

  test('show the result of an import', async () => {
    await opened(
      { kind: 'settings' },
      {
        importOpmlFile: () =>
          Promise.resolve({ added: 3, already: 1, problems: [{ line: 12, what: 'no address' }] }),
      },
    );
    await fireEvent.click(await screen.findByTestId('settings-import'));
    expect(await screen.findByText('3 sumber baru, 1 sudah ada')).toBeVisible();
    expect(screen.getByText('Baris 12: no address')).toBeVisible();
  });
});

describe('the palette', () => {
  test('finds and opens feeds by keyboard only', async () => {
    const { app } = await opened({ kind: 'palette' });
    const input = await screen.findByTestId('palette-input');
    await accessible(screen.getByTestId('palette'));
    await fireEvent.input(input, { target: { value: 'kbtlk' } });
    expect(screen.getByTestId('command-feed-1')).toHaveAttribute('aria-selected', 'true');
    await fireEvent.keyDown(input, { key: 'Enter' });
    expect(app.navigation.view).toEqual({ kind: 'place', place: { kind: 'feed', id: 1 } });
    expect(app.dialogs.current).toBeNull();
  });

  test('wraps around with the arrow keys and opens other dialogs', async () => {
    const { app } = await opened({ kind: 'palette' });
    const input = await screen.findByTestId('palette-input');
    await fireEvent.keyDown(input, { key: 'ArrowUp' });
    const options = screen.getAllByRole('option');
    expect(options.at(-1)).toHaveAttribute('aria-selected', 'true');
    await fireEvent.input(input, { target: { value: 'pengaturan' } });
    await fireEvent.keyDown(input, { key: 'Enter' });
    expect(app.dialogs.current).toEqual({ kind: 'settings' });
  });

  test('offers a search of all articles when no command matches', async () => {
    await opened({ kind: 'palette' });
    await fireEvent.input(await screen.findByTestId('palette-input'), {
      target: { value: 'qqqq' },
    });
    expect(screen.getAllByRole('option').map((option) => option.dataset['testid'])).toEqual([
      'command-search-all',
    ]);
  });

  test('keeps what was moved to when articles are found', async () => {
    let answer = () => undefined as void;
    const { app } = await opened(
      { kind: 'palette' },
      {
        search: ({ query }) =>
          new Promise((resolve) => {
            answer = () =>
              resolve({
                query,
                sort: 'relevance',
                total: 1,
                hits: [{ row: row(3), title: [], passage: [] }],
                unindexed: 0,
                filters: [],
                problems: [],
              });
          }),
      },
    );
    const input = await screen.findByTestId('palette-input');
    await fireEvent.input(input, { target: { value: 'pengaturan' } });
    const all = screen.getByTestId('command-search-all');
    const index = screen.getAllByRole('option').indexOf(all);
    expect(index).toBeGreaterThan(0);
    for (let at = 0; at < index; at++) await fireEvent.keyDown(input, { key: 'ArrowDown' });
    expect(all).toHaveAttribute('aria-selected', 'true');
    await waitFor(() => {
      answer();
      expect(screen.getByTestId('command-article-3')).toBeVisible();
    });
    expect(screen.getByTestId('command-search-all')).toHaveAttribute('aria-selected', 'true');
    await fireEvent.keyDown(input, { key: 'Enter' });
    expect(app.navigation.view.kind).toBe('search');
  });

  test('finds a tag that is made while it is open, and the chosen row stays', async () => {
    const { app } = await opened({ kind: 'palette' });
    const input = await screen.findByTestId('palette-input');
    await fireEvent.input(input, { target: { value: 'Untuk Ibu' } });
    const all = screen.getByTestId('command-search-all');
    await fireEvent.pointerMove(all);
    const tag = { id: 7, name: 'Untuk Ibu', count: { unread: 0, total: 1 } };
    app.library.setPlaces({ ...app.library.places, tags: [tag] });
    expect(await screen.findByTestId('command-tag-7')).toBeVisible();
    expect(all).toHaveAttribute('aria-selected', 'true');
  });

  test('ranks whole words before scattered letters', () => {
    expect(fit('tem', 'Tampilkan tempat')).toBeGreaterThan(fit('tem', 'Tersimpan'));
    expect(fit('kn', 'Kabar Nusantara')).toBeGreaterThan(fit('kn', 'Perkenalan'));
    expect(fit('xyz', 'Kabar')).toBe(0);
    expect(fit('écran', 'Ecran')).toBeGreaterThan(0);
  });
});

describe('the activity panel', () => {
  test('lists failing feeds first with the reason', async () => {
    const { of } = await opened(
      { kind: 'activity' },
      {
        activity: () =>
          Promise.resolve([
            activity(1),
            activity(2, { failure: { code: 'tls', detail: '' }, failures: 3 }),
          ]),
      },
    );
    const failing = await screen.findByTestId('activity-2');
    expect(
      screen
        .getAllByRole('listitem')
        .filter((item) => item.dataset.testid?.startsWith('activity'))[0],
    ).toBe(failing);
    expect(failing).toHaveTextContent('Koneksi aman situs tidak valid.');
    expect(failing).toHaveTextContent('3 kali gagal berturut-turut');
    expect(screen.getByTestId('activity-1')).toHaveTextContent('4 artikel baru');
    expect(screen.getByTestId('activity-1')).toHaveTextContent('diambil lagi dalam 21 menit');
    await accessible(screen.getByTestId('activity-panel'));
    await fireEvent.click(screen.getByTestId('retry-2'));
    expect(of.backend.sync).toHaveBeenCalledWith({ kind: 'feeds', ids: [2] });
  });

  test('pauses a feed, opens its settings, and shows discontinued and moved feeds', async () => {
    const { app, of } = await opened(
      { kind: 'activity' },
      {
        activity: () =>
          Promise.resolve([
            activity(1, { movingTo: 'https://baru.example/feed' }),
            activity(2, { failure: { code: 'gone', detail: '' }, endedAt: NOW - 60 }),
          ]),
      },
    );
    const moving = await screen.findByTestId('activity-1');
    expect(moving).toHaveTextContent('https://baru.example/feed');
    expect(screen.getByTestId('activity-2')).toHaveTextContent('tidak diambil lagi');
    await fireEvent.click(screen.getByTestId('pause-1'));
    expect(of.backend.changeFeed).toHaveBeenCalledWith(
      1,
      expect.objectContaining({ paused: true }),
    );
    await fireEvent.click(screen.getByTestId('edit-1'));
    expect(app.dialogs.current).toEqual({ kind: 'feed', id: 1 });
  });

  test('is empty before there are feeds', async () => {
    await opened({ kind: 'activity' });
    expect(await screen.findByText('Belum ada sumber')).toBeVisible();
  });
});

describe('a feed', () => {
  test('is renamed and moved', async () => {
    const { of } = await opened({ kind: 'feed', id: 1 });
    await fireEvent.input(await screen.findByTestId('feed-name'), { target: { value: 'Teluk' } });
    await fireEvent.change(screen.getByTestId('feed-folder'), { target: { value: '' } });
    await accessible(screen.getByTestId('feed-dialog'));
    await fireEvent.click(screen.getByTestId('feed-save'));
    await waitFor(() => expect(screen.queryByTestId('feed-dialog')).toBeNull());
    expect(of.backend.changeFeed).toHaveBeenCalledExactlyOnceWith(1, {
      ...UNCHANGED,
      customTitle: 'Teluk',
      folder: [],
    });
  });

  test('has fetch settings; its secrets are not shown again', async () => {
    const { app, of } = await opened(
      { kind: 'feed', id: 1 },
      {
        changeFeed: vi.fn(() => Promise.resolve('session' as const)),
        feedDetails: (id) => Promise.resolve(details(id, { user: 'ani', headers: ['X-Key'] })),
      },
    );
    expect(await screen.findByTestId('feed-history')).toHaveTextContent('Situs terlalu lama');
    expect(screen.getByTestId('feed-user')).toHaveValue('ani');
    expect(screen.getByTestId('feed-headers')).toHaveValue('X-Key:');
    await fireEvent.input(screen.getByTestId('feed-password'), { target: { value: 'rahasia' } });
    await fireEvent.input(screen.getByTestId('feed-headers'), {
      target: { value: 'X-Key:\nX-Token: a:b' },
    });
    await choose('feed-every', '60');
    await accessible(screen.getByTestId('feed-dialog'));
    await fireEvent.click(screen.getByTestId('feed-save'));
    await waitFor(() => expect(screen.queryByTestId('feed-dialog')).toBeNull());
    expect(of.backend.changeFeed).toHaveBeenCalledExactlyOnceWith(1, {
      ...UNCHANGED,
      everyMinutes: 60,
      login: { user: 'ani', password: 'rahasia' },
      headers: [
        { name: 'X-Key', value: '' },
        { name: 'X-Token', value: 'a:b' },
      ],
    });
    expect(app.toasts.shown[0]?.text).toContain('keyring');
  });

  test('can be removed and restored', async () => {
    const { app, of } = await opened({ kind: 'feed', id: 1 });
    await fireEvent.click(await screen.findByTestId('feed-remove'));
    await waitFor(() => expect(app.toasts.shown).toHaveLength(1));
    app.toasts.shown[0]?.action?.run();
    await waitFor(() => expect(of.backend.undo).toHaveBeenCalledWith(1));
  });
});

test('a folder can be removed and restored', async () => {
  const { app, of } = await opened({ kind: 'folder', id: 1 });
  await fireEvent.click(await screen.findByTestId('folder-remove'));
  await waitFor(() => expect(app.toasts.shown).toHaveLength(1));
  expect(of.backend.removeFolder).toHaveBeenCalledWith(1);
  app.toasts.shown[0]?.action?.run();
  await waitFor(() => expect(of.backend.undo).toHaveBeenCalledWith(3));
});

test('the outbox opens and discards waiting messages', async () => {
  const one = { ...(await forward({ ...request, wait: true })), at: NOW - 600 };
  let waiting = [one, { ...one, id: 10 }];
  const take = (id: number) => {
    waiting = waiting.filter((record) => record.id !== id);
  };
  await opened(
    { kind: 'outbox' },
    {
      outbox: () => Promise.resolve(waiting),
      forwardWaiting: (id) => {
        take(id);
        return Promise.resolve({ ...one, state: 'opened' });
      },
      discardWaiting: (id) => {
        take(id);
        return Promise.resolve();
      },
    },
  );
  await accessible(await screen.findByTestId('outbox-dialog'));
  await fireEvent.click(await screen.findByTestId('open-9'));
  expect(await screen.findByText('Dibuka di WhatsApp')).toBeVisible();
  await fireEvent.click(screen.getByTestId('discard-10'));
  expect(await screen.findByText('Tidak ada yang menunggu')).toBeVisible();
});

test('a waiting message can be edited', async () => {
  const one = { ...(await forward({ ...request, wait: true })), channel: 'whatsapp' };
  const editWaiting = vi.fn((_: number, text: string) =>
    Promise.resolve({ ...one, message: text }),
  );
  await opened({ kind: 'outbox' }, { outbox: () => Promise.resolve([one]), editWaiting });
  await fireEvent.click(await screen.findByTestId('edit-9'));
  await fireEvent.input(screen.getByTestId('edit-words'), { target: { value: 'Bu, baca ini' } });
  await fireEvent.click(screen.getByTestId('edit-keep'));
  await waitFor(() => expect(editWaiting).toHaveBeenCalledWith(9, 'Bu, baca ini'));
});

test('once online, the outbox opens if a message needs the reader to send it', async () => {
  const one = await forward({ ...request, wait: true });
  const { app } = await opened({ kind: 'keys' }, { outbox: () => Promise.resolve([one]) });
  app.refresh.handleEvent({ type: 'connectionChanged', connection: 'offline' });
  app.refresh.handleEvent({ type: 'connectionChanged', connection: 'online' });
  await waitFor(() =>
    expect(app.toasts.shown.at(-1)?.text).toBe('1 pesan di kotak keluar menunggu Anda kirim.'),
  );
  app.dialogs.close();
  app.refresh.handleEvent({ type: 'connectionChanged', connection: 'online' });
  expect(await screen.findByTestId('outbox-dialog')).toBeVisible();
});

test('channels can be reordered and hidden, and contacts, messages and servers be set', async () => {
  const setForwarding = vi.fn((forwarding: Forwarding) => Promise.resolve(forwarding));
  const { app } = await opened({ kind: 'forwarding' }, { setForwarding });
  await accessible(await screen.findByTestId('forwarding-dialog'));
  await fireEvent.click(await screen.findByTestId('up-email'));
  await fireEvent.click(screen.getByTestId('hide-bluesky'));
  await fireEvent.click(screen.getByTestId('word-whatsapp'));
  await fireEvent.input(screen.getByTestId('template'), { target: { value: 'Baca: {title}' } });
  await fireEvent.click(screen.getByTestId('add-person'));
  await fireEvent.input(screen.getByTestId('person-name-0'), { target: { value: 'Ibu' } });
  await fireEvent.input(screen.getByTestId('person-number-0'), { target: { value: '0812' } });
  await fireEvent.click(screen.getByTestId('forwarding-save'));
  await waitFor(() => expect(app.dialogs.current).toBeNull());
  expect(setForwarding).toHaveBeenCalledWith({
    ...NOTHING_SET,
    order: ['whatsapp', 'google-news', 'email', 'copy-link', 'bluesky', 'qr-code', 'readwise'],
    hidden: ['bluesky'],
    messages: [{ channel: 'whatsapp', template: 'Baca: {title}' }],
    contacts: [{ name: 'Ibu', number: '0812' }],
  });
});

test('a service is connected, and the credentials are not kept in the form', async () => {
  const service = {
    id: 'linkding',
    name: 'linkding',
    needs: 'token' as const,
    address: '',
    ownAddress: true,
    whereToGet: '/settings/integrations',
    connected: false,
    taken: false,
  };
  const connectService = vi.fn(() => Promise.resolve('keyring' as const));
  const checkService = vi.fn<() => Promise<ProblemCode | null>>(() => Promise.resolve('signIn'));
  const { app } = await opened(
    { kind: 'forwarding' },
    { shareServices: () => Promise.resolve([service]), connectService, checkService },
  );
  await fireEvent.click(await screen.findByTestId('connect-linkding'));
  await fireEvent.input(screen.getByTestId('service-address'), {
    target: { value: 'simpan.example' },
  });
  await fireEvent.input(screen.getByTestId('service-token'), { target: { value: 'rahasia' } });
  await fireEvent.click(screen.getByTestId('service-keep'));
  await waitFor(() =>
    expect(connectService).toHaveBeenCalledWith(
      'linkding',
      expect.objectContaining({ address: 'simpan.example', token: 'rahasia' }),
    ),
  );
  // After a rejection the input can be corrected.
  expect(await screen.findByRole('alert')).toHaveTextContent('linkding menolak akses ini');
  expect(screen.getByTestId('service-token')).toHaveValue('rahasia');
  checkService.mockResolvedValueOnce('noConnection');
  await fireEvent.click(screen.getByTestId('service-keep'));
  await waitFor(() => expect(app.toasts.shown.at(-1)?.text).toContain('belum bisa diperiksa'));
  await waitFor(() => expect(screen.queryByTestId('service-token')).toBeNull());
});

test.each([
  ['abc', 'characters', 3],
  ['👨‍👩‍👧‍👦', 'characters', 7],
  ['👨‍👩‍👧‍👦', 'graphemes', 1],
  ['👨‍👩‍👧‍👦', 'weighted', 2],
  ['日本', 'weighted', 4],
  ['a https://kabar.example/sangat/panjang/sekali b', 'weighted', 27],
  ['é’”', 'weighted', 3],
] as const)('%s in %s is %d, as the engine counts', (text, unit, length) => {
  expect(counted(text, unit)).toBe(length);
});

test('every key is in the list of keys', async () => {
  await opened({ kind: 'keys' });
  const dialog = await screen.findByTestId('keyboard-help');
  expect(dialog).toHaveTextContent('Tandai semua sudah dibaca');
  await accessible(dialog);
});
