// npm run screenshots -- FOLDER: takes screenshots of the real app with the demo server. Front page, list,
// article, forwarding and first run; light and dark, wide and narrow. Needs a built app (npm start or
// npm test builds it) and what the tests need.

import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { appBinary, cliBinary, run, runMain, say, Stop } from './lib.mjs';

const WIDE = [1440, 900];
const NARROW = [430, 900];
/** In the headline of an article near the top of the list. */
const STORY = 'Kisah Melur';

await runMain(async () => {
  const folder = process.argv[2] && resolve(process.argv[2]);
  if (!folder) throw new Stop('Where to? npm run screenshots -- FOLDER');
  for (const program of [appBinary(), cliBinary()]) {
    if (!existsSync(program)) throw new Stop(`${program} is not built yet; npm start builds it.`);
  }
  mkdirSync(folder, { recursive: true });
  const { start } = await import('../tests/demo/server.mjs');
  const harness = await import('../tests/e2e/harness.mjs');
  const newsroom = await start({ faults: { slow: 100, broken: 'sound' } });
  const screen = await harness.openScreen({ width: 1600, height: 1000 });
  const home = harness.makeHome();
  try {
    await firstRun(folder, harness, screen, newsroom);
    const opml = join(home.dataDir, '..', 'demonstration.opml');
    writeFileSync(opml, await (await fetch(newsroom.opml)).text());
    for (const args of [['feeds', 'import', opml], ['sync', '--all']]) {
      await run(cliBinary(), ['--data-dir', home.dataDir, ...args], { env: home.env });
    }
    const app = await harness.openApp(screen, home);
    try {
      for (const theme of ['light', 'dark']) {
        await setTheme(app, harness, theme);
        for (const [name, size] of [['wide', WIDE], ['narrow', NARROW]]) await tour(folder, harness, app, `${theme}-${name}`, size);
      }
    } finally {
      app.kill();
    }
  } finally {
    screen.close();
    await newsroom.stop();
    home.remove();
  }
});

async function firstRun(folder, harness, screen, newsroom) {
  const home = harness.makeHome();
  const app = await harness.openApp(screen, home);
  try {
    await resize(app, WIDE);
    await app.shown('first-run');
    await shoot(folder, harness, app, 'first-run');
    await app.click('way-address');
    await (await app.shown('address-field')).setValue(newsroom.url);
    await app.click('address-find');
    await app.shown('discovered-feed');
    await shoot(folder, harness, app, 'first-run-found');
    await resize(app, NARROW);
    await shoot(folder, harness, app, 'first-run-narrow');
  } finally {
    app.kill();
    home.remove();
  }
}

async function setTheme(app, harness, theme) {
  await resize(app, WIDE);
  await app.click('settings-button');
  await app.shown('settings-dialog');
  await app.browser.execute((id) => document.querySelector(`[data-testid="${id}"]`).click(), `theme-${theme}`);
  await closeDialog(app, harness, 'settings-dialog');
}

/** Every view once, in one theme and size. */
async function tour(folder, harness, app, suffix, size) {
  await resize(app, WIDE);
  await app.click('place-front');
  await app.shown('front-page');
  await resize(app, size);
  await shoot(folder, harness, app, `front-page-${suffix}`);
  await resize(app, WIDE);
  await app.click('place-all');
  await app.shown('list');
  await resize(app, size);
  await shoot(folder, harness, app, `list-${suffix}`);
  await app.clickRow(STORY);
  await app.shown('article-title');
  await shoot(folder, harness, app, `article-${suffix}`);
  await app.click('forward-button');
  await app.shown('forward-dialog');
  await app.click('channel-whatsapp');
  await app.shown('forward-message');
  await shoot(folder, harness, app, `forward-${suffix}`);
  await closeDialog(app, harness, 'forward-dialog');
}

async function closeDialog(app, harness, id) {
  await app.browser.keys(['Escape']);
  await harness.until(`"${id}" has closed`, async () => !(await (await app.find(id)).isExisting()));
}

function resize(app, [width, height]) {
  return app.browser.setWindowSize(width, height);
}

/** Waits until fonts and the pictures in sight are painted and nothing moves any more, then keeps the picture. */
async function shoot(folder, harness, app, name) {
  await harness.until('pictures and fonts are there', () =>
    app.browser.executeAsync(async (done) => {
      const inSight = (image) => {
        const { top, bottom, width } = image.getBoundingClientRect();
        return width > 0 && bottom > 0 && top < innerHeight;
      };
      const before = document.body.innerHTML.length;
      await document.fonts.ready;
      await Promise.allSettled([...document.images].filter(inSight).map((image) => image.decode()));
      await Promise.allSettled(document.getAnimations().map((animation) => animation.finished));
      await new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)));
      const pending = [...document.images].filter(inSight).some((image) => !image.complete);
      done(!pending && document.getAnimations().length === 0 && document.body.innerHTML.length === before);
    }),
  );
  const file = join(folder, `${name}.png`);
  await keepDrawing(app);
  await app.browser.saveScreenshot(file);
  say(file);
}

/** WebKitGTK answers with the next frame that it draws, and draws none while a page rests: makes it draw for a while. */
function keepDrawing(app) {
  return app.browser.execute(() => {
    const { style } = document.documentElement;
    const end = performance.now() + 3000;
    const turn = () => {
      const last = performance.now() > end;
      style.outline = last || style.outline ? '' : '1px solid transparent';
      if (!last) requestAnimationFrame(turn);
    };
    turn();
  });
}
