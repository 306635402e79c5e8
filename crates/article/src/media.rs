//! Pictures and embedded media in HTML: the URL of the real picture, tracking pixels, and the pages
//! of embedded videos.

use std::borrow::Cow;

use url::Url;

use crate::style::{Side, Style};

/// Maximum length of a URL, in bytes.
const LONGEST_ADDRESS: usize = 8000;
/// Maximum useful width in a reading column, in CSS pixels.
const WIDEST_USEFUL: f64 = 2000.0;
/// Maximum side of a tracking pixel or spacer.
const SPECK: f64 = 2.0;
/// Width assumed for `1x` in a `srcset`, in CSS pixels.
const PLAIN_WIDTH: f64 = 800.0;

/// Attributes with the URL of a lazy picture, best first.
const LAZY: &[&str] = &[
    "data-src",
    "data-original",
    "data-lazy-src",
    "data-orig-file",
    "data-large-file",
    "data-full-url",
    "data-hi-res-src",
    "data-original-src",
    "data-actualsrc",
    "data-cfsrc",
    "data-ll-src",
    "data-pagespeed-lazy-src",
    "data-lazyload",
    "data-lazy",
    "data-echo",
    "data-hires",
    "data-full",
    "data-url",
    "data-image",
    "data-img",
];
/// Attributes with several sizes of a picture.
const SETS: [&str; 4] = [
    "srcset",
    "data-srcset",
    "data-lazy-srcset",
    "data-original-set",
];
/// Maximum width of a placeholder, according to its URL, in CSS pixels.
const BLURRED: u32 = 64;
/// Width below which a larger candidate of a `srcset` is preferred, in CSS pixels.
const NARROW: f64 = 400.0;

/// Returns the value of an attribute.
pub(crate) type Attributes<'a> = dyn Fn(&str) -> Option<&'a str> + 'a;

/// `address` made absolute; without `base` only if it is absolute already.
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

/// The same, only http and https.
pub(crate) fn absolute_web(address: &str, base: Option<&Url>) -> Option<Url> {
    absolute(address, base).filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

/// The URL of the picture of an `img`: what a script would load, the largest sensible size, or
/// `src`. `None` for tracking pixels.
pub(crate) fn picture_address(attribute: &Attributes<'_>, base: Option<&Url>) -> Option<Url> {
    let source = attribute("src").map(str::trim);
    let real = source.filter(|address| !is_stand_in(address) && !is_blurred(address));
    let lazy = LAZY
        .iter()
        .filter_map(|name| attribute(name))
        .filter(|address| may_be_picture(address, real.is_none()));
    let sets = SETS.iter().filter_map(|name| largest(attribute(name)?));
    let wider = real.and_then(|source| {
        let set = attribute("srcset")?;
        width_in_set(set, source).filter(|width| *width < NARROW)?;
        largest(set)
    });
    let blurred = source.filter(|address| !is_stand_in(address));
    let named = lazy
        .chain(wider)
        .chain(real)
        .chain(sets)
        .chain(blurred)
        .chain(source);
    named
        .filter_map(|address| absolute_web(address, base))
        .find(|url| !is_tracker(url))
}

/// Whether a lazy attribute contains the URL of a picture. Some contain settings, flags, numbers or
/// the target of a click: if `src` has a picture already, only an obvious picture URL replaces it.
fn may_be_picture(address: &str, alone: bool) -> bool {
    let address = address.trim();
    if is_stand_in(address)
        || is_blurred(address)
        || address.starts_with(['{', '[', '<', '#'])
        || !address.contains(['/', '.'])
    {
        return false;
    }
    let low = address.to_ascii_lowercase();
    let path = low.split(['?', '#']).next().unwrap_or_default();
    let path = path.split_once("://").map_or(path, |(_, rest)| rest);
    if !path.trim_start_matches('/').contains(['/', '.']) {
        return false;
    }
    let page = [".html", ".htm", ".php", ".asp", ".aspx", ".jsp", ".shtml"];
    let picture = [
        ".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif", ".svg", ".bmp", ".jfif",
    ];
    if picture.iter().any(|ending| low.contains(ending)) {
        return true;
    }
    if page.iter().any(|ending| path.ends_with(ending)) || path.ends_with('/') {
        return false;
    }
    let places = [
        "image", "img", "photo", "foto", "media", "upload", "picture", "thumb", "cdn", "static",
        "assets",
    ];
    alone || places.iter().any(|place| low.contains(place))
}

/// Whether a URL indicates a small or blurred version.
fn is_blurred(address: &str) -> bool {
    let low = address.to_ascii_lowercase();
    if low.contains("lqip") || low.contains("e_blur") || low.contains("/blur/") {
        return true;
    }
    let (path, query) = low.split_once('?').unwrap_or((&low, ""));
    let is_small = |text: &str| {
        text.parse()
            .is_ok_and(|pixels: u32| (1..=BLURRED).contains(&pixels))
    };
    let by_query = query.replace("&amp;", "&").split('&').any(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        match name {
            "w" | "width" | "wid" | "maxwidth" | "imwidth" => is_small(value),
            "resize" | "fit" | "size" => value.split([',', 'x', '%']).next().is_some_and(is_small),
            "blur" => value != "0",
            _ => false,
        }
    });
    // `…/w_20,h_13/…` and `…-20x13.jpg`.
    let by_path = path.split(['/', ',']).any(|part| {
        part.strip_prefix("w_")
            .or_else(|| part.strip_prefix("w-"))
            .is_some_and(is_small)
    });
    let file = path.rsplit('/').next().unwrap_or_default();
    let by_name = file
        .rsplit_once('.')
        .and_then(|(name, _)| name.rsplit_once(['-', '_'])?.1.split_once('x'))
        .is_some_and(|(width, height)| is_small(width) && is_small(height));
    by_query || by_path || by_name
}

