//! Pages that the reader saves to read later. Each is a saved article of a feed of Warta's own,
//! which is never fetched and shown in no list of feeds; so it is in search, packs and snapshots
//! like any other. A page whose text could not be fetched yet waits for the network, also after a
//! restore; other failures are recorded with the article, and the reader can try again.

use std::sync::{Arc, Mutex};

use warta_article::Page;
use warta_share::clean_link;
use warta_store::{
    Added, ArticleId, FeedBatch, FeedId, FullTextState, ListQuery, NewArticle, NewFeed, Place,
};

use crate::api::{Connection, Event, Failure, FailureCode, PageState, Problem, Result, SavedPage};
use crate::context::labels::host_of;
use crate::context::locks::locked;
use crate::context::{Context, SAVED_PAGES, blocking, checks};
use crate::network::connectivity::Connectivity;
use crate::offline::full_text::FullTexts;
use crate::offline::pictures::Pictures;

/// Number of rows read at a time.
const ROWS: usize = 500;
/// Maximum number of pages that one run of [`SavedPages::fetch_waiting`] fetches.
const FETCHED: usize = 50;

/// Saves pages to read later.
pub struct SavedPages {
    ctx: Arc<Context>,
    connectivity: Arc<Connectivity>,
    full_texts: Arc<FullTexts>,
    pictures: Arc<Pictures>,
    fetching: tokio::sync::Mutex<()>,
    /// Number of pages at the last scan, if none of them was waiting.
    settled: Mutex<Option<u64>>,
}

impl SavedPages {
    pub(crate) fn new(
        ctx: &Arc<Context>,
        connectivity: &Arc<Connectivity>,
        full_texts: &Arc<FullTexts>,
        pictures: &Arc<Pictures>,
    ) -> Self {
        Self {
            ctx: Arc::clone(ctx),
            connectivity: Arc::clone(connectivity),
            full_texts: Arc::clone(full_texts),
            pictures: Arc::clone(pictures),
            fetching: tokio::sync::Mutex::default(),
            settled: Mutex::default(),
        }
    }

    /// Saves the page at an address; its text is fetched by [`SavedPages::fetch`]. A page that was
    /// saved before is returned as it is.
    pub fn save(&self, address: &str) -> Result<SavedPage> {
        let url = checks::typed(page_address(address))?;
        let feed = self.feed()?;
        if let Some(known) = self.known(&url) {
            let mark = warta_store::Mark {
                saved: Some(true),
                read: None,
            };
            self.ctx.store.mark(&[known], mark, self.ctx.now())?;
            self.ctx.emit(Event::PlacesChanged);
            return self.view(known, true);
        }
        let article = NewArticle {
            guid: url.clone(),
            title: bare(&url),
            source: host_of(&url),
            url: Some(url.clone()),
            saved: true,
            ..NewArticle::default()
        };
        self.commit(feed, article)?;
        let id = self.ctx.store.find_guid(SAVED_PAGES, &url);
        let id =
            id.ok_or_else(|| Failure::new(FailureCode::Internal, "the page was not stored"))?;
        self.ctx.emit(Event::PlacesChanged);
        self.view(id, false)
    }

    /// The feed of saved pages; subscribes to it when the first page is saved.
    fn feed(&self) -> Result<FeedId> {
        let store = &self.ctx.store;
        if let Some(feed) = store.feed_at(SAVED_PAGES) {
            return Ok(feed);
        }
        let new = NewFeed {
            url: SAVED_PAGES.to_owned(),
            ..NewFeed::default()
        };
        let added = store.add_feeds(&[new], self.ctx.now())?;
        let Some(Added::New(id) | Added::Already(id)) = added.first() else {
            return Err(Failure::not_found("feed"));
        };
        store.update_feed(*id, &mut |feed| feed.paused = true)?;
        Ok(*id)
    }

    /// The page at this address, or at the same one with the other scheme.
    fn known(&self, url: &str) -> Option<ArticleId> {
        let other = match url.split_once("://")? {
            ("http", rest) => format!("https://{rest}"),
            (_, rest) => format!("http://{rest}"),
        };
        let find = |url: &str| self.ctx.store.find_guid(SAVED_PAGES, url);
        find(url).or_else(|| find(&other))
    }

