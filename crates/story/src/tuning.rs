//! The parameters of the engine: one set for every language and stream.

/// What the engine goes by. [`Tuning::default`] is what the product uses; others are for measuring.
#[derive(Debug, Clone, PartialEq)]
pub struct Tuning {
    /// Groups this close or closer are one story, 0 to 1.
    pub join_threshold: f32,
    /// Words of the text count so much of those of the title.
    pub text_weight: f32,
    /// Names and numbers count so much of other words.
    pub name_weight: f32,
    /// Words seen in fewer articles than about this are alike in rarity.
    pub rarity_smoothing: f32,
    /// As if so many articles had passed before the first.
    pub prior_articles: f32,
    /// A day between two groups leaves so much of their closeness.
    pub daily_decay: f32,
    /// Stories that are told from more sides than this ask for less closeness.
    pub large_cluster: f32,
    /// How much less.
    pub large_exponent: f32,
    /// At most this many times less.
    pub large_max_boost: f32,
    /// How much more closeness longer texts ask for, because they share more words by chance.
    pub length_exponent: f32,
    /// Texts that have this part of their words in the same order are copies.
    pub text_copy: f32,
    /// The same for headlines.
    pub title_copy: f32,
}

impl Default for Tuning {
    fn default() -> Self {
        Self {
            join_threshold: 0.165,
            text_weight: 0.9,
            name_weight: 1.0,
            rarity_smoothing: 10.0,
            prior_articles: 50.0,
            daily_decay: 0.8,
            large_cluster: 16.0,
            large_exponent: 0.6,
            large_max_boost: 2.0,
            length_exponent: 0.1,
            text_copy: 0.62,
            title_copy: 0.8,
        }
    }
}
