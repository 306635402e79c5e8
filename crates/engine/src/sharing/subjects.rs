//! Articles, stories and digests as subjects of a forward.

use std::sync::Arc;

use warta_share::Daypart;
use warta_store::ArticleId;

use crate::api::{Failure, FailureCode, Result, Subject};
use crate::context::{Context, checks};
use crate::reading::articles::Articles;
use crate::sharing::preferences::SharePreferences;
use crate::stories::Stories;

/// Maximum number of articles in a digest.
const MOST_IN_DIGEST: usize = 50;

/// The subjects of a forward, composed from stored articles.
pub(super) struct Composed {
    pub(super) subjects: Vec<warta_share::Subject>,
    /// The articles whose history records the forward.
    pub(super) articles: Vec<ArticleId>,
    /// The title in the history and the outbox.
    pub(super) title: String,
    pub(super) daypart: Daypart,
}

/// Composes the content of forwards from articles and stories.
pub(crate) struct Subjects {
    ctx: Arc<Context>,
    stories: Arc<Stories>,
    articles: Arc<Articles>,
    preferences: Arc<SharePreferences>,
}

impl Subjects {
    pub(crate) fn new(
        ctx: &Arc<Context>,
        stories: &Arc<Stories>,
        articles: &Arc<Articles>,
        preferences: &Arc<SharePreferences>,
    ) -> Self {
        Self {
            ctx: Arc::clone(ctx),
            stories: Arc::clone(stories),
            articles: Arc::clone(articles),
            preferences: Arc::clone(preferences),
        }
    }

    /// The content of one article, a story's lead article or a quoted article.
    pub(crate) fn subject(
        &self,
        subject: &Subject,
    ) -> Result<(warta_share::Subject, Option<ArticleId>)> {
        let composed = self.composed(subject)?;
        let one = composed.subjects.into_iter().next();
        let one = one.ok_or_else(|| Failure::not_found("article"))?;
        Ok((one, composed.articles.first().copied()))
    }

    /// Composes an article, a quote, a story or a digest, and returns the articles that represent
    /// it.
    pub(super) fn composed(&self, subject: &Subject) -> Result<Composed> {
        let now = self.ctx.now();
        let daypart = Daypart::of(now - self.ctx.clock.midnight());
        match subject {
            Subject::Article { id } => {
                let one = self.said_of(*id)?;
                Ok(Composed {
                    title: one.title.clone(),
                    subjects: vec![one],
                    articles: vec![ArticleId(*id)],
                    daypart,
                })
            }
            Subject::Quote { id, text } => {
                checks::typed(checks::length("a quote", text, checks::MESSAGE))?;
                let one = self.said_of(*id)?;
                Ok(Composed {
                    title: one.title.clone(),
                    subjects: vec![warta_share::Subject {
                        quote: text.trim().to_owned(),
                        ..one
                    }],
                    articles: vec![ArticleId(*id)],
                    daypart,
                })
            }
            Subject::Story { id } => {
                let page = self.stories.story(*id)?;
                let lead = ArticleId(page.story.lead.id);
                let mut one = self.said_of(lead.0)?;
                // Prefer a direct link to the publisher over an aggregator's redirect.
                let direct = |url: &str| {
                    let clean = warta_share::clean_link(url);
                    crate::context::labels::host_of(&clean)
                        .is_some_and(|host| host != "news.google.com")
                        .then_some(clean)
                };
                let others = page.articles.iter().filter_map(|row| row.url.as_deref());
                if let Some(link) = std::iter::once(one.url.as_str())
                    .chain(others)
                    .find_map(direct)
                {
                    one.url = link;
                }
                one.title.clone_from(&page.story.headline);
                one.reported_by = page.story.publishers;
                Ok(Composed {
                    title: page.story.headline,
                    subjects: vec![one],
                    articles: vec![lead],
                    daypart,
                })
            }
            Subject::Digest { ids } => {
                if ids.is_empty() || ids.len() > MOST_IN_DIGEST {
                    return Err(Failure::new(
                        FailureCode::BadInput,
                        format!("a digest has 1 to {MOST_IN_DIGEST} articles"),
                    ));
                }
                let subjects: Vec<_> = ids
                    .iter()
                    .map(|id| self.said_of(*id))
                    .collect::<Result<_>>()?;
                let title = warta_share::digest_heading(
                    subjects.len(),
                    daypart,
                    &self.preferences.preferences(),
                );
                Ok(Composed {
                    subjects,
                    articles: ids.iter().copied().map(ArticleId).collect(),
                    title,
                    daypart,
                })
            }
        }
    }

    fn said_of(&self, id: u64) -> Result<warta_share::Subject> {
        let row = self.ctx.store.rows(&[ArticleId(id)])?.into_iter().next();
        let row = row.ok_or_else(|| Failure::not_found("article"))?;
        let publisher = self
            .articles
            .publisher(row.feed, row.source.as_deref())?
            .name;
        let url = self.link_of(&row)?;
        Ok(warta_share::Subject {
            title: row.title,
            url,
            publisher,
            excerpt: row.excerpt,
            ..warta_share::Subject::default()
        })
    }

    /// The link to share: the page's canonical URL or final address if the page is stored and
    /// belongs to the article; otherwise the feed's link.
    pub(crate) fn link_of(&self, row: &warta_store::ArticleRow) -> Result<String> {
        let page = self
            .ctx
            .store
            .full_text()
            .get(row.id)?
            .filter(|page| page.is_better);
        let found = page
            .map(|page| page.url)
            .filter(|url| url.starts_with("http"));
        Ok(found.or_else(|| row.url.clone()).unwrap_or_default())
    }
}
