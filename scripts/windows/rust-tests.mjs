// Builds the Rust tests for Windows and runs each test program under Wine. A test that cannot pass there is in
// `left-out.mjs`; it is run too, by itself, so that one that starts to pass or no longer exists is reported.

import { spawn } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root, say, Stop } from '../lib.mjs';
import { leftOut, unixOnly } from './left-out.mjs';
import { buildEnvironment, CRATES, forWindows, packages, randomDll } from './toolchain.mjs';
import { runWindows } from './wine.mjs';

/** Seconds for all tests of one program; one that needs more hangs. */
const LIMIT = 900;
/** Seconds for one test that is left out: some of them hang. */
const LIMIT_LEFT_OUT = 30;

/** Runs the tests of these crates; the counts, and what is wrong, as lines. */
export async function runRustTests(crates) {
  const sum = { passed: 0, ignored: 0, leftOut: 0, problems: [] };
  for (const { crate, name, program } of await buildTests()) {
    if (!crates.includes(crate)) continue;
    const began = Date.now();
    const one = await runProgram(crate, name, program);
    sum.passed += one.passed;
    sum.ignored += one.ignored;
    sum.leftOut += one.leftOut.length + one.missing.length;
    sum.problems.push(...one.problems.map((line) => `${crate} ${name}: ${line}`));
    const seconds = Math.round((Date.now() - began) / 1000);
    const counts = `${one.passed} passed, ${one.failed} failed, ${one.ignored} ignored`;
    say(`${crate} ${name}: ${counts}, ${one.leftOut.length + one.missing.length} left out, ${seconds} s`);
    for (const [test, reason] of one.leftOut) say(`  left out: ${test}: ${reason}`);
    for (const [test, reason] of one.missing) say(`  not compiled for Windows: ${test}: ${reason}`);
    for (const line of one.problems) say(`  ${line}`);
  }
  return sum;
}

/** Test programs that cargo built, from its messages. */
export function testPrograms(messages) {
  return messages
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line))
    .filter(({ reason, executable, profile }) => reason === 'compiler-artifact' && executable && profile.test)
    .map(({ executable, manifest_path: manifest, target }) => ({
      crate: dirname(manifest).split('/').at(-1),
      name: target.kind.includes('test') ? target.name : 'unit',
      program: executable,
    }));
}

/** Counts and the names of failed tests in what a test program printed; `complete` is false when it broke off. */
export function readResults(output) {
  const result = output.match(/^test result: \w+\. (\d+) passed; (\d+) failed; (\d+) ignored;/m);
  const failed = [...output.matchAll(/^test (.+?)(?: - should panic)? \.\.\. FAILED\r?$/gm)].map((match) => match[1]);
  const [passed = 0, , ignored = 0] = (result ?? []).slice(1).map(Number);
  return { complete: result !== null, passed, failed, ignored };
}

/** Always built together and with the command line: another selection would change features and recompile dependencies. */
function buildTests() {
  say(`\n— Building the tests of ${CRATES.join(', ')} for Windows`);
  const targets = ['--lib', '--tests', '--no-run', '--message-format', 'json-render-diagnostics'];
  const args = ['test', ...forWindows, ...packages([...CRATES, 'cli']), ...targets];
  return new Promise((resolve, reject) => {
    const child = spawn('cargo', args, { cwd: root, env: buildEnvironment(), stdio: ['ignore', 'pipe', 'inherit'] });
    let messages = '';
    child.stdout.setEncoding('utf8').on('data', (text) => (messages += text));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code !== 0) reject(new Stop(`The tests could not be built for Windows (${code}).`));
      else resolve(testPrograms(messages));
    });
  });
}

async function runProgram(crate, name, program) {
  copyFileSync(randomDll, join(dirname(program), 'bcryptprimitives.dll'));
  const known = leftOut[`${crate} ${name}`] ?? {};
  const start = (args, limit) => runWindows(program, args, { limit, cwd: join(root, 'crates', crate), env: testEnvironment() });
  const { out, err, code } = await start(['--exact', ...Object.keys(known).flatMap((test) => ['--skip', test])], LIMIT);
  const results = readResults(out);
  const problems = results.failed.map((test) => `FAILED ${test}\n${reportOf(out, test)}`);
  if (!results.complete) problems.push(brokeOff(out, err, code));
  const missing = Object.entries(unixOnly[`${crate} ${name}`] ?? {});
  problems.push(...(await checkLeftOut(start, Object.keys(known))), ...(await checkMissing(start, missing)));
  const { passed, failed, ignored } = results;
  return { passed, failed: failed.length, ignored, leftOut: Object.entries(known), missing, problems };
}

/** Entries of `leftOut` that are wrong: their test passes, or there is none of that name. */
async function checkLeftOut(start, tests) {
  const problems = [];
  for (const test of tests) {
    const { out, code } = await start(['--exact', test], LIMIT_LEFT_OUT);
    const { passed, complete } = readResults(out);
    if (passed > 0) problems.push(`${test} passes now: remove it from left-out.mjs`);
    else if (complete && code === 0) problems.push(`${test} does not exist or is ignored: remove it from left-out.mjs`);
  }
  return problems;
}

/** Entries of `unixOnly` that are wrong: the program has a test of that name. */
async function checkMissing(start, missing) {
  if (missing.length === 0) return [];
  const { out } = await start(['--list'], LIMIT_LEFT_OUT);
  const names = new Set([...out.matchAll(/^(.+): test\r?$/gm)].map((match) => match[1]));
  return missing.filter(([test]) => names.has(test)).map(([test]) => `${test} is compiled for Windows: remove it from left-out.mjs`);
}

/** The same random input each time, as in `npm test`; snapshots are compared, never written. */
const testEnvironment = () => ({
  PROPTEST_RNG_SEED: '1',
  INSTA_WORKSPACE_ROOT: root,
  INSTA_UPDATE: 'no',
  RUST_BACKTRACE: '0',
});

function brokeOff(out, err, code) {
  const how = code === undefined ? `did not end within ${LIMIT} s` : `broke off with ${code}`;
  return `FAILED: ${how}; the last lines:\n${[...lastLines(out, 5), ...lastLines(err, 5)].join('\n')}`;
}

const lastLines = (text, count) => text.trim().split('\n').slice(-count).map((line) => `    ${line}`);

/** The beginning of what a failed test printed. */
function reportOf(out, test) {
  const [, report = ''] = out.replaceAll('\r', '').split(`---- ${test} stdout ----\n`);
  return report
    .split('\n----')[0]
    .trim()
    .split('\n')
    .slice(0, 8)
    .map((line) => `    ${line.slice(0, 400)}`)
    .join('\n');
}
