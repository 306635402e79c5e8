// The compiler and the C toolchain that build Warta for Windows on Debian or Ubuntu (x86_64). Debian's packages are
// downloaded by apt-get, so from the sources that apt is configured with, and unpacked under the target folder: nothing
// is installed, because they conflict with rustup's Rust. Debian's Rust is used because its packages include the
// source of the standard library, which cargo then builds for Windows (`-Zbuild-std`).

import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { must, output, root, say, Stop, targetDir } from '../lib.mjs';

export const TARGET = 'x86_64-pc-windows-gnu';

const home = join(targetDir, 'tools', 'windows');
const unpacked = join(home, 'root');
const programs = join(unpacked, 'usr', 'bin');
const stamp = join(home, 'packages.txt');
const rustc = join(home, 'rustc');

/** What cargo builds for Windows; apart from the rest, because another compiler made it. */
export const windowsTarget = join(targetDir, 'windows');

/** Stands in for a DLL that Wine lacks; built from `tests/windows`. */
export const randomDll = join(home, 'bcryptprimitives.dll');

const PACKAGES = [
  'rustc-web',
  'libstd-rust-web-dev',
  'rust-web-src',
  'binutils-mingw-w64-x86-64',
  'gcc-mingw-w64-base',
  'gcc-mingw-w64-x86-64-posix',
  'gcc-mingw-w64-x86-64-posix-runtime',
  'g++-mingw-w64-x86-64-posix',
  'mingw-w64-common',
  'mingw-w64-x86-64-dev',
];

/** The environment in which cargo builds for Windows. */
export const buildEnvironment = () => ({
  ...process.env,
  PATH: `${programs}:${process.env.PATH}`,
  RUSTC: rustc,
  // `-Zbuild-std` is for nightly compilers; this variable lets a stable one do it.
  RUSTC_BOOTSTRAP: '1',
  CARGO_TARGET_DIR: windowsTarget,
  CARGO_INCREMENTAL: '0',
  // Makes linking faster; the messages of panics name their lines without it.
  CARGO_PROFILE_DEV_DEBUG: 'false',
  CARGO_TARGET_X86_64_PC_WINDOWS_GNU_LINKER: 'x86_64-w64-mingw32-gcc-posix',
  CC_x86_64_pc_windows_gnu: 'x86_64-w64-mingw32-gcc-posix',
  CXX_x86_64_pc_windows_gnu: 'x86_64-w64-mingw32-g++-posix',
  AR_x86_64_pc_windows_gnu: 'x86_64-w64-mingw32-ar',
});

/** Arguments of cargo that make it build for Windows. */
export const forWindows = ['--locked', '-Zbuild-std=std,panic_abort', '--target', TARGET];

/** The crates whose tests run under Wine, in the order in which they depend on each other. */
export const CRATES = ['text', 'feed', 'article', 'story', 'share', 'import', 'net', 'store', 'engine'];

export const packages = (crates) => crates.flatMap((crate) => ['--package', `warta-${crate}`]);

/**
 * Arguments of cargo that build the command line. With the crates and an example, dependencies get the features that
 * the tests need too, and are compiled once.
 */
export const commandLine = ['build', ...forWindows, ...packages([...CRATES, 'cli']), '--bin', 'warta', '--example', 'throughput'];

/** Gets what is missing; fast when nothing is. */
export async function getToolchain() {
  if (!isUnpacked()) await unpackPackages();
  writeWrapper();
  await buildDll();
}

/** Names of packages in the answer of `apt-cache depends` that begin with `prefix`. */
export function dependencies(answer, prefix) {
  const names = [...answer.matchAll(/^\s*(?:Depends|PreDepends): (\S+)$/gm)].map((match) => match[1]);
  return [...new Set(names.filter((name) => name.startsWith(prefix)))];
}

function isUnpacked() {
  return existsSync(stamp) && PACKAGES.every((name) => readFileSync(stamp, 'utf8').split('\n').includes(name));
}

async function unpackPackages() {
  const began = Date.now();
  const wanted = [...PACKAGES, ...librariesOfRust()];
  const archives = join(home, 'archives');
  say(`Getting the compilers for Windows, ${wanted.length} packages by apt-get, unpacked into ${home}.`);
  rmSync(home, { recursive: true, force: true });
  mkdirSync(archives, { recursive: true });
  // As root, apt-get cannot hand the folder to its own user, and says so: harmless.
  await must('apt-get', ['download', '--quiet', '--quiet', '-o', 'APT::Sandbox::User=root', ...wanted], { cwd: archives });
  for (const archive of readdirSync(archives)) await must('dpkg', ['-x', join(archives, archive), unpacked]);
  rmSync(archives, { recursive: true });
  removeUnused();
  writeFileSync(stamp, `${wanted.join('\n')}\n`);
  say(`The compilers for Windows are ready, ${Math.round((Date.now() - began) / 1000)} s.`);
}

/** The packages whose names contain a version: rustc's own libraries and LLVM. */
function librariesOfRust() {
  const ask = (name) => output('apt-cache', ['depends', name]) ?? '';
  const standard = dependencies(ask('libstd-rust-web-dev'), 'libstd-rust-web-');
  const llvm = standard.flatMap((name) => dependencies(ask(name), 'libllvm'));
  if (standard.length > 0 && llvm.length > 0) return [...standard, ...llvm];
  throw new Stop(
    'apt does not know the package libstd-rust-web-dev, which builds Warta for Windows. Debian 12 has it:\n' +
      '  sudo apt-get update && apt-cache policy libstd-rust-web-dev',
  );
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
  const libraries = join(unpacked, 'usr', 'lib', 'x86_64-linux-gnu');
  const script = `#!/bin/sh\nLD_LIBRARY_PATH='${libraries}' exec '${join(programs, 'rustc')}' "$@"\n`;
  if (existsSync(rustc) && readFileSync(rustc, 'utf8') === script) return;
  writeFileSync(rustc, script);
  chmodSync(rustc, 0o755);
}

async function buildDll() {
  if (existsSync(randomDll)) return;
  const source = join(root, 'tests', 'windows', 'bcryptprimitives.c');
  const compiler = join(programs, 'x86_64-w64-mingw32-gcc-posix');
  await must(compiler, ['-shared', '-s', '-O1', '-Wall', '-Wextra', '-o', randomDll, source, '-ladvapi32']);
}
