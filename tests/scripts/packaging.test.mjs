// The manifests for package managers: their version, identifier, licence and addresses, and how a release fills them.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { test } from 'node:test';
import { cargoSources, nodeSources } from '../../scripts/flatpak-sources.mjs';
import { root, Stop } from '../../scripts/lib.mjs';
import {
  addresses,
  artefactsOf,
  currentVersion,
  filled,
  flatpakSources,
  MANIFESTS,
  METAINFO,
  releaseDate,
  withAddresses,
  withRelease,
  withVersion,
} from '../../scripts/packaging.mjs';

const read = (path) => readFileSync(join(root, path), 'utf8');
const manifest = (path) => read(join('packaging', path));
const config = JSON.parse(read('tauri.conf.json'));
const version = currentVersion();
const licence = config.bundle.license;
const all = Object.values(MANIFESTS).flat();

for (const path of all) {
  test(`${path} is of the app's version`, () => {
    const text = manifest(path);
    assert.equal(text, withVersion(text, version), '`npm run packaging` writes the version');
    assert.notEqual(withVersion(text, '98.7.6'), text, 'its version is found');
    assert.ok(!withVersion(text, '98.7.6').includes(version), 'every place that names the version is found');
  });
}

test('every manifest of the folder is known to the script', () => {
  const folders = Object.keys(MANIFESTS).filter((folder) => folder !== 'browser');
  const files = folders.flatMap((folder) => readdirSync(join(root, 'packaging', folder)).map((name) => `${folder}/${name}`));
  assert.deepEqual(files.sort(), all.filter((path) => !path.startsWith('browser/')).sort());
});

test('the manifests name the identifier and the licence', () => {
  for (const path of ['homebrew/warta.rb', 'flatpak/org.warta.reader.yml', 'scoop/warta.json']) {
    assert.ok(manifest(path).includes(config.identifier), path);
  }
  assert.match(manifest('flatpak/org.warta.reader.yml'), new RegExp(`^id: ${config.identifier}$`, 'm'));
  for (const path of MANIFESTS.winget) {
    assert.match(manifest(path), /^PackageIdentifier: Warta\.Warta$/m, path);
    if (path.includes('locale')) assert.match(manifest(path), new RegExp(`^License: ${licence}$`, 'm'), path);
  }
  // Scoop joins licences of which the user chooses one by a bar.
  assert.equal(JSON.parse(manifest('scoop/warta.json')).license, licence.replaceAll(' OR ', '|'));
  assert.match(manifest('aur/PKGBUILD'), new RegExp(`^license=\\('${licence}'\\)$`, 'm'));
  assert.match(manifest('aur/.SRCINFO'), new RegExp(`^\\tlicense = ${licence}$`, 'm'));
});

test('the manifests name the app, its publisher and its program as the packages do', () => {
  const [, program] = /\[\[bin\]\]\nname = "(.+)"/.exec(read('Cargo.toml'));
  assert.match(manifest('flatpak/org.warta.reader.yml'), new RegExp(`^command: ${program}$`, 'm'));
  assert.deepEqual(JSON.parse(manifest('scoop/warta.json')).shortcuts, [[`${program}.exe`, config.productName]]);
  assert.match(manifest('homebrew/warta.rb'), new RegExp(`app "${config.productName}\\.app"`));
  assert.match(manifest('winget/Warta.Warta.installer.yaml'), new RegExp(`^ProductCode: ${config.productName}$`, 'm'));
  for (const path of MANIFESTS.winget.filter((one) => one.includes('locale'))) {
    assert.match(manifest(path), new RegExp(`^Publisher: ${config.bundle.publisher}$`, 'm'), path);
  }
  assert.match(manifest(METAINFO), new RegExp(`<name>${config.bundle.publisher}</name>`));
});

