// The real app in a real web view, with its own display and data folder, an opener that logs the addresses
// it is asked to open, and a WebDriver session. Every process started here is killed at the end.

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { remote } from 'webdriverio';
import { appBinary, cliBinary } from '../../scripts/lib.mjs';

const started = new Set();

process.on('exit', () => {
  for (const child of started) killGroup(child);
});

const clock = new Int32Array(new SharedArrayBuffer(4));

/** The ids of the processes of a group that run; zombies do not count. */
export function processesOf(group) {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const [state, , of] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return Number(of) === group && state !== 'Z';
    } catch {
      // It has ended meanwhile.
      return false;
    }
  });
}

/** Whether any process of a program's group still runs. */
const isAlive = (child) => processesOf(child.pid).length > 0;

/** Starts a program in its own process group. */
export function launch(program, args, options = {}) {
  const child = spawn(program, args, { detached: true, stdio: 'ignore', ...options });
  started.add(child);
  child.on('exit', () => started.delete(child));
  return child;
}

export function killGroup(child, signal = 'SIGKILL') {
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group has ended already.
  }
}

export async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Waits until `condition` returns something truthy; the error of a timeout names `what`. */
export async function until(what, condition, timeout = 20_000) {
  const end = Date.now() + timeout;
  let last;
  while (Date.now() < end) {
    try {
      const value = await condition();
      if (value) return value;
    } catch (error) {
      last = error;
    }
    await pause(60);
  }
  throw new Error(`timed out after ${timeout / 1000} s waiting until ${what}${last ? `: ${last.message}` : ''}`);
}

/** A server on this machine: its `origin`, and how it ends. */
export async function serve(answer) {
  const server = createHttpServer(answer);
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** A virtual display of `width` × `height`. */
export async function openScreen({ width = 1440, height = 900 } = {}) {
  // Xvfb takes the first number that is free, also one whose lock a killed server left, and writes it.
  const screen = launch('Xvfb', ['-displayfd', '3', '-screen', '0', `${width}x${height}x24`, '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  let number = '';
  screen.stdio[3].setEncoding('utf8').on('data', (text) => (number += text));
  await until('the screen is there', () => number.endsWith('\n'));
  return { display: `:${number.trim()}`, close: () => killGroup(screen) };
}

/** A session bus of its own, on which AT-SPI starts when it is asked for. */
export async function openBus(screen, home) {
  const bus = launch('dbus-daemon', ['--session', '--nofork', '--print-address=1'], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...home.env, DISPLAY: screen.display },
  });
  const [first] = await once(bus.stdout, 'data');
  return { address: String(first).trim(), close: () => killGroup(bus) };
}

/**
 * Folders and an opener for one test: `dataDir`, and `opened()`, the addresses that the app asked the
 * system to open. `handles` are the schemes for which an app seems to be installed.
 */
export function makeHome({ handles = ['whatsapp', 'tg', 'mailto'] } = {}) {
  const home = mkdtempSync(join(tmpdir(), 'warta-e2e-'));
  const log = join(home, 'opened.log');
  const program = (name, body) => {
    writeFileSync(join(home, name), `#!/bin/sh\n${body}\n`);
    chmodSync(join(home, name), 0o755);
  };
  program('xdg-open', `printf '%s\\n' "$1" >> '${log}'`);
  const known = handles.map((scheme) => `x-scheme-handler/${scheme}`).join('|');
  program('xdg-mime', `case "$3" in ${known || 'none'}) echo app.desktop;; esac`);
  const env = {
    ...process.env,
    HOME: home,
    XDG_DATA_HOME: join(home, 'share'),
    XDG_CONFIG_HOME: join(home, 'config'),
    XDG_CACHE_HOME: join(home, 'cache'),
    XDG_RUNTIME_DIR: home,
    PATH: `${home}:${process.env.PATH}`,
    LANG: 'id_ID.UTF-8',
    LANGUAGE: 'id',
    LC_ALL: 'id_ID.UTF-8',
    DBUS_SESSION_BUS_ADDRESS: '',
    GTK_A11Y: 'none',
    NO_AT_BRIDGE: '1',
    LIBGL_ALWAYS_SOFTWARE: '1',
    TAURI_WEBVIEW_AUTOMATION: 'true',
  };
  return {
    dataDir: join(home, 'data'),
    env,
    /** Lets the app serve assistive technology over a session bus. */
    accessible: (bus) => {
      env.DBUS_SESSION_BUS_ADDRESS = bus;
      delete env.GTK_A11Y;
      delete env.NO_AT_BRIDGE;
    },
    opened: () => (existsSync(log) ? readFileSync(log, 'utf8').split('\n').filter(Boolean) : []),
    remove: () => rmSync(home, { recursive: true, force: true, maxRetries: 5 }),
  };
}

/** Subscribes a home to an OPML list before the app is started. */
export function subscribe(home, opml) {
  const file = join(dirname(home.dataDir), 'umpan.opml');
  writeFileSync(file, opml);
  execFileSync(cliBinary(), ['--data-dir', home.dataDir, 'feeds', 'import', file], { env: home.env });
}

/** Fetches all feeds of a home; the demonstration answers meanwhile. */
export async function syncAll(home) {
  await new Promise((resolve, reject) => {
    const sync = launch(cliBinary(), ['--data-dir', home.dataDir, 'sync', '--all'], { env: home.env });
    sync.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`the sync ended with ${code}`))));
  });
}

