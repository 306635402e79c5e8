// Makes the installer for Windows from `packaging/windows/warta.nsi`: by Debian's NSIS here, by NSIS on Windows.

import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { Resvg } from '@resvg/resvg-js';
import { areUnpacked, unpackPackages } from '../debian-rust.mjs';
import { licenceFiles } from '../licences.mjs';
import { must, output, root, say, Stop, targetDir } from '../lib.mjs';
import { currentVersion } from '../packaging.mjs';

const home = join(targetDir, 'installer');

const NSIS = ['nsis', 'nsis-common'];

/**
 * Makes the installer of the programs in `programs` (a folder of cargo's), built for `platform`, and returns its path.
 * `debian` is where Debian's NSIS was unpacked, if that makes it. `WARTA_WEBVIEW2` names Microsoft's bootstrapper of
 * WebView2, which is packed then; otherwise the installer downloads it where WebView2 is missing.
 */
export async function makeInstaller({ programs, platform, debian }) {
  const files = stageFiles(programs, platform);
  const names = listFiles(files);
  writeFileSync(join(home, 'install.nsh'), installLines(names).join('\n'));
  writeFileSync(join(home, 'uninstall.nsh'), uninstallLines(names).join('\n'));
  writeFileSync(join(home, 'side.bmp'), sidePicture());
  const version = currentVersion();
  const out = join(home, `Warta_${version}_x64-setup.exe`);
  const size = names.reduce((sum, name) => sum + statSync(join(files, name)).size, 0);
  const bootstrapper = process.env.WARTA_WEBVIEW2;
  const defines = {
    VERSION: version,
    FILES: files,
    LIST: home,
    ICON: join(root, 'src-tauri', 'icons', 'icon.ico'),
    OUT: out,
    SIZE: Math.ceil(size / 1024),
    ...(bootstrapper ? { WEBVIEW2: bootstrapper } : {}),
    ...(debian ? { AMD64: '1' } : {}),
  };
  const { program, env } = debian ? debianNsis(debian) : { program: windowsNsis(), env: process.env };
  // Warnings are errors, for instance a text that one language lacks.
  const options = ['-V2', '-WX', '-INPUTCHARSET', 'UTF8', ...Object.entries(defines).map(([name, value]) => `-D${name}=${value}`)];
  await must(program, [...options, join(root, 'packaging', 'windows', 'warta.nsi')], { env });
  const webView = bootstrapper ? 'with the bootstrapper of WebView2' : 'which downloads WebView2 where it is missing';
  say(`${basename(out)}: ${(statSync(out).size / 1e6).toFixed(1)} MB, ${webView}`);
  return out;
}

/** Gets Debian's NSIS; returns where it is. */
export async function getNsis() {
  const folder = join(targetDir, 'tools', 'nsis');
  if (!areUnpacked(folder, NSIS)) await unpackPackages(folder, NSIS, "Debian's NSIS");
  return join(folder, 'root');
}

/** The files that an installation has, relative to its folder; the uninstaller comes on top. */
export const installedFiles = () => listFiles(join(home, 'files'));

function stageFiles(programs, platform) {
  const files = join(home, 'files');
  rmSync(home, { recursive: true, force: true });
  mkdirSync(join(files, 'licences'), { recursive: true });
  // With the GNU toolchain, WebView2's loader is a file of its own.
  const needed = ['warta-desktop.exe', 'warta.exe', ...['WebView2Loader.dll'].filter((name) => existsSync(join(programs, name)))];
  for (const name of needed) copyFileSync(join(programs, name), join(files, name));
  cpSync(join(root, 'src-tauri', 'icons', '128x128.png'), join(files, 'warta.png'));
  for (const text of licenceFiles(platform)) {
    // Notepad of older Windows needs the ending and its own ends of lines.
    const name = basename(text).endsWith('.txt') ? basename(text) : `${basename(text)}.txt`;
    writeFileSync(join(files, 'licences', name), readFileSync(text, 'utf8').replace(/\r?\n/g, '\r\n'));
  }
  return files;
}

/** The files in a folder, relative to it, with slashes. */
export function listFiles(folder) {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  return found.map((one) => relative(folder, join(one.parentPath ?? one.path, one.name)).split(sep).join('/')).sort();
}

/** Folders of files, each before those inside it. */
export function foldersOf(names) {
  const all = new Set();
  for (let folders of names.map(dirname)) for (; folders !== '.'; folders = dirname(folders)) all.add(folders);
  return [...all].sort();
}

/** The picture beside the last page: the icon on paper, as NSIS wants it (a bitmap of 164 by 314 pixels). */
function sidePicture() {
  const icon = readFileSync(join(root, 'src-tauri', 'icons', 'icon.svg'), 'utf8').replace('<svg ', '<svg x="34" y="40" width="96" height="96" ');
  const page = `<svg xmlns="http://www.w3.org/2000/svg" width="164" height="314"><rect width="164" height="314" fill="#f6f0e4"/>${icon}</svg>`;
  const { width, height, pixels } = new Resvg(page).render();
  // From the lowest row to the highest; blue, green and red; each row's length a multiple of four.
  const row = Math.ceil((width * 3) / 4) * 4;
  const head = Buffer.alloc(54);
  head.write('BM', 'latin1');
  head.writeUInt32LE(head.length + row * height, 2);
  head.writeUInt32LE(head.length, 10);
  head.writeUInt32LE(40, 14);
  head.writeInt32LE(width, 18);
  head.writeInt32LE(height, 22);
  head.writeUInt16LE(1, 26);
  head.writeUInt16LE(24, 28);
  const body = Buffer.alloc(row * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const from = (y * width + x) * 4;
      const to = (height - 1 - y) * row + x * 3;
      [body[to], body[to + 1], body[to + 2]] = [pixels[from + 2], pixels[from + 1], pixels[from]];
    }
  }
  return Buffer.concat([head, body]);
}

const backslashes = (name) => name.replaceAll('/', '\\');

/** Lines of NSIS that install these files. */
export function installLines(names) {
  const inside = (folder) => names.filter((name) => dirname(name) === folder).map((name) => `File "\${FILES}/${name}"`);
  const folders = foldersOf(names).flatMap((folder) => [`SetOutPath "$INSTDIR\\${backslashes(folder)}"`, ...inside(folder)]);
  return ['SetOutPath "$INSTDIR"', ...inside('.'), ...folders, ''];
}

/** Lines of NSIS that remove these files, and the folders only if they are empty then. */
export function uninstallLines(names) {
  const files = names.map((name) => `Delete "$INSTDIR\\${backslashes(name)}"`);
  const folders = foldersOf(names).reverse();
  return [...files, ...folders.map((folder) => `RMDir "$INSTDIR\\${backslashes(folder)}"`), ''];
}

function debianNsis(folder) {
  return { program: join(folder, 'usr', 'bin', 'makensis'), env: { ...process.env, NSISDIR: join(folder, 'usr', 'share', 'nsis') } };
}

function windowsNsis() {
  const usual = join(process.env['ProgramFiles(x86)'] ?? 'C:\\Program Files (x86)', 'NSIS', 'makensis.exe');
  if (existsSync(usual)) return usual;
  if (output('makensis', ['/VERSION'])) return 'makensis';
  throw new Stop('NSIS, which makes the installer, is missing. To install it:\n  winget install NSIS.NSIS');
}
