//! A real IMAP server for tests: Dovecot, started for one test as the current user, on loopback ports,
//! with a certificate of an authority that is made for the test.
#![expect(clippy::disallowed_methods, reason = "the server's own files")]

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::{MetadataExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use tempfile::TempDir;
use warta_engine::api::{MailSecurity, MailSetup};

/// Where Debian installs it.
const PROGRAM: &str = "/usr/sbin/dovecot";
/// The owner of the mailbox where the test runs as root: Dovecot opens none as root.
const NOBODY: u32 = 65_534;

pub(crate) const USER: &str = "ani";
pub(crate) const PASSWORD: &str = "rahasia \"\\ € 1";

pub(crate) struct Dovecot {
    folder: TempDir,
    process: Child,
    pub(crate) tls_port: u16,
    pub(crate) start_tls_port: u16,
    /// The authority, as DER.
    pub(crate) root: Vec<u8>,
}

impl Dovecot {
    /// Whether the server is installed; without it a test says that it is left out.
    #[expect(clippy::print_stdout, reason = "says that it was skipped")]
    pub(crate) fn is_installed() -> bool {
        let is_there = Path::new(PROGRAM).exists();
        if !is_there {
            println!("left out: {PROGRAM} is not installed (Debian: dovecot-imapd)");
        }
        is_there
    }

    /// Starts a server whose certificate is for `name`.
    pub(crate) fn start(name: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        let mut authority = CertificateParams::new(Vec::new()).unwrap();
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let authority =
            CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap();
        let key = KeyPair::generate().unwrap();
        let certificate = CertificateParams::new(vec![name.to_owned()])
            .unwrap()
            .signed_by(&key, &authority)
            .unwrap();
        fs::write(path.join("cert.pem"), certificate.pem()).unwrap();
        fs::write(path.join("key.pem"), key.serialize_pem()).unwrap();
        fs::write(path.join("users"), format!("{USER}:{{PLAIN}}{PASSWORD}\n")).unwrap();
        fs::create_dir_all(path.join("run")).unwrap();
        let owner = fs::metadata(path).unwrap();
        let is_root = owner.uid() == 0;
        let (uid, gid) = if is_root {
            (NOBODY, NOBODY)
        } else {
            (owner.uid(), owner.gid())
        };
        for part in [
            "cur",
            "new",
            "tmp",
            ".Buletin/cur",
            ".Buletin/new",
            ".Buletin/tmp",
        ] {
            fs::create_dir_all(path.join("mail").join(part)).unwrap();
        }
        let (tls_port, start_tls_port) = (free_port(), free_port());
        let as_user = if is_root {
            String::new()
        } else {
            let name = Command::new("id").arg("-un").output().unwrap().stdout;
            let name = String::from_utf8(name).unwrap();
            format!(
                "default_login_user = {0}\ndefault_internal_user = {0}\n",
                name.trim()
            )
        };
        let dir = path.display();
        let config = format!(
            "{as_user}base_dir = {dir}/run\nstate_dir = {dir}/run\nlog_path = {dir}/log\n\
             ssl = yes\nssl_cert = <{dir}/cert.pem\nssl_key = <{dir}/key.pem\nprotocols = imap\n\
             mail_location = maildir:{dir}/mail\nfirst_valid_uid = 1\nmail_max_userip_connections = 50\n\
             auth_failure_delay = 0\n\
             passdb {{\n driver = passwd-file\n args = {dir}/users\n}}\n\
             userdb {{\n driver = static\n args = uid={uid} gid={gid} home={dir}/mail\n}}\n\
             service anvil {{\n chroot =\n}}\nservice stats {{\n chroot =\n}}\n\
             service imap-login {{\n chroot =\n\
             inet_listener imap {{\n address = 127.0.0.1\n port = {start_tls_port}\n}}\n\
             inet_listener imaps {{\n address = 127.0.0.1\n port = {tls_port}\n ssl = yes\n}}\n}}\n"
        );
        fs::write(path.join("dovecot.conf"), config).unwrap();
        if is_root {
            own_all(&path.join("mail"));
            chown(path, Some(NOBODY), Some(NOBODY)).unwrap();
        }
        let process = Command::new(PROGRAM)
            .args(["-F", "-c"])
            .arg(path.join("dovecot.conf"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let server = Self {
            root: authority.der().to_vec(),
            folder,
            process,
            tls_port,
            start_tls_port,
        };
        server.wait();
        server
    }

    fn wait(&self) {
        let started = Instant::now();
        while TcpStream::connect(("127.0.0.1", self.tls_port)).is_err() {
            let log = fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
            assert!(
                started.elapsed() < Duration::from_secs(30),
                "Dovecot does not start: {log}"
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// The account, with its password.
    pub(crate) fn setup(&self) -> MailSetup {
        MailSetup {
            host: "localhost".into(),
            port: self.tls_port,
            security: MailSecurity::Tls,
            user: USER.into(),
            password: Some(PASSWORD.into()),
            folder: "INBOX".into(),
        }
    }

    /// Puts a message into the inbox; `flags` as Maildir names them, e.g. `S` for seen.
    pub(crate) fn put(&self, number: usize, flags: &str, message: &[u8]) {
        let name = format!(
            "mail/cur/{}.{number:05}.test:2,{flags}",
            1_700_000_000 + number
        );
        let path = self.folder.path().join(name);
        fs::write(&path, message).unwrap();
        if fs::metadata(self.folder.path()).unwrap().uid() == NOBODY {
            chown(&path, Some(NOBODY), Some(NOBODY)).unwrap();
        }
    }

    /// The files of all messages with their flags and contents: everything that a client can change.
    pub(crate) fn messages(&self) -> Vec<(String, Vec<u8>)> {
        let mut messages = Vec::new();
        for part in ["cur", "new", "tmp", ".Buletin/cur", ".Buletin/new"] {
            for entry in fs::read_dir(self.folder.path().join("mail").join(part)).unwrap() {
                let path: PathBuf = entry.unwrap().path();
                let name = format!("{part}/{}", path.file_name().unwrap().to_string_lossy());
                messages.push((name, fs::read(&path).unwrap()));
            }
        }
        messages.sort();
        messages
    }

    /// Makes all UIDs invalid: the folder gets another UIDVALIDITY.
    pub(crate) fn renumber(&self) {
        for entry in fs::read_dir(self.folder.path().join("mail")).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if name.starts_with("dovecot") {
                fs::remove_file(path).unwrap();
            }
        }
        let list = format!("3 V1234567 N1 G{:032x}\n", 7);
        let path = self.folder.path().join("mail/dovecot-uidlist");
        fs::write(&path, list).unwrap();
        if fs::metadata(self.folder.path()).unwrap().uid() == NOBODY {
            chown(&path, Some(NOBODY), Some(NOBODY)).unwrap();
        }
    }

    /// What the server has written to its log.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }
}

impl Drop for Dovecot {
    fn drop(&mut self) {
        // Its helpers end when it is asked to end, not when it is killed.
        let id = self.process.id().to_string();
        let asked = Command::new("kill").arg(&id).status();
        if asked.is_ok_and(|status| status.success()) {
            let _ = self.process.wait();
        } else {
            let _ = self.process.kill();
        }
    }
}

fn own_all(path: &Path) {
    chown(path, Some(NOBODY), Some(NOBODY)).unwrap();
    if path.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            own_all(&entry.unwrap().path());
        }
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    listener.local_addr().unwrap().port()
}
