//! What is kept of the files that were moved aside (`damaged.rs`): repaired ones for a while, within
//! bounds; those that may hold what could not be repaired until the reader removes them. Parts of
//! the search index are never missed, since it is rebuilt from the store.
use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::clock::DAY;
use crate::damaged::{self, Outcome};
use crate::error::{Result, StoreError};
use crate::model::{Aside, Pruned};

/// The beginning of the names of sled's damaged folders.
const SLED: &str = "db-damaged-";
/// How long repaired files are kept, in seconds.
const KEPT_FOR: i64 = 30 * DAY;
/// Maximum number of repaired files and folders.
const MAX_ITEMS: usize = 20;
/// Maximum size of repaired files beside the newest, in bytes.
const MAX_BYTES: u64 = 1 << 30;

/// A file or folder that was set aside, with the outcome and time of the repair that followed.
struct Item {
    path: PathBuf,
    outcome: Option<(Outcome, i64)>,
}

impl Item {
    fn of(path: PathBuf) -> Self {
        let outcome = damaged::outcome(&path);
        Self { path, outcome }
    }

    fn bytes(&self) -> u64 {
        match fs::symlink_metadata(&self.path) {
            Ok(facts) if facts.is_dir() => crate::files::folder_bytes(&self.path),
            Ok(facts) => facts.len(),
            Err(_) => 0,
        }
    }

    /// Renames it to `NAME.OUTCOME-SECONDS`, with the first seconds from `now` that give an unused
    /// name; returns the new path.
    fn label(&self, outcome: Outcome, now: i64) -> Result<PathBuf> {
        let name = self.path.file_name().unwrap_or_default().to_string_lossy();
        let labelled = (now..now + 10_000)
            .map(|at| {
                self.path
                    .with_file_name(format!("{name}.{}-{at}", outcome.name()))
            })
            .find(|path| !path.exists())
            .ok_or_else(|| StoreError::Invalid("no free name".into()))?;
        crate::files::rename(&self.path, &labelled)?;
        Ok(labelled)
    }

    /// Whether the item contains records. A repair moves those back into the store, so another file
    /// must have taken its name since, which must not be removed.
    fn has_changed(&self) -> bool {
        let is_snapshot = damaged::is_snapshot_aside(&self.path);
        crate::misplaced::holds_records(&self.path, !is_snapshot)
    }

    /// Whether it is part of the search index and holds nothing else, such as a file that was
    /// exchanged with one of the index.
    fn is_of_search(&self, dir: &Path) -> bool {
        let name = self.path.file_name().unwrap_or_default().to_string_lossy();
        self.path.parent() == Some(&*dir.join(damaged::FOLDER))
            && name.starts_with("search-")
            && !self.has_changed()
    }
}

fn is_sled(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.starts_with(SLED)
}

