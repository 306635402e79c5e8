//! One fetch: from its permit to the last byte.

use std::collections::{HashMap, HashSet};
use std::error::Error as _;
use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};
use std::time::{Duration, Instant};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{self, HeaderMap, HeaderValue};
use reqwest::{StatusCode, redirect};
use url::Url;

use crate::content_encoding::{self, EncodedBody};
use crate::cookies::CookieJar;
use crate::error::FetchError;
use crate::headers;
use crate::limits::Limits;
use crate::proxy::Proxies;
use crate::rate_limit::{FetchPermit, HostPermit, RateLimiter};
use crate::request::{PartialDownload, Proxy, Request, Wanted, keeps_secrets};
use crate::response::{Fetched, Response};
use crate::robots::{self, RobotsCache, Rules};
use crate::sniff;
use crate::ssrf::{is_private, is_private_host, is_this_machine};

/// Backoff after a 429 without `Retry-After`, in seconds.
const DEFAULT_BACKOFF: u64 = 60;

/// Maximum number of header lines; some sites send more than a hundred.
const MAX_HEADERS: usize = 512;
/// Bodies above this size are large: only a few are in memory at once, in bytes.
const LARGE: u64 = 8 << 20;
/// Compressed bodies above this size are decompressed off the async threads, in bytes.
const SLOW_TO_DECODE: usize = 256 << 10;
/// Maximum size of a robots.txt.
const ROBOTS_BYTES: u64 = 1 << 20;
/// Maximum size of an update manifest.
const MANIFEST_BYTES: u64 = 256 << 10;

/// An HTTP client. Cheap to clone; all clones share their connections and limits.
#[derive(Debug, Clone)]
pub struct Client {
    rate_limiter: Arc<RateLimiter>,
    pub(crate) limits: Limits,
    clients: Arc<RwLock<Arc<HttpClients>>>,
    user_agent: String,
    robots_cache: Arc<RobotsCache>,
    pub(crate) spent: Arc<AtomicU64>,
}

/// One HTTP client per kind of target, each built on first use: reading the system's certificates
/// takes longer than the rest of the start.
#[derive(Debug, Default)]
struct HttpClients {
    proxy: Proxy,
    proxies: OnceLock<Proxies>,
    /// For any address, through the proxy if there is one.
    anywhere: OnceLock<Result<reqwest::Client, FetchError>>,
    /// Without a proxy; names resolve to public addresses only.
    public: OnceLock<Result<reqwest::Client, FetchError>>,
    /// For a proxy that takes addresses instead of names: all names but the proxies' own resolve to
    /// public addresses only.
    public_by_proxy: OnceLock<Result<reqwest::Client, FetchError>>,
    /// For this machine, which no proxy could reach.
    machine: OnceLock<Result<reqwest::Client, FetchError>>,
    /// For this machine without encryption, which needs no certificates.
    machine_plain: OnceLock<Result<reqwest::Client, FetchError>>,
}

/// The result of one request.
struct Hop {
    result: HopResult,
    /// Whether a private address responded; false behind a proxy, where it is unknown.
    from_private: bool,
}

enum HopResult {
    /// A success, or 304.
    Response(reqwest::Response),
    Redirect(Redirect),
}

/// The HTTP client for a target.
pub(crate) struct Route {
    pub(crate) client: reqwest::Client,
    is_proxied: bool,
}

/// What a fetch carries from hop to hop.
struct Hops<'r> {
    request: &'r Request,
    /// The part of the body that is already on disk.
    partial: Option<&'r PartialDownload>,
    /// The requested address: secrets and validators are for its origin only.
    home: &'r Url,
    cookies: CookieJar,
}

/// The response at the end of a request's redirects.
pub(crate) struct FinalResponse {
    pub(crate) response: reqwest::Response,
    pub(crate) url: Url,
    /// The target of permanent redirects before the first temporary one.
    pub(crate) moved_to: Option<String>,
    /// Whether the requested address has a public name, but a private address responded.
    pub(crate) is_inside: bool,
    pub(crate) permit: HostPermit,
    /// Time spent so far.
    pub(crate) spent: Duration,
}

