//! Enclosures, chapters and pictures of an entry.

use crate::bounds;
use crate::children::Children;
use crate::model::Enclosure;
use crate::names::{Name, Space};
use crate::reader::Reader;
use crate::text::plain;
use crate::urls::is_web;
use crate::xml::{NodeId, Tree};

/// Maximum playing time, in seconds: a month.
const LONGEST: u64 = 31 * 24 * 3600;
/// Media type of podcast chapters (podcastindex.org, "JSON Chapters").
const CHAPTERS_TYPE: &str = "application/json+chapters";

impl Reader<'_, '_> {
    pub(crate) fn enclosures(&self, children: &Children) -> Vec<Enclosure> {
        let tree = self.tree;
        let mut enclosures: Vec<Enclosure> = Vec::new();
        if !children.any(&[Name::Enclosure, Name::Link, Name::Content, Name::Group]) {
            return enclosures;
        }
        for child in children.iter() {
            match (child.space, child.name) {
                (Space::Core, Name::Enclosure) => {
                    self.add_enclosure(&mut enclosures, child.id, "url", "length");
                }
                (Space::Core, Name::Link)
                    if tree
                        .attribute(child.id, "rel")
                        .is_some_and(|r| r.eq_ignore_ascii_case("enclosure")) =>
                {
                    self.add_enclosure(&mut enclosures, child.id, "href", "length");
                }
                (Space::Media, Name::Content) if is_playable(tree, child.id) => {
                    self.add_enclosure(&mut enclosures, child.id, "url", "filesize");
                }
                (Space::Media, Name::Group) => {
                    for inner in tree.children(child.id) {
                        let element = tree.element(inner);
                        if (element.space(), element.known()) == (Space::Media, Name::Content)
                            && is_playable(tree, inner)
                        {
                            self.add_enclosure(&mut enclosures, inner, "url", "filesize");
                        }
                    }
                }
                _ => {}
            }
        }
        // An episode states its duration beside its file.
        let played = enclosures.iter().position(plays);
        let played = played.or_else(|| enclosures.iter().position(|file| !is_picture_file(file)));
        if let Some(named) = children.first(&[Space::Itunes], Name::Duration)
            && let Some(at) = played
        {
            let said = seconds(&tree.text_of(named));
            let known = enclosures[at].duration_seconds;
            enclosures[at].duration_seconds = said.or(known);
        }
        enclosures
    }

    /// Adds the file that an element links to, or completes one that is known already.
    fn add_enclosure(
        &self,
        enclosures: &mut Vec<Enclosure>,
        node: NodeId,
        address: &str,
        size: &str,
    ) {
        let tree = self.tree;
        let Some(url) = tree
            .attribute(node, address)
            .and_then(|a| self.absolute(node, &a))
        else {
            return;
        };
        let in_child = self.child(node, Space::Media, Name::Title);
        let title = in_child
            .map(|id| tree.text_of(id))
            .or_else(|| tree.attribute(node, "title"))
            .map(|title| plain(&bounds::beginning(title)))
            .filter(|title| !title.is_empty());
        let duration_seconds = tree
            .attribute(node, "duration")
            .and_then(|text| seconds(&text));
        if let Some(known) = enclosures.iter_mut().find(|e| e.url == url) {
            known.title = known.title.take().or(title);
            known.duration_seconds = known.duration_seconds.or(duration_seconds);
        } else if enclosures.len() < bounds::LIST {
            enclosures.push(Enclosure {
                url,
                media_type: tree
                    .attribute(node, "type")
                    .map(Into::into)
                    .filter(|t: &String| !t.is_empty()),
                length: tree
                    .attribute(node, size)
                    .and_then(|l| l.trim().parse().ok()),
                duration_seconds,
                title,
            });
        }
    }

    /// URL of an episode's chapters.
    pub(crate) fn chapters(&self, children: &Children) -> Option<String> {
        let tree = self.tree;
        let named = children.first(&[Space::Podcast], Name::Chapters);
        let address = named.and_then(|id| Some((id, tree.attribute(id, "url")?)));
        let linked = || {
            children
                .named(&[Space::Core], Name::Link)
                .find(|link| self.media_type(*link) == CHAPTERS_TYPE)
                .and_then(|link| Some((link, tree.attribute(link, "href")?)))
        };
        let (id, address) = address.or_else(linked)?;
        self.absolute(id, &address).filter(|url| is_web(url))
    }

