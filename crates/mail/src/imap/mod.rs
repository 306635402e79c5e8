//! A client of IMAP (RFC 3501, RFC 9051) for reading one folder. It sends no command that changes
//! anything in a mailbox: `LIST`, `EXAMINE`, `UID SEARCH` and `UID FETCH` with `BODY.PEEK`.

mod names;
mod response;
mod session;
mod tls;

pub use session::{Fetched, Folder, Heads, Login, Mailbox, Session, portions};
pub use tls::{Host, Security, TlsSettings};