struct Redirect {
    to: Url,
    /// 301 or 308.
    permanent: bool,
}

impl Client {
    /// A client with this user agent.
    pub fn new(limits: Limits, user_agent: &str) -> Result<Self, FetchError> {
        if HeaderValue::from_str(user_agent).is_err() {
            return Err(FetchError::BadAddress("the user agent".into()));
        }
        Ok(Self {
            rate_limiter: Arc::new(RateLimiter::new(&limits)),
            limits,
            clients: Arc::default(),
            user_agent: user_agent.to_owned(),
            robots_cache: Arc::default(),
            spent: Arc::default(),
        })
    }

    /// Sets the proxy for later fetches.
    pub fn set_proxy(&self, proxy: Proxy) -> Result<(), FetchError> {
        if let Proxy::At(address) = &proxy {
            reqwest::Proxy::all(address).map_err(|_| bad_address(address))?;
        }
        let fresh = Arc::new(HttpClients {
            proxy,
            ..HttpClients::default()
        });
        *self.clients.write().unwrap_or_else(PoisonError::into_inner) = fresh;
        Ok(())
    }

    /// Bytes of bodies received over the wire so far, including incomplete ones.
    #[must_use]
    pub fn spent(&self) -> u64 {
        self.spent.load(Ordering::Relaxed)
    }

    /// Adds bytes that arrived by another protocol than HTTP to [`Client::spent`].
    pub fn count_other_bytes(&self, bytes: u64) {
        self.spent.fetch_add(bytes, Ordering::Relaxed);
    }

    /// [`Client::fetch`] for what Warta fetches by itself rather than on the reader's request: only
    /// if the site's robots.txt allows it, which is fetched first if it is not cached.
    pub async fn fetch_if_allowed(&self, request: Request) -> Result<Response, FetchError> {
        if self.allows(&request).await? {
            self.fetch(request).await
        } else {
            let host = web_address(&request.url).map(|url| host_of(&url))?;
            Err(FetchError::DisallowedByRobots(host))
        }
    }

    /// Whether the robots.txt of the address's site allows [`Client::fetch_if_allowed`].
    pub async fn allows(&self, request: &Request) -> Result<bool, FetchError> {
        let url = web_address(&request.url)?;
        Ok(self.robots_rules(&url, request).await?.allow(&url))
    }

    /// The absolute addresses of the sitemaps that the robots.txt of an address's site names; none
    /// without a robots.txt. `request` as for [`Client::fetch_if_allowed`].
    pub async fn sitemaps(&self, request: &Request) -> Result<Vec<String>, FetchError> {
        let url = web_address(&request.url)?;
        let rules = self.robots_rules(&url, request).await?;
        let absolute = rules
            .sitemaps
            .iter()
            .filter_map(|named| url.join(named).ok());
        let web = absolute.filter(|url| matches!(url.scheme(), "http" | "https"));
        Ok(web.map(without_fragment).collect())
    }

    async fn robots_rules(&self, url: &Url, request: &Request) -> Result<Arc<Rules>, FetchError> {
        let origin = url.origin().ascii_serialization();
        let unreachable = |cause: FetchError| {
            if cause.suggests_offline() {
                return cause;
            }
            FetchError::RobotsUnreachable {
                host: host_of(url),
                cause: Box::new(cause),
            }
        };
        if let Some(answered) = self.robots_cache.get(&origin) {
            return answered.map_err(unreachable);
        }
        let address = robots::address(url).ok_or_else(|| bad_address(url.as_str()))?;
        let asked = Request {
            url: address.into(),
            wanted: Wanted::Robots,
            named_by: request.named_by.clone(),
            ..Request::default()
        };
        let answered = match self.fetch(asked).await {
            Ok(Response::Fetched(fetched)) => Ok(Arc::new(Rules::parse(&fetched.bytes))),
            // No robots.txt: everything is allowed.
            Ok(Response::NotModified { .. })
            | Err(FetchError::Status {
                status: 400..=428 | 430..=499,
                ..
            }) => Ok(Arc::default()),
            Err(error) => Err(error),
        };
        self.robots_cache.insert(origin, &answered);
        answered.map_err(unreachable)
    }

