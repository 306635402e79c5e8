//! Style declarations, as far as they decide whether an element is visible.
//!
//! Declarations are parsed and cascaded (CSS Syntax 3, § 5.4.4; CSS Cascade 4, § 6), so that words
//! inside a URL, a string, a comment or the name of another property hide nothing. Deliberately
//! absent: layout.

use std::borrow::Cow;

/// Maximum length of a style, in bytes.
const LONGEST: usize = 20_000;
/// Position or indent below which an element is off the screen, in pixels.
const OFF_SCREEN: f64 = -999.0;
/// Maximum side of an invisible picture or box, in pixels.
const SPECK: f64 = 2.0;

/// Whether a style can hide anything: most cannot and need not be parsed. `true` if in doubt.
pub(crate) fn may_hide(style: &str) -> bool {
    let bytes = style.as_bytes();
    let starts = |at: usize, word: &[u8]| {
        bytes
            .get(at..at + word.len())
            .is_some_and(|part| part.eq_ignore_ascii_case(word))
    };
    // These properties only hide with a zero.
    let (mut has_nought, mut needs_nought) = (false, false);
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'\\' => return true,
            b'n' | b'N' if starts(at, b"none") => return true,
            b'h' | b'H' if starts(at, b"hidden") => return true,
            b'c' | b'C' if starts(at, b"clip") || starts(at, b"collapse") => return true,
            b'-' if bytes.get(at + 1).is_some_and(u8::is_ascii_digit) => return true,
            b'0' => {
                has_nought |= at == 0 || !matches!(bytes[at - 1], b'0'..=b'9' | b'#' | b'a'..=b'z');
            }
            b'o' | b'O' => needs_nought |= starts(at, b"opacity"),
            b'f' | b'F' => needs_nought |= starts(at, b"font"),
            b's' | b'S' => needs_nought |= starts(at, b"scale"),
            _ => {}
        }
    }
    has_nought && needs_nought
}

/// A property that can hide an element or show it again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Property {
    Display,
    Visibility,
    ContentVisibility,
    Opacity,
    FontSize,
    Width,
    Height,
    MaxWidth,
    MaxHeight,
    MinWidth,
    MinHeight,
    Overflow,
    PaddingTop,
    PaddingBottom,
    Position,
    Left,
    Right,
    Top,
    MarginLeft,
    MarginTop,
    TextIndent,
    Clip,
    ClipPath,
    Transform,
    /// Animations and transitions, which change the element later.
    Motion,
}

const PROPERTIES: usize = Property::Motion as usize + 1;

impl Property {
    fn of(name: &str) -> Option<Self> {
        let known = [
            ("display", Self::Display),
            ("visibility", Self::Visibility),
            ("content-visibility", Self::ContentVisibility),
            ("opacity", Self::Opacity),
            ("font-size", Self::FontSize),
            ("font", Self::FontSize),
            ("width", Self::Width),
            ("height", Self::Height),
            ("max-width", Self::MaxWidth),
            ("max-height", Self::MaxHeight),
            ("min-width", Self::MinWidth),
            ("min-height", Self::MinHeight),
            ("overflow", Self::Overflow),
            ("overflow-x", Self::Overflow),
            ("overflow-y", Self::Overflow),
            ("padding", Self::PaddingTop),
            ("padding-top", Self::PaddingTop),
            ("padding-bottom", Self::PaddingBottom),
            ("position", Self::Position),
            ("left", Self::Left),
            ("right", Self::Right),
            ("top", Self::Top),
            ("margin", Self::MarginLeft),
            ("margin-left", Self::MarginLeft),
            ("margin-top", Self::MarginTop),
            ("text-indent", Self::TextIndent),
            ("clip", Self::Clip),
            ("clip-path", Self::ClipPath),
            ("transform", Self::Transform),
            ("transition", Self::Motion),
            ("animation", Self::Motion),
            ("will-change", Self::Motion),
            ("-webkit-transition", Self::Motion),
            ("-webkit-animation", Self::Motion),
        ];
        let found = known
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))?;
        Some(found.1)
    }
}

