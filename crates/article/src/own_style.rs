//! The reader's own style sheet: any CSS in, CSS out that changes how article text looks and nothing
//! else.
//!
//! The sheet is parsed and written again from its tokens. Only known properties, functions and
//! `@media` remain, so nothing is fetched, positioned or animated, and every selector is put below
//! [`SCOPE`], so nothing outside an article's text matches. What was left out is reported by line.
use cssparser::{
    AtRuleParser, BasicParseErrorKind, CowRcStr, DeclarationParser, ParseError, ParseErrorKind,
    Parser, ParserInput, ParserState, QualifiedRuleParser, RuleBodyItemParser, RuleBodyParser,
    StyleSheetParser, ToCss, Token,
};
use serde::Serialize;
use specta::Type;

/// What every selector is put below: the class of an article's text, repeated to outrank the
/// window's own rules.
pub const SCOPE: &str = ".own-style.own-style.own-style";

/// Maximum size of a style sheet, in bytes.
pub const LONGEST_STYLE: usize = 64 << 10;

/// How deep functions, brackets and `@media` may be nested.
const DEEPEST: usize = 16;

/// Maximum number of reported omissions.
const MOST_REPORTED: usize = 50;

/// Maximum length of a reported name, in characters.
const LONGEST_NAME: usize = 60;

/// Why a part of a style sheet was left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum StyleIssueKind {
    /// A rule such as `@import` or `@font-face`.
    AtRule,
    /// A selector that could match outside the article's text.
    Selector,
    /// A property that could move text over the window, animate or load something.
    Property,
    /// A value that could load something or is not allowed for the property.
    Value,
    /// It is not CSS.
    Syntax,
}

/// A part of a style sheet that was left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct StyleIssue {
    /// Line in the file, from 1.
    pub line: u32,
    /// Why.
    pub kind: StyleIssueKind,
    /// What: the name of the rule, property or function.
    pub what: String,
}

/// A style sheet that is safe to use.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OwnStyle {
    /// The sheet.
    pub css: String,
    /// What was left out, in the order of the file.
    pub left_out: Vec<StyleIssue>,
    /// How much more was left out than is listed.
    pub more: u32,
}

/// Why something is refused; the text names it.
type Refusal = (StyleIssueKind, String);

type Failed<'i> = ParseError<'i, Refusal>;

/// Makes a style sheet safe. One that is longer than [`LONGEST_STYLE`] is cut there.
#[must_use]
pub fn own_style(css: &str) -> OwnStyle {
    let css = &css[..css.floor_char_boundary(LONGEST_STYLE)];
    let mut input = ParserInput::new(css);
    let mut parser = Parser::new(&mut input);
    let mut report = Report::default();
    let css = rules(&mut parser, &mut report, 0);
    OwnStyle {
        css,
        left_out: report.left_out,
        more: report.more,
    }
}

#[derive(Debug, Default)]
struct Report {
    left_out: Vec<StyleIssue>,
    more: u32,
}

impl Report {
    fn add(&mut self, line: u32, kind: StyleIssueKind, what: &str) {
        if self.left_out.len() >= MOST_REPORTED {
            self.more += 1;
            return;
        }
        let what = what.split_whitespace().collect::<Vec<_>>().join(" ");
        self.left_out.push(StyleIssue {
            line,
            kind,
            what: what.chars().take(LONGEST_NAME).collect(),
        });
    }

    fn error(&mut self, error: &Failed<'_>, text: &str) {
        let line = error.location.line + 1;
        match &error.kind {
            ParseErrorKind::Custom((kind, what)) => self.add(line, *kind, what),
            ParseErrorKind::Basic(BasicParseErrorKind::AtRuleInvalid(name)) => {
                self.add(line, StyleIssueKind::AtRule, &format!("@{name}"));
            }
            ParseErrorKind::Basic(_) => self.add(line, StyleIssueKind::Syntax, text),
        }
    }
}

