//! Clusters of the stored articles, and which of them are trending.
//!
//! Clusters are computed at every start from the articles of the last days, so nothing of
//! them is stored; a story's id is the id of its first article and so outlives the run.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, RwLock, RwLockReadGuard};

use warta_store::{ArticleId, Cursor, Feed, FeedId, ListQuery};
use warta_story::{Clusterer, Item, StoryNumber};

use crate::api::{Phase, Result, Story, StoryBrief, Why};
use crate::context::Context;
use crate::context::locks::{locked, read_locked, write_locked};
use crate::reading::rows::{Rows, StoryLookup};
use crate::reading::tags::Tags;
use crate::subscriptions::feeds::Feeds;

/// Maximum age of clustered articles.
pub(super) const WINDOW_SECONDS: i64 = 5 * 86_400;
/// Maximum number of articles in the window; older ones are dropped.
const WINDOW_ARTICLES: usize = 30_000;
/// Maximum number of ranked stories that article rows refer to.
const BRIEF_STORIES: usize = 300;
/// Number of articles whose full text is used for a story's summary; of further ones, only the
/// beginning.
const READ_WHOLE: usize = 40;
/// Seconds after which a ranking is recomputed.
const RANKING_SECONDS: i64 = 60;

/// The clusters that the reader follows or has muted.
#[derive(Debug, Default)]
pub(crate) struct WatchedClusterIds {
    pub(crate) followed: HashSet<u32>,
    pub(crate) muted: HashSet<u32>,
}

/// The clusters and their ranking.
#[derive(Default)]
pub(crate) struct ClusterState {
    pub(super) clusterer: Clusterer,
    /// The ranking revision whose preferences `clusterer` uses.
    pub(super) revision: Option<u64>,
    pub(super) gathered: bool,
    /// Articles stored before the initial clustering has finished.
    pub(super) pending: Vec<ArticleId>,
    /// When articles older than the window were last removed.
    pub(super) trimmed_at: i64,
    /// Ranked at `ranked_at`, most trending first.
    pub(super) ranking: Vec<warta_story::Story>,
    pub(super) ranked_at: Option<i64>,
    /// Whether article rows use this ranking.
    told: bool,
    /// When the ranking was last recorded in the trending history.
    noted_at: Option<i64>,
}

impl ClusterState {
    pub(crate) fn clusterer(&self) -> &Clusterer {
        &self.clusterer
    }

    pub(crate) fn reset_ranking(&mut self) {
        self.ranked_at = None;
    }

    /// Ids of the clustered articles most similar to an item, most similar first.
    pub(crate) fn nearest(&mut self, item: &Item, limit: usize) -> Vec<u64> {
        let near = self.clusterer.nearest(item, limit);
        near.into_iter().map(|(_, id)| id).collect()
    }

    /// The trending stories, if they were not recorded recently.
    pub(crate) fn due_to_be_noted(
        &mut self,
        now: i64,
        every: i64,
        limit: usize,
    ) -> Option<Vec<warta_story::Story>> {
        let is_due = self.noted_at.is_none_or(|at| (now - at).abs() >= every);
        if !self.gathered || !is_due {
            return None;
        }
        self.noted_at = Some(now);
        let trending = self.ranking.iter().filter(|story| story.is_trending);
        Some(trending.take(limit).cloned().collect())
    }

    /// Recomputes an outdated ranking, without muted stories.
    pub(super) fn rank(&mut self, now: i64, muted: &HashSet<u32>) {
        let is_fresh = |at: i64| (now - at).abs() < RANKING_SECONDS;
        if !self.ranked_at.is_some_and(is_fresh) {
            self.ranking = self.clusterer.trending(now, BRIEF_STORIES);
            self.ranking.retain(|story| !muted.contains(&story.number));
            self.ranked_at = Some(now);
            self.told = false;
        }
    }

    /// Story information for article rows, once for each new ranking.
    fn fresh_briefs(&mut self, now: i64, muted: &HashSet<u32>) -> Option<HashMap<u64, StoryBrief>> {
        self.rank(now, muted);
        (!std::mem::replace(&mut self.told, true)).then(|| self.briefs())
    }

