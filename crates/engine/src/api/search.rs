//! Search: the request, its results, and how the query was understood.

use serde::{Deserialize, Serialize};
use specta::Type;
use warta_store::{AgeUnit, FilterKind, ProblemKind, QueryFilter, QueryProblem};

use crate::api::ArticleRow;

/// The order of search results.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum SearchSort {
    /// Best match first; of equals the newest.
    #[default]
    Relevance,
    /// Newest first.
    Newest,
    /// Oldest first.
    Oldest,
}

/// A search.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SearchRequest {
    /// Words, "phrases", -exclusions and `operator:value` filters.
    pub query: String,
    /// The order, unless the query has a `sort:` of its own.
    #[serde(default)]
    pub sort: SearchSort,
    /// Maximum number of results (1 to 200).
    pub limit: u32,
    /// Number of results to skip.
    pub offset: u32,
}

/// One page of search results.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SearchPage {
    /// The query.
    pub query: String,
    /// The order in force.
    pub sort: SearchSort,
    /// Results, in that order.
    pub hits: Vec<SearchHit>,
    /// Total number of matching articles.
    pub total: u32,
    /// Number of stored articles that are not in the index yet.
    pub unindexed: u32,
    /// The query's filters, as typed.
    pub filters: Vec<SearchFilter>,
    /// What is wrong with the query.
    pub problems: Vec<SearchProblem>,
}

/// A search result.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SearchHit {
    /// The article.
    pub row: ArticleRow,
    /// The title with matches highlighted.
    pub title: Vec<Run>,
    /// A snippet with matches highlighted.
    pub passage: Vec<Run>,
}

/// A run of plain text in a search result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Run {
    /// Plain text.
    pub text: String,
    /// Whether this run matches the query.
    pub hit: bool,
}

/// The kind of a search's filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum SearchFilterKind {
    /// `feed:name`, part of a feed's name or address.
    Feed,
    /// `folder:name`, with the folders inside it.
    Folder,
    /// `tag:name`.
    Tag,
    /// `lang:id`.
    Language,
    /// `is:saved`.
    Saved,
    /// `is:unread`.
    Unread,
    /// `is:read`.
    Read,
    /// `in:title`: all words occur in the title.
    InTitle,
    /// `title:word`: this word or phrase occurs in the title.
    Title,
    /// `after:2026-01-31`: on this day or later.
    After,
    /// `before:2026-02`: before this day.
    Before,
    /// `on:2026-01-31`: within this day, month or year.
    On,
    /// `sort:newest`.
    Sort,
}

/// A unit of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum SearchAgeUnit {
    /// Days.
    Day,
    /// Weeks.
    Week,
    /// Months.
    Month,
    /// Years.
    Year,
}

/// A date given relative to today.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SearchAge {
    /// How many units ago; zero is today.
    pub count: u32,
    /// The unit.
    pub unit: SearchAgeUnit,
}

/// A filter of a query.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SearchFilter {
    /// What it filters by.
    pub kind: SearchFilterKind,
    /// The value as typed, without quotation marks; a language's BCP 47 tag in lower case.
    pub value: String,
    /// The name of the feed, folder or tag, if the value names exactly one.
    pub name: Option<String>,
    /// Whether it excludes.
    pub negated: bool,
    /// The beginning of the day, month or year, as if it were in UTC.
    pub day: Option<i64>,
    /// For a date relative to today.
    pub age: Option<SearchAge>,
    /// For `sort`.
    pub sort: Option<SearchSort>,
    /// Where it begins in the query, in UTF-16 code units.
    pub start: u32,
    /// Where it ends, in UTF-16 code units.
    pub end: u32,
}

/// What is wrong with a part of a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum SearchProblemKind {
    /// No operator has this name; it is searched as words.
    UnknownOperator,
    /// The operator does not know this value; it is ignored.
    UnknownValue,
    /// The value is not a date; it is ignored.
    UnknownDate,
    /// A space separates the operator from its value; the operator is ignored.
    MissingValue,
    /// A quotation mark is not closed; the phrase goes to the end.
    OpenQuote,
    /// No feed has this name.
    NoSuchFeed,
    /// No folder has this name.
    NoSuchFolder,
    /// No tag has this name.
    NoSuchTag,
    /// No article can be from this day on and before that one.
    EmptyRange,
    /// The words from here on are ignored.
    TooManyWords,
}

