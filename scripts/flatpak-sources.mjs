// The sources of a Flatpak that is built without a network: every crate of Cargo.lock and every npm package that
// the UI's build uses, each with the checksum that the lock file has. Crates are unpacked as a vendor folder of
// cargo, npm packages at their places in node_modules: npm itself does not run in the build. Where they are
// downloaded from is not in the lock files, and is given.

import { basename } from 'node:path';
import { Stop } from './lib.mjs';

const CRATES = 'registry+https://github.com/rust-lang/crates.io-index';
/** Flatpak's names of the processors that npm packages name. */
const ARCHES = { x64: 'x86_64', arm64: 'aarch64' };

/** The sources for cargo, from the text of Cargo.lock and the `dl` address of the registry's index. */
export function cargoSources(lock, downloads) {
  const packages = lock.split('[[package]]').slice(1);
  const field = (text, name) => new RegExp(`^${name} = "(.*)"$`, 'm').exec(text)?.[1];
  const sources = packages.flatMap((text) => {
    const [name, version, source, checksum] = ['name', 'version', 'source', 'checksum'].map((key) => field(text, key));
    if (source === undefined) return [];
    if (source !== CRATES || !checksum) throw new Stop(`${name} ${version} is not from crates.io: ${source}`);
    const dest = `cargo/vendor/${name}-${version}`;
    return [
      {
        type: 'archive',
        'archive-type': 'tar-gzip',
        url: crateUrl(downloads, name, version),
        sha256: checksum,
        dest,
      },
      file(dest, '.cargo-checksum.json', JSON.stringify({ package: checksum, files: {} })),
    ];
  });
  const config = [
    '[source.crates-io]',
    'replace-with = "vendored-sources"',
    '',
    '[source.vendored-sources]',
    'directory = "cargo/vendor"',
    '',
  ];
  return [...sources, file('cargo', 'config.toml', config.join('\n'))];
}

/** As cargo makes it: an address without markers gets the usual path. */
function crateUrl(downloads, name, version) {
  const pattern = /\{.+\}/.test(downloads) ? downloads : `${downloads}/{crate}/{version}/download`;
  return pattern.replaceAll('{crate}', name).replaceAll('{version}', version);
}

const file = (dest, name, contents) => ({ type: 'inline', contents, dest, 'dest-filename': name });

/**
 * The sources for npm, from the contents of package-lock.json and the address of a registry: what the workspace
 * needs on Linux.
 */
export function nodeSources({ packages }, registry, workspace = 'ui') {
  const found = new Set([workspace]);
  for (const from of found) {
    const { dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta, devDependencies } = packages[from];
    const names = { ...dependencies, ...optionalDependencies, ...peerDependencies };
    if (from === workspace) Object.assign(names, devDependencies);
    for (const name of Object.keys(names)) {
      const path = placeOf(packages, from, name);
      if (path && runsHere(packages[path])) found.add(path);
      else if (!path && !optionalDependencies?.[name] && !peerDependenciesMeta?.[name]?.optional) {
        throw new Stop(`package-lock.json has no ${name}, which ${from} needs.`);
      }
    }
  }
  found.delete(workspace);
  return [...found].sort().map((path) => nodeSource(registry, path, packages[path]));
}

/** Where Node finds a package that is imported in a folder. */
function placeOf(packages, from, name) {
  const parts = from.split('/');
  for (let depth = parts.length; depth >= 0; depth -= 1) {
    const path = [...parts.slice(0, depth), 'node_modules', name].join('/');
    if (packages[path]) return path;
  }
  return undefined;
}

/** Whether a list like `["linux"]` or `["!win32"]` in a package allows this system. */
const allows = (wanted, here) =>
  !wanted || wanted.includes(here) || (wanted[0].startsWith('!') && !wanted.includes(`!${here}`));
const arches = (cpu) => Object.keys(ARCHES).filter((arch) => allows(cpu, arch));
const runsHere = ({ os, cpu, libc }) => allows(os, 'linux') && allows(libc, 'glibc') && arches(cpu).length > 0;

function nodeSource(registry, path, { name, version, integrity, cpu }) {
  const [algorithm, base64] = (integrity ?? '').split('-');
  if (algorithm !== 'sha512') throw new Stop(`package-lock.json has no sha512 of ${path}.`);
  const full = name ?? path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
  const source = {
    type: 'archive',
    'archive-type': 'tar-gzip',
    url: `${registry}/${full}/-/${basename(full)}-${version}.tgz`,
    sha512: Buffer.from(base64, 'base64').toString('hex'),
    dest: path,
  };
  return cpu ? { ...source, 'only-arches': arches(cpu).map((arch) => ARCHES[arch]) } : source;
}
