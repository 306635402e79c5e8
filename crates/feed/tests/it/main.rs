//! The crate at its public door: one test per oddity, and hostile input.

mod hostile;
mod oddities;
mod suites;
