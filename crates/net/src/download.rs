//! Long bodies, read in chunks and resumed after an interruption.

use std::sync::atomic::Ordering;

use reqwest::{Response, StatusCode, header};
use url::Url;

use crate::client::Client;
use crate::error::FetchError;
use crate::headers;
use crate::rate_limit::HostPermit;
use crate::request::{PartialDownload, Request, Validators};

/// A running download. Dropping it stops it.
#[derive(Debug)]
pub struct Download {
    /// Offset of the first byte: 0 if the server sends the whole body.
    pub from: u64,
    /// Length of the whole body, if the server gives it.
    pub of: Option<u64>,
    /// For requesting the rest later (RFC 9110 § 13.1.5); `None` if the server does not support
    /// that.
    pub validator: Option<String>,
    response: Response,
    url: Url,
    client: Client,
    received: u64,
    _permit: HostPermit,
}

impl Client {
    /// Begins to fetch a long body. With `partial`, only the rest is sent if the server confirms
    /// that the body is unchanged (RFC 9110 § 14.2).
    pub async fn download(
        &self,
        request: Request,
        partial: Option<PartialDownload>,
    ) -> Result<Download, FetchError> {
        let partial = partial.filter(|partial| partial.bytes > 0);
        let last = match self.follow(&request, partial.as_ref()).await {
            // The part on disk is longer than the body.
            Err(FetchError::Status { status: 416, .. }) if partial.is_some() => {
                self.follow(&request, None).await?
            }
            other => other?,
        };
        let response = last.response;
        let from = if response.status() == StatusCode::PARTIAL_CONTENT {
            let from = headers::begins_at(response.headers());
            match partial {
                Some(partial) if from == Some(partial.bytes) => partial.bytes,
                _ => {
                    return Err(FetchError::BrokeOff(
                        "the server sent another range than requested".into(),
                    ));
                }
            }
        } else {
            0
        };
        let of = response.content_length().map(|length| from + length);
        let bound = self.limits.audio_bytes;
        if of.is_some_and(|length| length > bound) {
            return Err(FetchError::TooLarge(bound));
        }
        Ok(Download {
            from,
            of,
            validator: validator(&response),
            response,
            url: last.url,
            client: self.clone(),
            received: from,
            _permit: last.permit,
        })
    }
}

impl Download {
    /// Appends the next chunk to `chunks`; false once the body is complete. The timeout applies to
    /// each chunk, not to the whole.
    pub async fn read(&mut self, chunks: &mut Vec<u8>) -> Result<bool, FetchError> {
        let limits = &self.client.limits;
        let chunk = tokio::time::timeout(limits.pause, self.response.chunk())
            .await
            .map_err(|_| FetchError::TimedOut(limits.pause))?
            .map_err(|error| self.client.failure(&error, &self.url))?;
        let Some(chunk) = chunk else {
            let is_whole = self.of.is_none_or(|length| length == self.received);
            return if is_whole {
                Ok(false)
            } else {
                Err(FetchError::BrokeOff("the file is incomplete".into()))
            };
        };
        self.received += chunk.len() as u64;
        if self.received > limits.audio_bytes {
            return Err(FetchError::TooLarge(limits.audio_bytes));
        }
        let spent = &self.client.spent;
        spent.fetch_add(chunk.len() as u64, Ordering::Relaxed);
        chunks.extend_from_slice(&chunk);
        Ok(true)
    }
}

/// A validator usable for range requests: a weak one does not guarantee identical bytes.
fn validator(response: &Response) -> Option<String> {
    let headers = response.headers();
    let has_ranges = headers::text(headers, header::ACCEPT_RANGES).is_none_or(|r| r != "none");
    let Validators {
        etag,
        last_modified,
    } = headers::validators(headers);
    let strong = etag.filter(|etag| !etag.starts_with("W/"));
    strong.or(last_modified).filter(|_| has_ranges)
}