/** Subscribes a home to the demonstration's feeds and syncs them. */
export async function synced(home, demo) {
  subscribe(home, await (await fetch(demo.opml)).text());
  await syncAll(home);
}

/**
 * A keyboard and a mouse on the screen: events of the X server, as from real devices. `focus()` gives the
 * app's window the keyboard, since the screen has no window manager.
 */
export function hands(screen) {
  const xdotool = (...args) => execFileSync('xdotool', args.map(String), { env: { ...process.env, DISPLAY: screen.display }, encoding: 'utf8' });
  const at = (point) => (point ? ['mousemove', '--sync', Math.round(point.x), Math.round(point.y)] : []);
  return {
    focus: () => until('the window can be focused', () => {
      // GTK's helper windows carry the name too; the app's is the one in sight.
      const [window] = xdotool('search', '--onlyvisible', '--name', 'Warta').trim().split('\n');
      if (!window) return false;
      xdotool('windowfocus', '--sync', window);
      return true;
    }),
    /** Presses keys one after the other, by their X names (`Page_Down`, `ctrl+comma`, `question`). */
    keys: (...names) => xdotool('key', '--delay', '30', ...names),
    /** Types a text. */
    type: (text) => xdotool('type', '--delay', '15', '--', text),
    /** Turns the wheel by notches, down if positive, with the pointer at a point of the screen. */
    wheel: (notches, point) =>
      xdotool(...at(point), 'click', '--repeat', Math.abs(notches), '--delay', '20', notches > 0 ? 5 : 4),
    /** 1 left, 2 wheel, 3 right, 8 back, 9 forward. */
    press: (button, point) => xdotool(...at(point), 'click', button),
    point: (point) => xdotool(...at(point)),
  };
}

/** Whether the web view's storage on disk holds this text; it is written some time after the page asked. */
export function isOnDisk(home, text) {
  return readdirSync(dirname(home.dataDir), { recursive: true, withFileTypes: true }).some((entry) => {
    if (!entry.isFile() || !/localstorage/i.test(`${entry.parentPath}/${entry.name}`)) return false;
    const bytes = readFileSync(join(entry.parentPath, entry.name));
    return bytes.includes(Buffer.from(text, 'utf16le')) || bytes.includes(text);
  });
}

/** The middle of the first element that a selector finds, on the screen; waits until it is in sight. */
export function middleOf(app, selector) {
  return until(`"${selector}" is in sight`, () =>
    app.browser.execute((wanted) => {
      const element = [...document.querySelectorAll(wanted)].find((one) => one.checkVisibility());
      if (!element) return null;
      const before = element.getBoundingClientRect();
      if (before.top < 0 || before.bottom > innerHeight) element.scrollIntoView({ block: 'center' });
      const rect = element.getBoundingClientRect();
      return { x: window.screenX + rect.x + rect.width / 2, y: window.screenY + rect.y + rect.height / 2 };
    }, selector));
}