    /// Fetches within the client's limits. Waits for a permit of each host along the redirects; the
    /// wait does not count towards the timeout.
    pub async fn fetch(&self, request: Request) -> Result<Response, FetchError> {
        let last = self.follow(&request, None).await?;
        if last.response.status() == StatusCode::NOT_MODIFIED {
            return Ok(Response::NotModified {
                took: last.spent,
                validators: headers::validators(last.response.headers()),
                moved_to: last.moved_to,
            });
        }
        let began = Instant::now();
        let left = self.limits.total.saturating_sub(last.spent);
        let body = self.body(last.response, last.url, request.wanted);
        let mut fetched = tokio::time::timeout(left, body)
            .await
            .unwrap_or(Err(FetchError::TimedOut(self.limits.total)))?;
        fetched.permit.join(last.permit.into_fetch_permit());
        Ok(Response::Fetched(Fetched {
            moved_to: last.moved_to,
            is_inside: last.is_inside,
            took: last.spent + began.elapsed(),
            ..fetched
        }))
    }

    /// Follows a request's redirects to the final response, whose body is not read yet. With
    /// `partial`, requests only the rest of the body.
    pub(crate) async fn follow(
        &self,
        request: &Request,
        partial: Option<&PartialDownload>,
    ) -> Result<FinalResponse, FetchError> {
        let home = web_address(&request.url)?;
        let mut url = home.clone();
        // The reader may request any address; what a public page names must be public too.
        let mut public_only = request
            .named_by
            .as_deref()
            .is_some_and(|by| Url::parse(by).is_ok_and(|by| !is_private_host(&by)));
        let is_known_public = request.public_only && !is_private_host(&home);
        let mut resolved_public_only = public_only || is_known_public;
        let mut hops = Hops {
            request,
            partial,
            home: &home,
            cookies: CookieJar::default(),
        };
        let mut moved_to = None;
        let mut all_permanent = true;
        let mut is_inside = None;
        let mut spent = Duration::ZERO;
        let mut permit = self.permit(&url).await;
        for _ in 0..=self.limits.redirects {
            if public_only && is_private_host(&url) {
                return Err(FetchError::PrivateAddress(host_of(&url)));
            }
            let route = self.client_for(&url, resolved_public_only)?;
            let began = Instant::now();
            let left = self.limits.total.saturating_sub(spent);
            let hop = tokio::time::timeout(left, self.hop(&route, &url, &mut hops))
                .await
                .unwrap_or(Err(FetchError::TimedOut(self.limits.total)))?;
            spent += began.elapsed();
            let is_public_name = !is_private_host(&url);
            let is_inside = *is_inside.get_or_insert(is_public_name && hop.from_private);
            match hop.result {
                HopResult::Response(response) => {
                    return Ok(FinalResponse {
                        response,
                        url,
                        moved_to,
                        is_inside,
                        permit,
                        spent,
                    });
                }
                HopResult::Redirect(Redirect { to, permanent }) => {
                    all_permanent &= permanent;
                    if all_permanent {
                        moved_to = Some(without_fragment(to.clone()));
                    }
                    // After a public address, no redirect may lead into the reader's network.
                    public_only |= is_public_name;
                    resolved_public_only |= is_public_name && !hop.from_private;
                    if host_of(&to) != host_of(&url) {
                        drop(permit);
                        permit = self.permit(&to).await;
                    }
                    url = to;
                }
            }
        }
        drop(permit);
        Err(FetchError::TooManyRedirects)
    }

    /// Whether the client is backing off from the address's host: a fetch now fails with the host's
    /// last response, without a request.
    #[must_use]
    pub fn is_backing_off(&self, url: &str) -> bool {
        web_address(url).is_ok_and(|url| self.check_backoff(&host_of(&url)).is_err())
    }

    /// Fails while the client is backing off from a host.
    pub(crate) fn check_backoff(&self, host: &str) -> Result<(), FetchError> {
        self.rate_limiter.check_backoff(host)
    }

