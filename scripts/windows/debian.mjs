// Debian's packages, unpacked aside: downloaded by apt-get, so from the sources that apt is configured with. Nothing is
// installed.

import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { must } from '../lib.mjs';

const UNPACK = 'set -o pipefail; dpkg-deb --fsys-tarfile "$1" | tar --extract --directory "$2" "${@:3}"';

/** Unpacks packages into a folder, which is emptied first, without what matches the patterns of tar. */
export async function unpackDebian(names, folder, without = []) {
  const archives = `${folder}.archives`;
  rmSync(folder, { recursive: true, force: true });
  rmSync(archives, { recursive: true, force: true });
  for (const one of [folder, archives]) mkdirSync(one, { recursive: true });
  // As root, apt-get cannot hand the folder to its own user, and says so: harmless.
  await must('apt-get', ['download', '--quiet', '--quiet', '-o', 'APT::Sandbox::User=root', ...names], { cwd: archives });
  const excluded = ['./usr/share/doc', ...without].map((pattern) => `--exclude=${pattern}`);
  for (const archive of readdirSync(archives)) await must('bash', ['-c', UNPACK, 'unpack', join(archives, archive), folder, ...excluded]);
  rmSync(archives, { recursive: true });
}
