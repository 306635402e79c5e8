//! What Warta is opened with from outside: `feed:` and `warta:` links, addresses and OPML files.
//! Pure: the front end does what the result says.

use std::path::{Path, PathBuf};

use percent_encoding::percent_decode_str;
use serde::Serialize;
use specta::Type;
use url::Url;
use warta_net::is_private_host;

/// Maximum length of a link, in bytes.
const LONGEST_LINK: usize = 64 << 10;

/// What a link or file asks for. Any website can offer such links, so the reader confirms whatever
/// is not obvious.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum LinkTarget {
    /// Look for the feeds of an address. `ask`: not before the reader confirms it, since the address
    /// is in the reader's own network.
    #[serde(rename_all = "camelCase")]
    Subscribe {
        /// The address, perhaps without a scheme.
        address: String,
        /// Whether the reader has to confirm it.
        ask: bool,
    },
    /// Save a page to read later.
    Save {
        /// An http or https address.
        address: String,
    },
    /// Open an article.
    Article {
        /// The article's id.
        id: u64,
    },
    /// Open the story that has an article.
    Story {
        /// The article's id.
        id: u64,
    },
    /// Open the front page.
    FrontPage,
    /// Say that Warta went on running after its window was closed. No link asks for this.
    KeptRunning,
    /// Say that Warta started again without the graphics processor. No link asks for this.
    SoftwareRendering,
    /// Open a dialog of Warta's. No link asks for this.
    Dialog {
        /// Which one.
        dialog: DialogTarget,
    },
    /// Find out which stored article a text is about.
    Share {
        /// A message as it is forwarded.
        text: String,
    },
    /// Import an OPML file.
    Opml {
        /// The file's name.
        name: String,
        /// The file. The window never learns or names paths.
        #[serde(skip)]
        path: PathBuf,
    },
}

/// A dialog that the menu bar of macOS opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum DialogTarget {
    /// The settings.
    Settings,
    /// Adding feeds.
    AddFeed,
    /// The keyboard shortcuts.
    Keys,
}

impl LinkTarget {
    /// Reads an argument of the command line, or a URL from the system. `folder` is what relative
    /// paths begin at. `None` if it is nothing that Warta opens.
    ///
    /// - `feed:https://…`, `feed://…`, `web+feed:…` (percent-encoded too), http and https addresses
    /// - `warta://subscribe?url=`, `warta://save?url=`, `warta://article/ID`, `warta://story/ID`,
    ///   `warta://front`, `warta://share?text=`
    /// - paths and `file:` URLs of `.opml` files
    #[must_use]
    pub fn of(argument: &str, folder: &Path) -> Option<Self> {
        let argument = argument.trim();
        if argument.is_empty() || argument.len() > LONGEST_LINK || argument.starts_with('-') {
            return None;
        }
        let scheme = argument
            .split_once(':')
            .map(|(scheme, rest)| (scheme.to_ascii_lowercase(), rest));
        match scheme
            .as_ref()
            .map(|(scheme, rest)| (scheme.as_str(), *rest))
        {
            Some(("feed" | "web+feed", rest)) => subscribe(&feed_address(rest)),
            Some(("http" | "https", _)) => subscribe(argument),
            Some(("warta", _)) => own(&Url::parse(argument).ok()?),
            Some(("file", _)) => opml(&Url::parse(argument).ok()?.to_file_path().ok()?),
            // Also `C:\…`: the part before the colon is a drive letter of Windows, not a scheme.
            _ => opml(&folder.join(argument)),
        }
    }
}

/// The address in a `feed:` link. `feed://host` names no scheme, so the address gets none.
fn feed_address(rest: &str) -> String {
    let rest = rest.trim_start_matches('/');
    let start = rest.get(..9).unwrap_or(rest).to_ascii_lowercase();
    if start.contains("%3a") {
        return percent_decode_str(rest).decode_utf8_lossy().into_owned();
    }
    rest.to_owned()
}

