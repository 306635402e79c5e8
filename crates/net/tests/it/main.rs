//! The client against loopback servers that speak raw HTTP. Nothing here leaves the machine.
#![expect(
    clippy::unwrap_used,
    reason = "a test stops at whatever it did not expect"
)]

mod bodies;
mod conditional;
mod downloads;
mod failures;
mod rate_limit;
mod redirects;
mod robots;
mod server;

use std::time::Duration;

use warta_net::{Client, FetchError, Fetched, Limits, Request, Response};

/// Short timeouts, so that hanging tests end soon.
pub(crate) fn limits() -> Limits {
    Limits {
        connect: Duration::from_millis(1500),
        total: Duration::from_millis(1500),
        feed_bytes: 100_000,
        page_bytes: 50_000,
        picture_bytes: 60_000,
        redirects: 5,
        ..Limits::default()
    }
}

pub(crate) fn client() -> Client {
    client_with(limits())
}

pub(crate) fn client_with(limits: Limits) -> Client {
    Client::new(limits, "Warta/0.1 (desktop news reader)").unwrap()
}

pub(crate) fn request(url: impl Into<String>) -> Request {
    Request {
        url: url.into(),
        ..Request::default()
    }
}

pub(crate) async fn fetch(url: impl Into<String>) -> Result<Response, FetchError> {
    client().fetch(request(url)).await
}

pub(crate) async fn fetched(url: impl Into<String>) -> Fetched {
    match fetch(url).await {
        Ok(Response::Fetched(fetched)) => fetched,
        other => panic!("a body was expected, not {other:?}"),
    }
}

pub(crate) async fn failure(url: impl Into<String>) -> FetchError {
    fetch(url).await.expect_err("a failure was expected")
}