/// The width of a URL in a `srcset`.
fn width_in_set(set: &str, address: &str) -> Option<f64> {
    candidates(set)
        .find(|(candidate, descriptor)| *candidate == address && descriptor.ends_with('w'))
        .map(|(_, descriptor)| candidate_width(descriptor))
}

/// Words in URLs of author portraits, logos and emoji.
const SIGNS: &[&str] = &[
    "emoji",
    "emojis",
    "emoticon",
    "emoticons",
    "smiley",
    "smileys",
    "smilies",
    "twemoji",
    "avatar",
    "avatars",
    "gravatar",
    "favicon",
    "favicons",
    "logo",
    "logos",
    "icon",
    "icons",
    "badge",
    "sprite",
    "spacer",
    "profilepic",
    "userpic",
];

/// Whether a picture can be the lead picture: not an emoji, icon, author portrait or logo.
pub(crate) fn can_be_lead_picture(
    url: &str,
    alt: &str,
    width: Option<u32>,
    height: Option<u32>,
) -> bool {
    let is_small = |side: Option<u32>| side.is_some_and(|side| side < 80);
    let is_large = |side: Option<u32>| side.is_some_and(|side| side >= 200);
    if is_small(width) || is_small(height) {
        return false;
    }
    // A description of a single character belongs to an emoji.
    if !alt.is_empty() && alt.chars().count() <= 4 && !alt.chars().any(char::is_alphanumeric) {
        return false;
    }
    let Ok(parsed) = Url::parse(url) else {
        return false;
    };
    if is_tracker(&parsed)
        || is_on(
            &parsed,
            &["gravatar.com", "s.w.org", "emoji.redditmedia.com"],
        )
    {
        return false;
    }
    if is_large(width) && is_large(height) {
        return true;
    }
    let path = parsed.path().to_ascii_lowercase();
    // In a file name of many words, `logo` describes the picture; such a picture is kept.
    let last = path
        .trim_end_matches('/')
        .rsplit('/')
        .next()
        .unwrap_or_default();
    let words = |part: &str| {
        part.split(|c: char| !c.is_ascii_alphabetic())
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let folders = path.strip_suffix(last).unwrap_or_default();
    let name = words(last.split('.').next().unwrap_or_default());
    !folders.split('/').any(|folder| SIGNS.contains(&folder))
        && (name.len() > 4 || !name.iter().any(|word| SIGNS.contains(&word.as_str())))
}

/// Whether a picture is a placeholder until a script loads the real one.
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
    for (address, descriptor) in candidates(srcset) {
        let size = candidate_width(descriptor);
        let rank = if size > WIDEST_USEFUL {
            1.0 / size
        } else {
            size
        };
        if !is_stand_in(address) && best.is_none_or(|(known, _)| rank > known) {
            best = Some((rank, address));
        }
    }
    best.map(|(_, address)| address)
}

