//! What each export brings, read from real files: Newsboat and Liferea wrote theirs themselves (from
//! the demonstration's feeds), the others follow their programs' schemas.

mod formats;
mod hostile;

/// A file beside the tests.
#[expect(clippy::disallowed_methods, reason = "tests read their files")]
fn file(name: &str) -> Vec<u8> {
    let path = format!("{}/tests/files/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}
