//! Followed and muted stories. Stories are recomputed at each start, and they merge and split. Each
//! watch therefore identifies its story by anchor articles: it is the story that most of them
//! belong to, and as it develops newer articles become anchors.

use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, Mutex};

use serde::{Deserialize, Serialize};
use warta_store::{ArticleId, ArticleRow, Mark, Store};
use warta_story::{Clusterer, Item, StoryNumber, development};

use crate::api::{Event, Failure, Notice, Result, Watched, WatchedStory};
use crate::context::Context;
use crate::context::locks::locked;
use crate::context::records::{json, read};
use crate::reading::rows::Rows;
use crate::reading::tags::Tags;
use crate::stories::clusters::{Clusters, WatchedClusterIds, article_ids};

const FOLLOWED: &str = "own/followed/";
const MUTED_STORIES: &str = "own/muted/";
/// Number of anchor articles of a watch.
const ANCHORS: usize = 12;
/// How many of these are the story's first articles.
const FIRST_ANCHORS: usize = 4;
/// Maximum number of articles of a story that a watch remembers.
const REMEMBERED: usize = 2_000;
/// Number of earlier articles that a new one is compared with.
const COMPARED: usize = 40;
/// Seconds without a clustered article after which a watched story has ended.
const ENDED: i64 = 3 * 86_400;
/// Minimum seconds between two notices about one story.
const TOLD_APART: i64 = 10 * 60;

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Watch {
    id: u64,
    since: i64,
    headline: String,
    /// Articles that identify the story.
    anchors: Vec<u64>,
    /// Articles already processed.
    seen: Vec<u64>,
    /// For muted stories: the articles that were unread before muting.
    marked: Vec<u64>,
    /// When the story last had clustered articles.
    alive_at: i64,
    told_at: i64,
}

#[derive(Debug, Default)]
pub(crate) struct Watches {
    followed: Vec<Watch>,
    muted: Vec<Watch>,
}

impl Watches {
    pub(crate) fn load(store: &Store) -> Result<Self> {
        let all = |prefix: &str| -> Result<Vec<Watch>> {
            let records = store.settings_under(prefix)?;
            let watches = records.iter().map(|(name, json)| read(name, json));
            Ok(watches.filter(|watch: &Watch| watch.id > 0).collect())
        };
        Ok(Self {
            followed: all(FOLLOWED)?,
            muted: all(MUTED_STORIES)?,
        })
    }

    fn next_id(&self, now: i64) -> u64 {
        let last = self.followed.iter().chain(&self.muted).map(|w| w.id).max();
        (now.max(1) as u64).max(last.unwrap_or(0) + 1)
    }
}

impl Watch {
    fn new(id: u64, now: i64, story: &warta_story::Story, headline: String) -> Self {
        let mut watch = Self {
            id,
            since: now,
            headline,
            ..Self::default()
        };
        watch.take_along(story, now);
        watch
    }

    /// The story that most anchors belong to now; on a tie, the one of the earliest anchor.
    fn story(&self, clusterer: &Clusterer) -> Option<StoryNumber> {
        let mut votes: BTreeMap<StoryNumber, usize> = BTreeMap::new();
        let of = |article: &u64| clusterer.story_of(*article);
        for number in self.anchors.iter().filter_map(of) {
            *votes.entry(number).or_default() += 1;
        }
        let most = votes.values().copied().max()?;
        let leads = |number: &StoryNumber| votes.get(number) == Some(&most);
        self.anchors.iter().filter_map(of).find(leads)
    }

    /// Updates the watch from the current story; returns the articles not seen before.
    fn take_along(&mut self, story: &warta_story::Story, now: i64) -> Vec<u64> {
        let items = &story.items;
        let seen: HashSet<u64> = self.seen.iter().copied().collect();
        let new: Vec<u64> = items
            .iter()
            .copied()
            .filter(|id| !seen.contains(id))
            .collect();
        let copies: HashSet<&u64> = story.copies.iter().collect();
        let reports: Vec<u64> = items
            .iter()
            .copied()
            .filter(|id| !copies.contains(id))
            .collect();
        let mut anchors: Vec<u64> = reports.iter().copied().take(FIRST_ANCHORS).collect();
        let latest = reports.iter().rev().take(ANCHORS - FIRST_ANCHORS).rev();
        anchors.extend(
            latest
                .filter(|id| !anchors.contains(id))
                .copied()
                .collect::<Vec<_>>(),
        );
        self.anchors = anchors;
        self.seen.extend(&new);
        let beyond = self.seen.len().saturating_sub(REMEMBERED);
        self.seen.drain(..beyond);
        self.alive_at = now;
        new
    }
}

