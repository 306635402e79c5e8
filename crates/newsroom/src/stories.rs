//! Which stories the stored articles tell, and which of them are trending.
//!
//! Stories are worked out anew at every start from the articles of the last days, so nothing of
//! them is stored; a story's id is the id of its first article and so outlives the run.

use std::collections::HashMap;
use std::sync::PoisonError;

use warta_store::{ArticleId, Cursor, ListQuery};
use warta_story::{Desk, Item, StoryNumber};

use crate::face::{Event, Failure, FrontPage, Phase, Story, StoryBrief, StoryPage, Why};
use crate::{Newsroom, Result, locked};

/// How far back stories reach.
const WINDOW_SECONDS: i64 = 5 * 86_400;
/// Articles in the window at most: the newest count.
const WINDOW_ARTICLES: usize = 30_000;
/// Stories on the front page at most.
const FRONT_STORIES: usize = 12;
/// Stories that rows name at most.
const BRIEF_STORIES: usize = 300;
/// Articles under the stories of the front page.
const FRONT_LATEST: usize = 24;
/// How often articles older than the window are forgotten, in seconds.
const TRIM_SECONDS: i64 = 6 * 3600;
/// A ranking older than this many seconds is made anew.
const RANKING_SECONDS: i64 = 60;

#[derive(Default)]
pub(crate) struct StoryDesk {
    desk: Desk,
    gathered: bool,
    /// Articles that were stored before the gathering ended.
    pending: Vec<ArticleId>,
    /// When articles older than the window were last forgotten.
    trimmed_at: i64,
    /// Ranked at `ranked_at`, most trending first.
    ranking: Vec<warta_story::Story>,
    ranked_at: Option<i64>,
    /// Rows know this ranking.
    told: bool,
}

impl StoryDesk {
    /// Ranks anew where the last ranking is old.
    fn rank(&mut self, now: i64) {
        let is_fresh = |at: i64| (now - at).abs() < RANKING_SECONDS;
        if !self.ranked_at.is_some_and(is_fresh) {
            self.ranking = self.desk.trending(now, BRIEF_STORIES);
            self.ranked_at = Some(now);
            self.told = false;
        }
    }

    /// What rows say of the ranking's stories, once for each ranking.
    fn fresh_briefs(&mut self, now: i64) -> Option<HashMap<u64, StoryBrief>> {
        self.rank(now);
        (!std::mem::replace(&mut self.told, true)).then(|| self.briefs())
    }

    fn briefs(&self) -> HashMap<u64, StoryBrief> {
        let mut briefs = HashMap::new();
        for story in &self.ranking {
            let brief = StoryBrief {
                id: story_id(story),
                publishers: story.publishers.len() as u32,
            };
            for id in story.items.iter().filter_map(|id| id.parse().ok()) {
                briefs.insert(id, brief.clone());
            }
        }
        briefs
    }
}

impl Newsroom {
    /// Gathers the stories of the last days, once a run. Blocks: about a second for every ten
    /// thousand articles.
    pub fn gather_stories(&self) -> Result<()> {
        if locked(&self.inner.stories).gathered {
            return Ok(());
        }
        // Aside, so that no list waits for it.
        let mut desk = Desk::new();
        for row in self.recent_rows()?.iter().rev() {
            desk.place(&self.item(row));
        }
        let mut stories = locked(&self.inner.stories);
        if stories.gathered {
            return Ok(());
        }
        stories.desk = desk;
        stories.trimmed_at = self.now();
        stories.gathered = true;
        stories.ranked_at = None;
        let pending = std::mem::take(&mut stories.pending);
        drop(stories);
        self.place_in_stories(&pending)?;
        self.tell(Event::StoriesChanged);
        Ok(())
    }

    /// The front page, its stories gathered first. Blocks.
    pub fn front_page(&self) -> Result<FrontPage> {
        self.gather_stories()?;
        self.front_page_now()
    }

