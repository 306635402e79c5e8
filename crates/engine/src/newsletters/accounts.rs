//! The records of mail accounts: the server, the position up to which the folder was read, and the
//! senders. Passwords are in the system's keyring only, under the server and user that they are for,
//! so that no record can send one to another server.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use warta_mail::{Host, MailError, Sender};
use warta_store::{DocumentKind, NEWSLETTERS, ProblemCode, Store};

use crate::api::{MailSecurity, Result};
use crate::context::records;

/// Prefix of the records, by the account's id.
const RECORDS: &str = "own/newsletters/";

/// The result of a call to a mail server within the engine.
pub(crate) type Mail<T> = std::result::Result<T, MailError>;

/// An account.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Account {
    pub(crate) id: String,
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) security: MailSecurity,
    pub(crate) user: String,
    pub(crate) folder: String,
    /// Senders that are not known become feeds.
    pub(crate) new_senders: bool,
    /// The UIDs below belong to this UIDVALIDITY (RFC 3501 § 2.3.1.1).
    pub(crate) uid_validity: u32,
    /// Messages up to this UID were read.
    pub(crate) last_uid: u32,
    /// The senders seen, by key.
    pub(crate) known: BTreeMap<String, Known>,
    pub(crate) checked_at: Option<i64>,
    pub(crate) due_at: i64,
    pub(crate) failures: u32,
    pub(crate) failure: Option<StoredProblem>,
}

/// A sender that was seen.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Known {
    pub(crate) name: String,
    /// The first UID that was skipped, because the sender was no feed, or a paused one.
    pub(crate) skipped: Option<u32>,
    /// Where to unsubscribe.
    pub(crate) unsubscribe: Option<String>,
}

/// Why an account could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StoredProblem {
    pub(crate) code: String,
    pub(crate) detail: String,
}

impl StoredProblem {
    pub(crate) fn code(&self) -> ProblemCode {
        ProblemCode::parse(&self.code).unwrap_or(ProblemCode::MailRefused)
    }
}

impl Account {
    /// The id of the account with these properties: adding it again gives the same feeds.
    pub(crate) fn id_of(host: &str, user: &str, folder: &str) -> String {
        let texts = [host, user, folder].map(str::to_lowercase);
        records::id_of(&texts.each_ref().map(String::as_str))
    }

    /// All accounts.
    pub(crate) fn all(store: &Store) -> Result<Vec<Self>> {
        let records = store.settings_under(RECORDS)?;
        let accounts = records.into_iter().filter_map(|(name, json)| {
            let id = name.strip_prefix(RECORDS)?.to_owned();
            let account: Self = records::read(&name, &json);
            (!account.host.is_empty()).then_some(Self { id, ..account })
        });
        Ok(accounts.collect())
    }

    pub(crate) fn load(store: &Store, id: &str) -> Result<Option<Self>> {
        let name = format!("{RECORDS}{id}");
        let Some(json) = store.setting(&name)? else {
            return Ok(None);
        };
        let account: Self = records::read(&name, &json);
        Ok((!account.host.is_empty()).then(|| Self {
            id: id.to_owned(),
            ..account
        }))
    }

    pub(crate) fn save(&self, store: &Store) -> Result<()> {
        let record = (format!("{RECORDS}{}", self.id), Some(records::json(self)));
        Ok(store.set_settings(&[record])?)
    }

    pub(crate) fn remove(store: &Store, id: &str) -> Result<()> {
        Ok(store.set_settings(&[(format!("{RECORDS}{id}"), None)])?)
    }

    /// The name of its password in the keyring.
    pub(crate) fn secret_name(&self) -> String {
        format!("imap://{}@{}:{}", self.user, self.host, self.port)
    }

    pub(crate) fn server(&self) -> Host {
        Host {
            name: self.host.clone(),
            port: self.port,
            security: match self.security {
                MailSecurity::Tls => warta_mail::Security::Tls,
                MailSecurity::StartTls => warta_mail::Security::StartTls,
                MailSecurity::None => warta_mail::Security::None,
            },
        }
    }

    /// The address of a sender's feed.
    pub(crate) fn address(&self, sender: &str) -> String {
        let sender: String =
            percent_encoding::utf8_percent_encode(sender, percent_encoding::NON_ALPHANUMERIC)
                .collect();
        format!("{NEWSLETTERS}{}/{sender}", self.id)
    }

    /// The feed of a sender, to be subscribed to.
    pub(crate) fn new_feed(&self, sender: &str, name: &str) -> warta_store::NewFeed {
        warta_store::NewFeed {
            url: self.address(sender),
            title: Some(name.to_owned()),
            kind: DocumentKind::Newsletter {
                account: self.id.clone(),
                sender: sender.to_owned(),
            },
            ..warta_store::NewFeed::default()
        }
    }

    /// Notes a sender, whose message `uid` is skipped if it is given.
    pub(crate) fn note(&mut self, sender: &Sender, skipped: Option<u32>) {
        let known = self.known.entry(sender.key.clone()).or_default();
        known.name.clone_from(&sender.name);
        if let Some(uid) = skipped {
            known.skipped = Some(known.skipped.map_or(uid, |first| first.min(uid)));
        }
    }
}

/// The account and sender of a feed.
pub(crate) fn source_of(kind: &DocumentKind) -> Option<(&str, &str)> {
    match kind {
        DocumentKind::Newsletter { account, sender } => Some((account, sender)),
        _ => None,
    }
}
