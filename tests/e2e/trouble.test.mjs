// When something is wrong: the log, diagnostics, a web view that crashes, a portable program; and files dropped
// on the window.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, linkSync, copyFileSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { appBinary, cliBinary } from '../../scripts/lib.mjs';
import { start } from '../demo/server.mjs';
import { accessibilityTree, openDesktop, startApp } from './desktop.mjs';
import { makeHome, openApp, openBus, openScreen, synced, until } from './harness.mjs';


let demo;
let screen;
let home;
let bus;
let desktop;
let app;

before(async () => {
  demo = await start({ faults: { slow: 0, broken: 'sound' } });
  screen = await openScreen();
  home = makeHome();
  await synced(home, demo);
});

after(async () => {
  app?.kill();
  desktop?.close();
  bus?.close();
  screen?.close();
  await demo?.stop();
  home?.remove();
});

const log = () => readFileSync(join(home.dataDir, 'logs', 'warta.log'), 'utf8');

/** What may be in no diagnostics: hosts, titles, folders of the reader. */
function assertNamesNothing(text) {
  const { hostname, port } = new URL(demo.opml);
  for (const secret of [hostname, port, dirname(home.dataDir), ...demo.publishers.map(({ name }) => name)]) {
    assert.ok(!text.includes(secret), `${secret} is in:\n${text}`);
  }
  for (const { title } of Object.values(demo.articles).flat()) assert.ok(!text.includes(title.trim()), title);
}

test('"Copy diagnostics" copies what it shows, without addresses and titles', async () => {
  app = await openApp(screen, home);
  await app.shown('front-page', 60_000);
  await app.press(['Control', ',']);
  await app.shown('settings-dialog');
  await app.click('copy-diagnostics');
  await app.shown('diagnostics-text');
  const text = await app.browser.execute(() => document.querySelector('[data-testid="diagnostics-text"]').textContent);
  assert.match(text, /^Warta: \d+\.\d+\.\d+, desktop app\nSystem: /);
  assert.match(text, /\nWeb view: WebKitGTK \d+\.\d+/);
  assert.match(text, /\nDrawing: without composing\n/);
  assert.match(text, /\nSize: \d+\.\d MB /);
  assert.match(text, /\nContents: [1-9]\d* articles .* 8 feeds, /);
  assert.match(text, /\nLog:\n.*Warta starts/s);
  assertNamesNothing(text);
  const read = "import gi; gi.require_version('Gtk', '3.0'); from gi.repository import Gtk, Gdk; print(Gtk.Clipboard.get(Gdk.SELECTION_CLIPBOARD).wait_for_text(), end='')";
  const copied = execFileSync('/usr/bin/python3', ['-c', read], { env: { ...home.env, DISPLAY: screen.display }, encoding: 'utf8' });
  assert.equal(copied, text);
  assert.equal(statSync(join(home.dataDir, 'logs')).mode & 0o777, 0o700);
  // Updates are off in a build without an address, and say so.
  assert.match(await app.text('settings-section-help'), /tanpa alamat pembaruan/);
});

test('an OPML file dropped on the window is imported', async () => {
  await app.press(['Escape']);
  const drag = (type, content) =>
    app.browser.execute((type, content) => {
      const data = new DataTransfer();
      data.items.add(new File([content], 'saya.opml'));
      document.body.dispatchEvent(new DragEvent(type, { dataTransfer: data, cancelable: true, bubbles: true }));
    }, type, content);
  const opml = '<opml version="2.0"><body><outline text="Baru" type="rss" xmlUrl="http://127.0.0.1:9/baru.xml"/></body></opml>';
  await drag('dragenter', opml);
  await app.shown('drop-overlay');
  await drag('drop', opml);
  await until('the import is said', async () => (await app.text('toast')).includes('saya.opml: 1'));
  assert.equal(await (await app.find('drop-overlay')).isExisting(), false);
  app.kill();
  const feeds = execFileSync(cliBinary(), ['--data-dir', home.dataDir, 'feeds', 'list'], { env: home.env, encoding: 'utf8' });
  assert.match(feeds, /Baru/);
});

