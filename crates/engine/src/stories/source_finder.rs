//! Finds the stored article that a forwarded text or link comes from.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use url::Url;
use warta_share::clean_link;
use warta_store::{ArticleId, ArticleRow, ListQuery, Place};
use warta_story::{Item, Similarity, similarity};

use crate::api::{Failure, FailureCode, Original, Result, Sureness};
use crate::context::Context;
use crate::reading::rows::Rows;
use crate::stories::clusters::{Clusters, article_ids};

/// Maximum number of characters of the pasted text that are used.
const LONGEST: usize = 4_000;
/// Number of candidates that are compared in detail.
const CANDIDATES: usize = 60;
/// Number of newest articles whose links are compared when the search finds none.
const LINKS: usize = 20_000;
/// Maximum number of words in one search query.
const ASKED: usize = 6;
/// Share of words in the same order above which two texts are the same.
const SAME: f32 = 0.75;
/// Share of common names and numbers above which two texts are about the same event, and their
/// minimum number.
const LIKELY: (f32, usize) = (0.6, 3);
const PERHAPS: (f32, usize) = (0.35, 2);

/// Finds the article that a text or link comes from.
pub(crate) struct SourceFinder {
    ctx: Arc<Context>,
    rows: Arc<Rows>,
    clusters: Arc<Clusters>,
}

impl SourceFinder {
    pub(crate) fn new(ctx: &Arc<Context>, rows: &Arc<Rows>, clusters: &Arc<Clusters>) -> Self {
        Self {
            ctx: Arc::clone(ctx),
            rows: Arc::clone(rows),
            clusters: Arc::clone(clusters),
        }
    }

    /// Finds the story and the earliest article of a text or link.
    pub(crate) fn find_original(&self, pasted: &str) -> Result<Original> {
        let pasted: String = pasted.chars().take(LONGEST).collect();
        let (text, links) = apart(&pasted);
        if warta_text::folded_words(&text).is_empty() && links.is_empty() {
            return Err(Failure::new(
                FailureCode::BadInput,
                "there is no text or link to look for",
            ));
        }
        for link in &links {
            if let Some(row) = self.by_link(link)? {
                return self.told(Sureness::SameLink, row, Vec::new());
            }
        }
        let asked = Item {
            text: if warta_text::folded_words(&text).len() > 2 {
                text
            } else {
                links.iter().map(slug).collect::<Vec<_>>().join(" ")
            },
            ..Item::default()
        };
        let mut found: Vec<(Sureness, f32, ArticleRow)> = Vec::new();
        for row in self.candidates(&asked)? {
            let like = [self.clusters.item(&row), self.clusters.whole_item(&row)]
                .iter()
                .map(|item| similarity(&asked, item))
                .max_by(|a, b| weight(*a).total_cmp(&weight(*b)));
            let like = like.unwrap_or_default();
            let sure = sureness(like);
            if sure > Sureness::Nothing {
                found.push((sure, weight(like), row));
            }
        }
        found.sort_by(|a, b| {
            let earlier = || a.2.time.cmp(&b.2.time);
            b.0.cmp(&a.0).then(b.1.total_cmp(&a.1)).then_with(earlier)
        });
        let Some((sure, _, closest)) = found.first().cloned() else {
            return Ok(Original {
                sure: Sureness::Nothing,
                earliest: None,
                closest: None,
                story: None,
                others: Vec::new(),
            });
        };
        // Do not list uncertain matches beside certain ones.
        let least = if sure >= Sureness::Likely {
            Sureness::Likely
        } else {
            sure
        };
        let rest = found.into_iter().skip(1);
        let rest = rest.filter(|(one, ..)| *one >= least).map(|(.., row)| row);
        self.told(sure, closest, rest.collect())
    }