fn subscribe(address: &str) -> Option<LinkTarget> {
    let address = address.trim();
    let is_clean =
        !address.is_empty() && !address.chars().any(|c| c.is_control() || c.is_whitespace());
    let url = if address.contains("://") {
        Url::parse(address)
    } else {
        Url::parse(&format!("https://{address}"))
    };
    let is_web = |url: &Url| matches!(url.scheme(), "http" | "https") && url.has_host();
    let url = url.ok().filter(|url| is_clean && is_web(url))?;
    Some(LinkTarget::Subscribe {
        address: address.to_owned(),
        ask: is_private_host(&url),
    })
}

/// A `warta:` link; `warta:save?…` is the same as `warta://save?…`.
fn own(url: &Url) -> Option<LinkTarget> {
    let path = url.path().trim_matches('/');
    let (verb, rest) = match url.host_str() {
        Some(host) => (host, path),
        None => path.split_once('/').unwrap_or((path, "")),
    };
    let value = |name: &str| {
        let mut pairs = url.query_pairs();
        pairs
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
    };
    match verb.to_ascii_lowercase().as_str() {
        "subscribe" => subscribe(&value("url")?),
        "save" => save(&value("url")?),
        "article" => rest.parse().ok().map(|id| LinkTarget::Article { id }),
        "story" => rest.parse().ok().map(|id| LinkTarget::Story { id }),
        "front" => Some(LinkTarget::FrontPage),
        "share" => {
            let text = value("text")?;
            let text: String = text
                .chars()
                .filter(|&c| !c.is_control() || c == '\n')
                .collect();
            let text = text.trim().to_owned();
            (!text.is_empty()).then_some(LinkTarget::Share { text })
        }
        _ => None,
    }
}

fn save(address: &str) -> Option<LinkTarget> {
    let url = Url::parse(address.trim()).ok()?;
    let is_page = matches!(url.scheme(), "http" | "https") && url.has_host();
    match is_page {
        // The dialog that asks can save a page too.
        true if is_private_host(&url) => subscribe(url.as_str()),
        true => Some(LinkTarget::Save {
            address: url.into(),
        }),
        false => None,
    }
}

