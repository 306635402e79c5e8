//! A repair does no more than it must: markers are rewritten, exchanged files are put back, damaged
//! snapshots and episodes are set aside, and sled is rebuilt only if the lists, texts or pictures
//! themselves are damaged.
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use crate::aside;
use crate::check;
use crate::damaged::Outcome;
use crate::error::{Result, StoreError};
use crate::markers::{self, Marker};
use crate::model::{Aside, Checkup, Pruned};
use crate::rebuild::{Rebuilt, free_name, open, rebuild};
use crate::snapshot;
use crate::trees::{self, Trees};
use crate::value_log::{self, Kind};

/// What [`repair`] found and did.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Repaired {
    /// The problems found; `None` if the store did not open.
    pub found: Option<Checkup>,
    /// What was rebuilt; `None` if nothing had to be.
    pub rebuilt: Option<Rebuilt>,
    /// Texts without a list entry: the end of the lists was lost, or the program ended before it
    /// reported them as stored.
    pub unlisted: u64,
    /// Remaining problems; `None` if nothing had to be done.
    pub left: Option<Checkup>,
    /// Further findings and actions, as text.
    pub notes: Vec<String>,
    /// Damaged files of earlier repairs that were removed.
    pub pruned: Pruned,
    /// Damaged files that are kept.
    pub aside: Aside,
}

impl Repaired {
    /// Whether no problem was found.
    #[must_use]
    pub fn was_sound(&self) -> bool {
        self.left.is_none() && self.notes.is_empty()
    }

    /// Whether the store has everything that was ever readable of it.
    fn is_complete(&self) -> bool {
        let is_sound = (self.left.as_ref().or(self.found.as_ref())).is_some_and(Checkup::is_sound);
        is_sound
            && self.rebuilt.as_ref().is_none_or(|rebuilt| {
                let salvaged = &rebuilt.salvaged;
                rebuilt.without_text == 0
                    && rebuilt.gaps == 0
                    && salvaged.opened
                    && salvaged.torn == 0
            })
    }
}

/// Checks the store in `dir` and repairs what is damaged. The store must not be open. Damaged files
/// are kept beside it for a while, and for good where they may hold what could not be repaired.
pub fn repair(dir: &Path, now: i64) -> Result<Repaired> {
    let earlier = aside::unexamined_sled(dir)?;
    let mut repaired = repair_damage(dir, now)?;
    let outcome = if repaired.is_complete() {
        Outcome::Repaired
    } else {
        Outcome::Incomplete
    };
    let _lock = crate::format::lock_folder(dir)?;
    let renamed = aside::label(dir, outcome, now, &earlier)?;
    if let Some(aside) = repaired
        .rebuilt
        .as_mut()
        .and_then(|rebuilt| rebuilt.set_aside.as_mut())
        && let Some((_, path)) = renamed.iter().find(|(old, _)| old == aside)
    {
        aside.clone_from(path);
    }
    repaired.pruned = aside::prune(dir, now)?;
    repaired.aside = aside::report(dir)?;
    Ok(repaired)
}

fn repair_damage(dir: &Path, now: i64) -> Result<Repaired> {
    let mut notes = repair_markers(dir)?;
    let mut unlisted = 0;
    let found = looked_at(dir, &mut unlisted, &mut notes)?;
    let is_sound = unlisted == 0 && found.as_ref().is_some_and(Checkup::is_sound);
    // Misplaced files may contain what a sound store has lost meanwhile.
    if is_sound && !crate::misplaced::may_hold_something(dir)? {
        return Ok(Repaired {
            found,
            rebuilt: None,
            unlisted,
            left: None,
            notes,
            ..Repaired::default()
        });
    }
    let (put_back, has_logs) = {
        let _lock = crate::format::lock_folder(dir)?;
        crate::misplaced::put_back(dir)?
    };
    if is_sound && put_back.is_empty() {
        return Ok(Repaired {
            found,
            rebuilt: None,
            unlisted,
            left: None,
            notes,
            ..Repaired::default()
        });
    }
    let now_found = if put_back.is_empty() {
        found.clone()
    } else {
        unlisted = 0;
        looked_at(dir, &mut unlisted, &mut Vec::new())?
    };
    notes.extend(put_back);
    // Articles that were lost or indexed without text meanwhile come back.
    let must_rebuild =
        has_logs || unlisted > 0 || now_found.as_ref().is_none_or(asks_for_rebuilding);
    let rebuilt = must_rebuild.then(|| rebuild(dir, now)).transpose()?;
    notes.extend(tidy(dir, now, rebuilt.is_some())?);
    Ok(Repaired {
        found,
        rebuilt,
        unlisted,
        left: Some(checked(dir, &mut 0)?),
        notes,
        ..Repaired::default()
    })
}