/// The stories that the reader follows or has muted.
pub(crate) struct FollowedStories {
    ctx: Arc<Context>,
    rows: Arc<Rows>,
    tags: Arc<Tags>,
    clusters: Arc<Clusters>,
    state: Mutex<Watches>,
}

impl FollowedStories {
    pub(crate) fn new(
        ctx: &Arc<Context>,
        rows: &Arc<Rows>,
        tags: &Arc<Tags>,
        clusters: &Arc<Clusters>,
        state: Watches,
    ) -> Self {
        Self {
            ctx: Arc::clone(ctx),
            rows: Arc::clone(rows),
            tags: Arc::clone(tags),
            clusters: Arc::clone(clusters),
            state: Mutex::new(state),
        }
    }

    /// Follows the story that an article belongs to, or stops following it.
    pub(crate) fn follow_story(&self, id: u64, follow: bool) -> Result<()> {
        let now = self.ctx.now();
        let (number, story) = self.story_of_article(id)?;
        let headline = self.headline(&story)?;
        {
            let mut watching = locked(&self.state);
            let stories = self.clusters.lock();
            let known = |watch: &Watch| watch.story(stories.clusterer()) == Some(number);
            let here: Vec<u64> = watching
                .followed
                .iter()
                .filter(|watch| known(watch))
                .map(|watch| watch.id)
                .collect();
            drop(stories);
            let mut records = Vec::new();
            if !follow {
                watching.followed.retain(|watch| !here.contains(&watch.id));
                records.extend(here.iter().map(|id| (record(FOLLOWED, *id), None)));
            } else if here.is_empty() {
                let watch = Watch::new(watching.next_id(now), now, &story, headline);
                records.push((record(FOLLOWED, watch.id), Some(json(&watch))));
                watching.followed.push(watch);
            }
            self.ctx.store.set_settings(&records)?;
        }
        self.number_watched();
        self.ctx.emit(Event::StoriesChanged);
        Ok(())
    }

    /// Mutes the story that an article belongs to until it ends: it is hidden from the front page
    /// and the lists, and its articles are marked read. Returns the id for
    /// [`FollowedStories::unwatch`].
    pub(crate) fn mute_story(&self, id: u64) -> Result<u64> {
        let now = self.ctx.now();
        let (_, story) = self.story_of_article(id)?;
        let headline = self.headline(&story)?;
        self.follow_story(id, false)?;
        let (marked, _) = self.ctx.store.mark_read(&article_ids(&story.items))?;
        let watch_id = {
            let mut watching = locked(&self.state);
            let mut watch = Watch::new(watching.next_id(now), now, &story, headline);
            watch.marked = marked.iter().map(|id| id.0).collect();
            let record = (record(MUTED_STORIES, watch.id), Some(json(&watch)));
            self.ctx.store.set_settings(&[record])?;
            let id = watch.id;
            watching.muted.push(watch);
            id
        };
        self.number_watched();
        self.hide_muted();
        self.ctx.emit(Event::PlacesChanged);
        self.ctx.emit(Event::StoriesChanged);
        Ok(watch_id)
    }

