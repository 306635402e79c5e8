//! Fetches, checks and stores pictures of articles for offline reading. Requests send no referrer;
//! only hosts that require one get the article's site.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};

use warta_article::picture::{self, BadPicture};
use warta_article::{ImageLocation, MAX_PICTURES, rewrite_image_urls, stored_html};
use warta_net::{FetchError, Request, Response, Wanted};
use warta_store::{
    Article, ArticleId, ArticleRow, FullText, FullTextState, Picture, PictureState, ProblemCode,
};

use crate::api::failures::fetch_code;
use crate::api::{Event, Result};
use crate::context::labels::host_of;
use crate::context::locks::locked;
use crate::context::{Context, SAVED_PAGES, blocking, off_thread};
use crate::network::connectivity::Connectivity;
use crate::network::own_network::OwnNetwork;
use crate::offline::data_budget::DataBudget;
use crate::reading::articles::{Listed, ListedPictures};
use crate::reading::rows::{is_speck, thumbnail_key};

/// Wider pictures are scaled down to this width: twice the widest reading column.
const MAX_WIDTH: u32 = 1600;
/// Thumbnail width and height, twice the displayed size.
const THUMBNAIL: (u32, u32) = (240, 180);
/// Number of stored pictures of an article after which they are shown.
const SHOWN_EVERY: u32 = 20;
/// Seconds before a failed picture is fetched again, unless its article is opened.
const RETRY_AFTER_SECONDS: i64 = 7 * 86_400;

/// A picture to fetch and the article or feed that shows it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct PictureRequest {
    pub(crate) url: String,
    /// The page or feed that references it.
    pub(crate) named_by: String,
    pub(crate) article: Option<ArticleId>,
    pub(crate) with_thumbnail: bool,
}

/// The result of a request for a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum GotPicture {
    /// Already stored.
    Here,
    /// Stored now; bytes transferred.
    New(u64),
    /// Failed; the problem code.
    Failed(ProblemCode),
    /// Fetched, but only a tracking pixel.
    Nothing,
    /// The network is unreachable.
    Offline,
}

/// Serialises fetches of one URL and remembers hosts that require a referrer.
#[derive(Default)]
pub(crate) struct Turns {
    turns: Mutex<HashMap<String, Arc<tokio::sync::Mutex<()>>>>,
    insisting: Mutex<HashSet<String>>,
}

impl Turns {
    fn of(&self, url: &str) -> Arc<tokio::sync::Mutex<()>> {
        let mut turns = locked(&self.turns);
        turns.retain(|_, turn| Arc::strong_count(turn) > 1);
        Arc::clone(turns.entry(url.to_owned()).or_default())
    }
}

/// A problem code and its description.
type Reason = (ProblemCode, String);

/// The result of one fetch attempt.
enum Tried {
    Fetched(picture::Kept, Option<picture::Kept>, u64),
    /// Refused; the host may accept a request with a referrer.
    Refused(Reason),
    Bad(Reason),
    Unreached(Reason),
}

/// Fetches the pictures of articles.
pub struct Pictures {
    ctx: Arc<Context>,
    own_network: Arc<OwnNetwork>,
    connectivity: Arc<Connectivity>,
    budget: Arc<DataBudget>,
    turns: Turns,
}

impl Pictures {
    pub(crate) fn new(
        ctx: &Arc<Context>,
        own_network: &Arc<OwnNetwork>,
        connectivity: &Arc<Connectivity>,
        budget: &Arc<DataBudget>,
    ) -> Self {
        Self {
            ctx: Arc::clone(ctx),
            own_network: Arc::clone(own_network),
            connectivity: Arc::clone(connectivity),
            budget: Arc::clone(budget),
            turns: Turns::default(),
        }
    }

    /// Fetches the missing pictures of an article at the reader's request, also those beyond the
    /// number that is fetched automatically; at most [`MAX_PICTURES`] for each request.
    pub async fn fetch_pictures(self: &Arc<Self>, id: u64) -> Result<u32> {
        self.ctx.store.may_write()?;
        let requests = blocking(self, move |this| {
            let mut wishes = this.listed(ArticleId(id), true)?;
            wishes.retain(|wish| this.is_wanted(&wish.url, true).unwrap_or(true));
            if wishes.len() < MAX_PICTURES {
                wishes.extend(this.left_out_of(ArticleId(id))?);
            }
            wishes.truncate(MAX_PICTURES);
            Ok(wishes)
        })
        .await?;
        self.fetch_all(id, requests).await
    }

