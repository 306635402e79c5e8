//! Pictures and embedded media as HTML names them: which address shows the real picture, which only
//! counts readers, and where an embedded video plays.

use std::borrow::Cow;

use url::Url;

/// Addresses are at most this long, in bytes.
const LONGEST_ADDRESS: usize = 8000;
/// A picture wider than this shows no more in a reading column, in CSS pixels.
const WIDEST_USEFUL: f64 = 2000.0;
/// Width that stands for the `1x` of a `srcset`, in CSS pixels.
const PLAIN_WIDTH: f64 = 800.0;

/// Attributes that keep a picture's address until a script puts it into `src`, the best first.
const LAZY: [&str; 13] = [
    "data-src",
    "data-original",
    "data-lazy-src",
    "data-orig-file",
    "data-large-file",
    "data-full-url",
    "data-hi-res-src",
    "data-lazy",
    "data-url",
    "data-image",
    "data-img",
    "data-original-src",
    "data-actualsrc",
];
/// Attributes that hold several sizes of a picture.
const SETS: [&str; 4] = [
    "srcset",
    "data-srcset",
    "data-lazy-srcset",
    "data-original-set",
];

/// Gives the value of an attribute.
pub(crate) type Attributes<'a> = dyn Fn(&str) -> Option<&'a str> + 'a;

/// `address` made absolute; without `base` only what is absolute already.
pub(crate) fn absolute(address: &str, base: Option<&Url>) -> Option<Url> {
    let mut address = Cow::Borrowed(address.trim());
    if address.contains(char::is_control) {
        address.to_mut().retain(|c| !c.is_control());
    }
    if address.is_empty() || address.len() > LONGEST_ADDRESS {
        return None;
    }
    let url = match Url::parse(&address) {
        Ok(url) => url,
        Err(url::ParseError::RelativeUrlWithoutBase) => base?.join(&address).ok()?,
        Err(_) => return None,
    };
    // Percent-encoding makes it longer.
    (url.as_str().len() <= LONGEST_ADDRESS).then_some(url)
}

/// The same, of what can be fetched.
pub(crate) fn absolute_web(address: &str, base: Option<&Url>) -> Option<Url> {
    absolute(address, base).filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

/// The address of the picture that an `img` means: what a script would load, the largest sensible
/// size, or what stands in `src`. None for what only counts readers.
pub(crate) fn picture_address(attribute: &Attributes<'_>, base: Option<&Url>) -> Option<Url> {
    let lazy = LAZY
        .iter()
        .filter_map(|name| attribute(name))
        .filter(|a| looks_like_picture(a));
    let source = attribute("src");
    let real = source.filter(|address| !is_stand_in(address));
    let sets = SETS.iter().filter_map(|name| largest(attribute(name)?));
    let named = lazy.chain(real).chain(sets).chain(source);
    named
        .filter_map(|address| absolute_web(address, base))
        .find(|url| !is_tracker(url))
}

/// Lazy attributes sometimes hold settings instead.
fn looks_like_picture(address: &str) -> bool {
    !is_stand_in(address) && !address.trim_start().starts_with(['{', '[', '<'])
}

/// A picture that stands in until a script loads the real one.
fn is_stand_in(address: &str) -> bool {
    let low = address.trim().to_ascii_lowercase();
    let words = [
        "placeholder",
        "blank.gif",
        "blank.png",
        "lazy.png",
        "lazyload.",
        "lazy-load.",
        "spacer.gif",
        "spacer.png",
        "loading.gif",
        "loader.gif",
        "transparent.gif",
        "transparent.png",
        "1x1.",
        "grey.gif",
        "pixel.png",
    ];
    low.is_empty() || low.starts_with("data:") || words.iter().any(|word| low.contains(word))
}

/// The largest candidate of a `srcset` (WHATWG HTML, "Srcset attributes") that is not wider than a
/// reading column can show.
pub(crate) fn largest(srcset: &str) -> Option<&str> {
    let mut best: Option<(f64, &str)> = None;
    let mut rest = srcset;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == ',');
        if rest.is_empty() {
            return best.map(|(_, address)| address);
        }
        // Commas stand in addresses too: only a space, or a comma at its end, ends one.
        let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        let address = word.trim_end_matches(',');
        let (descriptor, after) = if address.len() < word.len() {
            ("", after)
        } else {
            let end = after.find(',').unwrap_or(after.len());
            after.split_at(end)
        };
        rest = after;
        let size = candidate_width(descriptor.trim());
        let rank = if size > WIDEST_USEFUL {
            1.0 / size
        } else {
            size
        };
        if !is_stand_in(address) && best.is_none_or(|(known, _)| rank > known) {
            best = Some((rank, address));
        }
    }
}

