//! Long bodies, read piece by piece: what is here is not fetched again after a break.

use std::sync::atomic::Ordering;

use reqwest::{Response, StatusCode, header};
use url::Url;

use crate::client::Client;
use crate::rate_limit::HostPermit;
use crate::{FetchError, Request, Validators, headers};

/// What is here of a body that broke off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartialDownload {
    /// Bytes.
    pub bytes: u64,
    /// The [`Download::validator`] that came with it.
    pub validator: String,
}

/// A body that is coming. Dropping it stops.
#[derive(Debug)]
pub struct Download {
    /// Which of the body's bytes comes first: 0 where all of it comes, whatever was here.
    pub from: u64,
    /// Bytes of the whole body, where the server says so.
    pub of: Option<u64>,
    /// By this a later request can ask for the rest (RFC 9110 § 13.1.5); none where it cannot.
    pub validator: Option<String>,
    response: Response,
    url: Url,
    client: Client,
    here: u64,
    _turn: HostPermit,
}

impl Client {
    /// Begins to fetch a long body. Of one that was `begun`, only the rest comes if the server can tell
    /// that it is still the same (RFC 9110 § 14.2).
    pub async fn download(
        &self,
        request: Request,
        begun: Option<PartialDownload>,
    ) -> Result<Download, FetchError> {
        let begun = begun.filter(|begun| begun.bytes > 0);
        let last = match self.follow(&request, begun.as_ref()).await {
            // What is here cannot be a beginning of it.
            Err(FetchError::Status { status: 416, .. }) if begun.is_some() => {
                self.follow(&request, None).await?
            }
            other => other?,
        };
        let response = last.response;
        let from = if response.status() == StatusCode::PARTIAL_CONTENT {
            let from = headers::begins_at(response.headers());
            match begun {
                Some(begun) if from == Some(begun.bytes) => begun.bytes,
                _ => return Err(FetchError::BrokeOff("another part was sent".into())),
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
            here: from,
            _turn: last.turn,
        })
    }
}

impl Download {
    /// Adds the next piece to `pieces`; false once the body is whole. It may take its time as a whole,
    /// the pause between two pieces may not.
    pub async fn read(&mut self, pieces: &mut Vec<u8>) -> Result<bool, FetchError> {
        let limits = &self.client.limits;
        let chunk = tokio::time::timeout(limits.pause, self.response.chunk())
            .await
            .map_err(|_| FetchError::TimedOut(limits.pause))?
            .map_err(|error| self.client.failure(&error, &self.url))?;
        let Some(chunk) = chunk else {
            let is_whole = self.of.is_none_or(|length| length == self.here);
            return if is_whole {
                Ok(false)
            } else {
                Err(FetchError::BrokeOff("it is not whole".into()))
            };
        };
        self.here += chunk.len() as u64;
        if self.here > limits.audio_bytes {
            return Err(FetchError::TooLarge(limits.audio_bytes));
        }
        let spent = &self.client.spent;
        spent.fetch_add(chunk.len() as u64, Ordering::Relaxed);
        pieces.extend_from_slice(&chunk);
        Ok(true)
    }
}

/// A weak validator does not tell bytes apart.
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
