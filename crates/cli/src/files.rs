//! Reads the files named on the command line; `-` is standard input.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::output::{Done, Ended};

/// Maximum size of a file.
const LARGEST: u64 = 256 << 20;

/// Reads a whole file.
pub(crate) fn read(file: &Path) -> Done<Vec<u8>> {
    let failed = |error: std::io::Error| Ended::Failed(format!("{}: {error}", file.display()));
    let source: Box<dyn Read> = if file == Path::new("-") {
        Box::new(std::io::stdin().lock())
    } else {
        Box::new(File::open(file).map_err(failed)?)
    };
    let mut bytes = Vec::new();
    source
        .take(LARGEST + 1)
        .read_to_end(&mut bytes)
        .map_err(failed)?;
    if bytes.len() as u64 > LARGEST {
        let reason = format!("{}: larger than {} MB", file.display(), LARGEST >> 20);
        return Err(Ended::Failed(reason));
    }
    Ok(bytes)
}
