//! One fetch: from a turn to the last byte.

use std::error::Error as _;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{self, HeaderMap};
use reqwest::{Response, StatusCode, redirect};
use url::Url;

use crate::bounds::Bounds;
use crate::headers;
use crate::private::{is_private, is_private_host};
use crate::{Answer, FetchError, Fetched, Limits, Request, Wanted};

/// Seconds that a host is left alone after a 429 or 503 that does not say for how long.
const USUAL_REST: u64 = 60;

/// Fetches. Cheap to clone; all clones share their connections and bounds.
#[derive(Debug, Clone)]
pub struct Client {
    /// Resolves names to any address.
    anywhere: reqwest::Client,
    /// Resolves names to public addresses only.
    public: reqwest::Client,
    bounds: Arc<Bounds>,
    limits: Limits,
}

impl Client {
    /// A client that calls itself `user_agent`.
    pub fn new(limits: Limits, user_agent: &str) -> Result<Self, FetchError> {
        // Fails only when a provider is there already, which serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = || {
            reqwest::Client::builder()
                .user_agent(user_agent)
                .redirect(redirect::Policy::none())
                .referer(false)
                .connect_timeout(limits.connect)
                .read_timeout(limits.total)
                .pool_max_idle_per_host(limits.per_host)
                .pool_idle_timeout(Duration::from_secs(60))
        };
        let unusable = |error: reqwest::Error| FetchError::BrokeOff(error.to_string());
        Ok(Self {
            anywhere: builder().build().map_err(unusable)?,
            public: builder().dns_resolver(PublicOnly).build().map_err(unusable)?,
            bounds: Arc::new(Bounds::new(limits.at_once, limits.per_host)),
            limits,
        })
    }

    /// Fetches within the client's bounds; waits for a turn first, which takes nothing off the time.
    pub async fn fetch(&self, request: Request) -> Result<Answer, FetchError> {
        let url = web_address(&request.url)?;
        let named_by_public =
            request.named_by.as_deref().is_some_and(|by| Url::parse(by).is_ok_and(|u| !is_private_host(&u)));
        let host = host_of(&url);
        let turn = self.bounds.turn(&host).await;
        let work = self.follow(url, &request, named_by_public);
        let answer = tokio::time::timeout(self.limits.total, work)
            .await
            .unwrap_or(Err(FetchError::TimedOut(self.limits.total)));
        drop(turn);
        answer
    }

    async fn follow(
        &self,
        first: Url,
        request: &Request,
        named_by_public: bool,
    ) -> Result<Answer, FetchError> {
        let started = Instant::now();
        let mut url = first;
        // Where permanent moves lead, as long as every hop was one.
        let mut moved_to = None;
        let mut all_permanent = true;
        // Once on the public web, a redirect cannot lead back into the reader's network.
        let mut public_only = named_by_public || !is_private_host(&url);
        for _ in 0..=self.limits.redirects {
            if named_by_public && is_private_host(&url) {
                return Err(FetchError::PrivateAddress(host_of(&url)));
            }
            let host = host_of(&url);
            self.bounds.rest_of(&host)?;
            let response = self.ask(&url, request, named_by_public).await?;
            let status = response.status();
            if status == StatusCode::NOT_MODIFIED {
                return Ok(Answer::NotModified { took: started.elapsed() });
            }
            if let Some(next) = redirect_target(&response, &url)? {
                let permanent = matches!(
                    status,
                    StatusCode::MOVED_PERMANENTLY | StatusCode::PERMANENT_REDIRECT
                );
                all_permanent &= permanent;
                moved_to = all_permanent.then(|| next.to_string());
                if public_only && is_private_host(&next) {
                    return Err(FetchError::PrivateAddress(host_of(&next)));
                }
                public_only |= !is_private_host(&next);
                url = next;
                continue;
            }
            if !status.is_success() {
                return Err(self.refused(&host, status, response.headers()));
            }
            return self.body(response, url, moved_to, request.wanted, started).await;
        }
        Err(FetchError::TooManyRedirects)
    }

    async fn ask(&self, url: &Url, request: &Request, public: bool) -> Result<Response, FetchError> {
        let client = if public { &self.public } else { &self.anywhere };
        let mut asked = HeaderMap::new();
        asked.insert(header::ACCEPT, headers::accept(request.wanted));
        headers::conditional(&request.validators, &mut asked);
        let mut address = url.clone();
        let credentials = (!url.username().is_empty()).then(|| {
            // Both fail only for addresses without a host, which were refused before.
            let _ = address.set_username("");
            let _ = address.set_password(None);
            (decoded(url.username()), url.password().map(decoded))
        });
        let mut call = client.get(address).headers(asked);
        if let Some((user, password)) = credentials {
            call = call.basic_auth(user, password);
        }
        call.send().await.map_err(|error| self.failure(&error, url))
    }

    async fn body(
        &self,
        mut response: Response,
        mut url: Url,
        moved_to: Option<String>,
        wanted: Wanted,
        started: Instant,
    ) -> Result<Answer, FetchError> {
        let bound = match wanted {
            Wanted::Feed => self.limits.feed_bytes,
            Wanted::Page => self.limits.page_bytes,
            Wanted::Picture => self.limits.picture_bytes,
        };
        let announced = response
            .headers()
            .get(header::CONTENT_LENGTH)
            .and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
        if announced.is_some_and(|length| length > bound) {
            return Err(FetchError::TooLarge(bound));
        }
        let validators = headers::validators(response.headers());
        let content_type = headers::text(response.headers(), header::CONTENT_TYPE);
        let max_age = headers::max_age(response.headers());
        let mut bytes = Vec::with_capacity(announced.unwrap_or(0).min(1 << 20) as usize);
        while let Some(chunk) =
            response.chunk().await.map_err(|error| self.failure(&error, &url))?
        {
            if (bytes.len() + chunk.len()) as u64 > bound {
                return Err(FetchError::TooLarge(bound));
            }
            bytes.extend_from_slice(&chunk);
        }
        let _ = url.set_username("");
        let _ = url.set_password(None);
        Ok(Answer::Fetched(Fetched {
            wire_bytes: announced.unwrap_or(bytes.len() as u64),
            bytes,
            url: url.into(),
            moved_to,
            content_type,
            validators,
            max_age,
            took: started.elapsed(),
        }))
    }

    fn refused(&self, host: &str, status: StatusCode, headers: &HeaderMap) -> FetchError {
        let retry_after = headers::retry_after(headers);
        if matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE) {
            let asked = status == StatusCode::TOO_MANY_REQUESTS || retry_after.is_some();
            if asked {
                self.bounds.rest(host, status.as_u16(), retry_after.unwrap_or(USUAL_REST));
            }
        }
        FetchError::Status { status: status.as_u16(), retry_after }
    }

    /// What a failure of the HTTP library means, from its chain of causes.
    fn failure(&self, error: &reqwest::Error, url: &Url) -> FetchError {
        let host = host_of(url);
        let mut cause = error.source();
        let mut words = Vec::new();
        while let Some(current) = cause {
            if let Some(private) = current.downcast_ref::<OnlyPrivate>() {
                return FetchError::PrivateAddress(private.0.clone());
            }
            if let Some(tls) = current.downcast_ref::<rustls::Error>() {
                return FetchError::Tls(host, tls.to_string());
            }
            // Errors of streams carry their cause inside rather than behind them.
            if let Some(io) = current.downcast_ref::<std::io::Error>()
                && let Some(tls) = io.get_ref().and_then(|e| e.downcast_ref::<rustls::Error>())
            {
                return FetchError::Tls(host, tls.to_string());
            }
            words.push(current.to_string());
            cause = current.source();
        }
        let words = words.join(": ");
        if error.is_timeout() {
            let bound = if error.is_connect() { self.limits.connect } else { self.limits.total };
            FetchError::TimedOut(bound)
        } else if error.is_connect() && words.contains("dns error") {
            FetchError::HostNotFound(host)
        } else if error.is_connect() {
            FetchError::NoConnection(host)
        } else if error.is_builder() {
            FetchError::BadAddress(host)
        } else {
            FetchError::BrokeOff(words)
        }
    }
}

