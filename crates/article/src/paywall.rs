//! Recognises the visible beginning of a paywalled article.

use crate::class_hints::Hints;
use crate::outline::Outline;
use crate::phrases::is_barrier;

/// Maximum number of words of such a beginning.
const BEGINNING: u32 = 350;
/// Maximum number of words of one without a visible paywall, if the metadata call the article paid.
const SHORT: u32 = 150;
/// Maximum length of the text of a paywall, in bytes.
const LONGEST: usize = 1200;

/// Whether an article with this number of words is only the beginning. `paid`: the metadata call it
/// paid.
pub(crate) fn is_stub(
    outline: &Outline<'_>,
    words: u32,
    paid: bool,
    declared: Option<&str>,
) -> bool {
    if words > BEGINNING {
        return false;
    }
    // The metadata may contain more text than the page shows.
    let declares_more = declared
        .is_some_and(|text| text.split_whitespace().count() as u32 > words + words / 2 + 50);
    paid && (words < SHORT || declares_more) || has_barrier(outline, paid)
}

/// Whether the page shows a paywall.
fn has_barrier(outline: &Outline<'_>, paid: bool) -> bool {
    let parts = &outline.parts;
    (0..parts.len()).any(|at| {
        let own = outline.own[at];
        let called = parts[at].hints.has(Hints::BARRIER);
        if !called && (own.letters < 12 || own.letters > 300 || own.linked == own.letters && !paid)
        {
            return false;
        }
        let Some(text) = outline
            .short_text(at, LONGEST)
            .filter(|text| !text.is_empty())
        else {
            return false;
        };
        let low = text.to_lowercase();
        is_barrier(&low) || called && paid
    })
}
