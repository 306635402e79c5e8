//! Which words of the index share a stem. Stored beside the index and built from its words; if
//! lost, it is built again.
use std::collections::{BTreeSet, HashSet};
use std::hash::BuildHasher;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{PoisonError, RwLock};

use fst::{IntoStreamer, Set, SetBuilder, Streamer};
use tantivy::Searcher;
use tantivy::schema::Field;

use crate::error::{Result, StoreError};
use crate::search::analysis::{Analyzer, is_stemmed};

pub(crate) const FILE: &str = "forms";

/// Between a stem and a word.
const BETWEEN: u8 = 0;

/// Prefix of segment ids whose words are included. No stem begins with it.
const PART: u8 = 1;

/// New words in memory before they are merged into the set.
const MOST_FRESH: usize = 8_192;

/// Articles in segments that the file does not include before it is rewritten.
const MOST_UNWRITTEN: u32 = 20_000;

/// Maximum number of remembered words.
const MOST_REMEMBERED: usize = 500_000;

/// Maximum number of words per stem.
const MOST_FORMS: usize = 64;

/// Words by stem.
#[derive(Default)]
pub(crate) struct StemIndex {
    kept: RwLock<Kept>,
}

#[derive(Default)]
struct Kept {
    /// Stem and word.
    set: Set<Vec<u8>>,
    /// Pairs that are not in the set yet.
    fresh: BTreeSet<Vec<u8>>,
}

impl StemIndex {
    /// Loads the set from a file; `None` if it is missing or damaged.
    pub(crate) fn read(file: &Path) -> Option<Self> {
        let kept = Kept {
            set: set_of(file)?,
            fresh: BTreeSet::new(),
        };
        Some(Self {
            kept: RwLock::new(kept),
        })
    }

    /// Forgets everything.
    pub(crate) fn clear(&self) {
        *self.kept.write().unwrap_or_else(PoisonError::into_inner) = Kept::default();
    }

    /// The words whose stem is `stem`.
    pub(crate) fn of(&self, stem: &str) -> Vec<String> {
        let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner);
        let from = [stem.as_bytes(), &[BETWEEN]].concat();
        let to = [stem.as_bytes(), &[BETWEEN + 1]].concat();
        let word = |pair: &[u8]| String::from_utf8_lossy(&pair[from.len()..]).into_owned();
        let mut words = Vec::new();
        let mut stream = kept.set.range().ge(&from).lt(&to).into_stream();
        while let Some(pair) = stream.next() {
            words.push(word(pair));
        }
        words.extend(kept.fresh.range(from.clone()..to).map(|pair| word(pair)));
        words.truncate(MOST_FORMS);
        words
    }
}

fn set_of(file: &Path) -> Option<Set<Vec<u8>>> {
    let bytes = std::fs::read(file).ok()?;
    // A damaged file may panic.
    std::panic::catch_unwind(|| {
        let set = Set::new(bytes).ok()?;
        set.as_fst().verify().is_ok().then_some(set)
    })
    .ok()
    .flatten()
}

/// Adds the index's words to a [`StemIndex`]. One at a time.
pub(crate) struct Learner<'f> {
    forms: &'f StemIndex,
    folder: PathBuf,
    analyzer: Analyzer,
    /// Segments whose words are included.
    parts: HashSet<String>,
    /// Articles in segments that the file does not include.
    unwritten: u32,
    /// Hashes of included words.
    known: HashSet<u64>,
    hasher: foldhash::fast::FixedState,
}

impl<'f> Learner<'f> {
    pub(crate) fn new(forms: &'f StemIndex, folder: &Path) -> Self {
        let mut parts = HashSet::new();
        let kept = forms.kept.read().unwrap_or_else(PoisonError::into_inner);
        let mut stream = kept.set.range().ge([PART]).lt([PART + 1]).into_stream();
        while let Some(part) = stream.next() {
            parts.insert(String::from_utf8_lossy(&part[1..]).into_owned());
        }
        drop(kept);
        Self {
            forms,
            folder: folder.to_owned(),
            analyzer: Analyzer::new(),
            parts,
            unwritten: 0,
            known: HashSet::new(),
            hasher: foldhash::fast::FixedState::default(),
        }
    }

