// Indonesian: help, diagnostics, and files dropped on the window.

import type { help as english } from '../en/help';
import type { Message } from '../language';

// One message a line:
// prettier-ignore
export const help: Record<keyof typeof english, Message> = {
  'help.title': 'Bantuan',
  'help.copyDiagnostics': 'Salin diagnostik',
  'help.diagnosticsHint': 'Untuk melaporkan masalah: versi, ukuran, jumlah, dan akhir catatan log. Tanpa alamat, tanpa judul.',
  'help.diagnosticsCopied': 'Tersalin. Ini isi papan klip:',
  'help.diagnosticsText': 'Diagnostik yang disalin',
  'help.softwareRendering': 'Tampilan berhenti dua kali, jadi Warta dimulai lagi tanpa prosesor grafis. Lain kali prosesor grafis dipakai lagi; mulai dengan “--software-rendering” agar tetap tidak dipakai.',
  'failure.portableReadOnly': 'Warta dalam mode portabel (ada portable.txt di samping programnya), tetapi foldernya tidak dapat ditulisi. Pindahkan Warta ke folder yang dapat ditulisi, atau hapus portable.txt.',
  'drop.title': 'Lepaskan file OPML untuk berlangganan isinya',
  'drop.notOpml': '“{name}” bukan file OPML. File dari pembaca lain diimpor di Pengaturan, di bagian “{section}”.',
};
