//! Requests to the reader's integrations: saving a link, or checking an account. Never sent without
//! the reader's request, never to the target of a redirect.

use std::time::Duration;

use reqwest::header::{self, HeaderMap, HeaderValue};

use crate::client::{Client, host_of, web_address};
use crate::error::FetchError;
use crate::request::Secret;

/// Maximum size of a response.
const MAX_RESPONSE: usize = 1 << 20;
/// Timeout of the whole exchange.
const TIMEOUT: Duration = Duration::from_secs(30);

/// A request to an integration.
#[derive(Debug, Clone, Default)]
pub struct PostRequest {
    /// An http or https address.
    pub url: String,
    /// The value of `Authorization`.
    pub authorization: Option<Secret>,
    /// The body's media type, and the body, which may contain a secret. Without a body it is sent
    /// by GET.
    pub body: Option<(&'static str, Secret)>,
}

impl Client {
    /// Sends within the client's limits and returns the response's body. Any status but 2xx is an
    /// error, also a redirect: the request is for this address only.
    pub async fn post(&self, request: PostRequest) -> Result<Vec<u8>, FetchError> {
        let url = web_address(&request.url)?;
        let host = host_of(&url);
        let _permit = self.permit(&url).await;
        self.check_backoff(&host)?;
        let client = self.client_for(&url, false)?.client;
        let mut asked = HeaderMap::new();
        asked.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
        if let Some(secret) = &request.authorization {
            let mut value = HeaderValue::from_str(&secret.0)
                .map_err(|_| FetchError::BadAddress("the token".into()))?;
            value.set_sensitive(true);
            asked.insert(header::AUTHORIZATION, value);
        }
        let call = match request.body {
            None => client.get(url.clone()),
            Some((kind, body)) => client
                .post(url.clone())
                .header(header::CONTENT_TYPE, kind)
                .body(body.0),
        };
        let exchange = async {
            let mut response = call
                .headers(asked)
                .send()
                .await
                .map_err(|error| self.failure(&error, &url))?;
            let status = response.status();
            if !status.is_success() {
                return Err(self.refused(&host, status, response.headers()));
            }
            let mut body = Vec::new();
            while let Some(chunk) = response
                .chunk()
                .await
                .map_err(|error| self.failure(&error, &url))?
            {
                if body.len() + chunk.len() > MAX_RESPONSE {
                    return Err(FetchError::TooLarge(MAX_RESPONSE as u64));
                }
                body.extend_from_slice(&chunk);
            }
            Ok(body)
        };
        let timeout = TIMEOUT.min(self.timeout());
        tokio::time::timeout(timeout, exchange)
            .await
            .unwrap_or(Err(FetchError::TimedOut(timeout)))
    }
}
