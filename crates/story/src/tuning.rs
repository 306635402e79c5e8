//! The parameters of clustering: one set for all languages and streams.

/// The parameters. The product uses [`Tuning::default`]; other values are for experiments.
#[derive(Debug, Clone, PartialEq)]
pub struct Tuning {
    /// Clusters with at least this similarity are joined, 0 to 1.
    pub join_threshold: f32,
    /// Weight of words in the text relative to words in the title.
    pub text_weight: f32,
    /// Weight of names and numbers relative to other words.
    pub name_weight: f32,
    /// Smoothing of rarity: words seen in fewer articles than about this count as equally rare.
    pub rarity_smoothing: f32,
    /// Number of articles assumed to precede the first.
    pub prior_articles: f32,
    /// Factor on the similarity of two clusters for each day between them.
    pub daily_decay: f32,
    /// Clusters with more publishers than this get a lower join threshold.
    pub large_cluster: f32,
    /// Exponent by which the threshold falls.
    pub large_exponent: f32,
    /// Cluster size, in multiples of `large_cluster`, beyond which the threshold stays.
    pub large_max_boost: f32,
    /// Exponent by which the threshold rises for longer texts, which share more words by chance.
    pub length_exponent: f32,
    /// Minimum share of words in the same order for a text to be a copy.
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
