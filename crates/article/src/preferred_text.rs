//! Chooses between the feed's text and the page's: whether the page should be fetched, and which of
//! the two is shown.

use std::collections::HashSet;

use warta_text::is_unspaced;

use crate::model::{NormalizedEntry, Page};

/// A feed's text with fewer words is a teaser.
const TEASER: u32 = 120;
/// Maximum number of words of a text that ends within a sentence to be fetched in full.
const BROKEN_OFF: u32 = 300;
/// Maximum number of words of a text that announces its continuation to be fetched in full.
const SAYS_SO: u32 = 1500;
/// Number of words of the feed's text that are searched in the page's.
const SAMPLE: usize = 200;

/// Which text of an article is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum PreferredText {
    /// The feed's own.
    Feed,
    /// The text of the linked page.
    Page,
}

/// Whether a feed's text is short or truncated, so that the page should be fetched.
#[must_use]
pub fn wants_full_text(feed: &NormalizedEntry) -> bool {
    let text = feed.text.trim_end();
    feed.word_count < TEASER
        || feed.word_count < SAYS_SO && goes_on_elsewhere(text)
        || feed.word_count < BROKEN_OFF && !ends_a_sentence(text)
}

/// The better of an article's two texts: the page's if it is longer and of the same article.
#[must_use]
pub fn preferred_text(feed: &NormalizedEntry, page: &Page) -> PreferredText {
    let enough = if goes_on_elsewhere(feed.text.trim_end()) {
        feed.word_count
    } else {
        feed.word_count + feed.word_count / 5
    };
    let longer = page.word_count > enough;
    if longer && is_of_the_same(feed, page) {
        PreferredText::Page
    } else {
        PreferredText::Feed
    }
}

/// Whether the page's text shares the words of the feed's text, unlike a consent or sign-in page.
fn is_of_the_same(feed: &NormalizedEntry, page: &Page) -> bool {
    let words = |text: &str| -> HashSet<String> {
        text.split(|c: char| !c.is_alphanumeric())
            .filter(|word| word.chars().count() > 3 || word.chars().any(is_unspaced))
            .map(str::to_lowercase)
            .collect()
    };
    let sample: String = feed
        .text
        .split_inclusive(char::is_whitespace)
        .take(SAMPLE)
        .collect();
    let wanted = words(&sample);
    let few = wanted.len() < 5;
    let had = words(&page.text);
    // In scripts without spaces whole phrases seldom recur.
    let dense = feed
        .text
        .chars()
        .take(100)
        .filter(|c| is_unspaced(*c))
        .count()
        > 30;
    few || dense || wanted.intersection(&had).count() * 5 >= wanted.len()
}

/// `…`, `[...]`, "Continue reading", "Baca selengkapnya".
fn goes_on_elsewhere(text: &str) -> bool {
    let end: String = text.chars().rev().take(60).collect();
    let end: String = end.chars().rev().collect::<String>().to_lowercase();
    let end = end.trim_end_matches(|c: char| {
        c.is_whitespace() || matches!(c, '»' | '›' | '→' | ']' | ')' | '>')
    });
    let says = [
        "…",
        "...",
        "read more",
        "continue reading",
        "read the full story",
        "read full article",
        "keep reading",
        "full story",
        "baca selengkapnya",
        "selengkapnya",
        "lanjutkan membaca",
        "baca lebih lanjut",
        "weiterlesen",
        "lire la suite",
        "seguir leyendo",
        "leer más",
        "continua a leggere",
        "lees verder",
    ];
    says.iter().any(|says| end.ends_with(says))
}

fn ends_a_sentence(text: &str) -> bool {
    let last = text
        .chars()
        .rev()
        .find(|c| !matches!(c, '"' | '”' | '“' | '’' | '\'' | ')' | ']' | '»'));
    last.is_some_and(|c| {
        matches!(
            c,
            '.' | '!' | '?' | '。' | '！' | '？' | '؟' | '।' | ':' | ';' | '*'
        )
    })
}
