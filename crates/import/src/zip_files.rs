//! Archives: Omnivore, `FreshRSS`, Pocket and whatever else packs known files.

use std::collections::HashMap;
use std::io::{Cursor, Read};

use zip::ZipArchive;

use crate::model::{ImportError, Library, Reason, Source};
use crate::{databases, json, sqlite, text_files};

/// Maximum number of files in an archive.
const MOST_FILES: usize = 200_000;
/// Maximum size of all unpacked files.
const LARGEST: u64 = 1 << 30;

pub(crate) fn read(bytes: &[u8], library: &mut Library) -> Result<(), ImportError> {
    let damaged = |error: zip::result::ZipError| ImportError::Damaged(error.to_string());
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
    if archive.len() > MOST_FILES {
        return Err(ImportError::TooLarge);
    }
    let names: Vec<String> = archive
        .file_names()
        .filter_map(|name| Some(name.ok()?.into_owned()))
        .collect();
    let pages: HashMap<String, String> = names
        .iter()
        .filter_map(|name| {
            let file = name.rsplit('/').next()?;
            let slug = file.strip_suffix(".html")?;
            name.contains("content/")
                .then(|| (slug.to_owned(), name.clone()))
        })
        .collect();
    let mut left = LARGEST;
    let mut found = false;
    for name in &names {
        let file = name.rsplit('/').next().unwrap_or_default();
        // The archive's own files of pages and highlights belong to its metadata.
        let is_part = file.is_empty()
            || file.starts_with('.')
            || name.contains("content/")
            || name.contains("highlights/");
        if is_part {
            continue;
        }
        let Some(inner) = unpack(&mut archive, name, &mut left)? else {
            library.leave_out(Reason::Damaged);
            continue;
        };
        let mut page = |slug: &str| {
            let bytes = unpack(&mut archive, pages.get(slug)?, &mut left).ok()??;
            Some(String::from_utf8_lossy(&bytes).into_owned())
        };
        if json::read_omnivore(&inner, &mut page, library).is_some() {
            found = true;
            continue;
        }
        if is_opml(&inner) {
            library.opml.push(inner);
            found = true;
            continue;
        }
        // A database inside an archive has no write-ahead log.
        let read = if sqlite::is_database(&inner) {
            databases::read(&inner, None, library)
        } else {
            text_files::read(&inner, library)
        };
        match read {
            Ok(()) => found = true,
            Err(ImportError::Unknown) => library.leave_out(Reason::Unknown),
            Err(_) => library.leave_out(Reason::Damaged),
        }
    }
    if !found {
        return Err(ImportError::Unknown);
    }
    if library.sources.is_empty() {
        library.came_from(Source::Opml);
    }
    Ok(())
}

fn is_opml(bytes: &[u8]) -> bool {
    let start = bytes.get(..bytes.len().min(2_000)).unwrap_or_default();
    String::from_utf8_lossy(start)
        .to_lowercase()
        .contains("<opml")
}

/// A file of the archive; `None` if it is damaged.
fn unpack(
    archive: &mut ZipArchive<Cursor<&[u8]>>,
    name: &str,
    left: &mut u64,
) -> Result<Option<Vec<u8>>, ImportError> {
    let Ok(file) = archive.by_name(name) else {
        return Ok(None);
    };
    let mut bytes = Vec::new();
    // The size in the archive may be wrong: what counts is what comes out.
    if file.take(*left + 1).read_to_end(&mut bytes).is_err() {
        return Ok(None);
    }
    *left = left
        .checked_sub(bytes.len() as u64)
        .ok_or(ImportError::TooLarge)?;
    Ok(Some(bytes))
}
