//! Exports all saved articles: one file, or a folder with a file for each.

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, SecondsFormat};
use warta_share::saved::{self, SavedArticle};
use warta_store::{ArticleId, Cursor, ListQuery};

use crate::api::{FileFormat, Result, SavedExport, SavedFormat};
use crate::context::labels::without_credentials;
use crate::context::{Context, SAVED_PAGES};
use crate::sharing::cards::Cards;

/// Articles read at a time.
const PAGE: usize = 200;

/// Exports saved articles.
pub struct SavedExporter {
    ctx: Arc<Context>,
    cards: Arc<Cards>,
}

impl SavedExporter {
    pub(crate) fn new(ctx: &Arc<Context>, cards: &Arc<Cards>) -> Self {
        Self {
            ctx: Arc::clone(ctx),
            cards: Arc::clone(cards),
        }
    }

    /// Writes all saved articles, last saved first: to a file, or for Markdown and EPUB into a
    /// folder, which is created.
    pub fn export_saved(&self, place: &Path, format: SavedFormat) -> Result<SavedExport> {
        let ids = self.saved()?;
        let written = match format {
            SavedFormat::Markdown => self.write_folder(place, &ids, FileFormat::Markdown)?,
            SavedFormat::Epub => self.write_folder(place, &ids, FileFormat::Epub)?,
            SavedFormat::JsonFeed | SavedFormat::Bookmarks | SavedFormat::Csv => {
                let with_text = format == SavedFormat::JsonFeed;
                let articles = self.articles(&ids, with_text)?;
                let file = match format {
                    SavedFormat::JsonFeed => saved::json_feed(&articles),
                    SavedFormat::Bookmarks => saved::bookmarks(&articles),
                    _ => saved::csv(&articles),
                };
                warta_store::write_file(place, file.as_bytes())?;
                articles.len()
            }
        };
        Ok(SavedExport {
            place: place.display().to_string(),
            articles: written as u32,
        })
    }

    fn saved(&self) -> Result<Vec<ArticleId>> {
        let mut ids = Vec::new();
        let mut before: Option<Cursor> = None;
        loop {
            let page = self.ctx.store.list(&ListQuery {
                place: warta_store::Place::Saved,
                unread_only: false,
                before,
                limit: PAGE,
            })?;
            ids.extend(page.rows.iter().map(|row| row.id));
            before = page.next;
            if before.is_none() {
                return Ok(ids);
            }
        }
    }

    fn articles(&self, ids: &[ArticleId], with_text: bool) -> Result<Vec<SavedArticle>> {
        let mut articles = Vec::with_capacity(ids.len());
        for id in ids {
            let Some(article) = self.ctx.store.article(*id)? else {
                continue;
            };
            let row = article.row;
            let feed = self.ctx.store.feed(row.feed)?.map(|feed| feed.url);
            let feed = feed.filter(|url| url != SAVED_PAGES);
            let label = self.ctx.labels.get(row.feed);
            let publisher = row
                .source
                .or_else(|| label.map(|label| label.title.clone()));
            articles.push(SavedArticle {
                guid: row.guid,
                url: row.url,
                title: row.title,
                authors: row.authors,
                publisher: publisher.unwrap_or_default(),
                feed_url: feed.as_deref().map(without_credentials),
                published: row.published.and_then(rfc3339),
                saved_at: row.saved_at.and_then(rfc3339),
                saved_seconds: row.saved_at,
                language: row.language,
                excerpt: row.excerpt,
                html: if with_text {
                    article.html
                } else {
                    String::new()
                },
                tags: article.categories,
                read: row.read,
            });
        }
        Ok(articles)
    }

    /// Writes a file for each article; names that occur again get a number.
    fn write_folder(&self, folder: &Path, ids: &[ArticleId], format: FileFormat) -> Result<usize> {
        warta_store::create_folder(folder)?;
        let mut names: HashSet<String> = HashSet::new();
        for id in ids {
            let (name, bytes) = self.cards.article_file(id.0, format)?;
            let (stem, end) = name.rsplit_once('.').unwrap_or((&name, ""));
            let mut unique = name.clone();
            let mut number = 2;
            // Some file systems take upper and lower case for the same.
            while !names.insert(unique.to_lowercase()) {
                unique = format!("{stem} {number}.{end}");
                number += 1;
            }
            warta_store::write_file(&folder.join(&unique), &bytes)?;
        }
        Ok(ids.len())
    }
}

fn rfc3339(at: i64) -> Option<String> {
    let time = DateTime::from_timestamp(at, 0)?;
    Some(time.to_rfc3339_opts(SecondsFormat::Secs, true))
}