/// The declarations of a style that win the cascade.
#[derive(Debug, Default)]
pub(crate) struct Style {
    values: [Option<(String, bool)>; PROPERTIES],
}

/// A side of a box.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Side {
    /// CSS pixels.
    Pixels(f64),
    /// The element's own size, such as `auto`.
    Own,
    /// Relative to the surroundings.
    Other,
}

impl Style {
    pub(crate) fn of(style: &str) -> Self {
        let mut found = Self::default();
        found.add(style);
        found
    }

    /// Cascades further declarations over those found before.
    pub(crate) fn add(&mut self, style: &str) {
        if style.len() > LONGEST {
            return;
        }
        each_declaration(style, |name, value| {
            let name = unescaped(name);
            let Some(property) = Property::of(&name) else {
                return;
            };
            let mut value = unescaped(value).trim().to_ascii_lowercase();
            let mut important = false;
            if let Some(at) = value.rfind('!')
                && value[at + 1..].trim() == "important"
            {
                important = true;
                value.truncate(value[..at].trim_end().len());
            }
            if name.eq_ignore_ascii_case("font") {
                value = size_of_font(&value).unwrap_or_default();
            }
            if is_valid(property, &value) {
                // A shorthand is kept for both of its relevant sides.
                if name.eq_ignore_ascii_case("margin") {
                    self.declare(Property::MarginTop, value.clone(), important);
                } else if name.eq_ignore_ascii_case("padding") {
                    self.declare(Property::PaddingBottom, value.clone(), important);
                }
                self.declare(property, value, important);
            }
        });
    }

    fn declare(&mut self, property: Property, value: String, important: bool) {
        let slot = &mut self.values[property as usize];
        if slot.as_ref().is_none_or(|(_, before)| important || !before) {
            *slot = Some((value, important));
        }
    }

    /// Overrides these declarations with `stronger`, unless they are important.
    pub(crate) fn overlaid(mut self, stronger: Self) -> Self {
        for (slot, value) in self.values.iter_mut().zip(stronger.values) {
            if let Some((value, important)) = value
                && slot.as_ref().is_none_or(|(_, before)| important || !before)
            {
                *slot = Some((value, important));
            }
        }
        self
    }

    fn get(&self, property: Property) -> Option<&str> {
        let value = self.values[property as usize].as_ref();
        value.map(|(value, _)| value.as_str())
    }

    /// Whether `display` is `none`; `None` if it is not declared.
    pub(crate) fn displays_none(&self) -> Option<bool> {
        self.get(Property::Display)
            .filter(|value| !matches!(*value, "unset" | "revert" | "revert-layer"))
            .map(|value| value == "none")
    }

    /// Whether `visibility` hides; `None` if it is not declared.
    pub(crate) fn is_invisible(&self) -> Option<bool> {
        match self.get(Property::Visibility)? {
            "hidden" | "collapse" => Some(true),
            "visible" | "initial" => Some(false),
            _ => None,
        }
    }

    /// Whether the font size is zero; `None` if it is not declared.
    pub(crate) fn has_no_font_size(&self) -> Option<bool> {
        let value = self.get(Property::FontSize)?;
        let is_relative = value.ends_with('%') || value.ends_with("em") && !value.ends_with("rem");
        match length(value) {
            Side::Pixels(0.0) => Some(true),
            // Relative sizes: zero stays zero.
            _ if is_relative => None,
            Side::Pixels(size) => Some(size < 1.0),
            Side::Own | Side::Other => Some(false),
        }
    }

    /// Whether it is fully transparent; animated elements are not meant to stay so.
    pub(crate) fn is_transparent(&self) -> bool {
        self.get(Property::Opacity)
            .is_some_and(|value| number(value.trim_end_matches('%')).is_some_and(|n| n <= 0.0))
            && self
                .get(Property::Motion)
                .is_none_or(|value| value == "none")
    }

