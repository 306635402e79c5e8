//! `feeds page`: a web page as a feed.

use serde_json::json;
use warta_engine::Engine;
use warta_engine::api::{NewFeed, PageFeed, PageFeedKind, PageList, PagePreview};

use crate::open::on_runtime;
use crate::output::{Done, Ended, Output};
use crate::subscribing::{outcome, subscribe_to};
use crate::text::{counted, cut, local_time};

/// Number of headlines that are printed of each list.
const HEADLINES: usize = 5;

/// What to make of a page.
pub(crate) struct Wanted<'a> {
    pub(crate) url: &'a str,
    pub(crate) list: Option<&'a str>,
    pub(crate) watch: Option<&'a str>,
    pub(crate) add: bool,
    pub(crate) folder: &'a [String],
}

pub(crate) fn run(engine: &Engine, wanted: &Wanted<'_>, out: &mut Output) -> Done {
    let by = |kind| {
        move |selector: &str| PageFeed {
            kind,
            selector: selector.to_owned(),
        }
    };
    let list = wanted.list.map(by(PageFeedKind::HeadlineList));
    let chosen = list.or(wanted.watch.map(by(PageFeedKind::Watch)));
    let preview = on_runtime(engine.page_feeds().preview(wanted.url, chosen.clone()))??;
    if wanted.add {
        return add(engine, preview, chosen, wanted.folder, out);
    }
    if out.is_json() {
        return out.json(&preview);
    }
    let now = engine.overview()?.now;
    match chosen {
        Some(PageFeed {
            kind: PageFeedKind::Watch,
            selector,
        }) => match preview.part {
            Some(text) => out.line(text),
            None => Err(nothing(&selector)),
        },
        Some(page) => match preview.lists.first().filter(|list| list.total > 0) {
            Some(list) => show(list, now, out),
            None => Err(nothing(&page.selector)),
        },
        None if preview.lists.is_empty() => out.line("There is no list of headlines on the page."),
        None => preview
            .lists
            .iter()
            .try_for_each(|list| show(list, now, out)),
    }
}

fn show(list: &PageList, now: i64, out: &mut Output) -> Done {
    let count = counted(list.total.into(), "headline");
    out.line(format!("{count}, by --list '{}'", list.selector))?;
    for item in list.items.iter().take(HEADLINES) {
        let at = item.published.map(|at| local_time(now, at));
        let at = at.map_or_else(String::new, |at| format!("  ({at})"));
        out.line(format!("  {}{at}", cut(&item.title, 100)))?;
    }
    Ok(())
}

fn add(
    engine: &Engine,
    preview: PagePreview,
    chosen: Option<PageFeed>,
    folder: &[String],
    out: &mut Output,
) -> Done {
    let best = preview.lists.first();
    let page = chosen.or_else(|| {
        best.filter(|_| preview.is_list).map(|list| PageFeed {
            kind: PageFeedKind::HeadlineList,
            selector: list.selector.clone(),
        })
    });
    let Some(page) = page else {
        return Err(Ended::Failed(
            "the page is no list of headlines; choose one with --list or a part with --watch"
                .into(),
        ));
    };
    let is_there = match page.kind {
        PageFeedKind::HeadlineList => best.is_some_and(|list| list.total > 0),
        PageFeedKind::Watch => preview.part.is_some(),
    };
    if !is_there {
        return Err(nothing(&page.selector));
    }
    let feed = NewFeed {
        site: Some(preview.url.clone()),
        url: preview.url,
        title: Some(preview.title.clone()),
        folder: folder.to_vec(),
        page: Some(page),
    };
    let (id, added) = subscribe_to(engine, feed.clone())?;
    if out.is_json() {
        return out.json(&json!({
            "id": id,
            "url": feed.url,
            "title": feed.title,
            "page": feed.page,
            "added": added,
        }));
    }
    let title = &preview.title;
    out.line(format!("{} {title} ({})", outcome(added), feed.url))
}

fn nothing(selector: &str) -> Ended {
    Ended::Failed(format!("nothing on the page matches `{selector}`"))
}
