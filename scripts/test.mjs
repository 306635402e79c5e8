// npm test: gets what is missing and runs every test. Continues after a failure, so that one run reports
// all; its last line counts the cases of all runners.
//
//   npm test -- rust ui app     runs only these parts

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { buildUi } from './building.mjs';
import { failures } from './failures.mjs';
import { cargoFeatures, LEFT_OUT, root, runMain, say, Stop } from './lib.mjs';
import { cargoDeny, setUp, typos } from './setup.mjs';

// The same packages and features for every call of cargo, so that nothing is compiled twice.
const cargo = (command, ...rest) => ['cargo', [command, '--locked', '--workspace', ...cargoFeatures, ...rest]];

// Tests that need the corpora are ignored by default, and run where the corpora are.
const hasCorpora = process.env.WARTA_CORPORA !== undefined || existsSync(join(root, '..', 'shared', 'corpora'));
const ignored = hasCorpora ? ['--', '--include-ignored'] : [];

/** The steps: part, heading, command, and the parser of its passed and failed cases. */
const steps = [
  ['rust', 'Formatting of the Rust code', 'cargo', ['fmt', '--all', '--check']],
  ['rust', 'Lints of the Rust code', ...cargo('clippy', '--all-targets', '--', '-D', 'warnings')],
  ['rust', 'Tests of the engine, the command line and the shell', ...cargo('test', '--no-fail-fast', ...ignored)],
  ['rust', 'Types on macOS', 'node', ['scripts/check-macos.mjs']],
  ['rust', 'Licences, sources and bans of the dependencies', cargoDeny, ['--locked', 'check', '--hide-inclusion-graph', 'licenses', 'bans', 'sources']],
  ['app', 'Spelling', typos, []],
  ['ui', 'Types, lints and formatting of the user interface', 'npm', ['run', '--silent', 'check', '--workspace', 'ui']],
  ['ui', 'Tests of the user interface', 'npm', ['run', '--silent', 'test', '--workspace', 'ui']],
  ['app', 'The architecture and the scripts', 'node', ['--test', '--test-reporter=spec', 'tests/architecture/', 'tests/scripts/']],
  ['app', 'The two programs', ...cargo('build', '--bins')],
  ['app', 'The real app, in a real web view', 'node', ['--test', '--test-reporter=spec', '--test-concurrency=1', 'tests/e2e/']],
];

await runMain(async () => {
  const asked = process.argv.slice(2);
  const parts = new Set(steps.map(([part]) => part));
  const unknown = asked.filter((part) => !parts.has(part));
  if (unknown.length > 0) throw new Stop(`Unknown part: ${unknown.join(' ')}. Parts: ${[...parts].join(' ')}`);

  await setUp({ tests: true });
  // The app carries the built UI inside, so it has to be there before anything is compiled.
  await buildUi();

  const sum = { passed: 0, failed: 0 };
  const broken = [];
  for (const [part, title, program, args] of steps) {
    if (asked.length > 0 && !asked.includes(part)) continue;
    const began = Date.now();
    say(`\n— ${title}`);
    const { code, output } = await watch(program, args);
    if (code === LEFT_OUT) {
      say(`— ${title}: left out`);
      continue;
    }
    const counted = count(output);
    // A step without cases of its own is one case; one that broke before counting has failed.
    if (counted.passed + counted.failed === 0) counted[code === 0 ? 'passed' : 'failed'] = 1;
    if (code !== 0 && counted.failed === 0) counted.failed = 1;
    sum.passed += counted.passed;
    sum.failed += counted.failed;
    say(`— ${title}: ${code === 0 ? 'good' : 'FAILED'}, ${Math.round((Date.now() - began) / 1000)} s`);
    if (code === 0) continue;
    // Said again here, because a long output hides them.
    const reports = failures(output);
    for (const { name, report } of reports) say(`  failed: ${name}\n${report}`);
    broken.push([title, ...reports.map(({ name }) => `  ${name}`)].join('\n'));
  }
  if (broken.length > 0) say(`\nFailed:\n${broken.join('\n')}`);
  say(`\n${sum.passed} passed, ${sum.failed} failed`);
  return sum.failed === 0 && broken.length === 0 ? 0 : 1;
});

/** Runs a program, its output shown and kept. */
function watch(program, args) {
  return new Promise((resolve) => {
    const shell = process.platform === 'win32' && program === 'npm';
    // Some runners treat any value of FORCE_COLOR as yes.
    const { FORCE_COLOR: _, ...plain } = process.env;
    const child = spawn(program, args, {
      cwd: root,
      shell,
      env: {
        // The same commit gives the same result. `cargo test` alone takes other random input each time.
        PROPTEST_RNG_SEED: '1',
        ...plain,
        NO_COLOR: '1',
        CARGO_TERM_COLOR: 'never',
        WARTA_CORPORA: corpora(),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const keep = (stream, to) =>
      stream.setEncoding('utf8').on('data', (text) => {
        output += text;
        to.write(text);
      });
    keep(child.stdout, process.stdout);
    keep(child.stderr, process.stderr);
    child.on('error', () => resolve({ code: 127, output }));
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

function corpora() {
  return process.env.WARTA_CORPORA ?? join(root, '..', 'shared', 'corpora');
}

/** Cases that passed and failed, as cargo's, vitest's and node's runners print them. */
function count(coloured) {
  const output = stripVTControlCharacters(coloured);
  const sum = (pattern, group) => [...output.matchAll(pattern)].reduce((total, match) => total + Number(match[group]), 0);
  const rust = /^test result: \w+\. (\d+) passed; (\d+) failed;/gm;
  const node = { passed: /^ℹ pass (\d+)$/gm, failed: /^ℹ fail (\d+)$/gm };
  const vitest = { passed: /^\s+Tests .*?(\d+) passed/gm, failed: /^\s+Tests .*?(\d+) failed/gm };
  return {
    passed: sum(rust, 1) + sum(node.passed, 1) + sum(vitest.passed, 1),
    failed: sum(rust, 2) + sum(node.failed, 1) + sum(vitest.failed, 1),
  };
}