    /// Fetches the missing pictures of an article that was opened.
    pub(crate) async fn fetch_listed_pictures(self: &Arc<Self>, id: u64) -> Result<u32> {
        let requests = blocking(self, move |this| this.wishes_of(ArticleId(id), true)).await?;
        self.fetch_all(id, requests).await
    }

    async fn fetch_all(self: &Arc<Self>, id: u64, requests: Vec<PictureRequest>) -> Result<u32> {
        let (mut kept, mut unseen) = (0, 0);
        for request in requests {
            unseen += u32::from(self.fetch_picture(request).await?.is_some());
            if unseen == SHOWN_EVERY {
                self.ctx.emit(Event::PicturesArrived { articles: vec![id] });
                kept += std::mem::take(&mut unseen);
            }
        }
        if unseen > 0 {
            self.ctx.emit(Event::PicturesArrived { articles: vec![id] });
            kept += unseen;
        }
        blocking(self, move |this| this.budget.account(false)).await?;
        Ok(kept)
    }

    /// The pictures of an article that are not stored. `again`: includes those that failed
    /// recently.
    pub(crate) fn wishes_of(&self, id: ArticleId, again: bool) -> Result<Vec<PictureRequest>> {
        let mut wishes = Vec::new();
        for wish in self.all_pictures_of(id)? {
            if self.is_wanted(&wish.url, again)? {
                wishes.push(wish);
            }
        }
        Ok(wishes)
    }

    /// All pictures of an article's shown text, the lead picture first.
    pub(crate) fn all_pictures_of(&self, id: ArticleId) -> Result<Vec<PictureRequest>> {
        self.listed(id, false)
    }

    /// `asked`: the reader asked for the pictures of this article. Only then those of a newsletter
    /// are fetched: their addresses tell the sender who opened it.
    fn listed(&self, id: ArticleId, asked: bool) -> Result<Vec<PictureRequest>> {
        let Some((article, page)) = self.shown(id)? else {
            return Ok(Vec::new());
        };
        let lead = article.row.lead_picture.clone();
        let mut urls = page.map_or(article.pictures, |page| page.pictures);
        if let Some(lead) = &lead
            && !urls.contains(lead)
        {
            urls.insert(0, lead.clone());
        }
        // Articles stored by older versions may list more.
        urls.truncate(MAX_PICTURES + 1);
        let is_newsletter = self.is_newsletter(&article.row)?;
        urls.retain(|url| !is_inline(url) && (asked || !is_newsletter));
        self.requests(&article.row, urls)
    }

    /// The missing pictures of an article's shown text that are beyond [`MAX_PICTURES`].
    fn left_out_of(&self, id: ArticleId) -> Result<Vec<PictureRequest>> {
        let Some((article, page)) = self.shown(id)? else {
            return Ok(Vec::new());
        };
        let html = stored_html(page.map_or(article.html, |page| page.html));
        let mut listed = ListedPictures::default();
        let mut urls = Vec::new();
        let _ = rewrite_image_urls(&html, &mut |url| {
            if listed.list(url) == Listed::LeftOut {
                urls.push(url.to_owned());
            }
            ImageLocation::Missing
        });
        let mut wanted = Vec::new();
        for request in self.requests(&article.row, urls)? {
            if wanted.len() < MAX_PICTURES && self.is_wanted(&request.url, true)? {
                wanted.push(request);
            }
        }
        Ok(wanted)
    }

    fn is_newsletter(&self, row: &ArticleRow) -> Result<bool> {
        let feed = self.ctx.store.feed(row.feed)?;
        Ok(feed.is_some_and(|feed| feed.kind.is_newsletter()))
    }

    /// Stores a picture that arrived inside a message, under the address by which its text names it.
    /// What is not a picture is left out.
    pub(crate) fn keep_inline(&self, url: &str, bytes: &[u8]) -> Result<()> {
        let pictures = self.ctx.store.pictures();
        if !is_inline(url) || pictures.state(url)? == PictureState::Kept {
            return Ok(());
        }
        match picture::keep_with_thumbnail(bytes, MAX_WIDTH, Some(THUMBNAIL)) {
            Ok((kept, thumbnail)) => {
                if let Some(thumbnail) = thumbnail {
                    pictures.keep(&thumbnail_key(url), &stored(thumbnail))?;
                }
                pictures.keep(url, &stored(kept))?;
            }
            Err(bad) => pictures.set_failed(url, &bad.to_string(), self.ctx.now())?,
        }
        Ok(())
    }