    fn told(&self, sure: Sureness, closest: ArticleRow, more: Vec<ArticleRow>) -> Result<Original> {
        let story = {
            let stories = self.clusters.lock();
            let number = stories.clusterer().story_of(closest.id.0);
            number.and_then(|number| stories.clusterer().story(number, self.ctx.now()))
        };
        let mut all: BTreeMap<(i64, ArticleId), ArticleRow> = BTreeMap::new();
        let of_story = match &story {
            Some(story) => self.ctx.store.rows(&article_ids(&story.items))?,
            None => Vec::new(),
        };
        let closest_id = closest.id;
        for row in of_story.into_iter().chain(more).chain([closest.clone()]) {
            all.insert((row.time, row.id), row);
        }
        let mut rows = all.into_values();
        let earliest = rows.next();
        let earliest_id = earliest.as_ref().map(|row| row.id);
        let others: Vec<ArticleRow> = rows.filter(|row| row.id != closest_id).collect();
        Ok(Original {
            sure,
            earliest: earliest.map(|row| self.rows.view(row)).transpose()?,
            closest: (earliest_id != Some(closest_id))
                .then(|| self.rows.view(closest))
                .transpose()?,
            story: story
                .filter(|story| story.publishers.len() > 1)
                .map(|_| closest_id.0),
            others: self.rows.views(others)?,
        })
    }

    /// The article with this link. Links are compared without tracking parameters.
    fn by_link(&self, link: &Url) -> Result<Option<ArticleRow>> {
        let wanted = bare(link.as_str());
        let is_it = |row: &ArticleRow| {
            let url = row.url.as_deref();
            url.is_some_and(|url| bare(url) == wanted)
        };
        let slug = slug(link);
        for query in queries(&slug) {
            let found = self.ctx.store.search(&query, CANDIDATES, 0)?;
            if let Some(hit) = found.hits.into_iter().find(|hit| is_it(&hit.row)) {
                return Ok(Some(hit.row));
            }
        }
        let mut query = ListQuery {
            place: Place::All,
            unread_only: false,
            before: None,
            limit: 1_000,
        };
        for _ in 0..LINKS / 1_000 {
            let page = self.ctx.store.list(&query)?;
            if let Some(row) = page.rows.into_iter().find(is_it) {
                return Ok(Some(row));
            }
            query.before = page.next;
            if query.before.is_none() {
                break;
            }
        }
        Ok(None)
    }

    /// Candidate articles: recent ones with common distinctive words, and search results for some
    /// of the words.
    fn candidates(&self, asked: &Item) -> Result<Vec<ArticleRow>> {
        let mut ids: Vec<ArticleId> = {
            let mut stories = self.clusters.lock();
            let near = stories.nearest(asked, CANDIDATES / 2);
            near.into_iter().map(ArticleId).collect()
        };
        for query in queries(&asked.text) {
            let found = self.ctx.store.search(&query, CANDIDATES / 2, 0)?;
            ids.extend(found.hits.iter().map(|hit| hit.row.id));
            if ids.len() >= CANDIDATES {
                break;
            }
        }
        let mut seen = HashSet::new();
        ids.retain(|id| seen.insert(*id));
        ids.truncate(CANDIDATES);
        Ok(self.ctx.store.rows(&ids)?)
    }
}

fn weight(like: Similarity) -> f32 {
    like.in_order.max(like.facts * 0.9)
}

fn sureness(like: Similarity) -> Sureness {
    let at_least = |(part, count): (f32, usize)| like.facts >= part && like.shared >= count;
    if like.in_order >= SAME {
        Sureness::SameText
    } else if at_least(LIKELY) {
        Sureness::Likely
    } else if at_least(PERHAPS) {
        Sureness::Perhaps
    } else {
        Sureness::Nothing
    }
}

