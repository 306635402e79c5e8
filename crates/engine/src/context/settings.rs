//! Loads and stores the reader's settings as one JSON record.

use warta_net::Proxy;
use warta_store::Store;

use super::checks;
use crate::api::{Failure, FailureCode, Result, Settings};

pub(crate) const RECORD: &str = "settings";

/// The stored settings, or the defaults in `language`.
pub(crate) fn load(store: &Store, language: &str) -> Result<Settings> {
    let Some(json) = store.setting(RECORD)? else {
        return Ok(defaults_for(language));
    };
    // Unknown fields of newer versions are ignored and missing ones get their default; a record
    // that is not JSON yields the default settings, so that Warta still opens.
    let mut settings = serde_json::from_str(&json).unwrap_or_else(|error| {
        tracing::warn!(%error, "cannot parse settings");
        defaults_for(language)
    });
    // A repaired or imported store may hold values that the UI would refuse.
    for refused in checks::settings(&mut settings) {
        tracing::warn!(?refused, "ignored an invalid setting");
    }
    Ok(settings)
}

fn defaults_for(language: &str) -> Settings {
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

pub(crate) fn save(store: &Store, settings: &Settings) -> Result<()> {
    let json = serde_json::to_string(settings)
        .map_err(|error| Failure::new(FailureCode::Internal, error.to_string()))?;
    Ok(store.set_setting(RECORD, &json)?)
}

/// The proxy that the reader chose.
pub(crate) fn proxy(settings: &Settings) -> Proxy {
    match settings.proxy.trim() {
        "system" | "" => Proxy::System,
        "none" => Proxy::None,
        address => Proxy::At(address.to_owned()),
    }
}