fn opml(path: &Path) -> Option<LinkTarget> {
    let is_opml = path
        .extension()
        .is_some_and(|end| end.eq_ignore_ascii_case("opml"));
    let name = path.file_name()?.to_string_lossy().into_owned();
    (is_opml && path.is_file()).then(|| LinkTarget::Opml {
        name,
        path: path.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(argument: &str) -> Option<LinkTarget> {
        LinkTarget::of(argument, Path::new("/nowhere"))
    }

    fn saves(address: &str) -> LinkTarget {
        let address = address.to_owned();
        LinkTarget::Save { address }
    }

    #[test]
    fn feed_links_name_an_address() {
        for (link, address) in [
            (
                "feed:https://a.example/rss?x=1#y",
                "https://a.example/rss?x=1#y",
            ),
            ("feed:http://a.example/rss", "http://a.example/rss"),
            ("feed://a.example/rss", "a.example/rss"),
            ("FEED://a.example", "a.example"),
            ("feed:a.example/rss", "a.example/rss"),
            ("feed://https://a.example/rss", "https://a.example/rss"),
            ("web+feed://a.example/rss", "a.example/rss"),
            (
                "web+feed:https%3A%2F%2Fa.example%2Frss%3Fx%3D1",
                "https://a.example/rss?x=1",
            ),
            (" https://a.example/ ", "https://a.example/"),
            (
                "warta://subscribe?url=https%3A%2F%2Fa.example%2Frss",
                "https://a.example/rss",
            ),
        ] {
            let address = address.to_owned();
            let expected = LinkTarget::Subscribe {
                address,
                ask: false,
            };
            assert_eq!(of(link), Some(expected), "{link}");
        }
    }

    #[test]
    fn addresses_in_the_readers_network_are_asked_for() {
        for link in [
            "feed:http://192.168.0.1/reboot",
            "feed://localhost:8080/x",
            "feed://nas.local/rss",
            "http://[::1]/",
            "warta://save?url=http%3A%2F%2F10.0.0.1%2Fadmin",
            "warta:save?url=http://127.0.0.1/",
        ] {
            let target = of(link);
            assert!(
                matches!(target, Some(LinkTarget::Subscribe { ask: true, .. })),
                "{link}: {target:?}"
            );
        }
    }

    #[test]
    fn own_links_save_open_and_share() {
        let page = "https://a.example/news?a=1&b=2";
        let encoded = "https%3A%2F%2Fa.example%2Fnews%3Fa%3D1%26b%3D2";
        assert_eq!(
            of(&format!("warta://save?url={encoded}")),
            Some(saves(page))
        );
        assert_eq!(
            of(&format!("WARTA://Save/?title=x&url={encoded}")),
            Some(saves(page))
        );
        assert_eq!(of(&format!("warta:save?url={encoded}")), Some(saves(page)));
        assert_eq!(
            of("warta://article/12"),
            Some(LinkTarget::Article { id: 12 })
        );
        assert_eq!(of("warta:article/12"), Some(LinkTarget::Article { id: 12 }));
        assert_eq!(of("warta://story/12"), Some(LinkTarget::Story { id: 12 }));
        assert_eq!(of("warta://front"), Some(LinkTarget::FrontPage));
        let text = "Harga beras naik\nhttps://a.example/".to_owned();
        let link = "warta://share?text=Harga%20beras+naik%0A%1B%00https%3A%2F%2Fa.example%2F";
        assert_eq!(of(link), Some(LinkTarget::Share { text }));
    }

    #[test]
    fn anything_else_is_not_opened() {
        let long = format!("feed:https://a.example/{}", "x".repeat(LONGEST_LINK));
        for argument in [
            "",
            "--data-dir",
            "feed:",
            "feed://",
            "feed:javascript://a.example/%0aalert(1)",
            "feed:file:///etc/passwd",
            "feed:https://a.example/a b",
            "feed:https://a.example/\u{7}",
            "web+feed:https%3A%2F%2Fa.example%2F%0Ab",
            "javascript:alert(1)",
            "warta://",
            "warta://save",
            "warta://save?url=file:///etc/passwd",
            "warta://save?url=javascript:alert(1)",
            "warta://save?url=",
            "warta://article/",
            "warta://article/-1",
            "warta://article/1/2",
            "warta://share?text=%20%0A",
            "warta://remove?id=1",
            "/nowhere/feeds.opml",
            "file:///nowhere/feeds.opml",
            &long,
        ] {
            assert_eq!(of(argument), None, "{argument:.60}");
        }
    }

    #[expect(clippy::disallowed_methods, reason = "the reader's own files")]
    #[test]
    fn opml_files_are_imported_from_where_the_start_was() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("My Feeds.OPML");
        std::fs::write(&path, "<opml/>").unwrap();
        std::fs::write(folder.path().join("notes.txt"), "x").unwrap();
        let name = "My Feeds.OPML".to_owned();
        let expected = Some(LinkTarget::Opml {
            name,
            path: path.clone(),
        });
        let by_url = Url::from_file_path(&path).unwrap();
        assert_eq!(LinkTarget::of("My Feeds.OPML", folder.path()), expected);
        assert_eq!(
            LinkTarget::of(path.to_str().unwrap(), Path::new("/")),
            expected
        );
        assert_eq!(LinkTarget::of(by_url.as_str(), Path::new("/")), expected);
        assert_eq!(LinkTarget::of("notes.txt", folder.path()), None);
        assert_eq!(LinkTarget::of(".", folder.path()), None);
        // What the window gets says nothing of the folder.
        let json = serde_json::to_value(expected).unwrap();
        assert_eq!(
            json,
            serde_json::json!({"kind": "opml", "name": "My Feeds.OPML"})
        );
    }
}