test('the manifests have placeholders where a release has checksums and addresses', () => {
  for (const path of all.filter((one) => !one.startsWith('browser/'))) {
    const text = manifest(path);
    assert.doesNotMatch(text, /\b[0-9a-f]{64}\b/i, `${path}: a checksum of a file that is not in the tree`);
    const foreign = [...text.matchAll(/https?:\/\/[^\s'"]+/g)].map(([address]) => address);
    assert.deepEqual(foreign.filter((one) => !one.startsWith('https://aka.ms/winget-manifest.')), [], path);
    if (/homepage|\burl\b|PackageUrl/i.test(text)) assert.match(text, /@(HOMEPAGE|REPOSITORY)@/, path);
  }
  assert.deepEqual(artefactsOf(all.map(manifest)).sort(), [
    `Warta_${version}_universal.dmg`,
    `Warta_${version}_x64-setup.exe`,
    `warta-${version}.tar.gz`,
  ]);
});

test('a release fills every placeholder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'warta-packaging-'));
  try {
    const texts = all.map(manifest);
    const artefacts = artefactsOf(texts);
    for (const file of artefacts) writeFileSync(join(folder, file), `contents of ${file}`);
    const repository = 'https://forge.example/warta/warta';
    const results = filled(texts, folder, { repository, homepage: 'https://warta.example/' });
    for (const [index, text] of results.entries()) assert.doesNotMatch(text, /@[A-Z]/, all[index]);
    const result = (path) => results[all.indexOf(path)];
    const sum = createHash('sha256').update(`contents of Warta_${version}_x64-setup.exe`).digest('hex');
    const scoop = JSON.parse(result('scoop/warta.json'));
    assert.equal(scoop.architecture['64bit'].hash, sum);
    assert.equal(scoop.homepage, 'https://warta.example/');
    const installer = `${repository}/releases/download/v${version}/Warta_${version}_x64-setup.exe`;
    assert.equal(scoop.architecture['64bit'].url, `${installer}#/dl.7z`);
    assert.ok(result('winget/Warta.Warta.installer.yaml').includes(`InstallerUrl: '${installer}'\n  InstallerSha256: '${sum}'`));

    // Never by halves: one missing or empty file stops all.
    const [first, second] = artefacts;
    rmSync(join(folder, first));
    writeFileSync(join(folder, second), '');
    assert.throws(() => filled(texts, folder, { repository, homepage: repository }), (error) => {
      assert.ok(error instanceof Stop);
      assert.ok(error.message.includes(first) && error.message.includes(second), error.message);
      return true;
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('without an address of the project nothing is filled', () => {
  assert.throws(() => filled(["url '@REPOSITORY@/x'"], root, addresses({})), /names no "repository"/);
});

test("the project's addresses are read from package.json", () => {
  const expected = { repository: 'https://forge.example/warta/warta', homepage: 'https://forge.example/warta/warta' };
  assert.deepEqual(addresses({ repository: 'https://forge.example/warta/warta' }), expected);
  assert.deepEqual(addresses({ repository: { type: 'git', url: 'git+https://forge.example/warta/warta.git' } }), expected);
  const homepage = 'https://warta.example/';
  assert.deepEqual(addresses({ repository: expected.repository, homepage }), { ...expected, homepage });
  assert.throws(() => addresses({ repository: 'github:warta/warta' }), Stop);
});

test('the metainfo has the release that the changelog has', () => {
  const text = manifest(METAINFO);
  assert.equal(text, withAddresses(withRelease(text, version, releaseDate(version), '2000-01-01'), addresses()), '`npm run packaging` writes it');
  assert.ok(text.indexOf(`<release version="${version}"`) === text.indexOf('<release version='), 'the newest is first');
});

test('the metainfo keeps the releases before, and no date changes by itself', () => {
  const lines = (text) => [...text.matchAll(/<release .*\/>/g)].map(([line]) => line);
  const developed = withRelease(manifest(METAINFO), '0.1.0', undefined, '2026-12-01');
  const [only, ...more] = lines(developed);
  assert.deepEqual(more, []);
  assert.match(only, /version="0\.1\.0" date="\d{4}-\d\d-\d\d" type="development"/);
  assert.equal(withRelease(developed, '0.1.0', undefined, '2026-12-09'), developed, 'the same day as before');
  const released = withRelease(developed, '0.1.0', '2026-12-20', '2026-12-21');
  assert.deepEqual(lines(released), ['<release version="0.1.0" date="2026-12-20" type="stable"/>']);
  const next = withRelease(released, '0.2.0', undefined, '2027-01-02');
  assert.deepEqual(lines(next), [
    '<release version="0.2.0" date="2027-01-02" type="development"/>',
    '<release version="0.1.0" date="2026-12-20" type="stable"/>',
  ]);
  assert.equal(releaseDate('1.2.3', '# Changelog\n\n## 1.2.3 (2027-02-03)\n'), '2027-02-03');
  assert.equal(releaseDate('1.2.3', '# Changelog\n\n## 1.2.3 (not released)\n'), undefined);
  assert.throws(() => releaseDate('1.2.4', '# Changelog\n\n## 1.2.3 (not released)\n'), Stop);
});

test('the metainfo has addresses when there are some', () => {
  const repository = 'https://forge.example/warta/warta';
  const text = withAddresses(manifest(METAINFO), { repository, homepage: 'https://warta.example/' });
  assert.deepEqual([...text.matchAll(/<url type="(.+)">(.+)<\/url>/g)].map(([, type, url]) => [type, url]), [
    ['homepage', 'https://warta.example/'],
    ['bugtracker', `${repository}/issues`],
    ['vcs-browser', repository],
  ]);
  assert.equal(withAddresses(text, {}), withAddresses(manifest(METAINFO), {}), 'they can be taken out again');
});

const elsewhere = process.platform === 'linux' ? false : 'needs bash and sh';

test('.SRCINFO says what the PKGBUILD says', { skip: elsewhere }, () => {
  const single = ['pkgdesc', 'pkgver', 'pkgrel', 'url'];
  const lists = ['arch', 'license', 'makedepends', 'depends', 'optdepends', 'options', 'source', 'sha256sums'];
  const script = [
    'set -eu; source "$1"; printf "pkgbase = %s\\n" "$pkgname"',
    ...single.map((name) => `printf "\\t${name} = %s\\n" "$${name}"`),
    ...lists.map((name) => `printf "\\t${name} = %s\\n" "\${${name}[@]}"`),
    'printf "\\npkgname = %s\\n" "$pkgname"',
  ].join('\n');
  const pkgbuild = join(root, 'packaging/aur/PKGBUILD');
  const { status, stdout, stderr } = spawnSync('bash', ['-c', script, 'bash', pkgbuild], { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  assert.equal(manifest('aur/.SRCINFO'), stdout);
});

test('install.sh puts everything where the desktop looks', { skip: elsewhere }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'warta-install-'));
  try {
    const built = join(folder, 'built');
    const made = spawnSync('sh', ['-c', 'mkdir -p "$0/release" "$0/licences" && touch "$0/release/warta" "$0/release/warta-desktop" "$0/licences/THIRD-PARTY.txt" && mkdir -p "$0/manual/man" "$0/manual/completions" && cd "$0/manual" && touch man/warta.1 man/warta-sync.1 completions/warta.bash completions/warta.fish completions/_warta', built]);
    assert.equal(made.status, 0);
    const env = { ...process.env, CARGO_TARGET_DIR: built, DESTDIR: join(folder, 'to'), PREFIX: '/usr' };
    const { status, stderr } = spawnSync('sh', [join(root, 'packaging/linux/install.sh')], { env, encoding: 'utf8' });
    assert.equal(status, 0, stderr);
    const installed = join(folder, 'to/usr');
    const files = readdirSync(installed, { recursive: true, withFileTypes: true })
      .filter((one) => one.isFile())
      .map((one) => join(one.parentPath ?? one.path, one.name));
    assert.deepEqual(
      files.map((path) => relative(installed, path)).sort(),
      [
        'bin/warta',
        'bin/warta-desktop',
        'share/applications/org.warta.reader.desktop',
        'share/bash-completion/completions/warta',
        'share/fish/vendor_completions.d/warta.fish',
        'share/icons/hicolor/128x128/apps/warta-desktop.png',
        'share/icons/hicolor/256x256/apps/warta-desktop.png',
        'share/icons/hicolor/32x32/apps/warta-desktop.png',
        'share/icons/hicolor/scalable/apps/warta-desktop.svg',
        'share/licenses/warta/LICENSE-APACHE',
        'share/licenses/warta/LICENSE-MIT',
        'share/licenses/warta/Newsreader-OFL.txt',
        'share/licenses/warta/PublicSans-OFL.txt',
        'share/licenses/warta/THIRD-PARTY.txt',
        'share/man/man1/warta-desktop.1',
        'share/man/man1/warta-sync.1',
        'share/man/man1/warta.1',
        'share/metainfo/org.warta.reader.metainfo.xml',
        'share/zsh/site-functions/_warta',
      ],
    );
    assert.equal(statSync(join(installed, 'bin/warta')).mode & 0o777, 0o755);
    assert.equal(statSync(join(installed, 'share/metainfo/org.warta.reader.metainfo.xml')).mode & 0o777, 0o644);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('the Flatpak has every crate of the lock file, with its checksum', () => {
  const lock = read('Cargo.lock');
  const sources = cargoSources(lock, 'https://crates.example/crates');
  const archives = sources.filter(({ type }) => type === 'archive');
  const checksums = [...lock.matchAll(/^checksum = "(.+)"$/gm)].map(([, sum]) => sum);
  assert.deepEqual(archives.map(({ sha256 }) => sha256), checksums);
  const [one] = archives.filter(({ dest }) => dest.startsWith('cargo/vendor/sled-'));
  assert.match(one.url, /^https:\/\/crates\.example\/crates\/sled\/[\d.]+\/download$/);
  const marked = cargoSources(lock, 'https://crates.example/{crate}-{version}.crate');
  assert.ok(marked.some(({ url }) => url === `https://crates.example/${one.dest.split('/').at(-1)}.crate`));
  for (const { dest, sha256 } of archives) {
    const inside = sources.find((one) => one.dest === dest && one['dest-filename'] === '.cargo-checksum.json');
    assert.equal(JSON.parse(inside.contents).package, sha256);
  }
  assert.match(sources.at(-1).contents, /directory = "cargo\/vendor"/);
  const git = '[[package]]\nname = "x"\nversion = "1.0.0"\nsource = "git+https://forge.example/x#1"\n';
  assert.throws(() => cargoSources(git, ''), /x 1\.0\.0 is not from crates\.io/);
});

test("the Flatpak's sources are listed where its manifest names them, if the addresses are given", () => {
  const given = { WARTA_CRATES: 'https://crates.example/', WARTA_NPM: 'https://npm.example/' };
  const lists = flatpakSources(given);
  const named = [...manifest('flatpak/org.warta.reader.yml').matchAll(/^ +- ([\w-]+\.json)$/gm)].map(([, name]) => `flatpak/${name}`);
  assert.deepEqual(Object.keys(lists), named);
  for (const list of Object.values(lists)) {
    for (const { url } of list.filter(({ type }) => type === 'archive')) assert.match(url, /^https:\/\/(crates|npm)\.example\/[\w@]/);
  }
  for (const name of Object.keys(given)) assert.throws(() => flatpakSources({ ...given, [name]: undefined }), new RegExp(name));
});

test("the Flatpak has the npm packages of the UI's build, where Node finds them", () => {
  const sources = nodeSources(JSON.parse(read('package-lock.json')), 'https://npm.example');
  const at = new Map(sources.map((source) => [source.dest, source]));
  assert.equal(at.size, sources.length);
  for (const needed of ['svelte', 'vite', '@sveltejs/vite-plugin-svelte', '@tauri-apps/api']) {
    assert.ok(at.has(`node_modules/${needed}`), needed);
  }
  for (const other of ['@tauri-apps/cli', 'webdriverio']) assert.ok(!at.has(`node_modules/${other}`), other);
  for (const { url, sha512, dest } of sources) {
    assert.match(sha512, /^[0-9a-f]{128}$/, dest);
    assert.match(url, /^https:\/\/npm\.example\/(@[^/]+\/)?[^/]+\/-\/[^/]+\.tgz$/, dest);
  }
  const arches = sources.map((source) => source['only-arches']).filter(Boolean);
  assert.ok(arches.length > 0 && arches.flat().every((arch) => ['x86_64', 'aarch64'].includes(arch)));
});

test('npm packages: nearest place, other systems, names that differ, what is missing', () => {
  const integrity = `sha512-${Buffer.alloc(64, 1).toString('base64')}`;
  const of = (more) => ({ version: '1.0.0', integrity, ...more });
  const packages = {
    '': {},
    ui: { dependencies: { a: '1' }, devDependencies: { b: '1' } },
    'node_modules/a': of({ dependencies: { c: '1' }, devDependencies: { unused: '1' }, optionalDependencies: { gone: '1', mac: '1', musl: '1', x64: '1' } }),
    'node_modules/a/node_modules/c': of({ version: '2.0.0' }),
    'node_modules/b': of({ name: '@scope/other', peerDependencies: { c: '1', maybe: '1' }, peerDependenciesMeta: { maybe: { optional: true } } }),
    'node_modules/c': of({}),
    'node_modules/mac': of({ os: ['darwin'], dependencies: { c: '1' } }),
    'node_modules/musl': of({ libc: ['musl'] }),
    'node_modules/unused': of({}),
    'node_modules/x64': of({ os: ['!win32'], cpu: ['x64'] }),
  };
  const found = nodeSources({ packages }, 'npm:').map(({ dest, url, 'only-arches': arches }) => [dest, url, ...(arches ?? [])]);
  assert.deepEqual(found, [
    ['node_modules/a', 'npm:/a/-/a-1.0.0.tgz'],
    ['node_modules/a/node_modules/c', 'npm:/c/-/c-2.0.0.tgz'],
    ['node_modules/b', 'npm:/@scope/other/-/other-1.0.0.tgz'],
    ['node_modules/c', 'npm:/c/-/c-1.0.0.tgz'],
    ['node_modules/x64', 'npm:/x64/-/x64-1.0.0.tgz', 'x86_64'],
  ]);
  delete packages['node_modules/c'];
  assert.throws(() => nodeSources({ packages }, 'npm:'), /has no c, which node_modules\/b needs/);
});
