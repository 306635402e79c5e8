//! Newsletters by IMAP. [`Session`] reads a mailbox of a server and changes nothing in it: folders
//! are opened with `EXAMINE`, and messages fetched with `BODY.PEEK[]`. [`Newsletter`] is what a
//! message is as an entry of a feed; [`Heading`] tells whose it is by its header alone.
//!
//! There is no code here that sends mail, marks, moves or deletes messages, follows links, or loads
//! remote pictures. Messages are what strangers wrote: parsing them never fails, and everything that
//! a server sends is bounded.

mod error;
mod imap;
mod message;
mod plain_text;

pub use error::{MailError, Result, UntrustedBecause};
pub use imap::{
    Fetched, Folder, Heads, Host, Login, Mailbox, Security, Session, TlsSettings, portions,
};
pub use message::{Heading, INLINE_HOST, InlinePicture, Newsletter, Sender, Unsubscribe};