/// The addresses of a `srcset`, each with its descriptor.
fn candidates(srcset: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = srcset;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == ',');
        if rest.is_empty() {
            return None;
        }
        // URLs may contain commas: only a space, or a comma at the end, ends one.
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
        Some((address, descriptor.trim()))
    })
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

/// Hosts (with subdomains) of tracking pixels.
const COUNTERS: &[&str] = &[
    "feedburner.com",
    "doubleclick.net",
    "google-analytics.com",
    "googletagmanager.com",
    "googleadservices.com",
    "pixel.wp.com",
    "stats.wp.com",
    "stats.wordpress.com",
    "feeds.wordpress.com",
    "scorecardresearch.com",
    "quantserve.com",
    "feedsportal.com",
    "pheedo.com",
    "amazon-adsystem.com",
    "facebook.com",
    "chartbeat.net",
    "chartbeat.com",
    "bat.bing.com",
    "feeds.feedblitz.com",
    "rss-tracker.com",
    "met.vgwort.de",
    "ioam.de",
    "ivwbox.de",
    "statcounter.com",
    "histats.com",
    "sitemeter.com",
    "whos.amung.us",
    "mc.yandex.ru",
    "counter.yadro.ru",
    "top-fwz1.mail.ru",
    "hm.baidu.com",
    "cnzz.com",
    "omtrdc.net",
    "2o7.net",
    "demdex.net",
    "imrworldwide.com",
    "effectivemeasure.net",
    "px.ads.linkedin.com",
    "analytics.twitter.com",
    "t.co",
    "ct.pinterest.com",
    "tr.snapchat.com",
    "xiti.com",
    "hit.gemius.pl",
    "krxd.net",
    "adsafeprotected.com",
    "moatads.com",
    "parsely.com",
    "goatcounter.com",
    "clicky.com",
    "hits.seeyoufarm.com",
    "hitcounter.pythonanywhere.com",
    "counter.theconversation.com",
    "pixel.propublica.org",
    "pixel.mathtag.com",
    "bluekai.com",
    "taboola.com",
    "outbrain.com",
];

/// Whether a picture is a tracking pixel.
fn is_tracker(url: &Url) -> bool {
    let path = url.path().to_ascii_lowercase();
    let names = [
        "/pixel.gif",
        "/count.gif",
        "/counter.gif",
        "/b.gif",
        "/g.gif",
        "/t.gif",
        "/pixel.png",
        "/1x1.gif",
        "/1x1.png",
        "/beacon.gif",
        "/track.gif",
        "/tracking.gif",
        "/open.gif",
        "/open.php",
        "/open.aspx",
        "/hm.gif",
        "/wf/open",
        "/pixel",
    ];
    let parts = [
        "/tracking-pixel",
        "/tracking_pixel",
        "/piwik.php",
        "/matomo.php",
        "/tracking/rss-pixel",
        "/republication-tracker",
        "/republish-counter",
        "/track/open",
        "/wf/open?",
        "/e2t/o/",
        "/o.gif",
        "/_/stat",
        "/feedads/img",
    ];
    let host = url.host_str().unwrap_or_default();
    let of_host = ["pixel.", "beacon.", "pixels.", "tracking.", "track."];
    // Blogger ends each entry of its feeds with one.
    let of_blogger =
        path.starts_with("/tracker/") && host.ends_with("blogger.googleusercontent.com");
    is_on(url, COUNTERS)
        || of_blogger
        || of_host.iter().any(|start| host.starts_with(start))
        || names.iter().any(|name| path.ends_with(name))
        || parts.iter().any(|part| path.contains(part))
}

/// Whether a picture has the size of a tracking pixel. Its style overrides its attributes (WHATWG
/// HTML, "Dimension attributes").
pub(crate) fn is_tiny(attribute: &Attributes<'_>) -> bool {
    let own = |name: &str| attribute(name).and_then(dimension);
    let (width, height) = attribute("style").map_or((None, None), |style| Style::of(style).sides());
    let is_speck = |declared: Option<Side>, own: Option<f64>, other: Option<Side>| match declared {
        Some(Side::Pixels(side)) => side <= SPECK,
        Some(Side::Other) => false,
        // If the style stretches one side, the other follows from the proportions.
        Some(Side::Own) => !stretches(other) && own.is_some_and(|side| side <= SPECK),
        None => own.is_some_and(|side| side <= SPECK),
    };
    is_speck(width, own("width"), height) || is_speck(height, own("height"), width)
}

