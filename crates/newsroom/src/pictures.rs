//! Pictures of articles: fetched by the engine, checked by content, kept for reading offline.

use warta_article::picture::{self, BadPicture};
use warta_net::{Answer, Request, Wanted};
use warta_store::{ArticleId, Picture, PictureState};

use crate::face::{Connection, Event};
use crate::{Newsroom, Result};

/// Wider pictures than this are scaled down: twice the widest reading column.
const MAX_WIDTH: u32 = 1600;
/// Width and height of a list's small picture, twice what it takes on screen.
const THUMBNAIL: (u32, u32) = (240, 180);
/// Pictures of one article at most.
const PICTURES_AN_ARTICLE: usize = 60;
/// A picture that failed is not asked for again, unless its article is opened, for this long.
const RETRY_AFTER_SECONDS: i64 = 7 * 86_400;

/// A picture to fetch and the article or feed that shows it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Wish {
    pub(crate) url: String,
    /// The page or feed that named it.
    pub(crate) named_by: String,
    pub(crate) article: Option<ArticleId>,
    pub(crate) with_thumbnail: bool,
}

/// Under what a list's small version of a picture is kept.
pub(crate) fn thumbnail_key(url: &str) -> String {
    format!("thumbnail:{url}")
}

impl Newsroom {
    /// Fetches what an article that is being read lacks, and says so by [`Event::PicturesArrived`].
    pub async fn complete_article(&self, id: u64) -> Result<u32> {
        if self.connection() == Connection::Offline {
            return Ok(0);
        }
        let newsroom = self.clone();
        let wishes = off_async(move || newsroom.wishes_of(ArticleId(id), true)).await??;
        let mut kept = 0;
        for wish in wishes {
            kept += u32::from(self.fetch_picture(wish).await?.is_some());
        }
        if kept > 0 {
            self.tell(Event::PicturesArrived { articles: vec![id] });
        }
        Ok(kept)
    }

    /// The pictures of an article that are not kept. `again`: also those that failed lately. Blocks.
    pub(crate) fn wishes_of(&self, id: ArticleId, again: bool) -> Result<Vec<Wish>> {
        let Some(article) = self.store().article(id)? else {
            return Ok(Vec::new());
        };
        let named_by = match self.store().feed(article.row.feed)? {
            Some(feed) => feed.url,
            None => return Ok(Vec::new()),
        };
        let lead = article.row.lead_picture;
        let mut urls = article.pictures;
        if let Some(lead) = &lead
            && !urls.contains(lead)
        {
            urls.insert(0, lead.clone());
        }
        let mut wishes = Vec::new();
        for url in urls.into_iter().take(PICTURES_AN_ARTICLE) {
            if self.is_wanted(&url, again)? {
                let with_thumbnail = lead.as_ref() == Some(&url);
                let named_by = named_by.clone();
                wishes.push(Wish {
                    url,
                    named_by,
                    article: Some(id),
                    with_thumbnail,
                });
            }
        }
        Ok(wishes)
    }

    pub(crate) fn is_wanted(&self, url: &str, again: bool) -> Result<bool> {
        Ok(match self.store().picture_state(url)? {
            PictureState::Kept => false,
            PictureState::Unknown => true,
            PictureState::Failed(_, at) => again || self.now() - at > RETRY_AFTER_SECONDS,
        })
    }

    /// Fetches, checks and keeps one picture; its bytes over the wire if it is kept now. That it
    /// failed is remembered with the reason, except when nobody could be reached.
    pub(crate) async fn fetch_picture(&self, wish: Wish) -> Result<Option<u64>> {
        let request = Request {
            url: wish.url.clone(),
            wanted: Wanted::Picture,
            named_by: Some(wish.named_by.clone()),
            ..Request::default()
        };
        let answer = self.inner.client.fetch(request).await;
        let newsroom = self.clone();
        off_async(move || match answer {
            Ok(Answer::Fetched(fetched)) => {
                let wire_bytes = fetched.wire_bytes;
                match newsroom.keep_picture(&wish, &fetched.bytes)? {
                    Ok(()) => Ok(Some(wire_bytes)),
                    Err(bad) => newsroom.picture_failed(&wish, &bad.to_string()),
                }
            }
            Ok(Answer::NotModified { .. }) => Ok(None),
            Err(error) if error.suggests_offline() => Ok(None),
            Err(error) => newsroom.picture_failed(&wish, &error.to_string()),
        })
        .await?
    }

    fn picture_failed(&self, wish: &Wish, why: &str) -> Result<Option<u64>> {
        tracing::debug!(url = wish.url, why, "a picture was not kept");
        self.store().picture_failed(&wish.url, why, self.now())?;
        Ok(None)
    }

    fn keep_picture(
        &self,
        wish: &Wish,
        bytes: &[u8],
    ) -> Result<std::result::Result<(), BadPicture>> {
        let kept = match picture::keep(bytes, MAX_WIDTH) {
            Ok(kept) => kept,
            Err(bad) => return Ok(Err(bad)),
        };
        if wish.with_thumbnail
            && let Ok(small) = picture::thumbnail(bytes, THUMBNAIL.0, THUMBNAIL.1)
        {
            self.store()
                .keep_picture(&thumbnail_key(&wish.url), &stored(small))?;
        }
        self.store().keep_picture(&wish.url, &stored(kept))?;
        Ok(Ok(()))
    }
}

fn stored(kept: picture::Kept) -> Picture {
    Picture {
        media_type: kept.format.media_type().to_owned(),
        bytes: kept.bytes,
        width: kept.width,
        height: kept.height,
    }
}

/// Runs blocking work beside the async threads.
pub(crate) async fn off_async<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(|error| {
        crate::face::Failure::new(crate::face::FailureCode::Internal, error.to_string())
    })
}
