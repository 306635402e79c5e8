//! Names of folders: UTF-7 with the changes of RFC 3501 § 5.1.3.

use base64::Engine as _;
use base64::alphabet::Alphabet;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};

const CHARACTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";

fn base64() -> Option<GeneralPurpose> {
    let alphabet = Alphabet::new(CHARACTERS).ok()?;
    let config = GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_padding_mode(DecodePaddingMode::RequireNone)
        .with_decode_allow_trailing_bits(true);
    Some(GeneralPurpose::new(&alphabet, config))
}

/// A folder's name as it is shown; one that is not well-formed is shown as it is.
pub(super) fn decode(name: &str) -> String {
    decoded(name).unwrap_or_else(|| name.to_owned())
}

fn decoded(name: &str) -> Option<String> {
    let mut shown = String::with_capacity(name.len());
    let mut rest = name;
    while let Some((plain, after)) = rest.split_once('&') {
        shown.push_str(plain);
        let (run, after) = after.split_once('-')?;
        if run.is_empty() {
            shown.push('&');
        } else {
            let bytes = base64()?.decode(run).ok()?;
            let (pairs, []) = bytes.as_chunks::<2>() else {
                return None;
            };
            let units: Vec<u16> = pairs.iter().map(|pair| u16::from_be_bytes(*pair)).collect();
            shown.push_str(&String::from_utf16(&units).ok()?);
        }
        rest = after;
    }
    shown.push_str(rest);
    Some(shown)
}

/// A folder's name as it is sent.
pub(super) fn encode(shown: &str) -> String {
    let mut name = String::with_capacity(shown.len());
    let mut run: Vec<u8> = Vec::new();
    let end = |run: &mut Vec<u8>, name: &mut String| {
        if let Some(base64) = base64().filter(|_| !run.is_empty()) {
            name.push('&');
            name.push_str(&base64.encode(&run));
            name.push('-');
            run.clear();
        }
    };
    for c in shown.chars() {
        if (' '..='~').contains(&c) {
            end(&mut run, &mut name);
            name.push(c);
            if c == '&' {
                name.push('-');
            }
        } else {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                run.extend_from_slice(&unit.to_be_bytes());
            }
        }
    }
    end(&mut run, &mut name);
    name
}

#[cfg(test)]
mod tests {
    use super::{decode, encode};
    use proptest::prelude::*;

    #[test]
    fn names_are_those_of_the_standard() {
        for (sent, shown) in [
            ("INBOX", "INBOX"),
            ("Entw&APw-rfe", "Entwürfe"),
            ("~peter/mail/&U,BTFw-/&ZeVnLIqe-", "~peter/mail/台北/日本語"),
            ("A&-B", "A&B"),
            ("&2D3eAA-", "\u{1F600}"),
        ] {
            assert_eq!(decode(sent), shown);
            assert_eq!(encode(shown), sent);
        }
        for broken in ["a&b", "&AA-", "&*-", "&2D0-"] {
            assert_eq!(decode(broken), broken);
        }
    }

    proptest! {
        #[test]
        fn every_name_comes_back(name in "\\PC{0,20}") {
            prop_assert_eq!(decode(&encode(&name)), name);
        }

        #[test]
        fn no_name_panics(name in ".{0,30}") {
            decode(&name);
        }
    }
}
