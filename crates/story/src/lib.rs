//! Articles in, stories and what is trending out. Pure and deterministic: time and articles come in
//! as arguments, and the same articles in the same order give the same stories.
//!
//! One pass, in arrival order. Articles are compared by the words they share, weighted by how rare
//! the words are in this stream. A new article is regrouped with the stories close to it, small
//! ones article by article, by average linkage, so stories merge and split as evidence arrives. At
//! the end of an hour its articles are inserted again in order of publication, so that the order in
//! which feeds were fetched does not matter. Articles in different languages only match where names
//! or numbers agree, or words of a small lexicon. Deliberately absent: any model or list that would
//! have to be downloaded.

mod article;
mod clusterer;
mod digest;
mod index;
mod lexicon;
mod linkage;
mod model;
mod near_duplicates;
mod publisher_site;
mod similarity;
mod tokenizer;
mod trend;
mod tuning;

pub use clusterer::Clusterer;
pub use digest::{ArticleWithCopies, AttributedSentence, Digest, digest};
pub use model::{Item, Phase, Preferences, Story, StoryNumber, Why};
pub use similarity::{Similarity, development, similarity};
pub use tuning::Tuning;
