// What failed, from the output of a test runner: cargo's, node's or vitest's.

import { stripVTControlCharacters } from 'node:util';

const MOST_LINES = 40;
const MOST_COLUMNS = 400;

/** Where a runner's report of one failed case begins. */
const beginnings = [
  /^---- (?<name>\S+) stdout ----$/, // cargo
  /^test (?<name>\S+) \.\.\. FAILED$/, // cargo, where nothing was printed
  /^ FAIL {2}(?<name>.+)$/, // vitest
  /^✖ (?<name>.+?)(?: \([\d.]+ms\))?$/, // node
];

/** Lines that end a report. */
const ends = [/^failures:$/, /^test result: /, /^⎯+/, /^test at /, /^[▶✔ℹ] /];

/** Lines of a stack trace inside a runner or a library. */
const noise = [/^ +\d+: \S/, /^ +at (?:async )?.*(?:node:|node_modules|\/rustc\/|\.cargo\/)/, /^$/];

/**
 * The failed cases of a runner's output, each once, with the lines that say why. If no case is named,
 * as when a program does not compile, the end of the output is one report.
 */
export function failures(coloured) {
  const output = stripVTControlCharacters(coloured);
  // Node names failed cases where they run and reports them at the end.
  const reported = output.split(/^✖ failing tests:$/m).at(-1);
  const reports = new Map();
  let current;
  for (const line of reported.split(/\r?\n/)) {
    const name = beginnings.map((begin) => line.match(begin)?.groups.name).find(Boolean);
    if (name) {
      current = reports.get(name) ?? [];
      reports.set(name, current);
    } else if (ends.some((end) => end.test(line))) {
      current = undefined;
    } else if (current && current.length < MOST_LINES && !noise.some((one) => one.test(line))) {
      current.push(`    ${line.slice(0, MOST_COLUMNS)}`);
    }
  }
  if (reports.size > 0) return [...reports].map(([name, report]) => ({ name, report: report.join('\n') }));
  const last = output.split(/\r?\n/).filter((line) => line.trim() !== '');
  return [{ name: 'the end of its output', report: last.slice(-MOST_LINES).join('\n') }];
}