    /// Whether it is clipped, shrunk to nothing or off the screen with its content.
    pub(crate) fn is_out_of_sight(&self) -> bool {
        self.get(Property::ContentVisibility) == Some("hidden")
            || self.is_off_screen()
            || self.is_cut_away()
            || self.is_shrunk()
    }

    fn is_off_screen(&self) -> bool {
        let far = |property| {
            self.get(property).is_some_and(|value| {
                value
                    .split_ascii_whitespace()
                    .any(|value| matches!(length(value), Side::Pixels(n) if n <= OFF_SCREEN))
            })
        };
        let placed = matches!(
            self.get(Property::Position),
            Some("absolute" | "fixed" | "relative")
        );
        placed && (far(Property::Left) || far(Property::Right) || far(Property::Top))
            || far(Property::TextIndent)
            || far(Property::MarginLeft)
            || far(Property::MarginTop)
            || self.get(Property::Transform).is_some_and(|value| {
                arguments(value, "translate")
                    .or_else(|| arguments(value, "translatex"))
                    .or_else(|| arguments(value, "translatey"))
                    .is_some_and(|sides| {
                        sides
                            .iter()
                            .any(|side| matches!(length(side), Side::Pixels(n) if n <= OFF_SCREEN))
                    })
            })
    }

    fn is_cut_away(&self) -> bool {
        let lifted = matches!(self.get(Property::Position), Some("absolute" | "fixed"));
        let clipped = || {
            let sides = arguments(self.get(Property::Clip)?, "rect")?;
            let sides: Vec<f64> = sides
                .iter()
                .filter_map(|side| match length(side) {
                    Side::Pixels(n) => Some(n),
                    _ => None,
                })
                .collect();
            let [top, right, bottom, left] = sides[..] else {
                return None;
            };
            Some(bottom - top <= 1.0 || right - left <= 1.0)
        };
        let path = self.get(Property::ClipPath).unwrap_or_default();
        let inset = arguments(path, "inset").is_some_and(|sides| {
            sides.len() == 1
                && sides[0]
                    .strip_suffix('%')
                    .and_then(number)
                    .is_some_and(|part| part >= 50.0)
        });
        let circle = arguments(path, "circle").is_some_and(|sides| {
            sides
                .first()
                .is_some_and(|radius| length(radius) == Side::Pixels(0.0))
        });
        lifted && clipped() == Some(true) || inset || circle
    }

    fn is_shrunk(&self) -> bool {
        let transform = self.get(Property::Transform).unwrap_or_default();
        if arguments(transform, "scale").is_some_and(|sides| {
            !sides.is_empty() && sides.iter().all(|side| number(side) == Some(0.0))
        }) {
            return true;
        }
        // Overflow of a box without height is visible, unless it is clipped. A box with its height
        // from padding keeps the proportions of a player.
        let cuts = matches!(self.get(Property::Overflow), Some("hidden" | "clip"));
        let padded = [Property::PaddingTop, Property::PaddingBottom]
            .into_iter()
            .filter_map(|property| self.get(property))
            .flat_map(str::split_ascii_whitespace)
            .any(|side| length(side) != Side::Pixels(0.0));
        let at_most = |property: Property, most: f64| {
            self.get(property)
                .is_some_and(|value| matches!(length(value), Side::Pixels(n) if n <= most))
        };
        let grows = |least| {
            self.get(least)
                .is_some_and(|value| !matches!(length(value), Side::Pixels(0.0) | Side::Own))
        };
        let lower = |most| {
            (at_most(Property::Height, most) || at_most(Property::MaxHeight, most))
                && !grows(Property::MinHeight)
        };
        let thinner = |most| {
            (at_most(Property::Width, most) || at_most(Property::MaxWidth, most))
                && !grows(Property::MinWidth)
        };
        cuts && !padded && (lower(0.0) || thinner(0.0) || lower(1.0) && thinner(1.0))
    }

