// What packages tell a Linux desktop: the desktop entry and the AppStream metainfo, checked by the desktop's own
// validators (`npm test` installs them) and against each other.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../../scripts/lib.mjs';
import { addresses, withAddresses } from '../../scripts/packaging.mjs';

const read = (path) => readFileSync(join(root, path), 'utf8');
const config = JSON.parse(read('tauri.conf.json'));
const entryPath = `packaging/linux/${config.identifier}.desktop`;
const metainfoPath = `packaging/linux/${config.identifier}.metainfo.xml`;
const entry = new Map([...read(entryPath).matchAll(/^([^=\n]+)=(.*)$/gm)].map(([, key, value]) => [key, value]));
const metainfo = read(metainfoPath);
const list = (value) => value.split(';').filter(Boolean);
const elements = (name) => [...metainfo.matchAll(new RegExp(`<${name}[^>]*>([^<]+)</${name}>`, 'g'))].map(([, text]) => text);

const elsewhere = process.platform === 'linux' ? false : 'the validators are programs of Linux desktops';

/** The errors and warnings that appstreamcli finds in a metainfo, by their names. */
function problemsOf(path) {
  const { status, stdout, stderr, error } = spawnSync('appstreamcli', ['validate', '--no-net', '--no-color', path], { encoding: 'utf8' });
  assert.equal(error, undefined, 'the package appstream is missing: node scripts/setup.mjs --tests');
  const problems = [...stdout.matchAll(/^\s*[EW]: \S+ ([\w-]+)/gm)].map(([, name]) => name);
  assert.equal(status, problems.length > 0 ? 3 : 0, `${stdout}${stderr}`);
  return problems;
}

test('appstreamcli accepts the metainfo', { skip: elsewhere }, () => {
  // AppStream 1.0 misses the homepage, which there is none of until package.json names the repository.
  const missing = addresses().homepage ? [] : ['url-homepage-missing'];
  assert.deepEqual(problemsOf(join(root, metainfoPath)).filter((one) => !missing.includes(one)), []);

  const folder = mkdtempSync(join(tmpdir(), 'warta-metainfo-'));
  try {
    const path = join(folder, `${config.identifier}.metainfo.xml`);
    const repository = 'https://forge.example/warta/warta';
    const complete = withAddresses(metainfo, { repository, homepage: repository });
    writeFileSync(path, complete);
    assert.deepEqual(problemsOf(path), [], 'with the addresses that `npm run packaging` writes');
    writeFileSync(path, complete.replace(/ date="[\d-]+"/, ''));
    assert.deepEqual(problemsOf(path), ['release-time-missing'], 'what is wrong is found');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('desktop-file-validate accepts the desktop entries', { skip: elsewhere }, () => {
  for (const path of [entryPath, 'packaging/linux/bundler.desktop']) {
    const { status, stdout, error } = spawnSync('desktop-file-validate', [join(root, path)], { encoding: 'utf8' });
    assert.equal(error, undefined, 'the package desktop-file-utils is missing: node scripts/setup.mjs --tests');
    assert.equal(status, 0, stdout);
    assert.doesNotMatch(stdout, /: (error|warning): /);
  }
});

test('the metainfo names the desktop entry and the identifier', () => {
  assert.deepEqual(elements('id'), [config.identifier]);
  assert.deepEqual(elements('launchable'), [`${config.identifier}.desktop`]);
  assert.deepEqual(elements('project_license'), [config.bundle.license]);
});

test('the metainfo and the desktop entry offer the same links and files', () => {
  // text/x-opml is another name of text/x-opml+xml, which older systems use.
  const opened = list(entry.get('MimeType')).filter((type) => type !== 'text/x-opml');
  assert.deepEqual(elements('mediatype'), opened);
  assert.deepEqual(elements('category'), list(entry.get('Categories')));
  for (const { mimeType } of config.bundle.fileAssociations) assert.ok(opened.includes(mimeType));
});

test('the desktop entry starts the program of the packages, with its icon', () => {
  const [, program] = /\[\[bin\]\]\nname = "(.+)"/.exec(read('Cargo.toml'));
  assert.equal(entry.get('Exec'), `${program} %U`);
  assert.equal(entry.get('Icon'), program);
  assert.ok(elements('binary').includes(program));
});

test('everything that a desktop shows is in English and Indonesian', () => {
  for (const key of ['GenericName', 'Comment', 'Keywords']) assert.ok(entry.get(key) && entry.get(`${key}[id]`), key);
  for (const name of ['summary', 'p', 'li']) {
    const all = [...metainfo.matchAll(new RegExp(`<${name}( xml:lang="id")?>`, 'g'))].map(([, lang]) => lang !== undefined);
    assert.ok(all.length > 0);
    assert.deepEqual(all, all.map((_, index) => index % 2 === 1), `every <${name}> is followed by its translation`);
  }
});

test('the .deb and the .rpm carry the same files, and these exist', () => {
  const { deb, rpm } = config.bundle.linux;
  // Debian alone wants the licence in a form of its own.
  const { '/usr/share/doc/warta/copyright': _, ...files } = deb.files;
  assert.deepEqual(files, rpm.files);
  assert.deepEqual(
    ['applications', 'metainfo'].map((folder) => Object.keys(deb.files).find((path) => path.includes(folder))),
    [`/usr/share/applications/${config.identifier}.desktop`, `/usr/share/metainfo/${config.identifier}.metainfo.xml`],
  );
  for (const path of [...Object.values(deb.files), deb.desktopTemplate, rpm.desktopTemplate]) assert.ok(existsSync(join(root, path)), path);
});

test("Debian's copyright file has the licences of the packages", () => {
  const copyright = read('packaging/linux/copyright');
  assert.match(copyright, new RegExp(`^License: ${config.bundle.license.replace('OR', 'or')}$`, 'm'));
  const flat = (text) => text.replace(/^ \.$/gm, '').replace(/\s+/g, ' ');
  const [title, holder, ...terms] = read('LICENSE-MIT').trim().split('\n\n');
  assert.equal(title, 'MIT License');
  assert.ok(copyright.includes(`\nCopyright: ${holder.replace('Copyright (c) ', '')}\n`), holder);
  assert.ok(flat(copyright).includes(flat(terms.join('\n\n'))), 'the terms are the same, word by word');
});
