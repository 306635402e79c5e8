//! A test of this program run in a process of its own, to be killed in the middle.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

/// Names the child's data folder.
const FOLDER: &str = "WARTA_TEST_CHILD_FOLDER";

/// A running child process and the lines that it prints.
pub(crate) struct Killable {
    process: Child,
    output: BufReader<ChildStdout>,
}

impl Killable {
    /// Starts the test `name` (`module::test`) in a process of its own, with this data folder.
    pub(crate) fn start(name: &str, folder: &Path) -> Self {
        let mut process = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", name, "--nocapture"])
            .env(FOLDER, folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let output = BufReader::new(process.stdout.take().unwrap());
        Self { process, output }
    }

    /// The next line; `None` at the end of the process.
    pub(crate) fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        let read = self.output.read_line(&mut line).ok()?;
        (read > 0).then(|| line.trim_end_matches('\n').to_owned())
    }

    /// Kills the process; returns the lines that it had printed and that were not read.
    pub(crate) fn kill(mut self) -> Vec<String> {
        self.process.kill().unwrap();
        let unread = std::iter::from_fn(|| self.line()).collect();
        self.process.wait().unwrap();
        unread
    }
}

/// The data folder of a child; `None` in a process that was not started as one.
pub(crate) fn child_folder() -> Option<PathBuf> {
    std::env::var_os(FOLDER).map(PathBuf::from)
}