    fn briefs(&self) -> HashMap<u64, StoryBrief> {
        let mut briefs = HashMap::new();
        for story in &self.ranking {
            let brief = StoryBrief {
                id: story_id(story),
                publishers: story.publishers.len() as u32,
            };
            for id in &story.items {
                briefs.insert(*id, brief.clone());
            }
        }
        briefs
    }
}

/// Clusters of the articles of the last days.
pub(crate) struct Clusters {
    ctx: Arc<Context>,
    feeds: Arc<Feeds>,
    rows: Arc<Rows>,
    tags: Arc<Tags>,
    state: Mutex<ClusterState>,
    briefs: RwLock<HashMap<u64, StoryBrief>>,
    watched: RwLock<WatchedClusterIds>,
}

impl Clusters {
    pub(crate) fn new(
        ctx: &Arc<Context>,
        feeds: &Arc<Feeds>,
        rows: &Arc<Rows>,
        tags: &Arc<Tags>,
    ) -> Self {
        Self {
            ctx: Arc::clone(ctx),
            feeds: Arc::clone(feeds),
            rows: Arc::clone(rows),
            tags: Arc::clone(tags),
            state: Mutex::default(),
            briefs: RwLock::default(),
            watched: RwLock::default(),
        }
    }

    /// Summarises a story from the full texts of its articles.
    pub(super) fn digest(&self, rows: &[warta_store::ArticleRow]) -> warta_story::Digest {
        let copies: HashMap<u64, u64> = {
            let stories = self.lock();
            let ids = rows.iter().map(|row| row.id.0);
            ids.filter_map(|id| Some((id, stories.clusterer.copy_of(id)?)))
                .collect()
        };
        let items: Vec<Item> = rows
            .iter()
            .enumerate()
            .map(|(at, row)| {
                let is_copy = copies.contains_key(&row.id.0);
                if is_copy || at >= READ_WHOLE {
                    self.item(row)
                } else {
                    self.whole_item(row)
                }
            })
            .collect();
        let language = self.ctx.settings().language;
        warta_story::digest(&items, Some(&language), |id| copies.get(&id).copied())
    }

    /// The reader's folders whose feeds have published since then, but none of these articles.
    pub(super) fn silent_folders(
        &self,
        rows: &[warta_store::ArticleRow],
        since: i64,
    ) -> Result<Vec<String>> {
        let feeds = self.ctx.store.feeds()?;
        let here: HashSet<_> = rows.iter().map(|row| row.feed).collect();
        let mut folders = self.ctx.store.folders().all()?;
        folders.sort_by_key(|folder| (folder.position, folder.id));
        let mut silent = Vec::new();
        for folder in folders {
            let folders = self.ctx.store.folders().within(folder.id);
            let is_inside = |feed: &&Feed| feed.folder.is_some_and(|id| folders.contains(&id));
            let inside = feeds.iter().filter(is_inside);
            if inside.clone().count() == 0 || inside.clone().any(|feed| here.contains(&feed.id)) {
                continue;
            }
            let newest = self
                .ctx
                .store
                .list(&ListQuery::newest(warta_store::Place::Folder(folder.id), 1))?;
            if newest.rows.first().is_some_and(|row| row.time >= since) {
                silent.push(folder.name);
            }
        }
        Ok(silent)
    }

