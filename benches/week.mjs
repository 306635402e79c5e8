// node benches/week.mjs [--seeds 3] [--flood 40]
//
// A simulated week of news through the story engine, one sync per hour, as reported by warta-story's
// example `hours` (built here, in release). In it: ordinary events of one to four publishers; wire stories that
// fifteen small sites copy word for word or with words swapped; one publisher that floods, with the same
// campaign again and again under four hosts and slightly other words; slow burners that one more publisher
// takes up every eight hours; and bursts of five independent publishers within half an hour.
//
// It fails unless, in every hour and for every seed: the flood is never among the first ten; a burst is on
// the front page at the next sync; a story that is large only by copies never ranks above one with more reports.

import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';
import { must, root, say } from '../scripts/lib.mjs';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '3' },
    // Articles of the flooding publisher an hour.
    flood: { type: 'string', default: '40' },
  },
});
const HOURS = 7 * 24;
const BURSTS = [9, 31, 58, 90, 117, 150];
const START = Date.UTC(2026, 2, 2) / 1000;

/** A seeded pseudo-random generator. */
function dice(seed) {
  let state = seed * 2_654_435_761 + 1;
  return (most) => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_507) + 0x9e3779b9) >>> 0;
    return ((state ^ (state >>> 13)) >>> 0) % most;
  };
}

const SYLLABLES = 'ba be da du ga gi ha ja ka ki la le lo ma mi na ni nu pa pu ra ri ro sa se si ta te ti to wa wi ya yo'.split(' ');
const DEEDS = 'menutup membuka memeriksa membangun menolak menyetujui menahan melepas meninjau mengawasi'.split(' ');
const THINGS = 'jembatan pelabuhan bendungan pasar kapal pabrik tambang stadion sekolah terminal'.split(' ');
const FILLERS = 'pagi siang malam kemarin sore rapat sidang laporan keterangan rencana hasil tahap awal akhir warga petugas'.split(' ');
const SWAPS = { menutup: 'menyegel', memeriksa: 'mengecek', membangun: 'mendirikan', warga: 'penduduk', petugas: 'aparat', pagi: 'subuh', hasil: 'temuan' };

/** One of the words that every text has; the lower its number, the more frequent. */
function common(roll) {
  const at = Math.floor(2000 * ((roll(1 << 20) + 1) / (1 << 20)) ** 4);
  return FILLERS[at] ?? `kata${at}`;
}

/** A name of three syllables; of a place, one of a few hundred. */
function named(roll, most = SYLLABLES.length) {
  const word = [most, SYLLABLES.length, Math.min(most, 4)].map((choice) => SYLLABLES[roll(choice)]).join('');
  return word[0].toUpperCase() + word.slice(1);
}

/** An event has a place, a person, a thing and numbers of its own, as events have. */
function event(roll, name) {
  const pick = (list) => list[roll(list.length)];
  return {
    name,
    words: [named(roll, 3), `${named(roll)} ${named(roll)}`, pick(THINGS), pick(DEEDS), `${roll(900) + 100}`, `Unit${roll(9000) + 1000}`],
  };
}

/** An original report: the event's words in another order, with other words. */
function report(roll, of, publisher, at, id) {
  const [place, person, thing, deed, number, unit] = of.words;
  const filler = () => common(roll);
  const titles = [
    `${person} ${deed} ${thing} di ${place}, ${number} ${filler()} tercatat`,
    `${thing[0].toUpperCase()}${thing.slice(1)} ${place} ${filler()}: ${person} ${deed} ${number} ${unit}`,
    `Di ${place}, ${person} ${deed} ${thing} setelah ${filler()} ${filler()}`,
  ];
  const texts = [
    `Menurut ${filler()} ${filler()}, ${person} ${deed} ${thing} ${unit} di ${place} dan mencatat ${number} ${filler()}.`,
    `${person} pada ${filler()} ${deed} ${thing} ${place}. Sebanyak ${number} ${filler()} dari ${unit} ikut ${filler()}.`,
    `${unit} dan ${number} ${filler()} hadir saat ${thing} di ${place} ${filler()}; ${person} ${deed} semuanya.`,
  ];
  return { id: `${of.name}|${publisher}|${id}`, title: titles[id % 3], text: texts[(id + roll(3)) % 3], publisher, at };
}

function copy(original, publisher, at, spun) {
  const swap = (text) => (spun ? text.replace(/\p{L}+/gu, (word) => SWAPS[word] ?? word) : text);
  return { ...original, id: `${original.id.split('|')[0]}|${publisher}|copy`, title: swap(original.title), text: swap(original.text), publisher, at };
}

