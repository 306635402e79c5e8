//! Podcast episodes, each in a file of its own, since they are large and downloaded in chunks. A
//! record among the settings marks a file as complete; a file without one is not.
//!
//! In `sounds/`: `<id>.<ending>`, complete; `<id>.part`, partly downloaded; `<id>.tag`, the
//! server's validator for the part.
use std::fs::{self, DirEntry, File};
use std::io::{ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use crate::error::{Result, StoreError};
use crate::files::folder_bytes;
use crate::model::{ArticleId, PictureId};
use crate::settings::OWN;
use crate::store::Store;

const FOLDER: &str = "sounds";

const RECORDS: &str = "sound/";

/// Length of a file's beginning that is enough to recognise its type.
const BEGINNING: u64 = 8192;

/// A stored audio file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Audio {
    /// Its address.
    pub url: String,
    /// Its article.
    pub article: ArticleId,
    /// e.g. `audio/mpeg`.
    pub media_type: String,
    /// The ending of its file's name, without the dot.
    pub ending: String,
    /// In bytes.
    pub bytes: u64,
    /// Downloaded for a pack, not on the reader's request.
    pub by_pack: bool,
}

impl Audio {
    /// The id of the audio at `url`, derived like a picture's.
    #[must_use]
    pub fn id_of(url: &str) -> PictureId {
        PictureId::of_url(url)
    }
}

/// An audio file being downloaded.
#[derive(Debug)]
pub struct AudioFile {
    id: PictureId,
    file: File,
    bytes: u64,
}

/// The podcast episodes of a store: [`Store::podcasts`].
#[derive(Debug, Clone, Copy)]
pub struct Podcasts<'a> {
    store: &'a Store,
}

impl Store {
    /// The podcast episodes.
    #[must_use]
    pub fn podcasts(&self) -> Podcasts<'_> {
        Podcasts { store: self }
    }
}

