// npm start: gets what is missing, builds Warta and opens it. Without a display it builds all the
// same and prints the front page in the terminal, from the same data folder.
//
//   --demo      reads from a demonstration newsroom on this machine, in a data folder of its own
//   --release   builds the optimised program (slower to build, faster to run)
//   --headless  behaves as if there were no display

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildPrograms, buildUi } from './building.mjs';
import { appBinary, cliBinary, run, runMain, say, Stop } from './lib.mjs';
import { setUp } from './setup.mjs';

const FLAGS = ['--demo', '--release', '--headless'];

await runMain(async () => {
  const given = process.argv.slice(2);
  const unknown = given.filter((flag) => !FLAGS.includes(flag));
  if (unknown.length > 0) throw new Stop(`Unknown option: ${unknown.join(' ')}. Usage: npm start -- [${FLAGS.join('] [')}]`);
  const [demo, release, headless] = FLAGS.map((flag) => given.includes(flag));

  await setUp();
  await buildUi();
  await buildPrograms({ release });

  const profile = release ? 'release' : 'debug';
  const display = !headless && hasDisplay();
  if (!display) say('There is no display here, so Warta shows its front page in the terminal.');
  if (demo) return startDemo(profile, display);
  return display ? openApp(profile) : printFrontPage(profile);
});

/** On Linux the environment shows whether there is a display; other systems always have one. */
function hasDisplay() {
  if (process.platform !== 'linux') return true;
  return Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

function openApp(profile, dataDir = process.env.WARTA_DATA_DIR) {
  say('Opening Warta.');
  return run(appBinary(profile), [], { env: environment(dataDir) });
}

function printFrontPage(profile, dataDir = process.env.WARTA_DATA_DIR) {
  return run(cliBinary(profile), [...atFolder(dataDir), 'front-page'], { env: environment(dataDir) });
}

function environment(dataDir) {
  return dataDir ? { ...process.env, WARTA_DATA_DIR: dataDir } : process.env;
}

function atFolder(dataDir) {
  return dataDir ? ['--data-dir', dataDir] : [];
}

async function startDemo(profile, display) {
  const { start } = await import('../tests/demo/server.mjs');
  const newsroom = await start();
  const dataDir = mkdtempSync(join(tmpdir(), 'warta-demo-'));
  try {
    say('The demonstration newsroom is open: eight invented publishers on this machine only.');
    say(`Paste this address into Warta:  ${newsroom.url}`);
    say(`Or all eight at once by OPML:   ${newsroom.opml}`);
    if (display) return await openApp(profile, dataDir);
    const folder = atFolder(dataDir);
    for (const { site } of newsroom.publishers) {
      // One of the eight feeds is broken on purpose, so ignore a failure.
      await run(cliBinary(profile), [...folder, 'feeds', 'add', site]);
    }
    await run(cliBinary(profile), [...folder, 'sync', '--all']);
    return await printFrontPage(profile, dataDir);
  } finally {
    await newsroom.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}
