//! Parses the update manifest and verifies its signature.
//!
//! JSON in the form of Tauri's static manifest: `{version, pub_date, notes, platforms: {TARGET: {url,
//! signature}}}`. Signatures are those of minisign (Ed25519, prehashed), as Tauri's signer writes them. The
//! manifest itself is signed too, so that neither version nor notes can be exchanged.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use minisign_verify::{PublicKey, Signature};
use semver::Version;
use serde::{Deserialize, Serialize};
use url::Url;
use warta_text::{plain, plain_line};

/// Maximum length of the notes, in characters.
const NOTES: usize = 20_000;

/// A release that a signed manifest describes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Release {
    #[serde(with = "as_text")]
    pub(crate) version: Version,
    /// As the manifest writes it.
    pub(crate) date: Option<String>,
    /// Plain text.
    pub(crate) notes: String,
    /// This system's package, if there is one.
    pub(crate) package: Option<Package>,
}

/// Serialises a version as text.
mod as_text {
    use semver::Version;
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    pub(super) fn serialize<S: Serializer>(version: &Version, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(version)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Version, D::Error> {
        let text = String::deserialize(from)?;
        text.parse().map_err(D::Error::custom)
    }
}

/// A package that can be downloaded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Package {
    pub(crate) url: String,
    pub(crate) signature: String,
}

/// Why a manifest or package was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refusal {
    #[error("the signature is not that of Warta's releases")]
    Signature,
    #[error("the manifest cannot be read")]
    Unreadable,
}

#[derive(Deserialize)]
struct Manifest {
    version: String,
    pub_date: Option<String>,
    #[serde(default)]
    notes: String,
    #[serde(default)]
    platforms: BTreeMap<String, Package>,
}

/// Fails unless `signature` is that of `bytes`, made with the secret part of `key`.
pub(crate) fn verify(bytes: &[u8], signature: &str, key: &str) -> Result<(), Refusal> {
    let wrong = |_| Refusal::Signature;
    let key = PublicKey::decode(&unwrapped(key)).map_err(wrong)?;
    let signature = Signature::decode(&unwrapped(signature)).map_err(wrong)?;
    key.verify(bytes, &signature, false).map_err(wrong)
}

/// Minisign's text, which Tauri's signer wraps in Base64.
fn unwrapped(text: &str) -> String {
    let text = text.trim();
    let decoded = STANDARD.decode(text).ok();
    decoded
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .unwrap_or_else(|| text.to_owned())
}

/// Reads a manifest whose signature was verified.
pub(crate) fn read(bytes: &[u8], target: &str) -> Result<Release, Refusal> {
    let mut manifest: Manifest = serde_json::from_slice(bytes).map_err(|_| Refusal::Unreadable)?;
    let version = manifest.version.trim_start_matches('v');
    Ok(Release {
        version: Version::parse(version).map_err(|_| Refusal::Unreadable)?,
        date: manifest.pub_date.map(|date| plain_line(&date)),
        notes: plain(&manifest.notes).chars().take(NOTES).collect(),
        package: manifest
            .platforms
            .remove(target)
            .filter(|package| is_fetchable(&package.url)),
    })
}

/// Packages come over TLS, or from this computer.
pub(crate) fn is_fetchable(address: &str) -> bool {
    Url::parse(address).is_ok_and(|url| match url.scheme() {
        "https" => true,
        "http" => matches!(url.host_str(), Some("127.0.0.1" | "[::1]")),
        _ => false,
    })
}

/// Whether a release is offered to version `current`: only if newer, and a pre-release only to a pre-release.
pub(crate) fn is_newer(offered: &Version, current: &Version) -> bool {
    offered.cmp_precedence(current).is_gt() && (offered.pre.is_empty() || !current.pre.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_newer_releases_are_offered() {
        for (offered, current, expected) in [
            ("0.2.0", "0.1.0", true),
            ("0.1.0", "0.1.0", false),
            ("0.0.9", "0.1.0", false),
            ("0.10.0", "0.9.0", true),
            ("0.2.0-beta.1", "0.1.0", false),
            ("0.2.0-beta.2", "0.2.0-beta.1", true),
            ("0.2.0", "0.2.0-beta.1", true),
            ("0.1.0+b", "0.1.0+a", false),
        ] {
            let version = |text| Version::parse(text).unwrap();
            let (offered, current) = (version(offered), version(current));
            assert_eq!(is_newer(&offered, &current), expected, "{offered}");
        }
    }

    #[test]
    fn packages_come_over_tls_or_from_this_computer() {
        for (address, expected) in [
            ("https://warta.example/Warta.exe", true),
            ("http://warta.example/Warta.exe", false),
            ("http://127.0.0.1:8000/Warta.exe", true),
            ("http://127.0.0.1.example/", false),
            ("file:///etc/passwd", false),
            ("Warta.exe", false),
        ] {
            assert_eq!(is_fetchable(address), expected, "{address}");
        }
    }

    #[test]
    fn a_manifest_is_text_and_one_package() {
        let manifest = r#"{
            "version": "v1.2.3",
            "pub_date": "2026-12-01",
            "notes": "First\r\n\u202esecond",
            "platforms": {
                "linux-x86_64": {"url": "https://e.org/a", "signature": "s"},
                "windows-x86_64": {"url": "http://e.org/b", "signature": "s"}
            }
        }"#;
        let release = read(manifest.as_bytes(), "linux-x86_64").unwrap();
        assert_eq!(release.version, Version::new(1, 2, 3));
        assert_eq!(release.notes, "First\nsecond");
        assert_eq!(release.package.unwrap().url, "https://e.org/a");
        let release = read(manifest.as_bytes(), "windows-x86_64").unwrap();
        assert_eq!(release.package, None, "not over TLS");
        assert_eq!(read(b"{}", "linux-x86_64"), Err(Refusal::Unreadable));
        let manifest = br#"{"version": "soon"}"#;
        assert_eq!(read(manifest, "linux-x86_64"), Err(Refusal::Unreadable));
    }
}
