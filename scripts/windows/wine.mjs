// Runs Windows programs under Wine, in a Windows of their own under the target folder, without a screen.

import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { must, output, run, say, Stop, targetDir } from '../lib.mjs';

const home = join(targetDir, 'wine');
const prefix = join(home, 'prefix');

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

/**
 * Runs a Windows program to its end. `code` is its exit code (Linux keeps the lowest eight bits), or undefined when it
 * was ended after `limit` seconds.
 */
export function runWindows(program, args, { limit, env = {}, cwd } = {}) {
  return new Promise((resolve) => {
    const child = spawn(wine(), [program, ...args], { cwd, env: wineEnvironment(env), stdio: ['ignore', 'pipe', 'pipe'] });
    const answer = { code: undefined, out: '', err: '' };
    child.stdout.setEncoding('utf8').on('data', (text) => (answer.out += text));
    child.stderr.setEncoding('utf8').on('data', (text) => (answer.err += text));
    const timer = setTimeout(() => child.kill('SIGKILL'), limit * 1000);
    let ended = false;
    const end = (code) => {
      if (ended) return;
      ended = true;
      clearTimeout(timer);
      resolve({ ...answer, code: code ?? undefined });
    };
    child.on('error', () => end(127));
    // A process that it left behind may keep the pipes open.
    child.on('exit', (code) => setTimeout(() => end(code), 1000).unref());
    child.on('close', end);
  });
}
