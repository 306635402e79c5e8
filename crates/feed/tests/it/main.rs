//! The crate at its public door: one test per oddity, and hostile input.

mod discovery;
mod hostile;
mod lists;
mod oddities;
mod suites;
