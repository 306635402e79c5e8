//! What the names in a query's filters stand for: feeds, folders and tags of this store.
use std::collections::HashSet;

use crate::folder_tree;
use crate::model::{ArticleId, FeedId, FolderId};
use crate::search::analysis::Analyzer;
use crate::search::query::FeedFilter;
use crate::search::spelling::nearest;
use crate::search::syntax::{
    FilterKind, ParsedQuery, ProblemKind, QueryFilter, QueryProblem, is_quote, minus,
};
use crate::state::{Bits, State};
use crate::store::Core;

/// The tags of articles, which the store does not know.
pub trait TagSource {
    /// The ids and names of all tags.
    fn tag_names(&self) -> Vec<(u32, String)>;

    /// The articles that have a tag.
    fn articles(&self, tag: u32) -> Vec<ArticleId>;
}

/// For searches in which `tag:` finds nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoTags;

impl TagSource for NoTags {
    fn tag_names(&self) -> Vec<(u32, String)> {
        Vec::new()
    }

    fn articles(&self, _tag: u32) -> Vec<ArticleId> {
        Vec::new()
    }
}

/// What the filters of a query stand for.
#[derive(Default)]
pub(crate) struct Resolved {
    pub(crate) feeds: Vec<FeedFilter>,
    /// Articles that have a tag, and whether they are excluded.
    pub(crate) tagged: Vec<(Bits, bool)>,
}

/// Something with a name.
struct Named {
    id: u32,
    /// What is shown.
    name: String,
    /// What it is also called.
    others: Vec<String>,
}

/// Resolves the names of a query's filters, and reports those that nothing has.
///
/// An article comes from one feed: of several wanted feeds, or folders, one suffices. Tags are
/// required together. Holds no lock during a call of `tags`, whose implementation may hold a lock of
/// its own while it writes to the store.
pub(crate) fn resolve(
    parsed: &mut ParsedQuery,
    core: &Core,
    tags: &dyn TagSource,
    analyzer: &mut Analyzer,
) -> Resolved {
    let mut resolved = Resolved::default();
    let mut problems = Vec::new();
    for kind in [FilterKind::Feed, FilterKind::Folder, FilterKind::Tag] {
        let filters = parsed.reading.filters.iter_mut();
        let mut filters = filters.filter(|filter| filter.kind == kind).peekable();
        if filters.peek().is_none() {
            continue;
        }
        let known = match kind {
            FilterKind::Feed => feeds(&core.state()),
            FilterKind::Folder => folders(&core.state()),
            _ => tags.tag_names().into_iter().map(of_tag).collect(),
        };
        let mut wanted: Option<Vec<u32>> = None;
        for filter in filters {
            let found = called(&known, filter, analyzer);
            if found.is_empty() {
                problems.push(no_such(&known, filter, analyzer));
            } else if let [one] = found.as_slice() {
                filter.name = Some(one.name.clone());
            }
            let ids: Vec<u32> = found.iter().map(|one| one.id).collect();
            match (kind, filter.negated) {
                (FilterKind::Tag, negated) => {
                    let mut articles = Bits::default();
                    for id in ids.iter().flat_map(|tag| tags.articles(*tag)) {
                        articles.set(id.0, true);
                    }
                    resolved.tagged.push((articles, negated));
                }
                (_, true) => resolved
                    .feeds
                    .push(of_feeds(kind, &ids, true, &core.state())),
                (_, false) => wanted.get_or_insert_default().extend(ids),
            }
        }
        if let Some(wanted) = wanted {
            resolved
                .feeds
                .push(of_feeds(kind, &wanted, false, &core.state()));
        }
    }
    parsed.reading.problems.extend(problems);
    let problems = &mut parsed.reading.problems;
    problems.sort_by_key(|problem| problem.span.start);
    resolved
}

fn feeds(state: &State) -> Vec<Named> {
    let all = state.feeds.iter().filter(|(_, known)| known.visible());
    all.map(|(id, known)| {
        let feed = &known.feed;
        let names = [feed.custom_title.as_ref(), feed.facts.title.as_ref()];
        let names: Vec<String> = names
            .into_iter()
            .flatten()
            .chain([&feed.url])
            .cloned()
            .collect();
        Named {
            id: id.0,
            name: names[0].clone(),
            others: names,
        }
    })
    .collect()
}