    /// The front page with the stories that are gathered by now. Blocks.
    pub fn front_page_now(&self) -> Result<FrontPage> {
        let now = self.now();
        let (gathering, ranking) = {
            let mut stories = locked(&self.inner.stories);
            stories.rank(now);
            let ranking = stories
                .ranking
                .iter()
                .take(FRONT_STORIES)
                .cloned()
                .collect::<Vec<_>>();
            (!stories.gathered, ranking)
        };
        let mut shown = std::collections::HashSet::new();
        let mut stories = Vec::new();
        for story in &ranking {
            shown.extend(story.items.iter().cloned());
            stories.extend(self.story_view(story)?);
        }
        let page = self.store().list(&ListQuery {
            place: warta_store::Place::All,
            unread_only: false,
            before: None,
            limit: FRONT_LATEST + 4 * FRONT_STORIES,
        })?;
        let latest = page
            .rows
            .into_iter()
            .filter(|row| !shown.contains(&row.id.0.to_string()))
            .take(FRONT_LATEST)
            .collect();
        Ok(FrontPage {
            stories,
            latest: self.rows(latest)?,
            made_at: now,
            gathering,
        })
    }

    /// The trending stories, most first. Blocks.
    pub fn trending(&self, limit: u32) -> Result<Vec<Story>> {
        self.gather_stories()?;
        let now = self.now();
        let ranking = {
            let mut stories = locked(&self.inner.stories);
            stories.rank(now);
            stories
                .ranking
                .iter()
                .take(limit as usize)
                .cloned()
                .collect::<Vec<_>>()
        };
        let mut stories = Vec::new();
        for story in &ranking {
            stories.extend(self.story_view(story)?);
        }
        Ok(stories)
    }

    /// A story with all its articles. Blocks.
    pub fn story(&self, id: u64) -> Result<StoryPage> {
        self.gather_stories()?;
        let found = {
            let stories = locked(&self.inner.stories);
            let number = stories.desk.story_of(&id.to_string());
            number.and_then(|number| stories.desk.story(number, self.now()))
        };
        let found = found.ok_or_else(|| Failure::not_found("story"))?;
        let story = self
            .story_view(&found)?
            .ok_or_else(|| Failure::not_found("story"))?;
        Ok(StoryPage {
            story,
            articles: self.rows(self.store().rows(&article_ids(&found.items))?)?,
            copies: found
                .copies
                .iter()
                .filter_map(|id| id.parse().ok())
                .collect(),
        })
    }

    /// The story that an article belongs to, if others report it too. Does not gather: reading an
    /// article never waits for it.
    pub(crate) fn story_of(&self, article: u64) -> Result<Option<Story>> {
        let found = {
            let Ok(stories) = self.inner.stories.try_lock() else {
                // Articles are being placed; the window is told when that is done.
                return Ok(None);
            };
            let number: Option<StoryNumber> = stories.desk.story_of(&article.to_string());
            number.and_then(|number| stories.desk.story(number, self.now()))
        };
        match found {
            Some(story) if story.publishers.len() > 1 => self.story_view(&story),
            _ => Ok(None),
        }
    }

    /// The story that a row names. While articles are being placed, what was ranked last: no list
    /// waits for that.
    pub(crate) fn story_brief(&self, article: ArticleId) -> Option<StoryBrief> {
        if let Ok(mut stories) = self.inner.stories.try_lock()
            && stories.gathered
            && let Some(fresh) = stories.fresh_briefs(self.now())
        {
            *self
                .inner
                .briefs
                .write()
                .unwrap_or_else(PoisonError::into_inner) = fresh;
        }
        let briefs = self
            .inner
            .briefs
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        briefs.get(&article.0).cloned()
    }

    /// Leaves articles for the end of the gathering; false once the stories are gathered.
    pub(crate) fn leave_for_gathering(&self, articles: &[ArticleId]) -> bool {
        let mut stories = locked(&self.inner.stories);
        if !stories.gathered {
            stories.pending.extend(articles);
        }
        !stories.gathered
    }