impl Podcasts<'_> {
    /// A stored file by its id; `None` if the file is not as recorded.
    pub fn get(self, id: PictureId) -> Result<Option<Audio>> {
        let Some(json) = self.store.setting(&record(id))? else {
            return Ok(None);
        };
        let Ok(audio) = serde_json::from_str::<Audio>(&json) else {
            return Ok(None);
        };
        if !names_its_file(&record(id), &audio) {
            return Ok(None);
        }
        let file = fs::metadata(self.path(&audio));
        Ok(file
            .is_ok_and(|file| file.len() == audio.bytes)
            .then_some(audio))
    }

    /// All stored files.
    pub fn all(self) -> Result<Vec<Audio>> {
        let mut all = Vec::new();
        for (_, json) in self.store.settings_under(&format!("{OWN}{RECORDS}"))? {
            if let Ok(audio) = serde_json::from_str(&json) {
                all.push(audio);
            }
        }
        Ok(all)
    }

    /// Reads at most `most` bytes from the offset `from`; fewer only at the end.
    pub fn read(self, audio: &Audio, from: u64, most: usize) -> Result<Vec<u8>> {
        let mut file = File::open(self.path(audio))?;
        file.seek(SeekFrom::Start(from))?;
        let left = audio.bytes.saturating_sub(from);
        let most = left.min(most as u64);
        let mut bytes = Vec::with_capacity(most as usize);
        file.take(most).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// Copies a stored file to a file outside the store, atomically and in chunks.
    pub fn copy(self, audio: &Audio, file: &Path) -> Result<()> {
        let folder = file
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        let mut written = tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
        let mut source = File::open(self.path(audio))?;
        let copied = std::io::copy(&mut source, written.as_file_mut())?;
        if copied != audio.bytes {
            return Err(StoreError::Damaged(
                "the audio file's length differs from its record".into(),
            ));
        }
        written.as_file().sync_all()?;
        Ok(crate::files::persist(written, file)?)
    }

    /// What was downloaded before an interruption: the number of bytes and their validator.
    #[must_use]
    pub fn partial(self, id: PictureId) -> Option<(u64, String)> {
        let bytes = fs::metadata(self.beside(id, "part")).ok()?.len();
        let validator = fs::read_to_string(self.beside(id, "tag")).ok()?;
        Some((bytes, validator))
    }

    /// Opens a file for writing from the offset `from`; 0 starts over. `validator` is what a later
    /// [`Podcasts::partial`] returns.
    pub fn open_file(self, id: PictureId, from: u64, validator: Option<&str>) -> Result<AudioFile> {
        self.store.core.may_write()?;
        let (part, tag) = (self.beside(id, "part"), self.beside(id, "tag"));
        crate::private::create_folder(&self.folder())?;
        if from == 0 {
            // In this order: an old part must never be continued with the new file.
            remove(&part)?;
            match validator {
                Some(validator) => fs::write(&tag, validator)?,
                None => remove(&tag)?,
            }
        }
        let file = crate::private::append_to(&part)?;
        if file.metadata()?.len() != from {
            remove(&part)?;
            return Err(StoreError::Io(std::io::Error::other(
                "the partial file has an unexpected length",
            )));
        }
        Ok(AudioFile {
            id,
            file,
            bytes: from,
        })
    }

    /// Appends a chunk; leaves the store's reserve on the disk.
    pub fn append(self, audio: &mut AudioFile, bytes: &[u8]) -> Result<()> {
        self.store.core.has_room()?;
        audio.file.write_all(bytes)?;
        audio.bytes += bytes.len() as u64;
        Ok(())
    }

    /// The beginning of a file, to recognise its type.
    pub fn beginning(self, audio: &AudioFile) -> Result<Vec<u8>> {
        let mut beginning = Vec::new();
        File::open(self.beside(audio.id, "part"))?
            .take(BEGINNING)
            .read_to_end(&mut beginning)?;
        Ok(beginning)
    }

    /// Stores a complete file; durable when the call returns. Sets `kept.bytes`.
    pub fn keep(self, written: AudioFile, mut kept: Audio) -> Result<Audio> {
        let AudioFile { id, file, bytes } = written;
        file.sync_all()?;
        kept.bytes = bytes;
        let part = self.beside(id, "part");
        let record_of = Kept {
            blake3: Some(checksum(&part)?),
            audio: kept.clone(),
        };
        crate::files::rename(&part, &self.path(&kept))?;
        self.store.set_setting(&record(id), &json(&record_of)?)?;
        remove(&self.beside(id, "tag"))?;
        Ok(kept)
    }

    /// Removes a file, complete or partial.
    pub fn remove(self, id: PictureId) -> Result<()> {
        self.store.core.may_write()?;
        // A record without its file is ignored, so the files are removed first.
        let prefix = format!("{id}.");
        for file in self.files() {
            if file.file_name().to_string_lossy().starts_with(&prefix) {
                remove(&file.path())?;
            }
        }
        self.store.set_settings(&[(record(id), None)])
    }

    /// Removes files without a record: leftovers of a crash, and partial files that have not grown
    /// since `begun_before`, in seconds since 1970.
    pub fn sweep(self, begun_before: i64) -> Result<()> {
        self.store.core.may_write()?;
        let since = UNIX_EPOCH + Duration::from_secs(begun_before.try_into().unwrap_or(0));
        let is_left = |file: &Path| {
            let changed = fs::metadata(file).and_then(|facts| facts.modified());
            changed.is_ok_and(|changed| changed < since)
        };
        for file in self.files() {
            let (path, name) = (file.path(), file.file_name().to_string_lossy().into_owned());
            let (id, ending) = name.split_once('.').unwrap_or((&name, ""));
            let is_wanted = match (PictureId::parse(id), ending) {
                (Some(_), "part") => !is_left(&path),
                // It is removed with its part.
                (Some(id), "tag") => {
                    let part = self.beside(id, "part");
                    !is_left(if part.exists() { &part } else { &path })
                }
                (Some(id), _) => self.get(id)?.is_some(),
                (None, _) => false,
            };
            if !is_wanted {
                remove(&path)?;
            }
        }
        Ok(())
    }

    /// Size of all files in bytes, including partial ones.
    #[must_use]
    pub fn bytes(self) -> u64 {
        folder_bytes(&self.folder())
    }

    fn files(self) -> impl Iterator<Item = DirEntry> {
        fs::read_dir(self.folder()).into_iter().flatten().flatten()
    }

    fn folder(self) -> PathBuf {
        self.store.dir().join(FOLDER)
    }

    fn path(self, audio: &Audio) -> PathBuf {
        self.beside(Audio::id_of(&audio.url), &audio.ending)
    }

    fn beside(self, id: PictureId, ending: &str) -> PathBuf {
        self.folder().join(format!("{id}.{ending}"))
    }
}

