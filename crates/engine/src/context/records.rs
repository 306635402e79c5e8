//! Reads and writes JSON records in the settings.

use serde::Serialize;

/// Parses a record. One that cannot be parsed is logged and treated as missing.
pub(crate) fn read<T: serde::de::DeserializeOwned + Default>(name: &str, json: &str) -> T {
    serde_json::from_str(json).unwrap_or_else(|error| {
        tracing::warn!(%error, name, "cannot parse record");
        T::default()
    })
}

/// An id made from texts: 32 hexadecimal digits.
pub(crate) fn id_of(texts: &[&str]) -> String {
    let mut hasher = blake3::Hasher::new();
    for text in texts {
        hasher.update(&(text.len() as u64).to_le_bytes());
        hasher.update(text.as_bytes());
    }
    hasher.finalize().to_hex()[..32].to_owned()
}

pub(crate) fn json<T: Serialize>(value: &T) -> String {
    // Serialising these types (maps with number or string keys, lists, structs) cannot fail.
    serde_json::to_string(value).unwrap_or_default()
}
