//! `doctor`, `snapshot`, `restore`, `usage`, `compact`, `export`, `import`.

use std::path::Path;

use serde_json::json;

use warta_engine::api::{Failure, RefusedKind, RestoreSummary};
use warta_engine::{
    Aside, Checkup, FrontEnd, Keep, Maintenance, Rebuilt, Restoring, Retention, diagnostics_text,
    system_clock,
};
use warta_log::Program;

use crate::arguments::{Compact, Doctor};
use crate::open::Place;
use crate::output::{Done, Ended, Output, remark};
use crate::text::counted;

pub(crate) fn doctor(wish: &Doctor, place: &Place, out: &mut Output) -> Done {
    if wish.repair {
        return repair(place, out);
    }
    if wish.diagnostics {
        return show_diagnostics(place, out);
    }
    let checkup = place.open()?.maintenance().check()?;
    let sound = checkup.is_sound();
    if out.is_json() {
        out.json(&json!({ "sound": sound, "checks": checkup.checks, "aside": checkup.aside }))?;
    } else {
        show(&checkup, out)?;
        show_aside(&checkup.aside, out)?;
    }
    if sound {
        Ok(())
    } else {
        Err(Ended::Failed(
            "the store is damaged: `doctor --repair` rebuilds it".into(),
        ))
    }
}

/// Prints the diagnostics; a store that does not open is part of them.
fn show_diagnostics(place: &Place, out: &mut Output) -> Done {
    let engine = place.engine()?;
    let about = FrontEnd {
        program: Program::CommandLine,
        folder: place.data_folder()?,
        facts: Vec::new(),
    };
    let text = diagnostics_text(engine.as_ref(), &about);
    if out.is_json() {
        return out.json(&json!({ "diagnostics": text }));
    }
    for line in text.trim_end().lines() {
        out.line(line)?;
    }
    Ok(())
}

fn show(checkup: &Checkup, out: &mut Output) -> Done {
    for check in &checkup.checks {
        let result = if check.found.is_empty() {
            "sound"
        } else {
            "DAMAGED"
        };
        let looked_at = counted(check.looked_at, "record");
        out.line(format!("{:<22} {result:<8} {looked_at}", check.name))?;
        for found in &check.found {
            out.line(format!("    {found}"))?;
        }
    }
    Ok(())
}

/// Reports damaged files that are kept.
fn show_aside(aside: &Aside, out: &mut Output) -> Done {
    let megabytes = |bytes: u64| bytes as f64 / 1e6;
    if aside.items > 0 {
        out.line(format!(
            "{} kept after repairs, {:.1} MB",
            counted(aside.items, "damaged file"),
            megabytes(aside.bytes)
        ))?;
    }
    if aside.unrepaired_items > 0 {
        out.line(format!(
            "of these, {} ({:.1} MB) may hold what could not be repaired and will not be removed \
             automatically",
            aside.unrepaired_items,
            megabytes(aside.unrepaired_bytes)
        ))?;
    }
    Ok(())
}

fn repair(place: &Place, out: &mut Output) -> Done {
    let repaired = Maintenance::repair(&place.folder()?, &system_clock())?;
    let sound = repaired.left.as_ref().is_none_or(Checkup::is_sound);
    if out.is_json() {
        out.json(&json!({ "sound": sound, "repaired": repaired }))?;
    } else {
        match &repaired.found {
            Some(checkup) => show(checkup, out)?,
            None => out.line("the store did not open")?,
        }
        for note in &repaired.notes {
            out.line(note)?;
        }
        match &repaired.rebuilt {
            Some(rebuilt) => show_rebuilt(rebuilt, out)?,
            None if repaired.was_sound() => out.line("nothing had to be repaired")?,
            None => out.line("lists, texts and pictures did not need rebuilding")?,
        }
        if !sound && let Some(left) = &repaired.left {
            show(left, out)?;
        }
        if repaired.pruned.items > 0 {
            out.line(format!(
                "{} of earlier repairs removed, {:.1} MB freed",
                counted(repaired.pruned.items, "damaged file"),
                repaired.pruned.bytes as f64 / 1e6
            ))?;
        }
        show_aside(&repaired.aside, out)?;
    }
    if sound {
        Ok(())
    } else {
        Err(Ended::Failed("not everything could be repaired".into()))
    }
}

