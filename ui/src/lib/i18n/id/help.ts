// Indonesian: help, diagnostics, updates, and files dropped on the window.

import type { help as english } from '../en/help';
import type { Message } from '../language';

// One message a line:
// prettier-ignore
export const help: Record<keyof typeof english, Message> = {
  'help.title': 'Bantuan dan pembaruan',
  'help.copyDiagnostics': 'Salin diagnostik',
  'help.diagnosticsHint': 'Untuk melaporkan masalah: versi, ukuran, jumlah, dan akhir catatan log. Tanpa alamat, tanpa judul.',
  'help.diagnosticsCopied': 'Tersalin. Ini isi papan klip:',
  'help.diagnosticsText': 'Diagnostik yang disalin',
  'help.softwareRendering': 'Tampilan berhenti dua kali, jadi Warta dimulai lagi tanpa prosesor grafis. Lain kali prosesor grafis dipakai lagi; mulai dengan “--software-rendering” agar tetap tidak dipakai.',
  'updates.check': 'Cari pembaruan sekali sehari',
  'updates.checkHint': 'Menanyakan versi baru ke alamat rilis Warta. Tidak ada yang diunduh atau dipasang tanpa diminta.',
  'updates.checkNow': 'Cari sekarang',
  'updates.never': 'Belum pernah dicari.',
  'updates.current': 'Warta {version} adalah versi terbaru. Dicari {ago}.',
  'updates.found': 'Warta {version} tersedia',
  'updates.show': 'Lihat',
  'updates.notes': 'Yang baru di Warta {version}',
  'updates.download': 'Unduh',
  'updates.noPackage': 'Rilis ini tidak punya paket untuk sistem ini.',
  'updates.downloaded': 'Terunduh ke {path}; tanda tangannya benar. Keluar dari Warta, lalu buka file itu untuk memasangnya.',
  'updates.off.notConfigured': 'Mati: versi ini dibuat tanpa alamat pembaruan.',
  'updates.off.packaged': 'Mati: Warta diperbarui oleh pengelola paket.',
  'updates.off.portable': 'Mati dalam mode portabel: ganti sendiri programnya.',
  'updates.off.readOnly': 'Mati: folder program tidak dapat ditulisi.',
  'updates.problem.notReached': 'Alamat rilis Warta tidak dapat dijangkau.',
  'updates.problem.wrongSignature': 'Ditolak: daftar rilis tidak ditandatangani dengan kunci Warta.',
  'updates.problem.unreadable': 'Daftar rilis tidak dapat dibaca.',
  'updates.problem.downgrade': 'Ditolak: daftar rilis lebih lama daripada yang pernah dilihat.',
  'failure.updateRefused': 'Ditolak: file yang diunduh tidak ditandatangani dengan kunci Warta. Tidak ada yang disimpan.',
  'failure.portableReadOnly': 'Warta dalam mode portabel (ada portable.txt di samping programnya), tetapi foldernya tidak dapat ditulisi. Pindahkan Warta ke folder yang dapat ditulisi, atau hapus portable.txt.',
  'drop.title': 'Lepaskan file OPML untuk berlangganan isinya',
  'drop.notOpml': '“{name}” bukan file OPML. File dari pembaca lain diimpor di Pengaturan, di bagian “{section}”.',
};
