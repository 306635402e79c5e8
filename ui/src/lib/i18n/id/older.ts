// Indonesian: older articles from publishers' archives.

import type { older as english } from '../en/older';
import type { Message } from '../language';

// One message a line:
// prettier-ignore
export const older: Record<keyof typeof english, Message> = {
  'older.title': 'Artikel lama',
  'older.amount.none': 'Tidak ada',
  'older.amount.100': '100',
  'older.amount.500': '500',
  'older.amount.all': 'Semua, paling banyak 5.000',
  'older.amount.since': 'Sejak tanggal tertentu',
  'older.end.budget': 'Batas data tercapai.',
  'older.end.elsewhere': 'Arsipnya berlanjut di alamat penerbit lain.',
  'older.end.endless': 'Halaman arsipnya terlalu banyak.',
  'older.end.failed': 'Pengambilan gagal.',
  'older.end.forward': 'Arsipnya hanya berisi artikel yang lebih baru.',
  'older.end.noArchive': 'Penerbit tidak menyediakan arsip.',
  'older.end.number': 'Mungkin masih ada lagi.',
  'older.end.oldest': 'Tidak ada yang lebih lama di arsip.',
  'older.end.refused': 'Penerbit tidak mengizinkan arsipnya diambil.',
  'older.end.repeats': 'Isi arsipnya berulang.',
  'older.end.retention': 'Yang lebih lama akan terhapus oleh batas penyimpanan Anda.',
  'older.end.since': 'Tidak ada lagi sejak tanggal itu.',
  'older.end.stopped': 'Dihentikan.',
  'older.fetch': 'Ambil artikel lama',
  'older.hint': 'Dari arsip penerbit, kalau tersedia. Artikelnya langsung bertanda sudah dibaca dan tidak diberitahukan.',
  'older.keptSince': 'Batas Anda menyimpan artikel sejak {day}; yang lebih lama tidak diambil.',
  'older.megabytes': 'Batas data',
  'older.metered': 'Koneksi ini berkuota.',
  'older.more': 'Ambil lagi',
  'older.overBudget': 'Kuota data bulanan Anda sudah habis.',
  'older.room': 'Batas Anda menyimpan {count} artikel lagi dari sumber ini.',
  'older.running': 'Mengambil artikel lama …',
  'older.since': 'Sejak',
  'older.span': '{count} dari {from} sampai {to}',
  'older.stop': 'Hentikan',
  'older.texts': '{count} teks lengkap',
  'older.unread': 'Tandai belum dibaca',
  'older.waiting': 'Menunggu jaringan.',
};