fn rules(parser: &mut Parser<'_, '_>, report: &mut Report, depth: usize) -> String {
    let mut css = String::new();
    let mut errors = Vec::new();
    let mut sheet = Sheet { report, depth };
    for rule in StyleSheetParser::new(parser, &mut sheet) {
        match rule {
            Ok(rule) => css.push_str(&rule),
            Err((error, text)) => errors.push((error, text)),
        }
    }
    for (error, text) in errors {
        report.error(&error, text);
    }
    report.left_out.sort_by_key(|issue| issue.line);
    css
}

struct Sheet<'r> {
    report: &'r mut Report,
    depth: usize,
}

impl<'i> AtRuleParser<'i> for Sheet<'_> {
    type Prelude = String;
    type AtRule = String;
    type Error = Refusal;

    fn parse_prelude<'t>(
        &mut self,
        name: CowRcStr<'i>,
        input: &mut Parser<'i, 't>,
    ) -> Result<String, Failed<'i>> {
        if !name.eq_ignore_ascii_case("media") || self.depth >= DEEPEST {
            let refusal = (StyleIssueKind::AtRule, format!("@{name}"));
            return Err(input.new_custom_error(refusal));
        }
        // Media types, `and`, `not` and commas; features stand in parentheses (Media Queries 4, 3).
        tokens(input, 0, &mut |token, depth| {
            depth > 0
                || matches!(
                    token,
                    Token::Ident(_)
                        | Token::WhiteSpace(_)
                        | Token::Comment(_)
                        | Token::Comma
                        | Token::ParenthesisBlock
                )
        })
    }

    fn parse_block<'t>(
        &mut self,
        query: String,
        _start: &ParserState,
        input: &mut Parser<'i, 't>,
    ) -> Result<String, Failed<'i>> {
        let inside = rules(input, self.report, self.depth + 1);
        if inside.is_empty() {
            return Ok(inside);
        }
        Ok(format!("@media {}{{{inside}}}", query.trim()))
    }
}

impl<'i> QualifiedRuleParser<'i> for Sheet<'_> {
    type Prelude = Vec<String>;
    type QualifiedRule = String;
    type Error = Refusal;

    fn parse_prelude<'t>(&mut self, input: &mut Parser<'i, 't>) -> Result<Vec<String>, Failed<'i>> {
        input.parse_comma_separated(|input| selector(input))
    }

    fn parse_block<'t>(
        &mut self,
        selectors: Vec<String>,
        _start: &ParserState,
        input: &mut Parser<'i, 't>,
    ) -> Result<String, Failed<'i>> {
        let mut declarations = String::new();
        let mut errors = Vec::new();
        for declaration in RuleBodyParser::new(input, &mut Declarations) {
            match declaration {
                Ok(declaration) => declarations.push_str(&declaration),
                Err((error, text)) => errors.push((error, text)),
            }
        }
        for (error, text) in errors {
            self.report.error(&error, text);
        }
        if declarations.is_empty() {
            return Ok(String::new());
        }
        Ok(format!("{}{{{declarations}}}\n", selectors.join(",")))
    }
}

struct Declarations;

impl<'i> DeclarationParser<'i> for Declarations {
    type Declaration = String;
    type Error = Refusal;

    fn parse_value<'t>(
        &mut self,
        name: CowRcStr<'i>,
        input: &mut Parser<'i, 't>,
        start: &ParserState,
    ) -> Result<String, Failed<'i>> {
        let property = name.to_ascii_lowercase();
        if !property.starts_with("--") && !PROPERTIES.lines().any(|known| known == property) {
            let refusal = (StyleIssueKind::Property, property);
            return Err(start.source_location().new_custom_error(refusal));
        }
        let is_margin = property.starts_with("margin");
        let is_display = property == "display";
        let mut unfit = |token: &Token<'_>, depth: usize| match token {
            Token::Number { value, .. } | Token::Dimension { value, .. } => {
                !(is_margin && *value < 0.0)
            }
            Token::Percentage { unit_value, .. } => !(is_margin && *unit_value < 0.0),
            Token::Ident(word) if is_display && depth == 0 => {
                let word = word.to_ascii_lowercase();
                DISPLAYS.contains(&word.as_str())
            }
            _ => true,
        };
        let value = tokens(input, 0, &mut unfit)?;
        let mut written = String::new();
        // Writing to a string does not fail.
        let _ = cssparser::serialize_identifier(
            if property.starts_with("--") {
                &name
            } else {
                &property
            },
            &mut written,
        );
        Ok(format!("{written}:{};", value.trim()))
    }
}

