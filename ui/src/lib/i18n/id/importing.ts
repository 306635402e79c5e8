// Indonesian: importing from other readers, and exporting saved articles.

import type { importing as english } from '../en/importing';
import type { Message } from '../language';

// One message a line:
// prettier-ignore
export const importing: Record<keyof typeof english, Message> = {
  'settings.carry': 'Impor dari aplikasi pembaca lain…',
  'settings.carryHint': 'Google Reader, Inoreader, FreshRSS, Feedly, Pocket, Instapaper, Omnivore, Raindrop.io, bookmark browser, OPML, serta basis data NetNewsWire, Newsboat, Liferea, RSS Guard, dan QuiteRSS.',
  'settings.exportSaved': 'Ekspor artikel tersimpan',
  'settings.exportSavedNow': 'Ekspor…',
  'settings.exportedSaved': '{count} artikel tersimpan diekspor ke {place}',
  'settings.formatJsonFeed': 'JSON Feed, dengan teks',
  'settings.formatBookmarks': 'Bookmark browser (HTML)',
  'settings.formatCsv': 'Tabel (CSV)',
  'settings.formatMarkdown': 'Folder berisi file Markdown',
  'settings.formatEpub': 'Folder berisi file EPUB',
  'failure.unknownFile': 'Warta tidak mengenal jenis file ini.',
  'carry.title': 'Impor dari {source}?',
  'carry.done': 'Sudah diimpor dari {source}',
  'carry.feeds': '{count} sumber baru',
  'carry.feedsAlready': '{count} sumber sudah ada',
  'carry.articles': '{count} artikel baru',
  'carry.savedPages': '{count} artikel baru di “Halaman tersimpan”',
  'carry.articlesAlready': '{count} artikel sudah ada',
  'carry.saved': '{count} artikel ditandai tersimpan',
  'carry.read': '{count} artikel ditandai sudah dibaca',
  'carry.nothing': 'Semua isinya sudah ada di sini.',
  'carry.removesNothing': 'Cadangan dibuat dulu; tidak ada yang dihapus.',
  'carry.leftOut': 'Yang tidak bisa diimpor:',
  'carry.noAddress': '{count} artikel tanpa alamat web',
  'carry.notWeb': '{count} langganan yang bukan sumber web',
  'carry.notSubscribed': '{count} artikel tak tersimpan dari sumber yang tidak Anda langgani',
  'carry.damaged': '{count} bagian file yang rusak',
  'carry.unknown': '{count} file tak dikenal di dalam arsip',
  'carry.tags': 'Label dari {count} artikel yang tidak disimpan',
  'carry.readLater': '{count} artikel akan ditandai sudah dibaca saat tiba',
  'carry.tagged': '{count} artikel mendapat labelnya',
  'carry.withoutText': '{count} di antaranya tanpa teks di file; Warta mengambil halamannya',
  'carry.tooMany': '{count} langganan melebihi batas satu impor',
  'carry.tooLarge': 'File ini terlalu besar untuk dilepas di sini. Pilih lewat tombol.',
  'carry.undo': 'Urungkan impor',
  'carry.undone': 'Impor diurungkan.',
  'carry.cannotUndo': 'Impor ini tidak bisa diurungkan lagi.',
  'carry.confirm': 'Impor',
  'carry.reading': 'Membaca file…',
};
