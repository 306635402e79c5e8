// Indonesian: channels of large platforms, and the search for podcasts.

import type { channels as english } from '../en/channels';
import type { Message } from '../language';

// One message a line:
// prettier-ignore
export const channels: Record<keyof typeof english, Message> = {
  'add.withoutShorts': 'Tanpa Shorts',
  'channel.reddit': 'Reddit sedang menolak atau membatasi permintaan. Coba lagi beberapa menit lagi; kalau memakai VPN, coba tanpa VPN.',
  'channel.spotify': 'Spotify tidak menyediakan feed. Ketik nama podcastnya di sini untuk mencarinya di direktori Apple.',
  'channel.telegram': 'Telegram tidak menampilkan pratinjau publiknya. Hanya kanal publik yang bisa dibaca tanpa akun, bukan grup, pengguna, atau kanal privat.',
  'channel.youtubeConsent': 'YouTube meminta persetujuan cookie sebelum menampilkan halaman ini. Buka kanalnya di peramban, salin ID kanal lewat “Bagikan kanal”, lalu tempel youtube.com/channel/ diikuti ID itu.',
  'podcasts.found': { other: '{count} podcast ditemukan untuk “{words}”' },
  'podcasts.list': 'Siniar dari direktori Apple',
  'podcasts.newest': 'episode terbaru {date}',
  'podcasts.none': 'Direktori Apple tidak punya podcast dengan feed untuk “{words}”.',
  'podcasts.note': 'Kata “{words}” dikirim ke Apple, hanya saat tombol ini ditekan.',
  'podcasts.search': 'Cari podcast di Apple',
  'podcasts.searching': 'Mencari di direktori podcast Apple …',
  'podcasts.wrong': 'Direktori podcast Apple tidak bisa dicari. {problem}',
};