    /// Locks the clusters, ranked by the reader's current preferences.
    pub(super) fn lock(&self) -> MutexGuard<'_, ClusterState> {
        let mut state = locked(&self.state);
        self.use_preferences(&mut state);
        state
    }

    /// The clusters if no article is being inserted.
    fn try_lock(&self) -> Option<MutexGuard<'_, ClusterState>> {
        let mut state = self.state.try_lock().ok()?;
        self.use_preferences(&mut state);
        Some(state)
    }

    fn use_preferences(&self, state: &mut ClusterState) {
        let revision = self.ctx.ranking_revision();
        if state.revision != Some(revision) {
            state.clusterer.set_preferences(self.preferences());
            state.ranked_at = None;
            state.revision = Some(revision);
        }
    }

    /// Which clusters the reader follows or has muted.
    pub(super) fn watched(&self) -> RwLockReadGuard<'_, WatchedClusterIds> {
        read_locked(&self.watched)
    }

    /// Replaces the watched clusters; returns whether the muted ones changed.
    pub(super) fn set_watched(&self, watched: WatchedClusterIds) -> bool {
        let mut kept = write_locked(&self.watched);
        let changed = kept.muted != watched.muted;
        *kept = watched;
        changed
    }

    /// The reader's language and the publishers they trust.
    pub(super) fn preferences(&self) -> warta_story::Preferences {
        let trusted = self.feeds.trusted();
        let names = trusted
            .iter()
            .filter_map(|id| self.ctx.labels.get(FeedId(*id)));
        warta_story::Preferences {
            language: Some(self.ctx.settings().language),
            trusted: names.map(|name| name.key().to_lowercase()).collect(),
        }
    }

    /// Removes articles muted by rules, so that they are in no story.
    pub(super) fn leave_muted_out(&self, rows: &mut Vec<warta_store::ArticleRow>) {
        self.tags.remove_muted(rows);
    }

    /// The story that an article belongs to, if other publishers report it too. Does not wait for
    /// the initial clustering.
    pub(crate) fn story_of(&self, article: u64) -> Result<Option<Story>> {
        let found = {
            let Some(stories) = self.try_lock() else {
                // Articles are being clustered; an event follows when that is done.
                return Ok(None);
            };
            let number: Option<StoryNumber> = stories.clusterer.story_of(article);
            number.and_then(|number| stories.clusterer.story(number, self.ctx.now()))
        };
        match found {
            Some(story) if story.publishers.len() > 1 => self.story_view(&story),
            _ => Ok(None),
        }
    }

    /// Defers articles until the initial clustering ends; returns false if it has finished.
    pub(crate) fn leave_for_gathering(&self, articles: impl Iterator<Item = ArticleId>) -> bool {
        let mut stories = self.lock();
        if !stories.gathered {
            stories.pending.extend(articles);
        }
        !stories.gathered
    }

    pub(super) fn recent_rows(&self) -> Result<Vec<warta_store::ArticleRow>> {
        let place = warta_store::Place::Since(self.ctx.now() - WINDOW_SECONDS);
        let mut rows = Vec::new();
        let mut before: Option<Cursor> = None;
        loop {
            let query = ListQuery {
                place,
                unread_only: false,
                before,
                limit: 1000,
            };
            let page = self.ctx.store.list(&query)?;
            rows.extend(page.rows);
            before = page.next;
            if before.is_none() || rows.len() >= WINDOW_ARTICLES {
                return Ok(rows);
            }
        }
    }

    /// The clustering item of an article, with the full text if it is stored.
    pub(crate) fn whole_item(&self, row: &warta_store::ArticleRow) -> Item {
        let mut item = self.item(row);
        if let Ok(Some(article)) = self.ctx.store.article(row.id) {
            let text = warta_text::html_lines(&article.html);
            if text.len() > item.text.len() {
                item.text = text;
            }
        }
        item
    }

    pub(crate) fn item(&self, row: &warta_store::ArticleRow) -> Item {
        let publisher = self.publisher_key(row);
        Item {
            id: row.id.0,
            title: row.title.clone(),
            text: row.excerpt.clone(),
            url: row.url.clone(),
            publisher: publisher.unwrap_or_default(),
            published: Some(row.time),
            language: row.language.clone(),
        }
    }

    /// Converts a story for the front ends; `None` if its articles were removed.
    pub(crate) fn story_view(&self, story: &warta_story::Story) -> Result<Option<Story>> {
        let rows = self.ctx.store.rows(&article_ids(&story.items))?;
        let lead = rows
            .iter()
            .find(|row| row.id.0 == story.headline_item)
            .or_else(|| rows.first());
        let Some(lead) = lead.cloned() else {
            return Ok(None);
        };
        // Omit publishers whose feed the reader has removed.
        let names = self.publisher_names(&rows);
        let shown = |key: &String| {
            let of_rows = names.get(key).cloned();
            of_rows.or_else(|| self.ctx.labels.titled(key))
        };
        let publishers: Vec<String> = story.publishers.iter().filter_map(shown).collect();
        let earliest = rows.iter().min_by_key(|row| row.time).unwrap_or(&lead);
        let first = shown(&story.why.first_publisher).map_or_else(
            || {
                let key = self.publisher_key(earliest).unwrap_or_default();
                (names.get(&key).cloned().unwrap_or(key), earliest.time)
            },
            |name| (name, story.why.first_at),
        );
        let mut picture = None;
        let pictures = std::iter::once(&lead)
            .chain(&rows)
            .filter_map(|r| r.lead_picture.as_deref());
        for url in pictures.take(8) {
            picture = self.rows.picture_view(url)?;
            if picture.as_ref().is_some_and(|p| p.width >= 400) {
                break;
            }
        }
        Ok(Some(Story {
            id: story_id(story),
            headline: lead.title.clone(),
            lead: self.rows.view(lead)?,
            picture,
            article_count: rows.len() as u32,
            first_at: story.first_at,
            latest_at: story.latest_at,
            phase: story.phase.into(),
            course: story.course.clone(),
            why: Why {
                publishers: story.why.publishers.min(publishers.len() as u32),
                hours: story.why.hours,
                first_publisher: first.0,
                first_at: first.1,
            },
            publishers,
            followed: read_locked(&self.watched).followed.contains(&story.number),
        }))
    }

    /// Publisher names by the keys that [`Clusters::item`] assigns.
    pub(super) fn publisher_names(
        &self,
        rows: &[warta_store::ArticleRow],
    ) -> HashMap<String, String> {
        let named = |row: &warta_store::ArticleRow| {
            if let Some(source) = &row.source {
                return Some((source.clone(), source.clone()));
            }
            let name = self.ctx.labels.get(row.feed)?;
            Some((name.key().to_owned(), name.title.clone()))
        };
        rows.iter().filter_map(named).collect()
    }

    fn publisher_key(&self, row: &warta_store::ArticleRow) -> Option<String> {
        let of_feed = || Some(self.ctx.labels.get(row.feed)?.key().to_owned());
        row.source.clone().or_else(of_feed)
    }
}

