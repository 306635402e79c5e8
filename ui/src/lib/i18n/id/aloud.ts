// Indonesian: reading aloud.

import type { aloud as english } from '../en/aloud';
import type { Message } from '../language';

// One message a line:
// prettier-ignore
export const aloud: Record<keyof typeof english, Message> = {
  'aloud.start': 'Bacakan',
  'aloud.pause': 'Jeda pembacaan',
  'aloud.resume': 'Lanjutkan pembacaan',
  'aloud.stop': 'Hentikan pembacaan',
  'aloud.label': 'Bacakan artikel',
  'aloud.back': 'Kalimat sebelumnya',
  'aloud.forward': 'Kalimat berikutnya',
  'aloud.place': '{at} dari {count}',
  'aloud.starting': 'Memulai…',
  'aloud.speed': 'Kecepatan',
  'aloud.slower': 'Lebih lambat',
  'aloud.faster': 'Lebih cepat',
  'aloud.goOn': 'Lanjut ke artikel berikutnya',
  'aloud.next': 'Bacakan artikel berikutnya',
  'aloud.goesOn': 'Artikel berikutnya: {title}',
  'aloud.ended': 'Artikel selesai dibacakan.',
  'aloud.listEnded': 'Itu artikel terakhir di daftar ini.',
  'aloud.chooseVoices': 'Pilih suara…',
  'aloud.voiceOf': 'Suara untuk {language}',
  'aloud.voiceUsual': 'Otomatis',
  'aloud.otherLanguage': 'Bahasa lain',
  'aloud.chooseLanguage': 'Pilih bahasa',
  'aloud.try': 'Dengarkan',
  'aloud.problem.notInstalled': 'Untuk membacakan artikel, diperlukan Speech Dispatcher dan suara, yang belum terpasang. Di Debian dan Ubuntu: sudo apt install speech-dispatcher speech-dispatcher-espeak-ng',
  'aloud.problem.notStarted': 'Speech Dispatcher terpasang, tetapi tidak dapat dijalankan.',
  'aloud.problem.noSynthesizer': 'Speech Dispatcher tidak punya suara. Di Debian dan Ubuntu: sudo apt install speech-dispatcher-espeak-ng',
  'aloud.problem.notLocal': 'SPEECHD_ADDRESS menunjuk komputer lain. Warta hanya memakai layanan suara di komputer ini.',
  'aloud.problem.failed': 'Layanan suara berhenti. Tekan putar untuk mencoba lagi.',
  'aloud.problem.unsupported': 'Sistem ini tidak punya suara.',
  'aloud.problem.noVoice': 'Tidak ada suara untuk bahasa ini: {language}.',
  'aloud.problem.noText': 'Artikel ini tidak punya teks untuk dibacakan.',
};
