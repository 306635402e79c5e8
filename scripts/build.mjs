// npm run build: the optimised app as a package for this system (on Linux a .deb and an .rpm, with the command line).

import { basename, join } from 'node:path';
import { buildUi } from './building.mjs';
import { writeNotices } from './licences.mjs';
import { cliBinary, must, root, runMain } from './lib.mjs';
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

/** Builds the command line and adds it to the packages; the bundler itself packs the app's own program only. */
async function withCommandLine() {
  await must('cargo', ['build', '--locked', '--release', '--package', 'warta-cli']);
  const files = { '/usr/bin/warta': cliBinary('release') };
  return { deb: { files }, rpm: { files } };
}
