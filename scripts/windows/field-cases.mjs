// The field cases, which are kept outside of this repository: public reports of other readers' faults, each run through
// the command line. Their closing lines for Windows and for Linux must be equal.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../lib.mjs';

/** The program that runs them, or `undefined` where there is none. */
export function fieldCases() {
  const program = process.env.WARTA_CASES ?? join(root, '..', 'shared', 'cases', 'run.py');
  return existsSync(program) ? program : undefined;
}

/**
 * Runs all cases with this command line: the closing line, the verdict of each case that did not pass, and the cases that
 * ran out of time beside another one and were run once more alone (Wine on a busy machine is slow).
 */
export async function runFieldCases(cases, warta) {
  const first = verdicts(await textOf('python3', [cases, '--warta', warta, '--jobs', '2']));
  const repeated = first.failed.filter(ranOutOfTime).map(idOf);
  if (repeated.length === 0) return { ...first, repeated };
  const text = await textOf('python3', [cases, '--warta', warta, '--jobs', '1', '--case', ...repeated]);
  return { ...afterRepetition(first, verdicts(text)), repeated };
}

/** What the program of the cases printed: its closing line, and the lines of cases that failed, passed or are wishes. */
export function verdicts(text) {
  const lines = text.trim().split('\n');
  const beginning = (word) => lines.filter((line) => line.startsWith(`${word} `));
  return { closing: lines.at(-1) ?? '', failed: beginning('FAIL'), passed: beginning('pass'), wishes: beginning('wish') };
}

/** The verdicts of a first run, with those of the second in place of the cases that ran out of time. */
export function afterRepetition(first, second) {
  // An id names all cases that begin with it: the second run may hold others than those asked for.
  const among = (settled) => (line) => ranOutOfTime(line) && settled.some((one) => idOf(one) === idOf(line));
  const passes = first.failed.filter(among(second.passed));
  const settled = [...passes, ...first.failed.filter(among(second.wishes))];
  const counts = /^(\d+) passed, (\d+) failed$/.exec(first.closing);
  if (!counts) return first;
  const [passed, failed] = [Number(counts[1]) + passes.length, Number(counts[2]) - settled.length];
  return { ...first, closing: `${passed} passed, ${failed} failed`, failed: first.failed.filter((line) => !settled.includes(line)) };
}

const idOf = (line) => /^\w+ (\S+):/.exec(line)?.[1];
const ranOutOfTime = (line) => line.includes('ran out of time: ');

function textOf(program, args) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (more) => (text += more));
    child.on('error', (error) => resolve(`${error.message}`));
    child.on('close', () => resolve(text));
  });
}