    /// Ends a watch. Unmuting a story marks its articles unread again if muting marked them read.
    pub(crate) fn unwatch(&self, id: u64) -> Result<()> {
        let marked = {
            let mut watching = locked(&self.state);
            let marked = watching
                .muted
                .iter()
                .find(|watch| watch.id == id)
                .map(|watch| watch.marked.clone());
            let names = [FOLLOWED, MUTED_STORIES].map(|kind| (record(kind, id), None));
            self.ctx.store.set_settings(&names)?;
            watching.followed.retain(|watch| watch.id != id);
            watching.muted.retain(|watch| watch.id != id);
            marked.unwrap_or_default()
        };
        let marked: Vec<ArticleId> = marked.into_iter().map(ArticleId).collect();
        let unread = Mark {
            read: Some(false),
            saved: None,
        };
        self.ctx.store.mark(&marked, unread, self.ctx.now())?;
        self.number_watched();
        self.hide_muted();
        self.ctx.emit(Event::PlacesChanged);
        self.ctx.emit(Event::StoriesChanged);
        Ok(())
    }

    /// The followed and muted stories, latest first.
    #[must_use]
    pub(crate) fn watched(&self) -> Watched {
        let watching = locked(&self.state);
        let stories = self.clusters.lock();
        let told = |watches: &[Watch]| -> Vec<WatchedStory> {
            watches
                .iter()
                .rev()
                .map(|watch| WatchedStory {
                    id: watch.id,
                    story: watch.story(stories.clusterer()).and_then(|number| {
                        let of = |id: &u64| stories.clusterer().story_of(*id);
                        let in_it = |id: &u64| of(id) == Some(number);
                        watch.anchors.iter().copied().find(in_it)
                    }),
                    headline: watch.headline.clone(),
                    since: watch.since,
                })
                .collect()
        };
        Watched {
            followed: told(&watching.followed),
            muted: told(&watching.muted),
        }
    }

    /// Updates the watched stories after clustering: marks new articles of muted ones read,
    /// notifies about developments in followed ones, and removes those that have ended.
    pub(crate) fn look_at_watched(&self) -> Result<()> {
        let now = self.ctx.now();
        let mut records = Vec::new();
        let mut muted_new: Vec<(u64, Vec<u64>)> = Vec::new();
        let mut told: Vec<(u64, warta_story::Story, Vec<u64>)> = Vec::new();
        let mut over: Vec<u64> = Vec::new();
        {
            let mut watching = locked(&self.state);
            if watching.followed.is_empty() && watching.muted.is_empty() {
                return Ok(());
            }
            let stories = self.clusters.lock();
            let clusterer = stories.clusterer();
            let Watches { followed, muted } = &mut *watching;
            for (kind, watches) in [(FOLLOWED, followed), (MUTED_STORIES, muted)] {
                watches.retain_mut(|watch| {
                    let story = watch
                        .story(clusterer)
                        .and_then(|number| clusterer.story(number, now));
                    let Some(story) = story else {
                        if now - watch.alive_at <= ENDED {
                            return true;
                        }
                        records.push((record(kind, watch.id), None));
                        if kind == MUTED_STORIES {
                            over.append(&mut watch.seen);
                        }
                        return false;
                    };
                    let before = (watch.anchors.clone(), watch.alive_at);
                    let new = watch.take_along(&story, now);
                    if !new.is_empty() && kind == MUTED_STORIES {
                        muted_new.push((watch.id, new));
                    } else if !new.is_empty() {
                        told.push((watch.id, story, new));
                    }
                    // Write the last activity to the store only occasionally.
                    let is_new = before.0 != watch.anchors || now - before.1 > ENDED / 12;
                    if !is_new {
                        watch.alive_at = before.1;
                    }
                    if is_new || told.last().is_some_and(|(id, ..)| *id == watch.id) {
                        records.push((record(kind, watch.id), Some(json(watch))));
                    }
                    true
                });
            }
        }
        if !over.is_empty() {
            // Keep the articles of an ended muted story hidden.
            self.tags.put_tags(&[(None, over)], Vec::new())?;
        }
        self.ctx.store.set_settings(&records)?;
        self.number_watched();
        if !muted_new.is_empty() {
            self.mute_new(muted_new)?;
        }
        for (watch, story, new) in told {
            self.tell_development(watch, &story, &new)?;
        }
        self.hide_muted();
        Ok(())
    }

