//! Tests of the public API: one per oddity, and hostile input.
#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests: a failed step fails the test"
)]

mod back_issues;
mod bounds;
mod discovery;
mod golden;
mod hostile;
mod lists;
mod oddities;
mod podcast_directory;
mod publisher_mistakes;
mod sitemaps;
mod suites;
