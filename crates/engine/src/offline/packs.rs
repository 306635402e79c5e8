//! Packs: sets of articles made complete for offline reading, with full texts, pictures and,
//! optionally, audio.
//!
//! A pack is a list of articles whose progress is stored; making it means working through the
//! articles that were not processed yet. It can therefore be stopped at any moment, by the reader,
//! by losing the network or by a kill, and resumes where it stopped. What an article lacks is
//! stored with the reason. Pictures are written to disk before the next one is requested, so none
//! is fetched twice.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use tokio::task::JoinSet;
use warta_store::{
    ArticleId, FullTextState, ListQuery, Pack, PackPart, PackState, PackedArticle, Place,
    ProblemCode,
};

use crate::api::{
    Connection, Event, Failure, FailureCode, PackLack, PackPage, PackPreview, PackSource,
    PackStatus, PackView, PackWish, PackedRow, Result,
};
use crate::context::locks::locked;
use crate::context::{Context, blocking, checks, off_thread};
use crate::network::connectivity::Connectivity;
use crate::offline::data_budget::DataBudget;
use crate::offline::full_text::{FullTexts, Got, RequestedBy};
use crate::offline::pictures::{GotPicture, Pictures};
use crate::offline::podcasts::{AudioResult, Podcasts};
use crate::reading::rows::{Rows, WORDS_A_MINUTE};
use crate::stories::Stories;

/// Number of articles processed concurrently.
const AT_ONCE: usize = 6;
/// Maximum number of articles in a pack.
const MOST: usize = 1_000;
/// Number of stories that articles are taken from, and of articles from each.
const STORIES: u32 = 40;
const OF_A_STORY: usize = 6;
/// Estimated word count of a page when the feed contains only the beginning.
const EXPECTED_WORDS: u32 = 400;
/// A feed text with fewer words is treated as a teaser.
const TEASER: u32 = 120;
/// Minimum time between two progress events of a pack.
const TOLD_EVERY: Duration = Duration::from_millis(250);
const MEGABYTE: u64 = 1_000_000;

/// A pack's request as stored.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct KeptWish {
    wish: PackWish,
    automatic: bool,
    /// Number of articles chosen at first; `None` for packs of older versions.
    #[serde(default)]
    planned: Option<u32>,
}

/// An article that was processed.
struct Completed {
    packed: PackedArticle,
    wire_bytes: u64,
    words: u32,
}

/// The result of processing an article.
enum Tried {
    Completed(Completed),
    /// Not processed because the pack was paused.
    PutOff,
    /// The network is unreachable.
    Offline,
}

/// Totals of the processed articles of a pack.
struct SoFar {
    bytes: u64,
    words: u32,
}

impl SoFar {
    fn is_enough(&self, wish: &PackWish) -> bool {
        let bytes = wish.megabytes.map(|most| u64::from(most) * MEGABYTE);
        let words = wish
            .minutes
            .map(|minutes| minutes.saturating_mul(WORDS_A_MINUTE));
        bytes.is_some_and(|most| self.bytes >= most) || words.is_some_and(|most| self.words >= most)
    }
}

/// Marks a pack as running until it is dropped.
struct Running {
    packs: Arc<Packs>,
    id: u32,
}

/// Makes articles complete for offline reading.
pub struct Packs {
    pub(crate) ctx: Arc<Context>,
    pub(crate) rows: Arc<Rows>,
    pub(crate) stories: Arc<Stories>,
    pub(crate) connectivity: Arc<Connectivity>,
    pub(crate) budget: Arc<DataBudget>,
    pub(crate) pictures: Arc<Pictures>,
    pub(crate) full_texts: Arc<FullTexts>,
    pub(crate) podcasts: Arc<Podcasts>,
    pub(crate) running: Mutex<HashMap<u32, Arc<AtomicBool>>>,
}

impl Packs {
    /// Estimates a pack. Takes longer when stories must be gathered first.
    pub fn preview_pack(&self, wish: &PackWish) -> Result<PackPreview> {
        let chosen = self.choose_for_pack(wish)?;
        let mut ready = 0;
        let mut words = 0;
        for (id, expected) in &chosen {
            words += expected;
            ready += u32::from(self.is_complete(*id, wish)?);
        }
        Ok(PackPreview {
            articles: chosen.len() as u32,
            minutes: words / WORDS_A_MINUTE,
            ready,
        })
    }