    /// Marks new articles of muted stories read and remembers them.
    fn mute_new(&self, new: Vec<(u64, Vec<u64>)>) -> Result<()> {
        let mut records = Vec::new();
        for (id, articles) in new {
            let articles: Vec<ArticleId> = articles.into_iter().map(ArticleId).collect();
            let (marked, _) = self.ctx.store.mark_read(&articles)?;
            let mut watching = locked(&self.state);
            if let Some(watch) = watching.muted.iter_mut().find(|watch| watch.id == id) {
                watch.marked.extend(marked.iter().map(|id| id.0));
                records.push((record(MUTED_STORIES, id), Some(json(watch))));
            }
        }
        self.ctx.store.set_settings(&records)?;
        self.ctx.emit(Event::PlacesChanged);
        Ok(())
    }

    /// Notifies about a followed story's new articles if they add information.
    fn tell_development(&self, watch: u64, story: &warta_story::Story, new: &[u64]) -> Result<()> {
        let now = self.ctx.now();
        let told_at = {
            let watching = locked(&self.state);
            let followed = watching.followed.iter().find(|one| one.id == watch);
            followed.map_or(now, |one| one.told_at)
        };
        if now - told_at < TOLD_APART {
            return Ok(());
        }
        let rows = self.ctx.store.rows(&article_ids(&story.items))?;
        let is_new = |row: &&ArticleRow| new.contains(&row.id.0);
        let known: Vec<Item> = rows
            .iter()
            .filter(|row| !is_new(row))
            .take(COMPARED)
            .map(|row| self.clusters.whole_item(row))
            .collect();
        if known.is_empty() {
            return Ok(());
        }
        // Include copies: an agency's update repeats its last version with a new sentence.
        let reports = rows.iter().filter(is_new).filter(|row| !row.read);
        for row in reports {
            let Some(text) = development(&self.clusters.whole_item(row), &known) else {
                continue;
            };
            let publisher = self.rows.view(row.clone())?.publisher;
            let notice = Notice {
                title: self.headline(story)?,
                text: format!("{publisher}: {text}"),
                article: row.id.0,
                story: Some(row.id.0),
            };
            let mut watching = locked(&self.state);
            if let Some(one) = watching.followed.iter_mut().find(|one| one.id == watch) {
                one.told_at = now;
                one.headline.clone_from(&notice.title);
                let record = (record(FOLLOWED, watch), Some(json(one)));
                self.ctx.store.set_settings(&[record])?;
            }
            drop(watching);
            self.ctx.emit(Event::Noticed { notice });
            return Ok(());
        }
        Ok(())
    }

    /// Updates which clusters are watched.
    pub(crate) fn number_watched(&self) {
        let watching = locked(&self.state);
        let mut stories = self.clusters.lock();
        let numbers = |watches: &[Watch]| -> HashSet<u32> {
            let clusterer = stories.clusterer();
            let found = watches.iter().filter_map(|watch| watch.story(clusterer));
            found.map(|number| number.0).collect()
        };
        let now = WatchedClusterIds {
            followed: numbers(&watching.followed),
            muted: numbers(&watching.muted),
        };
        let changed = self.clusters.set_watched(now);
        if changed {
            stories.reset_ranking();
        }
    }

    /// Updates which articles lists hide.
    pub(crate) fn hide_muted(&self) {
        let watching = locked(&self.state);
        let seen = watching.muted.iter().flat_map(|watch| &watch.seen);
        self.rows.hide_by_stories(seen.copied().collect());
        drop(watching);
        self.rows.hide_by_rules(self.tags.muted());
    }

    fn story_of_article(&self, article: u64) -> Result<(StoryNumber, warta_story::Story)> {
        let stories = self.clusters.lock();
        let number = stories.clusterer().story_of(article);
        number
            .and_then(|number| Some((number, stories.clusterer().story(number, self.ctx.now())?)))
            .ok_or_else(|| Failure::not_found("story"))
    }

    pub(crate) fn headline(&self, story: &warta_story::Story) -> Result<String> {
        let row = self
            .ctx
            .store
            .rows(&[ArticleId(story.headline_item)])?
            .into_iter()
            .next();
        Ok(row.map(|row| row.title).unwrap_or_default())
    }
}

fn record(kind: &str, id: u64) -> String {
    format!("{kind}{id}")
}
