// What the check for macOS needs: Debian's Rust, and the stand-in for a C compiler.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { releaseIn } from '../../scripts/debian-rust.mjs';
import { root } from '../../scripts/lib.mjs';

test('the release of Rust is read from the names of packages', () => {
  assert.deepEqual(releaseIn(['rustc-web', 'libstd-rust-web-dev', 'libstd-rust-web-1.96', 'libllvm22']), [1, 96]);
  assert.equal(releaseIn(['rustc-web', 'libstd-rust-web-dev']), undefined);
  assert.equal(releaseIn([]), undefined);
});

const elsewhere = process.platform === 'win32' ? 'it is a script for Unix shells' : false;
test('the stand-in answers as clang, and writes empty files', { skip: elsewhere }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'warta-cc-'));
  try {
    const run = (...args) => spawnSync(join(root, 'scripts/macos/cc.sh'), args, { cwd: folder, encoding: 'utf8' });
    assert.equal(run('-E', 'test.c').stdout, '"clang"\n');
    assert.notEqual(run('-?').status, 0, 'only MSVC knows this option');
    const made = (file, ...args) => {
      assert.equal(run(...args).status, 0);
      assert.ok(existsSync(join(folder, file)), `${args.join(' ')} makes ${file}`);
      assert.equal(readFileSync(join(folder, file), 'utf8'), '');
    };
    made('a.o', '-O2', '-c', 'a.c', '-o', 'a.o');
    made('b.o', '-c', 'b.c', '-ob.o');
    made('libx.a', 'cq', 'libx.a', 'a.o', 'b.o');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
