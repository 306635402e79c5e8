//! Finds icons for feeds that name none and whose site has no `favicon.ico`, using the links on the
//! site's home page.

use std::sync::Arc;

use warta_net::{Request, Response, Wanted};
use warta_store::{Feed, PictureState};

use crate::api::{Event, Result};
use crate::context::{Context, blocking, off_thread};
use crate::network::own_network::OwnNetwork;
use crate::offline::pictures::{GotPicture, PictureRequest, Pictures};

/// Maximum number of sites fetched after a sync.
const SITES: usize = 8;
/// Maximum number of icons of a site that are tried.
const TRIED: usize = 4;
/// Seconds before a site is fetched again.
const AGAIN: i64 = 30 * 86_400;

/// Finds icons for feeds that name none.
pub(crate) struct Icons {
    ctx: Arc<Context>,
    own_network: Arc<OwnNetwork>,
    pictures: Arc<Pictures>,
}

impl Icons {
    pub(crate) fn new(
        ctx: &Arc<Context>,
        own_network: &Arc<OwnNetwork>,
        pictures: &Arc<Pictures>,
    ) -> Self {
        Self {
            ctx: Arc::clone(ctx),
            own_network: Arc::clone(own_network),
            pictures: Arc::clone(pictures),
        }
    }

    /// Finds missing icons for a few feeds.
    pub(crate) async fn find_icons(self: &Arc<Self>) -> Result<()> {
        if !self.ctx.settings().fetch_pictures {
            return Ok(());
        }
        for (feed, site) in blocking(self, move |this| this.without_icon()).await? {
            let found = self.icons_of(&feed, &site).await?;
            for url in found.into_iter().take(TRIED) {
                let wish = PictureRequest {
                    url: url.clone(),
                    named_by: feed.url.clone(),
                    article: None,
                    with_thumbnail: false,
                };
                if let GotPicture::New(_) | GotPicture::Here =
                    self.pictures.any_picture(wish).await?
                {
                    let id = feed.id;
                    blocking(self, move |this| this.take_icon(id, &url)).await?;
                    break;
                }
            }
            blocking(self, move |this| {
                let store = &this.ctx.store;
                Ok(store
                    .pictures()
                    .set_failed(&asked_key(&site), "asked", this.ctx.now())?)
            })
            .await?;
        }
        Ok(())
    }

    /// Feeds without an icon, and their sites.
    fn without_icon(&self) -> Result<Vec<(Feed, String)>> {
        let mut found = Vec::new();
        for feed in self.ctx.subscriptions()? {
            let site = feed.facts.site.clone();
            let Some(site) = site.filter(|site| site.starts_with("http")) else {
                continue;
            };
            let usual = crate::context::labels::icon_url(&feed).unwrap_or_default();
            let lacks = feed.facts.icon_url.is_none()
                && matches!(
                    self.ctx.store.pictures().state(&usual)?,
                    PictureState::Failed(..)
                );
            let lately = match self.ctx.store.pictures().state(&asked_key(&site))? {
                PictureState::Failed(_, at) => self.ctx.now() - at < AGAIN,
                _ => false,
            };
            if lacks && !lately {
                found.push((feed, site));
            }
            if found.len() >= SITES {
                break;
            }
        }
        Ok(found)
    }

    async fn icons_of(&self, feed: &Feed, site: &str) -> Result<Vec<String>> {
        let request = Request {
            url: site.to_owned(),
            wanted: Wanted::Page,
            named_by: self.own_network.named_by(feed.url.clone()),
            ..Request::default()
        };
        let Ok(Response::Fetched(page)) = self.ctx.http.fetch_if_allowed(request).await else {
            return Ok(Vec::new());
        };
        off_thread(move || {
            let content_type = page.content_type.as_deref();
            let mut icons = warta_feed::discovery::icons(&page.bytes, &page.url, content_type);
            // SVG can contain scripts, so it is not used.
            icons.retain(|icon| !icon.to_ascii_lowercase().contains(".svg"));
            icons
        })
        .await
    }

    fn take_icon(&self, feed: warta_store::FeedId, url: &str) -> Result<()> {
        let taken = self.ctx.store.update_feed(feed, &mut |feed| {
            feed.facts.icon_url = Some(url.to_owned());
        });
        match taken {
            Ok(feed) => {
                self.ctx.labels.learn(&feed);
                self.ctx.emit(Event::PlacesChanged);
                Ok(())
            }
            // Removed by the reader in the meantime.
            Err(warta_store::StoreError::NotFound(_)) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

/// The key under which a site's last attempt is stored.
fn asked_key(site: &str) -> String {
    format!("icons-of:{site}")
}
