//! The trending stories of earlier days. The current ranking is recorded while Warta runs, one
//! record a day; old days are merged into weeks, which are kept permanently.

use std::collections::HashSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use warta_store::ArticleId;

use crate::api::{PastPage, PastStory, Period, Result, Story};
use crate::context::Context;
use crate::context::records::{json, read};
use crate::reading::rows::Rows;
use crate::stories::clusters::Clusters;

const DAYS: &str = "own/past/day/";
const WEEKS: &str = "own/past/week/";
const DAY: i64 = 86_400;
/// Maximum number of stories recorded for a day or week.
const STORIES: usize = 12;
/// Maximum number of articles recorded for a story.
const ARTICLES: usize = 24;
/// Number of these that are shown.
const SHOWN: usize = 6;
/// Seconds between two recordings of the ranking.
const NOTED_EVERY: i64 = 20 * 60;
/// Age in days after which days are merged into weeks.
const DAYS_KEPT: i64 = 70;

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct Noted {
    headline: String,
    language: Option<String>,
    right_to_left: bool,
    publishers: Vec<String>,
    articles: Vec<u64>,
    count: u32,
    first_at: i64,
    latest_at: i64,
    /// The highest score the story has had.
    score: f64,
}

impl Noted {
    fn is_same(&self, other: &Self) -> bool {
        let mine: HashSet<u64> = self.articles.iter().copied().collect();
        other.articles.iter().any(|id| mine.contains(id))
    }

    /// Merges another record of the same story.
    fn take_in(&mut self, other: Self) {
        if other.publishers.len() >= self.publishers.len() {
            self.headline = other.headline;
            self.language = other.language;
            self.right_to_left = other.right_to_left;
            self.publishers = other.publishers;
        }
        for id in other.articles {
            if self.articles.len() < ARTICLES && !self.articles.contains(&id) {
                self.articles.push(id);
            }
        }
        self.count = self.count.max(other.count);
        self.first_at = self.first_at.min(other.first_at);
        self.latest_at = self.latest_at.max(other.latest_at);
        self.score = self.score.max(other.score);
    }
}

/// The trending stories of earlier days.
pub(crate) struct TrendingHistory {
    ctx: Arc<Context>,
    rows: Arc<Rows>,
    clusters: Arc<Clusters>,
}

impl TrendingHistory {
    pub(crate) fn new(ctx: &Arc<Context>, rows: &Arc<Rows>, clusters: &Arc<Clusters>) -> Self {
        Self {
            ctx: Arc::clone(ctx),
            rows: Arc::clone(rows),
            clusters: Arc::clone(clusters),
        }
    }

    /// Records the trending stories, if that was not done recently.
    pub(crate) fn note_trending(&self) -> Result<()> {
        let now = self.ctx.now();
        let ranking = {
            let mut stories = self.clusters.lock();
            let Some(ranking) = stories.due_to_be_noted(now, NOTED_EVERY, STORIES) else {
                return Ok(());
            };
            ranking
        };
        if ranking.is_empty() {
            return Ok(());
        }
        let mut noted = Vec::new();
        for (story, score) in self.noted_views(&ranking)? {
            noted.push(Noted {
                headline: story.headline,
                language: story.lead.language,
                right_to_left: story.lead.right_to_left,
                publishers: story.publishers,
                articles: score.items.iter().take(ARTICLES).copied().collect(),
                count: story.article_count,
                first_at: story.first_at,
                latest_at: story.latest_at,
                score: score.score,
            });
        }
        let key = name(DAYS, self.ctx.clock.midnight());
        let before: Vec<Noted> = match self.ctx.store.setting(&key)? {
            Some(json) => read(&key, &json),
            None => Vec::new(),
        };
        let today = together(before.iter().cloned().chain(noted));
        if today != before {
            self.ctx.store.set_settings(&[(key, Some(json(&today)))])?;
        }
        Ok(())
    }