    /// Creates a pack; [`Packs::run_pack`] fetches what it lacks.
    pub fn create_pack(&self, wish: &PackWish) -> Result<PackView> {
        self.make_pack(wish, false)
    }

    pub(crate) fn make_pack(&self, wish: &PackWish, automatic: bool) -> Result<PackView> {
        let articles: Vec<ArticleId> = self
            .choose_for_pack(wish)?
            .into_iter()
            .map(|(id, _)| id)
            .collect();
        if articles.is_empty() {
            return Err(Failure::new(
                FailureCode::NothingToPack,
                "the selection has no articles",
            ));
        }
        let kept = KeptWish {
            wish: wish.clone(),
            automatic,
            planned: Some(articles.len() as u32),
        };
        let json = serde_json::to_string(&kept)
            .map_err(|error| Failure::new(FailureCode::Internal, error.to_string()))?;
        let name = wish.name.as_deref().map(str::trim).unwrap_or_default();
        let pack = Pack {
            id: 0,
            name: name.chars().take(200).collect(),
            made_at: self.ctx.now(),
            wish: json,
            state: PackState::Running,
            done_at: None,
            wire_bytes: 0,
        };
        let pack = self.ctx.store.packs().add(pack, &articles)?;
        self.ctx.emit(Event::PlacesChanged);
        self.pack_view(&pack)
    }

    /// All packs, newest first.
    pub fn packs(&self) -> Result<Vec<PackView>> {
        let packs = self.ctx.store.packs().all()?;
        packs
            .iter()
            .rev()
            .map(|pack| self.pack_view(pack))
            .collect()
    }

    /// A pack with its articles.
    pub fn pack(&self, id: u32) -> Result<PackPage> {
        let pack = self.stored_pack(id)?;
        let mut articles = Vec::new();
        for packed in self.ctx.store.packs().articles(id)? {
            if let Some(row) = self.ctx.store.rows(&[packed.article])?.pop() {
                articles.push(PackedRow {
                    row: self.rows.view(row)?,
                    tried: packed.tried,
                    lacks: packed.lacks,
                });
            }
        }
        Ok(PackPage {
            pack: self.pack_view(&pack)?,
            articles,
        })
    }

    /// Pauses a pack. Running fetches finish; audio downloads stop and resume later.
    pub fn pause_pack(&self, id: u32) -> Result<PackView> {
        let pack = self.ctx.store.packs().update(id, &mut |pack| {
            if pack.state == PackState::Running {
                pack.state = PackState::Paused;
            }
        })?;
        if let Some(stop) = locked(&self.running).get(&id) {
            stop.store(true, Ordering::Release);
        }
        self.podcasts.stop_audio_for(id);
        self.tell_pack(id)?;
        self.pack_view(&pack)
    }

    /// Resumes a pack; if it is done, retries what it lacks. [`Packs::run_pack`] does the work.
    pub fn resume_pack(&self, id: u32) -> Result<PackView> {
        if let Some(stop) = locked(&self.running).get(&id) {
            stop.store(false, Ordering::Release);
        }
        let pack = self.stored_pack(id)?;
        if pack.state == PackState::Done {
            for packed in self.ctx.store.packs().articles(id)? {
                if !packed.is_complete() {
                    let again = PackedArticle {
                        tried: false,
                        lacks: Vec::new(),
                        ..packed
                    };
                    self.ctx.store.packs().set_article(id, &again, 0)?;
                }
            }
        }
        let pack = self.ctx.store.packs().update(id, &mut |pack| {
            pack.state = PackState::Running;
            pack.done_at = None;
        })?;
        self.tell_pack(id)?;
        self.pack_view(&pack)
    }

    /// Removes a pack; its articles are kept.
    pub fn remove_pack(&self, id: u32) -> Result<crate::api::Undoable> {
        if let Some(stop) = locked(&self.running).get(&id) {
            stop.store(true, Ordering::Release);
        }
        self.podcasts.stop_audio_for(id);
        let changed = self.ctx.store.packs().articles(id)?.len() as u32;
        let token = self.ctx.store.packs().remove(id)?.0;
        self.ctx.emit(Event::PlacesChanged);
        Ok(crate::api::Undoable { changed, token })
    }

