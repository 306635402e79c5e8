//! Near-duplicate detection. A copy keeps most words in the same order, function words included,
//! even if some were replaced by synonyms; two independent reports of one event do not.

/// Number of words below which a text is treated as a headline.
const SHORT: usize = 14;
/// Texts with fewer words are never copies.
const TOO_SHORT: usize = 5;

/// Whether one text is a copy of the other, both given as hashed words in text order.
pub(crate) fn is_copy(a: &[u32], b: &[u32], text_copy: f32, title_copy: f32) -> bool {
    let shorter = a.len().min(b.len());
    if shorter < TOO_SHORT {
        return false;
    }
    let least = if shorter < SHORT {
        title_copy
    } else {
        text_copy
    };
    in_order(a, b) as f32 >= least * shorter as f32
}

/// Length of the longest common subsequence of words.
pub(crate) fn in_order(a: &[u32], b: &[u32]) -> usize {
    let mut row = vec![0_u16; b.len() + 1];
    for x in a {
        let mut diagonal = 0;
        for (at, y) in b.iter().enumerate() {
            let above = row[at + 1];
            row[at + 1] = if x == y {
                diagonal + 1
            } else {
                above.max(row[at])
            };
            diagonal = above;
        }
    }
    usize::from(row[b.len()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_in_order_are_counted() {
        assert_eq!(in_order(&[1, 2, 3, 4], &[1, 3, 4]), 3);
        assert_eq!(in_order(&[1, 2, 3], &[3, 2, 1]), 1);
        assert_eq!(in_order(&[], &[1]), 0);
    }

    #[test]
    fn swapped_words_are_a_copy_and_another_text_is_not() {
        let text: Vec<u32> = (0..30).collect();
        let mut spun = text.clone();
        for at in (0..30).step_by(4) {
            spun[at] = 1000 + at as u32;
        }
        assert!(is_copy(&text, &spun, 0.6, 0.8));
        let reversed: Vec<u32> = text.iter().rev().copied().collect();
        assert!(!is_copy(&text, &reversed, 0.6, 0.8));
        assert!(!is_copy(&[1, 2], &[1, 2], 0.6, 0.8), "too short to tell");
    }
}
