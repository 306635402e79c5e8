//! The allow-list: from any bytes that call themselves HTML to a tree that is safe by construction.
//!
//! A browser-grade parser reads the HTML, so that Warta sees the same tree that a web view would;
//! elements and attributes are then copied one by one from a closed list. Whatever is not listed does
//! not exist in what comes out.

use html5ever::tendril::TendrilSink;
use html5ever::{ParseOpts, local_name, ns, parse_fragment};
use markup5ever_rcdom::{Handle, NodeData, RcDom};
use url::Url;

use crate::dom::{Dom, Id, Kind, ROOT};

/// Longer HTML is cut, in bytes.
const LONGEST: usize = 8 << 20;
/// Elements inside each other at most; deeper start tags are passed over.
const DEEPEST: usize = 200;

/// Elements that are kept, and what they are called then.
fn kept_as(name: &str) -> Option<&'static str> {
    Some(match name {
        "a" => "a",
        "abbr" | "acronym" => "abbr",
        "b" => "b",
        "blockquote" => "blockquote",
        "br" => "br",
        "caption" => "caption",
        "cite" => "cite",
        "code" | "tt" => "code",
        "col" => "col",
        "colgroup" => "colgroup",
        "dd" => "dd",
        "del" | "strike" => "del",
        "details" => "details",
        "dfn" => "dfn",
        "div" | "section" | "article" | "main" | "header" | "footer" | "aside" | "address"
        | "nav" | "center" | "hgroup" => "div",
        "dl" => "dl",
        "dt" => "dt",
        "em" => "em",
        "figcaption" => "figcaption",
        "figure" => "figure",
        "h1" | "h2" => "h2",
        "h3" => "h3",
        "h4" => "h4",
        "h5" => "h5",
        "h6" => "h6",
        "hr" => "hr",
        "i" => "i",
        "img" => "img",
        "ins" => "ins",
        "kbd" => "kbd",
        "li" => "li",
        "mark" => "mark",
        "ol" => "ol",
        "p" => "p",
        "pre" | "listing" => "pre",
        "q" => "q",
        "rp" => "rp",
        "rt" => "rt",
        "ruby" => "ruby",
        "s" => "s",
        "samp" => "samp",
        "small" => "small",
        "strong" => "strong",
        "sub" => "sub",
        "summary" => "summary",
        "sup" => "sup",
        "table" => "table",
        "tbody" => "tbody",
        "td" => "td",
        "tfoot" => "tfoot",
        "th" => "th",
        "thead" => "thead",
        "time" => "time",
        "tr" => "tr",
        "u" => "u",
        "ul" | "menu" | "dir" => "ul",
        "var" => "var",
        "wbr" => "wbr",
        _ => return None,
    })
}

/// Elements that go with all that is inside them.
fn is_dropped_whole(name: &str) -> bool {
    matches!(
        name,
        "script"
            | "style"
            | "template"
            | "title"
            | "textarea"
            | "select"
            | "option"
            | "optgroup"
            | "datalist"
            | "object"
            | "embed"
            | "applet"
            | "param"
            | "frame"
            | "frameset"
            | "noframes"
            | "noembed"
            | "xmp"
            | "plaintext"
            | "svg"
            | "math"
            | "canvas"
            | "button"
            | "input"
            | "head"
            | "meta"
            | "link"
            | "base"
            | "map"
            | "area"
            | "dialog"
            | "progress"
            | "meter"
            | "keygen"
            | "bgsound"
            | "portal"
            | "fencedframe"
    )
}

/// The safe tree of `html`.
pub(crate) fn clean(html: &str, base_url: Option<&str>) -> Dom {
    let base = base_url.and_then(|url| Url::parse(url).ok());
    let html = bounded(html);
    let html = shallow(html);
    let context = html5ever::QualName::new(None, ns!(html), local_name!("body"));
    let mut options = ParseOpts::default();
    // Warta runs no script, so what pages offer instead is read.
    options.tree_builder.scripting_enabled = false;
    let parsed =
        parse_fragment(RcDom::default(), options, context, Vec::new(), false).one(html.as_ref());
    let mut dom = Dom::new();
    let mut cleaner = Cleaner {
        base,
        dom: &mut dom,
        without_script: Vec::new(),
    };
    cleaner.copy(&parsed.document);
    dom
}

fn bounded(html: &str) -> &str {
    if html.len() <= LONGEST {
        return html;
    }
    let end = (0..=LONGEST)
        .rev()
        .find(|end| html.is_char_boundary(*end))
        .unwrap_or(0);
    &html[..end]
}