    /// Fetches what a pack lacks until it is done or paused or the network is unreachable, after
    /// which it resumes automatically. [`Event::PackChanged`] reports progress.
    pub async fn run_pack(self: &Arc<Self>, id: u32) -> Result<PackView> {
        let stop = Arc::new(AtomicBool::new(false));
        if !self.begin_packing(id, &stop) {
            let this = Arc::clone(self);
            return off_thread(move || this.pack_view(&this.stored_pack(id)?)).await?;
        }
        let running = Running {
            packs: Arc::clone(self),
            id,
        };
        let outcome = self.work_through(id, &stop).await;
        drop(running);
        let this = Arc::clone(self);
        let view = off_thread(move || {
            this.budget.account(true)?;
            this.ctx.flush()?;
            this.pack_view(&this.stored_pack(id)?)
        })
        .await?;
        if let Ok(view) = &view {
            self.ctx.emit(Event::PackChanged { pack: view.clone() });
        }
        outcome?;
        view
    }

    /// Returns false if the pack is running already.
    fn begin_packing(&self, id: u32, stop: &Arc<AtomicBool>) -> bool {
        let mut packing = locked(&self.running);
        let begins = !packing.contains_key(&id);
        if begins {
            packing.insert(id, Arc::clone(stop));
        }
        begins
    }

    async fn work_through(self: &Arc<Self>, id: u32, stop: &Arc<AtomicBool>) -> Result<()> {
        let (kept, waiting, mut so_far) = blocking(self, move |this| this.left_to_do(id)).await?;
        let mut left = waiting.into_iter();
        let mut tasks = JoinSet::new();
        let mut told: Option<Instant> = None;
        let mut offline = false;
        let mut full = false;
        loop {
            let halt = stop.load(Ordering::Acquire) || offline;
            if !halt && kept.automatic && self.budget.is_over_budget() {
                break;
            }
            while !halt
                && tasks.len() < AT_ONCE
                && let Some(article) = left.next()
            {
                let (this, wish) = (Arc::clone(self), kept.wish.clone());
                let stop = Arc::clone(stop);
                tasks.spawn(async move { this.complete_packed(id, article, &wish, &stop).await });
            }
            let Some(joined) = tasks.join_next().await else {
                if halt || full || so_far.is_enough(&kept.wish) {
                    break;
                }
                // The result is shorter than estimated.
                let (wish, words) = (kept.wish.clone(), so_far.words);
                let more = blocking(self, move |this| this.top_up(id, &wish, words)).await?;
                if more.is_empty() {
                    break;
                }
                left = more.into_iter();
                continue;
            };
            let Ok(done) = joined else { continue };
            let done = match done? {
                Tried::Completed(done) => done,
                Tried::PutOff => continue,
                Tried::Offline => {
                    offline = true;
                    continue;
                }
            };
            so_far.bytes += done.packed.bytes;
            so_far.words += done.words;
            blocking(self, move |this| {
                this.ctx
                    .store
                    .packs()
                    .set_article(id, &done.packed, done.wire_bytes)?;
                this.budget.account(false)
            })
            .await?;
            if so_far.is_enough(&kept.wish) && left.len() > 0 {
                full = true;
                left = Vec::new().into_iter();
                blocking(self, move |this| this.leave_out_the_rest(id)).await?;
            }
            if told.is_none_or(|at| at.elapsed() >= TOLD_EVERY) {
                told = Some(Instant::now());
                blocking(self, move |this| this.tell_pack(id)).await?;
            }
        }
        if offline {
            self.connectivity.set_connection(Connection::Offline);
        } else {
            blocking(self, move |this| this.finish_pack(id, &kept)).await?;
        }
        Ok(())
    }

    fn left_to_do(&self, id: u32) -> Result<(KeptWish, Vec<ArticleId>, SoFar)> {
        let pack = self.stored_pack(id)?;
        let kept = kept_wish(&pack);
        let (tried, waiting): (Vec<_>, Vec<_>) = self
            .ctx
            .store
            .packs()
            .articles(id)?
            .into_iter()
            .partition(|packed| packed.tried);
        let ids = |some: &[PackedArticle]| some.iter().map(|packed| packed.article).collect();
        let tried_ids: Vec<ArticleId> = ids(&tried);
        let so_far = SoFar {
            bytes: tried.iter().map(|packed| packed.bytes).sum(),
            words: words_of(&self.ctx.store.rows(&tried_ids)?),
        };
        let waiting = match pack.state {
            PackState::Running => ids(&waiting),
            PackState::Paused | PackState::Done => Vec::new(),
        };
        Ok((kept, waiting, so_far))
    }

