// Life in the background, on a desktop of our own: tray, closed window, notifications, start at login.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { appBinary, cliBinary } from '../../scripts/lib.mjs';
import { start } from '../demo/server.mjs';
import { accessibilityTree, openDesktop, startApp } from './desktop.mjs';
import { makeHome, openApp, openBus, openScreen, subscribe, synced, until } from './harness.mjs';

const OPEN = 'Buka Warta';
const FRONT = 'Beranda';
const SYNC = 'Sinkronkan sekarang';
const QUIT = 'Keluar';
const KEPT = 'Warta tetap berjalan';

let demo;
let screen;
let home;
let bus;
let desktop;
let app;
/** The story that is followed. */
let followed;
/** The command of the file for the start at login. */
let atLogin;

before(async () => {
  demo = await start({ faults: { slow: 0, broken: 'sound' } });
  screen = await openScreen();
  home = makeHome();
  bus = await openBus(screen, home);
  home.accessible(bus.address);
  desktop = openDesktop(screen, home);
  await desktop.setHost(true);
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

const autostart = join('config', 'autostart');
function autostartFiles() {
  const folder = join(dirname(home.dataDir), autostart);
  return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
}

/** The exit code of the app, which has been asked to end. */
async function end() {
  await until('Warta has ended', () => !app.isRunning());
  return app.ended;
}

/** All names and texts of the window, as screen readers get them. */
const seen = () => accessibilityTree(screen, home).split('\n').filter(Boolean).map((line) => JSON.parse(line));
const heading = (text) => until(`"${text}" is a heading of the window`, () => seen().some(({ role, name }) => role === 'heading' && name?.includes(text)), 30_000);

/** Publishes an article as a publisher's newest. */
function publish(publisher, like, slug, title, paragraphs) {
  demo.articles[publisher].unshift({ ...like, publisher, slug, title, picture: undefined, time: new Date(), blocks: paragraphs.map((text) => ({ kind: 'paragraph', text })) });
}

/** Syncs from the tray until a notification comes: a feed that is being fetched is not fetched again. */
async function syncUntilNotified(what, fits) {
  return until(`there is a notification of ${what}`, async () => {
    const found = (await desktop.notifications()).find(fits);
    if (!found && (await desktop.labels())?.includes(SYNC)) await desktop.choose(SYNC);
    return found;
  }, 60_000);
}

test('the settings write and remove the file for the start at login', async () => {
  app = await openApp(screen, home);
  await app.shown('front-page', 60_000);
  const invoke = (command, given) => app.browser.executeAsync((name, values, done) => {
    window.__TAURI_INTERNALS__.invoke(name, values).then((value) => done({ value }), (error) => done({ error: JSON.stringify(error) }));
  }, command, given);
  const called = async (command, given) => {
    const { value, error } = await invoke(command, given);
    assert.equal(error, undefined, command);
    return value;
  };

  assert.deepEqual(autostartFiles(), []);
  await app.press(['Control', ',']);
  await app.shown('settings-dialog');
  await app.click('settings-at-login');
  const [file] = await until('the file is written', () => autostartFiles().length === 1 && autostartFiles());
  [, atLogin] = /^Exec=(.*)$/m.exec(readFileSync(file, 'utf8'));
  assert.equal(atLogin, `${appBinary('debug')} --hidden --data-dir ${home.dataDir}`);
  await app.click('settings-at-login');
  await until('the file is removed', () => autostartFiles().length === 0);

  // The menu follows the language.
  const { settings } = await called('overview');
  await until('the menu is Indonesian', async () => (await desktop.labels())?.includes(OPEN));
  await called('set_settings', { settings: { ...settings, language: 'en' } });
  await until('the menu is English', async () => (await desktop.labels())?.includes('Open Warta'));
  await called('set_settings', { settings });
  await until('the menu is Indonesian again', async () => (await desktop.labels())?.includes(OPEN));

  // Without the setting there is no icon.
  await until('the dock has a number', async () => (await desktop.dock()).at(-1)?.count > 0);
  await called('set_settings', { settings: { ...settings, keepRunning: false, unreadBadge: false } });
  await until('the icon is gone', async () => (await desktop.labels()) === null);
  await until('the number is gone', async () => (await desktop.dock()).at(-1).count === null);
  await called('set_settings', { settings });

  const page = await called('front_page');
  followed = page.stories[0];
  await called('follow_story', { id: followed.id, follow: true });
  for (const words of [['Kapten Jelaga'], ['Nyonya Belang']]) {
    const rule = { id: 0, name: `Aturan ${words[0]}`, off: false, words, pattern: null, titleOnly: false, feeds: [], authors: [], mute: false, markRead: false, save: false, notify: true, tag: null, endsAt: null, madeAt: 0 };
    await called('keep_rule', { rule });
  }
  app.kill();
});

test('closing hides to the tray, says so once, and frees the web view', async () => {
  app = startApp(screen, home);
  await until('the window is open', () => desktop.isOpen(), 40_000);
  await heading(followed.headline);
  const menu = await until('the tray has a menu', () => desktop.menu());
  const unread = menu.find(({ label }) => /^[\d.]+ belum dibaca$/.test(label));
  assert.ok(unread && !unread.enabled, JSON.stringify(menu));
  const counted = Number(unread.label.replace(/\D/g, ''));
  await until('the dock has the number', async () => (await desktop.dock()).at(-1)?.count === counted);
  const open = app.memory();
  await desktop.closeWindow();
  await desktop.notified('the closing', ({ title }) => title === KEPT);
  await until('the web view is gone', () => !app.webViewRuns());
  assert.ok(app.isRunning());
  const hidden = app.memory();
  assert.ok(hidden < 0.7 * open, `${hidden} of ${open} bytes are left`);
  console.log(`# memory: ${open >> 20} MB with the window, ${hidden >> 20} MB without`);

  await desktop.choose(OPEN);
  await until('the window is back', () => desktop.isOpen());
  await heading(followed.headline);
  await desktop.closeWindow();
  await until('the web view is gone', () => !app.webViewRuns());
  const told = (await desktop.notifications()).filter(({ title }) => title === KEPT);
  assert.equal(told.length, 1, 'it is said once');
});

test('hidden, it syncs from the tray, and a click on the notification opens the article', async () => {
  const asked = demo.requests.length;
  const [like] = demo.articles.sagara;
  publish('sagara', like, 'kucing-pelabuhan', 'Kapten Jelaga pensiun', ['Kapten Jelaga berhenti bekerja di pelabuhan setelah sebelas tahun.']);
  const found = await syncUntilNotified('the rule', ({ title }) => title === 'Aturan Kapten Jelaga');
  assert.ok(demo.requests.length > asked, 'the publishers were asked');
  const told = await until('the dock forgets the sync', async () => {
    const all = await desktop.dock();
    return all.at(-1).progress === null && all;
  });
  const entries = new Set(told.map(({ entry }) => entry));
  assert.deepEqual([...entries], ['application://org.warta.reader.desktop']);
  // A sync that ends within the time in which events settle shows no progress.
  assert.ok(told.every(({ progress }) => progress === null || (progress >= 0 && progress <= 1)));
  assert.match(found.body, /Kapten Jelaga pensiun/);
  assert.ok(found.actions.includes('default'));
  assert.equal(await desktop.isOpen(), false);
  await desktop.clickNotification(found);
  await until('the window opens', () => desktop.isOpen());
  await heading('Kapten Jelaga pensiun');
  await desktop.closeWindow();
});

test('a click on the notification of a followed story opens the story', async () => {
  const event = Object.values(demo.articles).flat().find(({ title }) => title.trim() === followed.headline).story;
  const [first] = Object.values(demo.articles).flat().filter(({ story }) => story === event).sort((a, b) => a.time - b.time);
  const long = first.blocks.filter(({ text }) => text?.length > 80).slice(0, 2).map(({ text }) => text);
  publish('sagara', first, 'perkembangan', `${first.title}: penyelidikan dimulai`, [`${long[0]} Laksamana Prawiro Hadinegoro memimpin penyelidikan dengan 4.719 penyelidik dari Jakarta.`, ...long.slice(1)]);
  const found = await syncUntilNotified('the development', ({ body }) => body.includes('Laksamana Prawiro'));
  await desktop.clickNotification(found);
  await until('the window opens', () => desktop.isOpen());
  await until('the story page is shown', () => seen().some(({ name, text }) => `${name} ${text}`.includes('Berhenti mengikuti')), 30_000);
  await desktop.closeWindow();
});

test('several notices of one sync are one notification, which opens the front page', async () => {
  const [like] = demo.articles.sagara;
  publish('sagara', like, 'kapten-kembali', 'Kapten Jelaga kembali', ['Kapten Jelaga bekerja lagi di pelabuhan sejak pagi ini.']);
  publish('sagara', like, 'nyonya-belang', 'Nyonya Belang datang', ['Nyonya Belang menjaga gudang beras di pelabuhan.']);
  const before = (await desktop.notifications()).length;
  const found = await syncUntilNotified('both', ({ title }) => title === '2 kabar baru');
  assert.match(found.body, /Aturan Kapten Jelaga/);
  assert.match(found.body, /Aturan Nyonya Belang/);
  assert.equal((await desktop.notifications()).length, before + 1);
  await desktop.clickNotification(found);
  await until('the window opens', () => desktop.isOpen());
  await heading(followed.headline);
  await desktop.closeWindow();
});

test('a second start opens the window again, and "Front page" does', async () => {
  const env = { ...home.env, DISPLAY: screen.display, WARTA_DATA_DIR: home.dataDir };
  const second = spawn(appBinary('debug'), ['warta://share?text=Harga%20beras%20naik'], { env, stdio: 'ignore' });
  const [code] = await once(second, 'exit');
  assert.equal(code, 0);
  await until('the window opens', () => desktop.isOpen());
  await until('its link is followed', () => seen().some(({ text }) => text?.includes('Harga beras naik')), 30_000);
  // The open dialog may hold text, so the page is kept.
  await desktop.closeWindow();
  await desktop.choose(FRONT);
  await until('the window is back', () => desktop.isOpen());
  await heading(followed.headline);
});

test('"Quit" ends Warta, and the store is sound', async () => {
  await desktop.choose(QUIT);
  assert.equal(await end(), 0);
  execFileSync(cliBinary(), ['--data-dir', home.dataDir, 'doctor'], { env: home.env });
});

test('quiet hours end with one notification', async () => {
  app = await openApp(screen, home);
  await app.shown('front-page', 60_000);
  const invoke = (command, given) => app.browser.executeAsync((name, values, done) => {
    window.__TAURI_INTERNALS__.invoke(name, values).then((value) => done({ value }), (error) => done({ error: JSON.stringify(error) }));
  }, command, given);
  const { settings } = (await invoke('overview')).value;
  // The whole day.
  await invoke('set_settings', { settings: { ...settings, quietHours: { fromMinute: 0, toMinute: 0 } } });
  // A page with an open dialog is kept, so that WebDriver can go on while nothing has the focus.
  await app.press(['Control', ',']);
  await app.shown('settings-dialog');
  await desktop.closeWindow();
  const before = (await desktop.notifications()).length;
  const [like] = demo.articles.sagara;
  publish('sagara', like, 'kapten-malam', 'Kapten Jelaga berjaga malam', ['Kapten Jelaga berjaga di dermaga sepanjang malam tanpa lentera.']);
  publish('sagara', like, 'nyonya-malam', 'Nyonya Belang berjaga malam', ['Nyonya Belang berjaga di gudang sepanjang malam tanpa lentera.']);
  const noticed = new Set();
  await until('the page shows both notices', async () => {
    if ((await desktop.labels())?.includes(SYNC)) await desktop.choose(SYNC);
    const toasts = await app.browser.execute(() => [...document.querySelectorAll('[data-testid="toast"]')].map(({ textContent }) => textContent));
    for (const toast of toasts) for (const [rule] of toast.matchAll(/Aturan \w+ \w+/g)) noticed.add(rule);
    return noticed.size === 2;
  }, 60_000);
  // Longer than notices of a sync wait for each other.
  let since = 0;
  await until('nothing was shown for a while after the sync', async () => {
    assert.equal((await desktop.notifications()).length, before);
    if (!(await desktop.labels())?.includes(SYNC)) since = 0;
    else since ||= Date.now();
    return since > 0 && Date.now() - since > 4000;
  });
  await invoke('set_settings', { settings });
  await desktop.notified('the quiet hours', ({ title }) => title === '2 kabar selama jam tenang', 60_000);
  const after = (await desktop.notifications()).slice(before);
  assert.deepEqual(after.map(({ body }) => body.split('\n').sort()), [[...noticed].sort()]);
});

test('the start at login opens no window and syncs; without a tray the window opens', async () => {
  app.kill();
  const fresh = makeHome();
  try {
    Object.assign(fresh.env, { DBUS_SESSION_BUS_ADDRESS: bus.address });
    subscribe(fresh, await (await fetch(demo.opml)).text());
    const [program, ...args] = atLogin.replace(home.dataDir, fresh.dataDir).split(' ');
    const asked = demo.requests.length;
    app = startApp(screen, fresh, args, program);
    await until('the publishers are asked', () => demo.requests.length > asked, 40_000);
    await until('articles are counted', async () => (await desktop.labels())?.some((label) => /^[\d.]+ belum dibaca$/.test(label)), 60_000);
    assert.equal(await desktop.isOpen(), false);
    assert.equal(app.webViewRuns(), false);
    await desktop.setHost(false);
    await until('the window opens', () => desktop.isOpen(), 40_000);
    // Nothing can bring it back now, so closing is the end.
    await desktop.closeWindow();
    assert.equal(await end(), 0);
  } finally {
    app.kill();
    fresh.remove();
  }
});

test('without a tray, closing the window ends Warta', async () => {
  app = startApp(screen, home);
  await until('the window is open', () => desktop.isOpen(), 40_000);
  await heading(followed.headline);
  await desktop.closeWindow();
  assert.equal(await end(), 0);
});
