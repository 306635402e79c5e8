// Installs, updates and uninstalls Warta: what is there afterwards, what is left, and what must not be touched. On Windows
// this would replace an installation, so it runs in CI only.

import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Stop } from '../lib.mjs';
import { installedFiles, listFiles } from './installer.mjs';
import { onWindows, startWindows, userFolder, windowsPath } from './wine.mjs';

const CLASSES = 'HKCU\\Software\\Classes';
const WEBVIEW2 = 'HKCU\\Software\\Microsoft\\EdgeUpdate\\Clients\\{F3017226-FE2A-4295-8BDF-00C3A9A7E4C5}';
const RUN = 'HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Run';
const OTHER = 'other.exe "%1"';

/**
 * Runs the installer and the uninstaller; `run(program, args)` gives `{ code, out, err }`. Returns what the installation
 * consists of: files, shortcuts and registry values. Fails with what went wrong.
 */
export async function checkInstaller(installer, run) {
  if (onWindows && !process.env.CI) throw new Stop('The installer is checked in CI only: here it would replace an installed Warta.');
  const programs = join(userFolder(), 'AppData', 'Local', 'Programs', 'Warta');
  const menu = join(userFolder(), 'AppData', 'Roaming', 'Microsoft', 'Windows', 'Start Menu', 'Programs');
  const data = join(userFolder(), 'AppData', 'Roaming', 'org.warta.reader');
  const reg = (...args) => run('reg', args);
  const registry = async () => (await values(reg, 'HKCU\\Software')).filter(isWatched);
  // `_?=` keeps the uninstaller from continuing as a copy of itself, so that this waits for it; its own file stays then.
  const uninstall = () => run(join(programs, 'uninstall.exe'), ['/S', `_?=${windowsPath(programs)}`]);
  const expectCode = (answer, code, message) => assert.equal(answer.code, code, `${message}: ${answer.out}${answer.err}`);

  // Wine has no WebView2, Windows does; another program opens `web+feed:` links; Warta has been used before.
  if (existsSync(join(programs, 'uninstall.exe'))) await uninstall();
  rmSync(programs, { recursive: true, force: true });
  if (!onWindows) await reg('add', WEBVIEW2, '/v', 'pv', '/d', '120.0.0.0', '/f');
  await reg('add', `${CLASSES}\\web+feed\\shell\\open\\command`, '/ve', '/d', OTHER, '/f');
  mkdirSync(data, { recursive: true });
  writeFileSync(join(data, 'kept'), 'articles');
  const before = await registry();
  const linksBefore = filesIn(menu);

  expectCode(await run(installer, ['/S']), 0, 'the installer ends well');
  const files = filesIn(programs);
  assert.deepEqual(files, [...installedFiles(), 'uninstall.exe'].sort(), 'the installed files');
  const shortcuts = filesIn(menu).filter((name) => !linksBefore.includes(name));
  assert.deepEqual(shortcuts, ['Warta.lnk'], 'the shortcuts');
  const added = (await registry()).filter((value) => !before.includes(value));
  const command = /"C:\\[^"]+\\Programs\\Warta\\warta-desktop\.exe" "%1"/;
  for (const kind of ['warta', 'feed', 'Warta.opml']) {
    const value = added.find((one) => one.includes(`\\Classes\\${kind}\\shell\\open\\command:`));
    assert.match(value ?? '', command, `Warta opens ${kind}`);
  }
  assert.ok(!added.some((value) => value.includes('Classes\\web+feed\\')), 'links of another program stay its own');
  const { out } = await run(join(programs, 'warta.exe'), ['--version']);
  assert.match(out, /^warta \d/, 'the installed command line runs');

  // Over a running program nothing is written; an update replaces everything.
  // The command line stands in for the app, which Wine cannot run.
  copyFileSync(join(programs, 'warta.exe'), join(programs, 'warta-desktop.exe'));
  for (const name of ['warta.exe', 'warta-desktop.exe']) {
    await whileItRuns(join(programs, name), async () => {
      const answer = await run(installer, ['/S', '/UPDATE']);
      assert.equal(answer.code, 10, 'an update does not replace a program that runs');
    });
  }
  writeFileSync(join(programs, 'warta.png'), 'old');
  expectCode(await run(installer, ['/S', '/UPDATE']), 0, 'the update ends well');
  assert.ok(readFileSync(join(programs, 'warta.png')).length > 10, 'an update replaces files');
  assert.deepEqual(filesIn(programs), files, 'an update leaves the same files');
  assert.deepEqual((await registry()).filter((value) => !before.includes(value)), added, 'and the same values of the registry');

  // Started at login by Warta's own setting; a file of the reader's in the program's folder.
  await reg('add', RUN, '/v', 'Warta', '/d', 'warta-desktop.exe', '/f');
  writeFileSync(join(programs, 'note.txt'), "the reader's own");
  const quiet = added.find((one) => one.includes('Uninstall\\Warta: QuietUninstallString'));
  assert.match(quiet ?? '', /uninstall\.exe" \/S$/, 'Windows knows how to uninstall');
  expectCode(await uninstall(), 0, 'the uninstaller ends well');
  const left = filesIn(programs);
  assert.deepEqual(left.filter((name) => name !== 'uninstall.exe'), ['note.txt'], 'only what is not ours is left of the folder');
  assert.deepEqual(filesIn(menu), linksBefore, 'no shortcut is left');
  assert.deepEqual(await registry(), before, 'the registry is as it was');
  assert.equal(readFileSync(join(data, 'kept'), 'utf8'), 'articles', 'the data stays');
  rmSync(data, { recursive: true });
  return { files, shortcuts, values: added };
}

/** On Windows other programs change the registry meanwhile. */
const isWatched = (value) => !onWindows || /warta|\\(web\+)?feed\b/i.test(value);

/** Does something while a program waits for a server that does not answer. */
async function whileItRuns(program, act) {
  let connected;
  const connection = new Promise((resolve) => (connected = resolve));
  const server = createServer((socket) => {
    socket.on('error', () => {});
    connected();
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const folder = join(userFolder(), 'Temp data of the check');
  const running = startWindows(program, ['--data-dir', folder, 'feeds', 'add', `http://127.0.0.1:${server.address().port}/feed`]);
  try {
    await Promise.race([connection, running.ended.then(() => assert.fail('the command line ended at once'))]);
    await act();
  } finally {
    running.stop();
    await running.ended;
    server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const filesIn = (folder) => (existsSync(folder) ? listFiles(folder) : []);

/** All values below a key, one a line: key, name, type and value. */
async function values(reg, key) {
  const { out } = await reg('query', key, '/s');
  let current = '';
  const found = [];
  for (const line of out.split(/\r?\n/)) {
    if (line.startsWith('HKEY_')) current = line;
    else if (line.trim() !== '') found.push(`${current}: ${line.trim()}`);
  }
  return found.sort();
}
