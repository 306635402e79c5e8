// Fuzzy matching: "knd" finds "Kabar Nusantara Daerah".

/** How well `query` matches `text`: 0 is no match, higher is better. */
export function fit(query: string, text: string): number {
  const wanted = plain(query).replace(/\s+/g, '');
  const given = plain(text);
  if (wanted === '') return 1;
  const whole = plain(query).trim();
  const inside = given.indexOf(whole);
  let score = inside < 0 ? 0 : startsWord(given, inside) ? 40 : 10;
  let at = 0;
  let taken = 0;
  let run = 0;
  for (const letter of wanted) {
    const found = next(given, letter, at, run > 0);
    if (found < 0) return 0;
    run = found === at && taken > 0 ? run + 1 : 1;
    score += 1 + (startsWord(given, found) ? 6 : 0) + (run > 1 ? 2 * run : 0);
    taken += 1;
    at = found + letter.length;
  }
  // Prefer shorter texts: the query covers more of them.
  return score + 10 / (10 + given.length);
}

/** The position of the next letter: here if it continues the run, else at a word's start, else anywhere. */
function next(text: string, letter: string, from: number, running: boolean): number {
  if (running && text.startsWith(letter, from)) return from;
  for (let at = text.indexOf(letter, from); at >= 0; at = text.indexOf(letter, at + 1)) {
    if (startsWord(text, at)) return at;
  }
  return text.indexOf(letter, from);
}

function startsWord(text: string, at: number): boolean {
  return at === 0 || /[\s\-–:.,/&(]/.test(text.charAt(at - 1));
}

function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}
