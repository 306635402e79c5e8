//! The log: what `$WARTA_LOG` asks for goes to standard error; warnings, errors and Warta's own
//! notes go to a file in the data folder, bounded in size and number, without the secrets that
//! addresses carry.
//!
//! Logging never fails and never panics: where the file cannot be written, there is none.
//! Deliberately absent: sending it anywhere.

mod file;
mod program;
mod redaction;

use std::path::PathBuf;

use tracing_subscriber::filter::{EnvFilter, LevelFilter, Targets};
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;

use file::LogFile;

pub use file::last_lines;
pub use program::Program;
pub use redaction::without_names;

/// The variable that filters what goes to standard error, e.g. `warta_net=debug`.
const VARIABLE: &str = "WARTA_LOG";

/// Starts logging for this process, panics included. Without a data folder there is no file.
pub fn start(program: Program, data_dir: Option<PathBuf>) {
    let filter = EnvFilter::try_from_env(VARIABLE)
        .unwrap_or_else(|_| EnvFilter::new(program.default_filter()));
    let terminal = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_filter(filter);
    let file = data_dir.map(|dir| {
        tracing_subscriber::fmt::layer()
            .with_ansi(false)
            .with_writer(LogFile::new(&dir, program))
            .with_filter(kept())
    });
    // It fails only if logging was started before.
    let is_first = tracing_subscriber::registry()
        .with(terminal)
        .with(file)
        .try_init()
        .is_ok();
    if is_first {
        log_panics();
    }
}

/// What goes into the file, whatever `$WARTA_LOG` is.
fn kept() -> Targets {
    Targets::new()
        .with_default(LevelFilter::WARN)
        // All of Warta's crates.
        .with_target("warta", LevelFilter::INFO)
        .with_target("tantivy", LevelFilter::ERROR)
}

fn log_panics() {
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let message = panic.payload_as_str().unwrap_or_default();
        let message = without_quotation(message);
        let place = panic.location().map(ToString::to_string);
        tracing::error!(panic = message, place, "a thread panicked");
        before(panic);
    }));
}

/// A panic about a slice of a text quotes the text, which may be an article's.
fn without_quotation(message: &str) -> &str {
    message
        .split_once(" of `")
        .map_or(message, |(what, _)| what)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tracing::Level;

    #[test]
    fn a_panic_about_a_text_does_not_quote_it() {
        let text = "Céline di pesisir";
        let panic = std::panic::catch_unwind(|| text[..2].len()).unwrap_err();
        let message = panic.downcast_ref::<String>().unwrap();
        assert!(message.contains("pesisir"), "it quotes: {message}");
        let kept = without_quotation(message);
        assert!(!kept.contains("pesisir"), "{kept}");
        assert!(kept.len() > 10, "{kept}");
        let other = "called `Option::unwrap()` on a `None` value";
        assert_eq!(without_quotation(other), other);
    }

    #[test]
    fn the_file_gets_no_details_of_other_crates() {
        let kept = kept();
        for (target, level, expected) in [
            ("warta_engine::sync", Level::INFO, true),
            ("warta_net", Level::DEBUG, false),
            ("warta_desktop", Level::WARN, true),
            ("reqwest::connect", Level::INFO, false),
            ("zbus", Level::WARN, true),
            ("tantivy::indexer", Level::WARN, false),
            ("tantivy::indexer", Level::ERROR, true),
        ] {
            assert_eq!(
                kept.would_enable(target, &level),
                expected,
                "{target} {level}"
            );
        }
    }
}
