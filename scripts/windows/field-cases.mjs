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

/** Runs all cases with this command line: the closing line, and the verdict of each case that did not pass. */
export async function runFieldCases(cases, warta) {
  const text = await textOf('python3', [cases, '--warta', warta, '--jobs', '2']);
  const lines = text.trim().split('\n');
  return { closing: lines.at(-1) ?? '', failed: lines.filter((line) => line.startsWith('FAIL')) };
}

function textOf(program, args) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (more) => (text += more));
    child.on('error', (error) => resolve(`${error.message}`));
    child.on('close', () => resolve(text));
  });
}