    /// The largest picture or thumbnail of the entry.
    pub(crate) fn image(&self, children: &Children, enclosures: &[Enclosure]) -> Option<String> {
        let tree = self.tree;
        let mut best: Option<(u64, String)> = None;
        let mut waiting: Vec<NodeId> = children
            .iter()
            .filter(|child| {
                matches!(
                    (child.space, child.name),
                    (Space::Media, Name::Thumbnail | Name::Content | Name::Group)
                        | (Space::Itunes | Space::Core, Name::Image)
                )
            })
            .map(|child| child.id)
            .collect();
        while let Some(node) = waiting.pop() {
            let element = tree.element(node);
            let attribute = match (element.space(), element.known()) {
                (Space::Media, Name::Thumbnail) => "url",
                (Space::Media, Name::Content) => {
                    waiting.extend(tree.children(node));
                    if !is_picture(tree, node) {
                        continue;
                    }
                    "url"
                }
                (Space::Media, Name::Group) => {
                    waiting.extend(tree.children(node));
                    continue;
                }
                (Space::Itunes, Name::Image) => "href",
                (Space::Core, Name::Image) => {
                    if best.is_none()
                        && let Some(url) = self.image_in(node)
                    {
                        best = Some((0, url));
                    }
                    continue;
                }
                _ => continue,
            };
            if let Some(url) = tree
                .attribute(node, attribute)
                .and_then(|a| self.absolute(node, &a))
            {
                let width = tree
                    .attribute(node, "width")
                    .and_then(|w| w.trim().parse().ok())
                    .unwrap_or(1);
                if best.as_ref().is_none_or(|(w, _)| width > *w) {
                    best = Some((width, url));
                }
            }
        }
        let enclosed = || {
            enclosures
                .iter()
                .find(|file| is_picture_file(file))
                .map(|e| e.url.clone())
        };
        best.map(|(_, url)| url)
            .or_else(enclosed)
            .filter(|url| is_web(url))
    }

    /// `<image><url>…`, `<image>…</image>`, `<image href=…>`.
    fn image_in(&self, node: NodeId) -> Option<String> {
        let tree = self.tree;
        if let Some(url) = self.child(node, Space::Core, Name::Url) {
            return self.absolute(url, &tree.text_of(url));
        }
        let named = ["href", "url", "resource"]
            .iter()
            .find_map(|name| tree.attribute(node, name));
        self.absolute(node, &named.unwrap_or_else(|| tree.text_of(node)))
            .filter(|url| is_web(url))
    }

    /// The feed's icon or logo; in RDF the image is beside the channel.
    pub(crate) fn icon(&self, outer: &Children, facts: &Children) -> Option<String> {
        let tree = self.tree;
        let named = [Name::Icon, Name::Logo].iter().find_map(|name| {
            let found = facts.first(&[Space::Core], *name)?;
            self.absolute(found, &tree.text_of(found))
                .filter(|url| is_web(url))
        });
        named
            .or_else(|| {
                let image = facts.first(&[Space::Core], Name::Image);
                self.image_in(image.or_else(|| outer.first(&[Space::Core], Name::Image))?)
            })
            .or_else(|| {
                let image = facts.first(&[Space::Itunes], Name::Image)?;
                self.absolute(image, &tree.attribute(image, "href")?)
            })
    }
}

const AUDIO: [&str; 12] = [
    "mp3", "m4a", "m4b", "ogg", "oga", "opus", "aac", "flac", "wav", "weba", "wma", "mpga",
];
const VIDEO: [&str; 9] = [
    "mp4", "m4v", "mov", "webm", "mkv", "ogv", "avi", "mpg", "mpeg",
];
const PICTURES: [&str; 7] = ["jpg", "jpeg", "png", "gif", "webp", "avif", "svg"];

