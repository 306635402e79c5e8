// npm run packaging -- try FILE.deb: a package as its users meet it. lintian and the desktop's validators read it; then
// it is installed by apt in a new Debian (debootstrap), where the command line answers and the app paints its window
// under Xvfb; then it is removed again. Needs root for the new Debian, on Debian or Ubuntu.

import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { must, run, say, Stop, targetDir } from './lib.mjs';
import { installDebian, linuxFamily } from './setup.mjs';

const folder = join(targetDir, 'try-deb');
const files = join(folder, 'files');
const system = join(folder, 'debian');

/** What the app needs beyond its package: a screen, and a bus as every desktop has one. */
const DESKTOP = ['xvfb', 'xauth', 'dbus', 'fonts-dejavu-core'];
/** Seconds until the window has to be painted. */
const LIMIT = 120;
/** A window with text has hundreds of colours; an empty one has one, and an empty screen two. */
const COLOURS = 50;

export async function tryDeb(path, version) {
  const file = resolve(path);
  if (linuxFamily() !== 'debian' || process.getuid() !== 0) throw new Stop('This needs Debian or Ubuntu, and root (debootstrap, chroot).');
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) throw new Stop(`There is no ${file}.`);
  await installDebian(['lintian', 'debootstrap', 'desktop-file-utils', 'appstream']);
  say(`${basename(file)}: ${(statSync(file).size / 1e6).toFixed(1)} MB`);
  await leave();
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const problems = [...(await read(file))];
  try {
    problems.push(...(await install(file, version)));
  } finally {
    await leave();
  }
  for (const problem of problems) say(`FAILED: ${problem}`);
  say(problems.length === 0 ? `\n${basename(file)} is good.` : `\n${problems.length} problems.`);
  return problems.length === 0 ? 0 : 1;
}

/** What lintian and the validators say. */
async function read(file) {
  say('\n— lintian');
  const problems = [];
  const check = async (title, program, args) => {
    if ((await run(program, args)) !== 0) problems.push(title);
  };
  await check('lintian', 'lintian', ['--allow-root', '--fail-on', 'error', file]);
  await must('dpkg', ['-x', file, files]);
  const below = (path) => readdirSync(join(files, path)).map((name) => join(files, path, name));
  say('\n— desktop-file-validate, appstreamcli');
  for (const entry of below('usr/share/applications')) await check(basename(entry), 'desktop-file-validate', [entry]);
  for (const info of below('usr/share/metainfo')) await check(basename(info), 'appstreamcli', ['validate', '--no-net', info]);
  return problems;
}

/** Installs the package in a new Debian, runs both programs, and removes it. */
async function install(file, version) {
  const [, release] = /^VERSION_CODENAME=(.+)$/m.exec(readFileSync('/etc/os-release', 'utf8'));
  say(`\n— A new Debian, ${release}`);
  await must('debootstrap', ['--variant=minbase', release, system], { stdio: ['ignore', 'ignore', 'inherit'] });
  await enter();
  copyFileSync(file, join(system, 'tmp', 'warta.deb'));
  const apt = ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '--quiet', '--quiet', '--yes', '--no-install-recommends'];
  inside([...apt, 'update']);
  inside([...apt, 'install', ...DESKTOP]);
  say('\n— Installing the package');
  inside([...apt, 'install', '/tmp/warta.deb']);

  const problems = [];
  const answer = spawnSync('chroot', [system, 'warta', '--version'], { encoding: 'utf8' });
  say(`warta --version: ${(answer.stdout + answer.stderr).trim()}`);
  if (answer.stdout.trim() !== `warta ${version}`) problems.push('`warta --version` did not name the version');
  problems.push(...(await paint()));

  say('\n— Removing the package');
  inside([...apt, 'remove', 'warta']);
  const left = ['usr/bin/warta', 'usr/bin/warta-desktop', 'usr/lib/Warta', 'usr/share/metainfo/org.warta.reader.metainfo.xml'];
  for (const path of left) if (existsSync(join(system, path))) problems.push(`${path} is left after removal`);
  if (!existsSync(join(system, 'root/data'))) problems.push("the reader's data was removed, or never written");
  return problems;
}

/** Starts the app on a screen of its own and waits until its window is painted. */
async function paint() {
  const screen = '-screen 0 1240x820x24 -fbdir /tmp';
  const app = ['dbus-run-session', '--', 'warta-desktop', '--data-dir', '/root/data'];
  const args = [system, 'env', 'HOME=/root', 'LANG=C.UTF-8', 'xvfb-run', '--auto-servernum', '--server-args', screen, ...app];
  const began = Date.now();
  const child = spawn('chroot', args, { stdio: ['ignore', 'inherit', 'inherit'] });
  let ended;
  child.on('close', (code) => (ended = code));
  let colours = 0;
  while (colours < COLOURS && ended === undefined && Date.now() - began < LIMIT * 1000) {
    await pause(250);
    colours = coloursOf(join(system, 'tmp', 'Xvfb_screen0'));
  }
  const seconds = ((Date.now() - began) / 1000).toFixed(1);
  if (ended !== undefined) return [`warta-desktop ended with ${ended}`];
  if (colours < COLOURS) return [`the window was not painted within ${LIMIT} s`];
  say(`warta-desktop: its window is painted, ${seconds} s`);
  await killInside();
  return [];
}

/** How many colours the screen has that Xvfb keeps in this file, in the format of xwd. */
export function coloursOf(path) {
  if (!existsSync(path)) return 0;
  const bytes = readFileSync(path);
  if (bytes.length < 100) return 0;
  // The size of the header, and of the map of colours, whose entries have 12 bytes (X11/XWDFile.h).
  const start = bytes.readUInt32BE(0) + bytes.readUInt32BE(76) * 12;
  const found = new Set();
  for (let at = start; at + 4 <= bytes.length; at += 4) found.add(bytes.readUInt32LE(at) & 0xffffff);
  return found.size;
}

/** Runs a program in the new Debian; what it prints is shown only if it fails. */
function inside(args) {
  const { status, stdout, stderr } = spawnSync('chroot', [system, ...args], { encoding: 'utf8', maxBuffer: 1 << 26 });
  if (status !== 0) throw new Stop(`${stdout}${stderr}\n\`${args.join(' ')}\` failed (${status}).`);
}

async function enter() {
  await must('mount', ['-t', 'proc', 'proc', join(system, 'proc')]);
  await must('mount', ['-t', 'tmpfs', 'tmpfs', join(system, 'dev', 'shm')]);
}

/** Ends what runs in the new Debian and lets go of its mounts. */
async function leave() {
  await killInside();
  const mounts = readFileSync('/proc/mounts', 'utf8').split('\n').map((line) => line.split(' ')[1]);
  for (const path of mounts.filter((one) => one?.startsWith(`${system}/`)).reverse()) await must('umount', [path]);
}

async function killInside() {
  const running = () =>
    readdirSync('/proc').filter((pid) => {
      try {
        return /^\d+$/.test(pid) && readlinkSync(`/proc/${pid}/root`) === system;
      } catch {
        return false; // It has ended.
      }
    });
  for (let left = running(); left.length > 0; left = running()) {
    for (const pid of left) {
      try {
        process.kill(Number(pid), 'SIGKILL');
      } catch {
        // It has ended.
      }
    }
    await pause(50);
  }
}
