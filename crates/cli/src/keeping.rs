//! `doctor`, `snapshot`, `restore`.

use std::path::Path;

use serde_json::json;

use crate::open::Place;
use crate::output::{Done, Ended, Output, remark};
use crate::text::counted;

pub(crate) fn doctor(place: &Place, out: &mut Output) -> Done {
    let checkup = place.open()?.check()?;
    let sound = checkup.is_sound();
    if out.is_json() {
        out.json(&json!({ "sound": sound, "checks": checkup.checks }))?;
    } else {
        for check in &checkup.checks {
            let result = if check.found.is_empty() {
                "sound"
            } else {
                "DAMAGED"
            };
            let looked_at = counted(check.looked_at, "record");
            out.line(format!("{:<14} {result:<8} {looked_at}", check.name))?;
            for found in &check.found {
                out.line(format!("    {found}"))?;
            }
        }
    }
    if sound {
        Ok(())
    } else {
        Err(Ended::Failed("the store is damaged".into()))
    }
}

pub(crate) fn snapshot(place: &Place, out: &mut Output) -> Done {
    let file = place.open()?.snapshot()?;
    if out.is_json() {
        return out.json(&json!({ "file": file }));
    }
    out.line(file.display().to_string())
}

pub(crate) fn restore(file: &Path, place: &Place, out: &mut Output) -> Done {
    let newsroom = place.open()?;
    let restored = newsroom
        .restore(file)
        .map_err(|failure| Ended::Failed(format!("{}: {}", file.display(), failure.message)))?;
    newsroom.flush()?;
    if out.is_json() {
        return out.json(&restored);
    }
    for problem in &restored.problems {
        remark(problem);
    }
    out.line(format!(
        "{}, {}, {} marked, {}, {} added",
        counted(restored.feeds, "feed"),
        counted(restored.folders, "folder"),
        counted(restored.marks, "article"),
        counted(restored.settings, "setting"),
        counted(restored.forwards, "forward"),
    ))
}
