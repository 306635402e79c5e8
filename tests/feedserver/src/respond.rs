//! Answers requests, counts them, and fails where that is asked for.

use std::collections::HashMap;
use std::convert::Infallible;
use std::fmt::Write as _;
use std::io::Write as _;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::header::{HeaderName, HeaderValue};
use hyper::{Request, Response, StatusCode, header};

use crate::Arguments;
use crate::feeds::{self, Random, Vocabulary};

type Answer = Response<Full<Bytes>>;

const PIXEL: &[u8] = &[
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, 0x49, 0x48, 0x44, 0x52, 0, 0, 0,
    1, 0, 0, 0, 1, 8, 6, 0, 0, 0, 0x1f, 0x15, 0xc4, 0x89, 0, 0, 0, 0x0d, 0x49, 0x44, 0x41, 0x54,
    0x78, 0x9c, 0x63, 0xf8, 0xcf, 0xc0, 0xf0, 0x1f, 0, 5, 0, 1, 0xff, 0x89, 0x99, 0x3d, 0x1d, 0, 0,
    0, 0, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82,
];

pub(crate) struct Server {
    settings: RwLock<Arguments>,
    words: Vocabulary,
    /// By feed and revision: made once, so that making them is not part of what is timed.
    bodies: RwLock<HashMap<(u64, u64), Arc<Body>>>,
    pub(crate) counts: Counts,
}

struct Body {
    plain: Bytes,
    gzip: Bytes,
}

#[derive(Default)]
pub(crate) struct Counts {
    feed_requests: AtomicU64,
    fetched: AtomicU64,
    not_modified: AtomicU64,
    failed: AtomicU64,
    other: AtomicU64,
    bytes: AtomicU64,
    in_flight: AtomicU64,
    most_in_flight: AtomicU64,
    pub(crate) connections: AtomicU64,
    with_etag: AtomicU64,
    with_date: AtomicU64,
}

impl Server {
    pub(crate) fn new(settings: Arguments) -> Self {
        Self {
            settings: RwLock::new(settings),
            words: Vocabulary::new(),
            bodies: RwLock::default(),
            counts: Counts::default(),
        }
    }

    /// Makes the feeds of the current revision.
    pub(crate) fn prepare(&self) {
        let settings = self.settings();
        for feed in 0..settings.feeds {
            self.body(&settings, feed);
        }
    }

    fn settings(&self) -> Arguments {
        self.settings
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn body(&self, settings: &Arguments, feed: u64) -> Arc<Body> {
        let key = (feed, feeds::revision(settings, feed));
        let known = self
            .bodies
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&key)
            .cloned();
        known.unwrap_or_else(|| {
            let plain = feeds::document(settings, &self.words, feed).into_bytes();
            let mut encoder =
                flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(6));
            let gzip = encoder
                .write_all(&plain)
                .and_then(|()| encoder.finish())
                .expect("writing into memory does not fail");
            let body = Arc::new(Body {
                plain: plain.into(),
                gzip: gzip.into(),
            });
            let mut bodies = self.bodies.write().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(bodies.entry(key).or_insert(body))
        })
    }
}

pub(crate) async fn answer(
    server: Arc<Server>,
    request: Request<Incoming>,
) -> Result<Answer, Infallible> {
    let path = request.uri().path();
    if let Some(feed) = path.strip_prefix("/feed/").and_then(|id| id.parse().ok()) {
        let counts = &server.counts;
        counts.feed_requests.fetch_add(1, Relaxed);
        let in_flight = counts.in_flight.fetch_add(1, Relaxed) + 1;
        counts.most_in_flight.fetch_max(in_flight, Relaxed);
        let answer = feed_answer(&server, feed, &request).await;
        counts.in_flight.fetch_sub(1, Relaxed);
        return Ok(answer);
    }
    let query = request.uri().query().unwrap_or_default();
    Ok(match path {
        "/urls" => text(&addresses(&server.settings(), query).join("\n")),
        "/opml" => typed("text/x-opml", opml(&server.settings(), query)),
        "/ctl" => text(&control(&server, query)),
        "/stats" => text(&server.counts.report(parameter(query, "reset").is_some())),
        _ => {
            server.counts.other.fetch_add(1, Relaxed);
            if path.starts_with("/site/") {
                let words = server.words.text(&mut Random(path.len() as u64), 200);
                typed(
                    "text/html; charset=utf-8",
                    format!(
                        "<!doctype html><title>page</title><article><h1>{path}</h1><p>{words}</p></article>"
                    ),
                )
            } else if path.starts_with("/img/") {
                typed("image/png", PIXEL)
            } else {
                status(StatusCode::NOT_FOUND)
            }
        }
    })
}

