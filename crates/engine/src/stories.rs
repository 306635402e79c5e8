//! Which stories the stored articles tell, and which of them are trending.
//!
//! Stories are worked out anew at every start from the articles of the last days, so nothing of
//! them is stored; a story's id is the id of its first article and so outlives the run.

use std::collections::{HashMap, HashSet};
use std::sync::PoisonError;

use warta_store::{ArticleId, Cursor, FeedId, ListQuery};
use warta_story::{Desk, Item, StoryNumber};

use crate::api::{
    Event, Failure, FrontPage, Phase, Quote, Report, Story, StoryBrief, StoryPage, Why,
};
use crate::plain::plain_text;
use crate::tags::MUTED;
use crate::{Engine, Result, locked, read};

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
/// Articles of a story whose whole texts its summary is made of; of further ones, the beginnings.
const READ_WHOLE: usize = 40;
/// Articles that are placed while nobody else can ask for stories.
const PLACED_AT_ONCE: usize = 50;
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
    /// When the ranking was last noted for later days.
    noted_at: Option<i64>,
}

impl StoryDesk {
    pub(crate) fn desk(&self) -> &Desk {
        &self.desk
    }

    pub(crate) fn rank_anew(&mut self) {
        self.ranked_at = None;
    }

    /// Ids of the articles closest to one that is not placed, closest first.
    pub(crate) fn nearest(&mut self, item: &Item, limit: usize) -> Vec<String> {
        let near = self.desk.nearest(item, limit);
        near.into_iter().map(|(_, id)| id.to_owned()).collect()
    }

    /// What trends now, where that was last asked for long enough ago.
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

    /// Ranks anew where the last ranking is old, without the stories that are muted.
    fn rank(&mut self, now: i64, muted: &HashSet<u32>) {
        let is_fresh = |at: i64| (now - at).abs() < RANKING_SECONDS;
        if !self.ranked_at.is_some_and(is_fresh) {
            self.ranking = self.desk.trending(now, BRIEF_STORIES);
            self.ranking.retain(|story| !muted.contains(&story.number));
            self.ranked_at = Some(now);
            self.told = false;
        }
    }

    /// What rows say of the ranking's stories, once for each ranking.
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
            for id in story.items.iter().filter_map(|id| id.parse().ok()) {
                briefs.insert(id, brief.clone());
            }
        }
        briefs
    }
}

