//! Finds what could run, load or clash in HTML. It uses its own tokenizer and does not know the
//! sanitizer's list.

use std::cell::RefCell;

use html5ever::buffer_queue::BufferQueue;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{
    Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

const NEVER: [&str; 34] = [
    "script",
    "iframe",
    "frame",
    "frameset",
    "object",
    "embed",
    "applet",
    "form",
    "input",
    "button",
    "textarea",
    "select",
    "base",
    "meta",
    "link",
    "style",
    "svg",
    "math",
    "template",
    "noscript",
    "noembed",
    "noframes",
    "xmp",
    "plaintext",
    "title",
    "html",
    "head",
    "body",
    "video",
    "audio",
    "source",
    "portal",
    "dialog",
    "marquee",
];
const ADDRESSES: [&str; 12] = [
    "href",
    "src",
    "action",
    "formaction",
    "data",
    "poster",
    "background",
    "cite",
    "longdesc",
    "xlink:href",
    "srcset",
    "ping",
];
const NEVER_ATTRIBUTES: [&str; 6] = ["style", "srcdoc", "id", "class", "target", "name"];

#[derive(Default)]
struct Findings(RefCell<Vec<String>>);

impl TokenSink for Findings {
    type Handle = ();

    fn process_token(&self, token: Token, _: u64) -> TokenSinkResult<()> {
        match token {
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => self.look_at(&tag),
            Token::CommentToken(_) | Token::DoctypeToken(_) => {
                self.0.borrow_mut().push("a comment or doctype".into());
            }
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

impl Findings {
    fn look_at(&self, tag: &Tag) {
        let mut found = self.0.borrow_mut();
        let name = tag.name.to_ascii_lowercase();
        if NEVER.contains(&&*name) {
            found.push(format!("<{name}>"));
        }
        for attribute in &tag.attrs {
            let name = attribute.name.local.to_ascii_lowercase();
            if name.starts_with("on") || NEVER_ATTRIBUTES.contains(&&*name) {
                found.push(name.to_string());
            }
            if ADDRESSES.contains(&&*name) && !is_plain_address(&attribute.value, &tag.name) {
                found.push(format!("{name}={}", attribute.value));
            }
        }
    }
}

/// Absolute, and of a scheme that neither runs nor reads files.
fn is_plain_address(address: &str, element: &str) -> bool {
    let bare: String = address
        .chars()
        .filter(|c| *c > ' ')
        .collect::<String>()
        .to_lowercase();
    let web = bare.starts_with("http://") || bare.starts_with("https://");
    web || (element == "a" && (bare.starts_with("mailto:") || bare.starts_with("tel:")))
}

/// What is wrong with `html`, in words.
pub(crate) fn dangers(html: &str) -> Vec<String> {
    let tokenizer = Tokenizer::new(Findings::default(), TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(html));
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    tokenizer.sink.0.into_inner()
}

#[test]
fn the_checker_sees_what_it_looks_for() {
    for html in [
        "<script>x</script>",
        "<p onclick=x>",
        "<a href='java\nscript:x'>",
        "<img src=data:x>",
        "<img src=/relative>",
        "<p style=x>",
        "<svg>",
        "<!-- x -->",
        "<p id=x>",
    ] {
        assert!(!dangers(html).is_empty(), "{html}");
    }
    assert!(dangers("<p><a href=\"https://e.org/\">x</a> &lt;script&gt;</p>").is_empty());
}