impl AtRuleParser<'_> for Declarations {
    type Prelude = ();
    type AtRule = String;
    type Error = Refusal;
}

impl QualifiedRuleParser<'_> for Declarations {
    type Prelude = ();
    type QualifiedRule = String;
    type Error = Refusal;
}

impl RuleBodyItemParser<'_, String, Refusal> for Declarations {
    fn parse_declarations(&self) -> bool {
        true
    }

    fn parse_qualified(&self) -> bool {
        false
    }
}

/// A selector below [`SCOPE`]. `html`, `body`, `:root` and `article` at its beginning are the
/// article's text itself.
fn selector<'i>(input: &mut Parser<'i, '_>) -> Result<String, Failed<'i>> {
    let refused = |input: &Parser<'i, '_>, what: &str| {
        input.new_custom_error((StyleIssueKind::Selector, what.to_owned()))
    };
    input.skip_whitespace();
    let start = input.state();
    let is_root = match input.next_including_whitespace()?.clone() {
        Token::Ident(name) => {
            let name = name.to_ascii_lowercase();
            ["html", "body", "article"].contains(&name.as_str())
        }
        Token::Colon => input
            .try_parse(|input| input.expect_ident_matching("root"))
            .is_ok(),
        // A sibling of the text would be outside it.
        Token::Delim(sign @ ('+' | '~')) => return Err(refused(input, &sign.to_string())),
        _ => false,
    };
    let mut css = SCOPE.to_owned();
    if is_root {
        if input.is_exhausted() {
            return Ok(css);
        }
        // Only what is inside the text may follow.
        let spaced = input
            .try_parse(|input| input.expect_whitespace().map(|_| ()))
            .is_ok();
        let next = input.state();
        let token = input.next()?.clone();
        input.reset(&next);
        let is_inside = match token {
            Token::Delim('>') => true,
            Token::Delim('+' | '~' | '|' | '&') => false,
            _ => spaced,
        };
        if !is_inside {
            return Err(refused(input, "body, html"));
        }
    } else {
        input.reset(&start);
    }
    css.push(' ');
    let mut colons = 0;
    let rest = tokens(input, 0, &mut |token, _| {
        let fits = match token {
            Token::Delim('&') => false,
            Token::Ident(name) if colons == 2 => {
                let name = name.to_ascii_lowercase();
                PSEUDO_ELEMENTS.contains(&name.as_str())
            }
            Token::Function(_) if colons == 2 => false,
            _ => true,
        };
        colons = if *token == Token::Colon {
            colons + 1
        } else {
            0
        };
        fits
    })
    .map_err(|error| {
        let what = match error.kind {
            ParseErrorKind::Custom((_, what)) => what,
            ParseErrorKind::Basic(_) => String::new(),
        };
        error
            .location
            .new_custom_error((StyleIssueKind::Selector, what))
    })?;
    css.push_str(rest.trim());
    Ok(css)
}

