//! Where imported articles belong, and storing them.
use std::collections::{HashMap, HashSet};

use crate::commit::add_stubs;
use crate::error::Result;
use crate::hash::guid_hash;
use crate::identity::Traits;
use crate::model::{ArticleId, FeedId, NewArticle, SAVED_PAGES};
use crate::settings::note_name;
use crate::store::Core;
use crate::trace::Trace;
use crate::trees::{Changes, Name};
use crate::waiting::{Wait, wait_for};

/// Articles written in one transaction, during which nothing else can be written.
const TOGETHER: usize = 250;

/// What storing the articles of one feed changed.
#[derive(Debug, Default)]
pub(crate) struct Placed {
    /// New articles.
    pub(crate) new: u64,
    /// Articles whose marks changed, or will change when they arrive.
    pub(crate) marks: u64,
    /// Articles that have a note now.
    pub(crate) noted: Vec<ArticleId>,
}

/// An article's identity: its feed, if that is known, and the hashes of its GUID and page.
#[derive(Clone, Copy)]
struct Wanted {
    feed: Option<FeedId>,
    guid: u64,
    /// Zero for none.
    page: u64,
    /// It may be in any feed.
    is_anywhere: bool,
}

impl Wanted {
    fn of(article: &NewArticle, feed: Option<FeedId>, is_anywhere: bool) -> Self {
        let traits = Traits::of(article);
        Self {
            feed,
            guid: guid_hash(&article.guid),
            page: traits.page().map_or(0, |_| traits.print()),
            is_anywhere,
        }
    }
}

/// The article that each of these is, with its feed: in its own feed by GUID or page, and those of
/// [`SAVED_PAGES`] in any feed by page.
pub(crate) fn find<'a>(
    core: &Core,
    articles: impl Iterator<Item = (&'a str, &'a NewArticle)>,
) -> Vec<Option<(u64, FeedId)>> {
    let wanted: Vec<Wanted> = {
        let state = core.state();
        articles
            .map(|(feed, article)| {
                let known = state.by_url.get(feed).copied();
                Wanted::of(article, known, feed == SAVED_PAGES)
            })
            .collect()
    };
    find_wanted(core, &wanted)
}

fn find_wanted(core: &Core, wanted: &[Wanted]) -> Vec<Option<(u64, FeedId)>> {
    let mut guids: HashMap<(FeedId, u64), Option<u64>> = HashMap::new();
    let mut pages: HashMap<(FeedId, u64), Option<u64>> = HashMap::new();
    let mut anywhere: HashMap<u64, Option<(u64, FeedId)>> = HashMap::new();
    let mut own: HashSet<FeedId> = HashSet::new();
    for one in wanted {
        if let Some(feed) = one.feed {
            own.insert(feed);
            guids.insert((feed, one.guid), None);
            pages.insert((feed, one.page), None);
        }
        if one.is_anywhere {
            anywhere.insert(one.page, None);
        }
    }
    pages.retain(|(_, page), _| *page != 0);
    anywhere.remove(&0);
    let feeds: Vec<FeedId> = if anywhere.is_empty() {
        own.iter().copied().collect()
    } else {
        core.state().feeds.keys().copied().collect()
    };
    for feed in feeds {
        // The lock is released between feeds, so that a large archive can be read meanwhile.
        let state = core.state();
        let Some(known) = state.visible_feed(feed) else {
            continue;
        };
        let is_own = own.contains(&feed);
        for entry in &known.entries {
            if is_own {
                if let Some(found) = guids.get_mut(&(feed, entry.guid)) {
                    *found = Some(entry.id);
                }
                if let Some(found) = pages.get_mut(&(feed, entry.print)) {
                    *found = Some(entry.id);
                }
            }
            if let Some(found) = anywhere.get_mut(&entry.print) {
                *found = Some((entry.id, feed));
            }
        }
    }
    let found = wanted.iter().map(|one| {
        let here = one.feed.and_then(|feed| {
            let by_guid = guids.get(&(feed, one.guid)).copied().flatten();
            let id = by_guid.or_else(|| pages.get(&(feed, one.page)).copied().flatten())?;
            Some((id, feed))
        });
        here.or_else(|| {
            let anywhere = anywhere.get(&one.page).filter(|_| one.is_anywhere);
            anywhere.copied().flatten()
        })
    });
    let found: Vec<Option<(u64, FeedId)>> = found.collect();
    // An article that several feeds list belongs to one of them.
    let state = core.state();
    let owner = |(id, feed): (u64, FeedId)| {
        let shared = state.shared.get(&id);
        (id, shared.map_or(feed, |shared| shared.owner))
    };
    found.into_iter().map(|one| one.map(owner)).collect()
}

/// Joins entries of a file that are about the same article, in the order of their first mention.
fn joined(articles: Vec<(NewArticle, Option<i64>)>) -> Vec<(NewArticle, Option<i64>)> {
    let mut at: HashMap<String, usize> = HashMap::new();
    let mut joined: Vec<(NewArticle, Option<i64>)> = Vec::with_capacity(articles.len());
    for (article, saved_at) in articles {
        let Some(known) = at.get(&article.guid).and_then(|at| joined.get_mut(*at)) else {
            at.insert(article.guid.clone(), joined.len());
            joined.push((article, saved_at));
            continue;
        };
        known.0.read |= article.read;
        known.1 = known.1.filter(|_| known.0.saved).or(saved_at);
        known.0.saved |= article.saved;
        if known.0.html.is_empty() {
            known.0 = NewArticle {
                read: known.0.read,
                saved: known.0.saved,
                note: known.0.note.take().or_else(|| article.note.clone()),
                ..article
            };
        }
    }
    joined
}

