// What `npm run check:windows` reads from apt, cargo and the test programs, and what the installer does with its files.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dependencies } from '../../scripts/debian-rust.mjs';
import { afterRepetition, verdicts } from '../../scripts/windows/field-cases.mjs';
import { foldersOf, installLines, uninstallLines } from '../../scripts/windows/installer.mjs';
import { readResults, testPrograms } from '../../scripts/windows/rust-tests.mjs';

test('apt: the dependencies whose names contain a version', () => {
  const answer = ['libstd-rust-web-dev', '  Depends: libstd-rust-web-1.96', '  Conflicts: <rustup>', '  Depends: libc6', ''].join('\n');
  assert.deepEqual(dependencies(answer, 'libstd-rust-web-'), ['libstd-rust-web-1.96']);
  assert.deepEqual(dependencies('', 'libllvm'), []);
});

test('cargo: the test programs, without the command line that is built along', () => {
  const artifact = (crate, kind, isTest, executable) =>
    JSON.stringify({
      reason: 'compiler-artifact',
      manifest_path: `/x/crates/${crate}/Cargo.toml`,
      target: { kind: [kind], name: kind === 'test' ? 'it' : crate },
      profile: { test: isTest },
      executable,
    });
  const messages = [
    artifact('text', 'lib', true, '/t/text-1.exe'),
    artifact('store', 'test', true, '/t/it-2.exe'),
    artifact('cli', 'bin', false, '/t/warta.exe'),
    artifact('feed', 'lib', false, null),
    JSON.stringify({ reason: 'build-finished', success: true }),
    'words of a build script',
  ].join('\n');
  assert.deepEqual(testPrograms(messages), [
    { crate: 'text', name: 'unit', program: '/t/text-1.exe' },
    { crate: 'store', name: 'it', program: '/t/it-2.exe' },
  ]);
});

test('libtest: counts and failed tests; a program that breaks off has no result', () => {
  const lines = ['running 4 tests', 'test a ... ok', 'test m::b ... FAILED', 'test c - should panic ... FAILED', 'test d ... ignored, needs X'];
  const end = 'test result: FAILED. 1 passed; 2 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s';
  const failed = ['m::b', 'c'];
  assert.deepEqual(readResults([...lines, end].join('\r\n')), { complete: true, passed: 1, failed, ignored: 1 });
  assert.deepEqual(readResults(lines.join('\n')), { complete: false, passed: 0, failed, ignored: 0 });
});

test('installer: every file is put into its folder, and the folders are removed from the inside', () => {
  const names = ['a/b/two.txt', 'a/one.txt', 'warta.exe'];
  assert.deepEqual(foldersOf(names), ['a', 'a/b']);
  assert.deepEqual(installLines(names).filter(Boolean), [
    'SetOutPath "$INSTDIR"',
    'File "${FILES}/warta.exe"',
    'SetOutPath "$INSTDIR\\a"',
    'File "${FILES}/a/one.txt"',
    'SetOutPath "$INSTDIR\\a\\b"',
    'File "${FILES}/a/b/two.txt"',
  ]);
  assert.deepEqual(uninstallLines(names).filter(Boolean), [
    'Delete "$INSTDIR\\a\\b\\two.txt"',
    'Delete "$INSTDIR\\a\\one.txt"',
    'Delete "$INSTDIR\\warta.exe"',
    'RMDir "$INSTDIR\\a\\b"',
    'RMDir "$INSTDIR\\a"',
  ]);
});

test('field cases: one that ran out of time counts as its repetition says', () => {
  const late = (id) => `FAIL ${id}: must hold | ran out of time: warta sync`;
  const first = verdicts(['pass 1-a: x', late('2-b'), late('3-c'), 'FAIL 4-d: x | titles', late('5-e'), 'wishes: 0 hold, 0 open', '1 passed, 4 failed'].join('\n'));
  // `2-b` names `2-b-more`, too, and `5-e` is only wished for.
  const second = verdicts(['pass 2-b: x', 'pass 2-b-more: x', late('3-c'), 'wish 5-e: open: x | y', '2 passed, 1 failed'].join('\n'));
  const { closing, failed } = afterRepetition(first, second);
  assert.equal(closing, '2 passed, 2 failed');
  assert.deepEqual(failed, [late('3-c'), 'FAIL 4-d: x | titles']);
  assert.equal(afterRepetition(first, verdicts('python3: not found')).closing, '1 passed, 4 failed');
});