    /// Marks a pack as done if all its articles were processed. An automatic pack replaces earlier
    /// automatic ones.
    fn finish_pack(&self, id: u32, kept: &KeptWish) -> Result<()> {
        let tried = self
            .ctx
            .store
            .packs()
            .articles(id)?
            .iter()
            .all(|packed| packed.tried);
        if !tried || self.stored_pack(id)?.state != PackState::Running {
            return Ok(());
        }
        let now = self.ctx.now();
        self.ctx.store.packs().update(id, &mut |pack| {
            pack.state = PackState::Done;
            pack.done_at = Some(now);
        })?;
        if kept.automatic {
            for before in self.ctx.store.packs().all()? {
                if before.id < id && kept_wish(&before).automatic {
                    self.ctx.store.packs().remove(before.id)?;
                }
            }
        }
        self.ctx.emit(Event::PlacesChanged);
        Ok(())
    }

    /// Fetches everything that one article lacks.
    async fn complete_packed(
        self: &Arc<Self>,
        pack: u32,
        id: ArticleId,
        wish: &PackWish,
        stop: &AtomicBool,
    ) -> Result<Tried> {
        let mut packed = PackedArticle {
            tried: true,
            ..PackedArticle::waiting(id)
        };
        let mut wire_bytes = 0;
        match self.full_texts.page_for(id, RequestedBy::Pack).await {
            Ok(Got::Offline) => return Ok(Tried::Offline),
            Ok(Got::Failed(code)) => packed.lacks.push((PackPart::Text, code)),
            Ok(Got::NotNeeded | Got::Here | Got::New) => {
                let state = blocking(self, move |this| {
                    Ok(this.ctx.store.full_text().state(id)?)
                })
                .await?;
                if matches!(
                    state,
                    FullTextState::Kept {
                        paywalled: true,
                        ..
                    }
                ) {
                    packed.lacks.push((PackPart::Text, ProblemCode::Paywalled));
                }
            }
            // The article was removed.
            Err(failure) if failure.code == FailureCode::NotFound => {
                packed.lacks.push((PackPart::Text, ProblemCode::NotFound));
                return Ok(Tried::Completed(Completed {
                    packed,
                    wire_bytes,
                    words: 0,
                }));
            }
            Err(failure) => return Err(failure),
        }
        if wish.pictures {
            let wishes = blocking(self, move |this| this.pictures.all_pictures_of(id)).await?;
            for picture in wishes {
                match self.pictures.picture_for_good(picture).await? {
                    GotPicture::Here => packed.pictures += 1,
                    GotPicture::Nothing => {}
                    GotPicture::New(bytes) => {
                        packed.pictures += 1;
                        wire_bytes += bytes;
                    }
                    GotPicture::Failed(code) => packed.lacks.push((PackPart::Pictures, code)),
                    GotPicture::Offline => return Ok(Tried::Offline),
                }
            }
            if packed.pictures > 0 {
                self.ctx.emit(Event::PicturesArrived {
                    articles: vec![id.0],
                });
            }
        }
        if wish.audio {
            for audio in blocking(self, move |this| this.podcasts.audio_of(id)).await? {
                let most = wish.megabytes.map(|most| u64::from(most) * MEGABYTE);
                if most.is_some_and(|most| audio.length.is_some_and(|length| length > most)) {
                    packed.lacks.push((PackPart::Audio, ProblemCode::NoRoom));
                    continue;
                }
                match self.podcasts.audio_for(pack, id, &audio.url).await? {
                    AudioResult::Here => {}
                    AudioResult::New(bytes) => wire_bytes += bytes,
                    AudioResult::Failed(code) => packed.lacks.push((PackPart::Audio, code)),
                    AudioResult::Stopped if stop.load(Ordering::Acquire) => {
                        return Ok(Tried::PutOff);
                    }
                    AudioResult::Stopped => {
                        packed.lacks.push((PackPart::Audio, ProblemCode::Stopped));
                    }
                    AudioResult::Offline => return Ok(Tried::Offline),
                }
            }
        }
        let (bytes, words) = blocking(self, move |this| this.extent_of(id)).await?;
        packed.bytes = bytes;
        Ok(Tried::Completed(Completed {
            packed,
            wire_bytes,
            words,
        }))
    }