fn folders(state: &State) -> Vec<Named> {
    let all = state.folders.values();
    all.map(|folder| {
        let path = folder_tree::path(&state.folders, folder.id);
        Named {
            id: folder.id.0,
            name: folder.name.clone(),
            others: vec![folder.name.clone(), path.join("/"), path.join(" / ")],
        }
    })
    .collect()
}

fn of_tag((id, name): (u32, String)) -> Named {
    Named {
        id,
        others: vec![name.clone()],
        name,
    }
}

/// Those whose name contains the value, in any case and without accents. If the value is in
/// quotation marks and some are called exactly so, only these.
fn called<'n>(known: &'n [Named], filter: &QueryFilter, analyzer: &mut Analyzer) -> Vec<&'n Named> {
    let value = analyzer.folded(&filter.value);
    let mut containing = Vec::new();
    let mut equal = Vec::new();
    for one in known {
        let mut is_equal = false;
        let mut contains = false;
        for name in &one.others {
            let name = analyzer.folded(name);
            is_equal |= name == value;
            contains |= name.contains(&value);
        }
        if is_equal {
            equal.push(one);
        }
        if contains {
            containing.push(one);
        }
    }
    if filter.quoted && !equal.is_empty() {
        equal
    } else {
        containing
    }
}

fn no_such(known: &[Named], filter: &QueryFilter, analyzer: &mut Analyzer) -> QueryProblem {
    let value = analyzer.folded(&filter.value);
    let names: Vec<(String, &str)> = known
        .iter()
        .map(|one| (analyzer.folded(&one.name), one.name.as_str()))
        .collect();
    // A misspelt word of a name also suggests it.
    let words = names
        .iter()
        .flat_map(|(folded, _)| folded.split_whitespace());
    let whole = names.iter().map(|(folded, _)| folded.as_str());
    let found = nearest(&value, &whole.chain(words));
    let suggestion = found.and_then(|found| {
        let mut all = names.iter();
        let of_it = |folded: &str| folded == found || folded.split_whitespace().any(|w| w == found);
        all.find(|(folded, _)| of_it(folded)).map(|(_, name)| *name)
    });
    let (kind, operator) = match filter.kind {
        FilterKind::Feed => (ProblemKind::NoSuchFeed, "feed"),
        FilterKind::Folder => (ProblemKind::NoSuchFolder, "folder"),
        _ => (ProblemKind::NoSuchTag, "tag"),
    };
    let replacement = suggestion.map_or(String::new(), |name| {
        let mark = minus(filter.negated);
        let name = name.replace(is_quote, " ");
        format!("{mark}{operator}:\"{}\"", name.trim())
    });
    QueryProblem {
        kind,
        text: filter.value.clone(),
        operator: Some(operator.to_owned()),
        span: filter.span.clone(),
        suggestion: suggestion.map(str::to_owned),
        replacement: Some(replacement),
        unfinished: false,
    }
}

fn of_feeds(kind: FilterKind, ids: &[u32], negated: bool, state: &State) -> FeedFilter {
    let feeds: HashSet<FeedId> = if kind == FilterKind::Folder {
        let inside: HashSet<FolderId> = ids
            .iter()
            .flat_map(|id| folder_tree::within(&state.folders, FolderId(*id)))
            .collect();
        let all = state.feeds.iter();
        let is_inside = |folder: Option<FolderId>| folder.is_some_and(|one| inside.contains(&one));
        all.filter(|(_, known)| known.visible() && is_inside(known.feed.folder))
            .map(|(id, _)| *id)
            .collect()
    } else {
        ids.iter().copied().map(FeedId).collect()
    };
    let shared = state.shared.iter().filter(|(_, shared)| {
        !feeds.contains(&shared.owner) && shared.feeds.iter().any(|feed| feeds.contains(feed))
    });
    FeedFilter {
        also: shared.map(|(id, _)| *id).collect(),
        feeds: feeds.into_iter().map(|feed| feed.0).collect(),
        negated,
    }
}
