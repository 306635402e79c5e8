// The eight publishers of the demonstration. All are invented.

/**
 * `host` is each one's own loopback address, so that per-host limits apply to each.
 * `feed` is the path and format of the feed; `whole` feeds carry the whole text, others two paragraphs.
 */
export const publishers = [
  {
    id: 'sagara',
    host: '127.0.0.2',
    name: 'Kantor Berita Sagara',
    language: 'id',
    tagline: 'Kabar dari pulau ke pulau',
    colour: '#0f4c5c',
    feed: { path: '/rss.xml', format: 'rss', whole: true },
  },
  {
    id: 'pucuk',
    host: '127.0.0.3',
    name: 'Pucuk Pagi',
    language: 'id',
    tagline: 'Harian untuk yang bangun lebih awal',
    colour: '#2f6b3a',
    feed: { path: '/umpan/atom.xml', format: 'atom', whole: true },
    // Found only through its home page, which names two feeds.
    sections: [{ path: '/umpan/ekonomi.xml', name: 'Pucuk Pagi: Ekonomi', section: 'Ekonomi' }],
  },
  {
    id: 'lantern',
    host: '127.0.0.4',
    name: 'The Meridian Lantern',
    language: 'en',
    tagline: 'Reporting from the archipelago',
    colour: '#8a2b3d',
    feed: { path: '/feed.atom', format: 'atom', whole: true },
  },
  {
    id: 'ledger',
    host: '127.0.0.5',
    name: 'The Monsoon Ledger',
    language: 'en',
    tagline: 'Money, ports and weather',
    colour: '#5b4a1f',
    feed: { path: '/rss', format: 'rss', whole: false },
    slowMilliseconds: 3500,
  },
  {
    id: 'kelp',
    host: '127.0.0.6',
    name: 'Kelp & Comet',
    language: 'en',
    tagline: 'Science from the equator',
    colour: '#2c3e8c',
    feed: { path: '/feed.json', format: 'json', whole: true },
  },
  {
    id: 'peluit',
    host: '127.0.0.7',
    name: 'Peluit Senja',
    language: 'id',
    tagline: 'Olahraga sampai peluit akhir',
    colour: '#b4451f',
    feed: { path: '/feed/', format: 'rss', whole: true },
  },
  {
    id: 'teluk',
    host: '127.0.0.8',
    name: 'Tinta Teluk',
    language: 'id',
    tagline: 'Warta pesisir timur',
    colour: '#3b5f7a',
    feed: { path: '/rss/terbaru', format: 'rss', whole: true },
    broken: true,
  },
  {
    id: 'kolong',
    host: '127.0.0.9',
    name: 'Kolong Langit',
    language: 'id',
    tagline: 'Yang sedang ramai hari ini',
    colour: '#6a3d7c',
    feed: { path: '/feed', format: 'rss', whole: true },
    channels: {
      whatsapp: 'https://whatsapp.com/channel/0029VaKolongLangit7Demo',
      googleNews: 'https://news.google.com/publications/CAAqBwgKMKolongLangitDemo',
    },
  },
];
