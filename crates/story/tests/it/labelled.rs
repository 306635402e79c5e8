//! Scores a clustering against labels (BCubed).

use std::collections::HashMap;
use std::hash::Hash;

/// Precision, recall and F1 of `BCubed`: for each article, how much of its story belongs there, and
/// how much of what belongs there is in its story.
pub(crate) fn bcubed<G: Hash + Eq + Copy, M: Hash + Eq + Copy>(
    gold: &[G],
    mine: &[M],
) -> (f64, f64, f64) {
    let mut of_gold = HashMap::<G, f64>::new();
    let mut of_mine = HashMap::<M, f64>::new();
    let mut of_both = HashMap::<(G, M), f64>::new();
    for (gold, mine) in gold.iter().zip(mine) {
        *of_gold.entry(*gold).or_default() += 1.0;
        *of_mine.entry(*mine).or_default() += 1.0;
        *of_both.entry((*gold, *mine)).or_default() += 1.0;
    }
    let all = gold.len() as f64;
    let both = || of_both.iter();
    let precision = both().map(|((_, m), n)| n * n / of_mine[m]).sum::<f64>() / all;
    let recall = both().map(|((g, _), n)| n * n / of_gold[g]).sum::<f64>() / all;
    let f1 = 2.0 * precision * recall / (precision + recall);
    (precision, recall, f1)
}

#[test]
fn the_score_matches_published_values() {
    let (precision, recall, _) = bcubed(&[1, 1, 2, 2], &[1, 1, 1, 1]);
    assert!((precision - 0.5).abs() < 1e-9, "two stories in one");
    assert!((recall - 1.0).abs() < 1e-9);
}
