//! `import` of what other readers and services export, and `export --format`.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use warta_engine::api::{Failure, ImportSummary, LeftOutReason, SavedFormat};

use crate::arguments::ExportFormat;
use crate::open::Place;
use crate::output::{Done, Ended, Output, remark};
use crate::text::counted;

/// The first bytes of a profile: a Zstandard frame (RFC 8878).
const ZSTD: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// Whether a file is a profile of Warta's.
pub(crate) fn is_profile(file: &Path) -> Done<bool> {
    let failed = |error: std::io::Error| Ended::Failed(format!("{}: {error}", file.display()));
    let mut start = Vec::new();
    let opened = File::open(file).map_err(failed)?;
    opened.take(4).read_to_end(&mut start).map_err(failed)?;
    Ok(start == ZSTD)
}

pub(crate) fn import(file: &Path, dry_run: bool, place: &Place, out: &mut Output) -> Done {
    let engine = place.open()?;
    let failed =
        |failure: Failure| Ended::Failed(format!("{}: {}", file.display(), failure.message));
    let importing = engine.importing();
    let mut summary = importing.plan_import(file).map_err(failed)?;
    if !dry_run {
        summary = importing.apply_import(summary.plan).map_err(failed)?.0;
        engine.flush()?;
    }
    if out.is_json() {
        return out.json(&summary);
    }
    show(&summary, out)
}

fn show(summary: &ImportSummary, out: &mut Output) -> Done {
    let verb = if summary.applied {
        "Imported"
    } else {
        "Would import"
    };
    out.line(format!("{verb} from {}:", summary.sources.join("; ")))?;
    for (count, what, note) in [
        (summary.feeds, "feed", "new"),
        (summary.feeds_already, "feed", "here already"),
        (summary.articles, "article", "new"),
        (summary.saved_pages, "article", "new, in Saved pages"),
        (summary.articles_already, "article", "here already"),
        (summary.saved, "article", "marked saved"),
        (summary.read, "article", "marked read"),
        (summary.read_later, "article", "marked read when it arrives"),
        (summary.tagged, "article", "tagged"),
        (
            summary.without_text,
            "article",
            "without text, which is fetched from its page",
        ),
    ] {
        if count > 0 {
            out.line(format!("  {} ({note})", counted(count.into(), what)))?;
        }
    }
    for left in &summary.left_out {
        let count = left.count;
        remark(match left.reason {
            LeftOutReason::NoAddress => format!("{count} without a web address are left out"),
            LeftOutReason::NotWeb => {
                format!("{count} subscriptions that are no web feeds are left out")
            }
            LeftOutReason::NotSubscribed => {
                format!("{count} unsaved articles belong to feeds that you do not read")
            }
            LeftOutReason::Damaged => format!("{count} parts of the file are damaged"),
            LeftOutReason::Unknown => format!("{count} files in the archive are not known"),
            LeftOutReason::TooMany => {
                format!("{count} subscriptions are beyond the number that one import adds")
            }
            LeftOutReason::Tags => {
                format!("the tags of {count} articles that are not stored are left out")
            }
        });
    }
    if let Some(snapshot) = &summary.snapshot {
        remark(format_args!("Snapshot before the import: {snapshot}"));
    }
    Ok(())
}

pub(crate) fn export(file: &Path, format: ExportFormat, place: &Place, out: &mut Output) -> Done {
    let format = match format {
        ExportFormat::JsonFeed => SavedFormat::JsonFeed,
        ExportFormat::Bookmarks => SavedFormat::Bookmarks,
        ExportFormat::Csv => SavedFormat::Csv,
        ExportFormat::Markdown => SavedFormat::Markdown,
        ExportFormat::Epub => SavedFormat::Epub,
    };
    let export = place.open()?.saved_export().export_saved(file, format)?;
    if out.is_json() {
        return out.json(&export);
    }
    let articles = counted(export.articles.into(), "article");
    out.line(format!("{} ({articles})", export.place))
}
