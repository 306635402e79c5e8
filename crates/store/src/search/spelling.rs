//! Whether one word is another with typing mistakes.

/// Whether `word`, or a prefix of it if `open`, is at most `mistakes` edits away from `near`:
/// insertions, deletions, replacements and swaps.
pub(crate) fn is_near(near: &str, word: &str, mistakes: u8, open: bool) -> bool {
    let near: Vec<char> = near.chars().collect();
    let word: Vec<char> = word
        .chars()
        .take(near.len() + usize::from(mistakes) + 1)
        .collect();
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=near.len()).collect();
    let mut best = row[near.len()];
    for (at, letter) in word.iter().enumerate() {
        let mut next = vec![at + 1];
        for (other, expected) in near.iter().enumerate() {
            let mut cost = (row[other] + usize::from(letter != expected))
                .min(row[other + 1] + 1)
                .min(next[other] + 1);
            if at > 0 && other > 0 && *letter == near[other - 1] && word[at - 1] == *expected {
                cost = cost.min(before[other - 1] + 1);
            }
            next.push(cost);
        }
        before = std::mem::replace(&mut row, next);
        best = best.min(row[near.len()]);
    }
    let distance = if open { best } else { row[near.len()] };
    distance <= usize::from(mistakes)
}

/// The candidate that was probably meant, if one is near enough: the fewer letters, the fewer
/// mistakes.
pub(crate) fn nearest<'c>(
    typed: &str,
    candidates: &(impl Iterator<Item = &'c str> + Clone),
) -> Option<&'c str> {
    let most = match typed.chars().count() {
        0..=2 => return None,
        3..=4 => 1,
        _ => 2,
    };
    (1..=most).find_map(|mistakes| {
        let mut all = candidates.clone();
        all.find(|one| one.chars().count() > 2 && is_near(typed, one, mistakes, false))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn misspelt_words_are_near() {
        for (near, word, mistakes, open, expected) in [
            ("banjri", "banjir", 1, false, true),
            ("bajir", "banjir", 1, false, true),
            ("banjjir", "banjir", 1, false, true),
            ("panjir", "banjir", 1, false, true),
            ("panjri", "banjir", 1, false, false),
            ("pemerintha", "pemerintahannya", 2, false, false),
            ("pemerintha", "pemerintahannya", 2, true, true),
            ("kota", "koran", 1, false, false),
        ] {
            assert_eq!(
                is_near(near, word, mistakes, open),
                expected,
                "{near} {word}"
            );
        }
    }

    #[test]
    fn the_nearest_candidate_is_suggested() {
        let all = ["feed", "folder", "title", "before", "sebelum", "is"];
        for (typed, expected) in [
            ("fedd", Some("feed")),
            ("feeds", Some("feed")),
            ("tilte", Some("title")),
            ("fodler", Some("folder")),
            ("sblum", Some("sebelum")),
            ("id", None),
            ("author", None),
            ("jakarta", None),
        ] {
            assert_eq!(nearest(typed, &all.iter().copied()), expected, "{typed}");
        }
    }
}
