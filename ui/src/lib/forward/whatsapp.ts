// How WhatsApp formats a message: *bold*, _italic_, ~struck~ and links, as runs of plain text.

export interface Piece {
  text: string;
  bold: boolean;
  italic: boolean;
  struck: boolean;
  link: boolean;
}

type Style = Omit<Piece, 'text' | 'link'>;

const PLAIN: Style = { bold: false, italic: false, struck: false };
const MARKS: Record<string, keyof Style> = { '*': 'bold', _: 'italic', '~': 'struck' };
const LINK = /https?:\/\/[^\s<>]+/y;
/** A mark only counts next to space or punctuation, so `snake_case` is unchanged. */
const WORD = /[\p{L}\p{N}]/u;

/** The lines of a message, each as formatted runs. */
export function shownInWhatsApp(message: string): Piece[][] {
  return message.split('\n').map((line) => pieces(line, PLAIN));
}

function pieces(line: string, style: Style): Piece[] {
  const found: Piece[] = [];
  const unclosed = new Set<string>();
  let plain = '';
  const flush = () => {
    if (plain !== '') found.push({ ...style, text: plain, link: false });
    plain = '';
  };
  for (let at = 0; at < line.length;) {
    LINK.lastIndex = at;
    const link = LINK.exec(line)?.[0];
    if (link !== undefined) {
      flush();
      found.push({ ...style, text: link, link: true });
      at += link.length;
      continue;
    }
    const mark = line.charAt(at);
    const kind = MARKS[mark];
    const end = kind && !style[kind] && !unclosed.has(mark) ? closing(line, at) : -1;
    if (kind && end > 0) {
      flush();
      found.push(...pieces(line.slice(at + 1, end), { ...style, [kind]: true }));
      at = end + 1;
      continue;
    }
    if (kind && end === 0) unclosed.add(mark);
    plain += mark;
    at += 1;
  }
  flush();
  return found;
}

/** Index of the mark that closes the one at `at`; 0 if none does, -1 if it does not open. */
function closing(line: string, at: number): number {
  const mark = line.charAt(at);
  const opens = !WORD.test(line.charAt(at - 1)) && /\S/.test(line.charAt(at + 1));
  if (!opens || line.charAt(at + 1) === mark) return -1;
  for (let end = line.indexOf(mark, at + 2); end > 0; end = line.indexOf(mark, end + 1)) {
    if (/\S/.test(line.charAt(end - 1)) && !WORD.test(line.charAt(end + 1))) return end;
  }
  return 0;
}
