//! Downloads podcast episodes for offline listening and stores playback positions.
//!
//! The web view never fetches audio: the engine downloads files when the reader or a pack asks for
//! them, and the media protocol serves stored files. The file type is detected from the content
//! only. A playback position is kept after its file is removed.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::sync::Notify;
use warta_net::{FetchError, PartialDownload, Request, Wanted};
use warta_share::document;
use warta_store::{ArticleId, Audio, Enclosure, PictureId, ProblemCode};

use crate::api::failures::fetch_code;
use crate::api::{
    AudioState, AudioView, Connection, EnclosureView, Event, Failure, FailureCode, Listening,
    Result,
};
use crate::context::locks::locked;
use crate::context::records::json;
use crate::context::{Context, blocking, off_thread};
use crate::network::connectivity::Connectivity;
use crate::network::own_network::OwnNetwork;
use crate::offline::data_budget::DataBudget;

/// Prefix of the settings that store playback positions.
const HEARD: &str = "sound/";
/// Minimum time between two progress events of a download.
const TOLD_EVERY: Duration = Duration::from_millis(300);
/// Seconds that a partial download is kept after its last write.
const BEGUN_IS_KEPT: i64 = 30 * 86_400;
/// Buffer size for writes, in bytes.
const WRITTEN_AT_ONCE: usize = 1 << 20;

/// The result of a request for an audio file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum AudioResult {
    /// Already stored.
    Here,
    /// Downloaded now; bytes transferred.
    New(u64),
    /// Failed; the problem code.
    Failed(ProblemCode),
    /// Stopped by the reader.
    Stopped,
    /// The network is unreachable.
    Offline,
}

/// A request for an audio file.
struct EpisodeRequest<'w> {
    article: ArticleId,
    url: &'w str,
    pack: Option<u32>,
}

/// Downloads in progress.
#[derive(Default)]
pub(crate) struct Downloads(Mutex<HashMap<PictureId, Arc<Course>>>);

#[derive(Default)]
struct Course {
    so_far: Mutex<(u64, Option<u64>)>,
    /// The pack that requested it.
    pack: Mutex<Option<u32>>,
    stop: Notify,
    /// Serialises downloads of one URL.
    turn: tokio::sync::Mutex<()>,
}

/// Removes a download from the table when it is dropped.
struct Ending<'n> {
    podcasts: &'n Podcasts,
    id: PictureId,
    course: Arc<Course>,
}

/// Fetches podcast episodes.
pub struct Podcasts {
    ctx: Arc<Context>,
    own_network: Arc<OwnNetwork>,
    connectivity: Arc<Connectivity>,
    budget: Arc<DataBudget>,
    downloads: Downloads,
}

impl Podcasts {
    pub(crate) fn new(
        ctx: &Arc<Context>,
        own_network: &Arc<OwnNetwork>,
        connectivity: &Arc<Connectivity>,
        budget: &Arc<DataBudget>,
    ) -> Self {
        Self {
            ctx: Arc::clone(ctx),
            own_network: Arc::clone(own_network),
            connectivity: Arc::clone(connectivity),
            budget: Arc::clone(budget),
            downloads: Downloads::default(),
        }
    }

    /// Downloads an article's audio file at the reader's request; [`Event::AudioChanged`] reports
    /// progress. Returns `Ok` when the reader stops the download.
    pub async fn fetch_audio(self: &Arc<Self>, article: u64, url: &str) -> Result<()> {
        self.ctx.store.may_write()?;
        let got = self.get_audio(ArticleId(article), url, None).await;
        self.emit_audio_changed(article, url);
        blocking(self, move |this| this.budget.account(false)).await?;
        match got? {
            AudioResult::Here | AudioResult::New(_) | AudioResult::Stopped => Ok(()),
            AudioResult::Offline => Err(Failure::new(
                FailureCode::Offline,
                "the network is unreachable",
            )),
            AudioResult::Failed(code) => Err(Failure {
                detail: code.to_string(),
                ..Failure::new(FailureCode::FetchFailed, "cannot download the audio file")
            }),
        }
    }

    /// Stops a download; the partial file is kept and the next download resumes it.
    pub fn stop_audio(&self, url: &str) {
        let underway = locked(&self.downloads.0);
        if let Some(course) = underway.get(&Audio::id_of(url)) {
            course.stop.notify_waiters();
        }
    }

