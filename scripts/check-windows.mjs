// npm run check:windows: builds Warta for Windows on Debian or Ubuntu (x86_64) and runs it under Wine. On Windows itself
// it runs `journey` and `installer`: the Rust tests are in `npm test` there.
//
//   npm run check:windows -- journey tests      runs only these parts
//
// - journey: the command line, from subscribing to importing a profile, in folders with spaces and Unicode
// - cases: the field cases, where they are (`WARTA_CASES` names their program); their closing line must equal that of
//   the Linux command line (`target/debug/warta`, or what `WARTA_LINUX` names)
// - tests: the Rust tests of the pure crates, log, net, store and engine (with `WARTA_WINDOWS_CRATES=text,store`, of these)
// - short: the command line alone, built without optimisation, and the journey; left out, which is no failure, where
//   the packages cannot be had
// - installer: the desktop app and the command line as an installer, which is installed, updated and uninstalled
//
// Not covered: running the desktop app (Wine has no WebView2), the tests of the command line and of the shell, and what
// Wine does differently from Windows. Tests that cannot pass under Wine are in `windows/left-out.mjs`.
// Only `short` is part of `npm test`.

import { copyFileSync, existsSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { cargoFeatures, cliBinary, LEFT_OUT, must, runMain, say, Stop, targetDir } from './lib.mjs';
import { buildUi } from './building.mjs';
import { fieldCases, runFieldCases } from './windows/field-cases.mjs';
import { checkInstaller } from './windows/install.mjs';
import { getNsis, makeInstaller } from './windows/installer.mjs';
import { journey } from './windows/journey.mjs';
import { runRustTests } from './windows/rust-tests.mjs';
import {
  buildEnvironment,
  commandLine,
  commandLineAlone,
  CRATES,
  desktop,
  getToolchain,
  randomDll,
  shortEnvironment,
  shortTarget,
  TARGET,
  windowsTarget,
} from './windows/toolchain.mjs';
import { closeWine, onWindows, openWine, runWindows, systemFolder, writeStarter } from './windows/wine.mjs';
import { installDebian, linuxFamily } from './setup.mjs';

const PARTS = onWindows ? ['journey', 'installer', 'short'] : ['journey', 'cases', 'tests', 'installer', 'short'];
const folder = onWindows ? join(targetDir, 'debug') : join(windowsTarget, TARGET, 'debug');
const program = join(folder, 'warta.exe');
/** What `short` builds instead. */
const shortFolder = join(shortTarget, TARGET, 'release');

await runMain(async () => {
  const asked = process.argv.slice(2);
  const unknown = asked.filter((part) => !PARTS.includes(part));
  if (unknown.length > 0) throw new Stop(`Unknown part: ${unknown.join(' ')}. Parts: ${PARTS.join(' ')}`);
  const isShort = asked.includes('short');
  const wants = (part) => asked.length === 0 || asked.includes(part);

  try {
    if (isShort && onWindows) throw new Stop('this is Windows, where the tests of the command line run as they are.');
    await prepare();
  } catch (error) {
    if (!isShort || !(error instanceof Stop)) throw error;
    say(`The check for Windows is left out: ${error.message}`);
    return LEFT_OUT;
  }
  const problems = [];
  try {
    if (isShort) {
      await buildCommandLine(shortFolder, commandLineAlone, shortEnvironment());
      problems.push(...(await checkJourney(join(shortFolder, 'warta.exe'))));
    }
    if (wants('journey') || wants('cases') || wants('installer')) await buildCommandLine(folder, commandLine, onWindows ? {} : buildEnvironment());
    if (wants('journey')) problems.push(...(await checkJourney(program)));
    if (wants('cases')) problems.push(...(await checkFieldCases()));
    if (wants('tests')) problems.push(...(await checkRustTests()));
    if (wants('installer')) problems.push(...(await checkInstallation()));
  } finally {
    await closeWine();
  }
  say(problems.length === 0 ? '\nWarta works on Windows, as far as Wine shows.' : `\nFailed:\n${problems.join('\n')}`);
  return problems.length === 0 ? 0 : 1;
});

async function prepare() {
  if (onWindows) return buildUi();
  if (process.platform !== 'linux' || process.arch !== 'x64' || linuxFamily() !== 'debian') {
    throw new Stop('This check needs the packages of Debian or Ubuntu on x86_64: rustc-web, gcc-mingw-w64 and wine64.');
  }
  // What most machines lack is asked for first, before anything is installed.
  await getToolchain();
  await installDebian(['wine64']);
  await openWine();
  // For the installed programs, beside which it must not be.
  copyFileSync(randomDll, join(systemFolder, basename(randomDll)));
}

async function buildCommandLine(into, args, env) {
  say('\n— Building warta.exe');
  const began = Date.now();
  if (onWindows) {
    await must('cargo', ['build', '--locked', '--workspace', '--bins', ...cargoFeatures]);
  } else {
    await must('cargo', args, { env });
    copyFileSync(randomDll, join(into, 'bcryptprimitives.dll'));
  }
  say(`— warta.exe: ${(statSync(join(into, 'warta.exe')).size / 1e6).toFixed(1)} MB, ${secondsSince(began)} s`);
}

async function checkJourney(warta) {
  say('\n— A journey through the command line');
  const began = Date.now();
  try {
    const commands = await journey((args) => runWindows(warta, args, { limit: 120 }));
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
  for (const [system, { repeated }] of [['Linux', here], ['Windows', there]]) {
    if (repeated.length > 0) say(`  ran out of time on ${system} and were repeated alone: ${repeated.join(' ')}`);
  }
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

async function checkInstallation() {
  say('\n— Building warta-desktop.exe and the installer');
  const began = Date.now();
  if (!onWindows) {
    await buildUi();
    await must('cargo', desktop, { env: buildEnvironment() });
  }
  const installer = await makeInstaller({ programs: folder, ...(onWindows ? {} : { platform: TARGET, debian: await getNsis() }) });
  say(`— The desktop app and the installer: ${secondsSince(began)} s`);
  const next = Date.now();
  try {
    const { files, shortcuts, values } = await checkInstaller(installer, (name, args) => runWindows(name, args, { limit: 120 }));
    for (const [title, lines] of [['Files', files], ['Shortcuts', shortcuts], ['Registry', values]]) say([`${title}:`, ...lines].join('\n  '));
    say(`— Installed, updated and uninstalled: all good, ${secondsSince(next)} s`);
    return [];
  } catch (error) {
    say(`— The installer FAILED: ${error.message}`);
    return [`The installer: ${error.message}`];
  }
}

/** A declaration, because the calls above it wait. */
function secondsSince(began) {
  return Math.round((Date.now() - began) / 1000);
}
