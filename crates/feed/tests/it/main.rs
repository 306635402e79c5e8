//! The crate at its public door: one test per oddity, and hostile input.

mod bounds;
mod discovery;
mod golden;
mod hostile;
mod lists;
mod meant;
mod oddities;
mod suites;
