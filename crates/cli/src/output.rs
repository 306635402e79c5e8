//! Command output: results go to standard output, remarks and failures to standard error.
//!
//! If standard output is closed (`warta articles | head`), the command ends quietly. All output
//! passes through this module, which removes control characters and direction overrides; JSON
//! contains them escaped.

use std::fmt::Display;
use std::io::{self, BufWriter, IsTerminal, Stdout, Write};

use serde::Serialize;
use serde_json::Value;
use warta_engine::api::Failure;
use warta_engine::text::{json_safe, plain};

use crate::text::clean;

/// Width if the terminal does not report one.
const USUAL_WIDTH: usize = 80;

/// Why a command ended early.
#[derive(Debug)]
pub(crate) enum Ended {
    /// It failed for this reason.
    Failed(String),
    /// It failed and has already printed the reason.
    FailedSaid,
    /// Its output was closed.
    Unread,
}

/// The result of a command.
pub(crate) type Done<T = ()> = Result<T, Ended>;

impl From<Failure> for Ended {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure.message)
    }
}

impl From<io::Error> for Ended {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            Self::Unread
        } else {
            Self::Failed(format!("the output could not be written: {error}"))
        }
    }
}

/// Standard output and its format.
#[derive(Debug)]
pub(crate) struct Output {
    to: BufWriter<Stdout>,
    json: bool,
    width: Option<usize>,
}

impl Output {
    pub(crate) fn new(json: bool) -> Self {
        let stdout = io::stdout();
        let width = stdout.is_terminal().then(|| {
            let columns = std::env::var("COLUMNS")
                .ok()
                .and_then(|columns| columns.parse().ok());
            columns.unwrap_or(USUAL_WIDTH).max(40)
        });
        Self {
            to: BufWriter::new(stdout),
            json,
            width,
        }
    }

    /// Whether results are JSON.
    pub(crate) fn is_json(&self) -> bool {
        self.json
    }

    /// The terminal's width; `None` if standard output is not a terminal.
    pub(crate) fn width(&self) -> Option<usize> {
        self.width
    }

    /// Writes one line of text.
    pub(crate) fn line(&mut self, line: impl AsRef<str>) -> Done {
        Ok(writeln!(self.to, "{}", clean(line.as_ref()).trim_end())?)
    }

    /// Writes text for another program, with its line breaks.
    pub(crate) fn raw(&mut self, text: &str) -> Done {
        let text = plain(text);
        self.to.write_all(text.as_bytes())?;
        if !text.ends_with('\n') {
            self.to.write_all(b"\n")?;
        }
        Ok(())
    }

    /// Writes one line of JSON.
    pub(crate) fn json(&mut self, value: &impl Serialize) -> Done {
        let json = serde_json::to_string(value).map_err(io::Error::from)?;
        Ok(writeln!(self.to, "{}", json_safe(json))?)
    }

    /// Writes indented JSON; one line with `--json`.
    pub(crate) fn document(&mut self, value: &Value) -> Done {
        if self.json {
            return self.json(value);
        }
        let json = serde_json::to_string_pretty(value).map_err(io::Error::from)?;
        Ok(writeln!(self.to, "{}", json_safe(json))?)
    }

    /// Writes buffered output before more work follows.
    pub(crate) fn flush(&mut self) -> Done {
        Ok(self.to.flush()?)
    }

    pub(crate) fn finish(mut self) -> Done {
        self.flush()
    }
}

/// Writes a remark to standard error.
pub(crate) fn remark(words: impl Display) {
    // Ignore a closed standard error.
    let _ = writeln!(io::stderr(), "{}", clean(&words.to_string()));
}
