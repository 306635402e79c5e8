// Channels, drafts, forwards, the outbox and services.

import type { Backend } from '../backend';
import type { ForwardRecord, ShareChannel, Subject } from '../bindings';
import { FEEDS } from './data';
import { failure, type World } from './world';

function channel(id: string, name: string, icon: string, more: Partial<ShareChannel>) {
  const usual: ShareChannel = {
    id,
    name,
    icon,
    means: 'open',
    copies: false,
    limit: null,
    unit: 'characters',
    hasMessage: true,
    takesSeveral: true,
    note: '',
    template: '{title}\n{publisher}\n\n{excerpt}\n\n{link}',
    hidden: false,
  };
  return { ...usual, ...more };
}

const ALONE = { hasMessage: false, takesSeveral: false };
const CHANNELS: ShareChannel[] = [
  channel('whatsapp', 'WhatsApp', 'message-circle', { limit: 1000 }),
  channel('google-news', 'Google News', 'newspaper', ALONE),
  channel('copy-link', 'Salin tautan', 'link', { ...ALONE, means: 'copy', copies: true }),
  channel('email', 'Email', 'mail', { limit: 8000 }),
  channel('telegram', 'Telegram', 'send', {
    limit: 4000,
    note: 'Telegram menaruh tautan sebelum teks.',
  }),
  channel('bluesky', 'Bluesky', 'cloud', { limit: 300, unit: 'graphemes' }),
  channel('facebook', 'Facebook', 'users', {
    ...ALONE,
    note: 'Hanya tautan yang dibagikan; tulis teksnya di sana.',
  }),
  channel('copy-text', 'Salin teks', 'copy', { means: 'copy', copies: true }),
  channel('qr-code', 'Kode QR', 'qr-code', { ...ALONE, means: 'qrCode' }),
  channel('card', 'Kartu gambar', 'image', { ...ALONE, means: 'card' }),
  channel('file', 'File', 'file-text', { ...ALONE, means: 'file' }),
  channel('discord', 'Discord', 'message-circle', { means: 'copyAndOpen', limit: 2000 }),
  channel('readwise', 'Readwise Reader', 'bookmark', { ...ALONE, means: 'service' }),
  channel('system', 'Bagikan lewat sistem…', 'share', { means: 'system' }),
];

