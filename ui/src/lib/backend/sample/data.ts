// Invented news for development: publishers, headlines and texts that exist nowhere else.

import type { ProblemCode, PublisherChannel } from '../bindings';

export interface SampleFeed {
  id: number;
  title: string;
  host: string;
  language: string;
  folder: number | null;
  problem?: ProblemCode;
  paused?: boolean;
  rightToLeft?: boolean;
  channels?: PublisherChannel[];
}

export const FOLDERS = [
  { id: 1, name: 'Nusantara' },
  { id: 2, name: 'Dunia' },
  { id: 3, name: 'Ilmu & Teknologi' },
];

export const FEEDS: SampleFeed[] = [
  {
    id: 1,
    title: 'Kabar Teluk',
    host: 'kabarteluk.example',
    language: 'id',
    folder: 1,
    channels: [
      { kind: 'whatsapp-channel', url: 'https://whatsapp.com/channel/0029VaSampleTeluk' },
      { kind: 'google-news', url: 'https://news.google.com/publications/CAAqSampleTeluk' },
    ],
  },
  { id: 2, title: 'Harian Rimba', host: 'harianrimba.example', language: 'id', folder: 1 },
  { id: 3, title: 'Suara Dermaga', host: 'suaradermaga.example', language: 'id', folder: 1 },
  {
    id: 4,
    title: 'Lintas Pagi',
    host: 'lintaspagi.example',
    language: 'id',
    folder: 1,
    problem: 'hostNotFound',
  },
  {
    id: 5,
    title: 'The Strait Observer',
    host: 'straitobserver.example',
    language: 'en',
    folder: 2,
  },
  { id: 6, title: 'Harbour & Field', host: 'harbourfield.example', language: 'en', folder: 2 },
  {
    id: 7,
    title: 'صحيفة المرفأ',
    host: 'almarfa.example',
    language: 'ar',
    folder: 2,
    rightToLeft: true,
  },
  { id: 8, title: 'Orbit Rendah', host: 'orbitrendah.example', language: 'id', folder: 3 },
  {
    id: 9,
    title: 'Paper Circuits',
    host: 'papercircuits.example',
    language: 'en',
    folder: 3,
    problem: 'notAFeed',
  },
  {
    id: 10,
    title: 'Dapur Ibu Ratmi',
    host: 'ibu-ratmi.example',
    language: 'id',
    folder: null,
    paused: true,
  },
];

export interface SampleArticle {
  feed: number;
  minutesAgo: number;
  title: string;
  excerpt: string;
  picture?: number;
  story?: number;
  read?: boolean;
  saved?: boolean;
  authors?: string[];
}

