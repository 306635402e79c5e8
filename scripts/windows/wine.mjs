// Runs Windows programs: under Wine, in a Windows of their own under the target folder and without a screen; on Windows
// as they are.

import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import { must, output, run, say, Stop, targetDir } from '../lib.mjs';

const home = join(targetDir, 'wine');
const prefix = join(home, 'prefix');

export const onWindows = process.platform === 'win32';

/** Debian has it outside of PATH. */
const wine = () => output('sh', ['-c', 'command -v wine64'])?.trim() || '/usr/lib/wine/wine64';

/** Wine must not see the user's own folders, screen or proxy. */
export function wineEnvironment(more = {}) {
  const { DISPLAY: _screen, WAYLAND_DISPLAY: _wayland, ...rest } = process.env;
  const plain = Object.fromEntries(Object.entries(rest).filter(([name]) => !/_proxy$/i.test(name)));
  return {
    ...plain,
    HOME: home,
    WINEPREFIX: prefix,
    WINEDEBUG: '-all',
    // Names of files reach Windows programs through this encoding.
    LC_ALL: 'C.UTF-8',
    // Nothing of Warta's needs .NET or a browser, which Wine would offer to download.
    WINEDLLOVERRIDES: 'mscoree,mshtml,winemenubuilder.exe=',
    ...more,
  };
}

/** Makes Wine's Windows, the first time only. */
export async function openWine() {
  if (!existsSync(wine())) throw new Stop('wine64 is missing. To install it:\n  sudo apt-get install wine64');
  if (existsSync(join(prefix, 'ready'))) return;
  say('Making a Windows for Wine.');
  mkdirSync(home, { recursive: true });
  const quiet = { env: wineEnvironment(), stdio: 'ignore' };
  await must(wine(), ['wineboot', '--init'], quiet);
  const version = ['reg', 'add', 'HKCU\\Software\\Wine', '/v', 'Version', '/d', 'win10', '/f'];
  await must(wine(), version, quiet);
  writeFileSync(join(prefix, 'ready'), '');
}

/** Ends what still runs in this Windows, and only there. */
export async function closeWine() {
  if (onWindows) return;
  const server = join('/usr/lib/wine', 'wineserver64');
  const program = existsSync(server) ? server : 'wineserver';
  await run(program, ['--kill'], { env: wineEnvironment(), stdio: 'ignore' });
}

/** A program for Linux that starts a Windows program with the same arguments. */
export function writeStarter(name, program) {
  const file = join(home, name);
  const { HOME: _, ...own } = wineEnvironment();
  const settings = ['WINEPREFIX', 'WINEDEBUG', 'WINEDLLOVERRIDES', 'LC_ALL'].map((key) => `export ${key}='${own[key]}'`);
  const lines = ['#!/bin/sh', 'unset DISPLAY WAYLAND_DISPLAY', ...settings, `exec '${wine()}' '${program}' "$@"`, ''];
  writeFileSync(file, lines.join('\n'));
  chmodSync(file, 0o755);
  return file;
}

/** Where this Windows has its own DLLs. */
export const systemFolder = join(prefix, 'drive_c', 'windows', 'system32');

/** The user's folder of this Windows. */
export const userFolder = () => (onWindows ? homedir() : join(prefix, 'drive_c', 'users', userInfo().username));

/** A file's path as Windows programs name it. */
export const windowsPath = (file) => (onWindows ? file : `C:${file.slice(join(prefix, 'drive_c').length).replaceAll('/', '\\')}`);

/**
 * Runs a Windows program to its end. `code` is its exit code (Linux keeps the lowest eight bits), or undefined when it
 * was ended after `limit` seconds.
 */
export async function runWindows(program, args, { limit, env, cwd } = {}) {
  const { ended, stop } = startWindows(program, args, { env, cwd });
  const timer = setTimeout(stop, limit * 1000);
  try {
    return await ended;
  } finally {
    clearTimeout(timer);
  }
}

/** Starts a Windows program: `ended` is what `runWindows` gives, `stop` ends it. */
export function startWindows(program, args, { env = {}, cwd } = {}) {
  const options = { cwd, env: onWindows ? { ...process.env, ...env } : wineEnvironment(env), stdio: ['ignore', 'pipe', 'pipe'] };
  const child = onWindows ? spawn(program, args, options) : spawn(wine(), [program, ...args], options);
  const answer = { code: undefined, out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text) => (answer.out += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (answer.err += text));
  const ended = new Promise((resolve) => {
    const end = (code) => resolve({ ...answer, code: code ?? undefined });
    child.on('error', () => end(127));
    // A process that it left behind may keep the pipes open.
    child.on('exit', (code) => setTimeout(() => end(code), 1000).unref());
    child.on('close', end);
  });
  return { ended, stop: () => child.kill('SIGKILL') };
}
