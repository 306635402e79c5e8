// Indonesian: newsletters by mail.

import type { newsletters as english } from '../en/newsletters';
import type { Message } from '../language';

// One message a line:
// prettier-ignore
export const newsletters = {
  'mail.method': 'Buletin',
  'mail.about': 'Warta membaca satu folder kotak surat Anda lewat IMAP. Setiap pengirim menjadi satu sumber. Tidak ada yang diubah di kotak surat, dan email tidak ditandai sudah dibaca.',
  'mail.address': 'Alamat email',
  'mail.password': 'Kata sandi',
  'mail.passwordHint': 'Disimpan di keyring sistem.',
  'mail.appPassword': 'Penyedia ini meminta kata sandi aplikasi, yang Anda buat di pengaturan akun. Disimpan di keyring sistem.',
  'mail.host': 'Server IMAP',
  'mail.hostGuessed': 'Perkiraan dari alamatnya; halaman bantuan penyedia Anda menyebutkan servernya.',
  'mail.port': 'Port',
  'mail.user': 'Nama pengguna',
  'mail.security': 'Enkripsi',
  'mail.security.tls': 'TLS',
  'mail.security.startTls': 'STARTTLS',
  'mail.security.none': 'Tanpa (hanya komputer ini)',
  'mail.try': 'Uji',
  'mail.found': 'Berhasil masuk: {count} pengirim ditemukan.',
  'mail.messages': '{count} email',
  'mail.folder': 'Folder kotak surat',
  'mail.senders': 'Pengirim yang menjadi sumber',
  'mail.newSenders': 'Tambahkan juga pengirim yang muncul kemudian',
  'mail.newSendersHint': 'Berguna untuk folder yang hanya berisi buletin.',
  'mail.add': 'Tambahkan kotak surat',
  'mail.addCount': 'Tambahkan {count} buletin',
  'mail.folderOfFeeds': 'Buletin',
  'mail.accounts': 'Kotak surat dengan buletin',
  'mail.feeds': '{count} sumber',
  'mail.notRead': 'belum dibaca',
  'mail.remove': 'Hapus',
  'mail.removeOf': 'Hapus kotak surat {user}; sumbernya tetap ada',
  'mail.from': 'Buletin dari {sender}, di folder {folder} milik {user}.',
  'mail.accountGone': 'Buletin dari {sender}. Kotak suratnya sudah dihapus, jadi tidak ada yang baru.',
  'mail.unsubscribe': 'Berhenti berlangganan di penerbit …',
  'mail.unsubscribeHint': 'Tautan dari penerbit sendiri, yang menghentikan emailnya:',
} satisfies Record<keyof typeof english, Message>;
