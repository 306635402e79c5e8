//! Reads one article: its text, pictures and publisher.

use std::collections::HashSet;
use std::sync::Arc;

use warta_article::{ImageLocation, MAX_PICTURES, rewrite_image_urls, stored_html};
use warta_store::{ArticleId, FeedId, FullTextState};

use crate::api::{
    ArticleView, Count, Cursor, EnclosureView, Failure, Order, PageStatus, PageView, PictureView,
    Problem, Publisher, Result, Run,
};
use crate::context::Context;
use crate::reading::rows::Rows;
use crate::subscriptions::publisher_channels::PublisherChannels;

/// Reads one article.
pub(crate) struct Articles {
    ctx: Arc<Context>,
    rows: Arc<Rows>,
    publisher_channels: Arc<PublisherChannels>,
}

impl Articles {
    pub(crate) fn new(
        ctx: &Arc<Context>,
        rows: &Arc<Rows>,
        publisher_channels: &Arc<PublisherChannels>,
    ) -> Self {
        Self {
            ctx: Arc::clone(ctx),
            rows: Arc::clone(rows),
            publisher_channels: Arc::clone(publisher_channels),
        }
    }

    /// The state of an article's full text.
    pub(crate) fn page_view(&self, id: ArticleId, url: Option<&str>) -> Result<PageView> {
        let mut view = PageView {
            status: PageStatus::Absent,
            word_count: 0,
            paywalled: false,
            problem: None,
        };
        match self.ctx.store.full_text().state(id)? {
            FullTextState::Unknown => {
                if !url.is_some_and(|url| url.starts_with("http")) {
                    view.status = PageStatus::None;
                }
            }
            FullTextState::Kept {
                word_count,
                shows,
                paywalled,
            } => {
                view.status = if shows {
                    PageStatus::Shown
                } else {
                    PageStatus::Kept
                };
                (view.word_count, view.paywalled) = (word_count, paywalled);
            }
            FullTextState::Failed { code, detail, .. } => {
                view.status = PageStatus::Failed;
                view.problem = Some(Problem { code, detail });
            }
        }
        Ok(view)
    }

    /// An article with picture URLs of the media protocol. The engine adds data from other
    /// services: story, forwards, audio.
    pub(crate) fn article(&self, id: u64) -> Result<ArticleView> {
        let article = self
            .ctx
            .store
            .article(ArticleId(id))?
            .ok_or_else(|| Failure::not_found("article"))?;
        let row = &article.row;
        let page_view = self.page_view(row.id, row.url.as_deref())?;
        let page = match page_view.status {
            PageStatus::Shown => self.ctx.store.full_text().get(row.id)?,
            _ => None,
        };
        let (mut missing, mut left_out) = (0, 0);
        let mut listed = ListedPictures::default();
        let feed_words = self.ctx.store.full_text().feed_word_count(row.id)?;
        let mut row = article.row;
        let mut dateline = row.dateline.clone();
        let html = match page {
            Some(page) => {
                dateline = page.dateline.or(dateline);
                row.language = page.language.or(row.language);
                row.right_to_left = page.right_to_left;
                if row.authors.is_empty() {
                    row.authors.extend(page.byline);
                }
                page.html
            }
            None => article.html,
        };
        let html = stored_html(html);
        let html = rewrite_image_urls(&html, &mut |url| {
            let place = listed.list(url);
            let kept = self.rows.kept(Some(url)).ok().flatten();
            if kept.is_none() && self.rows.shows_nothing(url).unwrap_or_default() {
                return ImageLocation::LeftOut;
            }
            match place {
                Listed::Wanted => missing += u32::from(kept.is_none()),
                Listed::LeftOut => left_out += u32::from(kept.is_none()),
                Listed::Again => {}
            }
            kept.into()
        });
        let lead_picture = self.lead_picture(row.lead_picture.as_deref(), &html)?;
        let publisher = self.publisher(row.feed, row.source.as_deref())?;
        let updated = row.updated.filter(|at| Some(*at) != row.published);
        let link_is_redirect = row.link_is_redirect;
        let mut enclosures = Vec::new();
        for enclosure in article.enclosures {
            enclosures.push(EnclosureView {
                audio: None,
                url: enclosure.url,
                media_type: enclosure.media_type,
                length: enclosure.length,
                duration_seconds: enclosure.duration_seconds,
                title: enclosure.title,
            });
        }
        let row = self.rows.view(row)?;
        Ok(ArticleView {
            story: None,
            forwards: Vec::new(),
            row,
            html,
            dateline,
            lead_picture,
            updated,
            enclosures,
            publisher,
            comments: article.comments,
            chapters: article.chapters,
            link_is_redirect,
            pictures_missing: missing,
            pictures_left_out: left_out,
            page: page_view,
            feed_words,
        })
    }

