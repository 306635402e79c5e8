//! Mail accounts whose newsletters are feeds.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::failure::Problem;
use super::subscriptions::SecretsKept;

/// How the connection to a mail server is encrypted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum MailSecurity {
    /// TLS from the first byte, usually on port 993.
    #[default]
    Tls,
    /// TLS after `STARTTLS`, usually on port 143.
    StartTls,
    /// None: only for a server on this computer.
    None,
}

/// A mailbox on an IMAP server.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct MailSetup {
    /// The server's name or IP address.
    pub host: String,
    /// The server's port.
    pub port: u16,
    /// How the connection is encrypted.
    pub security: MailSecurity,
    /// The user name, often the mail address.
    pub user: String,
    /// The password; `None` uses the stored one.
    pub password: Option<String>,
    /// The folder with the newsletters.
    pub folder: String,
}

impl std::fmt::Debug for MailSetup {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MailSetup")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("folder", &self.folder)
            .finish_non_exhaustive()
    }
}

/// The usual server of a mail address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct MailGuess {
    /// The server's name.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is encrypted.
    pub security: MailSecurity,
    /// Whether the provider is known to want an app password.
    pub needs_app_password: bool,
    /// Whether the provider is known; otherwise the server is only a guess by the domain.
    pub is_known: bool,
}

/// What was found in a mailbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct MailTrial {
    /// The mailbox's folders, the inbox first.
    pub folders: Vec<String>,
    /// Number of messages in the chosen folder.
    pub messages: u32,
    /// Who sent the newest of them; those who write to many first, then by number of messages.
    pub senders: Vec<MailSender>,
}

/// A sender in a mailbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct MailSender {
    /// Names the sender in calls.
    pub key: String,
    /// The sender's name, else the address.
    pub name: String,
    /// The mail address; may be empty.
    pub address: String,
    /// Number of messages among the newest.
    pub messages: u32,
    /// Whether the messages name a mailing list, or how to unsubscribe.
    pub is_newsletter: bool,
}

/// A mail account whose newsletters are feeds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct MailAccount {
    /// Its id.
    pub id: String,
    /// The server's name or IP address.
    pub host: String,
    /// The server's port.
    pub port: u16,
    /// How the connection is encrypted.
    pub security: MailSecurity,
    /// The user name.
    pub user: String,
    /// The folder with the newsletters.
    pub folder: String,
    /// Whether senders that appear later become feeds too.
    pub new_senders: bool,
    /// Number of its feeds.
    pub feeds: u32,
    /// When it was last read.
    pub checked_at: Option<i64>,
    /// Why it could not be read last.
    pub failure: Option<Problem>,
}

/// The outcome of adding an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct MailAdded {
    /// The account.
    pub account: MailAccount,
    /// Ids of its feeds, to be synced.
    pub feeds: Vec<u32>,
    /// Where its password is stored.
    pub secrets: SecretsKept,
}

/// Where a feed of newsletters comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct NewsletterSource {
    /// The account's id; `None` if it was removed.
    pub account: Option<String>,
    /// The account's user name.
    pub user: String,
    /// The mail server.
    pub host: String,
    /// The folder.
    pub folder: String,
    /// The sender's list or address.
    pub sender: String,
    /// Where to unsubscribe, as the newest message says: a web page or a `mailto:` address.
    pub unsubscribe: Option<String>,
}
