// The maintainer and the changelog of the .deb.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { debianChangelog, linkedPackages, maintainer } from '../../scripts/debian.mjs';
import { root } from '../../scripts/lib.mjs';

test('the maintainer is who builds the package, else the author of the commit; no address is made up', () => {
  const address = 'ani@build.example';
  const author = 'Budi <budi@author.example>\n';
  assert.equal(maintainer({ DEBEMAIL: address }, author), `The Warta authors <${address}>`);
  assert.equal(maintainer({ DEBEMAIL: address, DEBFULLNAME: ' Ani ' }, author), `Ani <${address}>`);
  assert.equal(maintainer({ DEBEMAIL: `Ani <${address}>` }, author), `Ani <${address}>`);
  assert.equal(maintainer({}, author), 'Budi <budi@author.example>');
  assert.equal(maintainer({}, 'Budi <>\n'), undefined);
  for (const none of [{}, { DEBFULLNAME: 'Ani' }, { DEBEMAIL: '' }, { DEBEMAIL: 'ani' }, { DEBEMAIL: 'a b@c' }, { DEBEMAIL: `${address}\nX: y` }]) {
    assert.equal(maintainer(none, ''), undefined, JSON.stringify(none));
  }
});

const MARKDOWN = `# Changelog

## 0.2.0 (not released)

### Added
Reading
- A bullet of more than one line, which is joined with what follows on the next line and wrapped again for
  Debian's narrower lines.
- Short.

## 0.1.0 (2026-02-03)

### Fixed
- Sync.
`;

test('the changelog has each version, with its day', () => {
  const expected = `warta (0.2.0) UNRELEASED; urgency=medium

  Added:
  Reading
  * A bullet of more than one line, which is joined with what follows on the
    next line and wrapped again for Debian's narrower lines.
  * Short.

 -- Ani <ani@build.example>  Fri, 05 Jun 2026 00:00:00 +0000

warta (0.1.0) unstable; urgency=medium

  Fixed:
  * Sync.

 -- Ani <ani@build.example>  Tue, 03 Feb 2026 00:00:00 +0000
`;
  assert.equal(debianChangelog(MARKDOWN, 'Ani <ani@build.example>', '2026-06-05'), expected);
});

const dpkg = spawnSync('dpkg-parsechangelog', ['--version']).status === 0;
test("dpkg reads Warta's own changelog", { skip: dpkg ? false : 'dpkg-parsechangelog is a program of Debian' }, () => {
  const text = debianChangelog(readFileSync(join(root, 'CHANGELOG.md'), 'utf8'), 'Ani <ani@build.example>', '2026-06-05');
  const options = { input: text, encoding: 'utf8' };
  const { status, stdout, stderr } = spawnSync('dpkg-parsechangelog', ['--file', '-', '--all'], options);
  assert.equal(status, 0, stderr);
  assert.equal(stderr, '', 'no warnings');
  assert.match(stdout, /^Source: warta$/m);
  assert.match(stdout, /^Maintainer: Ani <ani@build.example>$/m);
  assert.ok(text.split('\n').every((line) => line.length <= 79 || !line.slice(4).includes(' ')), 'lines are short');
});

const shlibdeps = spawnSync('dpkg-shlibdeps', ['--version']).status === 0;
test('the packages of the linked libraries are found', { skip: shlibdeps ? false : 'dpkg-shlibdeps is a program of Debian' }, () => {
  assert.match(linkedPackages(['/bin/sh']).join(), /^libc6 \(>= [\d.]+\)$/);
  assert.deepEqual(linkedPackages([join(root, 'package.json')]), [], 'no program');
});
