//! JSON records among the settings.

use serde::Serialize;

/// Parses a record. One that cannot be read is logged and taken for missing.
pub(crate) fn read<T: serde::de::DeserializeOwned + Default>(name: &str, json: &str) -> T {
    serde_json::from_str(json).unwrap_or_else(|error| {
        tracing::warn!(%error, name, "a record could not be read");
        T::default()
    })
}

pub(crate) fn json<T: Serialize>(value: &T) -> String {
    // Maps with keys of numbers or text, lists and plain structs: always JSON.
    serde_json::to_string(value).unwrap_or_default()
}