/// A part of a query that is probably not what the reader meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SearchProblem {
    /// What is wrong.
    pub kind: SearchProblemKind,
    /// The operator, value or name it concerns, as typed.
    pub text: String,
    /// The operator that a value belongs to.
    pub operator: Option<String>,
    /// What was probably meant.
    pub suggestion: Option<String>,
    /// The text that corrects the query in place of the part; empty to remove it.
    pub replacement: Option<String>,
    /// It ends where the query ends, so the reader may still be typing it.
    pub unfinished: bool,
    /// Where it begins in the query, in UTF-16 code units.
    pub start: u32,
    /// Where it ends, in UTF-16 code units.
    pub end: u32,
}

/// A language of stored articles.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SearchLanguage {
    /// BCP 47 tag in lower case.
    pub tag: String,
    /// How many articles have it.
    pub articles: u64,
}

impl From<SearchSort> for warta_store::SearchSort {
    fn from(sort: SearchSort) -> Self {
        match sort {
            SearchSort::Relevance => Self::Relevance,
            SearchSort::Newest => Self::Newest,
            SearchSort::Oldest => Self::Oldest,
        }
    }
}

impl From<warta_store::SearchSort> for SearchSort {
    fn from(sort: warta_store::SearchSort) -> Self {
        match sort {
            warta_store::SearchSort::Relevance => Self::Relevance,
            warta_store::SearchSort::Newest => Self::Newest,
            warta_store::SearchSort::Oldest => Self::Oldest,
        }
    }
}

impl From<FilterKind> for SearchFilterKind {
    fn from(kind: FilterKind) -> Self {
        match kind {
            FilterKind::Feed => Self::Feed,
            FilterKind::Folder => Self::Folder,
            FilterKind::Tag => Self::Tag,
            FilterKind::Language => Self::Language,
            FilterKind::Saved => Self::Saved,
            FilterKind::Unread => Self::Unread,
            FilterKind::Read => Self::Read,
            FilterKind::InTitle => Self::InTitle,
            FilterKind::Title => Self::Title,
            FilterKind::After => Self::After,
            FilterKind::Before => Self::Before,
            FilterKind::On => Self::On,
            FilterKind::Sort => Self::Sort,
        }
    }
}

impl From<ProblemKind> for SearchProblemKind {
    fn from(kind: ProblemKind) -> Self {
        match kind {
            ProblemKind::UnknownOperator => Self::UnknownOperator,
            ProblemKind::UnknownValue => Self::UnknownValue,
            ProblemKind::UnknownDate => Self::UnknownDate,
            ProblemKind::MissingValue => Self::MissingValue,
            ProblemKind::OpenQuote => Self::OpenQuote,
            ProblemKind::NoSuchFeed => Self::NoSuchFeed,
            ProblemKind::NoSuchFolder => Self::NoSuchFolder,
            ProblemKind::NoSuchTag => Self::NoSuchTag,
            ProblemKind::EmptyRange => Self::EmptyRange,
            ProblemKind::TooManyWords => Self::TooManyWords,
        }
    }
}

impl SearchFilter {
    /// The filter of a query, with its place in UTF-16 code units.
    pub(crate) fn of(query: &str, filter: QueryFilter) -> Self {
        let (start, end) = (
            utf16(query, filter.span.start),
            utf16(query, filter.span.end),
        );
        Self {
            kind: filter.kind.into(),
            value: filter.value,
            name: filter.name,
            negated: filter.negated,
            day: filter.day,
            age: filter.age.map(|age| SearchAge {
                count: age.count,
                unit: match age.unit {
                    AgeUnit::Day => SearchAgeUnit::Day,
                    AgeUnit::Week => SearchAgeUnit::Week,
                    AgeUnit::Month => SearchAgeUnit::Month,
                    AgeUnit::Year => SearchAgeUnit::Year,
                },
            }),
            sort: filter.sort.map(Into::into),
            start,
            end,
        }
    }
}

impl SearchProblem {
    /// The problem of a query, with its place in UTF-16 code units.
    pub(crate) fn of(query: &str, problem: QueryProblem) -> Self {
        Self {
            kind: problem.kind.into(),
            start: utf16(query, problem.span.start),
            end: utf16(query, problem.span.end),
            text: problem.text,
            operator: problem.operator,
            suggestion: problem.suggestion,
            replacement: problem.replacement,
            unfinished: problem.unfinished,
        }
    }
}

fn utf16(text: &str, bytes: usize) -> u32 {
    text[..bytes].encode_utf16().count() as u32
}