fn candidate_width(descriptor: &str) -> f64 {
    let number = |text: &str| {
        text.parse::<f64>()
            .ok()
            .filter(|n| n.is_finite() && *n > 0.0)
    };
    if let Some(width) = descriptor.strip_suffix('w').and_then(number) {
        return width;
    }
    descriptor.strip_suffix('x').and_then(number).unwrap_or(1.0) * PLAIN_WIDTH
}

/// Pictures that only count readers.
fn is_tracker(url: &Url) -> bool {
    let hosts = [
        "feedburner.com",
        "doubleclick.net",
        "google-analytics.com",
        "googletagmanager.com",
        "pixel.wp.com",
        "stats.wordpress.com",
        "scorecardresearch.com",
        "quantserve.com",
        "feedsportal.com",
        "pheedo.com",
        "amazon-adsystem.com",
        "facebook.com",
        "chartbeat.net",
        "bat.bing.com",
        "feeds.feedblitz.com",
        "rss-tracker.com",
    ];
    let path = url.path().to_ascii_lowercase();
    let names = [
        "/pixel.gif",
        "/count.gif",
        "/b.gif",
        "/pixel.png",
        "/1x1.gif",
        "/beacon.gif",
    ];
    let parts = [
        "/tracking-pixel",
        "/piwik.php",
        "/matomo.php",
        "/tracking/rss-pixel",
    ];
    is_on(url, &hosts)
        || names.iter().any(|name| path.ends_with(name))
        || parts.iter().any(|part| path.contains(part))
}

/// Whether a picture's sides are those of a counting pixel.
pub(crate) fn is_tiny(attribute: &Attributes<'_>) -> bool {
    let side = |name: &str| pixels(attribute(name)).is_some_and(|side| side <= 2);
    let style: String = attribute("style")
        .unwrap_or_default()
        .to_ascii_lowercase()
        .split_whitespace()
        .collect();
    let styled = |name: &str| {
        style.split(';').any(|rule| {
            rule.strip_prefix(name)
                .is_some_and(|value| matches!(value, ":1px" | ":0" | ":0px"))
        })
    };
    side("width") || side("height") || (styled("width") && styled("height"))
}

/// A side of a picture as an attribute gives it.
pub(crate) fn pixels(value: Option<&str>) -> Option<u32> {
    let value = value?.trim().trim_end_matches("px");
    value.parse().ok().filter(|side| *side <= 20_000)
}

/// Where an embedded medium plays, and the still that stands for it.
pub(crate) struct Embedded {
    pub(crate) target: Url,
    pub(crate) still: Option<String>,
}

/// What a frame shows, where it is a known player.
pub(crate) fn framed(url: &Url) -> Option<Embedded> {
    if let Some(id) = youtube_id(url) {
        let target = Url::parse(&format!("https://www.youtube.com/watch?v={id}")).ok()?;
        let still = Some(format!("https://i.ytimg.com/vi/{id}/hqdefault.jpg"));
        return Some(Embedded { target, still });
    }
    if let Some(id) = dailymotion_id(url) {
        let target = Url::parse(&format!("https://www.dailymotion.com/video/{id}")).ok()?;
        let still = Some(format!("https://www.dailymotion.com/thumbnail/video/{id}"));
        return Some(Embedded { target, still });
    }
    is_player(url).then(|| Embedded {
        target: url.clone(),
        still: None,
    })
}