    /// Size on disk of an article's text and pictures, and its word count.
    fn extent_of(&self, id: ArticleId) -> Result<(u64, u32)> {
        let Some(article) = self.ctx.store.article(id)? else {
            return Ok((0, 0));
        };
        let mut bytes = article.html.len() as u64;
        bytes += self
            .ctx
            .store
            .full_text()
            .get(id)?
            .map_or(0, |page| page.html.len() as u64);
        for picture in self.pictures.all_pictures_of(id)? {
            bytes += self.ctx.store.pictures().size(&picture.url)?.unwrap_or(0);
        }
        for audio in &article.enclosures {
            bytes += self.podcasts.bytes_of_audio(&audio.url)?.unwrap_or(0);
        }
        Ok((bytes, article.row.word_count))
    }

    /// Whether everything that the pack requires of an article is stored.
    fn is_complete(&self, id: ArticleId, wish: &PackWish) -> Result<bool> {
        let has_text = match self.ctx.store.full_text().state(id)? {
            FullTextState::Kept { paywalled, .. } => !paywalled,
            FullTextState::Failed { .. } => false,
            FullTextState::Unknown => self
                .ctx
                .store
                .rows(&[id])?
                .pop()
                .is_some_and(|row| row.word_count >= TEASER || row.url.is_none()),
        };
        if !has_text {
            return Ok(false);
        }
        if wish.pictures {
            for picture in self.pictures.all_pictures_of(id)? {
                if self.rows.kept(Some(&picture.url))?.is_none()
                    && !self.rows.shows_nothing(&picture.url)?
                {
                    return Ok(false);
                }
            }
        }
        if wish.audio {
            for audio in self.podcasts.audio_of(id)? {
                if self.podcasts.bytes_of_audio(&audio.url)?.is_none() {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    /// Adds articles to a pack with fewer words than requested; returns none if there are no more.
    fn top_up(&self, id: u32, wish: &PackWish, words: u32) -> Result<Vec<ArticleId>> {
        let Some(minutes) = wish.minutes else {
            return Ok(Vec::new());
        };
        if self.stored_pack(id)?.state != PackState::Running {
            return Ok(Vec::new());
        }
        let unbounded = PackWish {
            minutes: None,
            ..wish.clone()
        };
        let known: HashSet<ArticleId> = self
            .ctx
            .store
            .packs()
            .articles(id)?
            .iter()
            .map(|packed| packed.article)
            .collect();
        let mut missing = (minutes.saturating_mul(WORDS_A_MINUTE)).saturating_sub(words);
        let mut more = Vec::new();
        for (article, expected) in self.choose_for_pack(&unbounded)? {
            if missing == 0 || known.len() + more.len() >= MOST {
                break;
            }
            if !known.contains(&article) {
                more.push(article);
                missing = missing.saturating_sub(expected.max(1));
            }
        }
        self.ctx.store.packs().extend(id, &more)?;
        Ok(more)
    }

    /// Removes the articles that were not started.
    fn leave_out_the_rest(&self, id: u32) -> Result<()> {
        let packed = self.ctx.store.packs().articles(id)?;
        let rest: Vec<ArticleId> = packed
            .iter()
            .filter(|packed| !packed.tried)
            .map(|packed| packed.article)
            .collect();
        Ok(self.ctx.store.packs().take_out(id, &rest)?)
    }

    /// Selects articles for a request, with estimated word counts.
    fn choose_for_pack(&self, wish: &PackWish) -> Result<Vec<(ArticleId, u32)>> {
        let name = wish.name.as_deref().unwrap_or_default();
        checks::typed(checks::length("a pack's name", name.trim(), checks::NAME))?;
        checks::typed(checks::count(
            "sources of a pack",
            wish.from.len(),
            checks::FEEDS,
        ))?;
        let mut sources = Vec::new();
        for source in &wish.from {
            sources.push(self.articles_from(*source)?.into_iter());
        }
        let most_words = wish
            .minutes
            .map(|minutes| minutes.saturating_mul(WORDS_A_MINUTE));
        let mut seen = HashSet::new();
        let mut chosen = Vec::new();
        let mut words = 0;
        loop {
            let mut dry = true;
            for source in &mut sources {
                let Some(row) = source.by_ref().find(|row| seen.insert(row.id)) else {
                    continue;
                };
                dry = false;
                let is_teaser = row.word_count < TEASER
                    && row.url.is_some()
                    && !matches!(
                        self.ctx.store.full_text().state(row.id)?,
                        FullTextState::Kept { .. }
                    );
                let expected = if is_teaser {
                    EXPECTED_WORDS
                } else {
                    row.word_count
                };
                chosen.push((row.id, expected));
                words += expected;
                if chosen.len() >= MOST || most_words.is_some_and(|most| words >= most) {
                    return Ok(chosen);
                }
            }
            if dry {
                return Ok(chosen);
            }
        }
    }

    fn articles_from(&self, source: PackSource) -> Result<Vec<warta_store::ArticleRow>> {
        let list = |place, unread_only| -> Result<Vec<warta_store::ArticleRow>> {
            Ok(self
                .ctx
                .store
                .list(&ListQuery {
                    place,
                    unread_only,
                    before: None,
                    limit: MOST,
                })?
                .rows)
        };
        let unread_first = |place| -> Result<Vec<warta_store::ArticleRow>> {
            let mut rows = list(place, false)?;
            rows.sort_by_key(|row| row.read);
            Ok(rows)
        };
        match source {
            PackSource::Trending => {
                let mut ids = Vec::new();
                for story in self.stories.trending(STORIES)? {
                    let page = self.stories.story(story.id)?;
                    let mut of_story = vec![ArticleId(page.story.lead.id)];
                    let others = page.articles.iter().map(|row| row.id);
                    of_story.extend(
                        others
                            .filter(|id| *id != page.story.lead.id && !page.copies.contains(id))
                            .map(ArticleId),
                    );
                    of_story.truncate(OF_A_STORY);
                    ids.extend(of_story);
                }
                Ok(self.ctx.store.rows(&ids)?)
            }
            PackSource::Unread => list(Place::All, true),
            PackSource::Saved => list(Place::Saved, false),
            PackSource::Folder { id } => unread_first(Place::Folder(warta_store::FolderId(id))),
            PackSource::Feed { id } => unread_first(Place::Feed(warta_store::FeedId(id))),
        }
    }

    fn stored_pack(&self, id: u32) -> Result<Pack> {
        self.ctx
            .store
            .packs()
            .get(id)?
            .ok_or_else(|| Failure::not_found("pack"))
    }

    pub(crate) fn pack_view(&self, pack: &Pack) -> Result<PackView> {
        let packed = self.ctx.store.packs().articles(pack.id)?;
        let mut lacks: BTreeMap<(PackPart, ProblemCode), u32> = BTreeMap::new();
        for one in &packed {
            let each: HashSet<_> = one.lacks.iter().copied().collect();
            for lack in each {
                *lacks.entry(lack).or_default() += 1;
            }
        }
        let mut lacks: Vec<PackLack> = lacks
            .into_iter()
            .map(|((what, code), articles)| PackLack {
                what,
                code,
                articles,
            })
            .collect();
        lacks.sort_by_key(|lack| std::cmp::Reverse(lack.articles));
        let ids: Vec<ArticleId> = packed.iter().map(|packed| packed.article).collect();
        let words = words_of(&self.ctx.store.rows(&ids)?);
        let runs = locked(&self.running).contains_key(&pack.id);
        let count = |is: &dyn Fn(&PackedArticle) -> bool| packed.iter().filter(|p| is(p)).count();
        let kept = kept_wish(pack);
        Ok(PackView {
            id: pack.id,
            name: pack.name.clone(),
            made_at: pack.made_at,
            status: match pack.state {
                PackState::Running if runs => PackStatus::Running,
                PackState::Running => PackStatus::Waiting,
                PackState::Paused => PackStatus::Paused,
                PackState::Done => PackStatus::Done,
            },
            automatic: kept.automatic,
            planned: kept.planned,
            articles: packed.len() as u32,
            tried: count(&|packed| packed.tried) as u32,
            complete: count(&PackedArticle::is_complete) as u32,
            pictures: packed.iter().map(|packed| packed.pictures).sum(),
            bytes: packed.iter().map(|packed| packed.bytes).sum(),
            wire_bytes: pack.wire_bytes,
            minutes: words / WORDS_A_MINUTE,
            lacks,
        })
    }

    fn tell_pack(&self, id: u32) -> Result<()> {
        let pack = self.pack_view(&self.stored_pack(id)?)?;
        self.ctx.emit(Event::PackChanged { pack });
        Ok(())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        locked(&self.packs.running).remove(&self.id);
    }
}

fn words_of(rows: &[warta_store::ArticleRow]) -> u32 {
    rows.iter().map(|row| row.word_count).sum()
}

fn kept_wish(pack: &Pack) -> KeptWish {
    serde_json::from_str(&pack.wish).unwrap_or(KeptWish {
        wish: PackWish {
            name: None,
            from: Vec::new(),
            minutes: None,
            megabytes: None,
            pictures: true,
            audio: false,
        },
        automatic: false,
        planned: None,
    })
}
