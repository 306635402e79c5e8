// npm run check:macos: type-checks the app and the command line for macOS, on Linux: `cargo check`, in which nothing is
// linked. So code under `cfg(target_os = "macos")` is compiled in each run of `npm test`, against the crates that it uses
// there, without a Mac.
//
// The standard library for macOS is that of the active toolchain (`rustup target add aarch64-apple-darwin`), else it is
// built from Debian's source (`debian-rust.mjs`). Where there is neither, and on macOS, which compiles this code itself,
// the check is left out.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { buildUi } from './building.mjs';
import { buildStd, getRust, rustEnvironment } from './debian-rust.mjs';
import { cargoFeatures, LEFT_OUT, output, root, run, runMain, say, Stop, targetDir } from './lib.mjs';

const TARGET = 'aarch64-apple-darwin';

const standIn = join(root, 'scripts', 'macos', 'cc.sh');

/** The environment in which cargo checks for macOS. */
const environment = () => ({
  ...process.env,
  CARGO_TARGET_DIR: join(targetDir, 'macos'),
  CARGO_PROFILE_DEV_DEBUG: 'false',
  // In this workspace only: cargo does not pass on the warnings of dependencies.
  RUSTFLAGS: '-D warnings',
  CC_aarch64_apple_darwin: standIn,
  CXX_aarch64_apple_darwin: standIn,
  AR_aarch64_apple_darwin: standIn,
  // Otherwise Xcode is asked for it; the stand-in reads no headers.
  SDKROOT: root,
});

await runMain(async () => {
  if (process.platform !== 'linux') return leaveOut(`it runs on Linux only, and this is ${process.platform}`);
  const hasLibrary = existsSync(output('rustc', ['--print', 'target-libdir', '--target', TARGET])?.trim() ?? '');
  const reason = hasLibrary ? undefined : await problemOfDebian();
  if (reason) return leaveOut(`${reason}. With rustup: rustup target add ${TARGET}`);

  await buildUi();
  const crates = ['--package', 'warta-desktop', '--package', 'warta-cli', ...cargoFeatures];
  const args = ['check', '--locked', ...(hasLibrary ? [] : buildStd), '--target', TARGET, ...crates];
  return run('cargo', args, { env: { ...environment(), ...(hasLibrary ? {} : rustEnvironment()) } });
});

/** Gets Debian's Rust; in words why that is not possible, as when there is no network. */
async function problemOfDebian() {
  try {
    await getRust();
    return undefined;
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    return error.message.replace(/\.$/, '');
  }
}

function leaveOut(reason) {
  say(`The check for macOS is left out: ${reason}`);
  return LEFT_OUT;
}