/// The article ids of a story's items.
pub(crate) fn article_ids(items: &[u64]) -> Vec<ArticleId> {
    items.iter().copied().map(ArticleId).collect()
}

fn story_id(story: &warta_story::Story) -> u64 {
    story.items.iter().copied().min().unwrap_or_default()
}

impl From<warta_story::Phase> for Phase {
    fn from(phase: warta_story::Phase) -> Self {
        match phase {
            warta_story::Phase::New => Self::New,
            warta_story::Phase::Rising => Self::Rising,
            warta_story::Phase::Peak => Self::Peak,
            warta_story::Phase::Fading => Self::Fading,
        }
    }
}

impl StoryLookup for Clusters {
    /// The story that an article row refers to. While articles are being inserted this uses the
    /// previous ranking, so that lists never wait.
    fn brief(&self, article: ArticleId) -> Option<StoryBrief> {
        if let Some(mut stories) = self.try_lock()
            && stories.gathered
            && let Some(fresh) =
                stories.fresh_briefs(self.ctx.now(), &read_locked(&self.watched).muted)
        {
            *write_locked(&self.briefs) = fresh;
        }
        let briefs = read_locked(&self.briefs);
        briefs.get(&article.0).cloned()
    }

    /// The other articles of an article's story, if it is trending.
    fn articles_with(&self, article: u64) -> Vec<ArticleId> {
        let stories = self.lock();
        let story = stories
            .ranking
            .iter()
            .find(|story| story.items.contains(&article));
        story.map_or_else(Vec::new, |story| article_ids(&story.items))
    }
}
