// npm run build: the optimised app as a package for this system (on Linux a .deb and an .rpm, with the
// command line and its manual).

import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { buildUi } from './building.mjs';
import { writeNotices } from './licences.mjs';
import { cliBinary, must, root, runMain, targetDir } from './lib.mjs';
import { setUp } from './setup.mjs';

const BUNDLES = { linux: ['--bundles', 'deb,rpm'], darwin: ['--bundles', 'dmg'], win32: ['--bundles', 'nsis'] };

await runMain(async () => {
  await setUp();
  await buildUi();
  const texts = ['LICENSE-MIT', 'LICENSE-APACHE', 'crates/share/fonts/Newsreader-OFL.txt', 'crates/share/fonts/PublicSans-OFL.txt'];
  const files = [writeNotices(), ...texts.map((file) => join(root, file))];
  const resources = Object.fromEntries(files.map((file) => [file, `licences/${basename(file)}`]));
  // Read by the bundler alone: the packages say that Warta opens these links.
  const plugins = { 'deep-link': { desktop: { schemes: ['feed', 'web+feed', 'warta'] } } };
  const linux = process.platform === 'linux' ? await withCommandLine() : {};
  const more = ['--config', JSON.stringify({ bundle: { resources, linux }, plugins })];
  await must('npx', ['--no-install', 'tauri', 'build', ...more, ...(BUNDLES[process.platform] ?? [])]);
});

/**
 * Builds the command line with its manual pages and completions, and adds them to the packages; the bundler itself
 * packs the app's own program only.
 */
async function withCommandLine() {
  await must('cargo', ['build', '--locked', '--release', '--package', 'warta-cli']);
  const manual = join(targetDir, 'manual');
  rmSync(manual, { recursive: true, force: true });
  await must('cargo', ['run', '--locked', '--release', '--package', 'warta-cli', '--example', 'manual', '--', manual]);
  const files = { '/usr/bin/warta': cliBinary('release') };
  for (const name of readdirSync(join(manual, 'man'))) {
    const packed = join(manual, `${name}.gz`);
    writeFileSync(packed, gzipSync(readFileSync(join(manual, 'man', name)), { level: 9 }));
    files[`/usr/share/man/man1/${name}.gz`] = packed;
  }
  const completions = (zsh) => ({
    ...files,
    '/usr/share/bash-completion/completions/warta': join(manual, 'completions', 'warta.bash'),
    '/usr/share/fish/vendor_completions.d/warta.fish': join(manual, 'completions', 'warta.fish'),
    [`/usr/share/zsh/${zsh}/_warta`]: join(manual, 'completions', '_warta'),
  });
  return { deb: { files: completions('vendor-completions') }, rpm: { files: completions('site-functions') } };
}
