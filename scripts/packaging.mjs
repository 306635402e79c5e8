// npm run packaging: the manifests for package managers, in `packaging`.
//
//   npm run packaging                         writes the version and the project's addresses into them
//   npm run packaging -- FOLDER [winget …]    fills all of them (or the named ones) for a release, into
//                                             target/packaging, with checksums of the files in FOLDER
//   npm run packaging -- try FILE.deb         checks a .deb, and installs and runs it in a new Debian (try-deb.mjs)
//
// In the tree, a checksum is a placeholder that names its file (`@SHA256:Warta_0.1.0_x64-setup.exe@`), and
// `@REPOSITORY@` and `@HOMEPAGE@` are addresses that package.json names. The sources of the Flatpak need the
// addresses that crates and npm packages are downloaded from: WARTA_CRATES and WARTA_NPM. Nothing is filled by
// halves: where a file or an address is missing, nothing is written.

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { cargoSources, nodeSources } from './flatpak-sources.mjs';
import { must, root, runMain, say, Stop, targetDir } from './lib.mjs';
import { tryDeb } from './try-deb.mjs';

/** The manifests of each package manager, below `packaging`. */
export const MANIFESTS = {
  winget: [
    'winget/Warta.Warta.yaml',
    'winget/Warta.Warta.installer.yaml',
    'winget/Warta.Warta.locale.en-US.yaml',
    'winget/Warta.Warta.locale.id-ID.yaml',
  ],
  scoop: ['scoop/warta.json'],
  homebrew: ['homebrew/warta.rb'],
  aur: ['aur/PKGBUILD', 'aur/.SRCINFO'],
  flatpak: ['flatpak/org.warta.reader.yml'],
  browser: ['browser/manifest.json'],
};
export const METAINFO = 'linux/org.warta.reader.metainfo.xml';

const VERSION = /^\d+\.\d+\.\d+$/;
const VERSION_LINE = /^(\s*(?:PackageVersion: |"version": "|version "|pkgver ?= ?))\d+\.\d+\.\d+/m;
/** Versions in addresses of releases and in names of files. */
const VERSION_IN_NAME = /(\/v|[Ww]arta[_-])\d+\.\d+\.\d+/g;

const read = (path) => readFileSync(join(root, path), 'utf8');
const manifest = (path) => read(join('packaging', path));

/** The version, which has to be the same wherever programs read it. */
export function currentVersion() {
  const found = {
    'tauri.conf.json': JSON.parse(read('tauri.conf.json')).version,
    'package.json': JSON.parse(read('package.json')).version,
    'ui/package.json': JSON.parse(read('ui/package.json')).version,
    'Cargo.toml': /\[workspace\.package\]\nversion = "(.+)"/.exec(read('Cargo.toml'))?.[1],
  };
  const [version, ...others] = new Set(Object.values(found));
  if (others.length > 0) throw new Stop(`The versions differ: ${JSON.stringify(found)}`);
  if (!VERSION.test(version)) throw new Stop(`Package managers compare versions of three numbers; this is ${version}.`);
  return version;
}

/** The project's addresses in package.json; both are missing until it names a repository. */
export function addresses({ repository, homepage } = JSON.parse(read('package.json'))) {
  const given = typeof repository === 'string' ? repository : repository?.url;
  if (given === undefined) return {};
  const address = given.replace(/^git\+/, '').replace(/\.git$/, '');
  if (!/^https:\/\/[^/]+\/.+[^/]$/.test(address)) throw new Stop(`"repository" in package.json is not an https address: ${given}`);
  return { repository: address, homepage: homepage ?? address };
}

/** A manifest with another version. */
export function withVersion(text, version) {
  return text.replace(VERSION_LINE, `$1${version}`).replace(VERSION_IN_NAME, `$1${version}`);
}

/** When CHANGELOG.md says that a version was released; nothing if it was not. */
export function releaseDate(version, changelog = read('CHANGELOG.md')) {
  const line = changelog.split('\n').find((one) => one.startsWith(`## ${version} `));
  if (!line) throw new Stop(`CHANGELOG.md says nothing of ${version}.`);
  return /\((\d{4}-\d{2}-\d{2})\)$/.exec(line)?.[1];
}

/**
 * The metainfo with a version as its newest release. A version that is not `released` yet is a development release
 * of the day on which it was written, and makes room for the next one.
 */
export function withRelease(text, version, released, today) {
  const all = [...text.matchAll(/<release version="(.+?)" date="(.+?)" type="(.+?)"\/>/g)];
  const kept = all.filter(([, other, , type]) => other !== version && type === 'stable').map(([line]) => line);
  const before = all.find(([, other, , type]) => other === version && type === 'development')?.[2];
  const type = released ? 'stable' : 'development';
  const lines = [`<release version="${version}" date="${released ?? before ?? today}" type="${type}"/>`, ...kept];
  const block = ['<releases>', ...lines.map((line) => `    ${line}`), '  </releases>'].join('\n');
  return text.replace(/<releases>[^]*<\/releases>/, block);
}