fn show_rebuilt(rebuilt: &Rebuilt, out: &mut Output) -> Done {
    out.line(format!(
        "rebuilt: {}, {} without text, {}, {}",
        counted(rebuilt.articles, "article"),
        rebuilt.without_text,
        counted(rebuilt.feeds, "feed"),
        counted(rebuilt.pictures, "picture"),
    ))?;
    if rebuilt.gaps > 0 {
        let gaps = counted(rebuilt.gaps, "damaged stretch");
        out.line(format!("skipped: {gaps} of texts or pictures"))?;
    }
    let salvaged = &rebuilt.salvaged;
    if salvaged.opened {
        out.line(format!(
            "recovered from readable data: {}, {}, {} saved, {}, {}",
            counted(salvaged.feeds, "feed"),
            counted(salvaged.folders, "folder"),
            counted(salvaged.saved, "article"),
            counted(salvaged.settings, "setting"),
            counted(salvaged.forwards, "forward"),
        ))?;
    }
    if let Some((file, restored)) = &rebuilt.restored {
        for problem in &restored.problems {
            remark(problem);
        }
        out.line(format!(
            "from the snapshot {}: {}, {}, {} marked, {}, {}",
            file.display(),
            counted(restored.feeds, "feed"),
            counted(restored.folders, "folder"),
            counted(restored.marks, "article"),
            counted(restored.settings, "setting"),
            counted(restored.forwards, "forward"),
        ))?;
    }
    if let Some(aside) = &rebuilt.set_aside {
        out.line(format!(
            "the damaged files were moved to {}",
            aside.display()
        ))?;
    }
    Ok(())
}

pub(crate) fn usage(place: &Place, out: &mut Output) -> Done {
    let engine = place.open()?;
    let usage = engine.maintenance().usage_in_detail()?;
    let audio = engine.podcasts().bytes_of_all_audio();
    if out.is_json() {
        let mut line = json!(usage);
        line["bytes_sounds"] = json!(audio);
        return out.json(&line);
    }
    for (what, bytes) in [
        ("altogether", usage.bytes_total),
        ("texts", usage.bytes_bodies),
        ("unused text", usage.bytes_dead),
        ("pictures", usage.bytes_pictures),
        ("audio", audio),
        ("search index", usage.bytes_search),
        ("lists", usage.bytes_lists),
    ] {
        out.line(format!("{what:<16} {:>9.1} MB", bytes as f64 / 1e6))?;
    }
    let mut feeds = usage.feeds;
    feeds.sort_by_key(|feed| std::cmp::Reverse(feed.bytes));
    for feed in feeds {
        let megabytes = feed.bytes as f64 / 1e6;
        let articles = counted(feed.articles, "article");
        out.line(format!(
            "feed {:<11} {megabytes:>9.1} MB  {articles}",
            feed.feed.0
        ))?;
    }
    Ok(())
}

pub(crate) fn compact(bounds: &Compact, place: &Place, out: &mut Output) -> Done {
    let engine = place.open()?;
    let purged = engine.maintenance().keep_within(&Keep {
        each_feed: Retention {
            days: bounds.days,
            articles: None,
        },
        articles: bounds.articles,
        bytes: bounds
            .megabytes
            .map(|megabytes| megabytes.saturating_mul(1_000_000)),
        unread: bounds.unread,
    })?;
    let compacted = engine.maintenance().compact()?;
    if out.is_json() {
        return out.json(&json!({ "purged": purged, "compacted": compacted }));
    }
    out.line(format!(
        "removed {} and {}; {:.1} MB before, {:.1} MB now",
        counted(purged.articles, "article"),
        counted(compacted.pictures, "picture"),
        compacted.bytes_before as f64 / 1e6,
        compacted.bytes_after as f64 / 1e6,
    ))
}