export function sharing(world: World) {
  return {
    shareChannels: () => Promise.resolve(CHANNELS),
    forwarding: () => Promise.resolve(world.forwarding),
    setForwarding: (forwarding) => {
      world.forwarding = forwarding;
      return Promise.resolve(forwarding);
    },
    draft: (subject, channel, message, part) =>
      world.later(() => {
        const text = message ?? composeMessage(world, subject);
        const copies = CHANNELS.find((candidate) => candidate.id === channel)?.copies ?? false;
        const encoded = encodeURIComponent(text);
        if (channel === 'google-news') {
          const query = encodeURIComponent(world.subjectRow(subject).title);
          return {
            channel,
            message: world.subjectRow(subject).title,
            link: null,
            copies: false,
            target: `https://news.google.com/search?q=${query}&hl=id&gl=ID&ceid=ID:id`,
            fallback: [],
            sheet: null,
            needsNetwork: true,
            part,
            parts: 1,
            qrCode: null,
          };
        }
        return {
          channel,
          message: text,
          target: copies ? null : `whatsapp://send?text=${encoded}`,
          fallback: copies ? [] : [`https://wa.me/?text=${encoded}`],
          sheet: null,
          needsNetwork: !copies,
          link: channel === 'telegram' ? world.subjectRow(subject).url : null,
          copies,
          part,
          parts: 1,
          qrCode: null,
        };
      }),
    googleNews: (subject) =>
      world.later(() => ({
        publisher: 'https://news.google.com/publications/contoh',
        prefer: 'https://www.google.com/preferences/source?q=contoh.example',
        topic: world.subjectRow(subject).title.split(' ').slice(0, 3).join(' '),
      })),
    followTopic: () => Promise.resolve({ added: [99], already: [], secrets: 'none' }),
    pictureCard: () => Promise.reject(failure('cannotForward', 'no engine draws here')),
    copyCard: () => Promise.resolve(),
    copyPicture: () => Promise.resolve(),
    savePicture: () => Promise.resolve(null),
    saveCard: () => Promise.resolve(null),
    saveArticle: () => Promise.resolve(null),
    publisherChannels: (feed) =>
      Promise.resolve(FEEDS.find((one) => one.id === feed)?.channels ?? []),
    setPublisherChannels: (_, addresses) =>
      Promise.resolve(
        addresses.filter(Boolean).map((url) => ({
          kind: url.includes('whatsapp') ? 'whatsapp-channel' : 'google-news',
          url,
        })),
      ),
    findPublisherChannels: (feed) =>
      world.later(() => FEEDS.find((one) => one.id === feed)?.channels ?? []),
    shareServices: () =>
      Promise.resolve([
        {
          id: 'readwise',
          name: 'Readwise Reader',
          needs: 'token',
          address: 'https://readwise.io',
          ownAddress: false,
          whereToGet: 'https://readwise.io/access_token',
          connected: true,
          taken: true,
        },
        {
          id: 'wallabag',
          name: 'wallabag',
          needs: 'client',
          address: '',
          ownAddress: true,
          whereToGet: '/developer',
          connected: false,
          taken: false,
        },
      ]),
    connectService: () => Promise.resolve('keyring'),
    checkService: () => Promise.resolve(null),
    disconnectService: () => Promise.resolve(),
    forward: (request) => {
      const record = makeRecord(
        world,
        request.subject,
        request.channel,
        request.message ?? composeMessage(world, request.subject),
        request.wait,
      );
      (record.state === 'waiting' ? world.outbox : world.forwards).push(record);
      world.emit({ type: 'placesChanged' });
      return Promise.resolve(record);
    },
    outbox: () => Promise.resolve([...world.outbox]),
    forwardWaiting: (id) => {
      const record = world.outbox.find((candidate) => candidate.id === id);
      if (!record) return Promise.reject(new Error('not found'));
      world.outbox = world.outbox.filter((candidate) => candidate.id !== id);
      world.emit({ type: 'placesChanged' });
      return Promise.resolve({ ...record, state: 'opened' });
    },
    discardWaiting: (id) => {
      world.outbox = world.outbox.filter((candidate) => candidate.id !== id);
      world.emit({ type: 'placesChanged' });
      return Promise.resolve();
    },
    editWaiting: (id, message) => {
      const record = world.outbox.find((candidate) => candidate.id === id);
      if (!record) return Promise.reject(new Error('not found'));
      record.message = message;
      return Promise.resolve(record);
    },
    sendSave: (id) => {
      const record = world.outbox.find((candidate) => candidate.id === id);
      return record ? Promise.resolve(record) : Promise.reject(new Error('not found'));
    },
  } satisfies Partial<Backend>;
}

function makeRecord(
  world: World,
  subject: Subject,
  channelId: string,
  message: string,
  wait: boolean,
): ForwardRecord {
  const row = world.subjectRow(subject);
  const channel = CHANNELS.find((candidate) => candidate.id === channelId);
  return {
    id: world.token++,
    at: world.now,
    article: row.id,
    channel: channelId,
    channelName: channel?.name ?? channelId,
    title: row.title,
    message,
    target: channel?.copies ? null : `whatsapp://send?text=${encodeURIComponent(message)}`,
    state: wait ? 'waiting' : channel?.copies ? 'copied' : 'opened',
    byItself: false,
    problem: null,
    editedSince: false,
  };
}

function composeMessage(world: World, subject: Subject): string {
  if (subject.kind === 'digest') {
    const items = world.rows.filter((row) => subject.ids.includes(row.id));
    const lines = items.map((row, index) => `${index + 1}. ${row.title}\n${row.url ?? ''}`);
    return [`*${items.length} berita pagi ini*`, ...lines].join('\n\n');
  }
  const row = world.subjectRow(subject);
  return `*${row.title}*\n${row.publisher}\n\n${row.excerpt}\n\n${row.url ?? ''}`;
}