/// Splits the pasted text into text, without WhatsApp's formatting marks, and links.
fn apart(pasted: &str) -> (String, Vec<Url>) {
    let mut text = String::new();
    let mut links = Vec::new();
    for line in pasted.lines() {
        for word in line.split_whitespace() {
            let bare = word.trim_matches(['*', '_', '~', '<', '>', '(', ')', '"', ',']);
            match Url::parse(bare) {
                Ok(url) if matches!(url.scheme(), "http" | "https") => links.push(url),
                _ => {
                    text.push_str(word.trim_matches(['*', '_', '~']));
                    text.push(' ');
                }
            }
        }
        text.push('\n');
    }
    (text.trim().to_owned(), links)
}

/// Normalises a link for comparison: removes the scheme, `www.`, a mobile host, AMP parts, tracking
/// parameters and the trailing slash.
fn bare(link: &str) -> String {
    let clean = clean_link(link);
    let Ok(mut url) = Url::parse(&clean) else {
        return clean;
    };
    url.set_fragment(None);
    let host = url.host_str().unwrap_or_default().to_lowercase();
    let host = ["www.", "m.", "amp."]
        .iter()
        .fold(host.as_str(), |host, prefix| {
            host.strip_prefix(prefix).unwrap_or(host)
        });
    let path = url.path().trim_end_matches('/').trim_end_matches("/amp");
    let query = url.query().map(|query| format!("?{query}"));
    let query = query.filter(|query| query != "?amp=1" && query != "?amp");
    format!("{host}{path}{}", query.unwrap_or_default())
}

/// The words in a link's path.
fn slug(link: &Url) -> String {
    let path = percent_encoding::percent_decode_str(link.path()).decode_utf8_lossy();
    let path = path.trim_end_matches(".html").to_owned();
    let of_path = warta_text::folded_words(&path.replace(['-', '_', '/'], " "));
    let telling = |word: &String| word.chars().any(char::is_alphabetic);
    of_path
        .into_iter()
        .filter(telling)
        .collect::<Vec<_>>()
        .join(" ")
}

/// Search queries for a text, the narrowest first: its longest words are the most specific.
fn queries(text: &str) -> Vec<String> {
    let mut telling = warta_text::folded_words(text);
    let mut seen = HashSet::new();
    telling.retain(|word| word.chars().count() > 3 && seen.insert(word.clone()));
    let mut by_length: Vec<(usize, String)> = telling.into_iter().enumerate().collect();
    by_length.sort_by_key(|(at, word)| (std::cmp::Reverse(word.chars().count()), *at));
    let of = |count: usize, from: usize| -> Option<String> {
        let mut some: Vec<_> = by_length.iter().skip(from).take(count).collect();
        some.sort_by_key(|(at, _)| *at);
        let words: Vec<&str> = some.iter().map(|(_, word)| word.as_str()).collect();
        (words.len() == count).then(|| words.join(" "))
    };
    [(ASKED, 0), (4, 0), (3, 0), (3, 3), (2, 0), (2, 2)]
        .into_iter()
        .filter_map(|(count, from)| of(count, from))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_equal_despite_tracking_parameters() {
        for other in [
            "http://kabar.example/berita/feri-karam",
            "https://www.kabar.example/berita/feri-karam/",
            "https://m.kabar.example/berita/feri-karam?utm_source=whatsapp&fbclid=1",
            "https://kabar.example/berita/feri-karam/amp",
            "https://kabar.example/berita/feri-karam#komentar",
        ] {
            assert_eq!(bare(other), "kabar.example/berita/feri-karam", "{other}");
        }
        assert_ne!(
            bare("https://kabar.example/?p=1"),
            bare("https://kabar.example/?p=2")
        );
    }

    #[test]
    fn a_message_is_split_into_text_and_links() {
        let (text, links) = apart("*Feri karam*\n_Kabar_\n\nhttps://kabar.example/feri-karam-12 .");
        assert_eq!(
            text.split_whitespace().collect::<Vec<_>>(),
            ["Feri", "karam", "Kabar", "."]
        );
        assert_eq!(links.len(), 1);
        assert_eq!(slug(&links[0]), "feri karam");
        assert_eq!(
            queries("feri karam penumpang selamat")[0],
            "feri karam penumpang selamat"
        );
    }
}
