//! The reader's settings, kept as one JSON record.

use std::sync::PoisonError;

use warta_net::Proxy;
use warta_store::Store;

use crate::api::{Event, Failure, FailureCode, Settings};
use crate::{Engine, Result, checks};

pub(crate) const RECORD: &str = "settings";

/// What was kept, or the usual settings for a reader of `language`.
pub(crate) fn load(store: &Store, language: &str) -> Result<Settings> {
    let Some(json) = store.setting(RECORD)? else {
        return Ok(usual(language));
    };
    // Unknown fields of a newer Warta are passed over and missing ones take their default; a record
    // that is no JSON at all gives the usual settings: reading must go on.
    let mut settings = serde_json::from_str(&json).unwrap_or_else(|error| {
        tracing::warn!(%error, "the settings could not be read");
        usual(language)
    });
    // A repaired or imported store may hold what nobody could have typed.
    for refused in checks::settings(&mut settings) {
        tracing::warn!(?refused, "a setting is not used");
    }
    Ok(settings)
}

fn usual(language: &str) -> Settings {
    if language == "en" {
        Settings {
            language: "en".into(),
            google_news_language: "en-US".into(),
            google_news_country: "US".into(),
            ..Settings::default()
        }
    } else {
        Settings::default()
    }
}

/// The way to the web that the reader chose.
pub(crate) fn proxy(settings: &Settings) -> Proxy {
    match settings.proxy.trim() {
        "system" | "" => Proxy::System,
        "none" => Proxy::None,
        address => Proxy::At(address.to_owned()),
    }
}

impl Engine {
    /// The reader's settings.
    #[must_use]
    pub fn settings(&self) -> Settings {
        self.inner
            .settings
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Keeps new settings, brought into their bounds, and gives them back. Blocks.
    pub fn set_settings(&self, mut settings: Settings) -> Result<Settings> {
        if let Some(refused) = checks::settings(&mut settings).into_iter().next() {
            return Err(checks::refused(refused.why));
        }
        self.inner.client.set_proxy(proxy(&settings))?;
        let json = serde_json::to_string(&settings)
            .map_err(|error| Failure::new(FailureCode::Internal, error.to_string()))?;
        self.store().set_setting(RECORD, &json)?;
        self.store().flush()?;
        *self
            .inner
            .settings
            .write()
            .unwrap_or_else(PoisonError::into_inner) = settings.clone();
        self.take_to_taste();
        self.tell(Event::PlacesChanged);
        Ok(settings)
    }

    /// Uses the settings that a restore brought. Blocks.
    pub(crate) fn reload_settings(&self) -> Result<()> {
        let settings = load(self.store(), &self.settings().language)?;
        self.inner.client.set_proxy(proxy(&settings))?;
        *self
            .inner
            .settings
            .write()
            .unwrap_or_else(PoisonError::into_inner) = settings;
        self.take_to_taste();
        Ok(())
    }
}