function week(seed) {
  const roll = dice(seed);
  const articles = [];
  const campaign = event(roll, 'flood');
  const slow = [event(roll, 'slow0'), event(roll, 'slow1')];
  for (let hour = 0; hour < HOURS; hour++) {
    const begins = START + hour * 3600;
    for (let n = 0; n < 4; n++) {
      const of = event(roll, `plain${hour}n${n}`);
      const publishers = 1 + roll(4);
      for (let id = 0; id < publishers; id++) articles.push(report(roll, of, `koran${(n * 5 + id) % 20}.id`, begins + roll(3000), id));
    }
    const wire = report(roll, event(roll, `wire${hour}`), 'kantorberita.id', begins + 600, 0);
    articles.push(wire);
    for (let id = 0; id < 15; id++) articles.push(copy(wire, `salin${id}.id`, begins + 900 + id * 60, id % 3 === 0));
    for (let id = 0; id < Number(values.flood); id++) {
      articles.push(report(roll, campaign, `${['www', 'm', 'news', 'bola'][id % 4]}.banjir.id`, begins + id * 80, hour * 1000 + id));
    }
    if (hour % 8 === 0) slow.forEach((of, at) => articles.push(report(roll, of, `koran${(hour / 8 + at * 7) % 20}.id`, begins + 60, hour)));
    if (BURSTS.includes(hour)) {
      const of = event(roll, `burst${hour}x`);
      for (let id = 0; id < 5; id++) articles.push(report(roll, of, `koran${id * 3}.id`, begins + id * 400, id));
    }
  }
  articles.sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
  return articles.map(({ at, ...article }) => ({ ...article, published: new Date(at * 1000).toISOString().replace('.000', ''), language: 'id' }));
}

async function ranked(articles) {
  const child = spawn('cargo', ['run', '--quiet', '--release', '-p', 'warta-story', '--example', 'hours'], { cwd: root, stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(articles.map((article) => JSON.stringify(article)).join('\n'));
  let out = '';
  for await (const piece of child.stdout) out += piece;
  return out.trim().split('\n').map((line) => JSON.parse(line));
}

const has = (story, name) => story.items.some((id) => id.startsWith(name));

/** The flood's story: has its headline, or mostly its articles. A single flood article in another story is a stray. */
function isFlood(story) {
  const own = story.items.filter((id) => id.startsWith('flood')).length;
  return story.headline_item.startsWith('flood') || own * 2 >= story.items.length;
}

await must('cargo', ['build', '--quiet', '--release', '-p', 'warta-story', '--example', 'hours'], { cwd: root });
let failed = 0;
for (let seed = 1; seed <= Number(values.seeds); seed++) {
  const articles = week(seed);
  const started = Date.now();
  const hours = await ranked(articles);
  const wrong = [];
  const places = [];
  let [slowSeen, largest, copiesLead, strays] = [0, 0, 0, 0];
  for (const { hour: absolute, stories } of hours) {
    const hour = absolute - START / 3600;
    const flood = stories.findIndex(isFlood);
    strays += Number(stories.some((story) => has(story, 'flood') && !isFlood(story)));
    if (flood >= 0 && flood < 10) wrong.push(`hour ${hour}: the flood is number ${flood + 1}`);
    if (BURSTS.includes(hour)) {
      const place = stories.findIndex((story) => has(story, `burst${hour}x`));
      places.push(place + 1);
      if (place < 0) wrong.push(`hour ${hour}: the burst is not on the front page`);
    }
    if (stories[0] && stories[0].why.reports < 2 && stories.some((story) => story.why.reports > 2)) copiesLead++;
    slowSeen += Number(stories.some((story) => has(story, 'slow')));
    largest = Math.max(largest, stories.length);
  }
  if (hours.length < HOURS - 1) wrong.push(`only ${hours.length} hours were reported`);
  if (copiesLead > 0) wrong.push(`in ${copiesLead} hours a story large only by copies ranked first`);
  say(
    `seed ${seed}: ${articles.length} articles in ${((Date.now() - started) / 1000).toFixed(1)} s; flood among the first ten: ` +
      `${wrong.filter((one) => one.includes('flood')).length} of ${hours.length} hours (a stray article of it in ${strays}); bursts at ${places.join(', ')}; ` +
      `slow burners on the front page in ${slowSeen} hours; ${largest} stories at most`,
  );
  for (const one of wrong.slice(0, 10)) say(`  WRONG ${one}`);
  failed += wrong.length;
}
process.exitCode = failed > 0 ? 1 : 0;