    /// Declared width and height of a picture.
    pub(crate) fn sides(&self) -> (Option<Side>, Option<Side>) {
        let side = |own: Property, most: Property, least: Property| {
            let declared = |property| self.get(property).map(length);
            // The minimum overrides the maximum (CSS Sizing 3, § 5.2).
            match (declared(least), declared(most)) {
                (Some(Side::Other), _) => Some(Side::Other),
                (Some(Side::Pixels(least)), _) if least > SPECK => Some(Side::Pixels(least)),
                (_, Some(Side::Pixels(most))) if most <= SPECK => Some(Side::Pixels(most)),
                _ => declared(own),
            }
        };
        (
            side(Property::Width, Property::MaxWidth, Property::MinWidth),
            side(Property::Height, Property::MaxHeight, Property::MinHeight),
        )
    }
}

/// Whether a value is valid for the property: browsers ignore others (CSS Syntax 3, § 9).
fn is_valid(property: Property, value: &str) -> bool {
    let wide = matches!(
        value,
        "inherit" | "initial" | "unset" | "revert" | "revert-layer"
    );
    if wide {
        return true;
    }
    match property {
        Property::Display => {
            !value.is_empty()
                && value.split_ascii_whitespace().all(|word| {
                    matches!(
                        word,
                        "none"
                            | "block"
                            | "inline"
                            | "inline-block"
                            | "flex"
                            | "inline-flex"
                            | "grid"
                            | "inline-grid"
                            | "flow-root"
                            | "flow"
                            | "contents"
                            | "list-item"
                            | "run-in"
                            | "ruby"
                            | "-webkit-box"
                            | "-webkit-flex"
                            | "-ms-flexbox"
                            | "math"
                    ) || word.starts_with("table")
                        || word.starts_with("inline-table")
                })
        }
        Property::Visibility => matches!(value, "visible" | "hidden" | "collapse"),
        Property::ContentVisibility => matches!(value, "visible" | "hidden" | "auto"),
        Property::Opacity => number(value.trim_end_matches('%')).is_some(),
        Property::Position => matches!(
            value,
            "static" | "relative" | "absolute" | "fixed" | "sticky" | "-webkit-sticky"
        ),
        Property::FontSize
        | Property::Width
        | Property::Height
        | Property::Left
        | Property::Right
        | Property::Top
        | Property::TextIndent => is_length(value),
        _ => !value.is_empty(),
    }
}

fn is_length(value: &str) -> bool {
    number(value).is_none_or(|n| n == 0.0)
        && !value.is_empty()
        && value.starts_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '+' | '.'))
}

fn number(text: &str) -> Option<f64> {
    text.trim().parse().ok().filter(|n: &f64| n.is_finite())
}

/// A length in CSS pixels.
fn length(value: &str) -> Side {
    let value = value.trim();
    if matches!(
        value,
        "auto"
            | "initial"
            | "unset"
            | "revert"
            | "none"
            | "max-content"
            | "min-content"
            | "fit-content"
    ) {
        return Side::Own;
    }
    let end = value
        .find(|c: char| !matches!(c, '0'..='9' | '.' | '-' | '+'))
        .unwrap_or(value.len());
    let Some(n) = number(&value[..end]) else {
        return Side::Other;
    };
    if n == 0.0 {
        return Side::Pixels(0.0);
    }
    match &value[end..] {
        "px" | "" => Side::Pixels(n),
        "pt" => Side::Pixels(n * 4.0 / 3.0),
        "em" | "rem" => Side::Pixels(n * 16.0),
        "ex" | "ch" => Side::Pixels(n * 8.0),
        "cm" => Side::Pixels(n * 37.8),
        "mm" => Side::Pixels(n * 3.78),
        "in" => Side::Pixels(n * 96.0),
        "vw" | "vh" | "%" if n <= -100.0 => Side::Pixels(OFF_SCREEN),
        _ => Side::Other,
    }
}

