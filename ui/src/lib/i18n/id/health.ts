// Indonesian: feed health.

import type { health as english } from '../en/health';
import type { Message } from '../language';

// One message a line:
// prettier-ignore
export const health: Record<keyof typeof english, Message> = {
  'activity.health': 'Kesehatan sumber…',
  'health.title': 'Kesehatan sumber',
  'health.intro': 'Sumber yang lama tidak terbit, gagal diambil, menerbitkan terlalu banyak artikel, tidak Anda baca, atau kembar dengan sumber lain. Pilih sumber untuk berhenti berlangganan, diambil lebih jarang, atau dibisukan.',
  'health.fine': 'Semua sumber sehat',
  'health.fineText': 'Tidak ada sumber yang bermasalah.',
  'health.ended': 'Dihentikan penerbitnya; diketahui {when}.',
  'health.failing': '{reason} {count} kali gagal berturut-turut; terakhir berhasil {when}.',
  'health.neverWorked': '{reason} {count} kali gagal berturut-turut; belum pernah berhasil.',
  'health.silent': 'Artikel terbaru {when}; biasanya satu tiap {usual}.',
  'health.silentOnly': 'Artikel terbaru {when}.',
  'health.emptyFeed': 'Tidak ada artikel sejak Anda berlangganan {when}.',
  'health.flood': '{count} artikel sehari.',
  'health.neverRead': '{count} artikel dalam 30 hari, tidak satu pun Anda baca.',
  'health.duplicate': '{percent} artikelnya juga ada di {other}.',
  'health.kindEnded': 'Ditutup',
  'health.kindFailing': 'Gagal',
  'health.kindSilent': 'Lama tidak terbit',
  'health.kindEmpty': 'Kosong',
  'health.kindFlood': 'Terlalu banyak artikel',
  'health.kindNeverRead': 'Tidak dibaca',
  'health.kindDuplicate': 'Kembar',
  'health.keepsSaved': '{count} artikel tersimpan ikut hilang',
  'health.kinds': 'Yang ditampilkan',
  'health.kindAll': 'Semua',
  'health.actions': 'Tindakan untuk sumber yang dipilih',
  'health.fetchLess': 'Ambil sekali sehari',
  'health.fetchedLess': '{count} sumber diambil sekali sehari',
  'health.mute': 'Bisukan',
  'health.muted': 'Artikel baru dari {count} sumber dibisukan',
  'health.muteRule': '{count} sumber yang dibisukan',
  'health.choose': 'Pilih {name}',
  'health.chooseAll': 'Pilih semua',
  'health.unsubscribe': 'Berhenti berlangganan {count} sumber',
  'health.unsubscribeNone': 'Berhenti berlangganan',
  'health.removed': 'Langganan {count} sumber dihentikan',
};
