//! Secrets of feeds: user names with passwords, and header values. They are stored in the system
//! keyring, never in the store, a snapshot or the log. Without a keyring they are held in memory
//! until Warta exits, and the reader is informed.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::{Arc, Mutex};

use serde::{Deserialize, Serialize};
use url::Url;
use warta_net::keeps_secrets;

use crate::api::SecretsKept;
use crate::context::locks::locked;

/// The service name of Warta's entries in the keyring.
const SERVICE: &str = "org.warta.reader";

/// Storage for secrets.
pub trait Keyring: Send + Sync {
    /// The secret stored under `name`, if any.
    fn get(&self, name: &str) -> Result<Option<String>, String>;
    /// Stores `secret` under `name`; `None` deletes it.
    fn set(&self, name: &str, secret: Option<&str>) -> Result<(), String>;
}

/// The system keyring: Secret Service, Keychain or Credential Manager.
#[derive(Debug)]
pub struct SystemKeyring;

impl Keyring for SystemKeyring {
    fn get(&self, name: &str) -> Result<Option<String>, String> {
        let entry = keyring::Entry::new(SERVICE, name).map_err(|error| error.to_string())?;
        match entry.get_password() {
            Ok(secret) => Ok(Some(secret)),
            Err(keyring::Error::NoEntry) => Ok(None),
            Err(error) => Err(error.to_string()),
        }
    }

    fn set(&self, name: &str, secret: Option<&str>) -> Result<(), String> {
        let entry = keyring::Entry::new(SERVICE, name).map_err(|error| error.to_string())?;
        let done = match secret {
            Some(secret) => entry.set_password(secret),
            None => entry.delete_credential(),
        };
        match done {
            Ok(()) | Err(keyring::Error::NoEntry) => Ok(()),
            Err(error) => Err(error.to_string()),
        }
    }
}

/// A feed's secrets.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Secrets {
    pub(crate) login: Option<(String, String)>,
    pub(crate) headers: BTreeMap<String, String>,
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secrets(…)")
    }
}

impl Secrets {
    pub(crate) fn is_empty(&self) -> bool {
        self.login.is_none() && self.headers.is_empty()
    }
}

/// Caches the keyring and holds secrets that could not be stored in it.
pub(crate) struct Credentials {
    keyring: Arc<dyn Keyring>,
    held: Mutex<HashMap<String, Secrets>>,
    /// Credentials from addresses that the reader has entered but not subscribed to, newest last.
    offered: Mutex<Vec<(Url, (String, String))>>,
}

impl Credentials {
    pub(crate) fn new(keyring: Arc<dyn Keyring>) -> Self {
        Self {
            keyring,
            held: Mutex::default(),
            offered: Mutex::default(),
        }
    }

    /// Remembers in memory the credentials that the reader gave for an address, for use with its
    /// origin.
    pub(crate) fn offer(&self, url: &str, login: (String, String)) {
        if let Ok(url) = Url::parse(url) {
            let mut offered = locked(&self.offered);
            offered.retain(|(known, _)| known.origin() != url.origin());
            offered.push((url, login));
        }
    }

    /// The credentials that the reader gave for an address of the same origin.
    pub(crate) fn offered(&self, url: &str) -> Option<(String, String)> {
        let url = Url::parse(url).ok()?;
        let offered = locked(&self.offered);
        let found = offered.iter().rfind(|(home, _)| keeps_secrets(home, &url));
        found.map(|(_, login)| login.clone())
    }

    /// The secrets of the feed at `url`. The first call may take long.
    pub(crate) fn of(&self, url: &str) -> Secrets {
        if let Some(held) = locked(&self.held).get(url) {
            return held.clone();
        }
        match self.keyring.get(url) {
            Ok(kept) => {
                let secrets = kept.and_then(|json| serde_json::from_str(&json).ok());
                let secrets: Secrets = secrets.unwrap_or_default();
                locked(&self.held).insert(url.to_owned(), secrets.clone());
                secrets
            }
            Err(error) => {
                tracing::warn!(%error, "cannot read the system keyring");
                Secrets::default()
            }
        }
    }

    /// Stores the secrets of the feed at `url`; empty ones are deleted.
    pub(crate) fn keep(&self, url: &str, secrets: Secrets) -> SecretsKept {
        let json = (!secrets.is_empty())
            .then(|| serde_json::to_string(&secrets).ok())
            .flatten();
        let kept = match (self.keyring.set(url, json.as_deref()), json.is_some()) {
            (_, false) => SecretsKept::None,
            (Ok(()), true) => SecretsKept::Keyring,
            (Err(error), true) => {
                tracing::warn!(%error, "no system keyring; secrets are held in memory only");
                SecretsKept::Session
            }
        };
        locked(&self.held).insert(url.to_owned(), secrets);
        kept
    }

    /// Moves a feed's secrets to its new address.
    pub(crate) fn moved(&self, from: &str, to: &str) {
        let secrets = self.of(from);
        if !secrets.is_empty() {
            self.keep(to, secrets);
            self.keep(from, Secrets::default());
        }
    }
}

/// Whether the credentials of one address may be sent to another: both have one origin.
pub(crate) fn may_be_sent(from: &str, to: &str) -> bool {
    let both = (Url::parse(from), Url::parse(to));
    matches!(both, (Ok(from), Ok(to)) if keeps_secrets(&from, &to))
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Without;

    impl Keyring for Without {
        fn get(&self, _: &str) -> Result<Option<String>, String> {
            Err("no keyring".into())
        }

        fn set(&self, _: &str, _: Option<&str>) -> Result<(), String> {
            Err("no keyring".into())
        }
    }

    #[test]
    fn without_a_keyring_secrets_are_held_in_memory() {
        let credentials = Credentials::new(Arc::new(Without));
        let secrets = Secrets {
            login: Some(("ani".into(), "rahasia".into())),
            ..Secrets::default()
        };
        assert_eq!(
            credentials.keep("https://a.example/", secrets.clone()),
            SecretsKept::Session
        );
        credentials.moved("https://a.example/", "https://b.example/");
        assert_eq!(credentials.of("https://b.example/"), secrets);
        assert!(credentials.of("https://a.example/").is_empty());
        assert!(!format!("{secrets:?}").contains("rahasia"));
    }
}