    /// Stops the downloads of a pack.
    pub(crate) fn stop_audio_for(&self, pack: u32) {
        for course in locked(&self.downloads.0).values() {
            if *locked(&course.pack) == Some(pack) {
                course.stop.notify_waiters();
            }
        }
    }

    /// Downloads an audio file for a pack.
    pub(crate) async fn audio_for(
        self: &Arc<Self>,
        pack: u32,
        article: ArticleId,
        url: &str,
    ) -> Result<AudioResult> {
        let got = self.get_audio(article, url, Some(pack)).await;
        self.emit_audio_changed(article.0, url);
        got
    }

    async fn get_audio(
        self: &Arc<Self>,
        article: ArticleId,
        url: &str,
        pack: Option<u32>,
    ) -> Result<AudioResult> {
        let wanted = url.to_owned();
        let named_by = blocking(self, move |this| this.find_enclosure(article, &wanted)).await?;
        let id = Audio::id_of(url);
        let underway = Ending {
            podcasts: self,
            id,
            course: Arc::clone(locked(&self.downloads.0).entry(id).or_default()),
        };
        let course = &underway.course;
        let _turn = course.turn.lock().await;
        *locked(&course.pack) = pack;
        if blocking(self, move |this| Ok(this.ctx.store.podcasts().get(id)?))
            .await?
            .is_some()
        {
            return Ok(AudioResult::Here);
        }
        let request = Request {
            url: url.to_owned(),
            wanted: Wanted::Audio,
            named_by: self.own_network.named_by(named_by),
            ..Request::default()
        };
        let wanted = EpisodeRequest { article, url, pack };
        let failed = tokio::select! {
            got = self.keep_coming(id, request, &wanted, course) => match got? {
                Ok(got) => {
                    self.connectivity.set_connection(Connection::Online);
                    return Ok(got);
                }
                Err(failed) => failed,
            },
            () = course.stop.notified() => return Ok(AudioResult::Stopped),
        };
        let cut_off = failed.suggests_offline() && self.connectivity.is_cut_off(url).await?;
        Ok(if cut_off {
            AudioResult::Offline
        } else {
            AudioResult::Failed(fetch_code(&failed))
        })
    }

    /// Downloads an audio file, writing each chunk as it arrives.
    async fn keep_coming(
        self: &Arc<Self>,
        id: PictureId,
        request: Request,
        wanted: &EpisodeRequest<'_>,
        course: &Course,
    ) -> Result<std::result::Result<AudioResult, FetchError>> {
        let this = Arc::clone(self);
        let begun = off_thread(move || this.ctx.store.podcasts().partial(id)).await?;
        let begun = begun.map(|(bytes, validator)| PartialDownload { bytes, validator });
        let mut download = match self.ctx.http.download(request, begun).await {
            Ok(download) => download,
            Err(error) => return Ok(Err(error)),
        };
        let (from, of) = (download.from, download.of);
        let validator = download.validator.clone();
        let mut file = blocking(self, move |this| {
            Ok(this
                .ctx
                .store
                .podcasts()
                .open_file(id, from, validator.as_deref())?)
        })
        .await?;
        let mut told: Option<Instant> = None;
        let mut here = from;
        loop {
            let mut pieces = Vec::with_capacity(WRITTEN_AT_ONCE);
            let more = loop {
                let before = pieces.len();
                match download.read(&mut pieces).await {
                    Ok(true) => {}
                    other => break other,
                }
                here += (pieces.len() - before) as u64;
                *locked(&course.so_far) = (here, of);
                if told.is_none_or(|at| at.elapsed() >= TOLD_EVERY) {
                    told = Some(Instant::now());
                    self.emit_audio_changed(wanted.article.0, wanted.url);
                }
                if pieces.len() >= WRITTEN_AT_ONCE {
                    break Ok(true);
                }
            };
            // Also keep the chunk received before the connection broke.
            file = blocking(self, move |this| {
                this.ctx.store.podcasts().append(&mut file, &pieces)?;
                Ok::<_, Failure>(file)
            })
            .await?;
            match more {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => return Ok(Err(error)),
            }
        }
        let wire_bytes = here - from;
        let article = wanted.article;
        let by_pack = wanted.pack.is_some();
        let url = wanted.url.to_owned();
        blocking(self, move |this| {
            let store = &this.ctx.store;
            let Some((media_type, ending)) = audio_type(&store.podcasts().beginning(&file)?) else {
                drop(file);
                store.podcasts().remove(id)?;
                return Ok(Ok(AudioResult::Failed(ProblemCode::BadAudio)));
            };
            let kept = Audio {
                url,
                article,
                media_type: media_type.into(),
                ending: ending.into(),
                bytes: 0,
                by_pack,
            };
            store.podcasts().keep(file, kept)?;
            Ok(Ok(AudioResult::New(wire_bytes)))
        })
        .await
    }