/// `html` without the start tags that lie too deep. The count is rough (unclosed tags add up), and
/// errs towards passing tags over: text is never lost, and the parser's work stays linear.
fn shallow(html: &str) -> std::borrow::Cow<'_, str> {
    let mut depth = 0_usize;
    let mut out: Option<String> = None;
    let mut copied = 0;
    for (at, _) in html.match_indices('<') {
        let tag = &html.as_bytes()[at + 1..];
        match tag.first() {
            Some(b'/') => depth = depth.saturating_sub(1),
            Some(first) if first.is_ascii_alphabetic() => {
                let name_end = tag
                    .iter()
                    .position(|b| !b.is_ascii_alphanumeric())
                    .unwrap_or(tag.len());
                let name = String::from_utf8_lossy(&tag[..name_end]).to_ascii_lowercase();
                let single = crate::dom::is_void(&name)
                    || matches!(
                        name.as_str(),
                        "input"
                            | "meta"
                            | "link"
                            | "p"
                            | "li"
                            | "source"
                            | "param"
                            | "area"
                            | "embed"
                            | "base"
                    );
                // A picture or line break deep down is worth keeping.
                if single && !matches!(name.as_str(), "p" | "li") {
                    continue;
                }
                depth += usize::from(!single);
                if depth > DEEPEST && at >= copied {
                    let end = html[at..].find('>').map_or(html.len(), |end| at + end + 1);
                    let out = out.get_or_insert_default();
                    out.push_str(&html[copied..at]);
                    out.push(' ');
                    copied = end;
                }
            }
            _ => {}
        }
    }
    match out {
        Some(mut out) => {
            out.push_str(&html[copied..]);
            out.into()
        }
        None => html.into(),
    }
}

struct Cleaner<'d> {
    base: Option<Url>,
    dom: &'d mut Dom,
    /// Addresses of pictures that came from scripts' stand-ins, so that `noscript` repeats none.
    without_script: Vec<String>,
}