/// Writes the tokens up to the end again, if all are harmless and `fits` agrees.
fn tokens<'i>(
    input: &mut Parser<'i, '_>,
    depth: usize,
    fits: &mut dyn FnMut(&Token<'_>, usize) -> bool,
) -> Result<String, Failed<'i>> {
    let mut css = String::new();
    loop {
        let location = input.current_source_location();
        let token = match input.next_including_whitespace_and_comments() {
            Ok(token) => token.clone(),
            Err(_) => return Ok(css),
        };
        let is_harmless = match &token {
            Token::Function(name) => {
                let name = name.to_ascii_lowercase();
                FUNCTIONS.contains(&name.as_str())
            }
            Token::UnquotedUrl(_)
            | Token::BadUrl(_)
            | Token::BadString(_)
            | Token::AtKeyword(_)
            | Token::CurlyBracketBlock
            | Token::Semicolon
            | Token::CDO
            | Token::CDC
            | Token::CloseParenthesis
            | Token::CloseSquareBracket
            | Token::CloseCurlyBracket => false,
            _ => true,
        };
        if !is_harmless || depth > DEEPEST || !fits(&token, depth) {
            let what = match &token {
                Token::Function(name) => format!("{name}()"),
                Token::UnquotedUrl(_) | Token::BadUrl(_) => "url()".to_owned(),
                other => other.to_css_string(),
            };
            return Err(location.new_custom_error((StyleIssueKind::Value, what)));
        }
        match &token {
            // A comment separates two tokens.
            Token::Comment(_) => css.push_str("/**/"),
            other => css.push_str(&other.to_css_string()),
        }
        let closes = match token {
            Token::Function(_) | Token::ParenthesisBlock => ')',
            Token::SquareBracketBlock => ']',
            _ => continue,
        };
        css.push_str(&input.parse_nested_block(|input| tokens(input, depth + 1, fits))?);
        css.push(closes);
    }
}

const PSEUDO_ELEMENTS: &[&str] = &[
    "before",
    "after",
    "first-line",
    "first-letter",
    "marker",
    "selection",
];

const DISPLAYS: &[&str] = &[
    "block",
    "inline",
    "inline-block",
    "flow-root",
    "none",
    "contents",
    "list-item",
    "flex",
    "inline-flex",
    "grid",
    "inline-grid",
    "table",
    "inline-table",
    "table-row",
    "table-cell",
    "table-row-group",
    "table-header-group",
    "table-footer-group",
    "table-caption",
    "ruby",
    "ruby-text",
    "initial",
    "inherit",
    "unset",
    "revert",
    "important",
];

/// Functions of values and selectors; none loads anything.
const FUNCTIONS: &[&str] = &[
    "rgb",
    "rgba",
    "hsl",
    "hsla",
    "hwb",
    "lab",
    "lch",
    "oklab",
    "oklch",
    "color",
    "color-mix",
    "light-dark",
    "calc",
    "min",
    "max",
    "clamp",
    "round",
    "mod",
    "rem",
    "abs",
    "sign",
    "var",
    "attr",
    "counter",
    "counters",
    "minmax",
    "repeat",
    "fit-content",
    "linear-gradient",
    "radial-gradient",
    "blur",
    "brightness",
    "contrast",
    "drop-shadow",
    "grayscale",
    "hue-rotate",
    "invert",
    "opacity",
    "saturate",
    "sepia", // selectors
    "not",
    "is",
    "where",
    "has",
    "lang",
    "dir",
    "nth-child",
    "nth-last-child",
    "nth-of-type",
    "nth-last-of-type",
];

/// Properties that change how text, lists, tables and pictures look, and their own boxes; one a line.
const PROPERTIES: &str = include_str!("../data/own_style_properties.txt");

#[cfg(test)]
mod tests {
    use super::*;
    use StyleIssueKind::*;

    fn issues(css: &str) -> Vec<(u32, StyleIssueKind, String)> {
        let issues = own_style(css).left_out.into_iter();
        issues.map(|one| (one.line, one.kind, one.what)).collect()
    }