/** Waits until an element has neither moved nor scrolled for twelve frames; returns its `scrollTop`. */
export function steady(app, selector) {
  return app.browser.execute(async (wanted) => {
    const element = document.querySelector(wanted);
    let last = '';
    for (let frames = 0; frames < 12; frames++) {
      const { x, y, width, height } = element.getBoundingClientRect();
      const now = [x, y, width, height, element.scrollTop].join();
      if (now !== last) frames = 0;
      last = now;
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
    return { top: element.scrollTop };
  }, selector);
}

/** How long nothing may happen before a sync counts as ended, in milliseconds. */
const SILENCE = 700;

/** Waits until no sync shows and the demo server is asked for nothing more: what is shown changes no more. */
export function syncEnds(app, demo, timeout = 300_000) {
  let asked = -1;
  let since = Date.now();
  return until('the sync ends', async () => {
    const runs = await (await app.find('sync-progress')).isExisting();
    if (runs || demo.requests.length !== asked) since = Date.now();
    asked = demo.requests.length;
    return Date.now() - since >= SILENCE;
  }, timeout);
}

/** Starts the app under WebDriver. `kill()` is SIGKILL, for the app and all that belongs to it. */
export async function openApp(screen, home, { profile = 'debug', binary = appBinary(profile), args = [] } = {}) {
  const port = await freePort();
  const env = { ...home.env, DISPLAY: screen.display, WARTA_DATA_DIR: home.dataDir };
  const startedAt = Date.now();
  const driver = launch('WebKitWebDriver', [`--port=${port}`, '--host=127.0.0.1'], { env });
  await until('the driver listens', async () => (await fetch(`http://127.0.0.1:${port}/status`)).ok);
  const browser = await remote({
    hostname: '127.0.0.1',
    port,
    logLevel: 'error',
    connectionRetryCount: 0,
    capabilities: {
      'wdio:enforceWebDriverClassic': true,
      'webkitgtk:browserOptions': { binary, args },
    },
  });
  const find = (id) => browser.$(`[data-testid="${id}"]`);
  return {
    browser,
    startedAt,
    find,
    all: (id) => browser.$$(`[data-testid="${id}"]`),
    /** The element, once it is displayed. */
    shown: async (id, timeout) => {
      const element = await until(`"${id}" shows`, async () => {
        const found = await find(id);
        return (await found.isExisting()) && (await found.isDisplayed()) && found;
      }, timeout);
      return element;
    },
    // A click that lands beside the element, because the page moved meanwhile, is made again.
    click: async (id) =>
      until(`"${id}" can be clicked`, async () => {
        const found = await find(id);
        // A click on a disabled button has no effect and raises no error.
        if (!(await found.isEnabled())) return false;
        await browser.execute((element) => {
          window.isClicked = false;
          element.addEventListener('click', () => (window.isClicked = true), { capture: true, once: true });
        }, found);
        await found.click();
        return (await browser.execute(() => window.isClicked)) !== false;
      }),
    /** Clicks the first row that contains `text`, by default the first with a picture. */
    clickRow: (text = '') =>
      until(`a row ${text ? `with "${text}"` : 'with a picture'} is listed`, () =>
        browser.execute((wanted) => {
          const rows = [...document.querySelectorAll('[data-testid^="row-"]')];
          const row = rows.find((one) => (wanted ? one.textContent.includes(wanted) : one.querySelector('img')));
          row?.click();
          return row !== undefined;
        }, text), 40_000),
    /** Presses keys one after the other; `browser.keys` would press several together. */
    press: async (...keys) => {
      for (const key of keys) await browser.keys(key);
    },
    text: async (id) => (await find(id)).getText(),
    // The store is locked until the app has ended.
    kill: () => {
      killGroup(driver);
      for (let turn = 0; turn < 200 && isAlive(driver); turn++) Atomics.wait(clock, 0, 0, 25);
    },
    close: async () => {
      await browser.deleteSession().catch(() => {});
      killGroup(driver, 'SIGTERM');
    },
  };
}
