//! `save`.

use warta_engine::api::PageState;

use crate::open::{Place, on_runtime};
use crate::output::{Done, Ended, Output, remark};
use crate::text::counted;

/// Saves pages and fetches them; one that fails does not stop the others.
pub(crate) fn run(urls: &[String], place: &Place, out: &mut Output) -> Done {
    let engine = place.open()?;
    let mut failed = 0;
    for url in urls {
        let pages = engine.saved_pages();
        let saved = match pages.save(url) {
            Ok(saved) => saved,
            Err(failure) => {
                remark(format_args!("{url}: {}", failure.message));
                failed += 1;
                continue;
            }
        };
        let page = on_runtime(pages.fetch(saved.article))??;
        engine.flush()?;
        if out.is_json() {
            out.json(&page)?;
        } else {
            let note = match (page.state, saved.already) {
                (PageState::Kept, false) => "saved",
                (PageState::Kept, true) => "saved before",
                (PageState::Waiting, _) => "waits for the network",
                (PageState::Failed, _) => "saved, but its text could not be fetched",
            };
            out.line(format!("{:>6} {}  ({note})", page.article, page.title))?;
        }
        if let Some(problem) = page.problem {
            remark(format_args!("{url}: {}", problem.detail));
            failed += 1;
        }
        out.flush()?;
    }
    if failed > 0 {
        return Err(Ended::Failed(format!("{} failed", counted(failed, "page"))));
    }
    Ok(())
}