    /// The feed of the article that has this enclosure.
    fn find_enclosure(&self, article: ArticleId, url: &str) -> Result<String> {
        let article = self.ctx.store.article(article)?;
        let article = article.ok_or_else(|| Failure::not_found("article"))?;
        let is_it = |one: &Enclosure| one.url == url && is_audio(one);
        if !article.enclosures.iter().any(is_it) {
            return Err(Failure::not_found("audio file"));
        }
        let feed = self.ctx.store.feed(article.row.feed)?;
        feed.map(|feed| feed.url)
            .ok_or_else(|| Failure::not_found("feed"))
    }

    /// The audio enclosures of an article.
    pub(crate) fn audio_of(&self, article: ArticleId) -> Result<Vec<Enclosure>> {
        let article = self.ctx.store.article(article)?;
        let mut enclosures = article.map_or_else(Vec::new, |article| article.enclosures);
        enclosures.retain(is_audio);
        Ok(enclosures)
    }

    /// The state of an enclosure's audio file; `None` unless it is audio.
    pub(crate) fn audio_view(&self, enclosure: &EnclosureView) -> Result<Option<AudioView>> {
        if !warta_feed::is_audio(enclosure.media_type.as_deref(), &enclosure.url) {
            return Ok(None);
        }
        self.audio(&enclosure.url).map(Some)
    }

    /// The state of an audio file.
    pub fn audio(&self, url: &str) -> Result<AudioView> {
        let id = Audio::id_of(url);
        let kept = self.ctx.store.podcasts().get(id)?;
        let so_far = locked(&self.downloads.0)
            .get(&id)
            .map(|course| *locked(&course.so_far));
        let (state, bytes, of) = match (&kept, so_far) {
            (Some(kept), _) => (AudioState::Kept, kept.bytes, Some(kept.bytes)),
            (None, Some((here, of))) => (AudioState::Fetching, here, of),
            (None, None) => (AudioState::Away, 0, None),
        };
        Ok(AudioView {
            src: kept.map(|_| format!("{}/sound/{id}", self.ctx.media_base)),
            state,
            bytes,
            of,
            listening: self.listening(id)?,
        })
    }

    /// Stores the playback position of an audio file.
    pub fn listened(&self, url: &str, listening: Listening) -> Result<()> {
        let id = Audio::id_of(url);
        Ok(self
            .ctx
            .store
            .set_setting(&format!("{HEARD}{id}"), &json(&listening))?)
    }

    /// Removes a stored audio file; its playback position is kept.
    pub fn remove_audio(&self, article: u64, url: &str) -> Result<()> {
        self.ctx.store.podcasts().remove(Audio::id_of(url))?;
        self.emit_audio_changed(article, url);
        Ok(())
    }

    /// A file name for exporting a stored audio file.
    pub fn audio_name(&self, url: &str) -> Result<String> {
        let audio = self.kept_audio(url)?;
        let row = self.ctx.store.rows(&[audio.article])?.pop();
        let title = row.map_or_else(|| "Warta".into(), |row| row.title);
        Ok(document::file_name(&title, &audio.ending))
    }

    /// Copies a stored audio file to `file` atomically.
    pub fn copy_audio(&self, url: &str, file: &Path) -> Result<()> {
        let audio = self.kept_audio(url)?;
        Ok(self.ctx.store.podcasts().copy(&audio, file)?)
    }

    fn kept_audio(&self, url: &str) -> Result<Audio> {
        let audio = self.ctx.store.podcasts().get(Audio::id_of(url))?;
        audio.ok_or_else(|| Failure::not_found("audio file"))
    }

    /// Size in bytes of a stored audio file.
    pub(crate) fn bytes_of_audio(&self, url: &str) -> Result<Option<u64>> {
        let audio = self.ctx.store.podcasts().get(Audio::id_of(url))?;
        Ok(audio.map(|audio| audio.bytes))
    }

