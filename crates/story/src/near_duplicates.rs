//! Copies told from reports of one's own: a copy, also one whose words were swapped for others of
//! the same meaning, keeps the order of most words, the small ones too. Two people who write about
//! one event do not.

/// Texts shorter than this, in words, are headlines.
const SHORT: usize = 14;
/// Fewer words than this make no copy.
const TOO_SHORT: usize = 5;

/// Whether one text is a copy of the other, both as rows of hashed words.
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

/// How many words two texts have in common in the same order (the longest common subsequence).
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
    fn a_swapped_word_leaves_a_copy_and_another_text_does_not() {
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