fn record(id: PictureId) -> String {
    format!("{OWN}{RECORDS}{id}")
}

/// The record of a file.
#[derive(Serialize, Deserialize)]
struct Kept {
    #[serde(flatten)]
    audio: Audio,
    /// Checksum of the file; absent before 0.2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    blake3: Option<String>,
}

/// Whether a record can only refer to its own file: its id matches its address, its ending is
/// plain.
fn names_its_file(record_name: &str, audio: &Audio) -> bool {
    let ending = &audio.ending;
    record_name == record(Audio::id_of(&audio.url))
        && (1..=8).contains(&ending.len())
        && ending.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn checksum(file: &Path) -> Result<String> {
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(File::open(file)?)?;
    Ok(hasher.finalize().to_hex().to_string())
}

/// What is wrong with a stored file, if anything.
fn wrong_with(kept: &Kept, file: &Path) -> Option<&'static str> {
    let Ok(facts) = fs::metadata(file) else {
        return Some("its file is missing");
    };
    if !facts.is_file() || facts.len() != kept.audio.bytes {
        return Some("its file has the wrong length");
    }
    let expected = kept.blake3.as_ref()?;
    let is_whole = checksum(file).is_ok_and(|found| found == *expected);
    (!is_whole).then_some("its file is damaged")
}

impl Podcasts<'_> {
    /// Checks every stored file; returns the number of files, and the damaged ones with the reason.
    pub(crate) fn lost(self) -> Result<(u64, Vec<(Audio, &'static str)>)> {
        let mut lost = Vec::new();
        let records = self.store.settings_under(&format!("{OWN}{RECORDS}"))?;
        let count = records.len() as u64;
        for (name, json) in records {
            if let Ok(kept) = serde_json::from_str::<Kept>(&json)
                && names_its_file(&name, &kept.audio)
                && let Some(why) = wrong_with(&kept, &self.path(&kept.audio))
            {
                lost.push((kept.audio, why));
            }
        }
        Ok((count, lost))
    }

    /// Looks for lost files among misplaced ones and restores them; removes the records of those
    /// not found, so that they can be downloaded again. Returns what it did.
    pub(crate) fn repair(self) -> Result<Vec<String>> {
        let mut notes = Vec::new();
        for (name, json) in self.store.settings_under(&format!("{OWN}{RECORDS}"))? {
            let Ok(kept) = serde_json::from_str::<Kept>(&json) else {
                continue;
            };
            if !names_its_file(&name, &kept.audio) {
                continue;
            }
            let (path, url) = (self.path(&kept.audio), &kept.audio.url);
            let Some(why) = wrong_with(&kept, &path) else {
                continue;
            };
            let is_it = |file: &&PathBuf| {
                kept.blake3.is_some() && wrong_with(&kept, file.as_path()).is_none()
            };
            let strays = crate::misplaced::strays(self.store.dir())?;
            if let Some(stray) = strays.iter().find(is_it) {
                crate::private::create_folder(&self.folder())?;
                let copy = path.with_extension("part");
                fs::copy(stray, &copy)?;
                // Windows syncs only what was opened for writing.
                File::options().write(true).open(&copy)?.sync_all()?;
                if path.exists() {
                    crate::damaged::set_aside(self.store.dir(), &path)?;
                }
                crate::files::rename(&copy, &path)?;
                notes.push(format!("restored the episode {url}"));
                continue;
            }
            if path.exists() {
                crate::damaged::set_aside(self.store.dir(), &path)?;
            }
            self.remove(Audio::id_of(url))?;
            notes.push(format!(
                "the episode {url} is lost ({why}); it can be downloaded again"
            ));
        }
        Ok(notes)
    }
}

fn json(kept: &Kept) -> Result<String> {
    serde_json::to_string(kept).map_err(|error| StoreError::Io(error.into()))
}

fn remove(file: &Path) -> Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}