    /// Timeout of a whole exchange.
    pub(crate) fn timeout(&self) -> Duration {
        self.limits.total
    }

    pub(crate) async fn permit(&self, url: &Url) -> HostPermit {
        self.rate_limiter
            .acquire(&host_of(url), !is_this_machine(url))
            .await
    }

    /// The client for an address. Private addresses are refused as targets only: a proxy may be in
    /// the reader's own network. Where a proxy resolves names, only the name is checked.
    pub(crate) fn client_for(&self, url: &Url, public_only: bool) -> Result<Route, FetchError> {
        let clients = Arc::clone(&self.clients.read().unwrap_or_else(PoisonError::into_inner));
        let builder = || match &clients.proxy {
            Proxy::System => self.builder(),
            Proxy::None => self.builder().no_proxy(),
            Proxy::At(address) => match reqwest::Proxy::all(address) {
                Ok(proxy) => self.builder().proxy(proxy),
                // Was validated when it was set.
                Err(_) => self.builder(),
            },
        };
        let is_machine = is_this_machine(url);
        let proxies = clients.proxies.get_or_init(|| Proxies::of(&clients.proxy));
        let proxy = proxies.of_target(url).filter(|_| !is_machine);
        let client = match &proxy {
            _ if is_machine && url.scheme() == "http" => clients.machine_plain.get_or_init(|| {
                build(self.builder().no_proxy().tls_certs_only(std::iter::empty()))
            }),
            _ if is_machine => clients
                .machine
                .get_or_init(|| build(self.builder().no_proxy())),
            None if public_only => clients.public.get_or_init(|| {
                let lookup = Lookup {
                    public_only,
                    ..self.lookup()
                };
                build(self.builder().no_proxy().dns_resolver(lookup))
            }),
            Some(proxy) if public_only && proxy.wants_addresses => {
                if proxies.hosts().contains(&host_of(url)) {
                    return Err(FetchError::PrivateAddress(host_of(url)));
                }
                clients.public_by_proxy.get_or_init(|| {
                    let lookup = Lookup {
                        public_only,
                        except: Arc::clone(proxies.hosts()),
                        ..self.lookup()
                    };
                    build(builder().dns_resolver(lookup))
                })
            }
            _ => clients
                .anywhere
                .get_or_init(|| build(builder().dns_resolver(self.lookup()))),
        };
        Ok(Route {
            client: client.clone()?,
            is_proxied: proxy.is_some(),
        })
    }

    fn lookup(&self) -> Lookup {
        Lookup {
            known: Arc::clone(&self.limits.names),
            ..Lookup::default()
        }
    }

    fn builder(&self) -> reqwest::ClientBuilder {
        // Fails only if a provider is installed already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        reqwest::Client::builder()
            .user_agent(&self.user_agent)
            .redirect(redirect::Policy::none())
            .referer(false)
            // Invalid header lines are ignored, as browsers and curl do.
            .http1_ignore_invalid_headers_in_responses(true)
            .http1_allow_spaces_after_header_name_in_responses(true)
            .http1_allow_obsolete_multiline_headers_in_responses(true)
            .http1_max_headers(MAX_HEADERS)
            .connect_timeout(self.limits.connect)
            .pool_max_idle_per_host(self.limits.per_host)
            .pool_idle_timeout(Duration::from_mins(1))
    }

    /// One request and its response.
    async fn hop(&self, route: &Route, url: &Url, hops: &mut Hops<'_>) -> Result<Hop, FetchError> {
        let host = host_of(url);
        self.rate_limiter.check_backoff(&host)?;
        let response = self.ask(&route.client, url, hops).await?;
        let status = response.status();
        let from_private = !route.is_proxied
            && response
                .remote_addr()
                .is_some_and(|peer| is_private(peer.ip()));
        let result = if status == StatusCode::NOT_MODIFIED {
            HopResult::Response(response)
        } else if let Some(to) = redirect_target(&response, url)? {
            hops.cookies.store(response.headers(), url);
            HopResult::Redirect(Redirect {
                to,
                permanent: matches!(status.as_u16(), 301 | 308),
            })
        } else if status.is_success() {
            HopResult::Response(response)
        } else {
            return Err(self.refused(&host, status, response.headers()));
        };
        Ok(Hop {
            result,
            from_private,
        })
    }