async fn feed_answer(server: &Server, feed: u64, request: &Request<Incoming>) -> Answer {
    let settings = server.settings();
    let counts = &server.counts;
    let jitter = match settings.jitter_ms {
        0 => 0,
        most => Random(feed ^ counts.feed_requests.load(Relaxed)).below(most),
    };
    tokio::time::sleep(Duration::from_millis(settings.latency_ms + jitter)).await;
    let sent = |name: HeaderName| {
        request
            .headers()
            .get(name)
            .and_then(|value| value.to_str().ok())
    };
    let known_etag = sent(header::IF_NONE_MATCH);
    let known_date = sent(header::IF_MODIFIED_SINCE);
    counts
        .with_etag
        .fetch_add(known_etag.is_some().into(), Relaxed);
    counts
        .with_date
        .fetch_add(known_date.is_some().into(), Relaxed);
    if Random(feed ^ 991).below(100) < settings.fail_pct {
        counts.failed.fetch_add(1, Relaxed);
        return failure(server, &settings, feed).await;
    }
    let etag = format!("\"f{feed}-r{}\"", feeds::revision(&settings, feed));
    let modified = feeds::modified(&settings, feed);
    let is_known = match (known_etag, known_date) {
        (Some(known), _) if !settings.no_etag => known.contains(&etag),
        (_, Some(known)) if !settings.no_last_modified => known == modified,
        _ => false,
    };
    let mut answer = if is_known {
        counts.not_modified.fetch_add(1, Relaxed);
        status(StatusCode::NOT_MODIFIED)
    } else {
        whole(server, &settings, feed, sent(header::ACCEPT_ENCODING))
    };
    if !settings.no_etag {
        set(&mut answer, header::ETAG, &etag);
    }
    if !settings.no_last_modified {
        set(&mut answer, header::LAST_MODIFIED, &modified);
    }
    answer
}

fn whole(server: &Server, settings: &Arguments, feed: u64, accepts: Option<&str>) -> Answer {
    let body = server.body(settings, feed);
    let gzip = !settings.no_gzip && accepts.is_some_and(|codings| codings.contains("gzip"));
    let bytes = if gzip { &body.gzip } else { &body.plain };
    server.counts.fetched.fetch_add(1, Relaxed);
    server.counts.bytes.fetch_add(bytes.len() as u64, Relaxed);
    let media_type = if feeds::is_atom(feed) {
        "application/atom+xml"
    } else {
        "application/rss+xml"
    };
    let mut answer = typed(&format!("{media_type}; charset=utf-8"), bytes.clone());
    if gzip {
        set(&mut answer, header::CONTENT_ENCODING, "gzip");
    }
    answer
}

async fn failure(server: &Server, settings: &Arguments, feed: u64) -> Answer {
    let kinds = &settings.fail_kinds;
    let kind = kinds
        .get(feed as usize % kinds.len().max(1))
        .map_or("500", String::as_str);
    match kind {
        "timeout" => {
            tokio::time::sleep(Duration::from_secs(settings.timeout_s)).await;
            status(StatusCode::GATEWAY_TIMEOUT)
        }
        "malformed" => {
            let whole = server.body(settings, feed).plain.clone();
            let mut half = whole[..whole.len() / 2].to_vec();
            half.extend_from_slice(b"<unclosed & \x01 <<");
            typed("application/xml", half)
        }
        "404" => status(StatusCode::NOT_FOUND),
        "429" => {
            let mut answer = status(StatusCode::TOO_MANY_REQUESTS);
            set(&mut answer, header::RETRY_AFTER, "600");
            answer
        }
        "html" => typed(
            "text/html",
            "<!doctype html><html><body>login</body></html>",
        ),
        _ => status(StatusCode::INTERNAL_SERVER_ERROR),
    }
}

