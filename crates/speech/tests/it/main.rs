//! The client against a stand-in for the service.

#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    reason = "failing to set up the stand-in fails the test"
)]

mod calls;
mod failures;
mod launching;
mod stand_in;
