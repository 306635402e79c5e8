// npm run build: the optimised app as a package for this system (on Linux a .deb).

import { buildUi } from './building.mjs';
import { must, runMain } from './lib.mjs';
import { setUp } from './setup.mjs';

const BUNDLES = { linux: ['--bundles', 'deb'], darwin: ['--bundles', 'dmg'], win32: ['--bundles', 'nsis'] };

await runMain(async () => {
  await setUp();
  await buildUi();
  await must('npx', ['--no-install', 'tauri', 'build', ...(BUNDLES[process.platform] ?? [])]);
});