/// The arguments of a function.
fn arguments<'v>(value: &'v str, function: &str) -> Option<Vec<&'v str>> {
    let start = value
        .match_indices(function)
        .map(|(at, _)| at + function.len())
        .find(|end| value[*end..].starts_with('('))?;
    let inside = &value[start + 1..];
    let inside = &inside[..inside.find(')').unwrap_or(inside.len())];
    Some(
        inside
            .split(|c: char| c == ',' || c.is_ascii_whitespace())
            .filter(|part| !part.is_empty())
            .collect(),
    )
}

/// The size in the shorthand `font`.
fn size_of_font(value: &str) -> Option<String> {
    let size = value
        .split_ascii_whitespace()
        .find(|word| word.starts_with(|c: char| c.is_ascii_digit() || c == '.'))?;
    // A number without unit is a weight.
    let size = size.split('/').next()?;
    match number(size) {
        Some(weight) if weight >= 1.0 => None,
        _ => Some(size.to_owned()),
    }
}

/// Calls `found` with name and value of each declaration.
fn each_declaration(style: &str, mut found: impl FnMut(&str, &str)) {
    let bytes = style.as_bytes();
    let mut start = 0;
    let mut colon = None;
    let mut open = 0_usize;
    let mut at = 0;
    let mut has_comments = false;
    let mut end = |start: usize, colon: Option<usize>, end: usize, has_comments: bool| {
        if let Some(colon) = colon {
            let (name, value) = (&style[start..colon], &style[colon + 1..end]);
            if has_comments {
                found(without_comments(name).trim(), &without_comments(value));
            } else {
                found(name.trim(), value);
            }
        }
    };
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 1,
            b'"' | b'\'' => {
                let quote = bytes[at];
                at += 1;
                while at < bytes.len() && bytes[at] != quote && bytes[at] != b'\n' {
                    at += if bytes[at] == b'\\' { 2 } else { 1 };
                }
            }
            b'/' if bytes.get(at + 1) == Some(&b'*') => {
                has_comments = true;
                let rest = &bytes[at + 2..];
                at += 2 + memchr::memmem::find(rest, b"*/").map_or(rest.len(), |to| to + 1);
            }
            b'(' | b'[' | b'{' => open += 1,
            b')' | b']' | b'}' => open = open.saturating_sub(1),
            b':' if open == 0 && colon.is_none() => colon = Some(at),
            b';' if open == 0 => {
                end(start, colon, at, has_comments);
                (start, colon, has_comments) = (at + 1, None, false);
            }
            _ => {}
        }
        at += 1;
    }
    if start < bytes.len() {
        end(start, colon, bytes.len(), has_comments);
    }
}

fn without_comments(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("/*") {
        plain.push_str(&rest[..at]);
        plain.push(' ');
        rest = rest[at + 2..]
            .find("*/")
            .map_or("", |end| &rest[at + 2 + end + 2..]);
    }
    plain.push_str(rest);
    plain
}

