// Debian's Rust with the source of its standard library, from which cargo builds that library for systems that the
// installed Rust does not know (`-Zbuild-std`). The packages are downloaded by apt-get, so from the sources that apt is
// configured with, and unpacked under the target folder: nothing is installed, because they conflict with rustup's Rust.

import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { must, output, say, Stop, targetDir } from './lib.mjs';
import { isNewEnough, linuxFamily, RUST_WANTED } from './setup.mjs';

const PACKAGES = ['rustc-web', 'libstd-rust-web-dev', 'rust-web-src'];

/** Begins the name of the standard library's package; the release follows. */
const STANDARD = 'libstd-rust-web-';

const home = join(targetDir, 'tools', 'debian-rust');
const unpacked = join(home, 'root');
const rustc = join(home, 'rustc');

/** Arguments of cargo that build the standard library along. */
export const buildStd = ['-Zbuild-std=std,panic_abort'];

/** The environment in which cargo uses this Rust; what it builds has to have a target folder of its own. */
export const rustEnvironment = () => ({
  RUSTC: rustc,
  // `-Zbuild-std` is for nightly compilers; this variable lets a stable one do it.
  RUSTC_BOOTSTRAP: '1',
});

/** Why this machine cannot get the compiler; nothing if it can. */
function whyNot() {
  if (process.platform !== 'linux' || process.arch !== 'x64' || linuxFamily() !== 'debian') {
    return 'this is not Debian or Ubuntu on x86_64';
  }
  if (isThere()) return undefined;
  const release = releaseIn(dependencies(ask('libstd-rust-web-dev'), STANDARD));
  if (!release) return 'apt does not know the package libstd-rust-web-dev (`sudo apt-get update` reads the lists of packages)';
  return isNewEnough(release) ? undefined : `apt has Rust ${release.join('.')}, and Warta needs ${RUST_WANTED.join('.')}`;
}

/** Gets the compiler, unless it is there. */
export async function getRust() {
  const reason = whyNot();
  if (reason) throw new Stop(`Debian's Rust cannot be used: ${reason}.`);
  if (!isThere()) {
    await unpackPackages(home, [...PACKAGES, ...libraries()], "Debian's Rust");
    removeUnused();
  }
  writeWrapper();
}

/** Downloads packages and unpacks them into `root` below a folder, which is emptied first. */
export async function unpackPackages(folder, names, title) {
  const began = Date.now();
  const archives = join(folder, 'archives');
  say(`Getting ${title}, ${names.length} packages by apt-get, unpacked into ${folder}.`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(archives, { recursive: true });
  // As root, apt-get cannot hand the folder to its own user, and says so: harmless.
  await must('apt-get', ['download', '--quiet', '--quiet', '-o', 'APT::Sandbox::User=root', ...names], { cwd: archives });
  for (const archive of readdirSync(archives)) await must('dpkg', ['-x', join(archives, archive), join(folder, 'root')]);
  rmSync(archives, { recursive: true });
  writeFileSync(stamp(folder), `${names.join('\n')}\n`);
  say(`${title}: ready, ${Math.round((Date.now() - began) / 1000)} s.`);
}

/** Whether `unpackPackages` has unpacked these into the folder. */
export function areUnpacked(folder, names) {
  const there = unpackedIn(folder);
  return names.every((name) => there.includes(name));
}

const stamp = (folder) => join(folder, 'packages.txt');
const unpackedIn = (folder) => (existsSync(stamp(folder)) ? readFileSync(stamp(folder), 'utf8').split('\n') : []);

/** Whether the compiler is unpacked and new enough. */
const isThere = () => areUnpacked(home, PACKAGES) && isNewEnough(releaseIn(unpackedIn(home)) ?? [0, 0]);

/** Names of packages in the answer of `apt-cache depends` that begin with `prefix`. */
export function dependencies(answer, prefix) {
  const names = [...answer.matchAll(/^\s*(?:Depends|PreDepends): (\S+)$/gm)].map((match) => match[1]);
  return [...new Set(names.filter((name) => name.startsWith(prefix)))];
}

/** The release of Rust, as two numbers, that packages with these names have; nothing if none names it. */
export function releaseIn(names) {
  const found = names.map((name) => /^libstd-rust-web-(\d+)\.(\d+)$/.exec(name)).find(Boolean);
  return found?.slice(1).map(Number);
}

const ask = (name) => output('apt-cache', ['depends', name]) ?? '';

/** The packages whose names contain a version: rustc's own libraries and LLVM. */
function libraries() {
  const standard = dependencies(ask('libstd-rust-web-dev'), STANDARD);
  return [...standard, ...standard.flatMap((name) => dependencies(ask(name), 'libllvm'))];
}

/** The source of the compiler itself, and documents: a third of what was unpacked. */
function removeUnused() {
  rmSync(join(unpacked, 'usr', 'share', 'doc'), { recursive: true, force: true });
  const sources = join(unpacked, 'usr', 'src');
  for (const release of readdirSync(sources)) {
    for (const folder of ['compiler', 'src', 'debian']) rmSync(join(sources, release, folder), { recursive: true, force: true });
  }
}

/** rustc finds its libraries only where a package would have installed them. */
function writeWrapper() {
  const folder = join(unpacked, 'usr', 'lib', 'x86_64-linux-gnu');
  const program = join(unpacked, 'usr', 'bin', 'rustc');
  const script = `#!/bin/sh\nLD_LIBRARY_PATH='${folder}' exec '${program}' "$@"\n`;
  if (existsSync(rustc) && readFileSync(rustc, 'utf8') === script) return;
  writeFileSync(rustc, script);
  chmodSync(rustc, 0o755);
}
