//! The client against a stand-in for the service.

#![cfg(unix)]

mod calls;
mod failures;
mod launching;
mod stand_in;