/// Checks the store; `None` if it does not open.
fn looked_at(dir: &Path, unlisted: &mut u64, notes: &mut Vec<String>) -> Result<Option<Checkup>> {
    match checked(dir, unlisted) {
        Ok(found) => Ok(Some(found)),
        Err(StoreError::Damaged(why)) => {
            tracing::warn!(why, "the store does not open and is being rebuilt");
            notes.push(format!("the store did not open: {why}"));
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// Whether there are problems that require rebuilding sled.
fn asks_for_rebuilding(found: &Checkup) -> bool {
    found
        .checks
        .iter()
        .any(|check| !check.found.is_empty() && !check::STANDS_ALONE.contains(&check.name.as_str()))
}

/// Restores lost or damaged markers from the files beside them.
fn repair_markers(dir: &Path) -> Result<Vec<String>> {
    let mut notes = Vec::new();
    if !dir.is_dir() {
        return Ok(notes);
    }
    let _lock = crate::format::lock_folder(dir)?;
    crate::importing::finish_import(dir)?;
    let found = trees::generations(dir)?;
    if found.len() > 1
        && let Some(sound) = trees::sound_one(dir)?
    {
        let said = markers::read(dir, markers::GENERATION);
        if said != Marker::Says(sound) {
            notes.push(format!(
                "rewrote the file `generation`: {sound} is the newest intact generation of the lists"
            ));
            for (generation, folder) in &found {
                if *generation != sound {
                    crate::files::rename(folder, &free_name(dir)?)?;
                }
            }
            trees::set_current(dir, sound)?;
        }
    } else if let (Marker::Damaged(why), [(only, _)]) =
        (markers::read(dir, markers::GENERATION), found.as_slice())
    {
        notes.push(format!("{why}; rewrote it"));
        trees::set_current(dir, *only)?;
    }
    let why = match markers::read(dir, markers::FORMAT) {
        Marker::Says(_) => return Ok(notes),
        Marker::Missing => "the file `format` is missing".to_owned(),
        Marker::Damaged(why) => why,
    };
    // Without sled, the rebuild writes it.
    if let Ok(current) = trees::current(dir)
        && trees::folder(dir, current).is_dir()
    {
        let said = catch_unwind(AssertUnwindSafe(|| {
            let trees = Trees::open(dir, current).ok()?;
            trees.meta.get("identity").ok()??;
            // Versions before 0.2 wrote no format number into sled. The current one is right: each
            // record has its own version.
            Some(
                crate::format::format_in_sled(&trees)
                    .ok()?
                    .unwrap_or(crate::format::FORMAT),
            )
        }));
        if let Ok(Some(format)) = said {
            if format > crate::format::FORMAT {
                return Err(StoreError::NewerFormat {
                    found: format,
                    known: crate::format::FORMAT,
                });
            }
            markers::write(dir, markers::FORMAT, format)?;
            notes.push(format!("{why}; rewrote it"));
        }
    }
    Ok(notes)
}

/// Moves damaged snapshots and episodes aside, and waits for the search index.
fn tidy(dir: &Path, now: i64, was_rebuilt: bool) -> Result<Vec<String>> {
    let mut notes = Vec::new();
    let store = open(dir)?;
    let mut renew = was_rebuilt;
    for (path, problems) in snapshot::check(dir)? {
        if let Some(problem) = problems.first() {
            let aside = snapshot::set_aside(&path)?;
            let name = |path: &Path| {
                let name = path.file_name().unwrap_or_default();
                name.to_string_lossy().into_owned()
            };
            notes.push(format!(
                "the snapshot {} is damaged ({problem}) and is set aside as {}",
                name(&path),
                name(&aside)
            ));
            renew = true;
        }
    }
    if renew {
        store.snapshot(now)?;
    }
    notes.extend(store.podcasts().repair()?);
    if let Err(error) = store.finish_indexing() {
        notes.push(error.to_string());
    }
    Ok(notes)
}

/// Checks the store; a damaged sled may panic anywhere.
fn checked(dir: &Path, unlisted: &mut u64) -> Result<Checkup> {
    let result = catch_unwind(AssertUnwindSafe(|| {
        let store = open(dir)?;
        let next = store.core.state().next_article;
        value_log::walk(&dir.join("bodies"), &mut |found| {
            let is_article = found.kind == Kind::Article as u8;
            *unlisted += u64::from(is_article && crate::keys::number_of(&found.key[8..])? >= next);
            Ok(())
        })?;
        store.check()
    }));
    result.unwrap_or_else(|_| Err(StoreError::Damaged("sled's trees cannot be read".into())))
}