    /// An article, and its page if that is shown.
    fn shown(&self, id: ArticleId) -> Result<Option<(Article, Option<FullText>)>> {
        let Some(article) = self.ctx.store.article(id)? else {
            return Ok(None);
        };
        let page = match self.ctx.store.full_text().state(id)? {
            FullTextState::Kept { shows: true, .. } => self.ctx.store.full_text().get(id)?,
            _ => None,
        };
        Ok(Some((article, page)))
    }

    fn requests(&self, row: &ArticleRow, urls: Vec<String>) -> Result<Vec<PictureRequest>> {
        let Some(feed) = self.ctx.store.feed(row.feed)? else {
            return Ok(Vec::new());
        };
        // The pictures of a saved page count as named by the page's site, not by a feed.
        let named_by = if feed.url == SAVED_PAGES {
            row.url.clone().unwrap_or_default()
        } else {
            feed.url
        };
        let request = |url: String| PictureRequest {
            with_thumbnail: row.lead_picture.as_ref() == Some(&url),
            url,
            named_by: named_by.clone(),
            article: Some(row.id),
        };
        Ok(urls.into_iter().map(request).collect())
    }

    pub(crate) fn is_wanted(&self, url: &str, again: bool) -> Result<bool> {
        Ok(match self.ctx.store.pictures().state(url)? {
            PictureState::Kept => false,
            PictureState::Unknown => true,
            PictureState::Failed(why, _) if is_speck(&why) => false,
            PictureState::Failed(_, at) => again || self.ctx.now() - at > RETRY_AFTER_SECONDS,
        })
    }

    /// Fetches, checks and stores one picture; returns the bytes transferred if it was stored now.
    /// A failure is stored with its reason unless the network was unreachable.
    pub(crate) async fn fetch_picture(
        self: &Arc<Self>,
        wish: PictureRequest,
    ) -> Result<Option<u64>> {
        Ok(match self.get_picture(wish, false).await? {
            Ok(GotPicture::New(wire_bytes)) => Some(wire_bytes),
            _ => None,
        })
    }

    /// Like [`Self::fetch_picture`], for packs: the picture is on disk when this returns, and an
    /// unreachable host is distinguished from an unreachable network.
    pub(crate) async fn picture_for_good(
        self: &Arc<Self>,
        wish: PictureRequest,
    ) -> Result<GotPicture> {
        let url = wish.url.clone();
        let (code, why) = match self.get_picture(wish, true).await? {
            Ok(got) => return Ok(got),
            Err(reason) => reason,
        };
        if self.connectivity.is_cut_off(&url).await? {
            return Ok(GotPicture::Offline);
        }
        blocking(self, move |this| {
            let now = this.ctx.now();
            this.ctx.store.pictures().set_failed(&url, &why, now)?;
            this.ctx.flush()
        })
        .await?;
        Ok(GotPicture::Failed(code))
    }

    /// Fetches, checks and stores one picture, and returns the result.
    pub(crate) async fn any_picture(self: &Arc<Self>, wish: PictureRequest) -> Result<GotPicture> {
        let got = self.get_picture(wish, false).await?;
        Ok(got.unwrap_or_else(|(code, _)| GotPicture::Failed(code)))
    }

