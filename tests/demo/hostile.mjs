// A hostile article, and a trap address that detects its requests.

import { createServer } from 'node:http';

/** Opens a loopback address that must never be requested; `hits` holds requests. */
export async function openTrap() {
  const hits = [];
  const server = createServer((request, response) => {
    hits.push({ path: request.url, userAgent: request.headers['user-agent'] ?? '' });
    response.writeHead(200, { 'content-type': 'image/png', 'access-control-allow-origin': '*' }).end();
  });
  await new Promise((resolve) => server.listen({ host: '127.0.0.1', port: 0 }, resolve));
  return { server, hits, url: `http://127.0.0.1:${server.address().port}` };
}

/** Its headline, for finding it in a list. */
export const HOSTILE_TITLE = 'Catatan redaksi <b>yang</b> mencoba & segala cara';

/**
 * The article. Every trick that succeeds sets `window.__pwned` or requests the trap. The engine may
 * fetch the remote picture, by its own name (`Warta/…`), since it keeps articles' pictures; the web view
 * may fetch nothing.
 */
export function hostileArticle(trap) {
  const set = (name) => `window.__pwned=(window.__pwned||[]).concat('${name}')`;
  return {
    publisher: 'pucuk',
    slug: 'catatan-redaksi-yang-mencoba',
    minutesAgo: 2,
    section: 'Opini',
    title: HOSTILE_TITLE,
    blocks: [{ kind: 'paragraph', text: 'Catatan ini mencoba menjalankan apa saja.' }],
    html: [
      '<p id="mulai">Catatan ini mencoba menjalankan apa saja di tempat ia dibaca.</p>',
      `<script>${set('script')};fetch('${trap}/script')</script>`,
      `<img src="x:tidak-ada" onerror="${set('onerror')}" onload="${set('onload')}" alt="gambar yang gagal">`,
      `<img id="jauh" src="${trap}/picture.png" srcset="${trap}/picture-2x.png 2x" alt="gambar yang jauh">`,
      `<svg onload="${set('svg')}"><script>${set('svg-script')}</script></svg>`,
      `<p><a id="jebakan" href="javascript:${set('javascript')}">Tautan yang berbahaya</a></p>`,
      `<p><a href="data:text/html,<script>${set('data')}</script>">Tautan data</a></p>`,
      `<iframe src="${trap}/iframe" srcdoc="<script>parent.__pwned=['srcdoc']</script>"></iframe>`,
      `<style>@import url('${trap}/style'); body{display:none}</style>`,
      `<link rel="stylesheet" href="${trap}/link"><link rel="prefetch" href="${trap}/prefetch">`,
      `<p style="background:url('${trap}/background');position:fixed;inset:0">Latar yang jauh</p>`,
      `<video autoplay poster="${trap}/poster"><source src="${trap}/video"></video>`,
      `<audio autoplay src="${trap}/audio"></audio><object data="${trap}/object"></object><embed src="${trap}/embed">`,
      `<form action="${trap}/form"><input autofocus onfocus="${set('onfocus')}"><button>Kirim</button></form>`,
      `<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=${set('mxss')}&gt;"></mglyph></table></mtext></math>`,
      `<meta http-equiv="refresh" content="0;url=${trap}/refresh"><base href="${trap}/base/">`,
      '<p id="selesai">Paragraf terakhir tetap terbaca.</p>',
    ].join('\n'),
  };
}
