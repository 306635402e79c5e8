// npm run check:windows: builds Warta for Windows on Debian or Ubuntu (x86_64) and runs it under Wine.
//
//   npm run check:windows -- journey tests      runs only these parts
//
// - journey: the command line, from subscribing to importing a profile, in folders with spaces and Unicode
// - cases: the field cases, where they are (`WARTA_CASES` names their program); their closing line must equal that of
//   the Linux command line (`target/debug/warta`, or what `WARTA_LINUX` names)
// - tests: the Rust tests of the pure crates, net, store and engine (with `WARTA_WINDOWS_CRATES=text,store`, of these)
//
// Not covered: the desktop app, the tests of the command line and of the shell, and what Wine does differently from
// Windows. Tests that cannot pass under Wine are in `windows/left-out.mjs`. Not part of `npm test`.

import { copyFileSync, existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { cliBinary, must, runMain, say, Stop } from './lib.mjs';
import { fieldCases, runFieldCases } from './windows/field-cases.mjs';
import { journey } from './windows/journey.mjs';
import { runRustTests } from './windows/rust-tests.mjs';
import { buildEnvironment, commandLine, CRATES, getToolchain, randomDll, TARGET, windowsTarget } from './windows/toolchain.mjs';
import { closeWine, openWine, runWindows, writeStarter } from './windows/wine.mjs';
import { installDebian, linuxFamily } from './setup.mjs';

const PARTS = ['journey', 'cases', 'tests'];
const folder = join(windowsTarget, TARGET, 'debug');
const program = join(folder, 'warta.exe');

await runMain(async () => {
  const asked = process.argv.slice(2);
  const unknown = asked.filter((part) => !PARTS.includes(part));
  if (unknown.length > 0) throw new Stop(`Unknown part: ${unknown.join(' ')}. Parts: ${PARTS.join(' ')}`);
  const wants = (part) => asked.length === 0 || asked.includes(part);

  await prepare();
  const problems = [];
  try {
    if (wants('journey') || wants('cases')) await buildCommandLine();
    if (wants('journey')) problems.push(...(await checkJourney()));
    if (wants('cases')) problems.push(...(await checkFieldCases()));
    if (wants('tests')) problems.push(...(await checkRustTests()));
  } finally {
    await closeWine();
  }
  say(problems.length === 0 ? '\nWarta works on Windows, as far as Wine shows.' : `\nFailed:\n${problems.join('\n')}`);
  return problems.length === 0 ? 0 : 1;
});

async function prepare() {
  if (process.platform !== 'linux' || process.arch !== 'x64' || linuxFamily() !== 'debian') {
    throw new Stop('This check needs the packages of Debian or Ubuntu on x86_64: rustc-web, gcc-mingw-w64 and wine64.');
  }
  await installDebian(['wine64']);
  await getToolchain();
  await openWine();
}

async function buildCommandLine() {
  say('\n— Building warta.exe');
  const began = Date.now();
  await must('cargo', commandLine, { env: buildEnvironment() });
  copyFileSync(randomDll, join(folder, 'bcryptprimitives.dll'));
  say(`— warta.exe: ${(statSync(program).size / 1e6).toFixed(1)} MB, ${secondsSince(began)} s`);
}

async function checkJourney() {
  say('\n— A journey through the command line');
  const began = Date.now();
  try {
    const commands = await journey((args) => runWindows(program, args, { limit: 120 }));
    say(`— The journey: ${commands} commands, all good, ${secondsSince(began)} s`);
    return [];
  } catch (error) {
    say(`— The journey FAILED: ${error.message}`);
    return [`The journey: ${error.message}`];
  }
}

async function checkFieldCases() {
  const cases = fieldCases();
  if (!cases) {
    say('\n— The field cases are not here and were left out; `WARTA_CASES` names the program that runs them.');
    return [];
  }
  say('\n— The field cases');
  const began = Date.now();
  const here = await runFieldCases(cases, await linuxCommandLine());
  say(`Linux:   ${here.closing}, ${secondsSince(began)} s`);
  const next = Date.now();
  const there = await runFieldCases(cases, writeStarter('warta', program));
  say(`Windows: ${there.closing}, ${secondsSince(next)} s`);
  if (here.closing === there.closing) return [];
  for (const line of there.failed) say(`  ${line}`);
  return [`The field cases: "${there.closing}" on Windows, "${here.closing}" on Linux`];
}

/** `WARTA_LINUX` names one that is built already. */
async function linuxCommandLine() {
  const built = process.env.WARTA_LINUX ?? cliBinary();
  if (!existsSync(built)) await must('cargo', ['build', '--locked', '--package', 'warta-cli', '--bin', 'warta']);
  return built;
}

async function checkRustTests() {
  const crates = process.env.WARTA_WINDOWS_CRATES?.split(',') ?? CRATES;
  const began = Date.now();
  const { passed, ignored, leftOut, problems } = await runRustTests(crates);
  say(`— Rust tests: ${passed} passed, ${problems.length} problems, ${ignored} ignored, ${leftOut} left out, ${secondsSince(began)} s`);
  return problems;
}

const secondsSince = (began) => Math.round((Date.now() - began) / 1000);