impl Engine {
    /// Gathers the stories of the last days, once a run. Blocks: about a second for every ten
    /// thousand articles.
    pub fn gather_stories(&self) -> Result<()> {
        if locked(&self.inner.stories).gathered {
            return Ok(());
        }
        // Aside, so that no list waits for it.
        let mut desk = Desk::new();
        desk.set_taste(self.taste());
        let mut rows = self.recent_rows()?;
        self.leave_muted_out(&mut rows);
        for row in rows.iter().rev() {
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
        self.number_watched();
        self.place_in_stories(self.store().rows(&pending)?)?;
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
        let (gathering, ranking, followed) = {
            let mut stories = locked(&self.inner.stories);
            let numbers = read(&self.inner.numbers);
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
                .filter_map(|number| stories.desk.story(StoryNumber(*number), now))
                .collect();
            followed.sort_by_key(|story| std::cmp::Reverse((story.latest_at, story.number)));
            (!stories.gathered, ranking, followed)
        };
        let mut shown = std::collections::HashSet::new();
        let mut stories = Vec::new();
        for story in &ranking {
            let view = self.story_view(story)?.filter(still_trends);
            if let Some(view) = view {
                shown.extend(story.items.iter().cloned());
                stories.push(view);
            }
        }
        let mut more = Vec::new();
        for story in &followed {
            shown.extend(story.items.iter().cloned());
            more.extend(self.story_view(story)?);
        }
        if !gathering {
            self.note_trending()?;
        }
        let page = self.visible_page(ListQuery {
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
            followed: more,
            latest: self.rows(latest)?,
            made_at: now,
            gathering,
        })
    }

    /// The stories that trend now, most first. A fading one that nobody has taken up for half a day is on
    /// the front page only. Blocks.
    pub fn trending(&self, limit: u32) -> Result<Vec<Story>> {
        self.gather_stories()?;
        let now = self.now();
        let ranking = {
            let mut stories = locked(&self.inner.stories);
            stories.rank(now, &read(&self.inner.numbers).muted);
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
            stories.extend(self.story_view(story)?.filter(still_trends));
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
        let rows = self.store().rows(&article_ids(&found.items))?;
        let digest = self.digest(&rows);
        let quote = |said: warta_story::Said| -> Option<Quote> {
            let row = rows.iter().find(|row| row.id.0.to_string() == said.item)?;
            Some(Quote {
                article: row.id.0,
                publisher: self.row(row.clone()).ok()?.publisher,
                text: said.text,
                language: row.language.clone(),
                right_to_left: row.right_to_left,
            })
        };
        let id = |item: &String| item.parse::<u64>().ok();
        let reports = digest.articles.iter().filter_map(|report| {
            Some(Report {
                article: id(&report.item)?,
                copies: report.copies.iter().filter_map(id).collect(),
            })
        });
        Ok(StoryPage {
            story,
            reports: reports.collect(),
            summary: digest.summary.into_iter().filter_map(quote).collect(),
            only: digest.only.into_iter().filter_map(quote).collect(),
            silent: self.silent_folders(&rows, found.first_at)?,
            muted: read(&self.inner.numbers).muted.contains(&found.number),
            articles: self.rows(rows.clone())?,
            copies: found
                .copies
                .iter()
                .filter_map(|id| id.parse().ok())
                .collect(),
        })
    }

    /// A story in short, by the whole texts of its reports.
    fn digest(&self, rows: &[warta_store::ArticleRow]) -> warta_story::Digest {
        let copies: HashMap<String, String> = {
            let stories = locked(&self.inner.stories);
            let ids = rows.iter().map(|row| row.id.0.to_string());
            ids.filter_map(|id| Some((id.clone(), stories.desk.copy_of(&id)?.to_owned())))
                .collect()
        };
        let items: Vec<Item> = rows
            .iter()
            .enumerate()
            .map(|(at, row)| {
                let is_copy = copies.contains_key(&row.id.0.to_string());
                if is_copy || at >= READ_WHOLE {
                    self.item(row)
                } else {
                    self.whole_item(row)
                }
            })
            .collect();
        let language = self.settings().language;
        warta_story::digest(&items, Some(&language), |id| {
            copies.get(id).map(String::as_str)
        })
    }

    /// The folders of the reader's that have published since then, but none of these articles.
    fn silent_folders(&self, rows: &[warta_store::ArticleRow], since: i64) -> Result<Vec<String>> {
        let feeds = self.store().feeds()?;
        let here: HashSet<_> = rows.iter().map(|row| row.feed).collect();
        let mut folders = self.store().folders()?;
        folders.sort_by_key(|folder| (folder.position, folder.id));
        let mut silent = Vec::new();
        for folder in folders {
            let inside = feeds.iter().filter(|feed| feed.folder == Some(folder.id));
            if inside.clone().count() == 0 || inside.clone().any(|feed| here.contains(&feed.id)) {
                continue;
            }
            let newest = self.store().list(&ListQuery {
                place: warta_store::Place::Folder(folder.id),
                unread_only: false,
                before: None,
                limit: 1,
            })?;
            if newest.rows.first().is_some_and(|row| row.time >= since) {
                silent.push(folder.name);
            }
        }
        Ok(silent)
    }

    /// The other articles of an article's story, while that trends.
    pub(crate) fn with_it(&self, article: u64) -> Vec<ArticleId> {
        let stories = locked(&self.inner.stories);
        let id = article.to_string();
        let story = stories
            .ranking
            .iter()
            .find(|story| story.items.contains(&id));
        story.map_or_else(Vec::new, |story| article_ids(&story.items))
    }

    /// The reader's language and the publishers they trust.
    fn taste(&self) -> warta_story::Taste {
        let names = read(&self.inner.trusted);
        let names = names
            .iter()
            .filter_map(|id| self.inner.names.get(FeedId(*id)));
        warta_story::Taste {
            language: Some(self.settings().language),
            trusted: names.map(|name| name.key().to_lowercase()).collect(),
        }
    }

    /// Tells stories to the reader's taste as it is now.
    pub(crate) fn take_to_taste(&self) {
        let taste = self.taste();
        let mut stories = locked(&self.inner.stories);
        stories.desk.set_taste(taste);
        stories.ranked_at = None;
    }

    /// What a rule muted is in no story.
    fn leave_muted_out(&self, rows: &mut Vec<warta_store::ArticleRow>) {
        let tags = locked(&self.inner.tags);
        rows.retain(|row| !tags.has(MUTED, row.id.0));
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
            && let Some(fresh) = stories.fresh_briefs(self.now(), &read(&self.inner.numbers).muted)
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
    pub(crate) fn leave_for_gathering(&self, articles: impl Iterator<Item = ArticleId>) -> bool {
        let mut stories = locked(&self.inner.stories);
        if !stories.gathered {
            stories.pending.extend(articles);
        }
        !stories.gathered
    }

    /// Takes new or changed articles into the stories; before these are gathered, they are left for
    /// the end of the gathering.
    pub(crate) fn place_in_stories(&self, mut rows: Vec<warta_store::ArticleRow>) -> Result<()> {
        if self.leave_for_gathering(rows.iter().map(|row| row.id)) || rows.is_empty() {
            return Ok(());
        }
        let oldest = self.now() - WINDOW_SECONDS;
        rows.retain(|row| row.time >= oldest);
        self.leave_muted_out(&mut rows);
        rows.sort_by_key(|row| (row.time, row.id));
        for rows in rows.chunks(PLACED_AT_ONCE) {
            let items: Vec<Item> = rows.iter().map(|row| self.item(row)).collect();
            let mut stories = locked(&self.inner.stories);
            for item in &items {
                stories.desk.place(item);
            }
        }
        let mut stories = locked(&self.inner.stories);
        if self.now() - stories.trimmed_at > TRIM_SECONDS {
            stories.desk.forget_before(oldest);
            stories.trimmed_at = self.now();
        }
        stories.ranked_at = None;
        drop(stories);
        self.look_at_watched()
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

    /// With the whole text, where it is kept.
    pub(crate) fn whole_item(&self, row: &warta_store::ArticleRow) -> Item {
        let mut item = self.item(row);
        if let Ok(Some(article)) = self.store().article(row.id) {
            let text = plain_text(&article.html);
            if text.len() > item.text.len() {
                item.text = text;
            }
        }
        item
    }

    pub(crate) fn item(&self, row: &warta_store::ArticleRow) -> Item {
        let publisher = self.voice_of(row);
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

    /// A story as the front ends see it; none if its articles are gone.
    pub(crate) fn story_view(&self, story: &warta_story::Story) -> Result<Option<Story>> {
        let rows = self.store().rows(&article_ids(&story.items))?;
        let lead = rows
            .iter()
            .find(|row| row.id.0.to_string() == story.headline_item)
            .or_else(|| rows.first());
        let Some(lead) = lead.cloned() else {
            return Ok(None);
        };
        // Whose feed the reader has left, with all its articles, is not told of any more.
        let names = self.publisher_names(&rows);
        let shown = |key: &String| {
            let of_rows = names.get(key).cloned();
            of_rows.or_else(|| self.inner.names.titled(key))
        };
        let publishers: Vec<String> = story.publishers.iter().filter_map(shown).collect();
        let earliest = rows.iter().min_by_key(|row| row.time).unwrap_or(&lead);
        let first = shown(&story.why.first_publisher).map_or_else(
            || {
                let key = self.voice_of(earliest).unwrap_or_default();
                (names.get(&key).cloned().unwrap_or(key), earliest.time)
            },
            |name| (name, story.why.first_at),
        );
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
            followed: read(&self.inner.numbers).followed.contains(&story.number),
        }))
    }

    /// Publishers' names by the key under which [`Engine::item`] gave them to the story engine.
    fn publisher_names(&self, rows: &[warta_store::ArticleRow]) -> HashMap<String, String> {
        let named = |row: &warta_store::ArticleRow| {
            if let Some(source) = &row.source {
                return Some((source.clone(), source.clone()));
            }
            let name = self.inner.names.get(row.feed)?;
            Some((name.key().to_owned(), name.title.clone()))
        };
        rows.iter().filter_map(named).collect()
    }

    fn voice_of(&self, row: &warta_store::ArticleRow) -> Option<String> {
        let of_feed = || Some(self.inner.names.get(row.feed)?.key().to_owned());
        row.source.clone().or_else(of_feed)
    }
}

/// Whether several publishers still report it: the reader may have left some of them since.
fn still_trends(story: &Story) -> bool {
    story.publishers.len() > 1
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