export const ARTICLES: SampleArticle[] = [
  {
    feed: 1,
    minutesAgo: 46,
    story: 1,
    picture: 1,
    authors: ['Laras Widyatmoko'],
    title:
      'Kapal feri listrik pertama melayari Teluk Sagara, antrean calon penumpang mengular sejak subuh',
    excerpt:
      'Kapal berkapasitas 320 orang itu menempuh lintasan sembilan mil tanpa setetes solar; tarifnya dipatok sama dengan kapal lama selama tiga bulan pertama.',
  },
  {
    feed: 3,
    minutesAgo: 71,
    story: 1,
    picture: 4,
    title: 'Feri listrik Teluk Sagara mulai beroperasi, nelayan minta jalur jaring dipetakan ulang',
    excerpt:
      'Paguyuban nelayan menyambut kapal senyap itu, tetapi mengingatkan bahwa baling-balingnya melintas tepat di atas rumpon.',
  },
  {
    feed: 5,
    minutesAgo: 118,
    story: 1,
    picture: 1,
    title: 'Electric ferry makes first crossing of Sagara Bay, with queues from dawn',
    excerpt:
      'The 320-seat vessel crossed nine nautical miles on batteries alone; fares stay at the old level for three months.',
  },
  {
    feed: 2,
    minutesAgo: 176,
    story: 1,
    title: 'Senyap di atas ombak: hari pertama feri listrik',
    excerpt:
      'Tidak ada getar mesin, hanya derit tali dan suara anak-anak. Catatan dari geladak atas.',
  },
  {
    feed: 2,
    minutesAgo: 132,
    story: 2,
    picture: 3,
    authors: ['Bagas Prayitno'],
    title: 'Hutan adat Lembah Wening diakui, 4.100 hektare dikelola warga',
    excerpt:
      'Surat keputusan itu mengakhiri penantian sebelas tahun. Warga menyiapkan peraturan sendiri tentang rotan dan madu.',
  },
  {
    feed: 1,
    minutesAgo: 190,
    story: 2,
    picture: 3,
    title: 'Sebelas tahun menunggu, Lembah Wening akhirnya pegang surat hutan adat',
    excerpt:
      'Tetua kampung menerima surat itu di balai desa, disaksikan murid sekolah dasar yang diliburkan.',
  },
  {
    feed: 6,
    minutesAgo: 240,
    story: 2,
    title: 'Villagers win custody of 4,100 hectares of Wening valley forest',
    excerpt:
      'The decree ends an eleven-year wait and leaves rattan and honey to rules the village writes itself.',
  },
  {
    feed: 8,
    minutesAgo: 205,
    story: 3,
    picture: 4,
    authors: ['Sekar Anindita'],
    title: 'Satelit seukuran kotak sepatu memotret kebakaran gambut dari orbit rendah',
    excerpt:
      'Dibangun mahasiswa dengan suku cadang ponsel, satelit itu mengirim gambar dua kali sehari.',
  },
  {
    feed: 9,
    minutesAgo: 262,
    story: 3,
    picture: 4,
    title: 'A shoebox satellite built from phone parts is watching peat fires',
    excerpt: 'Students assembled it in fourteen months. It sees smoke before villages smell it.',
  },
  {
    feed: 6,
    minutesAgo: 320,
    story: 4,
    picture: 5,
    title: 'Rice cooperatives agree a common price for the dry season',
    excerpt:
      'Forty-one cooperatives sign after two nights of talks; traders call the figure workable.',
  },
  {
    feed: 3,
    minutesAgo: 352,
    story: 4,
    title: 'Koperasi padi sepakati satu harga untuk musim kering',
    excerpt: 'Empat puluh satu koperasi meneken kesepakatan setelah dua malam berunding.',
  },
  {
    feed: 5,
    minutesAgo: 402,
    story: 5,
    picture: 2,
    title: 'Old railway over the Karsa gorge to carry passengers again after 38 years',
    excerpt: 'Engineers say the iron is sound; the timetable is the harder part.',
  },
  {
    feed: 2,
    minutesAgo: 431,
    story: 5,
    picture: 2,
    title: 'Jalur kereta Ngarai Karsa hidup kembali setelah 38 tahun',
    excerpt: 'Insinyur menyebut besinya masih kukuh; menyusun jadwal justru lebih sulit.',
  },
  {
    feed: 7,
    minutesAgo: 95,
    picture: 0,
    title: 'المدينة القديمة تفتح سوق الكتب من جديد بعد ترميم دام ثلاث سنوات',
    excerpt: 'عاد الورّاقون إلى دكاكينهم تحت الأقواس الحجرية، ومعهم كتب نجت من رطوبة السنين.',
  },
  {
    feed: 8,
    minutesAgo: 61,
    title: 'Mengapa bintang jatuh lebih sering tampak menjelang pagi',
    excerpt: 'Jawabannya ada pada arah gerak Bumi, bukan pada gelapnya langit.',
  },
  {
    feed: 5,
    minutesAgo: 83,
    picture: 0,
    read: true,
    title: 'The last typesetter on Lantern Street closes her shop',
    excerpt:
      'For forty-four years Ineke Marsh set wedding cards by hand. On Friday she locks the cases.',
  },
  {
    feed: 10,
    minutesAgo: 510,
    picture: 0,
    saved: true,
    read: true,
    title: 'Sambal matang yang tahan seminggu tanpa kulkas',
    excerpt: 'Kuncinya minyak yang benar-benar matang dan sabar menunggu airnya habis.',
  },
  {
    feed: 9,
    minutesAgo: 690,
    saved: true,
    title: 'Notes on a keyboard with forty keys and no labels',
    excerpt: 'After six weeks the hands know; the eyes still do not believe it.',
  },
  {
    feed: 6,
    minutesAgo: 1490,
    picture: 3,
    read: true,
    title: 'What the tide gauge at Perak has been saying since 1911',
    excerpt:
      'A hundred and fifteen years of pencil lines, read again by a patient machine and a more patient archivist who would like it known that the machine was wrong twice.',
  },
  {
    feed: 1,
    minutesAgo: 1720,
    picture: 2,
    title: 'Pasar terapung Muara Lintang pindah seratus meter karena pasir',
    excerpt: 'Pedagang menandai alur baru dengan bambu dan bendera sarung.',
  },
];

/** Headlines that fill long lists, made unique by numbers. */
export const FILLERS = [
  'Pelabuhan kecil menambah dermaga kayu untuk perahu sayur',
  'Council weighs shade trees against parking on Mill Road',
  'Guru keliling memakai perahu perpustakaan untuk kelas sore',
  'Small observatory finds a comet it was not looking for',
  'Petani garam mencatat panen terbaik dalam enam musim',
  'How a village radio station kept its frequency',
  'Jembatan bambu diuji dengan dua puluh ekor kerbau',
  'Bakery cooperative opens before four, sells out by six',
];

