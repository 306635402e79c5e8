// What Debian wants to know of a package beyond what Tauri's bundler writes: a maintainer with a mail address, a
// changelog in its own format, and the libraries of all programs (Debian Policy § 5.6.2, § 4.4 and § 8.6).
//
// The maintainer is whom DEBFULLNAME and DEBEMAIL name, as for Debian's own tools, else the author of the commit that
// is built, whose address the repository names anyway. None is made up: without one, as in an archive of the sources,
// the package has no changelog either, and lintian reports both.

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { output } from './lib.mjs';

const COLUMNS = 79;

/** "Name <address>", or nothing where no address is known. `author` is that of the commit, in this form. */
export function maintainer({ DEBFULLNAME: name, DEBEMAIL: given } = process.env, author = authorOfCommit()) {
  const source = given?.trim() ? given.trim() : (author ?? '').trim();
  const [, inside, address = source] = /^(.*)<(.+)>$/.exec(source) ?? [];
  if (!/^[^\s@<>]+@[^\s@<>]+$/.test(address)) return undefined;
  return `${name?.trim() || inside?.trim() || 'The Warta authors'} <${address}>`;
}

const authorOfCommit = () => output('git', ['log', '-1', '--format=%an <%ae>']);

/**
 * CHANGELOG.md in Debian's format. `unreleased` is the day of a version that has none yet, as YYYY-MM-DD.
 */
export function debianChangelog(markdown, maintainer, unreleased) {
  const [, ...versions] = markdown.split(/^## /m);
  return versions.map((text) => entry(text, maintainer, unreleased)).join('\n');
}

function entry(text, maintainer, unreleased) {
  const [heading, ...lines] = text.trimEnd().split('\n');
  const [, version, date] = /^(\S+) \((?:(\d{4}-\d{2}-\d{2})|.*)\)$/.exec(heading);
  const day = new Date(`${date ?? unreleased}T00:00:00Z`).toUTCString().replace('GMT', '+0000');
  return [
    `warta (${version}) ${date ? 'unstable' : 'UNRELEASED'}; urgency=medium`,
    '',
    ...paragraphs(lines).flatMap(wrapped),
    '',
    ` -- ${maintainer}  ${day}`,
    '',
  ].join('\n');
}

/** Headings and bullets, each in one line. */
function paragraphs(lines) {
  const found = [];
  let inside = false;
  for (const line of lines) {
    const continues = inside && /^ {2,}\S/.test(line);
    if (continues) found[found.length - 1] += ` ${line.trim()}`;
    else if (line.trim() !== '') found.push(line.replace(/^#+ (.*)$/, '$1:'));
    inside = continues || line.startsWith('- ');
  }
  return found;
}

function wrapped(paragraph) {
  const isBullet = paragraph.startsWith('- ');
  const lines = [isBullet ? '  *' : '  '];
  for (const word of paragraph.replace(/^- /, '').split(/\s+/)) {
    const line = lines.at(-1);
    const longer = line.trim() === '' ? `  ${word}` : `${line} ${word}`;
    if (longer.length <= COLUMNS || line.trim().length <= 1) lines[lines.length - 1] = longer;
    else lines.push(`    ${word}`);
  }
  return lines;
}

/**
 * The packages whose libraries these programs are linked with, with the versions that they need, as dpkg-shlibdeps
 * finds them among the installed ones. Empty where it is missing, as on other systems than Debian's.
 */
export function linkedPackages(programs) {
  const folder = mkdtempSync(join(tmpdir(), 'warta-shlibdeps-'));
  try {
    mkdirSync(join(folder, 'debian'));
    writeFileSync(join(folder, 'debian', 'control'), 'Source: warta\n\nPackage: warta\nArchitecture: any\n');
    const args = ['-O', ...programs.map((program) => `-e${program}`)];
    const { stdout } = spawnSync('dpkg-shlibdeps', args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    const found = /^shlibs:Depends=(.+)$/m.exec(stdout ?? '')?.[1];
    return found?.split(', ') ?? [];
  } finally {
    rmSync(folder, { recursive: true });
  }
}
