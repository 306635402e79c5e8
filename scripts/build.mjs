// npm run build: the optimised app as a package for this system: on Linux a .deb and an .rpm with the command line and
// its manual; on macOS a .dmg; on Windows an installer with the command line.
//
//   npm run build -- --debug     packages what `npm start` builds: for checking a package's layout in little time
//   npm run build -- msi         an .msi instead, on Windows
//   npm run build -- universal   on macOS, for both its processors
//
// DEBFULLNAME and DEBEMAIL name the maintainer of the .deb, else the commit's author is (debian.mjs).

import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { buildPrograms, buildUi } from './building.mjs';
import { debianChangelog, linkedPackages, maintainer } from './debian.mjs';
import { licenceFiles } from './licences.mjs';
import { appBinary, cargoFeatures, cliBinary, must, root, runMain, say, Stop, targetDir } from './lib.mjs';
import { METAINFO } from './packaging.mjs';
import { setUp } from './setup.mjs';
import { makeInstaller } from './windows/installer.mjs';

const BUNDLES = { linux: 'deb,rpm', darwin: 'dmg', win32: 'msi' };
const UNIVERSAL = ['--target', 'universal-apple-darwin'];
/** The arguments that a system has besides `--debug`. */
const MORE = { darwin: ['universal'], win32: ['msi'] };

await runMain(async () => {
  const known = ['--debug', ...(MORE[process.platform] ?? [])];
  const unknown = process.argv.slice(2).filter((one) => !known.includes(one));
  if (unknown.length > 0) throw new Stop(`Unknown: ${unknown.join(' ')}. There is: ${known.join(' ')}`);
  const [debug, msi, universal] = ['--debug', 'msi', 'universal'].map((one) => process.argv.includes(one));
  await setUp();
  await buildUi();
  const resources = Object.fromEntries(licenceFiles().map((file) => [file, `licences/${basename(file)}`]));
  // Read by the bundler alone: the packages say that Warta opens these links.
  const plugins = { 'deep-link': { desktop: { schemes: ['feed', 'web+feed', 'warta'] } } };
  const target = universal ? UNIVERSAL : [];
  if (debug) await buildPrograms();
  else await must('npx', ['--no-install', 'tauri', 'build', '--no-bundle', ...target]);
  // The installer is Warta's own: Tauri's can be neither made nor tried on Linux without downloads.
  if (process.platform === 'win32' && !msi) {
    if (!debug) await must('cargo', ['build', '--locked', '--release', '--package', 'warta-cli']);
    await makeInstaller({ programs: join(targetDir, debug ? 'debug' : 'release') });
    return;
  }
  const bundle = { resources, ...(process.platform === 'linux' ? await forLinux(debug) : {}) };
  // In a file: on Windows, npx is started by a shell, which takes the quotes of JSON.
  const config = join(targetDir, 'bundle.json');
  writeFileSync(config, JSON.stringify({ bundle, plugins }));
  const more = ['--config', config, '--bundles', BUNDLES[process.platform] ?? BUNDLES.linux, ...target];
  await must('npx', ['--no-install', 'tauri', 'bundle', ...(debug ? ['--debug'] : []), ...more]);
});

/**
 * Builds the command line with its manual pages and completions, and adds them to the packages; the bundler itself
 * packs the app's own program only.
 */
async function forLinux(debug) {
  const manual = join(targetDir, 'manual');
  rmSync(manual, { recursive: true, force: true });
  if (debug) {
    // With the features of all other debug builds, so that nothing is compiled twice.
    await must('cargo', ['build', '--locked', '--workspace', '--bins', '--example', 'manual', ...cargoFeatures]);
    await must(join(targetDir, 'debug', 'examples', 'manual'), [manual]);
  } else {
    await must('cargo', ['build', '--locked', '--release', '--package', 'warta-cli']);
    await must('cargo', ['run', '--locked', '--release', '--package', 'warta-cli', '--example', 'manual', '--', manual]);
  }
  const profile = debug ? 'debug' : 'release';
  const files = { '/usr/bin/warta': cliBinary(profile) };
  const pages = readdirSync(join(manual, 'man')).map((name) => join(manual, 'man', name));
  for (const page of [...pages, join(root, 'packaging', 'linux', 'warta-desktop.1')]) {
    const packed = join(manual, `${basename(page)}.gz`);
    writeFileSync(packed, gzipSync(readFileSync(page), { level: 9 }));
    files[`/usr/share/man/man1/${basename(page)}.gz`] = packed;
  }
  const completions = (zsh) => ({
    ...files,
    '/usr/share/bash-completion/completions/warta': join(manual, 'completions', 'warta.bash'),
    '/usr/share/fish/vendor_completions.d/warta.fish': join(manual, 'completions', 'warta.fish'),
    [`/usr/share/zsh/${zsh}/_warta`]: join(manual, 'completions', '_warta'),
  });
  const depends = linkedPackages([cliBinary(profile), appBinary(profile)]);
  const publisher = maintainer();
  const deb = { files: { ...completions('vendor-completions'), ...changelog(publisher) }, depends };
  return { linux: { deb, rpm: { files: completions('site-functions') } }, ...(publisher && { publisher }) };
}

/** The changelog of the .deb, if a maintainer is known. */
function changelog(name) {
  if (!name) {
    say('The .deb names no maintainer that can be written to, and has no changelog: there is neither DEBEMAIL nor a commit.');
    return {};
  }
  const [, unreleased] = / date="([\d-]+)"/.exec(readFileSync(join(root, 'packaging', METAINFO), 'utf8'));
  const text = debianChangelog(readFileSync(join(root, 'CHANGELOG.md'), 'utf8'), name, unreleased);
  const packed = join(targetDir, 'changelog.gz');
  writeFileSync(packed, gzipSync(text, { level: 9 }));
  return { '/usr/share/doc/warta/changelog.gz': packed };
}
