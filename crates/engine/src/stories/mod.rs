//! Stories: clusters of articles about one event, the front page, and trending stories.
//!
//! Clusters are recomputed at each start from recent articles, so they are not stored. A story's id
//! is the id of its first article and therefore survives a restart.

pub(crate) mod clusters;
pub(crate) mod followed_stories;
pub(crate) mod source_finder;
pub(crate) mod trending_history;

use std::collections::HashSet;
use std::sync::Arc;

use warta_store::{ArticleId, ListQuery};
use warta_story::{Clusterer, Item, StoryNumber};

use crate::api::{
    Event, Failure, FrontPage, Original, PastPage, Period, Quote, Report, Result, Story, StoryPage,
    Watched,
};
use crate::context::Context;
use crate::reading::rows::Rows;
use crate::stories::clusters::{Clusters, article_ids};
use crate::stories::followed_stories::FollowedStories;
use crate::stories::source_finder::SourceFinder;
use crate::stories::trending_history::TrendingHistory;

/// Maximum number of stories on the front page.
const FRONT_STORIES: usize = 12;
/// Number of articles below the stories on the front page.
const FRONT_LATEST: usize = 24;
/// Articles inserted while holding the lock.
const PLACED_AT_ONCE: usize = 50;
/// Seconds between two removals of articles older than the window.
const TRIM_SECONDS: i64 = 6 * 3600;

/// Stories, the front page and trending.
pub struct Stories {
    ctx: Arc<Context>,
    rows: Arc<Rows>,
    clusters: Arc<Clusters>,
    followed: Arc<FollowedStories>,
    history: Arc<TrendingHistory>,
    sources: Arc<SourceFinder>,
}

impl Stories {
    pub(crate) fn new(
        ctx: &Arc<Context>,
        rows: &Arc<Rows>,
        clusters: &Arc<Clusters>,
        followed: &Arc<FollowedStories>,
        history: &Arc<TrendingHistory>,
        sources: &Arc<SourceFinder>,
    ) -> Self {
        Self {
            ctx: Arc::clone(ctx),
            rows: Arc::clone(rows),
            clusters: Arc::clone(clusters),
            followed: Arc::clone(followed),
            history: Arc::clone(history),
            sources: Arc::clone(sources),
        }
    }

    /// Clusters the articles of the last days, once per run. Takes about one second for every ten
    /// thousand articles.
    pub fn gather_stories(&self) -> Result<()> {
        if self.clusters.lock().gathered {
            return Ok(());
        }
        // Use a separate clusterer, so that no list waits for the lock.
        let mut clusterer = Clusterer::new();
        let revision = self.ctx.ranking_revision();
        clusterer.set_preferences(self.clusters.preferences());
        let mut rows = self.clusters.recent_rows()?;
        self.clusters.leave_muted_out(&mut rows);
        for row in rows.iter().rev() {
            clusterer.insert(&self.clusters.item(row));
        }
        let mut stories = self.clusters.lock();
        if stories.gathered {
            return Ok(());
        }
        stories.clusterer = clusterer;
        stories.revision = Some(revision);
        stories.trimmed_at = self.ctx.now();
        stories.gathered = true;
        stories.ranked_at = None;
        let pending = std::mem::take(&mut stories.pending);
        drop(stories);
        self.followed.number_watched();
        self.place_in_stories(self.ctx.store.rows(&pending)?)?;
        self.ctx.emit(Event::StoriesChanged);
        Ok(())
    }

    /// The front page, after the initial clustering.
    pub fn front_page(&self) -> Result<FrontPage> {
        self.gather_stories()?;
        self.front_page_now()
    }

    /// The front page with the stories clustered so far.
    pub fn front_page_now(&self) -> Result<FrontPage> {
        let now = self.ctx.now();
        let (gathering, ranking, followed) = {
            let mut stories = self.clusters.lock();
            let numbers = self.clusters.watched();
            stories.rank(now, &numbers.muted);
            let ranking = stories
                .ranking
                .iter()
                .take(FRONT_STORIES)
                .cloned()
                .collect::<Vec<_>>();
            let is_shown = |number: &u32| ranking.iter().any(|story| story.number == *number);
            let followed = numbers.followed.iter().filter(|number| !is_shown(number));
            let mut followed: Vec<warta_story::Story> = followed
                .filter_map(|number| stories.clusterer.story(StoryNumber(*number), now))
                .collect();
            followed.sort_by_key(|story| std::cmp::Reverse((story.latest_at, story.number)));
            (!stories.gathered, ranking, followed)
        };
        let mut shown: HashSet<u64> = HashSet::new();
        let mut stories = Vec::new();
        for story in &ranking {
            let view = self.clusters.story_view(story)?.filter(still_trends);
            if let Some(view) = view {
                shown.extend(&story.items);
                stories.push(view);
            }
        }
        let mut more = Vec::new();
        for story in &followed {
            shown.extend(&story.items);
            more.extend(self.clusters.story_view(story)?);
        }
        if !gathering {
            self.history.note_trending()?;
        }
        let page = self.rows.visible_page(ListQuery::newest(
            warta_store::Place::All,
            FRONT_LATEST + 4 * FRONT_STORIES,
        ))?;
        let latest = page
            .rows
            .into_iter()
            .filter(|row| !shown.contains(&row.id.0))
            .take(FRONT_LATEST)
            .collect();
        Ok(FrontPage {
            stories,
            followed: more,
            latest: self.rows.views(latest)?,
            made_at: now,
            gathering,
        })
    }

