//! Reading and writing the headers that Warta uses.

use std::time::SystemTime;

use chrono::{DateTime, Utc};
use reqwest::header::{self, HeaderMap, HeaderName, HeaderValue};
use url::Url;

use crate::request::{Custom, PartialDownload, Validators, Wanted};
use crate::ssrf::is_private_host;

/// Longer validators are ignored.
const MAX_VALIDATOR: usize = 1024;

/// The `Accept` header.
pub(crate) fn accept(wanted: Wanted) -> HeaderValue {
    HeaderValue::from_static(match wanted {
        Wanted::Feed => {
            "application/rss+xml, application/atom+xml, application/feed+json, application/rdf+xml, \
             application/xml;q=0.9, application/json;q=0.8, text/xml;q=0.8, text/html;q=0.5, */*;q=0.3"
        }
        Wanted::Page => "text/html, application/xhtml+xml, text/plain;q=0.8, */*;q=0.5",
        Wanted::FeedOrPage => {
            "text/html, application/xhtml+xml, application/rss+xml, application/atom+xml, \
             application/xml;q=0.9, */*;q=0.5"
        }
        Wanted::Robots => "text/plain, */*;q=0.5",
        Wanted::Picture => "image/webp, image/png, image/jpeg, image/gif, image/*;q=0.8",
        Wanted::Audio => "audio/*, */*;q=0.5",
        Wanted::Manifest => "application/json, */*;q=0.5",
        Wanted::Package => "application/octet-stream, */*;q=0.5",
    })
}

/// Requests the rest of a body if it is unchanged (RFC 9110 § 13.1.5 and § 14.2).
pub(crate) fn range(partial: &PartialDownload, headers: &mut HeaderMap) {
    let range = HeaderValue::from_str(&format!("bytes={}-", partial.bytes));
    if let (Ok(range), Ok(validator)) = (range, HeaderValue::from_str(&partial.validator)) {
        headers.insert(header::RANGE, range);
        headers.insert(header::IF_RANGE, validator);
    }
}

/// The offset at which a partial body begins (RFC 9110 § 14.4).
pub(crate) fn begins_at(headers: &HeaderMap) -> Option<u64> {
    let range = text(headers, header::CONTENT_RANGE)?;
    let range = range.strip_prefix("bytes")?.trim_start();
    range.split('-').next()?.trim().parse().ok()
}

/// Requests a body only if it changed (RFC 9110 § 13).
pub(crate) fn conditional(validators: &Validators, headers: &mut HeaderMap) {
    let pairs = [
        (header::IF_NONE_MATCH, &validators.etag),
        (header::IF_MODIFIED_SINCE, &validators.last_modified),
    ];
    for (name, value) in pairs {
        if let Some(value) = value.as_deref().and_then(|v| HeaderValue::from_str(v).ok()) {
            headers.insert(name, value);
        }
    }
}

/// The reader's own headers; values that are invalid in a header are left out. Secrets are sent
/// only to the origin that the reader set them for.
pub(crate) fn custom(custom: &Custom, at_home: bool, headers: &mut HeaderMap) {
    let agent = custom.user_agent.as_deref();
    if let Some(agent) = agent.and_then(|agent| HeaderValue::from_str(agent).ok()) {
        headers.insert(header::USER_AGENT, agent);
    }
    for (name, value) in custom.headers.iter().filter(|_| at_home) {
        let name = HeaderName::from_bytes(name.trim().as_bytes());
        if let (Ok(name), Ok(mut value)) = (name, HeaderValue::from_str(value.0.trim())) {
            value.set_sensitive(true);
            headers.insert(name, value);
        }
    }
}

/// Sends the site of the page that shows the requested file, never the page itself: what browsers
/// send to other sites (`strict-origin`, Referrer Policy § 3.6). The site of an encrypted page is
/// not sent unencrypted, and hosts of the reader's own network are not sent to public hosts.
pub(crate) fn referrer(page: Option<&str>, asked: &Url, headers: &mut HeaderMap) {
    let Some(page) = page.and_then(|page| Url::parse(page).ok()) else {
        return;
    };
    let is_exposed = page.scheme() == "https" && asked.scheme() != "https";
    let is_inside = is_private_host(&page) && !is_private_host(asked);
    if is_exposed || is_inside || !page.has_host() {
        return;
    }
    let site = format!("{}/", page.origin().ascii_serialization());
    if let Ok(site) = HeaderValue::from_str(&site) {
        headers.insert(header::REFERER, site);
    }
}

pub(crate) fn validators(headers: &HeaderMap) -> Validators {
    let kept = |name| text(headers, name).filter(|value| value.len() <= MAX_VALIDATOR);
    Validators {
        etag: kept(header::ETAG),
        last_modified: kept(header::LAST_MODIFIED),
    }
}

pub(crate) fn text(headers: &HeaderMap, name: header::HeaderName) -> Option<String> {
    let value = headers.get(name)?.to_str().ok()?.trim();
    (!value.is_empty()).then(|| value.to_owned())
}

/// Seconds that `Cache-Control` allows (RFC 9111 § 5.2.2.1); none with `no-cache` or `no-store`.
pub(crate) fn max_age(headers: &HeaderMap) -> Option<u64> {
    let control = text(headers, header::CACHE_CONTROL)?.to_ascii_lowercase();
    let mut directives = control.split(',').map(str::trim);
    if directives
        .clone()
        .any(|d| d == "no-cache" || d == "no-store")
    {
        return None;
    }
    directives.find_map(|d| d.strip_prefix("max-age=")?.trim_matches('"').parse().ok())
}

/// Seconds that `Retry-After` asks to wait: a number or a date (RFC 9110 § 10.2.3).
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<u64> {
    let value = text(headers, header::RETRY_AFTER)?;
    if let Ok(seconds) = value.parse() {
        return Some(seconds);
    }
    // Without the weekday, which is redundant and sometimes wrong.
    let date = value
        .split_once(',')
        .map_or(value.as_str(), |(_, date)| date.trim());
    let at = DateTime::parse_from_rfc2822(date).ok()?.with_timezone(&Utc);
    let now: DateTime<Utc> = SystemTime::now().into();
    Some((at - now).num_seconds().max(0) as u64)
}
