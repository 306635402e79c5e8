// The compiler (`debian-rust.mjs`) and the C toolchain that build Warta for Windows on Debian or Ubuntu (x86_64). The
// C toolchain comes from Debian's packages, too, and is unpacked under the target folder.

import { existsSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { areUnpacked, buildStd, getRust, rustEnvironment, unpackPackages } from '../debian-rust.mjs';
import { cargoFeatures, must, root, targetDir } from '../lib.mjs';

export const TARGET = 'x86_64-pc-windows-gnu';

const home = join(targetDir, 'tools', 'windows');
const programs = join(home, 'root', 'usr', 'bin');

/** What cargo builds for Windows; apart from the rest, because another compiler made it. */
export const windowsTarget = join(targetDir, 'windows');

/** Stands in for a DLL that Wine lacks; built from `tests/windows`. */
export const randomDll = join(home, 'bcryptprimitives.dll');

const PACKAGES = [
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
  ...rustEnvironment(),
  CARGO_TARGET_DIR: windowsTarget,
  CARGO_INCREMENTAL: '0',
  // Makes linking faster; the messages of panics name their lines without it.
  CARGO_PROFILE_DEV_DEBUG: 'false',
  CARGO_TARGET_X86_64_PC_WINDOWS_GNU_LINKER: 'x86_64-w64-mingw32-gcc-posix',
  CC_x86_64_pc_windows_gnu: 'x86_64-w64-mingw32-gcc-posix',
  CXX_x86_64_pc_windows_gnu: 'x86_64-w64-mingw32-g++-posix',
  AR_x86_64_pc_windows_gnu: 'x86_64-w64-mingw32-ar',
});

/**
 * Arguments of cargo that make it build for Windows. Tests need the crate `test` of the standard library, too; what was
 * built without it would be compiled again for them.
 */
export const forWindows = ['--locked', `${buildStd[0]},test`, '--target', TARGET];

/** The crates whose tests run under Wine, in the order in which they depend on each other. */
export const CRATES = ['log', 'text', 'feed', 'article', 'story', 'share', 'import', 'net', 'store', 'engine'];

export const packages = (crates) => crates.flatMap((crate) => ['--package', `warta-${crate}`]);

/**
 * Arguments of cargo that build the command line. With the crates and an example, dependencies get the features that
 * the tests need too, and are compiled once.
 */
export const commandLine = ['build', ...forWindows, ...packages([...CRATES, 'cli']), '--bin', 'warta', '--example', 'throughput'];

/** What `shortEnvironment` builds. */
export const shortTarget = join(targetDir, 'windows-short');

/**
 * The environment in which cargo builds for Windows in the shortest time: without optimisation. It changes the profile
 * `release`, because `dev` optimises some packages by name, which no variable can undo.
 */
export const shortEnvironment = () => ({
  ...buildEnvironment(),
  CARGO_TARGET_DIR: shortTarget,
  CARGO_PROFILE_RELEASE_OPT_LEVEL: '0',
  CARGO_PROFILE_RELEASE_LTO: 'off',
  CARGO_PROFILE_RELEASE_CODEGEN_UNITS: '16',
  CARGO_PROFILE_RELEASE_DEBUG_ASSERTIONS: 'true',
  CARGO_PROFILE_RELEASE_OVERFLOW_CHECKS: 'true',
});

/** Arguments of cargo that build the command line and nothing else, into `release`. */
export const commandLineAlone = ['build', '--release', '--locked', ...buildStd, '--target', TARGET, '--package', 'warta-cli', '--bin', 'warta'];

/** Arguments of cargo that build the desktop app, with the UI inside. */
export const desktop = ['build', ...forWindows, '--package', 'warta-desktop', ...cargoFeatures, '--bin', 'warta-desktop'];

/** Gets what is missing; fast when nothing is. */
export async function getToolchain() {
  await getRust();
  if (!areUnpacked(home, PACKAGES)) await unpackPackages(home, PACKAGES, 'the C compilers for Windows');
  linkCompiler();
  await buildDll();
}

/** windres, which compiles the desktop app's icon and version, preprocesses with the name that an installed package has. */
function linkCompiler() {
  const name = join(programs, 'x86_64-w64-mingw32-gcc');
  if (!existsSync(name)) symlinkSync('x86_64-w64-mingw32-gcc-posix', name);
}

async function buildDll() {
  if (existsSync(randomDll)) return;
  const source = join(root, 'tests', 'windows', 'bcryptprimitives.c');
  const compiler = join(programs, 'x86_64-w64-mingw32-gcc-posix');
  await must(compiler, ['-shared', '-s', '-O1', '-Wall', '-Wextra', '-o', randomDll, source, '-ladvapi32']);
}
