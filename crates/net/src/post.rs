//! What is said to a service of the reader's own: a link to keep, or whether it takes their account. Never
//! by itself, never to where a redirect leads.

use std::time::Duration;

use reqwest::header::{self, HeaderMap, HeaderValue};

use crate::client::{Client, host_of, web_address};
use crate::{FetchError, Secret};

/// Bytes of an answer that are read.
const LARGEST_ANSWER: usize = 1 << 20;
/// For the whole exchange.
const PATIENCE: Duration = Duration::from_secs(30);

/// What to send.
#[derive(Debug, Clone, Default)]
pub struct PostRequest {
    /// An http or https address.
    pub url: String,
    /// The value of `Authorization`.
    pub authorization: Option<Secret>,
    /// The body's type, and the body, which may hold a secret, to be sent by POST. Without one it is a GET.
    pub body: Option<(&'static str, Secret)>,
}

impl Client {
    /// Sends, within the client's bounds, and gives the answer's body. Whatever is no 2xx is an error,
    /// redirects too: what is sent is for this address only.
    pub async fn post(&self, sending: PostRequest) -> Result<Vec<u8>, FetchError> {
        let url = web_address(&sending.url)?;
        let host = host_of(&url);
        let _turn = self.turn(&url).await;
        self.check_backoff(&host)?;
        let client = self.client_for(&url, false)?.client;
        let mut asked = HeaderMap::new();
        asked.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
        if let Some(secret) = &sending.authorization {
            let mut value = HeaderValue::from_str(&secret.0)
                .map_err(|_| FetchError::BadAddress("the token".into()))?;
            value.set_sensitive(true);
            asked.insert(header::AUTHORIZATION, value);
        }
        let request = match sending.body {
            None => client.get(url.clone()),
            Some((kind, body)) => client
                .post(url.clone())
                .header(header::CONTENT_TYPE, kind)
                .body(body.0),
        };
        let exchange = async {
            let mut response = request
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
                if body.len() + chunk.len() > LARGEST_ANSWER {
                    return Err(FetchError::TooLarge(LARGEST_ANSWER as u64));
                }
                body.extend_from_slice(&chunk);
            }
            Ok(body)
        };
        let patience = PATIENCE.min(self.patience());
        tokio::time::timeout(patience, exchange)
            .await
            .unwrap_or(Err(FetchError::TimedOut(patience)))
    }
}