    #[test]
    fn styles_of_text_remain() {
        for (css, expected) in [
            ("p { color: red }", "S p{color:red;}\n"),
            (
                "h2, .wide > td:nth-child(2n + 1)::before { content: \"»\"; font: italic 1.2em/1.4 \"Noto Serif\", serif }",
                "S h2,S .wide > td:nth-child(2n + 1)::before{content:\"»\";font:italic 1.2em/1.4 \"Noto Serif\", serif;}\n",
            ),
            (
                "body { Color: RED !important }",
                "S{color:RED !important;}\n",
            ),
            (
                ":root p, html > p, article a:not(.x) { margin: calc(1em + 2px) 0 }",
                "S p,S > p,S a:not(.x){margin:calc(1em + 2px) 0;}\n",
            ),
            (
                "@media (max-width: 600px) { p { --own-X: 3px; padding: var(--own-X) } }",
                "@media (max-width: 600px){S p{--own-X:3px;padding:var(--own-X);}\n}",
            ),
            (
                "blockquote{border-inline-start:3px solid color-mix(in srgb, red, blue)}",
                "S blockquote{border-inline-start:3px solid color-mix(in srgb, red, blue);}\n",
            ),
            ("", ""),
            ("/* only a comment */", ""),
        ] {
            let style = own_style(css);
            assert_eq!(
                style.css,
                expected.replace('S', SCOPE).replace(
                    "\"Noto .own-style.own-style.own-styleerif\"",
                    "\"Noto Serif\""
                ),
                "{css}"
            );
            assert_eq!(style.left_out, [], "{css}");
        }
    }

    #[test]
    fn what_could_load_or_cover_something_is_left_out_with_its_line() {
        for (css, expected) in [
            (
                "@import url(https://evil.example/a.css);",
                (1, AtRule, "@import"),
            ),
            (
                "@import 'https://evil.example/a.css' screen;",
                (1, AtRule, "@import"),
            ),
            (
                "\n@font-face { font-family: x; src: url(x) }",
                (2, AtRule, "@font-face"),
            ),
            (
                "@keyframes x { from { color: red } }",
                (1, AtRule, "@keyframes"),
            ),
            ("@layer a;", (1, AtRule, "@layer")),
            (
                "@media position:fixed { p { color: red } }",
                (1, Value, ":"),
            ),
            (
                "@media { p { position: fixed } }",
                (1, Property, "position"),
            ),
            ("@namespace url(x);", (1, AtRule, "@namespace")),
            (
                "p {\n background: url(https://evil.example/p.png) }",
                (2, Value, "url()"),
            ),
            (
                "p { background: url('https://evil.example/p.png') }",
                (1, Value, "url()"),
            ),
            (
                "p { background: \\75 rl(https://evil.example) }",
                (1, Value, "url()"),
            ),
            ("p { content: URL(x) }", (1, Value, "url()")),
            (
                "p { background: image-set('x.png' 1x) }",
                (1, Value, "image-set()"),
            ),
            (
                "p { background: -webkit-image-set('x' 1x) }",
                (1, Value, "-webkit-image-set()"),
            ),
            ("p { --x: url(https://evil.example) }", (1, Value, "url()")),
            (
                "p { background: linear-gradient(red, src('x')) }",
                (1, Value, "src()"),
            ),
            (
                "p { width: expression(alert(1)) }",
                (1, Value, "expression()"),
            ),
            ("p { behavior: url(x.htc) }", (1, Property, "behavior")),
            ("p { -moz-binding: none }", (1, Property, "-moz-binding")),
            (
                "p { background-image: none }",
                (1, Property, "background-image"),
            ),
            ("p { position: fixed }", (1, Property, "position")),
            ("p { z-index: 9 }", (1, Property, "z-index")),
            ("p { transform: scale(9) }", (1, Property, "transform")),
            ("p { animation: x 1s }", (1, Property, "animation")),
            (
                "p { pointer-events: none }",
                (1, Property, "pointer-events"),
            ),
            ("p { margin: 0 -900px }", (1, Value, "-900px")),
            ("p { margin-top: -90% }", (1, Value, "-90%")),
            ("p { display: -webkit-box }", (1, Value, "-webkit-box")),
            ("+ div { color: red }", (1, Selector, "+")),
            ("~ div { color: red }", (1, Selector, "~")),
            ("body + div { color: red }", (1, Selector, "body, html")),
            ("html ~ * { color: red }", (1, Selector, "body, html")),
            ("body.x { color: red }", (1, Selector, "body, html")),
            ("& + div { color: red }", (1, Selector, "&")),
            ("p::part(x) { color: red }", (1, Selector, "part()")),
            (
                "p::highlight(x) { color: red }",
                (1, Selector, "highlight()"),
            ),
            (
                "p::-webkit-scrollbar { color: red }",
                (1, Selector, "-webkit-scrollbar"),
            ),
        ] {
            let style = own_style(css);
            assert_eq!(style.css, "", "{css}");
            let (line, kind, what) = expected;
            assert_eq!(issues(css), [(line, kind, what.to_owned())], "{css}");
        }
    }

