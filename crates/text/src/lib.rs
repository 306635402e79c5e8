//! Text functions shared by the other crates: character references, white space, folding, HTML to
//! text, month names, the direction of scripts, sentences, quotation marks, OPML, and text without characters
//! that a terminal, a file system or a notification server would act on. Pure; depends on no other
//! crate of the project.

mod assignment;
mod entities;
mod file_name;
mod folding;
mod html;
mod months;
mod opml;
mod quotes;
mod safe;
mod scripts;
mod sentences;
mod whitespace;

pub use assignment::assigned_value;
pub use entities::{escape, escape_html, escape_into, unescape, unescape_into};
pub use file_name::file_name;
pub use folding::{base_letter, folded, folded_words, letters_only, same_words, unaccented};
pub use html::{HtmlPart, HtmlTag, html_line, html_lines, html_parts};
pub use months::{month, persian_month, two_word_month, vietnamese_month, weekday};
pub use opml::{OpmlFeed, OpmlPage, OpmlXpath, write_opml};
pub use quotes::{balanced, unclosed};
pub use safe::{is_unsafe, json_safe, notification, plain, plain_line};
pub use scripts::{is_right_to_left, is_unspaced};
pub use sentences::{is_complete, sentence_ends, sentences};
pub use whitespace::{collapse_whitespace, single_line};