fn stretches(side: Option<Side>) -> bool {
    match side {
        Some(Side::Pixels(pixels)) => pixels > SPECK,
        Some(Side::Other) => true,
        Some(Side::Own) | None => false,
    }
}

/// A side from an attribute (WHATWG HTML, "Rules for parsing dimension values"); `None` for a
/// percentage.
fn dimension(value: &str) -> Option<f64> {
    let value = value.trim_start().trim_start_matches('+');
    let end = value
        .find(|c: char| !(c.is_ascii_digit() || c == '.'))
        .unwrap_or(value.len());
    let side: f64 = value[..end].parse().ok()?;
    (!value[end..].starts_with('%') || side == 0.0).then_some(side)
}

/// A side of a picture from an attribute, in whole pixels.
pub(crate) fn pixels(value: Option<&str>) -> Option<u32> {
    let side = dimension(value?).filter(|side| (0.0..=20_000.0).contains(side))?;
    Some(side.round() as u32)
}

/// An embedded medium: its page and its preview picture.
pub(crate) struct Embedded {
    pub(crate) target: Url,
    pub(crate) still: Option<String>,
    /// Whether it is certainly a player, a post or a chart.
    pub(crate) is_known: bool,
}

/// The content of a frame: a known player, else its URL. `None` for advertisements, buttons and
/// counters.
pub(crate) fn framed(url: &Url) -> Option<Embedded> {
    if let Some(id) = youtube_id(url) {
        let target = Url::parse(&format!("https://www.youtube.com/watch?v={id}")).ok()?;
        let still = Some(format!("https://i.ytimg.com/vi/{id}/hqdefault.jpg"));
        return Some(Embedded {
            target,
            still,
            is_known: true,
        });
    }
    if let Some(id) = dailymotion_id(url) {
        let target = Url::parse(&format!("https://www.dailymotion.com/video/{id}")).ok()?;
        let still = Some(format!("https://www.dailymotion.com/thumbnail/video/{id}"));
        return Some(Embedded {
            target,
            still,
            is_known: true,
        });
    }
    let is_known = is_player(url);
    (is_known || !is_side_show(url)).then(|| Embedded {
        target: url.clone(),
        still: None,
        is_known,
    })
}

/// Whether a frame is not part of an article: advertisements, buttons, forms, bot checks, counters.
fn is_side_show(url: &Url) -> bool {
    let hosts = [
        "googlesyndication.com",
        "googletagmanager.com",
        "doubleclick.net",
        "amazon-adsystem.com",
        "adnxs.com",
        "criteo.com",
        "criteo.net",
        "taboola.com",
        "outbrain.com",
        "mgid.com",
        "revcontent.com",
        "recaptcha.net",
        "hcaptcha.com",
        "disqus.com",
        "facebook.com",
        "addthis.com",
        "sharethis.com",
        "mailchimp.com",
        "list-manage.com",
        "captcha-delivery.com",
    ];
    let low = url.as_str().to_ascii_lowercase();
    let host = url.host_str().unwrap_or_default();
    let parts = [
        "_incapsula_resource",
        "/recaptcha/",
        "/adserver",
        "/banner",
        "/iklan",
        "/newsletter",
        "/subscribe",
        "/like.php",
        "/share_button",
        "/follow_button",
        "/comments",
        "/gtm/",
        "ns.html?id=gtm",
    ];
    let starts = ["ads.", "ad.", "adserver.", "adv.", "iklan.", "banner."];
    // A post gets a link, a follow button does not.
    let is_post = host.ends_with("facebook.com")
        && (low.contains("/plugins/post") || low.contains("/plugins/video"));
    !is_post
        && (is_on(url, &hosts)
            || is_tracker(url)
            || starts.iter().any(|start| host.starts_with(start))
            || parts.iter().any(|part| low.contains(part)))
}

