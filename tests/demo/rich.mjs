// An article with what few articles have: code, a wide table, links, several pictures, a video.

/** `origin`: the publisher's, whose server draws the pictures. */
export function richArticle(origin) {
  const picture = (seed, scene) => `${origin}/gambar/${seed}/${scene}-day.png`;
  const code = Array.from({ length: 4 }, (_, at) => `let baris_${at} = "${'kata '.repeat(40).trim()}";`).join('\n');
  return {
    publisher: 'pucuk',
    slug: 'yang-kaya-isinya',
    minutesAgo: 1,
    section: 'Teknologi',
    title: 'Cara kerja jam air di pelabuhan',
    blocks: [{ kind: 'paragraph', text: 'Jam air mengukur waktu dengan air yang mengalir.' }],
    html: [
      '<p id="awal">Jam air mengukur waktu dengan air yang mengalir dari satu bejana ke bejana lain, dan orang pelabuhan memakainya sejak lama.</p>',
      '<p><a id="tautan" href="https://contoh.example/jam-air?bagian=2">Penjelasan lengkap</a> ada di tempat lain.</p>',
      `<figure><img id="satu" src="${picture('bejana', 'port')}" alt="Bejana pertama"><figcaption>Bejana pertama di dermaga</figcaption></figure>`,
      `<p>Di antara keduanya ada pipa.</p><figure><img id="dua" src="${picture('pipa', 'lighthouse')}" alt="Pipa"><figcaption>Pipa penghubung</figcaption></figure>`,
      `<pre id="kode"><code>${code}</code></pre>`,
      `<p><a href="https://www.youtube.com/watch?v=contoh"><img src="${picture('video', 'ferry')}" alt="Jam air berjalan"></a></p>`,
      '<p id="akhir">Air yang terakhir menandai tengah malam.</p>',
    ].join('\n'),
  };
}