    fn commit(&self, feed: FeedId, article: NewArticle) -> Result<()> {
        let known = self.ctx.store.feed(feed)?;
        let facts = known.ok_or_else(|| Failure::not_found("feed"))?.facts;
        self.ctx.store.commit(FeedBatch {
            feed,
            facts,
            articles: vec![article],
            received_at: self.ctx.now(),
        })?;
        Ok(())
    }

    fn view(&self, id: ArticleId, already: bool) -> Result<SavedPage> {
        let rows = self.ctx.store.rows(&[id])?;
        let row = rows.into_iter().next();
        let row = row.ok_or_else(|| Failure::not_found("article"))?;
        let (state, problem) = match self.state_of(&row)? {
            Ok(state) => (state, None),
            Err(problem) => (PageState::Failed, Some(problem)),
        };
        Ok(SavedPage {
            article: id.0,
            title: row.title,
            url: row.url.unwrap_or_default(),
            already,
            state,
            problem,
        })
    }

    fn state_of(
        &self,
        row: &warta_store::ArticleRow,
    ) -> Result<std::result::Result<PageState, Problem>> {
        if row.word_count > 0 {
            return Ok(Ok(PageState::Kept));
        }
        Ok(match self.ctx.store.full_text().state(row.id)? {
            FullTextState::Failed { code, detail, .. } => Err(Problem { code, detail }),
            FullTextState::Kept { .. } => Ok(PageState::Kept),
            FullTextState::Unknown => Ok(PageState::Waiting),
        })
    }

    /// Whether an article is a saved page.
    pub fn is_saved_page(&self, article: u64) -> Result<bool> {
        let rows = self.ctx.store.rows(&[ArticleId(article)])?;
        let Some(row) = rows.first() else {
            return Ok(false);
        };
        let feed = self.ctx.store.feed(row.feed)?;
        Ok(feed.is_some_and(|feed| feed.url == SAVED_PAGES))
    }

    /// Fetches text and pictures of a saved page, as full text is fetched at the reader's request.
    /// Without a network, the page goes on waiting.
    pub async fn fetch(self: &Arc<Self>, article: u64) -> Result<SavedPage> {
        let _one_at_a_time = self.fetching.lock().await;
        let id = ArticleId(article);
        let rows = blocking(self, move |this| Ok(this.ctx.store.rows(&[id])?)).await?;
        let row = rows.into_iter().next();
        let row = row.ok_or_else(|| Failure::not_found("article"))?;
        let Some(url) = row.url.clone().filter(|_| row.word_count == 0) else {
            return blocking(self, move |this| this.view(id, false)).await;
        };
        match self.full_texts.page_at(&url).await? {
            Ok((page, _)) => {
                blocking(self, move |this| this.keep(&row, page)).await?;
                self.ctx.emit(Event::TextArrived { article });
                self.ctx.emit(Event::PlacesChanged);
                if let Err(failure) = self.pictures.fetch_pictures(article).await {
                    tracing::warn!(?failure, article, "cannot fetch pictures of a saved page");
                }
            }
            Err(failure) if failure.suggests_offline() && self.is_offline(&url).await? => {}
            Err(failure) => {
                let problem = failure.problem();
                blocking(self, move |this| {
                    let now = this.ctx.now();
                    let full_text = this.ctx.store.full_text();
                    Ok(full_text.set_failed(id, problem.code, &problem.detail, now)?)
                })
                .await?;
                self.ctx.emit(Event::TextArrived { article });
            }
        }
        blocking(self, move |this| this.view(id, false)).await
    }

    async fn is_offline(&self, url: &str) -> Result<bool> {
        Ok(self.connectivity.connection() == Connection::Offline
            || self.connectivity.is_cut_off(url).await?)
    }

    /// Stores the text of a page as its article's.
    fn keep(&self, row: &warta_store::ArticleRow, page: Page) -> Result<()> {
        let title = page.title.filter(|title| !title.trim().is_empty());
        let published = page.published.map(|at| at.timestamp());
        let mut pictures: Vec<String> = page.image.iter().cloned().collect();
        for picture in page.images {
            if !pictures.contains(&picture.url) {
                pictures.push(picture.url);
            }
        }
        let article = NewArticle {
            guid: row.guid.clone(),
            url: row.url.clone(),
            title: title.unwrap_or_else(|| row.title.clone()),
            authors: page.byline.into_iter().collect(),
            published: published.filter(|at| *at <= self.ctx.now()),
            language: page.language,
            right_to_left: page.right_to_left,
            dateline: page.dateline,
            excerpt: page.excerpt,
            word_count: page.word_count,
            html: page.html.into_string(),
            lead_picture: page.image,
            pictures,
            source: page.site_name.or_else(|| row.source.clone()),
            ..NewArticle::default()
        };
        self.commit(row.feed, article)
    }

