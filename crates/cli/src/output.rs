//! What a command says: results on standard output, remarks and reasons on standard error.
//!
//! A reader of the output that goes away (`warta articles | head`) ends the command quietly. Everything
//! that is printed passes here, and nothing passes with control characters or direction overrides in it:
//! lines and raw text lose them, JSON has them as escapes.

use std::fmt::Display;
use std::io::{self, BufWriter, IsTerminal, Stdout, Write};

use serde::Serialize;
use serde_json::Value;
use warta_engine::api::Failure;
use warta_engine::text::{json_safe, plain};

use crate::text::clean;

/// Columns where the terminal does not say.
const USUAL_WIDTH: usize = 80;

/// Why a command ended before its end.
#[derive(Debug)]
pub(crate) enum Ended {
    /// It failed, for this reason.
    Failed(String),
    /// It failed, and has said why.
    FailedSaid,
    /// The reader of its output has closed it.
    Unread,
}

/// What every command gives back.
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

/// Standard output, and how to write there.
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

    /// Columns of the terminal; none where the output goes elsewhere.
    pub(crate) fn width(&self) -> Option<usize> {
        self.width
    }

    /// One line for people.
    pub(crate) fn line(&mut self, line: impl AsRef<str>) -> Done {
        Ok(writeln!(self.to, "{}", clean(line.as_ref()).trim_end())?)
    }

    /// Text that another program shall read, on as many lines as it has.
    pub(crate) fn raw(&mut self, text: &str) -> Done {
        let text = plain(text);
        self.to.write_all(text.as_bytes())?;
        if !text.ends_with('\n') {
            self.to.write_all(b"\n")?;
        }
        Ok(())
    }

    /// One line of JSON.
    pub(crate) fn json(&mut self, value: &impl Serialize) -> Done {
        let json = serde_json::to_string(value).map_err(io::Error::from)?;
        Ok(writeln!(self.to, "{}", json_safe(json))?)
    }

    /// JSON on several lines, for people; on one with `--json`.
    pub(crate) fn document(&mut self, value: &Value) -> Done {
        if self.json {
            return self.json(value);
        }
        let json = serde_json::to_string_pretty(value).map_err(io::Error::from)?;
        Ok(writeln!(self.to, "{}", json_safe(json))?)
    }

    /// Hands on what was said so far, where more work follows.
    pub(crate) fn flush(&mut self) -> Done {
        Ok(self.to.flush()?)
    }

    pub(crate) fn finish(mut self) -> Done {
        self.flush()
    }
}

/// Says something beside the result.
pub(crate) fn remark(words: impl Display) {
    // Standard error may be closed.
    let _ = writeln!(io::stderr(), "{}", clean(&words.to_string()));
}
