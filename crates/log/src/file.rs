//! The file. It is opened with the first line that finds the data folder, so that a command that
//! needs no store makes no folder.

use std::cell::Cell;
use std::collections::VecDeque;
use std::fs::{DirBuilder, File};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rolling_file::{BasicRollingFileAppender, RollingConditionBasic};
use tracing_subscriber::fmt::MakeWriter;

use crate::program::Program;
use crate::redaction::without_secrets;

/// The folder of the log files in the data folder.
const FOLDER: &str = "logs";
/// Bytes after which a new file is begun.
const FILE_BYTES: u64 = 512 << 10;
/// How many older files are kept.
const OLDER_FILES: usize = 3;
/// Maximum length of a line in bytes.
const LINE_BYTES: usize = 4 << 10;
/// Maximum bytes of lines that wait for the data folder.
const WAITING_BYTES: usize = 64 << 10;

thread_local! {
    /// True while this thread writes a line. Events logged by the writing itself are dropped.
    static WRITING: Cell<bool> = const { Cell::new(false) };
}

/// Writes lines without secrets to files of bounded size and number.
#[derive(Debug)]
pub(crate) struct LogFile {
    data_dir: PathBuf,
    program: Program,
    state: Mutex<State>,
}

#[derive(Debug)]
enum State {
    /// Lines that wait for the data folder.
    Waiting(Vec<u8>),
    Open(BasicRollingFileAppender),
    /// The file cannot be written.
    Off,
}

impl LogFile {
    /// The log file of a program in a data folder. Nothing is created before the first line.
    #[must_use]
    pub(crate) fn new(data_dir: &Path, program: Program) -> Self {
        Self {
            data_dir: data_dir.to_owned(),
            program,
            state: Mutex::new(State::Waiting(Vec::new())),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn open(&self) -> io::Result<BasicRollingFileAppender> {
        let folder = self.data_dir.join(FOLDER);
        let mut builder = DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&folder)?;
        BasicRollingFileAppender::new(
            folder.join(self.program.file_name()),
            RollingConditionBasic::new().max_size(FILE_BYTES),
            OLDER_FILES,
        )
    }

    fn write_line(&self, line: &str) {
        let mut state = self.state();
        if let State::Waiting(waiting) = &mut *state {
            if waiting.len() + line.len() <= WAITING_BYTES {
                waiting.extend_from_slice(line.as_bytes());
            }
            if !self.data_dir.is_dir() {
                return;
            }
            let waiting = std::mem::take(waiting);
            let opened = self.open().and_then(|mut file| {
                write(&mut file, &waiting)?;
                Ok(file)
            });
            *state = opened.map_or(State::Off, State::Open);
        } else if let State::Open(file) = &mut *state
            && write(file, line.as_bytes()).is_err()
        {
            *state = State::Off;
        }
    }
}

fn write(file: &mut BasicRollingFileAppender, bytes: &[u8]) -> io::Result<()> {
    file.write_all(bytes)?;
    file.flush()
}

/// One line of the log as one event writes it.
#[derive(Debug)]
pub(crate) struct LineWriter<'a>(&'a LogFile);

impl Write for LineWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if WRITING.replace(true) {
            return Ok(bytes.len());
        }
        let text = String::from_utf8_lossy(bytes);
        let mut line = without_secrets(text.trim_end()).replace(['\n', '\r'], " ");
        line.truncate(line.floor_char_boundary(LINE_BYTES));
        line.push('\n');
        self.0.write_line(&line);
        WRITING.set(false);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for LogFile {
    type Writer = LineWriter<'a>;

    fn make_writer(&'a self) -> Self::Writer {
        LineWriter(self)
    }
}

/// The last lines of a program's log in a data folder, oldest first; none if there is no log.
#[must_use]
pub fn last_lines(data_dir: &Path, program: Program, count: usize) -> Vec<String> {
    let path = data_dir.join(FOLDER).join(program.file_name());
    let mut lines = VecDeque::new();
    let mut older = path.clone().into_os_string();
    older.push(".1");
    for path in [Path::new(&older), &path] {
        for line in end_of(path, count * LINE_BYTES).unwrap_or_default().lines() {
            lines.push_back(line.to_owned());
        }
    }
    lines.drain(..lines.len().saturating_sub(count));
    lines.into()
}