/// Whether a file is audio: by its type, or by the extension in its URL if the type is missing or
/// generic (`application/octet-stream`, `file`, `text/html`).
#[must_use]
pub fn is_audio(media_type: Option<&str>, url: &str) -> bool {
    let media_type = media_type.unwrap_or_default().to_ascii_lowercase();
    let media_type = media_type.split(';').next().unwrap_or_default().trim();
    match media_type.split_once('/') {
        Some(("audio", _)) => true,
        Some(("video" | "image", _)) => false,
        _ if matches!(media_type, "application/ogg" | "audio" | "sound") => true,
        _ => AUDIO.contains(&media_type) || has_ending(url, &AUDIO),
    }
}

/// The main file of an entry: audio or video, else anything but a picture.
pub(crate) fn main_file(enclosures: &[Enclosure]) -> Option<&Enclosure> {
    let plays = enclosures.iter().find(|file| plays(file));
    let other = || enclosures.iter().find(|file| !is_picture_file(file));
    plays.or_else(other)
}

fn plays(file: &Enclosure) -> bool {
    let media_type = file.media_type.as_deref();
    is_audio(media_type, &file.url)
        || media_type.is_some_and(|t| starts_like(t, "video"))
        || (media_type.is_none_or(|t| !starts_like(t, "image/")) && has_ending(&file.url, &VIDEO))
}

fn is_picture_file(file: &Enclosure) -> bool {
    match file.media_type.as_deref() {
        Some(media_type) if starts_like(media_type, "image") => true,
        _ => has_ending(&file.url, &PICTURES),
    }
}

fn starts_like(text: &str, start: &str) -> bool {
    let text = text.trim_start().as_bytes().get(..start.len());
    text.is_some_and(|text| text.eq_ignore_ascii_case(start.as_bytes()))
}

fn is_playable(tree: &Tree<'_>, id: NodeId) -> bool {
    let attribute = |name| tree.attribute(id, name).unwrap_or_default();
    let (medium, media_type) = (attribute("medium"), attribute("type"));
    if medium.eq_ignore_ascii_case("image") || starts_like(&media_type, "image/") {
        return false;
    }
    medium.eq_ignore_ascii_case("audio")
        || medium.eq_ignore_ascii_case("video")
        || starts_like(&media_type, "video/")
        || is_audio(Some(&media_type), &attribute("url"))
}

fn is_picture(tree: &Tree<'_>, id: NodeId) -> bool {
    let attribute = |name| tree.attribute(id, name);
    attribute("medium").is_some_and(|m| m.eq_ignore_ascii_case("image"))
        || attribute("type").is_some_and(|t| starts_like(&t, "image/"))
        || attribute("url").is_some_and(|u| has_ending(&u, &PICTURES))
}

/// The media type of a video file by the extension in its URL.
pub(crate) fn video_type(url: &str) -> &'static str {
    let types: [(&str, &str); 5] = [
        ("m3u8", "application/vnd.apple.mpegurl"),
        ("webm", "video/webm"),
        ("ogv", "video/ogg"),
        ("mov", "video/quicktime"),
        ("mpg", "video/mpeg"),
    ];
    let known = types.iter().find(|(ending, _)| has_ending(url, &[ending]));
    known.map_or("video/mp4", |(_, media_type)| media_type)
}

/// Whether the path or the query of a URL ends with one of these extensions.
fn has_ending(url: &str, endings: &[&str]) -> bool {
    let url = url.split('#').next().unwrap_or_default();
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    [path, query].iter().any(|part| {
        let ending = part
            .rsplit_once('.')
            .map_or("", |(_, ending)| ending.trim());
        endings
            .iter()
            .any(|known| known.eq_ignore_ascii_case(ending))
    })
}

/// Parses a duration as podcasts write it: seconds with or without a fraction, `mm:ss`, `hh:mm:ss`,
/// `1h 2m 3s`, `62 min`, ISO 8601 (`PT1H2M3S`). `None` for zero.
pub(crate) fn seconds(text: &str) -> Option<u32> {
    let text = text.trim().to_ascii_lowercase();
    if text.is_empty() || text.len() > 40 {
        return None;
    }
    let total = if text.contains(':') {
        clock(&text)?
    } else if let Ok(number) = text.parse::<f64>() {
        number.round() as u64
    } else {
        with_units(text.strip_prefix("pt").unwrap_or(&text))?
    };
    (total > 0 && total <= LONGEST).then_some(total as u32)
}

