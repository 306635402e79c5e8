// A desktop for tests: a tray host, a dock and a notification server on the session bus, windows that are closed as a
// window manager does it, and the app without WebDriver, which would end with its window.

import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { appBinary } from '../../scripts/lib.mjs';
import { killGroup, launch, processesOf, until } from './harness.mjs';

const SERVICE = fileURLToPath(new URL('desktop_service.py', import.meta.url));
const TREE = fileURLToPath(new URL('accessibility_tree.py', import.meta.url));

/** The desktop of a screen, whose session bus is in the environment of `home`. */
export function openDesktop(screen, home) {
  const env = { ...home.env, DISPLAY: screen.display };
  // Debian's own Python has the bindings.
  const service = launch('/usr/bin/python3', [SERVICE], { env, stdio: ['pipe', 'pipe', 'inherit'] });
  const waiting = [];
  createInterface({ input: service.stdout }).on('line', (line) => waiting.shift()(JSON.parse(line)));
  const ask = async (command) => {
    const answered = new Promise((resolve) => waiting.push(resolve));
    service.stdin.write(`${JSON.stringify(command)}\n`);
    const { answer, error } = await answered;
    if (error) throw new Error(`${command.do}: ${error}`);
    return answer;
  };
  const labels = async () => (await ask({ do: 'menu' }))?.map(({ label }) => label).filter(Boolean) ?? null;
  return {
    setHost: (on) => ask({ do: 'host', on }),
    menu: () => ask({ do: 'menu' }),
    labels,
    /** Clicks an item of the tray's menu, once it is there. */
    choose: async (label) => {
      await until(`the tray offers "${label}"`, async () => (await labels())?.includes(label));
      if (!(await ask({ do: 'choose', label }))) throw new Error(`the tray lost "${label}"`);
    },
    /** What the dock was told so far. */
    dock: () => ask({ do: 'dock' }),
    notifications: () => ask({ do: 'notifications' }),
    /** The first notification that fits, once it is there. */
    notified: (what, fits, timeout) => until(`there is a notification of ${what}`, async () => (await ask({ do: 'notifications' })).find(fits), timeout),
    clickNotification: ({ id }) => ask({ do: 'click', id }),
    isOpen: async () => (await ask({ do: 'windows', name: '^Warta$' })) > 0,
    /** Closes the window and waits until it is out of sight. */
    closeWindow: async () => {
      await ask({ do: 'close', name: '^Warta$' });
      await until('the window is gone', async () => (await ask({ do: 'windows', name: '^Warta$' })) === 0);
    },
    close: () => killGroup(service),
  };
}

/** Starts the app without WebDriver. */
export function startApp(screen, home, args = [], program = appBinary('debug')) {
  const { TAURI_WEBVIEW_AUTOMATION: _, ...rest } = home.env;
  const env = { ...rest, DISPLAY: screen.display, WARTA_DATA_DIR: home.dataDir };
  const child = launch(program, args, { env, stdio: ['ignore', 'inherit', 'inherit'] });
  const ended = once(child, 'exit').then(([code]) => code);
  const isPage = (pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('WebKitWebProcess');
    } catch {
      // It has ended meanwhile.
      return false;
    }
  };
  const pages = () => processesOf(child.pid).filter(isPage);
  return {
    pid: child.pid,
    /** The exit code, once it has ended. */
    ended,
    isRunning: () => child.exitCode === null && child.signalCode === null,
    kill: () => killGroup(child),
    /** The process ids of its pages, shown or not. WebKit's network process outlives them. */
    pages,
    webViewRuns: () => pages().length > 0,
    /** Memory of all its processes in bytes; shared pages count by their share. */
    memory: () => memoryOf(processesOf(child.pid)),
  };
}

/** All names and texts of the window, as screen readers get them: one JSON object a line. */
export const accessibilityTree = (screen, home) =>
  execFileSync('/usr/bin/python3', [TREE, 'warta'], { env: { ...home.env, DISPLAY: screen.display }, encoding: 'utf8', maxBuffer: 64 << 20 });

/** Memory of processes in bytes; shared pages count by their share. */
export const memoryOf = (pids) => pids.reduce((sum, pid) => sum + proportional(pid), 0);

function proportional(pid) {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  return Number(/^Pss:\s+(\d+) kB/m.exec(rollup)[1]) * 1024;
}
