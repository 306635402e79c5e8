//! What comes with an entry beside its text: files with their length, chapters, pictures.

use crate::Enclosure;
use crate::addresses::is_web;
use crate::children::Children;
use crate::names::{Name, Space};
use crate::read::Reader;
use crate::text::plain;
use crate::xml::{NodeId, Tree};

/// Files of an entry at most.
const MOST_ENCLOSURES: usize = 50;
/// The longest that anything plays, in seconds: a month.
const LONGEST: u64 = 31 * 24 * 3600;
/// Chapters as podcasts name them (podcastindex.org, "JSON Chapters").
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
        // An episode says how long it plays beside its file.
        if let Some(named) = children.first(&[Space::Itunes], Name::Duration)
            && let Some(played) = enclosures
                .iter_mut()
                .find(|file| file.media_type.as_deref().is_none_or(is_sound_or_film))
        {
            let said = seconds(&tree.text_of(named));
            played.duration_seconds = said.or(played.duration_seconds);
        }
        enclosures
    }

    /// Adds the file that an element names; one that is there already learns what this one knows.
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
            .map(|title| plain(&title))
            .filter(|title| !title.is_empty() && title.len() < 1_000);
        let duration_seconds = tree
            .attribute(node, "duration")
            .and_then(|text| seconds(&text));
        if let Some(known) = enclosures.iter_mut().find(|e| e.url == url) {
            known.title = known.title.take().or(title);
            known.duration_seconds = known.duration_seconds.or(duration_seconds);
        } else if enclosures.len() < MOST_ENCLOSURES {
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

    /// Where an episode's chapters are.
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

    /// The largest thumbnail or picture that the entry names.
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
                .find(|e| match &e.media_type {
                    Some(t) => t.starts_with("image/"),
                    None => has_picture_name(&e.url),
                })
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

    /// The feed's icon or logo; RDF has its image beside the channel.
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

fn is_sound_or_film(media_type: &str) -> bool {
    media_type.starts_with("audio/") || media_type.starts_with("video/")
}

fn is_playable(tree: &Tree<'_>, id: NodeId) -> bool {
    let medium = tree.attribute(id, "medium");
    medium.is_some_and(|m| matches!(&*m, "audio" | "video"))
        || tree
            .attribute(id, "type")
            .is_some_and(|t| is_sound_or_film(&t))
}

fn is_picture(tree: &Tree<'_>, id: NodeId) -> bool {
    let attribute = |name| tree.attribute(id, name);
    attribute("medium").is_some_and(|m| m == "image")
        || attribute("type").is_some_and(|t| t.starts_with("image/"))
        || attribute("url").is_some_and(|u| has_picture_name(&u))
}

fn has_picture_name(url: &str) -> bool {
    let path = url.split(['?', '#']).next().unwrap_or_default().as_bytes();
    [".jpg", ".jpeg", ".png", ".gif", ".webp"]
        .iter()
        .any(|ending| {
            path.len() >= ending.len()
                && path[path.len() - ending.len()..].eq_ignore_ascii_case(ending.as_bytes())
        })
}

/// How long something plays, in all the ways that podcasts write it: seconds with or without a
/// fraction, `mm:ss`, `hh:mm:ss`, `1h 2m 3s`, `62 min`, ISO 8601's `PT1H2M3S`. None for nothing.
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

/// `hh:mm:ss`, `mm:ss`, `:ss`, the last part perhaps with a fraction.
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
    use super::seconds;

    #[test]
    fn durations_are_read_in_every_dress() {
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
