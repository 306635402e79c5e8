//! Requests for feeds and pages: validators, credentials, protection of the private network.

use std::sync::Arc;

use warta_net::{
    Custom, FetchError, FetchPermit, Fetched, Request, Response, Secret, Validators, Wanted,
};
use warta_store::Feed;

use crate::api::Result;
use crate::context::{Context, off_thread};
use crate::network::credentials::{Credentials, may_be_sent};
use crate::network::own_network::OwnNetwork;

/// Builds requests: validators, credentials, private-network protection.
pub(crate) struct Requests {
    ctx: Arc<Context>,
    credentials: Arc<Credentials>,
    own_network: Arc<OwnNetwork>,
}

impl Requests {
    pub(crate) fn new(
        ctx: &Arc<Context>,
        credentials: &Arc<Credentials>,
        own_network: &Arc<OwnNetwork>,
    ) -> Self {
        Self {
            ctx: Arc::clone(ctx),
            credentials: Arc::clone(credentials),
            own_network: Arc::clone(own_network),
        }
    }

    pub(crate) async fn fetch(
        &self,
        url: &str,
        wanted: Wanted,
        named_by: Option<String>,
    ) -> std::result::Result<Fetched, FetchError> {
        let request = self.request_to(url, wanted, named_by);
        match self.ctx.http.fetch(request).await? {
            // Release the permit: the caller makes further fetches while it holds this result.
            Response::Fetched(fetched) => Ok(Fetched {
                permit: FetchPermit::default(),
                ..fetched
            }),
            Response::NotModified { .. } => Err(FetchError::Status {
                status: 304,
                retry_after: None,
            }),
        }
    }

    /// The request for an address that is not subscribed to, with the credentials that the reader
    /// gave in it.
    pub(crate) fn request_to(
        &self,
        url: &str,
        wanted: Wanted,
        named_by: Option<String>,
    ) -> Request {
        let offered = self.credentials.offered(url);
        Request {
            url: url.to_owned(),
            wanted,
            named_by,
            custom: Custom {
                login: offered.map(|(user, password)| (user, Secret(password))),
                ..Custom::default()
            },
            ..Request::default()
        }
    }

    /// The request for an address that a feed names. The feed's credentials are sent to its own
    /// origin only.
    pub(crate) async fn request_named_by(
        self: &Arc<Self>,
        feed: &Feed,
        url: &str,
    ) -> Result<Request> {
        let mut custom = self.request_for(feed).await?.custom;
        if !may_be_sent(&feed.url, url) {
            custom.login = None;
            custom.headers.clear();
        }
        Ok(Request {
            url: url.to_owned(),
            named_by: self.own_network.named_by(feed.url.clone()),
            custom,
            ..Request::default()
        })
    }

    /// The request for a feed. Reads the keyring only if the feed has secrets.
    pub(crate) async fn request_for(self: &Arc<Self>, feed: &Feed) -> Result<Request> {
        let mut custom = warta_net::Custom {
            user_agent: feed.options.user_agent.clone(),
            ..warta_net::Custom::default()
        };
        if feed.options.secret {
            let (this, url) = (Arc::clone(self), feed.url.clone());
            let secrets = off_thread(move || this.credentials.of(&url)).await?;
            custom.login = secrets
                .login
                .map(|(user, password)| (user, warta_net::Secret(password)));
            custom.headers = secrets
                .headers
                .into_iter()
                .map(|(name, value)| (name, warta_net::Secret(value)))
                .collect();
        }
        Ok(Request {
            url: feed.url.clone(),
            wanted: Wanted::Feed,
            validators: Validators {
                etag: feed.facts.etag.clone(),
                last_modified: feed.facts.last_modified.clone(),
            },
            custom,
            public_only: self.own_network.is_public_feed(feed),
            ..Request::default()
        })
    }
}
