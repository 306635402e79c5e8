//! A client of Speech Dispatcher, the speech service of Linux desktops, by its socket protocol SSIP.
//!
//! The service is on this computer: a Unix socket, or TCP on a loopback address. Other addresses are
//! refused, so no text leaves the computer by this crate. A service that does not run is started, as
//! its own client library does. What the service sends is bounded, and no text that is spoken can be
//! taken for a command.
//!
//! Deliberately absent: spelling, sound icons, message history, SSML.

#![cfg(unix)]

mod address;
mod client;
mod launcher;
mod protocol;
mod voices;

pub use address::Address;
pub use client::{Client, Options, Utterance};
pub use launcher::Launcher;
pub use protocol::{Event, EventKind};
pub use voices::Voice;

/// Why nothing is spoken.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The service does not run, and its program is not installed.
    #[error("Speech Dispatcher is not installed")]
    NotInstalled,
    /// The service does not run and could not be started.
    #[error("Speech Dispatcher could not be started: {0}")]
    NotStarted(String),
    /// `SPEECHD_ADDRESS` names another computer, or cannot be read.
    #[error("SPEECHD_ADDRESS is not an address on this computer: {0}")]
    NotLocal(String),
    /// The connection ended.
    #[error("the connection to Speech Dispatcher ended")]
    Lost(#[source] Option<std::io::Error>),
    /// There was no reply in time.
    #[error("Speech Dispatcher does not reply")]
    NoReply,
    /// The service refused a command.
    #[error("Speech Dispatcher refused a command: {code} {message}")]
    Refused {
        /// The SSIP reply code, 300 to 599.
        code: u16,
        /// The reply's text.
        message: String,
    },
    /// The service sent what SSIP does not allow.
    #[error("Speech Dispatcher sent an invalid reply: {0}")]
    Invalid(String),
    /// A value cannot be part of a command.
    #[error("not a valid {0}")]
    BadInput(&'static str),
}

/// A result of this crate.
pub type Result<T> = std::result::Result<T, Error>;