    #[test]
    fn the_rest_of_a_sheet_survives_a_bad_part() {
        let css = "p { color: red; position: absolute; font-size: 2em }\n\
                   }} garbage {{ }}\n\
                   @media screen { @import 'x'; a { color: blue; width: url(x) } }\n\
                   em { color: green";
        let style = own_style(css);
        assert!(
            style.css.contains("color:red;font-size:2em;"),
            "{}",
            style.css
        );
        assert!(style.css.contains("color:blue;"), "{}", style.css);
        let kinds: Vec<StyleIssueKind> = style.left_out.iter().map(|one| one.kind).collect();
        assert!(kinds.contains(&Property) && kinds.contains(&AtRule) && kinds.contains(&Value));
        let many = "p { position: fixed }\n".repeat(1_000);
        let style = own_style(&many);
        assert_eq!((style.left_out.len(), style.more), (50, 950));
    }

    #[test]
    fn deep_and_long_input_ends() {
        for part in [
            "(",
            "[",
            "{",
            "a(",
            "@media x{",
            "p{width:calc(",
            "<!--",
            "\"",
            "/*",
        ] {
            let _ = own_style(&part.repeat(20_000));
        }
        assert!(own_style(&"p{color:red}".repeat(100_000)).css.len() < 10 * LONGEST_STYLE);
    }

    /// A token of a written sheet that could load something, or that begins an unknown declaration.
    fn unfit(parser: &mut Parser<'_, '_>, is_body: bool) -> Option<String> {
        let mut begins = is_body;
        while let Ok(token) = parser.next().cloned() {
            let fits = match &token {
                Token::AtKeyword(name) => &**name == "media",
                Token::UnquotedUrl(_) | Token::BadUrl(_) => false,
                Token::Function(name) => FUNCTIONS.contains(&&*name.to_ascii_lowercase()),
                Token::Ident(name) if begins => {
                    name.starts_with("--") || PROPERTIES.lines().any(|known| known == &**name)
                }
                _ => true,
            };
            if !fits {
                return Some(token.to_css_string());
            }
            let is_block = token == Token::CurlyBracketBlock;
            begins = is_body && (is_block || token == Token::Semicolon);
            let nests = [
                Token::ParenthesisBlock,
                Token::SquareBracketBlock,
                Token::CurlyBracketBlock,
            ];
            if nests.contains(&token) || matches!(token, Token::Function(_)) {
                let inner = parser
                    .parse_nested_block(|inner| Ok::<_, Failed<'_>>(unfit(inner, is_block)))
                    .expect("it does not fail");
                if inner.is_some() {
                    return inner;
                }
            }
        }
        None
    }

    proptest::proptest! {
        #[test]
        fn no_output_loads_anything_or_leaves_the_text(
            css in "(p|body|html|:root|[ +~>{};:,()]|url\\(|@import |@media |'x'|\\\\|/\\*|\\*/|--a|position:fixed|color:red|\\}){0,40}"
        ) {
            let style = own_style(&css).css;
            let mut input = ParserInput::new(&style);
            let found = unfit(&mut Parser::new(&mut input), false);
            proptest::prop_assert!(found.is_none(), "{found:?} in {style}");
            // Read again, it is the same rules, each below the scope.
            let again = own_style(&style.replace(SCOPE, "body"));
            proptest::prop_assert_eq!(again.css, style.as_str());
        }
    }
}
