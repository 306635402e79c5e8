// Indonesian: what was found at an address, the catalogue, finding the original report, and what was trending.

import type { discovering as english } from '../en/discovering';
import type { Message } from '../language';
import { catalogue } from './catalogue';
import { channels } from './channels';

// One message a line:
// prettier-ignore
export const discovering: Record<keyof typeof english, Message> = {
  ...catalogue,
  ...channels,
  'add.headlineList': 'Judul-judul di halaman ini: isinya diambil dari halaman artikel',
  'add.makePage': 'Jadikan halaman ini feed …',
  'add.newsSitemap': 'Peta situs berita: judul dan tanggal, isinya diambil dari halaman artikel',
  'add.sitemap': 'Peta situs: halaman yang baru berubah, judulnya dibuat dari alamatnya',
  'original.title': 'Cari berita asli',
  'original.closest': 'Paling mirip',
  'original.earliest': 'Paling awal',
  'original.find': 'Cari',
  'original.hint': 'Tempel pesan yang Anda terima, misalnya lewat WhatsApp. Warta mencari artikel yang tersimpan di komputer ini.',
  'original.label': 'Teks atau tautan',
  'original.nothingText': 'Ini tidak berarti isinya salah, hanya saja sumber Anda tidak memuatnya.',
  'original.others': 'Laporan lain',
  'original.story': 'Lihat seluruh berita',
  'original.sure.likely': 'Kemungkinan besar peristiwa yang sama',
  'original.sure.nothing': 'Tidak ada artikel yang mirip',
  'original.sure.perhaps': 'Mungkin peristiwa yang sama; periksa sendiri',
  'original.sure.sameLink': 'Tautan yang sama',
  'original.sure.sameText': 'Teks yang sama, kata demi kata',
  'page.title': 'Feed dari halaman ini',
  'page.kind': 'Yang menjadi artikel baru',
  'page.kind.headlineList': 'Judul baru',
  'page.kind.watch': 'Perubahan di satu bagian',
  'page.lists': 'Daftar di halaman ini',
  'page.loading': 'Mengambil {address} …',
  'page.noLists': 'Tidak ada daftar judul di halaman ini. Anda bisa menunjuknya dengan selektor CSS.',
  'page.notAList': 'Halaman ini tampaknya artikel, bukan daftar artikel.',
  'page.own': 'Selektor CSS',
  'page.ownHint': 'Misalnya “article h2” atau “#harga”. Peramban menampilkannya lewat menu Inspeksi.',
  'page.nothing': 'Tidak ada yang cocok dengan selektor ini di halaman itu.',
  'page.show': 'Tampilkan',
  'page.shown': 'Isinya sekarang',
  'page.subscribe': 'Berlangganan halaman ini',
  'page.retry': 'Coba lagi',
  'page.ofFeed': 'Bagian halaman',
  'past.day': 'Per hari',
  'past.earlier': 'Sebelumnya',
  'past.empty': 'Belum ada riwayat',
  'past.emptyText': 'Selama Warta berjalan, yang sedang tren dicatat per hari dan bisa dilihat lagi di sini.',
  'past.gone': 'Artikelnya sudah tidak disimpan.',
  'past.later': 'Sesudahnya',
  'past.now.day': 'Sedang tren · hari ini',
  'past.now.week': 'Sedang tren · minggu ini',
  'past.week': 'Per minggu',
  'past.weekOf': '{from} – {to}',
};
