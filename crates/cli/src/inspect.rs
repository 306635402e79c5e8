//! `inspect`: shows how the engine parses a file. Uses no store, no network and no async runtime.

use std::path::Path;

use warta_engine::inspect;

use crate::arguments::Inspect;
use crate::files::read;
use crate::output::{Done, Ended, Output};

pub(crate) fn run(what: &Inspect, out: &mut Output) -> Done {
    match what {
        Inspect::Feed {
            file,
            url,
            content_type,
        } => {
            let seen = inspect::feed(&read(file)?, url.as_deref(), content_type.as_deref());
            out.document(&named(file, seen)?)
        }
        Inspect::Article {
            file,
            url,
            content_type,
        } => {
            let seen = inspect::article(&read(file)?, url.as_deref(), content_type.as_deref());
            out.document(&named(file, seen)?)
        }
        Inspect::Sanitize { file, url } => {
            let seen = named(file, inspect::sanitize(&read(file)?, url.as_deref()))?;
            if out.is_json() {
                return out.json(&seen);
            }
            out.raw(seen["html"].as_str().unwrap_or_default())
        }
        Inspect::Opml { file } => out.document(&named(file, inspect::opml(&read(file)?))?),
        Inspect::Stories { file } => {
            for line in named(file, inspect::stories(&read(file)?))? {
                out.json(&line)?;
            }
            Ok(())
        }
    }
}

/// Adds the file's name to a failure.
fn named<T>(file: &Path, result: warta_engine::Result<T>) -> Done<T> {
    let name = if file == Path::new("-") {
        "standard input".into()
    } else {
        file.display().to_string()
    };
    result.map_err(|failure| Ended::Failed(format!("{name}: {}", failure.message)))
}
