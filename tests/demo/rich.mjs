// An article with what few articles have: code, a wide table, links, several pictures, a video.

/** Selectors of its parts in the app; sanitising removes ids. */
export const PARTS = {
  first: '[data-testid="article-body"] > p:first-of-type',
  link: '[data-testid="article-body"] a[href^="https://contoh.example/"]',
  picture: '[data-testid="article-body"] img[alt="Bejana pertama"]',
  second: '[data-testid="article-body"] img[alt="Pipa"]',
  code: '[data-testid="article-body"] pre',
  last: '[data-testid="article-body"] > p:last-of-type',
};

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
      '<p>Jam air mengukur waktu dengan air yang mengalir dari satu bejana ke bejana lain, dan orang pelabuhan memakainya sejak lama.</p>',
      '<p><a href="https://contoh.example/jam-air?bagian=2">Penjelasan lengkap</a> ada di tempat lain.</p>',
      `<figure><img src="${picture('bejana', 'port')}" alt="Bejana pertama"><figcaption>Bejana pertama di dermaga</figcaption></figure>`,
      `<p>Di antara keduanya ada pipa.</p><figure><img src="${picture('pipa', 'lighthouse')}" alt="Pipa"><figcaption>Pipa penghubung</figcaption></figure>`,
      `<pre><code>${code}</code></pre>`,
      `<p><a href="https://www.youtube.com/watch?v=contoh"><img src="${picture('video', 'ferry')}" alt="Jam air berjalan"></a></p>`,
      '<p>Air yang terakhir menandai tengah malam.</p>',
    ].join('\n'),
  };
}