impl Cleaner<'_> {
    fn copy(&mut self, document: &Handle) {
        let mut waiting: Vec<(Handle, Id)> = vec![(document.clone(), ROOT)];
        while let Some((node, parent)) = waiting.pop() {
            let inside = match &node.data {
                NodeData::Document => Some(parent),
                NodeData::Text { contents } => {
                    self.dom
                        .append(parent, Kind::Text(contents.borrow().to_string()));
                    None
                }
                NodeData::Element { name, attrs, .. } => {
                    // Foreign content (SVG, MathML) is dropped whole, whatever its elements are called.
                    if name.ns != ns!(html) {
                        continue;
                    }
                    let attributes: Vec<(String, String)> = attrs
                        .borrow()
                        .iter()
                        .map(|a| (a.name.local.to_string(), a.value.to_string()))
                        .collect();
                    self.element(&name.local, &attributes, parent)
                }
                _ => None,
            };
            if let Some(inside) = inside {
                waiting.extend(
                    node.children
                        .borrow()
                        .iter()
                        .rev()
                        .map(|c| (c.clone(), inside)),
                );
            }
        }
    }

    /// Copies one element; where its children go, or none if they go with it.
    fn element(&mut self, name: &str, attributes: &[(String, String)], parent: Id) -> Option<Id> {
        let attribute = |wanted: &str| {
            attributes
                .iter()
                .find(|(n, _)| n == wanted)
                .map(|(_, value)| value.as_str())
        };
        match name {
            "iframe" | "video" | "audio" => {
                self.embedded(name, &attribute, parent);
                return None;
            }
            "img" => {
                self.picture(&attribute, parent);
                return None;
            }
            // Read as markup here, since the parser was told that scripts do not run.
            "noscript" | "picture" | "html" | "body" | "form" | "fieldset" | "font" | "span"
            | "label" | "big" | "nobr" | "bdo" | "bdi" | "amp-img" => {
                if name == "amp-img" {
                    self.picture(&attribute, parent);
                }
                return Some(parent);
            }
            "source" | "track" | "rb" | "rtc" | "legend" => return None,
            _ => {}
        }
        if is_dropped_whole(name) {
            return None;
        }
        // What is hidden on the page is no text.
        if attribute("hidden").is_some() || attribute("style").is_some_and(is_hidden) {
            return None;
        }
        let Some(kept) = kept_as(name) else {
            return Some(parent);
        };
        let mut safe: Vec<(&'static str, String)> = Vec::new();
        let mut keep = |name: &'static str, value: Option<String>| {
            if let Some(value) = value {
                safe.push((name, value));
            }
        };
        let plain = |name: &str| {
            attribute(name)
                .map(str::to_owned)
                .filter(|v| v.len() < 1000)
        };
        let number = |name: &str, most: u32| {
            let value: u32 = attribute(name)?.trim().parse().ok()?;
            (value <= most).then(|| value.to_string())
        };
        match kept {
            "a" => {
                let href = attribute("href").and_then(|href| self.link(href));
                let goes = href.is_some();
                keep("href", href);
                keep("title", plain("title"));
                keep(
                    "rel",
                    goes.then(|| "noopener noreferrer nofollow".to_owned()),
                );
            }
            "td" | "th" => {
                keep("colspan", number("colspan", 100));
                keep("rowspan", number("rowspan", 100));
            }
            "ol" => keep("start", number("start", 100_000)),
            "time" => keep("datetime", plain("datetime")),
            "abbr" | "dfn" => keep("title", plain("title")),
            "details" => keep("open", attribute("open").map(|_| String::new())),
            _ => {}
        }
        keep(
            "dir",
            attribute("dir")
                .filter(|d| matches!(*d, "rtl" | "ltr" | "auto"))
                .map(str::to_owned),
        );
        let language = attribute("lang").filter(|l| {
            l.len() < 20
                && !l.is_empty()
                && l.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        });
        keep("lang", language.map(str::to_owned));
        Some(self.dom.append(parent, Kind::Element(kept, safe)))
    }

    /// An absolute address that may be opened.
    fn link(&self, href: &str) -> Option<String> {
        let url = self.absolute(href)?;
        matches!(url.scheme(), "http" | "https" | "mailto" | "tel").then(|| url.into())
    }

    fn absolute(&self, address: &str) -> Option<Url> {
        let address: String = address.trim().chars().filter(|c| !c.is_control()).collect();
        if address.is_empty() || address.len() > 8000 {
            return None;
        }
        match Url::parse(&address) {
            Ok(url) => Some(url),
            Err(url::ParseError::RelativeUrlWithoutBase) => self.base.as_ref()?.join(&address).ok(),
            Err(_) => None,
        }
    }

    fn picture<'v>(&mut self, attribute: &dyn Fn(&str) -> Option<&'v str>, parent: Id) {
        let size = |name: &str| {
            let value = attribute(name)?.trim().trim_end_matches("px");
            value.parse::<u32>().ok().filter(|v| *v <= 20_000)
        };
        let (width, height) = (size("width"), size("height"));
        let tiny = |side: Option<u32>| side.is_some_and(|s| s <= 2);
        if tiny(width) || tiny(height) {
            return;
        }
        let lazy = [
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
        ];
        let srcset = ["srcset", "data-srcset", "data-lazy-srcset"]
            .iter()
            .find_map(|name| largest(attribute(name)?));
        let src = attribute("src").filter(|src| !is_stand_in(src));
        let candidates = lazy
            .iter()
            .filter_map(|name| attribute(name))
            .chain(src)
            .map(str::to_owned);
        let address = candidates
            .chain(srcset)
            .chain(attribute("src").map(str::to_owned))
            .find_map(|address| {
                let url = self.absolute(&address)?;
                matches!(url.scheme(), "http" | "https").then_some(url)
            });
        let Some(url) = address.filter(|url| !is_tracker(url)) else {
            return;
        };
        let url: String = url.into();
        if self.without_script.contains(&url) {
            return;
        }
        self.without_script.push(url.clone());
        let mut safe = vec![("src", url)];
        let alt = attribute("alt").unwrap_or_default();
        safe.push(("alt", alt.chars().take(1000).collect()));
        if let Some(title) = attribute("title").filter(|t| !t.is_empty() && *t != alt) {
            safe.push(("title", title.chars().take(1000).collect()));
        }
        for (name, side) in [("width", width), ("height", height)] {
            safe.extend(side.map(|side| (name, side.to_string())));
        }
        self.dom.append(parent, Kind::Element("img", safe));
    }

    /// Embedded media become a link to where they play; a YouTube video brings its still.
    fn embedded<'v>(
        &mut self,
        name: &str,
        attribute: &dyn Fn(&str) -> Option<&'v str>,
        parent: Id,
    ) {
        let source = attribute("src").or_else(|| attribute("data-src"));
        let Some(url) = source.and_then(|src| self.absolute(src)) else {
            return;
        };
        if !matches!(url.scheme(), "http" | "https") {
            return;
        }
        let (target, still) = match (name, youtube_id(&url)) {
            (_, Some(id)) => (
                format!("https://www.youtube.com/watch?v={id}"),
                Some(format!("https://i.ytimg.com/vi/{id}/hqdefault.jpg")),
            ),
            ("iframe", None) if !is_player(&url) => return,
            _ => (
                url.to_string(),
                attribute("poster")
                    .and_then(|p| self.absolute(p))
                    .filter(|u| matches!(u.scheme(), "http" | "https"))
                    .map(Into::into),
            ),
        };
        let host = Url::parse(&target).ok().and_then(|u| {
            u.host_str()
                .map(|h| h.trim_start_matches("www.").to_owned())
        });
        let title = attribute("title")
            .filter(|t| !t.is_empty())
            .map(str::to_owned);
        let label = title.or(host).unwrap_or_default();
        let figure = self.dom.append(parent, Kind::Element("figure", Vec::new()));
        if let Some(still) = still {
            let safe = vec![("src", still), ("alt", label.clone())];
            self.dom.append(figure, Kind::Element("img", safe));
        }
        let rel = "noopener noreferrer nofollow".to_owned();
        let link = self.dom.append(
            figure,
            Kind::Element("a", vec![("href", target), ("rel", rel)]),
        );
        self.dom.append(link, Kind::Text(format!("▶ {label}")));
    }
}