    /// Returns the reason if the host was unreachable; that is not stored as a failure of the
    /// picture.
    async fn get_picture(
        self: &Arc<Self>,
        wish: PictureRequest,
        durably: bool,
    ) -> Result<std::result::Result<GotPicture, Reason>> {
        let turn = self.turns.of(&wish.url);
        let _turn = turn.lock().await;
        let url = wish.url.clone();
        let state = blocking(self, move |this| {
            Ok(this.ctx.store.pictures().state(&url)?)
        })
        .await?;
        match state {
            PictureState::Kept => return Ok(Ok(GotPicture::Here)),
            PictureState::Failed(why, _) if is_speck(&why) => return Ok(Ok(GotPicture::Nothing)),
            _ => {}
        }
        let host = host_of(&wish.url).unwrap_or_default();
        let insists = locked(&self.turns.insisting).contains(&host);
        let asked = wish.article;
        let shown_by = blocking(self, move |this| this.page_address(asked)).await?;
        let first = self
            .try_picture(&wish, shown_by.as_ref().filter(|_| insists))
            .await?;
        let got = match (&first, shown_by) {
            (Tried::Refused(_), Some(page)) if !insists => {
                match self.try_picture(&wish, Some(&page)).await? {
                    kept @ Tried::Fetched(..) => {
                        locked(&self.turns.insisting).insert(host);
                        kept
                    }
                    _ => first,
                }
            }
            _ => first,
        };
        blocking(self, move |this| {
            let got = match got {
                Tried::Fetched(kept, thumbnail, wire_bytes) => {
                    if let Some(thumbnail) = thumbnail {
                        let key = thumbnail_key(&wish.url);
                        this.ctx.store.pictures().keep(&key, &stored(thumbnail))?;
                    }
                    this.ctx.store.pictures().keep(&wish.url, &stored(kept))?;
                    GotPicture::New(wire_bytes)
                }
                Tried::Unreached(reason) => return Ok(Err(reason)),
                Tried::Refused((code, why)) | Tried::Bad((code, why)) => {
                    tracing::debug!(url = wish.url, why, "picture not stored");
                    let now = this.ctx.now();
                    this.ctx.store.pictures().set_failed(&wish.url, &why, now)?;
                    if is_speck(&why) {
                        GotPicture::Nothing
                    } else {
                        GotPicture::Failed(code)
                    }
                }
            };
            if durably {
                this.ctx.flush()?;
            }
            Ok(Ok(got))
        })
        .await
    }

    /// URL of the page that an article's pictures appear on.
    fn page_address(&self, article: Option<ArticleId>) -> Result<Option<String>> {
        let Some(id) = article else { return Ok(None) };
        let row = self.ctx.store.rows(&[id])?.pop();
        Ok(row.and_then(|row| row.url))
    }

    async fn try_picture(&self, wish: &PictureRequest, shown_by: Option<&String>) -> Result<Tried> {
        let request = Request {
            url: wish.url.clone(),
            wanted: Wanted::Picture,
            named_by: self.own_network.named_by(wish.named_by.clone()),
            referrer: shown_by.cloned(),
            ..Request::default()
        };
        let fetched = match self.ctx.http.fetch(request).await {
            Ok(Response::Fetched(fetched)) => fetched,
            Ok(Response::NotModified { .. }) => {
                return Ok(Tried::Bad((ProblemCode::Status, "nothing was sent".into())));
            }
            Err(error) => {
                let reason = (fetch_code(&error), error.to_string());
                if error.suggests_offline() {
                    return Ok(Tried::Unreached(reason));
                }
                let refused = matches!(
                    error,
                    FetchError::Status {
                        status: 400..=403 | 405 | 406 | 451,
                        ..
                    }
                );
                return Ok(if refused {
                    Tried::Refused(reason)
                } else {
                    Tried::Bad(reason)
                });
            }
        };
        let with_thumbnail = wish.with_thumbnail;
        off_thread(move || {
            let small = with_thumbnail.then_some(THUMBNAIL);
            match picture::keep_with_thumbnail(&fetched.bytes, MAX_WIDTH, small) {
                Ok((kept, small)) => Tried::Fetched(kept, small, fetched.wire_bytes),
                Err(bad) => {
                    let reason = (ProblemCode::BadPicture, bad.to_string());
                    // Some hosts answer requests without a referrer with a page.
                    if bad == BadPicture::Unknown {
                        Tried::Refused(reason)
                    } else {
                        Tried::Bad(reason)
                    }
                }
            }
        })
        .await
    }
}

/// Whether a picture arrived inside a message, so that it is nowhere to be fetched.
fn is_inline(url: &str) -> bool {
    host_of(url).is_some_and(|host| host == warta_mail::INLINE_HOST)
}

fn stored(kept: picture::Kept) -> Picture {
    Picture {
        media_type: kept.format.media_type().to_owned(),
        bytes: kept.bytes,
        width: kept.width,
        height: kept.height,
    }
}
