//! Stories as a whole: the labelled Indonesian set, the corpora of others, and what must hold for
//! every stream.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a broken set fails the test; the scores are printed"
)]

mod corpora;
mod indonesian;
mod labelled;
mod ranking;
mod streams;
mod week;
