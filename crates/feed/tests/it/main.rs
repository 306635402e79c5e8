//! Tests of the public API: one per oddity, and hostile input.

mod bounds;
mod discovery;
mod golden;
mod hostile;
mod lists;
mod oddities;
mod publisher_mistakes;
mod sitemaps;
mod suites;