    /// Total size in bytes of all audio files.
    #[must_use]
    pub fn bytes_of_all_audio(&self) -> u64 {
        self.ctx.store.podcasts().bytes()
    }

    /// Removes audio files that are no longer needed: those whose article was removed, and those
    /// requested only by a removed pack, unless playback has started. With `heard`, also those
    /// played to the end that are in no pack. Files of saved articles are kept. Partial downloads
    /// that were not resumed for a long time are removed too. Returns the number of removed files.
    pub(crate) fn remove_old_audio(&self, heard: bool) -> Result<u32> {
        let audio = self.ctx.store.podcasts().all()?;
        let mut packed = HashSet::new();
        if !audio.is_empty() {
            for pack in self.ctx.store.packs().all()? {
                packed.extend(
                    self.ctx
                        .store
                        .packs()
                        .articles(pack.id)?
                        .iter()
                        .map(|one| one.article),
                );
            }
        }
        let mut gone = 0;
        for audio in audio {
            let id = Audio::id_of(&audio.url);
            let row = self.ctx.store.rows(&[audio.article])?.pop();
            let listening = self.listening(id)?;
            let is_wanted = row.is_some_and(|row| {
                let has_pack = packed.contains(&audio.article);
                let lost_pack = audio.by_pack && !has_pack && listening.seconds == 0;
                let is_done = heard && listening.heard && !has_pack;
                row.saved || !(lost_pack || is_done)
            });
            if !is_wanted {
                self.ctx.store.podcasts().remove(id)?;
                gone += 1;
            }
        }
        self.ctx
            .store
            .podcasts()
            .sweep(self.ctx.now() - BEGUN_IS_KEPT)?;
        Ok(gone)
    }

    fn listening(&self, id: PictureId) -> Result<Listening> {
        let record = self.ctx.store.setting(&format!("{HEARD}{id}"))?;
        Ok(record
            .and_then(|json| serde_json::from_str(&json).ok())
            .unwrap_or_default())
    }

    fn emit_audio_changed(&self, article: u64, url: &str) {
        if let Ok(audio) = self.audio(url) {
            self.ctx.emit(Event::AudioChanged {
                article,
                url: url.to_owned(),
                audio,
            });
        }
    }
}

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        let mut underway = locked(&self.podcasts.downloads.0);
        // Held by the table, by this value, and by each task that waits for the lock.
        if Arc::strong_count(&self.course) <= 2 {
            underway.remove(&self.id);
        }
    }
}

fn is_audio(enclosure: &Enclosure) -> bool {
    warta_feed::is_audio(enclosure.media_type.as_deref(), &enclosure.url)
}

/// Detects the media type and file extension from the first bytes; `None` if it is not audio.
fn audio_type(beginning: &[u8]) -> Option<(&'static str, &'static str)> {
    match infer::get(beginning)?.mime_type() {
        "audio/mpeg" => Some(("audio/mpeg", "mp3")),
        "audio/m4a" | "video/mp4" | "video/quicktime" => Some(("audio/mp4", "m4a")),
        "audio/aac" => Some(("audio/aac", "aac")),
        "audio/ogg" | "application/ogg" => Some(("audio/ogg", "ogg")),
        "audio/opus" => Some(("audio/ogg", "opus")),
        "audio/x-flac" => Some(("audio/flac", "flac")),
        "audio/x-wav" => Some(("audio/wav", "wav")),
        "video/webm" | "video/x-matroska" => Some(("audio/webm", "weba")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn audio_enclosures_are_recognised() {
        let of = |media_type: Option<&str>, url: &str| {
            is_audio(&Enclosure {
                url: url.into(),
                media_type: media_type.map(str::to_owned),
                length: None,
                duration_seconds: None,
                title: None,
            })
        };
        assert!(of(Some("audio/mpeg"), "https://e.id/1"));
        assert!(of(Some("Audio/X-M4A"), "https://e.id/1"));
        assert!(of(None, "https://e.id/1.MP3?token=2"));
        assert!(
            of(Some("file"), "https://e.id/1.mp3"),
            "the extension decides if the type is unknown"
        );
        assert!(
            !of(Some("video/mp4"), "https://e.id/1.mp3"),
            "the given type takes precedence"
        );
        assert!(!of(None, "https://e.id/berkas.pdf"));
    }
}
