// Indonesian: running in the background, and notifications.

import type { background as english } from '../en/background';
import type { Message } from '../language';

// One message a line:
// prettier-ignore
export const background: Record<keyof typeof english, Message> = {
  'background.title': 'Latar belakang dan pemberitahuan',
  'background.keepRunning': 'Tetap berjalan saat jendela ditutup',
  'background.keepRunningHint': 'Warta tetap ada di baki sistem dan terus menyinkronkan. Tanpa baki sistem, menutup jendela berarti keluar.',
  'background.atLogin': 'Mulai saat masuk ke komputer',
  'background.atLoginHint': 'Di baki sistem, tanpa jendela.',
  'background.badge': 'Jumlah artikel belum dibaca pada ikon',
  'background.badgeHint': 'Di Dock atau bilah tugas, jika sistem bisa menampilkannya.',
  'background.notify': 'Pemberitahuan',
  'background.notifyHint': 'Untuk berita yang diikuti dan aturan yang memintanya. Hasil satu sinkronisasi menjadi satu pemberitahuan.',
  'background.quiet': 'Jam tenang',
  'background.quietHint': 'Tanpa pemberitahuan selama waktu ini. Setelahnya satu pemberitahuan menyebutkan jumlahnya.',
  'background.quietFrom': 'Dari',
  'background.quietTo': 'Sampai',
  'background.kept': 'Warta tetap berjalan di baki sistem. Keluar lewat ikonnya di sana, atau matikan ini di Pengaturan.',
};