export const BODY_ID = `
<p>Kapal putih berlambung ganda itu melepas tali pukul enam lewat sepuluh, tanpa deru mesin yang biasa menandai pagi di dermaga. Di geladak, <strong>320 penumpang</strong> perdana menunggu suara yang tidak kunjung datang. “Saya kira mogok,” kata Marni, penjual kue yang tiga kali seminggu menyeberang. “Ternyata sudah jalan.”</p>
<p>Lintasan sembilan mil laut ditempuh dalam 38 menit, dua menit lebih cepat daripada kapal lama. Baterainya diisi ulang di kedua dermaga oleh tenaga surya yang dipasang di atap gudang ikan; pada hari mendung, sambungan listrik kota menutup kekurangannya.</p>
<figure><img src="PICTURE" alt="Dermaga Teluk Sagara saat matahari terbit" width="1200" height="700"><figcaption>Dermaga timur Teluk Sagara sesaat sebelum kapal pertama berangkat. Foto: Kabar Teluk</figcaption></figure>
<h2>Tarif tetap tiga bulan</h2>
<p>Pengelola mematok tarif yang sama dengan kapal solar selama tiga bulan. Sesudah itu, katanya, harga akan ditentukan oleh <a href="https://kabarteluk.example/tarif">jumlah penumpang</a>, bukan oleh harga minyak. Rincian sementara:</p>
<table><thead><tr><th>Penumpang</th><th>Kini</th><th>Mulai Maret</th></tr></thead><tbody><tr><td>Dewasa</td><td>Rp12.000</td><td>Rp12.000–14.000</td></tr><tr><td>Pelajar</td><td>Rp5.000</td><td>Rp5.000</td></tr><tr><td>Sepeda motor</td><td>Rp18.000</td><td>menyusul</td></tr></tbody></table>
<blockquote><p>Laut tidak butuh suara kita. Yang ia butuhkan cuma kita pelan-pelan.</p></blockquote>
<p>Paguyuban nelayan menyambut kapal senyap itu, tetapi meminta jalurnya digeser dua ratus meter ke utara agar tidak melintas di atas rumpon. <span class="picture-missing" role="img" aria-label="Peta jalur feri dan rumpon" data-src="https://kabarteluk.example/peta.png"></span></p>
<ul><li>Kapal kedua dijadwalkan tiba pada Juli.</li><li>Dermaga barat ditutup dua hari untuk pemasangan pengisi daya.</li><li>Awak lama dilatih ulang, tidak ada yang dirumahkan.</li></ul>
<p>Menjelang sore, antrean belum juga pendek. Anak-anak naik dua kali, sekali untuk menyeberang dan sekali untuk mendengarkan.</p>`;

export const BODY_EN = `
<p>The first thing anyone noticed was the gulls. On the old boat they had been a background, drowned by the diesel; now they were the loudest thing in the bay, and passengers kept looking up as though somebody had turned them on.</p>
<p>The crossing took thirty-eight minutes. At the western pier a small crowd clapped, stopped, and then — not sure what one claps for when nothing has made a sound — clapped again.</p>
<figure><img src="PICTURE" alt="The bay at first light" width="1200" height="700"><figcaption>First light over the western pier. Photograph: The Strait Observer</figcaption></figure>
<p>Fares stay where they were for three months. After that the operator says passengers, <a href="https://straitobserver.example/fares">not oil</a>, will set the price.</p>
<blockquote><p>It is not that it is quiet. It is that you can hear the water decide.</p></blockquote>
<p>A second vessel is due in July.</p>`;

export const BODY_AR = `
<p>عاد الورّاقون صباح أمس إلى دكاكينهم تحت الأقواس الحجرية، بعد ثلاث سنوات من الترميم أعيدت فيها الأسقف الخشبية إلى ما كانت عليه قبل قرن.</p>
<p>وقال أحد الباعة إن أصعب ما في العودة لم يكن حمل الصناديق، بل تذكّر مواضع الكتب: «كنت أعرف كل رفّ بيدي، واليوم أعرفه بعيني فقط».</p>
<blockquote><p>الكتاب الذي ينجو من الرطوبة يستحق قارئًا صبورًا.</p></blockquote>
<p>وتفتح السوق أبوابها كل يوم من الثامنة صباحًا حتى الغروب، ويُخصَّص يوم الجمعة للكتب المستعملة.</p>`;
