//! The reader's settings, kept as one JSON record.

use std::sync::PoisonError;

use url::Url;
use warta_net::Proxy;
use warta_store::Store;

use crate::face::{Event, Failure, FailureCode, Settings};
use crate::{Newsroom, Result};

const RECORD: &str = "settings";

/// What was kept, or the usual settings for a reader of `language`.
pub(crate) fn load(store: &Store, language: &str) -> Result<Settings> {
    let Some(json) = store.setting(RECORD)? else {
        return Ok(usual(language));
    };
    // Unknown fields of a newer Warta are passed over and missing ones take their default; a record
    // that is no JSON at all gives the usual settings: reading must go on.
    Ok(serde_json::from_str(&json).unwrap_or_else(|error| {
        tracing::warn!(%error, "the settings could not be read");
        usual(language)
    }))
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

impl Newsroom {
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
        if !matches!(settings.language.as_str(), "id" | "en") {
            return Err(Failure::new(
                FailureCode::BadInput,
                "Warta speaks `id` and `en`",
            ));
        }
        settings.text_size = settings.text_size.clamp(14, 28);
        settings.line_width = settings.line_width.clamp(50, 90);
        if settings.sync_every_minutes > 0 {
            settings.sync_every_minutes = settings.sync_every_minutes.clamp(5, 24 * 60);
        }
        if let Some(auto) = &mut settings.auto_pack {
            auto.at_minute = auto.at_minute.min(24 * 60 - 1);
        }
        let proxy_address = settings.proxy.trim().to_owned();
        settings.proxy = proxy_address;
        if Url::parse(&settings.proxy).is_ok_and(|url| url.password().is_some()) {
            // Settings are plain text.
            return Err(Failure::new(
                FailureCode::BadInput,
                "a proxy's password belongs into the system's settings",
            ));
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
}