/// The complete lines among the last bytes of a file.
fn end_of(path: &Path, bytes: usize) -> io::Result<String> {
    let mut file = File::open(path)?;
    let skipped = file.metadata()?.len().saturating_sub(bytes as u64);
    file.seek(SeekFrom::Start(skipped))?;
    let mut end = Vec::new();
    file.take(bytes as u64).read_to_end(&mut end)?;
    let text = String::from_utf8_lossy(&end).into_owned();
    Ok(match text.split_once('\n') {
        Some((_, complete)) if skipped > 0 => complete.to_owned(),
        _ => text,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(file: &LogFile, line: &str) {
        file.make_writer().write_all(line.as_bytes()).unwrap();
    }

    #[test]
    fn size_and_number_of_files_are_bounded() {
        let dir = tempfile::tempdir().unwrap();
        let file = LogFile::new(dir.path(), Program::App);
        let line = format!("{}\n", "x".repeat(3000));
        for _ in 0..800 {
            log(&file, &line);
        }
        log(&file, "the last one");
        let files: Vec<_> = std::fs::read_dir(dir.path().join(FOLDER))
            .unwrap()
            .map(|entry| entry.unwrap().metadata().unwrap().len())
            .collect();
        assert_eq!(files.len(), OLDER_FILES + 1);
        assert!(
            files.iter().all(|bytes| *bytes <= FILE_BYTES + 3001),
            "{files:?}"
        );
        let last = last_lines(dir.path(), Program::App, 200);
        assert_eq!(last.len(), 200, "lines of the file before are added");
        assert_eq!(last[199], "the last one");
        assert_eq!(last[0].len(), 3000, "only complete lines");
    }

    #[test]
    fn nothing_is_created_before_the_data_folder_is_there() {
        let dir = tempfile::tempdir().unwrap();
        let data = dir.path().join("data");
        let file = LogFile::new(&data, Program::CommandLine);
        log(&file, "first");
        assert!(!data.exists());
        std::fs::create_dir(&data).unwrap();
        log(&file, "second");
        assert_eq!(
            last_lines(&data, Program::CommandLine, 9),
            ["first", "second"]
        );
        assert!(last_lines(&data, Program::App, 9).is_empty());
    }

    #[test]
    fn a_file_that_cannot_be_written_is_left_out() {
        let dir = tempfile::tempdir().unwrap();
        // A file where the folder would be.
        File::create(dir.path().join(FOLDER)).unwrap();
        let file = LogFile::new(dir.path(), Program::App);
        log(&file, "first");
        log(&file, "second");
        assert!(matches!(*file.state(), State::Off));
    }

    #[test]
    fn one_event_is_one_bounded_line_without_secrets() {
        let dir = tempfile::tempdir().unwrap();
        let file = LogFile::new(dir.path(), Program::App);
        log(
            &file,
            "no answer from https://ani:rahasia@e.org/f?token=abc\nsecond\n",
        );
        log(&file, &"é".repeat(LINE_BYTES));
        let lines = last_lines(dir.path(), Program::App, 9);
        assert_eq!(lines.len(), 2);
        assert_eq!(lines[0], "no answer from https://e.org/… second");
        assert_eq!(lines[1].len(), LINE_BYTES);
    }

    #[cfg(unix)]
    #[test]
    fn others_cannot_enter_the_folder() {
        use std::os::unix::fs::PermissionsExt as _;

        let dir = tempfile::tempdir().unwrap();
        log(&LogFile::new(dir.path(), Program::App), "a line");
        let mode = dir.path().join(FOLDER).metadata().unwrap().permissions();
        assert_eq!(mode.mode() % 0o1000, 0o700);
    }
}
