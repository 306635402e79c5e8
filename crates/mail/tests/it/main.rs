//! Tests of the crate's public interface.
#![expect(
    clippy::unwrap_used,
    reason = "failing to set up the fixture fails the test"
)]

mod messages;
