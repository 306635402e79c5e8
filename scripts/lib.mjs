// Small things that every script here needs: saying what is done, running programs, finding the
// newest file. Nothing but Node itself, because it runs before anything is installed.

import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Where cargo puts what it builds. */
export const targetDir = process.env.CARGO_TARGET_DIR ?? join(root, 'target');

/** The features that make the app carry its own UI; the same everywhere, so that nothing is built twice. */
export const cargoFeatures = ['--features', 'tauri/custom-protocol'];

const exe = process.platform === 'win32' ? '.exe' : '';

/** The desktop app, once built. */
export const appBinary = (profile = 'debug') => join(targetDir, profile, `warta-desktop${exe}`);

/** The command line, once built. */
export const cliBinary = (profile = 'debug') => join(targetDir, profile, `warta${exe}`);

/** Exit code of a step that this machine cannot run. It has said why, and is no failure. */
export const LEFT_OUT = 77;

/** Prints a progress line. */
export function say(text) {
  process.stdout.write(`${text}\n`);
}

/** A reason to stop that needs no stack trace. */
export class Stop extends Error {}

/** Runs `main`; a `Stop` ends with its words and exit code 1. */
export async function runMain(main) {
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}

/** npm and npx are scripts on Windows, which only a shell can start. */
const needsShell = (program) => process.platform === 'win32' && /^(npm|npx)$/.test(program);

/** Runs a program to its end, its output shown as it comes; the exit code (127 when it is missing). */
export function run(program, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: root,
      stdio: 'inherit',
      shell: needsShell(program),
      ...options,
    });
    child.on('error', () => resolve(127));
    child.on('close', (code, signal) => resolve(code ?? (signal ? 128 : 1)));
  });
}

/** Runs a program that has to succeed. */
export async function must(program, args, options = {}) {
  const code = await run(program, args, options);
  if (code !== 0) throw new Stop(`\`${[program, ...args].join(' ')}\` failed (${code}).`);
}

/** A program's standard output, or `undefined` when it is missing or fails. */
export function output(program, args) {
  const { status, stdout } = spawnSync(program, args, {
    cwd: root,
    encoding: 'utf8',
    shell: needsShell(program),
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return status === 0 ? stdout : undefined;
}

/** When the newest file under these paths changed, in milliseconds; 0 when there is none. */
export function newest(paths, skip = new Set(['node_modules', 'dist', 'target', '.git'])) {
  let latest = 0;
  for (const path of paths) {
    if (!existsSync(path)) continue;
    const stat = statSync(path);
    if (!stat.isDirectory()) {
      latest = Math.max(latest, stat.mtimeMs);
      continue;
    }
    const inside = readdirSync(path).filter((name) => !skip.has(name));
    latest = Math.max(latest, newest(inside.map((name) => join(path, name)), skip));
  }
  return latest;
}
