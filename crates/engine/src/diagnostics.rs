//! Diagnostics for a bug report, as English text for the reader to copy. It names no
//! feed, host, title, search or person.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use warta_log::{Program, last_lines, without_names};

use crate::api::{Connection, Places, RepairReport, Result, Usage};
use crate::data_folder::{DataFolder, FolderReason};
use crate::services::VERSION;

/// How many lines of the log are included.
const LOG_LINES: usize = 60;

/// What a front end knows about itself.
#[derive(Debug, Clone)]
pub struct FrontEnd<'a> {
    /// The program, whose log is included.
    pub program: Program,
    /// The data folder.
    pub folder: &'a DataFolder,
    /// Further facts, by name: the version and the renderer of the web view.
    pub facts: Vec<(&'static str, String)>,
}

/// What an open engine reports.
pub(crate) struct Contents {
    pub(crate) language: String,
    pub(crate) usage: Usage,
    pub(crate) read_only: bool,
    pub(crate) places: Places,
    pub(crate) connection: Connection,
    pub(crate) last_repair: Option<RepairReport>,
}

/// Composes the text.
pub(crate) fn compose(contents: Result<Contents>, of: &FrontEnd<'_>) -> String {
    let mut text = String::new();
    let program = match of.program {
        Program::App => "desktop app",
        Program::CommandLine => "command line",
    };
    line(&mut text, "Warta", &format!("{VERSION}, {program}"));
    let (system, arch) = (system(), std::env::consts::ARCH);
    line(&mut text, "System", &format!("{system}, {arch}"));
    for (name, fact) in &of.facts {
        line(&mut text, name, fact);
    }
    let reason = match of.folder.reason {
        FolderReason::Given => "given at the start",
        FolderReason::Portable => "beside the program (portable)",
        FolderReason::Usual => "the usual one",
    };
    line(&mut text, "Data folder", reason);
    match contents {
        Ok(contents) => numbers(&contents, &mut text),
        Err(failure) => {
            let reason = of.without_names(&failure.message);
            line(&mut text, "Store", &format!("{:?}: {reason}", failure.code));
        }
    }
    text.push_str("\nLog:\n");
    let log = last_lines(&of.folder.path, of.program, LOG_LINES);
    if log.is_empty() {
        text.push_str("(empty)\n");
    }
    for entry in log {
        text.push_str(&of.without_names(&entry));
        text.push('\n');
    }
    text
}

impl FrontEnd<'_> {
    fn without_names(&self, text: &str) -> String {
        without_names(text, &self.folder.path, dirs::home_dir().as_deref())
    }
}

fn line(text: &mut String, name: &str, value: &str) {
    // Writing to a string does not fail.
    let _ = writeln!(text, "{name}: {value}");
}

/// Numbers of what is stored, and what went wrong lately.
fn numbers(contents: &Contents, text: &mut String) {
    line(text, "Language", &contents.language);
    let usage = &contents.usage;
    let megabytes = |bytes: u64| format!("{:.1} MB", bytes as f64 / 1e6);
    let size = format!(
        "{} (texts {}, pictures {}, audio {}, search {}, lists {})",
        megabytes(usage.bytes_total),
        megabytes(usage.bytes_bodies),
        megabytes(usage.bytes_pictures),
        megabytes(usage.bytes_audio),
        megabytes(usage.bytes_search),
        megabytes(usage.bytes_lists),
    );
    line(text, "Size", &size);
    if contents.read_only {
        line(text, "Store", "read-only");
    }
    let places = &contents.places;
    let numbers = format!(
        "{} articles ({} unread, {} saved), {} feeds, {} folders, {} tags, {} searches, {} packs, \
         {} highlights, {} waiting to be sent",
        places.all.total,
        places.all.unread,
        places.saved,
        places.feeds.len(),
        places.folders.len(),
        places.tags.len(),
        places.searches.len(),
        places.packs.len(),
        places.highlights,
        places.waiting,
    );
    line(text, "Contents", &numbers);
    line(text, "Network", &format!("{:?}", contents.connection));
    if let Some(repair) = &contents.last_repair {
        let outcome = if repair.still_damaged {
            "damage remains"
        } else {
            "complete"
        };
        let how = if repair.automatic {
            "automatic"
        } else {
            "asked for"
        };
        line(text, "Last repair", &format!("{how}, {outcome}"));
    }
    let mut failures = BTreeMap::<String, u32>::new();
    for feed in &places.feeds {
        if let Some(problem) = &feed.failure {
            *failures.entry(in_words(problem.code.as_str())).or_default() += 1;
        }
    }
    if failures.is_empty() {
        line(text, "Feeds that fail", "none");
    }
    for (reason, count) in failures {
        line(text, "Feeds that fail", &format!("{count}, {reason}"));
    }
}

/// Name and version of the system, if a file states them.
fn system() -> String {
    let os = std::env::consts::OS;
    let (file, key) = match os {
        // os-release(5).
        "linux" => ("/etc/os-release", "PRETTY_NAME="),
        "macos" => (
            "/System/Library/CoreServices/SystemVersion.plist",
            "<key>ProductUserVisibleVersion</key>",
        ),
        _ => return os.to_owned(),
    };
    let text = std::fs::read_to_string(file).unwrap_or_default();
    match value_after(&text, key) {
        Some(version) => format!("{os}, {version}"),
        None => os.to_owned(),
    }
}

/// The value of a key, without quotes and tags.
fn value_after(text: &str, key: &str) -> Option<String> {
    let (_, rest) = text.split_once(key)?;
    let rest = rest.trim_start().trim_start_matches("<string>");
    let value = rest.split(['\n', '<']).next()?.trim().trim_matches('"');
    (!value.is_empty()).then(|| value.to_owned())
}

/// A code of several words, such as `hostNotFound`, as words.
fn in_words(code: &str) -> String {
    let mut words = String::new();
    for c in code.chars() {
        if c.is_uppercase() {
            words.push(' ');
        }
        words.extend(c.to_lowercase());
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_systems_version_is_read_from_its_file() {
        for (text, key, value) in [
            (
                "NAME=\"Debian\"\nPRETTY_NAME=\"Debian GNU/Linux 12\"\n",
                "PRETTY_NAME=",
                Some("Debian GNU/Linux 12"),
            ),
            ("PRETTY_NAME=Arch", "PRETTY_NAME=", Some("Arch")),
            (
                "<key>V</key>\n\t<string>15.1</string>\n",
                "<key>V</key>",
                Some("15.1"),
            ),
            ("PRETTY_NAME=\"\"", "PRETTY_NAME=", None),
            ("", "PRETTY_NAME=", None),
        ] {
            assert_eq!(value_after(text, key).as_deref(), value, "{text}");
        }
    }

    #[test]
    fn codes_become_words() {
        for (code, words) in [
            ("hostNotFound", "host not found"),
            ("tls", "tls"),
            ("tooManyRedirects", "too many redirects"),
        ] {
            assert_eq!(in_words(code), words);
        }
    }
}