    /// Fetches pages that wait for the network, at most [`FETCHED`]; returns how many were fetched.
    pub async fn fetch_waiting(self: &Arc<Self>) -> Result<u32> {
        let waiting = blocking(self, |this| this.waiting()).await?;
        let mut fetched = 0;
        for id in waiting {
            match self.fetch(id.0).await?.state {
                PageState::Kept => fetched += 1,
                PageState::Waiting => break,
                PageState::Failed => {}
            }
        }
        Ok(fetched)
    }

    /// The newest pages whose text was not fetched yet, oldest first. After a scan that found none,
    /// pages are scanned again only once their number has changed.
    fn waiting(&self) -> Result<Vec<ArticleId>> {
        let count = self.count()?;
        if *locked(&self.settled) == Some(count) {
            return Ok(Vec::new());
        }
        let mut waiting = Vec::new();
        self.each(|row| {
            if self.state_of(row)? == Ok(PageState::Waiting) {
                waiting.push(row.id);
            }
            Ok(waiting.len() < FETCHED)
        })?;
        *locked(&self.settled) = waiting.is_empty().then_some(count);
        waiting.reverse();
        Ok(waiting)
    }

    /// Number of saved pages.
    fn count(&self) -> Result<u64> {
        let feed = self.ctx.store.feed_at(SAVED_PAGES);
        let counts = self.ctx.store.counts()?.feeds;
        let count = counts.iter().find(|(id, _)| Some(*id) == feed);
        Ok(count.map_or(0, |(_, count)| count.total))
    }

    /// Calls `visit` with the rows of saved pages, newest first, until it returns false.
    fn each(&self, mut visit: impl FnMut(&warta_store::ArticleRow) -> Result<bool>) -> Result<()> {
        let Some(feed) = self.ctx.store.feed_at(SAVED_PAGES) else {
            return Ok(());
        };
        let mut query = ListQuery {
            place: Place::Feed(feed),
            unread_only: false,
            before: None,
            limit: ROWS,
        };
        loop {
            let page = self.ctx.store.list(&query)?;
            for row in &page.rows {
                if !visit(row)? {
                    return Ok(());
                }
            }
            query.before = page.next;
            if query.before.is_none() {
                return Ok(());
            }
        }
    }
}

/// The address of a page as it is saved: without fragment and tracking parameters, with a scheme.
pub(crate) fn page_address(typed: &str) -> checks::Checked<String> {
    let typed = typed.trim();
    let address = if typed.contains("://") {
        typed.to_owned()
    } else {
        format!("https://{typed}")
    };
    let mut url = checks::web_address(&address)?;
    if !url
        .host_str()
        .is_some_and(|host| host.contains(['.', ':']) || host == "localhost")
    {
        return Err("this is not the address of a page".into());
    }
    // Credentials in an address would be stored and shown.
    if !url.username().is_empty() || url.password().is_some() {
        return Err("pages with a password in the address cannot be saved".into());
    }
    url.set_fragment(None);
    Ok(clean_link(url.as_str()))
}

/// The address without its scheme, shown until the page's title is known.
pub(crate) fn bare(url: &str) -> String {
    let shown = url.split_once("://").map_or(url, |(_, rest)| rest);
    shown.trim_end_matches('/').chars().take(200).collect()
}

#[cfg(test)]
mod tests {
    use super::page_address;

    #[test]
    fn addresses_are_completed_and_cleaned() {
        for (typed, expected) in [
            ("kabar.example/a", Ok("https://kabar.example/a")),
            (
                " http://kabar.example/a?utm_source=x&id=3#isi ",
                Ok("http://kabar.example/a?id=3"),
            ),
            ("dua kata", Err(())),
            ("kata", Err(())),
            ("javascript:alert(1)", Err(())),
            ("file:///etc/passwd", Err(())),
            ("https://ani:rahasia@kabar.example/", Err(())),
        ] {
            let found = page_address(typed).map_err(drop);
            assert_eq!(found.as_deref(), expected.as_deref(), "{typed}");
        }
    }
}