fn is_hidden(style: &str) -> bool {
    let style: String = style.to_ascii_lowercase().split_whitespace().collect();
    style.contains("display:none") || style.contains("visibility:hidden")
}

/// A picture that stands in until a script loads the real one.
fn is_stand_in(src: &str) -> bool {
    let src = src.trim().to_ascii_lowercase();
    src.is_empty()
        || src.starts_with("data:")
        || [
            "placeholder",
            "blank.gif",
            "lazy.png",
            "spacer.gif",
            "loading.gif",
            "transparent.gif",
            "1x1",
        ]
        .iter()
        .any(|word| src.contains(word))
}

/// The largest candidate of a `srcset`, at most about twice a reading column.
fn largest(srcset: &str) -> Option<String> {
    let mut best: Option<(f64, &str)> = None;
    // Commas stand in addresses too: candidates are apart by a comma and white space.
    for candidate in srcset.split(", ").flat_map(|part| part.split(",\n")) {
        let mut words = candidate.trim().trim_end_matches(',').split_whitespace();
        let Some(address) = words.next() else {
            continue;
        };
        let size = words.next().map_or(1.0, |d| {
            let number = d.trim_end_matches(['w', 'x']).parse::<f64>().unwrap_or(1.0);
            if d.ends_with('x') {
                number * 800.0
            } else {
                number
            }
        });
        let size = if size > 2000.0 { 1.0 / size } else { size };
        if best.is_none_or(|(b, _)| size > b) {
            best = Some((size, address));
        }
    }
    best.map(|(_, address)| address.to_owned())
}

/// Pictures that only count readers.
fn is_tracker(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let path = url.path().to_ascii_lowercase();
    let hosts = [
        "feedburner.com",
        "doubleclick.net",
        "google-analytics.com",
        "pixel.wp.com",
        "stats.wordpress.com",
        "scorecardresearch.com",
        "quantserve.com",
        "feedsportal.com",
        "pixel.quantserve.com",
        "pheedo.com",
        "amazon-adsystem.com",
        "facebook.com",
    ];
    hosts
        .iter()
        .any(|h| host == *h || host.ends_with(&format!(".{h}")))
        || path.ends_with("/pixel.gif")
        || path.ends_with("/count.gif")
        || path.ends_with("/b.gif")
        || path.contains("/tracking-pixel")
        || path.contains("/piwik.php")
        || path.contains("/matomo.php")
}

fn youtube_id(url: &Url) -> Option<String> {
    let host = url.host_str()?.trim_start_matches("www.");
    let id = match host {
        "youtube.com" | "youtube-nocookie.com" | "m.youtube.com" => {
            url.path().strip_prefix("/embed/")?.split('/').next()?
        }
        _ => return None,
    };
    let fits = (6..=20).contains(&id.len())
        && id
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    fits.then(|| id.to_owned())
}

/// Sites whose frames show a video, a recording or a map worth a link.
fn is_player(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    [
        "vimeo.com",
        "dailymotion.com",
        "soundcloud.com",
        "spotify.com",
        "ted.com",
        "twitch.tv",
        "vidio.com",
        "tiktok.com",
        "instagram.com",
        "twitter.com",
        "x.com",
        "datawrapper.de",
        "flourish.studio",
        "bandcamp.com",
        "archive.org",
        "anchor.fm",
        "podbean.com",
    ]
    .iter()
    .any(|h| host == *h || host.ends_with(&format!(".{h}")))
}
