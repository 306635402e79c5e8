//! Highlights for other programs: files, and Readwise.

use std::sync::Arc;

use chrono::{DateTime, SecondsFormat};
use warta_share::highlights::{self, PER_REQUEST};
use warta_store::ProblemCode;

use crate::api::{Failure, HighlightColour, HighlightFormat, HighlightsSent, Result};
use crate::context::blocking;
use crate::reading::highlights::{Highlights, Kept};
use crate::sharing::integrations::Integrations;

const READWISE: &str = "readwise";

/// Writes highlights to files and sends them to Readwise.
pub struct HighlightExport {
    highlights: Arc<Highlights>,
    integrations: Arc<Integrations>,
    sending: tokio::sync::Mutex<()>,
}

impl HighlightExport {
    pub(crate) fn new(highlights: &Arc<Highlights>, integrations: &Arc<Integrations>) -> Self {
        Self {
            highlights: Arc::clone(highlights),
            integrations: Arc::clone(integrations),
            sending: tokio::sync::Mutex::default(),
        }
    }

    /// The highlights that match a query, as a file.
    pub fn file(&self, query: &str, format: HighlightFormat) -> Result<String> {
        let all = self.highlights.by_article(query)?;
        let dated: Vec<Dated<'_>> = all.iter().map(Dated::of).collect();
        let views: Vec<_> = dated.iter().map(Dated::view).collect();
        match format {
            HighlightFormat::Markdown => Ok(highlights::markdown(&views)),
            HighlightFormat::Json => {
                let text = serde_json::to_string_pretty(&highlights::annotations(&views)).map_err(
                    |error| Failure::new(crate::api::FailureCode::Internal, error.to_string()),
                )?;
                Ok(text + "\n")
            }
        }
    }

    /// Sends the highlights that Readwise does not have as they are, oldest first, in parts. Those
    /// that it accepted are not sent again, whatever fails afterwards.
    pub async fn send(self: &Arc<Self>) -> Result<HighlightsSent> {
        let _one_at_a_time = self.sending.lock().await;
        let (unsent, account) = blocking(self, |this| {
            let account = this.integrations.service_account(READWISE)?;
            Ok((this.highlights.unsent(), account))
        })
        .await?;
        let mut result = HighlightsSent {
            sent: 0,
            left: unsent.len() as u32,
            problem: None,
        };
        let Some((_, account)) = account else {
            result.problem = Some(ProblemCode::SignIn);
            return Ok(result);
        };
        for part in unsent.chunks(PER_REQUEST) {
            let request = {
                let dated: Vec<Dated<'_>> = part.iter().map(Dated::of).collect();
                let views: Vec<_> = dated.iter().map(Dated::view).collect();
                highlights::readwise(&account, &views)
            };
            if let Err((problem, _)) = self.integrations.ask_service(request).await {
                result.problem = Some(problem);
                break;
            }
            result.sent += part.len() as u32;
            result.left -= part.len() as u32;
            let sent = part.to_vec();
            blocking(self, move |this| this.highlights.remember_sent(&sent)).await?;
        }
        Ok(result)
    }
}

/// A highlight with its times as text.
struct Dated<'a> {
    kept: &'a Kept,
    created: String,
    modified: String,
}

impl<'a> Dated<'a> {
    fn of(kept: &'a Kept) -> Self {
        let text = |at: i64| {
            let time = DateTime::from_timestamp(at, 0).unwrap_or_default();
            time.to_rfc3339_opts(SecondsFormat::Secs, true)
        };
        Self {
            kept,
            created: text(kept.created_at),
            modified: text(kept.changed_at),
        }
    }

    fn view(&self) -> highlights::Highlight<'_> {
        let kept = self.kept;
        highlights::Highlight {
            id: kept.id,
            exact: &kept.quote.exact,
            prefix: &kept.quote.prefix,
            suffix: &kept.quote.suffix,
            position: (kept.quote.start, kept.quote.end),
            colour: match kept.colour {
                HighlightColour::Yellow => "yellow",
                HighlightColour::Green => "green",
                HighlightColour::Blue => "blue",
                HighlightColour::Pink => "pink",
            },
            note: &kept.note,
            created: &self.created,
            modified: &self.modified,
            title: &kept.title,
            publisher: &kept.publisher,
            link: kept.url.as_deref().unwrap_or_default(),
            guid: &kept.guid,
        }
    }
}
