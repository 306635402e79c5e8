//! Beginnings of articles whose rest is for those who pay.

use crate::class_hints::Hints;
use crate::outline::Outline;
use crate::phrases::is_barrier;

/// A beginning has no more words.
const BEGINNING: u32 = 350;
/// One that the page itself calls paid for has no more words even without a visible barrier.
const SHORT: u32 = 150;
/// A barrier says little, in bytes.
const LONGEST: usize = 1200;

/// Whether an article of so many words is only a beginning. `paid`: the page says that it is not
/// free.
pub(crate) fn is_stub(
    outline: &Outline<'_>,
    words: u32,
    paid: bool,
    declared: Option<&str>,
) -> bool {
    if words > BEGINNING {
        return false;
    }
    // The metadata may give away more than the page shows; then it is no beginning for lack of pay.
    let declares_more = declared
        .is_some_and(|text| text.split_whitespace().count() as u32 > words + words / 2 + 50);
    paid && (words < SHORT || declares_more) || has_barrier(outline, paid)
}

/// Whether something on the page says that the rest costs.
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