    /// Adds the words of new segments.
    pub(crate) fn learn(&mut self, searcher: &Searcher, fields: [Field; 2]) -> Result<()> {
        let mut pairs = BTreeSet::new();
        let mut parts = HashSet::new();
        for segment in searcher.segment_readers() {
            let part = segment.segment_id().uuid_string();
            if !self.parts.contains(&part) {
                for field in fields {
                    let index = segment.inverted_index(field)?;
                    let mut words = index.terms().stream()?;
                    while words.advance() {
                        self.take(words.key(), &mut pairs);
                    }
                }
                self.unwritten += segment.max_doc();
            }
            parts.insert(part);
        }
        self.parts = parts;
        let is_many = {
            let mut kept = self
                .forms
                .kept
                .write()
                .unwrap_or_else(PoisonError::into_inner);
            let Kept { set, fresh } = &mut *kept;
            fresh.extend(pairs.into_iter().filter(|pair| !set.contains(pair)));
            fresh.len() >= MOST_FRESH
        };
        if is_many || self.unwritten >= MOST_UNWRITTEN {
            self.keep();
        }
        Ok(())
    }

    /// Writes what was added since the last write. If that fails, it is added again at the next
    /// start.
    pub(crate) fn keep(&mut self) {
        if self.unwritten > 0
            && let Err(error) = self.write()
        {
            tracing::warn!(%error, "the words of the search index cannot be kept");
        }
    }

    fn take(&mut self, word: &[u8], pairs: &mut BTreeSet<Vec<u8>>) {
        if !is_stemmed(word) {
            return;
        }
        if self.known.len() >= MOST_REMEMBERED {
            self.known.clear();
        }
        if self.known.insert(self.hasher.hash_one(word))
            && let Ok(word) = std::str::from_utf8(word)
        {
            for stem in self.analyzer.stems(word) {
                pairs.insert([stem.as_bytes(), &[BETWEEN], word.as_bytes()].concat());
            }
        }
    }

    /// Merges new pairs into the set and writes it.
    fn write(&mut self) -> Result<()> {
        let forms = self.forms;
        let bytes = {
            let kept = forms.kept.read().unwrap_or_else(PoisonError::into_inner);
            let mut parts: Vec<Vec<u8>> = self
                .parts
                .iter()
                .map(|part| [&[PART], part.as_bytes()].concat())
                .collect();
            parts.sort_unstable();
            let fresh: Vec<&Vec<u8>> = parts.iter().chain(&kept.fresh).collect();
            merged(&kept.set, &fresh)?
        };
        let mut file = tempfile::NamedTempFile::new_in(&self.folder)?;
        file.write_all(&bytes)?;
        crate::files::persist(file, &self.folder.join(FILE))?;
        let set = Set::new(bytes).map_err(|error| damaged(&error))?;
        *forms.kept.write().unwrap_or_else(PoisonError::into_inner) = Kept {
            set,
            fresh: BTreeSet::new(),
        };
        self.unwritten = 0;
        Ok(())
    }
}

/// Merges a set, without its segment ids, with sorted keys.
fn merged(set: &Set<Vec<u8>>, more: &[&Vec<u8>]) -> Result<Vec<u8>> {
    let mut builder = SetBuilder::memory();
    let mut more = more.iter().peekable();
    let mut stream = set.stream();
    while let Some(key) = stream.next() {
        if key.first() == Some(&PART) {
            continue;
        }
        while let Some(before) = more.next_if(|other| other.as_slice() < key) {
            builder.insert(before).map_err(|error| damaged(&error))?;
        }
        builder.insert(key).map_err(|error| damaged(&error))?;
    }
    for key in more {
        builder.insert(key).map_err(|error| damaged(&error))?;
    }
    builder.into_inner().map_err(|error| damaged(&error))
}

fn damaged(error: &fst::Error) -> StoreError {
    StoreError::Damaged(format!("the words of the search index: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_by_their_stem_before_and_after_they_are_written() {
        let folder = tempfile::tempdir().expect("a folder");
        let forms = StemIndex::default();
        let mut learner = Learner::new(&forms, folder.path());
        let mut pairs = BTreeSet::new();
        for word in ["membaca", "bacaan", "flooded", "floods", "x1"] {
            learner.take(word.as_bytes(), &mut pairs);
        }
        learner.parts.insert("part".into());
        forms.kept.write().expect("free").fresh.extend(pairs);
        let expected = ["bacaan", "membaca"];
        assert_eq!(forms.of("baca"), expected);
        learner.write().expect("written");
        assert_eq!(forms.of("baca"), expected);
        let opened = StemIndex::read(&folder.path().join(FILE)).expect("intact");
        assert_eq!(opened.of("flood"), ["flooded", "floods"]);
        assert!(Learner::new(&opened, folder.path()).parts.contains("part"));

        let file = folder.path().join(FILE);
        let mut bytes = std::fs::read(&file).expect("the file");
        let middle = bytes.len() / 2;
        bytes[middle] ^= 0x55;
        std::fs::write(&file, bytes).expect("damaged");
        assert!(StemIndex::read(&file).is_none());
    }
}
