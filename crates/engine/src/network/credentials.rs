//! Secrets of feeds: names with passwords, and the values of headers. They are kept in the system's
//! keyring, never in the store, a snapshot or the log. Where the system has no keyring they are held
//! until Warta ends, and the reader is informed.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::{Arc, Mutex};

use serde::{Deserialize, Serialize};
use url::Url;
use warta_net::keeps_secrets;

use crate::api::SecretsKept;
use crate::context::locks::locked;

/// The name under which the system shows Warta's secrets.
const SERVICE: &str = "org.warta.reader";

/// Where secrets are kept.
pub trait Keyring: Send + Sync {
    /// What is kept under `name`; none if nothing is.
    fn get(&self, name: &str) -> Result<Option<String>, String>;
    /// Keeps `secret` under `name`, or forgets it.
    fn set(&self, name: &str, secret: Option<&str>) -> Result<(), String>;
}

/// The system's keyring: the Secret Service, the Keychain, the Credential Manager.
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

/// The keyring, and what was read of it or could not be given to it.
pub(crate) struct Credentials {
    keyring: Arc<dyn Keyring>,
    held: Mutex<HashMap<String, Secrets>>,
    /// Logins that came with addresses which the reader only looked at yet, the newest last.
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

    /// Remembers, until Warta ends, a login that the reader gave for an address and what is of its
    /// origin.
    pub(crate) fn offer(&self, url: &str, login: (String, String)) {
        if let Ok(url) = Url::parse(url) {
            let mut offered = locked(&self.offered);
            offered.retain(|(known, _)| known.origin() != url.origin());
            offered.push((url, login));
        }
    }

    /// The login that the reader gave for an address of the same origin.
    pub(crate) fn offered(&self, url: &str) -> Option<(String, String)> {
        let url = Url::parse(url).ok()?;
        let offered = locked(&self.offered);
        let found = offered.iter().rfind(|(home, _)| keeps_secrets(home, &url));
        found.map(|(_, login)| login.clone())
    }

    /// The secrets of the feed at `url`. Blocks at the first time.
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
                tracing::warn!(%error, "the system's keyring cannot be read");
                Secrets::default()
            }
        }
    }

    /// Keeps the secrets of the feed at `url`; empty ones are forgotten.
    pub(crate) fn keep(&self, url: &str, secrets: Secrets) -> SecretsKept {
        let json = (!secrets.is_empty())
            .then(|| serde_json::to_string(&secrets).ok())
            .flatten();
        let kept = match (self.keyring.set(url, json.as_deref()), json.is_some()) {
            (_, false) => SecretsKept::None,
            (Ok(()), true) => SecretsKept::Keyring,
            (Err(error), true) => {
                tracing::warn!(%error, "the system has no keyring; secrets are held until Warta ends");
                SecretsKept::Session
            }
        };
        locked(&self.held).insert(url.to_owned(), secrets);
        kept
    }

    /// Takes a feed's secrets along to its new address.
    pub(crate) fn moved(&self, from: &str, to: &str) {
        let secrets = self.of(from);
        if !secrets.is_empty() {
            self.keep(to, secrets);
            self.keep(from, Secrets::default());
        }
    }
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
    fn without_a_keyring_secrets_last_until_the_end() {
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