    pub(crate) fn publisher(&self, feed: FeedId, source: Option<&str>) -> Result<Publisher> {
        let name = self.ctx.labels.get(feed);
        let channels = self.publisher_channels.channels_of(feed)?;
        Ok(Publisher {
            name: source
                .map(str::to_owned)
                .or_else(|| name.as_ref().map(|n| n.title.clone()))
                .unwrap_or_default(),
            host: name.as_ref().and_then(|n| n.host.clone()),
            site: name.as_ref().and_then(|n| n.site.clone()),
            channels,
        })
    }

    /// The picture above the text; `None` if the text starts with a picture or contains this one.
    fn lead_picture(&self, url: Option<&str>, html: &str) -> Result<Option<PictureView>> {
        let Some(url) = url else { return Ok(None) };
        let Some(src) = self.rows.kept(Some(url))? else {
            return Ok(None);
        };
        if html.contains(&src) || begins_with_picture(html) {
            return Ok(None);
        }
        self.rows.picture_view(url)
    }
}

/// The pictures of a text in their order: the first [`MAX_PICTURES`] are fetched automatically, as
/// `warta_article` lists them.
#[derive(Default)]
pub(crate) struct ListedPictures(HashSet<String>);

/// What a picture is in its article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Listed {
    /// Fetched automatically.
    Wanted,
    /// Fetched at the reader's request only.
    LeftOut,
    /// It occurred before.
    Again,
}

impl ListedPictures {
    pub(crate) fn list(&mut self, url: &str) -> Listed {
        if !self.0.insert(url.to_owned()) {
            Listed::Again
        } else if self.0.len() <= MAX_PICTURES {
            Listed::Wanted
        } else {
            Listed::LeftOut
        }
    }
}

/// Whether the HTML has a picture before its first words.
fn begins_with_picture(html: &str) -> bool {
    let Some(picture) = html.find("<img") else {
        return false;
    };
    html[..picture].split('<').all(|piece| {
        piece
            .split_once('>')
            .map_or(piece, |(_, text)| text)
            .trim()
            .is_empty()
    })
}

impl From<warta_store::Count> for Count {
    fn from(count: warta_store::Count) -> Self {
        Self {
            total: count.total,
            unread: count.unread,
        }
    }
}

impl From<Cursor> for warta_store::Cursor {
    fn from(cursor: Cursor) -> Self {
        Self {
            time: cursor.time,
            id: ArticleId(cursor.id),
        }
    }
}

impl From<Order> for warta_store::Order {
    fn from(order: Order) -> Self {
        match order {
            Order::Newest => Self::NewestFirst,
            Order::Oldest => Self::OldestFirst,
        }
    }
}

impl From<warta_store::Cursor> for Cursor {
    fn from(cursor: warta_store::Cursor) -> Self {
        Self {
            time: cursor.time,
            id: cursor.id.0,
        }
    }
}

impl From<warta_store::Run> for Run {
    fn from(run: warta_store::Run) -> Self {
        Self {
            text: run.text,
            hit: run.hit,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::begins_with_picture;

    #[test]
    fn a_leading_picture_is_found_inside_wrappers() {
        for (html, expected) in [
            (
                "<figure><img src=\"a\"><figcaption>x</figcaption></figure><p>y</p>",
                true,
            ),
            ("<p><a href=\"b\"><img src=\"a\"></a></p><p>y</p>", true),
            ("<p>Kata dahulu.</p><img src=\"a\">", false),
            ("Kata dahulu. <img src=\"a\">", false),
            ("", false),
        ] {
            assert_eq!(begins_with_picture(html), expected, "{html}");
        }
    }
}
