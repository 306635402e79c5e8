// Finding by a few letters: "knd" finds "Kabar Nusantara Daerah".

/** How well `query` fits `text`: 0 not at all, otherwise the more the better. */
export function fit(query: string, text: string): number {
  const wanted = plain(query).replace(/\s+/g, '');
  const given = plain(text);
  if (wanted === '') return 1;
  let score = 0;
  let at = 0;
  let run = 0;
  for (const letter of wanted) {
    const found = next(given, letter, at, run > 0);
    if (found < 0) return 0;
    const starts = found === 0 || /[\s\-–:.,/&(]/.test(given.charAt(found - 1));
    run = found === at && score > 0 ? run + 1 : 1;
    score += 1 + (starts ? 6 : 0) + (run > 1 ? 2 * run : 0);
    at = found + letter.length;
  }
  // Among equals the shorter: more of it was meant.
  return score + 10 / (10 + given.length);
}

/** The letter right here if the run goes on, else at the next start of a word, else anywhere. */
function next(text: string, letter: string, from: number, running: boolean): number {
  if (running && text.startsWith(letter, from)) return from;
  for (let at = text.indexOf(letter, from); at >= 0; at = text.indexOf(letter, at + 1)) {
    if (at === 0 || /[\s\-–:.,/&(]/.test(text.charAt(at - 1))) return at;
  }
  return text.indexOf(letter, from);
}

function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}