    /// The trending stories, highest rank first. Fading stories without a new article for half a
    /// day are listed on the front page only.
    pub fn trending(&self, limit: u32) -> Result<Vec<Story>> {
        self.gather_stories()?;
        let now = self.ctx.now();
        let ranking = {
            let mut stories = self.clusters.lock();
            stories.rank(now, &self.clusters.watched().muted);
            stories
                .ranking
                .iter()
                .filter(|story| story.is_trending)
                .take(limit as usize)
                .cloned()
                .collect::<Vec<_>>()
        };
        let mut stories = Vec::new();
        for story in &ranking {
            stories.extend(self.clusters.story_view(story)?.filter(still_trends));
        }
        Ok(stories)
    }

    /// A story with all its articles.
    pub fn story(&self, id: u64) -> Result<StoryPage> {
        self.gather_stories()?;
        let found = {
            let stories = self.clusters.lock();
            let number = stories.clusterer.story_of(id);
            number.and_then(|number| stories.clusterer.story(number, self.ctx.now()))
        };
        let found = found.ok_or_else(|| Failure::not_found("story"))?;
        let story = self
            .clusters
            .story_view(&found)?
            .ok_or_else(|| Failure::not_found("story"))?;
        let rows = self.ctx.store.rows(&article_ids(&found.items))?;
        let digest = self.clusters.digest(&rows);
        let quote = |said: warta_story::AttributedSentence| -> Option<Quote> {
            let row = rows.iter().find(|row| row.id.0 == said.item)?;
            Some(Quote {
                article: row.id.0,
                publisher: self.rows.view(row.clone()).ok()?.publisher,
                text: said.text,
                language: row.language.clone(),
                right_to_left: row.right_to_left,
            })
        };
        let reports = digest.articles.into_iter().map(|report| Report {
            article: report.item,
            copies: report.copies,
        });
        Ok(StoryPage {
            story,
            reports: reports.collect(),
            summary: digest.summary.into_iter().filter_map(quote).collect(),
            only: digest.only.into_iter().filter_map(quote).collect(),
            silent: self.clusters.silent_folders(&rows, found.first_at)?,
            muted: self.clusters.watched().muted.contains(&found.number),
            articles: self.rows.views(rows.clone())?,
            copies: found.copies,
        })
    }

    /// Inserts new or changed articles into the clusters; defers them while the initial clustering
    /// is running.
    pub(crate) fn place_in_stories(&self, mut rows: Vec<warta_store::ArticleRow>) -> Result<()> {
        if self
            .clusters
            .leave_for_gathering(rows.iter().map(|row| row.id))
            || rows.is_empty()
        {
            return Ok(());
        }
        let oldest = self.ctx.now() - clusters::WINDOW_SECONDS;
        rows.retain(|row| row.time >= oldest);
        self.clusters.leave_muted_out(&mut rows);
        rows.sort_by_key(|row| (row.time, row.id));
        for rows in rows.chunks(PLACED_AT_ONCE) {
            let items: Vec<Item> = rows.iter().map(|row| self.clusters.item(row)).collect();
            let mut stories = self.clusters.lock();
            for item in &items {
                stories.clusterer.insert(item);
            }
        }
        let mut stories = self.clusters.lock();
        if self.ctx.now() - stories.trimmed_at > TRIM_SECONDS {
            stories.clusterer.forget_before(oldest);
            stories.trimmed_at = self.ctx.now();
        }
        stories.ranked_at = None;
        drop(stories);
        self.followed.look_at_watched()
    }

    /// Follows the story that an article belongs to, or stops following it.
    pub fn follow_story(&self, id: u64, follow: bool) -> Result<()> {
        self.gather_stories()?;
        self.followed.follow_story(id, follow)
    }

    /// Mutes the story that an article belongs to until it ends: it is hidden from the front page
    /// and the lists, and its articles are marked read. Returns the id for [`Stories::unwatch`].
    pub fn mute_story(&self, id: u64) -> Result<u64> {
        self.gather_stories()?;
        self.followed.mute_story(id)
    }

    /// Stops following or muting a story. Unmuting it marks its articles unread again if muting
    /// marked them read.
    pub fn unwatch(&self, id: u64) -> Result<()> {
        self.followed.unwatch(id)
    }

    /// The followed and muted stories, latest first.
    #[must_use]
    pub fn watched(&self) -> Watched {
        self.followed.watched()
    }

    /// The trending stories of the day or week around `at`, or of the latest one. Old days are
    /// available as weeks only.
    pub fn past_trending(&self, period: Period, at: Option<i64>) -> Result<PastPage> {
        self.history.past_trending(period, at)
    }

    /// Finds the story and the earliest article of a text or link.
    pub fn find_original(&self, pasted: &str) -> Result<Original> {
        self.gather_stories()?;
        self.sources.find_original(pasted)
    }

    /// Records the trending stories, if that was not done recently.
    pub(crate) fn note_trending(&self) -> Result<()> {
        self.history.note_trending()
    }

    /// Merges old days in the trending history into weeks.
    pub(crate) fn fold_past(&self) -> Result<()> {
        self.history.fold_past()
    }

    /// The story that an article belongs to, if other publishers report it too.
    pub(crate) fn story_of(&self, article: u64) -> Result<Option<Story>> {
        self.clusters.story_of(article)
    }

    /// Defers articles until the initial clustering ends; returns false if it has finished.
    pub(crate) fn leave_for_gathering(&self, articles: impl Iterator<Item = ArticleId>) -> bool {
        self.clusters.leave_for_gathering(articles)
    }
}

/// Whether several publishers still report a story; feeds may have been removed since.
fn still_trends(story: &Story) -> bool {
    story.publishers.len() > 1
}