pub(crate) fn export(file: &Path, place: &Place, out: &mut Output) -> Done {
    let exported = place.open()?.maintenance().export(file)?;
    if out.is_json() {
        return out.json(&exported);
    }
    let articles = counted(exported.articles, "article");
    let megabytes = exported.bytes as f64 / 1e6;
    out.line(format!(
        "{} ({articles}, {megabytes:.1} MB)",
        file.display()
    ))
}

pub(crate) fn import(file: &Path, dry_run: bool, place: &Place, out: &mut Output) -> Done {
    if dry_run {
        let reason = "a profile is imported into an empty folder, so there is nothing to compare";
        return Err(Ended::Failed(reason.into()));
    }
    let (rebuilt, summary) = Restoring::import(file, &place.folder()?, &system_clock())
        .map_err(|failure| Ended::Failed(format!("{}: {}", file.display(), failure.message)))?;
    if out.is_json() {
        let mut line = json!(rebuilt);
        line["refused"] = json!(summary.refused);
        line["refusedCount"] = json!(summary.refused_count);
        return out.json(&line);
    }
    show_rebuilt(&rebuilt, out)?;
    show_refused(&summary);
    show_effects(&summary, out)
}

pub(crate) fn snapshot(place: &Place, out: &mut Output) -> Done {
    let file = place.open()?.maintenance().snapshot()?;
    if out.is_json() {
        return out.json(&json!({ "file": file }));
    }
    out.line(file.display().to_string())
}

pub(crate) fn restore(file: &Path, dry_run: bool, place: &Place, out: &mut Output) -> Done {
    let engine = place.open()?;
    let failed =
        |failure: Failure| Ended::Failed(format!("{}: {}", file.display(), failure.message));
    let mut summary = engine.restoring().plan_restore(file).map_err(failed)?;
    if !dry_run {
        summary = engine
            .restoring()
            .apply_restore(summary.plan)
            .map_err(failed)?;
        engine.flush()?;
    }
    if out.is_json() {
        return out.json(&summary);
    }
    for problem in &summary.problems {
        remark(problem);
    }
    show_refused(&summary);
    out.line(format!(
        "{}, {}, {} marked, {}, {}, {} {}; nothing is removed",
        counted(summary.feeds, "feed"),
        counted(summary.folders, "folder"),
        counted(summary.marks, "article"),
        counted(summary.settings, "setting"),
        counted(summary.forwards, "forward"),
        match summary.searches {
            1 => "1 saved search".to_owned(),
            many => format!("{many} saved searches"),
        },
        if dry_run { "would be added" } else { "added" },
    ))?;
    show_effects(&summary, out)
}

/// Prints the rejected records.
fn show_refused(summary: &RestoreSummary) {
    for refused in &summary.refused {
        let kind = match refused.kind {
            RefusedKind::Feed => "feed",
            RefusedKind::Folder => "folder",
            RefusedKind::Proxy => "proxy",
            RefusedKind::Channel => "channel",
            RefusedKind::Contact => "contact",
            RefusedKind::Service => "account at the service",
            RefusedKind::Rule => "rule",
            RefusedKind::Search => "saved search",
            RefusedKind::Setting => "setting",
            RefusedKind::Article => "saved article",
            RefusedKind::Forward => "forward",
        };
        remark(format_args!(
            "rejected: {kind} {}: {}",
            refused.what, refused.why
        ));
    }
    let more = summary.refused_count as usize - summary.refused.len();
    if more > 0 {
        remark(format_args!("rejected: {more} more"));
    }
}

/// Prints imported settings that have far-reaching effects.
fn show_effects(summary: &RestoreSummary, out: &mut Output) -> Done {
    if let Some(proxy) = &summary.proxy {
        out.line(format!("proxy: {proxy}"))?;
    }
    if summary.channels > 0 {
        out.line(counted(summary.channels.into(), "channel"))?;
    }
    if summary.rules > 0 {
        out.line(counted(summary.rules.into(), "rule"))?;
    }
    if summary.limits_articles {
        out.line("the settings limit the number of stored articles")?;
    }
    Ok(())
}