    /// Takes new or changed articles into the stories; before these are gathered, they are left for
    /// the end of the gathering.
    pub(crate) fn place_in_stories(&self, articles: &[ArticleId]) -> Result<()> {
        if self.leave_for_gathering(articles) || articles.is_empty() {
            return Ok(());
        }
        let oldest = self.now() - WINDOW_SECONDS;
        let mut rows = self.store().rows(articles)?;
        rows.retain(|row| row.time >= oldest);
        rows.sort_by_key(|row| (row.time, row.id));
        let mut stories = locked(&self.inner.stories);
        for row in &rows {
            let item = self.item(row);
            stories.desk.place(&item);
        }
        if self.now() - stories.trimmed_at > TRIM_SECONDS {
            stories.desk.forget_before(oldest);
            stories.trimmed_at = self.now();
        }
        stories.ranked_at = None;
        Ok(())
    }

    fn recent_rows(&self) -> Result<Vec<warta_store::ArticleRow>> {
        let place = warta_store::Place::Since(self.now() - WINDOW_SECONDS);
        let mut rows = Vec::new();
        let mut before: Option<Cursor> = None;
        loop {
            let query = ListQuery {
                place,
                unread_only: false,
                before,
                limit: 1000,
            };
            let page = self.store().list(&query)?;
            rows.extend(page.rows);
            before = page.next;
            if before.is_none() || rows.len() >= WINDOW_ARTICLES {
                return Ok(rows);
            }
        }
    }

    fn item(&self, row: &warta_store::ArticleRow) -> Item {
        let name = self.inner.names.get(row.feed);
        // Independence goes by site: two feeds of one publisher are one voice.
        let publisher = row
            .source
            .clone()
            .or_else(|| name.map(|name| name.host.clone().unwrap_or_else(|| name.title.clone())));
        Item {
            id: row.id.0.to_string(),
            title: row.title.clone(),
            text: row.excerpt.clone(),
            url: row.url.clone(),
            publisher: publisher.unwrap_or_default(),
            published: Some(row.time),
            language: row.language.clone(),
        }
    }

    /// A story as the faces see it; none if its articles are gone.
    fn story_view(&self, story: &warta_story::Story) -> Result<Option<Story>> {
        let rows = self.store().rows(&article_ids(&story.items))?;
        let lead = rows
            .iter()
            .find(|row| row.id.0.to_string() == story.headline_item)
            .or_else(|| rows.first());
        let Some(lead) = lead.cloned() else {
            return Ok(None);
        };
        let names = self.publisher_names(&rows);
        let shown = |host: &String| names.get(host).cloned().unwrap_or_else(|| host.clone());
        let mut picture = None;
        let pictures = std::iter::once(&lead)
            .chain(&rows)
            .filter_map(|r| r.lead_picture.as_deref());
        for url in pictures.take(8) {
            picture = self.picture_view(url)?;
            if picture.as_ref().is_some_and(|p| p.width >= 400) {
                break;
            }
        }
        Ok(Some(Story {
            id: story_id(story),
            headline: lead.title.clone(),
            lead: self.row(lead)?,
            picture,
            publishers: story.publishers.iter().map(shown).collect(),
            article_count: rows.len() as u32,
            first_at: story.first_at,
            latest_at: story.latest_at,
            phase: story.phase.into(),
            course: story.course.clone(),
            why: Why {
                publishers: story.why.publishers,
                hours: story.why.hours,
                first_publisher: shown(&story.why.first_publisher),
                first_at: story.why.first_at,
            },
        }))
    }

    /// Publishers' names by the key under which [`Newsroom::item`] gave them to the story engine.
    fn publisher_names(&self, rows: &[warta_store::ArticleRow]) -> HashMap<String, String> {
        rows.iter()
            .filter(|row| row.source.is_none())
            .filter_map(|row| self.inner.names.get(row.feed))
            .filter_map(|name| Some((name.host.clone()?, name.title.clone())))
            .collect()
    }
}

/// The rows of one story, for a row that is shown beside it.
pub(crate) fn article_ids(items: &[String]) -> Vec<ArticleId> {
    items
        .iter()
        .filter_map(|id| id.parse().ok())
        .map(ArticleId)
        .collect()
}

fn story_id(story: &warta_story::Story) -> u64 {
    article_ids(&story.items)
        .into_iter()
        .min()
        .map_or(0, |id| id.0)
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