/** The metainfo with the project's addresses, which are left out as long as there are none. */
export function withAddresses(text, { repository, homepage }) {
  const bare = text.replace(/^ *<url .*\n/gm, '');
  if (repository === undefined) return bare;
  const urls = { homepage, bugtracker: `${repository}/issues`, 'vcs-browser': repository };
  const lines = Object.entries(urls).map(([type, url]) => `  <url type="${type}">${url}</url>\n`);
  return bare.replace(/^ *<launchable .*\n/m, (line) => line + lines.join(''));
}

function writeVersions() {
  const version = currentVersion();
  const change = (path, edit) => {
    const before = manifest(path);
    const after = edit(before);
    if (after === before) return;
    writeFileSync(join(root, 'packaging', path), after);
    say(`Changed: packaging/${path}`);
  };
  for (const path of Object.values(MANIFESTS).flat()) change(path, (text) => withVersion(text, version));
  const today = new Date().toISOString().slice(0, 10);
  change(METAINFO, (text) => withAddresses(withRelease(text, version, releaseDate(version), today), addresses()));
  say(`The manifests are of version ${version}.`);
}

const PLACEHOLDER = /@(REPOSITORY|HOMEPAGE|SHA256:([^@\s]+))@/g;

/** The files whose checksums these manifests hold. */
export function artefactsOf(texts) {
  const all = texts.flatMap((text) => [...text.matchAll(PLACEHOLDER)].map(([, , file]) => file));
  return [...new Set(all.filter((file) => file !== undefined))];
}

/** The manifests with checksums of the files in a folder and with the addresses. */
export function filled(texts, folder, { repository, homepage }) {
  const files = artefactsOf(texts);
  const isThere = (file) => existsSync(join(folder, file)) && statSync(join(folder, file)).size > 0;
  const missing = files.filter((file) => !isThere(file));
  if (missing.length > 0) throw new Stop(`Missing or empty in ${folder}: ${missing.join(', ')}`);
  const needsAddress = texts.some((text) => /@(REPOSITORY|HOMEPAGE)@/.test(text));
  if (needsAddress && repository === undefined) {
    throw new Stop('package.json names no "repository", and the manifests need its address.');
  }
  const sums = new Map(files.map((file) => [file, sha256(readFileSync(join(folder, file)))]));
  const value = (name, file) => (file ? sums.get(file) : { REPOSITORY: repository, HOMEPAGE: homepage }[name]);
  return texts.map((text) => text.replace(PLACEHOLDER, (_, name, file) => value(name, file)));
}

const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

/** The lists that the Flatpak's manifest names, by path. */
export function flatpakSources({ WARTA_CRATES: crates, WARTA_NPM: npm } = process.env) {
  for (const [name, address] of Object.entries({ WARTA_CRATES: crates, WARTA_NPM: npm })) {
    if (!address?.startsWith('https://')) throw new Stop(`${name} has to be an https address (packaging/README.md).`);
  }
  const bare = (address) => address.replace(/\/+$/, '');
  return {
    'flatpak/cargo-sources.json': cargoSources(read('Cargo.lock'), bare(crates)),
    'flatpak/node-sources.json': nodeSources(JSON.parse(read('package-lock.json')), bare(npm)),
  };
}

async function fillForRelease(folder, groups) {
  const unknown = groups.filter((group) => !Object.hasOwn(MANIFESTS, group));
  if (unknown.length > 0) throw new Stop(`Unknown: ${unknown.join(' ')}. There are: ${Object.keys(MANIFESTS).join(' ')}`);
  const version = currentVersion();
  const paths = groups.filter((group) => group !== 'browser').flatMap((group) => MANIFESTS[group]);
  const stale = [...paths, 'browser/manifest.json'].filter((path) => withVersion(manifest(path), version) !== manifest(path));
  if (stale.length > 0) throw new Stop(`Of another version than ${version} (npm run packaging): ${stale.join(', ')}`);
  const texts = filled(paths.map(manifest), resolve(folder), addresses());
  const sources = groups.includes('flatpak') ? flatpakSources() : {};

  const output = join(targetDir, 'packaging');
  rmSync(output, { recursive: true, force: true });
  const write = (path, text) => {
    mkdirSync(dirname(join(output, path)), { recursive: true });
    writeFileSync(join(output, path), text);
    say(join(output, path));
  };
  paths.forEach((path, index) => write(path, texts[index]));
  for (const [path, list] of Object.entries(sources)) write(path, `${JSON.stringify(list, null, 1)}\n`);
  if (groups.includes('browser')) {
    const zip = join(output, `warta-browser-${version}.zip`);
    mkdirSync(output, { recursive: true });
    await must('git', ['archive', '--format=zip', `--output=${zip}`, 'HEAD:packaging/browser']);
    say(zip);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await runMain(async () => {
    const [folder, ...groups] = process.argv.slice(2);
    if (folder === undefined) return writeVersions();
    if (folder === 'try') return tryDeb(groups[0] ?? '', currentVersion());
    return fillForRelease(folder, groups.length > 0 ? groups : Object.keys(MANIFESTS));
  });
}
