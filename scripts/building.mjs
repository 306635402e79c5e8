// Builds the UI and the two programs, and leaves alone what is up to date.

import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { cargoFeatures, must, newest, root, say } from './lib.mjs';

/** Builds the UI into `ui/dist`, unless nothing changed since the last time. */
export async function buildUi() {
  const built = join(root, 'ui', 'dist', 'index.html');
  const sources = ['ui', 'package-lock.json'].map((path) => join(root, path));
  if (existsSync(built) && statSync(built).mtimeMs > newest(sources)) return;
  say('Building the user interface.');
  await must('npm', ['run', '--silent', 'build', '--workspace', 'ui']);
}

/** Builds the desktop app (with the UI inside) and the command line; cargo knows what is up to date. */
export async function buildPrograms({ release = false } = {}) {
  say(`Building Warta${release ? ', optimised' : ''}. The first time takes some minutes.`);
  await must('cargo', ['build', '--locked', '--workspace', '--bins', ...cargoFeatures, ...(release ? ['--release'] : [])]);
}
