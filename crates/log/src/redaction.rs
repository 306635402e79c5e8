//! Takes secrets, and for diagnostics also names, out of a line.

use std::path::Path;
use std::sync::LazyLock;

use regex::{Captures, Regex};

/// An address: scheme, authority, rest. Tokens may be in the user information, the path, the query or
/// the fragment, so only scheme and host stay.
static ADDRESS: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"(?i)\b([a-z][a-z0-9+.-]*)://([^\s"<>`\\/?#]*)([^\s"<>`\\]*)"#));
/// A user, perhaps with a password, before a host without a scheme; also an email address.
static USER: LazyLock<Regex> = LazyLock::new(|| pattern(r#"[^\s"<>`\\/=(]+@([\w-])"#));
/// The name of a secret with its value, such as `token=…`.
static NAMED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"(?i)((?:authorization|token|password|passwd|secret|api[_-]?key|cookie|session)[\w-]*\\?["']?\s*[:=]\s*)(?:(?:bearer|basic)\s+)?(?:\\?"[^"\\]*\\?"?|[^\s,;&]+)"#,
    )
});
/// A credential of an `Authorization` header.
static CREDENTIAL: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{6,}"));
/// A host name or an IP address; `::` paths of Rust and versions have another form.
static HOST: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:(?:[a-z0-9_-]+\.)+[a-z][a-z0-9-]+|\d{1,3}(?:\.\d{1,3}){3}|localhost)\b(?::\d+)?",
    )
});

/// File name extensions in messages.
const EXTENSIONS: [&str; 12] = [
    "rs", "log", "json", "jsonl", "opml", "xml", "html", "db", "lock", "toml", "so", "dll",
];

/// Those that are top-level domains too: a file with one has a folder before it.
const DOMAINS_TOO: [&str; 2] = ["rs", "so"];

fn pattern(text: &str) -> Regex {
    Regex::new(text).unwrap_or_else(|error| unreachable!("{error}"))
}

/// Shortens addresses to scheme and host, and removes passwords, tokens and email addresses.
pub(crate) fn without_secrets(line: &str) -> String {
    let line = ADDRESS.replace_all(line, |found: &Captures<'_>| {
        let host = found[2].rsplit('@').next().unwrap_or_default();
        let rest = if matches!(&found[3], "" | "/") {
            ""
        } else {
            "/…"
        };
        format!("{}://{host}{rest}", &found[1])
    });
    let line = NAMED.replace_all(&line, "$1…");
    let line = CREDENTIAL.replace_all(&line, "$1 …");
    USER.replace_all(&line, "…@$1").into_owned()
}

/// Like [`without_secrets`]; also replaces hosts and the reader's folders, so that the line says
/// neither what is read nor by whom.
#[must_use]
pub fn without_names(line: &str, data_dir: &Path, home: Option<&Path>) -> String {
    let mut line = without_secrets(line);
    for (folder, name) in [(Some(data_dir), "[data folder]"), (home, "~")] {
        let folder = folder.map(|folder| folder.to_string_lossy());
        if let Some(folder) = folder.filter(|folder| folder.len() > 1) {
            line = line.replace(&*folder, name);
            // As `Debug` writes a path of Windows.
            line = line.replace(&folder.replace('\\', "\\\\"), name);
        }
    }
    HOST.replace_all(&line, |found: &Captures<'_>| {
        let end = found[0].rsplit('.').next().unwrap_or_default();
        let end = end.split(':').next().unwrap_or_default();
        let before = found.get(0).map_or("", |whole| &line[..whole.start()]);
        let is_in_folder = before.ends_with(['/', '\\']) && !before.ends_with("//");
        if EXTENSIONS.contains(&end) && (is_in_folder || !DOMAINS_TOO.contains(&end)) {
            found[0].to_owned()
        } else {
            "[host]".to_owned()
        }
    })
    .into_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn addresses_are_shortened_to_their_host() {
        for (line, expected) in [
            (
                "get https://ani:rahasia@e.org:8080/a/TOKEN.xml?key=1#x failed",
                "get https://e.org:8080/… failed",
            ),
            ("https://e.org", "https://e.org"),
            ("https://e.org/", "https://e.org"),
            (r#"url="https://e.org/p""#, r#"url="https://e.org/…""#),
            (
                r#"Some(\"https://e.org/p\")"#,
                r#"Some(\"https://e.org/…\")"#,
            ),
            ("https://e.org?a=https://x:y@z", "https://e.org/…"),
            ("whatsapp://send?text=Halo", "whatsapp://send/…"),
            ("(https://e.org/a),b", "(https://e.org/…"),
            ("ani:rahasia@e.org/f", "…@e.org/f"),
            ("ani@contoh.id", "…@contoh.id"),
            ("Token: abc123, next", "Token: …, next"),
            ("access_token=abc123&x=1", "access_token=…&x=1"),
            ("Authorization: Bearer abc.def", "Authorization: …"),
            (
                r#"{"password": "a b", "x": 1}"#,
                r#"{"password": …, "x": 1}"#,
            ),
            (r#"api_key: \"a b\""#, "api_key: …"),
            ("sent Basic YW5pOnJhaGFzaWE=", "sent Basic …"),
            (
                "2026-11-30T10:00:00Z WARN warta_net::client: no answer",
                "2026-11-30T10:00:00Z WARN warta_net::client: no answer",
            ),
        ] {
            assert_eq!(without_secrets(line), expected);
        }
    }

    #[test]
    fn diagnostics_name_neither_hosts_nor_folders() {
        let data = Path::new("/home/ani/.local/share/org.warta.reader");
        let home = Some(Path::new("/home/ani"));
        for (line, expected) in [
            (
                "no connection to kabar.example: refused",
                "no connection to [host]: refused",
            ),
            ("https://kabar.example/f", "https://[host]/…"),
            ("https://b92.rs/f", "https://[host]/…"),
            ("no answer from kabar.so:443", "no answer from [host]"),
            ("127.0.0.1:8080 refused", "[host] refused"),
            (
                "/home/ani/.local/share/org.warta.reader/logs/warta.log",
                "[data folder]/logs/warta.log",
            ),
            ("/home/ani/x", "~/x"),
            (
                "src-tauri/src/lib.rs:12 warta_engine::sync 0.1.0",
                "src-tauri/src/lib.rs:12 warta_engine::sync 0.1.0",
            ),
        ] {
            assert_eq!(without_names(line, data, home), expected);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn no_secret_of_an_address_stays(
            before in "[ -~]{0,20}",
            user in "[a-z]{3,8}",
            password in "QQ[A-Za-z0-9%!$&'()*+,;=._~-]{1,10}",
            path in "(/QQ[A-Za-z0-9%!$&'()*+,;=:@._~-]{0,10}){0,3}",
            query in "(\\?QQ[A-Za-z0-9%!$&'()*+,;=:@/?._~-]{0,10})?",
        ) {
            let line = format!("{before} https://{user}:{password}@e.org{path}{query} end");
            let kept = without_secrets(&line);
            prop_assert!(!kept.replace(&without_secrets(&before), "").contains("QQ"), "{kept}");
        }

        #[test]
        fn any_text_is_taken(line in "\\PC*") {
            let _ = without_names(&line, Path::new("/d"), None);
        }
    }
}