    async fn ask(
        &self,
        client: &reqwest::Client,
        url: &Url,
        hops: &Hops<'_>,
    ) -> Result<reqwest::Response, FetchError> {
        let Hops { request, home, .. } = *hops;
        let at_home = keeps_secrets(home, url);
        let mut asked = HeaderMap::new();
        asked.insert(header::ACCEPT, headers::accept(request.wanted));
        // Audio and packages are compressed already, and range requests count the file's own bytes.
        let codings = match request.wanted {
            Wanted::Audio | Wanted::Package => "identity",
            _ => content_encoding::ACCEPTED,
        };
        asked.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(codings));
        if let Some(partial) = hops.partial {
            headers::range(partial, &mut asked);
        }
        if at_home {
            headers::conditional(&request.validators, &mut asked);
            headers::referrer(request.referrer.as_deref(), url, &mut asked);
        }
        headers::custom(&request.custom, at_home, &mut asked);
        hops.cookies.send(url, &mut asked);
        let login = request.custom.login.as_ref().filter(|_| at_home);
        let credentials = login
            .map(|(user, password)| (user.clone(), Some(password.0.clone())))
            .or_else(|| in_address(url))
            .or_else(|| in_address(home).filter(|_| at_home));
        let mut call = client.get(without_credentials(url.clone())).headers(asked);
        if let Some((user, password)) = credentials {
            call = call.basic_auth(user, password);
        }
        // A GET is safe to repeat: it is sent once more if the server closed the idle connection
        // while the request was being sent.
        let again = call.try_clone();
        let sent = match (call.send().await, again) {
            (Err(error), Some(again)) if is_dropped(&error) => again.send().await,
            (sent, _) => sent,
        };
        sent.map_err(|error| self.failure(&error, url))
    }

    async fn body(
        &self,
        mut response: reqwest::Response,
        url: Url,
        wanted: Wanted,
    ) -> Result<Fetched, FetchError> {
        let bound = match wanted {
            Wanted::Feed | Wanted::FeedOrPage => self.limits.feed_bytes,
            Wanted::Page => self.limits.page_bytes,
            Wanted::Picture => self.limits.picture_bytes,
            Wanted::Audio | Wanted::Package => self.limits.audio_bytes,
            Wanted::Manifest => MANIFEST_BYTES,
            Wanted::Robots => ROBOTS_BYTES,
        };
        let announced = response
            .headers()
            .get(header::CONTENT_LENGTH)
            .and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
        // A file in place of a page is reported as such even if it is too large.
        let mut is_page = (wanted != Wanted::Page).then_some(true);
        let is_too_large = announced.is_some_and(|length| length > bound);
        if is_too_large && is_page.is_some() {
            return Err(FetchError::TooLarge(bound));
        }
        let validators = headers::validators(response.headers());
        let content_type = headers::text(response.headers(), header::CONTENT_TYPE);
        let max_age = headers::max_age(response.headers());
        let codings = headers::text(response.headers(), header::CONTENT_ENCODING)
            .filter(|codings| content_encoding::changes(codings));
        let mut permit = FetchPermit::default();
        let mut bytes = Vec::with_capacity(announced.unwrap_or(0).min(1 << 20) as usize);
        while let Some(chunk) = response
            .chunk()
            .await
            .map_err(|error| self.failure(&error, &url))?
        {
            let length = (bytes.len() + chunk.len()) as u64;
            if length > bound {
                return Err(FetchError::TooLarge(bound));
            }
            if length > LARGE && wanted != Wanted::Audio {
                self.rate_limiter.allow_large(&mut permit).await;
            }
            self.spent.fetch_add(chunk.len() as u64, Ordering::Relaxed);
            bytes.extend_from_slice(&chunk);
            if is_page.is_none() && bytes.len() >= sniff::LOOKED_AT {
                is_page = Some(true);
                let beginning = content_encoding::beginning(&bytes, codings.as_deref());
                refuse_files(content_type.as_deref(), beginning.as_deref())?;
                if is_too_large {
                    return Err(FetchError::TooLarge(bound));
                }
            }
        }
        let wire_bytes = bytes.len() as u64;
        let encoded = EncodedBody {
            bytes,
            codings,
            is_text: !matches!(wanted, Wanted::Picture | Wanted::Audio),
        };
        let bytes = self.decode(encoded, bound, &mut permit).await?;
        if wanted == Wanted::Page {
            refuse_files(content_type.as_deref(), Some(&bytes))?;
        }
        Ok(Fetched {
            wire_bytes,
            bytes,
            url: without_credentials(url).into(),
            moved_to: None,
            is_inside: false,
            content_type,
            validators,
            max_age,
            took: Duration::ZERO,
            permit,
        })
    }

    /// Decodes the body. A large one waits until few others are large.
    async fn decode(
        &self,
        encoded: EncodedBody,
        bound: u64,
        permit: &mut FetchPermit,
    ) -> Result<Vec<u8>, FetchError> {
        if !encoded.is_encoded() {
            return Ok(encoded.bytes);
        }
        let encoded = Arc::new(encoded);
        let decode = |bound: u64| {
            let encoded = Arc::clone(&encoded);
            async move {
                // Handing it to another thread pays off only for larger bodies.
                if encoded.bytes.len() <= SLOW_TO_DECODE {
                    return encoded.decoded(bound);
                }
                tokio::task::spawn_blocking(move || encoded.decoded(bound))
                    .await
                    .map_err(|error| FetchError::BrokeOff(error.to_string()))?
            }
        };
        let decoded = match decode(bound.min(LARGE)).await {
            Err(FetchError::TooLarge(least)) if least < bound => {
                self.rate_limiter.allow_large(permit).await;
                decode(bound).await?
            }
            other => other?,
        };
        Ok(decoded.unwrap_or_else(|| {
            Arc::try_unwrap(encoded)
                .map_or_else(|encoded| encoded.bytes.clone(), |encoded| encoded.bytes)
        }))
    }

    pub(crate) fn refused(
        &self,
        host: &str,
        status: StatusCode,
        headers: &HeaderMap,
    ) -> FetchError {
        let retry_after = headers::retry_after(headers);
        if matches!(
            status,
            StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE
        ) {
            let asked = status == StatusCode::TOO_MANY_REQUESTS || retry_after.is_some();
            if asked {
                self.rate_limiter.back_off(
                    host,
                    status.as_u16(),
                    retry_after.unwrap_or(DEFAULT_BACKOFF),
                );
            }
        }
        FetchError::Status {
            status: status.as_u16(),
            retry_after,
        }
    }

    /// Maps a failure of the HTTP library by its chain of causes.
    pub(crate) fn failure(&self, error: &reqwest::Error, url: &Url) -> FetchError {
        let host = host_of(url);
        let mut cause = error.source();
        let mut words = Vec::new();
        while let Some(current) = cause {
            if let Some(private) = current.downcast_ref::<OnlyPrivate>() {
                return FetchError::PrivateAddress(private.0.clone());
            }
            if let Some(tls) = tls_error(current) {
                return FetchError::Tls(host, tls.to_string());
            }
            words.push(current.to_string());
            cause = current.source();
        }
        let words = words.join(": ");
        if error.is_timeout() {
            let bound = if error.is_connect() {
                self.limits.connect
            } else {
                self.limits.total
            };
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

/// Whether the connection ended before the head of the response was complete.
fn is_dropped(error: &reqwest::Error) -> bool {
    let causes = std::iter::successors(
        Some(error as &(dyn std::error::Error + 'static)),
        |&cause| cause.source(),
    );
    !error.is_connect()
        && causes.into_iter().any(|cause| {
            let is_incomplete = cause
                .downcast_ref::<hyper::Error>()
                .is_some_and(hyper::Error::is_incomplete_message);
            let is_reset = cause
                .downcast_ref::<std::io::Error>()
                .is_some_and(|error| error.kind() == std::io::ErrorKind::ConnectionReset);
            is_incomplete || is_reset
        })
}

fn build(builder: reqwest::ClientBuilder) -> Result<reqwest::Client, FetchError> {
    builder
        .build()
        .map_err(|error| FetchError::BrokeOff(error.to_string()))
}

/// The TLS failure, if it is one. I/O errors wrap their cause rather than naming it as their
/// source, sometimes several levels deep.
fn tls_error<'a>(error: &'a (dyn std::error::Error + 'static)) -> Option<&'a rustls::Error> {
    let mut error = error;
    while let Some(inner) = error
        .downcast_ref::<std::io::Error>()
        .and_then(std::io::Error::get_ref)
    {
        error = inner;
    }
    error.downcast_ref()
}

pub(crate) fn web_address(address: &str) -> Result<Url, FetchError> {
    let url = Url::parse(address.trim()).map_err(|_| bad_address(address))?;
    if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
        return Err(bad_address(address));
    }
    Ok(url)
}

/// Text that is not a valid address may still contain a password.
fn bad_address(address: &str) -> FetchError {
    FetchError::BadAddress(
        address
            .rsplit('@')
            .next()
            .unwrap_or_default()
            .chars()
            .take(200)
            .collect(),
    )
}

fn without_credentials(mut url: Url) -> Url {
    // Both fail only for addresses without a host, which were rejected before.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url
}

fn without_fragment(mut url: Url) -> String {
    url.set_fragment(None);
    url.into()
}

fn in_address(url: &Url) -> Option<(String, Option<String>)> {
    let has_login = !url.username().is_empty() || url.password().is_some();
    has_login.then(|| (decoded(url.username()), url.password().map(decoded)))
}

/// Fails if the beginning shows a file rather than a page.
fn refuse_files(content_type: Option<&str>, beginning: Option<&[u8]>) -> Result<(), FetchError> {
    match beginning.map(|beginning| sniff::content_of(content_type, beginning)) {
        Some(sniff::Content::File(kind)) => Err(FetchError::NotAPage(kind)),
        _ => Ok(()),
    }
}

pub(crate) fn host_of(url: &Url) -> String {
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

/// The target of a redirect; `None` if the response is not one.
fn redirect_target(response: &reqwest::Response, from: &Url) -> Result<Option<Url>, FetchError> {
    if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let Some(location) = response.headers().get(header::LOCATION) else {
        return Ok(None);
    };
    let location = String::from_utf8_lossy(location.as_bytes());
    let next = from
        .join(location.trim())
        .map_err(|_| bad_address(&location))?;
    web_address(next.as_str()).map(Some)
}

/// Resolves host names.
#[derive(Default)]
struct Lookup {
    /// Fixed addresses ([`Limits::names`]).
    known: Arc<HashMap<String, IpAddr>>,
    /// Returns public addresses only, against DNS rebinding …
    public_only: bool,
    /// … except for these hosts.
    except: Arc<HashSet<String>>,
}

#[derive(Debug)]
struct OnlyPrivate(String);

impl std::fmt::Display for OnlyPrivate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} has no public address", self.0)
    }
}

impl std::error::Error for OnlyPrivate {}

impl Resolve for Lookup {
    fn resolve(&self, name: Name) -> Resolving {
        let host = name.as_str().to_ascii_lowercase();
        let known = self.known.get(&host).copied();
        let public_only = self.public_only && !self.except.contains(&host);
        Box::pin(async move {
            let mut found: Vec<SocketAddr> = match known {
                Some(address) => vec![SocketAddr::new(address, 0)],
                None => tokio::net::lookup_host((host.as_str(), 0)).await?.collect(),
            };
            found.retain(|address| !(public_only && is_private(address.ip())));
            if public_only && found.is_empty() {
                return Err(OnlyPrivate(host).into());
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_do_not_show_credentials() {
        let error = web_address("ftp://ani:rahasia@e.org/").unwrap_err();
        assert!(!error.to_string().contains("rahasia"), "{error}");
        assert_eq!(decoded("a%40b%zz"), "a@b%zz");
    }
}
