// Collects the licences of all dependencies into one file for the packages.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root, targetDir } from './lib.mjs';

const FILE = /^(licen[cs]e|copying|notice|unlicense|copyright|.*-ofl\.txt)/i;
const json = (path) => JSON.parse(readFileSync(path, 'utf8'));

/** The licence files in a package's folder. */
function textsIn(folder) {
  const files = readdirSync(folder, { withFileTypes: true }).filter((one) => one.isFile() && FILE.test(one.name));
  return files.map((one) => readFileSync(join(folder, one.name), 'utf8').replace(/\r\n/g, '\n').trim());
}

/** The crates that are in the two programs on a platform, as cargo names it (by default this one); on every one, if `everywhere`. */
function crates({ everywhere = false, platform }) {
  const host = () => /host: (\S+)/.exec(execFileSync('rustc', ['-vV'], { encoding: 'utf8' }))[1];
  const filter = everywhere ? [] : ['--filter-platform', platform ?? host()];
  const output = execFileSync('cargo', ['metadata', '--locked', '--format-version=1', ...filter], { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28 });
  const { packages, resolve } = JSON.parse(output);
  const nodes = new Map(resolve.nodes.map((node) => [node.id, node]));
  const used = new Set(packages.filter((one) => one.source === null).map((one) => one.id));
  for (const id of used) {
    const inside = nodes.get(id).deps.filter((dep) => dep.dep_kinds.some((one) => one.kind === null));
    inside.forEach((dep) => used.add(dep.pkg));
  }
  return packages
    .filter((one) => one.source !== null && used.has(one.id))
    .map((one) => ({ name: one.name, version: one.version, licence: one.license ?? '', home: one.repository ?? '', texts: textsIn(dirname(one.manifest_path)) }));
}

/** The packages that are in the UI. */
function uiPackages() {
  const used = new Set(['svelte', ...Object.keys(json(join(root, 'ui', 'package.json')).dependencies)]);
  const found = [];
  for (const name of used) {
    const folder = ['ui/node_modules', 'node_modules'].map((modules) => join(root, modules, name)).find(existsSync);
    if (!folder) continue;
    const { version, license, repository, dependencies } = json(join(folder, 'package.json'));
    Object.keys(dependencies ?? {}).forEach((one) => used.add(one));
    found.push({ name, version, licence: license ?? '', home: repository?.url ?? repository ?? '', texts: textsIn(folder) });
  }
  return found;
}

/** All third-party components, with name, version, licence (an SPDX expression), home and texts. */
export function parts(which = {}) {
  return [...crates(which), ...uiPackages()].sort((a, b) => a.name.localeCompare(b.name, 'en'));
}

/** The notices: each text once, with the components it applies to. */
export function notices(all) {
  const title = (part) => `${part.name} ${part.version} (${part.licence})`;
  const by = new Map();
  for (const part of all) for (const text of part.texts) by.set(text, [...(by.get(text) ?? []), part]);
  const bare = all.filter((part) => part.texts.length === 0);
  const line = '-'.repeat(80);
  return [
    'Warta is made with the work of others. Thank you. Their licences follow, each text once.',
    ...[...by].map(([text, of]) => `${line}\n${of.map(title).join('\n')}\n\n${text}`),
    `${line}\nThese declare a licence but ship no licence text:\n\n${bare.map((part) => `${title(part)} ${part.home}`).join('\n')}`,
    '',
  ].join('\n\n');
}

/** Writes the notices for a platform (by default this one) below the target folder and says where. */
function writeNotices(platform) {
  const file = join(targetDir, 'licences', 'THIRD-PARTY.txt');
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, notices(parts({ platform })));
  return file;
}

/** The files about licences that each package contains; the notices are for a platform (by default this one). */
export function licenceFiles(platform) {
  const own = ['LICENSE-MIT', 'LICENSE-APACHE', 'crates/share/fonts/Newsreader-OFL.txt', 'crates/share/fonts/PublicSans-OFL.txt'];
  return [writeNotices(platform), ...own.map((file) => join(root, file))];
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  process.stdout.write(`${writeNotices()}\n`);
}
