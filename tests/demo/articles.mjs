// Reads the demonstration's articles from their text files.
//
// An article starts with `@ slug | minutes ago | section | author | picture | story`, then comes the
// headline, then a paragraph a line. `- ` makes a list, `> ` a quotation, `## ` a heading and
// `! scene:light | caption` a picture inside the text; `* seconds | title` is an attached audio file.
// `< publisher/slug 2-4` takes over paragraphs of another publisher's article (all without a range), like wire
// copy; `~ old => new` lines after it change words in the copy. The texts are written for a Tuesday; names of
// weekdays are shifted to the current day.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { publishers } from './publishers.mjs';

const WEEKDAYS = [
  ['Minggu', 'Senin', 'Selasa', 'Rabu', 'Kamis', 'Jumat', 'Sabtu'],
  ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'],
];
const TUESDAY = 2;

/** All articles by publisher id, newest first, each with its blocks of text, as of a weekday (0 is Sunday). */
export function readArticles(weekday = TUESDAY) {
  const all = new Map();
  const bySlug = new Map();
  for (const { id } of publishers) {
    const file = fileURLToPath(new URL(`articles/${id}.txt`, import.meta.url));
    const articles = readFileSync(file, 'utf8').split(/^@ /m).slice(1).map((text) => parse(id, text));
    for (const article of articles) {
      const key = `${id}/${article.slug}`;
      if (bySlug.has(key)) throw new Error(`${key} is listed twice`);
      bySlug.set(key, article);
    }
    all.set(id, articles);
  }
  for (const article of bySlug.values()) takeOver(article, bySlug);
  for (const article of bySlug.values()) {
    article.title = moved(article.title, weekday);
    article.blocks = article.blocks.map((block) => ({ ...block, text: moved(block.text, weekday) }));
  }
  for (const articles of all.values()) articles.sort((a, b) => a.minutesAgo - b.minutesAgo);
  return all;
}

function parse(publisher, text) {
  const [head, title, ...all] = text.split('\n').map((line) => line.trim()).filter(Boolean);
  const lines = all.filter((line) => !line.startsWith('* '));
  const [seconds, name] = all.find((line) => line.startsWith('* '))?.slice(2).split(' | ') ?? [];
  const [slug, minutes, section, author, picture, story] = head.split('|').map((part) => part.trim());
  if (!title || !section || !Number.isFinite(Number(minutes))) throw new Error(`${publisher}: cannot read “${head}”`);
  return {
    publisher,
    slug,
    minutesAgo: Number(minutes),
    section,
    author: author === '-' ? undefined : author,
    picture: !picture || picture === '-' ? undefined : picture,
    story: !story || story === '-' ? undefined : story,
    sound: seconds && { seconds: Number(seconds), name },
    title,
    lines,
  };
}

function moved(text, weekday) {
  return WEEKDAYS.reduce(
    (words, names) =>
      words.replace(new RegExp(`\\b(${names.join('|')})\\b`, 'g'), (name) => names[(names.indexOf(name) + weekday - TUESDAY + 7) % 7]),
    text,
  );
}

function takeOver(article, bySlug) {
  if (article.blocks) return;
  article.blocks = [];
  let taken = [];
  for (const line of article.lines) {
    if (line.startsWith('< ')) {
      const [, source, from, to] = line.match(/^< (\S+)(?: (\d+)-(\d+))?$/) ?? [];
      const original = bySlug.get(source);
      if (!original) throw new Error(`${article.publisher}/${article.slug} takes over ${line}, which is not there`);
      takeOver(original, bySlug);
      taken = original.blocks.slice(from ? from - 1 : 0, to ? Number(to) : undefined).map((block) => ({ ...block }));
      article.blocks.push(...taken);
    } else if (line.startsWith('~ ')) {
      const [old, changed] = line.slice(2).split(' => ');
      const found = taken.filter((block) => block.text.includes(old));
      if (found.length === 0) throw new Error(`${article.publisher}/${article.slug}: “${old}” is not in what was taken over`);
      for (const block of found) block.text = block.text.replaceAll(old, changed);
    } else {
      article.blocks.push(block(line));
    }
  }
}

function block(line) {
  const kinds = { '- ': 'item', '> ': 'quote', '## ': 'heading' };
  for (const [mark, kind] of Object.entries(kinds)) {
    if (line.startsWith(mark)) return { kind, text: line.slice(mark.length) };
  }
  if (line.startsWith('! ')) {
    const [picture, caption] = line.slice(2).split(' | ');
    return { kind: 'picture', picture, text: caption };
  }
  return { kind: 'paragraph', text: line };
}
