// Newsletters in the real app, from a real IMAP server: set-up, a refused password in words, reading, the
// publisher's link to unsubscribe, and a mailbox in which nothing has changed.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { addAxe, assertSound } from './axe.mjs';
import { isInstalled, startDovecot } from './dovecot.mjs';
import { makeHome, openApp, openScreen, until } from './harness.mjs';

const skip = isInstalled ? false : 'Dovecot is not installed (Debian: dovecot-imapd)';

let server;
let screen;
let home;
let app;
let before_;

function message(sender, number) {
  const text = `Edisi ${number}: warga kampung pesisir menanam seribu pohon bakau bersama para relawan.`;
  return [
    `From: =?UTF-8?Q?Buletin_${sender}_=E2=80=93_Pagi?= <buletin${sender}@surat.example>`,
    `Subject: Berita ${sender} nomor ${number}`,
    `Date: ${String(1 + number).padStart(2, '0')} Nov 2026 05:00:00 +0700`,
    `Message-ID: <${sender}-${number}@surat.example>`,
    `List-Unsubscribe: <https://surat.example/berhenti/${sender}>`,
    'Content-Type: text/html; charset=utf-8',
    'Content-Transfer-Encoding: 8bit',
    '',
    `<p>${text}</p><p>${text}</p><img src="https://surat.example/terbuka.gif" width="1" height="1">`,
  ].join('\r\n');
}

before(async () => {
  if (skip) return;
  const messages = [1, 2, 3].flatMap((sender) => [1, 2, 3, 4].map((number) => message(sender, number)));
  server = await startDovecot([...messages, 'From: Budi <budi@rumah.example>\r\nSubject: Apa kabar\r\n\r\nHalo!']);
  before_ = server.files();
  screen = await openScreen();
  home = makeHome();
  // Where the system's authorities are read from.
  home.env.SSL_CERT_FILE = server.authority;
  app = await openApp(screen, home);
  await addAxe(app);
});

after(async () => {
  app?.kill();
  screen?.close();
  server?.stop();
  home?.remove();
});

const run = (script, ...given) => app.browser.execute(script, ...given);
const texts = (id) => run((wanted) => [...document.querySelectorAll(`[data-testid="${wanted}"]`)].map((one) => one.textContent.trim()), id);
const fill = async (id, value) => (await app.shown(id)).setValue(value);

test('a mailbox is set up: what is wrong is said, and its senders are found', { skip }, async () => {
  await app.shown('first-run', 40_000);
  await app.click('way-mail');
  await fill('mail-address', 'ani@localhost.example');
  await fill('mail-password', 'salah');
  await until('the server is guessed', async () => (await (await app.find('mail-host')).getValue()) === 'imap.localhost.example');
  await fill('mail-host', 'localhost');
  await fill('mail-port', String(server.port));
  await app.click('mail-try');
  await until('the refusal is said', async () => /menolak nama pengguna atau kata sandi/.test((await texts('mail-problem'))[0] ?? ''), 40_000);
  await fill('mail-password', 'rahasia');
  await app.click('mail-try');
  await until('the senders are listed', async () => (await texts('mail-sender')).length === 4, 40_000);
  const chosen = await run(() => [...document.querySelectorAll('[data-testid="mail-sender"]')].filter((one) => one.querySelector('input').checked).length);
  assert.equal(chosen, 3, 'newsletters are chosen, a friend is not');
  await assertSound(app, '[data-testid="first-run"]');
  await app.click('mail-add');
});

test('newsletters are feeds whose articles are read', { skip }, async () => {
  await app.shown('place-all', 40_000);
  await app.click('place-all');
  await app.clickRow('Berita 2 nomor 3');
  await until('the text shows', async () => /Edisi 3: warga kampung pesisir/.test(await app.text('article')));
  assert.equal(await run(() => document.querySelectorAll('[data-testid="article"] img[src*="surat.example"]').length), 0);
});

test('the dialog of the feed has the publisher’s link, and nothing changed in the mailbox', { skip }, async () => {
  await run(() => [...document.querySelectorAll('[role="treeitem"]')].at(-1).dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true })));
  await app.click('menu-edit');
  await until('the link shows', async () => /https:\/\/surat\.example\/berhenti\/\d/.test((await texts('newsletter-facts'))[0] ?? ''));
  await until('the dialog is filled', () => run(() => document.querySelector('dialog[data-testid="feed-dialog"] [aria-busy="true"]') === null));
  await assertSound(app, 'dialog[data-testid="feed-dialog"]');
  await app.browser.keys('Escape');
  assert.deepEqual(server.files(), before_);
});