test('the command line prints diagnostics, also of a folder in use', async () => {
  const diagnostics = () => execFileSync(cliBinary(), ['--data-dir', home.dataDir, 'doctor', '--diagnostics'], { env: home.env, encoding: 'utf8' });
  const text = diagnostics();
  assert.match(text, /^Warta: .*, command line\n/);
  assert.match(text, /\nContents: [1-9]\d* articles .* 9 feeds, /);
  assertNamesNothing(text);
  app = startApp(screen, home);
  await until('the folder is in use', () => /\nStore: InUse: /.test(diagnostics()), 40_000);
  app.kill();
});

test('a page that crashes is loaded again; the second time without the graphics processor', async () => {
  bus = await openBus(screen, home);
  home.accessible(bus.address);
  desktop = openDesktop(screen, home);
  const seen = () => accessibilityTree(screen, home);
  const isShown = () => seen().includes('"heading"');
  app = startApp(screen, home);
  await until('the window is open', () => desktop.isOpen(), 40_000);
  await until('the front page shows', isShown, 40_000);
  const arguments_ = () => readFileSync(`/proc/${app.pid}/cmdline`, 'utf8').split('\0');
  const crash = async () => {
    const [page] = app.pages();
    process.kill(Number(page), 'SIGKILL');
    await until('the page has crashed', () => !app.pages().includes(page));
    await until('there is a page again', () => app.pages().length > 0, 40_000);
    await until('it shows', isShown, 40_000);
  };
  await crash();
  assert.ok(!arguments_().some((argument) => argument.startsWith('--software-rendering')), 'it was only loaded again');
  await crash();
  assert.ok(arguments_().includes('--software-rendering=after-crash'));
  const environment = readFileSync(`/proc/${app.pid}/environ`, 'utf8');
  for (const name of ['WEBKIT_DISABLE_COMPOSITING_MODE', 'WEBKIT_DISABLE_DMABUF_RENDERER']) assert.ok(environment.includes(`${name}=1`), name);
  // The tree has no text of a message, but its button; `ui/test/links.test.ts` tests the words.
  const message = /"status bar"[^\n]*"showing"\]\}\n[^\n]*"push button", "name": "Tutup"/;
  await until('it is said', () => message.test(seen()), 20_000);
  assert.match(log(), /ERROR .*the web view crashed.*\n[^]*ERROR .*the web view crashed/);
  await desktop.closeWindow();
  await until('Warta has ended', () => !app.isRunning());
  assert.equal(await app.ended, 0);
});

test('a portable program keeps its data beside itself', async () => {
  const place = join(dirname(home.dataDir), 'stick');
  mkdirSync(place);
  const beside = (program) => {
    const to = join(place, basename(program));
    try {
      linkSync(program, to);
    } catch {
      // Another file system.
      copyFileSync(program, to);
    }
    return to;
  };
  const cli = beside(cliBinary());
  const env = { ...home.env };
  delete env.WARTA_DATA_DIR;
  const usual = join(env.XDG_DATA_HOME, 'org.warta.reader');
  const list = () => execFileSync(cli, ['feeds', 'list'], { env, encoding: 'utf8' });
  list();
  assert.ok(existsSync(usual), 'without portable.txt it is the usual folder');
  rmSync(usual, { recursive: true });
  writeFileSync(join(place, 'portable.txt'), '');
  const opml = join(place, 'umpan.opml');
  writeFileSync(opml, await (await fetch(demo.opml)).text());
  execFileSync(cli, ['feeds', 'import', opml], { env });
  assert.ok(existsSync(join(place, 'warta-data', 'format')));
  // The app finds what the command line stored.
  const stick = { ...home, dataDir: '' };
  app = await openApp(screen, stick, { binary: beside(appBinary()) });
  await app.shown('app', 60_000);
  const { places, dataDir } = await app.browser.executeAsync((done) => {
    window.__TAURI_INTERNALS__.invoke('overview').then(done, done);
  });
  assert.equal(dataDir, join(place, 'warta-data'));
  assert.equal(places.feeds.length, 8);
  app.kill();
  assert.equal(existsSync(usual), false);
});