    fn noted_views<'s>(
        &self,
        ranking: &'s [warta_story::Story],
    ) -> Result<Vec<(Story, &'s warta_story::Story)>> {
        let mut views = Vec::new();
        for story in ranking {
            views.extend(self.clusters.story_view(story)?.map(|view| (view, story)));
        }
        Ok(views)
    }

    /// Merges old days into weeks.
    pub(crate) fn fold_past(&self) -> Result<()> {
        let old = monday(self.ctx.clock.midnight()) - DAYS_KEPT * DAY;
        let mut records: Vec<(String, Option<String>)> = Vec::new();
        let mut weeks: std::collections::BTreeMap<i64, Vec<Noted>> =
            std::collections::BTreeMap::new();
        for (from, stories) in self.noted(DAYS)? {
            let week = monday(from);
            if week < old {
                weeks.entry(week).or_default().extend(stories);
                records.push((name(DAYS, from), None));
            }
        }
        for (week, stories) in weeks {
            let key = name(WEEKS, week);
            let before: Vec<Noted> = match self.ctx.store.setting(&key)? {
                Some(json) => read(&key, &json),
                None => Vec::new(),
            };
            let all = together(before.into_iter().chain(stories));
            records.push((key, Some(json(&all))));
        }
        Ok(self.ctx.store.set_settings(&records)?)
    }

    fn noted(&self, kind: &str) -> Result<Vec<(i64, Vec<Noted>)>> {
        let records = self.ctx.store.settings_under(kind)?;
        let one = |(name, json): &(String, String)| {
            let from: i64 = name[kind.len()..].parse().ok()?;
            Some((from, read(name, json)))
        };
        Ok(records.iter().filter_map(one).collect())
    }

    /// The trending stories of the day or week around `at`, or of the latest one. Old days are
    /// available as weeks only.
    pub(crate) fn past_trending(&self, period: Period, at: Option<i64>) -> Result<PastPage> {
        let days = self.noted(DAYS)?;
        let mut stretches: std::collections::BTreeMap<i64, Vec<Noted>> =
            std::collections::BTreeMap::new();
        for (from, stories) in days {
            let from = match period {
                Period::Day => from,
                Period::Week => monday(from),
            };
            stretches.entry(from).or_default().extend(stories);
        }
        let mut is_week: HashSet<i64> = HashSet::new();
        for (from, stories) in self.noted(WEEKS)? {
            is_week.insert(from);
            stretches.entry(from).or_default().extend(stories);
        }
        let starts: Vec<i64> = stretches.keys().copied().collect();
        let here = match at {
            Some(at) => starts.iter().rposition(|from| *from <= at),
            None => starts.len().checked_sub(1),
        };
        let Some(here) = here else {
            let from = self.ctx.clock.midnight();
            return Ok(PastPage {
                from,
                to: from + DAY,
                stories: Vec::new(),
                earlier: None,
                later: starts.first().copied(),
            });
        };
        let from = starts[here];
        let long = period == Period::Week || is_week.contains(&from);
        let stories = together(stretches.remove(&from).unwrap_or_default());
        Ok(PastPage {
            from,
            to: from + if long { 7 * DAY } else { DAY },
            stories: stories
                .into_iter()
                .map(|noted| self.past_story(noted))
                .collect::<Result<_>>()?,
            earlier: here.checked_sub(1).map(|at| starts[at]),
            later: starts.get(here + 1).copied(),
        })
    }

    fn past_story(&self, noted: Noted) -> Result<PastStory> {
        let ids: Vec<ArticleId> = noted.articles.iter().copied().map(ArticleId).collect();
        let mut rows = self.ctx.store.rows(&ids)?;
        rows.truncate(SHOWN);
        Ok(PastStory {
            headline: noted.headline,
            language: noted.language,
            right_to_left: noted.right_to_left,
            publishers: noted.publishers,
            article_count: noted.count,
            first_at: noted.first_at,
            latest_at: noted.latest_at,
            articles: self.rows.views(rows)?,
        })
    }
}

/// Merges records of the same story; the highest score comes first.
fn together(all: impl IntoIterator<Item = Noted>) -> Vec<Noted> {
    let mut stories: Vec<Noted> = Vec::new();
    for noted in all {
        match stories.iter_mut().find(|known| known.is_same(&noted)) {
            Some(known) => known.take_in(noted),
            None => stories.push(noted),
        }
    }
    stories.sort_by(|a, b| b.score.total_cmp(&a.score));
    stories.truncate(STORIES);
    stories
}

fn monday(midnight: i64) -> i64 {
    // 1970-01-01 was a Thursday. Adding half a day makes this independent of the time zone.
    let day = (midnight + DAY / 2).div_euclid(DAY);
    midnight - (day + 3).rem_euclid(7) * DAY
}

fn name(kind: &str, from: i64) -> String {
    format!("{kind}{from:012}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weeks_begin_on_monday_in_every_time_zone() {
        // 2026-05-04 was a Monday.
        let monday_utc = 1_777_852_800;
        for zone in [-8, 0, 7, 12] {
            let midnight = monday_utc - zone * 3600;
            for day in 0..7 {
                assert_eq!(monday(midnight + day * DAY), midnight, "{zone} {day}");
            }
        }
    }

    #[test]
    fn records_of_one_story_are_merged_with_the_highest_score() {
        let noted = |articles: &[u64], publishers: usize, score| Noted {
            headline: format!("{publishers} penerbit"),
            publishers: (0..publishers).map(|n| n.to_string()).collect(),
            articles: articles.to_vec(),
            count: publishers as u32,
            score,
            ..Noted::default()
        };
        let all = together([
            noted(&[1, 2], 2, 3.0),
            noted(&[7], 3, 4.0),
            noted(&[2, 3], 5, 2.0),
        ]);
        assert_eq!(all.len(), 2);
        assert_eq!(all[0].articles, [7]);
        assert_eq!(all[1].articles, [1, 2, 3]);
        assert_eq!(all[1].headline, "5 penerbit");
        assert_eq!((all[1].count, all[1].score), (5, 3.0));
    }
}
