// A real IMAP server for tests: Dovecot on loopback ports, as the current user, with a certificate of an
// authority that is made for the test.

import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { freePort, killGroup, launch, until } from './harness.mjs';

const PROGRAM = '/usr/sbin/dovecot';
/** The owner of the mailbox where the test runs as root: Dovecot opens none as root. */
const NOBODY = 65_534;

export const isInstalled = existsSync(PROGRAM);

function makeCertificate(folder) {
  const openssl = (...args) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  const key = ['-newkey', 'rsa:2048', '-nodes'];
  openssl('req', '-x509', ...key, '-keyout', 'ca-key.pem', '-out', 'ca.pem', '-days', '30', '-subj', '/CN=Warta test');
  openssl('req', ...key, '-keyout', 'key.pem', '-out', 'request.pem', '-subj', '/CN=localhost');
  writeFileSync(join(folder, 'names'), 'subjectAltName=DNS:localhost\nbasicConstraints=CA:FALSE\n');
  openssl('x509', '-req', '-in', 'request.pem', '-CA', 'ca.pem', '-CAkey', 'ca-key.pem', '-CAcreateserial', '-days', '30', '-extfile', 'names', '-out', 'cert.pem');
}

/** Starts a server with these messages in the inbox of `ani`, whose password is `rahasia`. */
export async function startDovecot(messages) {
  const folder = mkdtempSync(join(tmpdir(), 'warta-dovecot-'));
  makeCertificate(folder);
  const isRoot = process.getuid() === 0;
  const [uid, gid] = isRoot ? [NOBODY, NOBODY] : [process.getuid(), process.getgid()];
  const mail = join(folder, 'mail');
  for (const part of ['', 'cur', 'new', 'tmp']) {
    mkdirSync(join(mail, part), { recursive: true });
    if (isRoot) chownSync(join(mail, part), NOBODY, NOBODY);
  }
  if (isRoot) chmodSync(folder, 0o755);
  messages.forEach((message, index) => {
    const file = join(mail, 'cur', `${1_700_000_000 + index}.${index}.test:2,`);
    writeFileSync(file, message);
    if (isRoot) chownSync(file, NOBODY, NOBODY);
  });
  writeFileSync(join(folder, 'users'), 'ani@localhost.example:{PLAIN}rahasia\n');
  mkdirSync(join(folder, 'run'));
  const port = await freePort();
  const name = userInfo().username;
  const asUser = isRoot ? '' : `default_login_user = ${name}\ndefault_internal_user = ${name}\n`;
  writeFileSync(join(folder, 'dovecot.conf'), `${asUser}base_dir = ${folder}/run
state_dir = ${folder}/run
log_path = ${folder}/log
ssl = yes
ssl_cert = <${folder}/cert.pem
ssl_key = <${folder}/key.pem
protocols = imap
mail_location = maildir:${mail}
first_valid_uid = 1
auth_failure_delay = 0
passdb {
  driver = passwd-file
  args = ${folder}/users
}
userdb {
  driver = static
  args = uid=${uid} gid=${gid} home=${mail}
}
service anvil {
  chroot =
}
service stats {
  chroot =
}
service imap-login {
  chroot =
  inet_listener imap {
    port = 0
  }
  inet_listener imaps {
    address = 127.0.0.1
    port = ${port}
    ssl = yes
  }
}
`);
  const process_ = launch(PROGRAM, ['-F', '-c', join(folder, 'dovecot.conf')]);
  await until('Dovecot listens', () => /starting up/.test(existsSync(join(folder, 'log')) ? readFileSync(join(folder, 'log'), 'utf8') : ''));
  return {
    port,
    authority: join(folder, 'ca.pem'),
    /** The names of the messages' files, which have their flags. */
    files: () => ['cur', 'new'].flatMap((part) => readdirSync(join(mail, part)).map((file) => `${part}/${file}`)).sort(),
    stop() {
      killGroup(process_);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