/// The medium of a player element such as `amp-youtube`, from its attributes.
pub(crate) fn custom_player(name: &str, attribute: &Attributes<'_>) -> Option<Url> {
    if !name.contains('-') {
        return None;
    }
    let code = |names: &[&str]| {
        names
            .iter()
            .filter_map(|name| attribute(name))
            .map(str::trim)
            .find(|code| {
                (1..=64).contains(&code.len())
                    && code
                        .bytes()
                        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
            })
    };
    let video = || code(&["videoid", "data-videoid", "video-id", "data-video-id"]);
    let address = if name.contains("youtube") {
        format!("https://www.youtube.com/watch?v={}", video()?)
    } else if name.contains("vimeo") {
        format!("https://vimeo.com/{}", video()?)
    } else if name.contains("dailymotion") {
        format!("https://www.dailymotion.com/video/{}", video()?)
    } else if name.contains("tiktok") {
        format!(
            "https://www.tiktok.com/embed/v2/{}",
            code(&["data-src", "video-id"])?
        )
    } else if name.contains("twitter") {
        format!(
            "https://twitter.com/i/status/{}",
            code(&["data-tweetid", "tweet-id"])?
        )
    } else if name.contains("instagram") {
        format!(
            "https://www.instagram.com/p/{}/",
            code(&["data-shortcode", "post-id"])?
        )
    } else if name.contains("soundcloud") {
        format!(
            "https://w.soundcloud.com/player/?url=https%3A//api.soundcloud.com/tracks/{}",
            code(&["data-trackid", "track-id"])?
        )
    } else if name.contains("facebook") {
        attribute("data-href")?.to_owned()
    } else {
        return None;
    };
    absolute_web(&address, None)
}

/// Whether a `data:` picture is a placeholder: tiny, or an empty drawing.
pub(crate) fn is_empty_data(address: &str) -> bool {
    let address = address.trim();
    let Some((head, data)) = address.split_once(',') else {
        return true;
    };
    let head = head.to_ascii_lowercase();
    if head.contains("svg") {
        let drawing = if head.contains("base64") {
            String::from_utf8_lossy(&from_base64(data, 4000)).into_owned()
        } else {
            data.chars().take(4000).collect()
        };
        let low = drawing.to_ascii_lowercase();
        let drawn = [
            "path", "text", "image", "circle", "polygon", "line", "use", "rect",
        ];
        return !drawn
            .iter()
            .any(|name| low.contains(&format!("<{name}")) || low.contains(&format!("%3c{name}")));
    }
    let bytes = from_base64(data, 64);
    let two = |at: usize| {
        bytes
            .get(at..at + 2)
            .map(|two| u32::from(u16::from_le_bytes([two[0], two[1]])))
    };
    let four = |at: usize| {
        bytes
            .get(at..at + 4)
            .map(|four| u32::from_be_bytes([four[0], four[1], four[2], four[3]]))
    };
    let sides = if bytes.starts_with(b"GIF8") {
        two(6).zip(two(8))
    } else if bytes.starts_with(b"\x89PNG") {
        four(16).zip(four(20))
    } else {
        // Other formats need more than that for any picture.
        return data.len() < 400;
    };
    sides.is_none_or(|(width, height)| width.max(height) <= 16)
}

/// The first bytes of Base64.
fn from_base64(text: &str, most: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    let (mut bits, mut held) = (0_u32, 0);
    for byte in text.bytes() {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            b'=' => break,
            _ => continue,
        };
        bits = (bits << 6) | u32::from(value);
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held) as u8);
            bits &= (1 << held) - 1;
            if bytes.len() == most {
                break;
            }
        }
    }
    bytes
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

/// Sites whose frames contain a video, a recording, a post or a chart.
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

/// A web URL made absolute.
pub(crate) fn absolute_web_url(address: &str, base: Option<&str>) -> Option<String> {
    let base = base.and_then(|base| Url::parse(base).ok());
    absolute_web(address, base.as_ref()).map(String::from)
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
        for side_show in [
            "https://ads.example/frame",
            "https://www.googletagmanager.com/ns.html?id=GTM-X",
            "https://www.facebook.com/plugins/like.php?href=x",
            "https://news.example/_Incapsula_Resource?x=1",
            "https://www.google.com/recaptcha/api2/anchor",
        ] {
            assert!(
                Url::parse(side_show).is_ok_and(|url| framed(&url).is_none()),
                "{side_show}"
            );
        }
        let stranger = "https://notyoutube.com/embed/abcdefghijk";
        let found = Url::parse(stranger).ok().and_then(|url| framed(&url));
        let found = found.map(|e| (e.target.to_string(), e.still));
        assert_eq!(found, Some((stranger.to_owned(), None)));
    }
}
