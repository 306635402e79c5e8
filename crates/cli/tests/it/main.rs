//! Tests `warta` as a separate process against a loopback server.
#![expect(
    clippy::unwrap_used,
    reason = "a test stops at whatever it did not expect"
)]

mod hostile;
mod json;
mod manual;
mod podcasts;
mod server;
mod typical_use;
mod usage;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A data folder, and a home folder that must stay empty.
pub(crate) struct Bench {
    folder: TempDir,
}

/// The result of a command.
#[derive(Debug)]
pub(crate) struct Ran {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Bench {
    pub(crate) fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn data_dir(&self) -> PathBuf {
        self.path("data")
    }

    /// Writes a file next to the data folder.
    pub(crate) fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        let mut file = tempfile::NamedTempFile::new_in(self.folder.path()).unwrap();
        file.write_all(bytes.as_ref()).unwrap();
        file.persist(&path).unwrap();
        path
    }

    pub(crate) fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_warta"));
        command
            .arg("--data-dir")
            .arg(self.data_dir())
            .args(words)
            .env("HOME", self.path("home"))
            .env("XDG_DATA_HOME", self.path("home"))
            .env("LC_ALL", "en_US.UTF-8")
            .env_remove("WARTA_LOG")
            .env_remove("WARTA_DATA_DIR");
        for proxy in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"] {
            command.env_remove(proxy).env_remove(proxy.to_lowercase());
        }
        command
    }

    pub(crate) fn run(&self, words: &[&str]) -> Ran {
        ran(self.command(words).stdin(Stdio::null()).output().unwrap())
    }

    /// Runs a command that must succeed; returns its output.
    pub(crate) fn done(&self, words: &[&str]) -> String {
        let ran = self.run(words);
        assert_eq!(ran.code, Some(0), "{words:?}: {ran:?}");
        ran.out
    }

    /// Runs a command that must succeed; returns each line of its output as JSON.
    pub(crate) fn lines(&self, words: &[&str]) -> Vec<Value> {
        let words = [&["--json"], words].concat();
        let out = self.done(&words);
        out.lines()
            .map(|line| serde_json::from_str(line).expect(line))
            .collect()
    }

    /// Runs a command that must succeed; returns its output as one JSON object.
    pub(crate) fn json(&self, words: &[&str]) -> Value {
        let mut lines = self.lines(words);
        assert_eq!(lines.len(), 1, "{words:?}: {lines:?}");
        lines.remove(0)
    }

    /// Runs a command that must fail; returns the reason that it prints.
    pub(crate) fn fails(&self, words: &[&str]) -> String {
        let ran = self.run(words);
        assert_eq!(ran.code, Some(1), "{words:?}: {ran:?}");
        assert!(!ran.err.trim().is_empty(), "{words:?} printed no reason");
        assert!(!ran.err.contains("panicked"), "{words:?}: {}", ran.err);
        ran.err
    }

    /// Runs a command with bytes on standard input.
    pub(crate) fn fed(&self, words: &[&str], input: &[u8]) -> Ran {
        let mut child = self
            .command(words)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let input = input.to_vec();
        let writing = std::thread::spawn(move || {
            // The command may fail before it has read everything.
            let _ = stdin.write_all(&input);
        });
        let output = child.wait_with_output().unwrap();
        writing.join().unwrap();
        ran(output)
    }
}

fn ran(output: Output) -> Ran {
    Ran {
        code: output.status.code(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Creates a program in a folder that comes first in `PATH`.
#[cfg(unix)]
pub(crate) fn program(folder: &Path, name: &str, script: &str) {
    use std::os::unix::fs::PermissionsExt;
    let mut file = tempfile::NamedTempFile::new_in(folder).unwrap();
    file.write_all(script.as_bytes()).unwrap();
    file.as_file()
        .set_permissions(std::fs::Permissions::from_mode(0o755))
        .unwrap();
    // Closed for writing before it is executed.
    file.into_temp_path().persist(folder.join(name)).unwrap();
}
