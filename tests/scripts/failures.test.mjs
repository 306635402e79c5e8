// The reports of failed cases that `npm test` repeats after a long output.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failures } from '../../scripts/failures.mjs';

test('cargo: each failed case with its message, without the stack trace', () => {
  const output = [
    'test a::good ... ok',
    'test a::bad ... FAILED',
    'test a::silent ... FAILED',
    '',
    'failures:',
    '',
    '---- a::bad stdout ----',
    '',
    "thread 'a::bad' panicked at src/a.rs:1:2:",
    'not equal',
    '   0: rust_begin_unwind',
    '             at /rustc/5980/library/std/src/panicking.rs:689:5',
    '',
    'failures:',
    '    a::bad',
    '    a::silent',
    '',
    'test result: FAILED. 1 passed; 2 failed; 0 ignored',
  ].join('\n');
  assert.deepEqual(failures(output), [
    { name: 'a::bad', report: "    thread 'a::bad' panicked at src/a.rs:1:2:\n    not equal" },
    { name: 'a::silent', report: '' },
  ]);
});

test('node: only what is below "failing tests"', () => {
  const output = [
    '✔ good (1.3ms)',
    '✖ bad (x) (1.1ms)',
    '  AssertionError: 1 == 2',
    '      at Test.run (node:internal/test_runner/test:796:25)',
    'ℹ fail 1',
    '',
    '✖ failing tests:',
    '',
    'test at a.test.mjs:2:22',
    '\u001b[31m✖ bad (x) (1.1ms)\u001b[39m',
    '  AssertionError: 1 == 2',
    '      at Test.run (node:internal/test_runner/test:796:25)',
  ].join('\n');
  assert.deepEqual(failures(output), [{ name: 'bad (x)', report: '      AssertionError: 1 == 2' }]);
});

test('vitest', () => {
  const output = [
    '⎯⎯⎯⎯⎯⎯⎯ Failed Tests 1 ⎯⎯⎯⎯⎯⎯⎯',
    '',
    ' FAIL  test/state.test.ts > lists > keep their place',
    'AssertionError: expected 1 to be 2',
    '⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯[1/1]⎯',
    ' Test Files  1 failed (1)',
  ].join('\n');
  assert.deepEqual(failures(output), [
    { name: 'test/state.test.ts > lists > keep their place', report: '    AssertionError: expected 1 to be 2' },
  ]);
});

test('without a named case: the end of the output', () => {
  const output = `${'   Compiling x\n'.repeat(100)}error[E0505]: cannot move out\n\n`;
  const [only, ...more] = failures(output);
  assert.deepEqual(more, []);
  assert.match(only.report, /error\[E0505\]: cannot move out$/);
  assert.equal(only.report.split('\n').length, 40);
});