/// `hh:mm:ss`, `mm:ss` or `:ss`, the last part optionally with a fraction.
fn clock(text: &str) -> Option<u64> {
    let parts: Vec<&str> = text.split(':').map(str::trim).collect();
    if parts.len() > 3 {
        return None;
    }
    let whole = |part: &&str| {
        let part = part.split(['.', ',']).next().unwrap_or_default();
        if part.is_empty() {
            Some(0)
        } else {
            part.parse::<u64>().ok().filter(|n| *n < 1_000_000)
        }
    };
    parts
        .iter()
        .try_fold(0_u64, |total, part| Some(total * 60 + whole(part)?))
}

/// Numbers with units: `1h2m3s`, `1 hr 5 mins`, `90 minutes`.
fn with_units(text: &str) -> Option<u64> {
    let mut total = 0.0;
    let mut rest = text;
    while !rest.is_empty() {
        let digits = rest
            .bytes()
            .take_while(|b| b.is_ascii_digit() || *b == b'.')
            .count();
        let number: f64 = rest[..digits].parse().ok()?;
        rest = rest[digits..].trim_start();
        let letters = rest.bytes().take_while(u8::is_ascii_lowercase).count();
        let unit = match &rest[..letters] {
            "h" | "hr" | "hrs" | "hour" | "hours" | "jam" => 3600.0,
            "m" | "min" | "mins" | "minute" | "minutes" | "menit" => 60.0,
            "s" | "sec" | "secs" | "second" | "seconds" | "detik" => 1.0,
            _ => return None,
        };
        total += number * unit;
        rest = rest[letters..].trim_start_matches(['.', ',', ' ']);
    }
    Some(total.round() as u64)
}

#[cfg(test)]
mod tests {
    use super::{is_audio, seconds};

    #[test]
    fn audio_is_recognised_by_type_or_extension() {
        for (media_type, url, expected) in [
            (Some("audio/mpeg"), "https://a.example/1", true),
            (Some(" Audio/X-M4A; codecs=x"), "https://a.example/1", true),
            (None, "https://a.example/1.MP3?kunci=2", true),
            (Some("file"), "https://a.example/1.mp3", true),
            (
                Some("application/octet-stream"),
                "https://a.example/1.opus#t=3",
                true,
            ),
            (Some("text/html"), "https://a.example/1.m4b", true),
            (Some("mp3"), "https://a.example/1", true),
            (Some(""), "https://a.example/main?berkas=1.ogg", true),
            (Some("video/mp4"), "https://a.example/1.mp3", false),
            (Some("image/jpeg"), "https://a.example/1.mp3", false),
            (
                Some("application/octet-stream"),
                "https://a.example/1.pdf",
                false,
            ),
            (None, "https://a.example/mp3", false),
        ] {
            assert_eq!(is_audio(media_type, url), expected, "{media_type:?} {url}");
        }
    }

    #[test]
    fn durations_are_parsed_in_every_spelling() {
        for (text, expected) in [
            ("3600", Some(3600)),
            (" 1:02:03 ", Some(3723)),
            ("62:03", Some(3723)),
            ("00:45", Some(45)),
            (":45", Some(45)),
            ("1:02:03.500", Some(3723)),
            ("127.4", Some(127)),
            ("PT1H2M3S", Some(3723)),
            ("PT45M", Some(2700)),
            ("1h 2m 3s", Some(3723)),
            ("1 hr, 5 mins", Some(3900)),
            ("90 minutes", Some(5400)),
            ("90 menit", Some(5400)),
            ("0", None),
            ("00:00:00", None),
            ("", None),
            ("-5", None),
            ("inf", None),
            ("NaN", None),
            ("1:2:3:4", None),
            ("soon", None),
            ("99999999999999999999:00", None),
            ("1e300", None),
            ("5é", None),
        ] {
            assert_eq!(seconds(text), expected, "{text}");
        }
    }
}