fn youtube_id(url: &Url) -> Option<String> {
    let id = match url.host_str()?.trim_start_matches("www.") {
        "youtube.com" | "youtube-nocookie.com" | "m.youtube.com" => {
            let path = url.path();
            let named = ["/embed/", "/v/", "/shorts/", "/live/"];
            match named.iter().find_map(|prefix| path.strip_prefix(prefix)) {
                Some(rest) => rest.split('/').next()?.to_owned(),
                None => url
                    .query_pairs()
                    .find(|(name, _)| name == "v")?
                    .1
                    .into_owned(),
            }
        }
        "youtu.be" => url.path().trim_start_matches('/').to_owned(),
        _ => return None,
    };
    (is_code(&id) && id != "videoseries").then_some(id)
}

fn dailymotion_id(url: &Url) -> Option<String> {
    if url.host_str()?.trim_start_matches("www.") != "dailymotion.com" {
        return None;
    }
    let id = url
        .path()
        .strip_prefix("/embed/video/")?
        .split('/')
        .next()?;
    is_code(id).then(|| id.to_owned())
}

fn is_code(id: &str) -> bool {
    (5..=20).contains(&id.len())
        && id
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

/// Sites whose frames show a video, a recording, a post or a chart worth a link.
fn is_player(url: &Url) -> bool {
    let hosts = [
        "youtube.com",
        "youtube-nocookie.com",
        "vimeo.com",
        "dailymotion.com",
        "soundcloud.com",
        "spotify.com",
        "ted.com",
        "twitch.tv",
        "vidio.com",
        "detik.com",
        "tiktok.com",
        "instagram.com",
        "twitter.com",
        "x.com",
        "datawrapper.de",
        "dwcdn.net",
        "flourish.studio",
        "bandcamp.com",
        "archive.org",
        "anchor.fm",
        "podbean.com",
        "rumble.com",
        "odysee.com",
        "streamable.com",
        "loom.com",
        "wistia.net",
        "brightcove.net",
        "jwplayer.com",
        "rutube.ru",
        "bilibili.com",
    ];
    is_on(url, &hosts)
}

fn is_on(url: &Url, hosts: &[&str]) -> bool {
    let host = url.host_str().unwrap_or_default();
    hosts.iter().any(|known| {
        host.strip_suffix(known)
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_sensible_candidate_is_chosen() {
        for (srcset, expected) in [
            ("a.jpg 320w, b.jpg 1200w, c.jpg 640w", Some("b.jpg")),
            ("a.jpg 1200w, b.jpg 6000w", Some("a.jpg")),
            ("a.jpg, b.jpg 2x", Some("b.jpg")),
            (
                "https://e.org/w_300,h_200/a.jpg 300w, https://e.org/w_900,h_600/a.jpg 900w",
                Some("https://e.org/w_900,h_600/a.jpg"),
            ),
            ("a.jpg 100w,b.jpg 200w", Some("b.jpg")),
            (" , ,", None),
            ("data:image/gif;base64,AAAA 1x", None),
            ("a.jpg NaNw, b.jpg infw", Some("a.jpg")),
        ] {
            assert_eq!(largest(srcset), expected, "{srcset}");
        }
    }

    #[test]
    fn known_players_have_a_place_and_a_still() {
        for (frame, target, still) in [
            (
                "https://www.youtube.com/embed/abcdefghijk?rel=0",
                "https://www.youtube.com/watch?v=abcdefghijk",
                true,
            ),
            (
                "https://youtu.be/abcdefghijk",
                "https://www.youtube.com/watch?v=abcdefghijk",
                true,
            ),
            (
                "https://www.youtube-nocookie.com/embed/videoseries?list=PL1",
                "https://www.youtube-nocookie.com/embed/videoseries?list=PL1",
                false,
            ),
            (
                "https://www.dailymotion.com/embed/video/x7abcd",
                "https://www.dailymotion.com/video/x7abcd",
                true,
            ),
            (
                "https://player.vimeo.com/video/1",
                "https://player.vimeo.com/video/1",
                false,
            ),
        ] {
            let found = Url::parse(frame).ok().and_then(|url| framed(&url));
            let found = found.map(|e| (e.target.to_string(), e.still.is_some()));
            assert_eq!(found, Some((target.to_owned(), still)), "{frame}");
        }
        for stranger in [
            "https://ads.example/frame",
            "https://notyoutube.com/embed/abcdefghijk",
        ] {
            assert!(
                Url::parse(stranger).is_ok_and(|url| framed(&url).is_none()),
                "{stranger}"
            );
        }
    }
}