/// Decodes escapes (CSS Syntax 3, § 4.3.7).
fn unescaped(text: &str) -> Cow<'_, str> {
    if !text.contains('\\') {
        return text.into();
    }
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        if c != '\\' {
            plain.push(c);
            continue;
        }
        let mut code = 0_u32;
        let mut digits = 0;
        while let Some(digit) = characters
            .peek()
            .and_then(|c| c.to_digit(16))
            .filter(|_| digits < 6)
        {
            code = code * 16 + digit;
            digits += 1;
            characters.next();
        }
        if digits == 0 {
            plain.extend(characters.next());
            continue;
        }
        if characters.peek().is_some_and(char::is_ascii_whitespace) {
            characters.next();
        }
        plain.push(char::from_u32(code).unwrap_or('\u{fffd}'));
    }
    plain.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hides(style: &str) -> bool {
        let style = Style::of(style);
        style.displays_none() == Some(true)
            || style.is_invisible() == Some(true)
            || style.is_transparent()
            || style.has_no_font_size() == Some(true)
            || style.is_out_of_sight()
    }

    #[test]
    fn hiding_styles_are_recognised() {
        for style in [
            "display:none",
            "DISPLAY : None ! Important;",
            "display:block;display:none",
            "display:none!important;display:block",
            "display:none;display:nonsense",
            "/* a */display/* b */:/* c */none/* d */",
            "disp\\6c ay:none",
            "color:url(a;b);display:none",
            "content:'a;b:c';display:none",
            "visibility:hidden",
            "visibility:collapse",
            "opacity:0",
            "opacity:0.0",
            "opacity: 0%",
            "font-size:0",
            "font-size:0px",
            "font:0/0 a",
            "position:absolute;left:-9999px",
            "position:fixed; top: -999em",
            "text-indent:-9999px",
            "margin-left:-10000px",
            "height:0;overflow:hidden",
            "max-height:0; overflow: hidden",
            "width:1px;height:1px;overflow:hidden;position:absolute",
            "position:absolute;clip:rect(0,0,0,0)",
            "position:absolute;clip:rect(1px 1px 1px 1px)",
            "clip-path:inset(50%)",
            "transform:scale(0)",
            "transform: translateX(-9999px)",
            "content-visibility:hidden",
        ] {
            assert!(hides(style), "{style}");
            assert!(may_hide(style), "it is worth parsing: {style}");
        }
    }

    #[test]
    fn similar_styles_hide_nothing() {
        for style in [
            "",
            "display",
            "display:",
            ":none",
            "backface-visibility:hidden",
            "--x:display:none",
            "--display:none",
            "--x-display:none;color:red",
            "background:url(a.png?display:none)",
            "background:url('x;display:none;y')",
            "content:';display:none;'",
            "color:red/*;display:none;*/",
            "grid:(;display:none;)",
            "display:none;display:block",
            "display:none;display:block!important",
            "display:block!important;display:none",
            "visibility:hidden;visibility:visible",
            "visibility:none",
            "overflow:hidden",
            "opacity:0.5",
            "opacity:.01",
            "opacity:none",
            "opacity:0;transition:opacity .3s",
            "font-size:0.8em",
            "font:700 14px serif",
            "left:-9999px",
            "text-indent:-2em",
            "height:0",
            "height:0;overflow:hidden;padding-bottom:56.25%",
            "max-height:0",
            "clip:rect(0,0,0,0)",
            "clip-path:inset(5%)",
            "transform:scale(1)",
            "transform:translateX(-50%)",
            "content-visibility:auto",
            "width:0",
            "width:0;min-width:100%;overflow:hidden",
            "list-style:none",
            "border:none;outline:none",
            "pointer-events:none",
        ] {
            assert!(!hides(style), "{style}");
        }
    }

    #[test]
    fn most_styles_are_passed_over() {
        for style in [
            "width:300px;height:200px",
            "margin:0 auto;color:#000",
            "font-family:serif;font-size:14px;line-height:1.5",
            "text-align:center;float:left;padding-top:10px",
        ] {
            assert!(!may_hide(style), "{style}");
        }
    }

    #[test]
    fn sides_are_what_the_cascade_leaves() {
        for (style, width, height) in [
            (
                "width:1px;height:2px",
                Some(Side::Pixels(1.0)),
                Some(Side::Pixels(2.0)),
            ),
            ("width:600px;width:1px", Some(Side::Pixels(1.0)), None),
            (
                "width:1px!important;width:600px",
                Some(Side::Pixels(1.0)),
                None,
            ),
            ("max-width:100%;height:auto", None, Some(Side::Own)),
            ("max-width:0", Some(Side::Pixels(0.0)), None),
            ("width:100%", Some(Side::Other), None),
            ("width:0;min-width:100%", Some(Side::Other), None),
            (
                "width:0;min-width:300px;height:0;min-height:0",
                Some(Side::Pixels(300.0)),
                Some(Side::Pixels(0.0)),
            ),
            (
                "width:0%;height:0em",
                Some(Side::Pixels(0.0)),
                Some(Side::Pixels(0.0)),
            ),
        ] {
            assert_eq!(Style::of(style).sides(), (width, height), "{style}");
        }
    }
}