/// Stores the articles of one feed, [`TOGETHER`] at a time.
pub(crate) fn bring_articles(
    core: &Core,
    url: &str,
    articles: Vec<(NewArticle, Option<i64>)>,
    now: i64,
    trace: &mut Trace,
) -> Result<Placed> {
    let mut placed = Placed::default();
    let mut rest = joined(articles);
    // Whether an article of another feed is the same page is looked up once: that feed's lists are
    // long, and only this import adds saved pages meanwhile.
    let elsewhere = if url == SAVED_PAGES {
        find(core, rest.iter().map(|(article, _)| (url, article)))
    } else {
        vec![None; rest.len()]
    };
    let mut elsewhere = elsewhere.into_iter();
    while !rest.is_empty() {
        let after = rest.split_off(rest.len().min(TOGETHER));
        let some = std::mem::replace(&mut rest, after);
        let elsewhere: Vec<_> = elsewhere.by_ref().take(some.len()).collect();
        let _writing = core.write()?;
        let Some(feed) = core.state().by_url.get(url).copied() else {
            return Ok(placed);
        };
        bring_some(core, feed, some, &elsewhere, now, (&mut placed, trace))?;
    }
    Ok(placed)
}

/// The caller holds the write lock.
fn bring_some(
    core: &Core,
    feed: FeedId,
    articles: Vec<(NewArticle, Option<i64>)>,
    elsewhere: &[Option<(u64, FeedId)>],
    now: i64,
    (placed, trace): (&mut Placed, &mut Trace),
) -> Result<()> {
    let wanted: Vec<Wanted> = articles
        .iter()
        .map(|(article, _)| Wanted::of(article, Some(feed), false))
        .collect();
    let found = find_wanted(core, &wanted);
    let mut here = Vec::new();
    let mut stubs = Vec::new();
    let mut changes = Changes::default();
    for (at, (mut article, saved_at)) in articles.into_iter().enumerate() {
        let saved_at = article.saved.then(|| saved_at.unwrap_or(now));
        let known = found[at].or_else(|| elsewhere.get(at).copied().flatten());
        if let Some((id, owner)) = known {
            here.push((id, owner, article.read, saved_at));
            if let Some(note) = article.note.take() {
                let name = note_name(ArticleId(id));
                // An existing note stays: a rule's actions for the article are still to be done.
                if core.trees().settings.get(&name)?.is_none() {
                    changes.put(Name::Settings, name.as_bytes(), &note)?;
                    placed.noted.push(ArticleId(id));
                }
            }
            continue;
        }
        let mut wait = |hash: u64| {
            let read = article.read;
            let wait = Wait {
                hash,
                read,
                saved_at,
            };
            wait_for(core, feed, &wait, &mut changes, trace)
        };
        let one = wanted[at];
        if saved_at.is_some() {
            wait(one.guid)?;
        } else if article.html.is_empty() {
            if article.read {
                placed.marks += u64::from(wait(one.guid)?);
                if one.page != 0 {
                    wait(one.page)?;
                }
            }
            continue;
        }
        article.saved = false;
        stubs.push(article);
    }
    if changes.count() > 0 {
        core.apply(&changes)?;
    }
    mark_known(core, &here, placed, trace)?;
    let with_notes = stubs.iter().any(|article| article.note.is_some());
    let before = core.state().next_article;
    let committed = add_stubs(core, feed, stubs, now)?;
    let after = core.state().next_article;
    placed.new += after - before;
    trace.articles.extend((before..after).map(|id| (feed, id)));
    let new = before..after;
    for id in committed.saved {
        if !new.contains(&id.0)
            && let Some(stored) = core.stored(id.0)?
        {
            placed.marks += 1;
            trace.saved.push((id.0, stored.row.feed));
        }
    }
    // The saved marks of new articles are taken off before these are removed.
    let state = core.state();
    let saved = new.clone().filter(|id| state.saved_at.contains_key(id));
    trace.saved.extend(saved.map(|id| (id, feed)));
    drop(state);
    if with_notes {
        let settings = &core.trees().settings;
        for id in new.map(ArticleId) {
            if settings.contains_key(note_name(id))? {
                placed.noted.push(id);
            }
        }
    }
    Ok(())
}

/// Adds marks to articles that are here.
fn mark_known(
    core: &Core,
    here: &[(u64, FeedId, bool, Option<i64>)],
    placed: &mut Placed,
    trace: &mut Trace,
) -> Result<()> {
    {
        let state = core.state();
        for (id, feed, read, saved_at) in here {
            if *read && !state.read.get(*id) {
                trace.read.entry(*feed).or_default().push(*id);
            }
            if saved_at.is_some() && !state.saved_at.contains_key(id) {
                trace.saved.push((*id, *feed));
            }
        }
    }
    placed.marks += crate::marks::add_marks(core, here)?;
    Ok(())
}