fn addresses(settings: &Arguments, query: &str) -> Vec<String> {
    let count = number(query, "n").unwrap_or(settings.feeds);
    (0..count)
        .map(|feed| feeds::address(settings, feed))
        .collect()
}

fn opml(settings: &Arguments, query: &str) -> String {
    let mut out =
        "<?xml version=\"1.0\"?>\n<opml version=\"2.0\"><head><title>bench</title></head><body>\n"
            .to_owned();
    for (feed, address) in addresses(settings, query).iter().enumerate() {
        let _ = writeln!(
            out,
            "<outline type=\"rss\" text=\"Feed {feed}\" xmlUrl=\"{address}\" htmlUrl=\"http://127.0.0.1:{}/site/{feed}\"/>",
            settings.port
        );
    }
    out + "</body></opml>\n"
}

/// Changes the settings that a query names; says what they are now.
fn control(server: &Server, query: &str) -> String {
    let mut settings = server
        .settings
        .write()
        .unwrap_or_else(PoisonError::into_inner);
    let change = |name: &str, now: u64| number(query, name).unwrap_or(now);
    settings.latency_ms = change("latency", settings.latency_ms);
    settings.jitter_ms = change("jitter", settings.jitter_ms);
    settings.fail_pct = change("fail", settings.fail_pct);
    settings.rev = change("rev", settings.rev);
    settings.new = change("new", settings.new);
    settings.changed_pct = change("changed", settings.changed_pct);
    settings.no_gzip = change("gzip", (!settings.no_gzip).into()) == 0;
    settings.no_etag = change("etag", (!settings.no_etag).into()) == 0;
    settings.no_last_modified = change("lastmod", (!settings.no_last_modified).into()) == 0;
    if let Some(kinds) = parameter(query, "fail_kinds") {
        settings.fail_kinds = kinds.split(',').map(String::from).collect();
    }
    format!("{settings:?}\n")
}

impl Counts {
    fn report(&self, reset: bool) -> String {
        let counts = [
            ("feed_requests", &self.feed_requests),
            ("fetched", &self.fetched),
            ("not_modified", &self.not_modified),
            ("failed", &self.failed),
            ("other", &self.other),
            ("bytes", &self.bytes),
            ("most_in_flight", &self.most_in_flight),
            ("connections", &self.connections),
            ("with_etag", &self.with_etag),
            ("with_date", &self.with_date),
        ];
        let report: Vec<_> = counts
            .iter()
            .map(|(name, count)| {
                let now = if reset {
                    count.swap(0, Relaxed)
                } else {
                    count.load(Relaxed)
                };
                format!("{name}={now}")
            })
            .collect();
        report.join(" ") + "\n"
    }
}

fn parameter<'a>(query: &'a str, name: &str) -> Option<&'a str> {
    query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value)
}

fn number(query: &str, name: &str) -> Option<u64> {
    parameter(query, name)?.parse().ok()
}

fn set(answer: &mut Answer, name: HeaderName, value: &str) {
    let value = HeaderValue::from_str(value).expect("header values here are made of ASCII");
    answer.headers_mut().insert(name, value);
}

fn typed(media_type: &str, body: impl Into<Bytes>) -> Answer {
    let mut answer = Response::new(Full::new(body.into()));
    set(&mut answer, header::CONTENT_TYPE, media_type);
    answer
}

fn text(body: &str) -> Answer {
    typed("text/plain; charset=utf-8", format!("{body}\n"))
}

fn status(status: StatusCode) -> Answer {
    let mut answer = Response::new(Full::default());
    *answer.status_mut() = status;
    answer
}