/// Everything that was set aside, in order of the names.
fn items(dir: &Path) -> Result<Vec<Item>> {
    let mut found = Vec::new();
    let mut list = |folder: &Path, wanted: &dyn Fn(&Path) -> bool| -> Result<()> {
        if folder.is_dir() {
            for entry in fs::read_dir(folder)? {
                let path = entry?.path();
                if wanted(&path) {
                    found.push(Item::of(path));
                }
            }
        }
        Ok(())
    };
    list(&dir.join(damaged::FOLDER), &|_| true)?;
    list(dir, &is_sled)?;
    list(&dir.join("snapshots"), &damaged::is_snapshot_aside)?;
    found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

/// sled's folders that were set aside so far and have no outcome: a later repair does not read
/// them.
pub(crate) fn unexamined_sled(dir: &Path) -> Result<HashSet<PathBuf>> {
    if !dir.is_dir() {
        return Ok(HashSet::new());
    }
    Ok(items(dir)?
        .into_iter()
        .filter(|item| item.outcome.is_none() && is_sled(&item.path))
        .map(|item| item.path)
        .collect())
}

/// Records a repair's outcome for what has none, except for `earlier`; returns old and new paths.
pub(crate) fn label(
    dir: &Path,
    outcome: Outcome,
    now: i64,
    earlier: &HashSet<PathBuf>,
) -> Result<Vec<(PathBuf, PathBuf)>> {
    let mut renamed = Vec::new();
    for item in items(dir)? {
        if item.outcome.is_none() && !earlier.contains(&item.path) {
            let labelled = item.label(outcome, now)?;
            renamed.push((item.path, labelled));
        }
    }
    Ok(renamed)
}

/// Removes repaired files beyond their age, number and size.
pub(crate) fn prune(dir: &Path, now: i64) -> Result<Pruned> {
    let mut repaired = Vec::new();
    for item in items(dir)? {
        match item.outcome {
            Some((Outcome::Repaired, at)) => repaired.push((at, item)),
            None if item.is_of_search(dir) => {
                let path = item.label(Outcome::Repaired, now)?;
                repaired.push((now, Item::of(path)));
            }
            _ => {}
        }
    }
    // The newest first.
    repaired.sort_by(|(a, one), (b, other)| (b, &one.path).cmp(&(a, &other.path)));
    let mut pruned = Pruned::default();
    let mut kept = 0;
    for (rank, (at, item)) in repaired.into_iter().enumerate() {
        let bytes = item.bytes();
        let is_old = now.saturating_sub(at) > KEPT_FOR;
        // The newest is kept in any case and does not count.
        let is_much = rank > 0 && kept + bytes > MAX_BYTES;
        if (is_old || rank >= MAX_ITEMS || is_much) && !item.has_changed() {
            if item.path.is_dir() {
                fs::remove_dir_all(&item.path)?;
            } else {
                fs::remove_file(&item.path)?;
            }
            pruned.items += 1;
            pruned.bytes += bytes;
        } else if rank > 0 {
            kept += bytes;
        }
    }
    Ok(pruned)
}

/// What is set aside now.
pub(crate) fn report(dir: &Path) -> Result<Aside> {
    let mut aside = Aside::default();
    for item in items(dir)? {
        let bytes = item.bytes();
        aside.items += 1;
        aside.bytes += bytes;
        if !matches!(item.outcome, Some((Outcome::Repaired, _))) && !item.is_of_search(dir) {
            aside.unrepaired_items += 1;
            aside.unrepaired_bytes += bytes;
        }
    }
    Ok(aside)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value_log;

    /// Pieces of the index are set aside whenever the store meets damage in them, without a repair.
    #[test]
    fn parts_of_the_search_index_are_bounded_without_a_repair() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join(damaged::FOLDER);
        fs::create_dir(&folder).unwrap();
        for n in 0..MAX_ITEMS + 5 {
            fs::write(folder.join(format!("search-a.term-{n}")), "x").unwrap();
        }
        // A file of another place that got under a name of the index.
        let bodies = dir.path().join("bodies");
        let log = value_log::ValueLog::open(&bodies).unwrap();
        let record = ([0; 16], b"text".to_vec());
        let pointer = log.append(value_log::Kind::Article, &[record]).unwrap()[0];
        drop(log);
        let segment = value_log::segment_path(&bodies, pointer.segment);
        fs::rename(segment, folder.join("search-b.term-1")).unwrap();
        fs::write(folder.join("lock-1"), "unknown").unwrap();
        let exchanged = folder.join("a-1.repaired-1");
        fs::copy(folder.join("search-b.term-1"), exchanged).unwrap();

        assert_eq!(prune(dir.path(), 1_000).unwrap().items, 5);
        assert_eq!(
            report(dir.path()).unwrap().unrepaired_items,
            2,
            "{:?}",
            damaged::names(dir.path())
        );
        prune(dir.path(), 1_000 + KEPT_FOR + 100).unwrap();
        let mut left: Vec<_> = fs::read_dir(&folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        left.sort();
        assert_eq!(left, ["a-1.repaired-1", "lock-1", "search-b.term-1"]);
    }
}