fn web_address(address: &str) -> Result<Url, FetchError> {
    let shown = || {
        // What is no address may still hold a password.
        address.rsplit('@').next().unwrap_or_default().chars().take(200).collect::<String>()
    };
    let url = Url::parse(address.trim()).map_err(|_| FetchError::BadAddress(shown()))?;
    if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
        return Err(FetchError::BadAddress(shown()));
    }
    Ok(url)
}

fn host_of(url: &Url) -> String {
    url.host_str().unwrap_or_default().to_ascii_lowercase()
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let escaped = (*first == b'%')
            .then(|| std::str::from_utf8(tail.get(..2)?).ok())
            .flatten()
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        bytes.push(escaped.unwrap_or(*first));
        rest = if escaped.is_some() { &tail[2..] } else { tail };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Where a redirect leads; none if the answer is no redirect.
fn redirect_target(response: &Response, from: &Url) -> Result<Option<Url>, FetchError> {
    if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let Some(location) = response.headers().get(header::LOCATION) else { return Ok(None) };
    let location = String::from_utf8_lossy(location.as_bytes());
    let next = from.join(location.trim()).map_err(|_| {
        FetchError::BadAddress(location.chars().take(200).collect())
    })?;
    web_address(next.as_str()).map(Some)
}

/// Resolves names to public addresses only, whatever a name server says (no DNS rebinding).
struct PublicOnly;

#[derive(Debug)]
struct OnlyPrivate(String);

impl std::fmt::Display for OnlyPrivate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} has no public address", self.0)
    }
}

impl std::error::Error for OnlyPrivate {}

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let host = name.as_str().to_owned();
            let found: Vec<SocketAddr> = tokio::net::lookup_host((host.as_str(), 0)).await?.collect();
            let public: Vec<SocketAddr> =
                found.into_iter().filter(|address| !is_private(address.ip())).collect();
            if public.is_empty() {
                return Err(OnlyPrivate(host).into());
            }
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_never_show() {
        let error = web_address("ftp://ani:rahasia@e.org/").unwrap_err();
        assert!(!error.to_string().contains("rahasia"), "{error}");
        assert_eq!(decoded("a%40b%zz"), "a@b%zz");
    }

}
