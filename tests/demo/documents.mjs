// What the demonstration's publishers send: feeds in three formats, home pages, article pages, OPML.

import { publishers } from './publishers.mjs';

const escapes = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escape = (text) => text.replace(/[&<>"]/g, (sign) => escapes[sign]);
const cdata = (text) => `<![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;

const pagePath = (publisher, article) => `/${publisher.language === 'id' ? 'artikel' : 'story'}/${article.slug}`;
/** An article's page. */
export const pageUrl = (publisher, article) => publisher.origin + pagePath(publisher, article);

function pictureUrl(publisher, article, picture) {
  const [scene, light] = picture.split(':');
  return `${publisher.origin}/gambar/${article.slug}/${scene}-${light}.png`;
}

/** The path of an article's audio. */
const soundUrl = (publisher, article) => `${publisher.origin}/suara/${article.slug}.wav`;

/** The article as HTML; the first two paragraphs of it where `whole` is false. */
function articleHtml(publisher, article, whole = true) {
  if (article.html) return article.html;
  const html = [];
  let list = [];
  const endList = () => {
    if (list.length > 0) html.push(`<ul>${list.join('')}</ul>`);
    list = [];
  };
  for (const block of whole ? article.blocks : article.blocks.slice(0, 2)) {
    if (block.kind === 'item') {
      list.push(`<li>${escape(block.text)}</li>`);
      continue;
    }
    endList();
    if (block.kind === 'heading') html.push(`<h2>${escape(block.text)}</h2>`);
    else if (block.kind === 'quote') html.push(`<blockquote><p>${escape(block.text)}</p></blockquote>`);
    else if (block.kind === 'picture') {
      const source = pictureUrl(publisher, article, block.picture);
      html.push(`<figure><img src="${source}" alt="" width="1200" height="800"><figcaption>${escape(block.text)}</figcaption></figure>`);
    } else html.push(`<p>${escape(block.text)}</p>`);
  }
  endList();
  if (whole && publisher.channels) html.push(closingLine(publisher));
  return html.join('\n');
}

function closingLine({ name, channels }) {
  return `<p>Silakan baca konten menarik lainnya dari ${escape(name)} di <a href="${channels.googleNews}">Google News</a> dan <a href="${channels.whatsapp}">WhatsApp Channel</a>!</p>`;
}

function leadHtml(publisher, article) {
  if (!article.picture) return '';
  return `<p><img src="${pictureUrl(publisher, article, article.picture)}" alt="" width="1200" height="800"></p>\n`;
}

function firstWords(article, words = 28) {
  const all = article.blocks.find((block) => block.kind === 'paragraph').text.split(' ');
  return all.length > words ? `${all.slice(0, words).join(' ')} …` : all.join(' ');
}

/** RFC 822 in western Indonesian time, as Indonesian publishers write it. */
function rfc822(time) {
  const local = new Date(time.getTime() + 7 * 3_600_000);
  return local.toUTCString().replace('GMT', '+0700');
}

/** RSS 2.0 with content, Dublin Core and media elements. */
export function rssFeed(publisher, articles, { path, name }) {
  const { whole } = publisher.feed;
  const items = articles.map((article) => {
    const url = pageUrl(publisher, article);
    const picture = article.picture && pictureUrl(publisher, article, article.picture);
    return [
      '<item>',
      `<title>${escape(article.title)}</title>`,
      `<link>${url}</link>`,
      `<guid isPermaLink="false">${publisher.id}-${article.slug}</guid>`,
      `<pubDate>${rfc822(article.time)}</pubDate>`,
      article.author && `<dc:creator>${cdata(article.author)}</dc:creator>`,
      `<category>${escape(article.section)}</category>`,
      `<description>${cdata(whole ? `<p>${escape(firstWords(article))}</p>` : articleHtml(publisher, article, false))}</description>`,
      whole && `<content:encoded>${cdata(articleHtml(publisher, article))}</content:encoded>`,
      picture && `<media:content url="${picture}" medium="image" type="image/png" width="1200" height="800"/>`,
      '</item>',
    ].filter(Boolean).join('\n');
  });
  return `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/" xmlns:atom="http://www.w3.org/2005/Atom">
<channel>
<title>${escape(name)}</title>
<link>${publisher.site}</link>
<atom:link href="${publisher.origin}${path}" rel="self" type="application/rss+xml"/>
<description>${escape(publisher.tagline)}</description>
<language>${publisher.language}</language>
<image><url>${publisher.origin}/ikon.png</url><title>${escape(name)}</title><link>${publisher.site}</link></image>
<ttl>15</ttl>
${items.join('\n')}
</channel>
</rss>
`;
}

/** Atom 1.0, the text as escaped HTML that begins with its picture. */
export function atomFeed(publisher, articles, { path, name }) {
  const entries = articles.map((article) => `<entry>
<id>urn:warta-demo:${publisher.id}:${article.slug}</id>
<title type="html">${escape(escape(article.html ? article.title.replace(/<[^>]*>/g, '') : article.title))}</title>
<link rel="alternate" type="text/html" href="${pageUrl(publisher, article)}"/>
<published>${article.time.toISOString()}</published>
<updated>${article.time.toISOString()}</updated>
${article.sound ? `<link rel="enclosure" type="audio/wav" title="${escape(article.sound.name)}" href="${soundUrl(publisher, article)}"/>` : ''}
${article.author ? `<author><name>${escape(article.author)}</name></author>` : ''}
<category term="${escape(article.section)}"/>
<summary>${escape(firstWords(article))}</summary>
<content type="html">${escape(leadHtml(publisher, article) + articleHtml(publisher, article))}</content>
</entry>`);
  return `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="${publisher.language}">
<id>${publisher.site}</id>
<title>${escape(name)}</title>
<subtitle>${escape(publisher.tagline)}</subtitle>
<link rel="alternate" type="text/html" href="${publisher.site}"/>
<link rel="self" type="application/atom+xml" href="${publisher.origin}${path}"/>
<icon>${publisher.origin}/ikon.png</icon>
<updated>${articles[0].time.toISOString()}</updated>
<author><name>${escape(name)}</name></author>
${entries.join('\n')}
</feed>
`;
}

/** JSON Feed 1.1. */
export function jsonFeed(publisher, articles, { path, name }) {
  return JSON.stringify({
    version: 'https://jsonfeed.org/version/1.1',
    title: name,
    home_page_url: publisher.site,
    feed_url: publisher.origin + path,
    description: publisher.tagline,
    icon: `${publisher.origin}/ikon.png`,
    language: publisher.language,
    items: articles.map((article) => ({
      id: `${publisher.id}-${article.slug}`,
      url: pageUrl(publisher, article),
      title: article.title,
      summary: firstWords(article),
      content_html: articleHtml(publisher, article),
      image: article.picture && pictureUrl(publisher, article, article.picture),
      date_published: article.time.toISOString(),
      authors: article.author ? [{ name: article.author }] : undefined,
      tags: [article.section],
      language: publisher.language,
    })),
  });
}

const style = (colour) =>
  `body{font:18px/1.6 Georgia,serif;max-width:42rem;margin:2rem auto;padding:0 1rem;color:#222}h1,h2,a{color:${colour}}img{max-width:100%;height:auto}footer,time,.byline{color:#666;font-size:.85em}`;

function page(publisher, title, head, body) {
  return `<!doctype html>
<html lang="${publisher.language}">
<head>
<meta charset="utf-8">
<title>${escape(title)}</title>
<link rel="icon" type="image/png" href="/ikon.png">
<style>${style(publisher.colour)}</style>
${head}
</head>
<body>
${body}
</body>
</html>
`;
}

/** The publisher's home page, which names its feeds. */
export function homePage(publisher) {
  const types = { rss: 'application/rss+xml', atom: 'application/atom+xml', json: 'application/feed+json' };
  const feeds = [
    `<link rel="alternate" type="${types[publisher.feed.format]}" title="${escape(publisher.name)}" href="${publisher.feed.path}">`,
    ...(publisher.sections ?? []).map((section) => `<link rel="alternate" type="application/rss+xml" title="${escape(section.name)}" href="${section.path}">`),
  ];
  const list = publisher.articles.slice(0, 20).map(
    (article) => `<li><a href="${pagePath(publisher, article)}">${escape(article.title)}</a> <time datetime="${article.time.toISOString()}">${article.section}</time></li>`,
  );
  return page(publisher, publisher.name, feeds.join('\n'), `<header><h1>${escape(publisher.name)}</h1><p>${escape(publisher.tagline)}</p></header><main><ul>${list.join('\n')}</ul></main>`);
}

/** An article's page with navigation, metadata and footer around the text, like real ones. */
export function articlePage(publisher, article) {
  const picture = article.picture && pictureUrl(publisher, article, article.picture);
  const metadata = {
    '@context': 'https://schema.org',
    '@type': 'NewsArticle',
    headline: article.title,
    datePublished: article.time.toISOString(),
    author: article.author && { '@type': 'Person', name: article.author },
    publisher: { '@type': 'Organization', name: publisher.name },
    image: picture,
  };
  const head = [
    `<link rel="canonical" href="${pageUrl(publisher, article)}">`,
    `<meta property="og:title" content="${escape(article.title)}">`,
    `<meta property="og:site_name" content="${escape(publisher.name)}">`,
    `<meta property="article:published_time" content="${article.time.toISOString()}">`,
    picture && `<meta property="og:image" content="${picture}">`,
    `<script type="application/ld+json">${JSON.stringify(metadata).replaceAll('<', '\\u003c')}</script>`,
  ].filter(Boolean).join('\n');
  const others = publisher.articles.filter((other) => other !== article).slice(0, 5);
  const body = `<nav><a href="/">${escape(publisher.name)}</a> · ${escape(article.section)}</nav>
<main><article>
<h1>${escape(article.title)}</h1>
<p class="byline">${escape(article.author ?? publisher.name)} · <time datetime="${article.time.toISOString()}">${rfc822(article.time)}</time></p>
${leadHtml(publisher, article)}${articleHtml(publisher, article)}
</article></main>
<aside><ul>${others.map((other) => `<li><a href="${pagePath(publisher, other)}">${escape(other.title)}</a></li>`).join('')}</ul></aside>
<footer>${escape(publisher.name)}: ${escape(publisher.tagline)}</footer>`;
  return page(publisher, `${article.title} - ${publisher.name}`, head, body);
}

/** All publishers' feeds in two folders. */
export function opml(newsroom) {
  const outline = (p) => `<outline type="rss" text="${escape(p.name)}" title="${escape(p.name)}" xmlUrl="${p.feedUrl}" htmlUrl="${p.site}"/>`;
  const folder = (name, language) =>
    `<outline text="${name}">\n${newsroom.filter((p) => p.language === language).map(outline).join('\n')}\n</outline>`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0">
<head><title>Warta: ${publishers.length} penerbit peragaan</title></head>
<body>
${folder('Nusantara', 'id')}
${folder('In English', 'en')}
</body>
</opml>
`;
}
