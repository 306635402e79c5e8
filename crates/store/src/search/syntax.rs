//! The language of queries: words, "phrases", -exclusions and `operator:value` filters. No input is
//! an error: what cannot be understood is searched as words, or ignored if only a filter's value is
//! wrong, and reported as a problem with the part of the query it concerns. Nothing here knows the
//! index or the store.
use std::ops::Range;

use crate::search::dates::{self, Age, Day};
use crate::search::languages;
use crate::search::spelling::nearest;

/// Maximum length of a query, in characters.
const LONGEST_QUERY: usize = 1_000;

/// Maximum number of words and phrases.
const MOST_CLAUSES: usize = 24;

/// Maximum number of filters.
const MOST_FILTERS: usize = 60;

/// The order of a search's results.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SearchSort {
    /// Best match first; of equals the newest.
    #[default]
    Relevance,
    /// Newest first.
    Newest,
    /// Oldest first.
    Oldest,
}

/// The kind of a filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FilterKind {
    /// `feed:name`: part of a feed's name or address.
    Feed,
    /// `folder:name`, with the folders inside it.
    Folder,
    /// `tag:name`.
    Tag,
    /// `lang:id`, by code or name.
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

/// A filter of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryFilter {
    /// What it filters by.
    pub kind: FilterKind,
    /// The value as typed, without quotation marks; a language's code.
    pub value: String,
    /// Whether it excludes.
    pub negated: bool,
    /// Where it is in the query, in bytes.
    pub span: Range<usize>,
    /// The name of the feed, folder or tag, if the value names exactly one.
    pub name: Option<String>,
    /// The beginning of the day, as if it were in UTC.
    pub day: Option<i64>,
    /// For a date relative to today.
    pub age: Option<Age>,
    /// The order of `sort:`.
    pub sort: Option<SearchSort>,
    /// The value was in quotation marks: a name that is equal is preferred to one that contains it.
    pub(crate) quoted: bool,
}

/// What is wrong with a part of a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProblemKind {
    /// No operator has this name; it is searched as words.
    UnknownOperator,
    /// The operator does not know this value; it is ignored.
    UnknownValue,
    /// The value is not a date; it is ignored.
    UnknownDate,
    /// A space separates the operator from its value; it is ignored.
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
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryProblem {
    /// What is wrong.
    pub kind: ProblemKind,
    /// The operator, value or name it concerns, as typed.
    pub text: String,
    /// The operator that a value belongs to.
    pub operator: Option<String>,
    /// Where it is in the query, in bytes.
    pub span: Range<usize>,
    /// What was probably meant, to show.
    pub suggestion: Option<String>,
    /// The text that corrects the query in place of the span; empty to remove it.
    pub replacement: Option<String>,
    /// It ends where the query ends, so the reader may still be typing it.
    pub unfinished: bool,
}

/// A query as it was understood.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct QueryReading {
    /// Its filters, as typed.
    pub filters: Vec<QueryFilter>,
    /// What is wrong with it.
    pub problems: Vec<QueryProblem>,
}

/// One word or phrase.
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent parts of the syntax"
)]
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Clause {
    pub(crate) text: String,
    pub(crate) negated: bool,
    pub(crate) title_only: bool,
    pub(crate) quoted: bool,
    /// The reader may still be typing it.
    pub(crate) unfinished: bool,
}

/// A condition on an article's status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    Read,
    Unread,
    Saved,
}

/// A parsed query.
#[derive(Debug, Default)]
pub(crate) struct ParsedQuery {
    pub(crate) clauses: Vec<Clause>,
    pub(crate) reading: QueryReading,
    /// All words occur in the title.
    pub(crate) in_title: bool,
    /// Conditions on the status, and whether they are negated.
    pub(crate) statuses: Vec<(Status, bool)>,
    /// From this time on, in the reader's time zone.
    pub(crate) after: Option<i64>,
    /// Up to but not including this time.
    pub(crate) before: Option<i64>,
    pub(crate) sort: Option<SearchSort>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    Feed,
    Folder,
    Tag,
    Language,
    Is,
    In,
    Title,
    After,
    Before,
    On,
    Sort,
}

/// English names come before Indonesian ones.
const OPERATORS: &[(&str, Operator)] = &[
    ("feed", Operator::Feed),
    ("folder", Operator::Folder),
    ("tag", Operator::Tag),
    ("lang", Operator::Language),
    ("language", Operator::Language),
    ("is", Operator::Is),
    ("in", Operator::In),
    ("title", Operator::Title),
    ("after", Operator::After),
    ("since", Operator::After),
    ("before", Operator::Before),
    ("on", Operator::On),
    ("sort", Operator::Sort),
    ("site", Operator::Feed),
    ("sumber", Operator::Feed),
    ("umpan", Operator::Feed),
    ("situs", Operator::Feed),
    ("label", Operator::Tag),
    ("bahasa", Operator::Language),
    ("di", Operator::In),
    ("judul", Operator::Title),
    ("sejak", Operator::After),
    ("sebelum", Operator::Before),
    ("pada", Operator::On),
    ("urut", Operator::Sort),
];

const STATUSES: &[(&str, Status)] = &[
    ("saved", Status::Saved),
    ("unread", Status::Unread),
    ("read", Status::Read),
    ("tersimpan", Status::Saved),
    ("belum-dibaca", Status::Unread),
    ("dibaca", Status::Read),
];

const TITLES: &[(&str, ())] = &[("title", ()), ("judul", ())];

const SORTS: &[(&str, SearchSort)] = &[
    ("newest", SearchSort::Newest),
    ("oldest", SearchSort::Oldest),
    ("relevance", SearchSort::Relevance),
    ("date", SearchSort::Newest),
    ("terbaru", SearchSort::Newest),
    ("terlama", SearchSort::Oldest),
    ("relevansi", SearchSort::Relevance),
];

fn known<T: Copy>(table: &[(&str, T)], typed: &str) -> Option<T> {
    let mut all = table.iter();
    all.find(|(name, _)| name.eq_ignore_ascii_case(typed))
        .map(|(_, what)| *what)
}

/// The entry that was probably meant.
fn meant<T>(table: &'static [(&'static str, T)], typed: &str) -> Option<&'static str> {
    let typed = typed.to_lowercase();
    nearest(&typed, &table.iter().map(|(name, _)| *name))
}

/// The sign in front of a part that excludes.
pub(crate) fn minus(negated: bool) -> &'static str {
    if negated { "-" } else { "" }
}

pub(crate) fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '«' | '»')
}

/// A part of a query between spaces, or up to a closing quotation mark.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "independent flags")]
struct Token<'t> {
    span: Range<usize>,
    negated: bool,
    title_only: bool,
    /// The name before the colon.
    operator: Option<&'t str>,
    value: &'t str,
    quoted: bool,
    /// The closing quotation mark is missing.
    open: bool,
    /// It ends where the query ends.
    last: bool,
}

fn scan(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut at = 0;
    loop {
        at += text[at..].len() - text[at..].trim_start().len();
        if at >= text.len() {
            return tokens;
        }
        let start = at;
        let (mut negated, mut title_only) = (false, false);
        loop {
            let rest = &text[at..];
            if rest.starts_with('-') && !negated {
                (negated, at) = (true, at + 1);
            } else if let Some(name) = operator_name(rest)
                .filter(|name| !title_only && known(OPERATORS, name) == Some(Operator::Title))
            {
                (title_only, at) = (true, at + name.len() + 1);
            } else {
                break;
            }
        }
        let operator = operator_name(&text[at..]).filter(|_| !title_only);
        at += operator.map_or(0, |name| name.len() + 1);
        let rest = &text[at..];
        let quoted = rest.starts_with(is_quote);
        let value = if quoted {
            rest.trim_start_matches(is_quote)
        } else {
            rest
        };
        at += rest.len() - value.len();
        let ends = |c: char| {
            if quoted {
                is_quote(c)
            } else {
                c.is_whitespace()
            }
        };
        let end = value.find(ends).unwrap_or(value.len());
        at += end;
        // Empty quotation marks are closed.
        let open = quoted && at == text.len() && end > 0;
        if quoted {
            at += text[at..].len() - text[at..].trim_start_matches(is_quote).len();
        }
        tokens.push(Token {
            span: start..at,
            negated,
            title_only,
            operator,
            value: &value[..end],
            quoted,
            open,
            last: at == text.len(),
        });
    }
}

/// The name of what may be an operator: letters before a colon, but no address.
fn operator_name(text: &str) -> Option<&str> {
    let (name, value) = text.split_once(':')?;
    let is_name = name.len() >= 2
        && name.len() <= 20
        && name.bytes().all(|b| b.is_ascii_alphabetic() || b == b'-')
        && name.as_bytes()[0] != b'-';
    (is_name && !value.starts_with("//")).then_some(name)
}

impl ParsedQuery {
    /// Parses a query. `today` is the beginning of the reader's day, as if it were in UTC.
    pub(crate) fn read(typed: &str, today: i64) -> Self {
        let end = typed.char_indices().nth(LONGEST_QUERY);
        let typed = &typed[..end.map_or(typed.len(), |(at, _)| at)];
        let mut parsed = Self::default();
        let tokens = scan(typed);
        for (at, token) in tokens.iter().enumerate() {
            parsed.take(token, tokens.get(at + 1), today, typed);
        }
        parsed.check_range();
        parsed
    }

    fn take(&mut self, token: &Token<'_>, next: Option<&Token<'_>>, today: i64, typed: &str) {
        if token.open {
            let whole = &typed[token.span.clone()];
            self.problem(token, ProblemKind::OpenQuote, token.value, None);
            self.mend(None, Some(format!("{whole}\"")));
        }
        let Some(name) = token.operator else {
            self.take_words(token, token.value.to_owned());
            return;
        };
        let Some(operator) = known(OPERATORS, name) else {
            self.take_unknown(token, name, typed);
            return;
        };
        if token.value.is_empty() {
            // At the end the value is still being typed.
            if let Some(next) = next.filter(|next| next.span.start > token.span.end) {
                let joined = format!("{name}:{}", &typed[next.span.clone()]);
                let mark = minus(token.negated);
                self.problem(token, ProblemKind::MissingValue, name, None);
                if let Some(problem) = self.reading.problems.last_mut() {
                    problem.span.end = next.span.end;
                }
                self.mend(Some(joined.clone()), Some(format!("{mark}{joined}")));
            }
            return;
        }
        if self.reading.filters.len() >= MOST_FILTERS {
            return;
        }
        match operator {
            Operator::Feed => self.filter(token, FilterKind::Feed),
            Operator::Folder => self.filter(token, FilterKind::Folder),
            Operator::Tag => self.filter(token, FilterKind::Tag),
            // `title:` without `title_only` is followed by another operator.
            Operator::Title => self.take_words(token, token.value.to_owned()),
            Operator::Language => match languages::code(token.value) {
                Some(code) => {
                    self.filter(token, FilterKind::Language);
                    self.last_filter(|filter| filter.value = code);
                }
                None => self.bad_value(token, name, languages::meant(token.value)),
            },
            Operator::Is => match known(STATUSES, token.value) {
                Some(status) => {
                    self.statuses.push((status, token.negated));
                    self.filter(token, status.kind());
                }
                None => self.bad_value(token, name, meant(STATUSES, token.value)),
            },
            Operator::In => match known(TITLES, token.value) {
                Some(()) => {
                    self.in_title = !token.negated;
                    self.filter(token, FilterKind::InTitle);
                }
                None => self.bad_value(token, name, meant(TITLES, token.value)),
            },
            Operator::Sort => match known(SORTS, token.value) {
                Some(sort) => {
                    self.sort = Some(sort);
                    self.filter(token, FilterKind::Sort);
                    self.last_filter(|filter| filter.sort = Some(sort));
                }
                None => self.bad_value(token, name, meant(SORTS, token.value)),
            },
            Operator::After | Operator::Before | Operator::On => {
                self.take_date(token, name, operator, today);
            }
        }
    }

    fn take_words(&mut self, token: &Token<'_>, text: String) {
        if text.is_empty() {
            return;
        }
        if self.clauses.len() >= MOST_CLAUSES {
            let kind = ProblemKind::TooManyWords;
            if !self.reading.problems.iter().any(|one| one.kind == kind) {
                self.problem(token, kind, &text, None);
            }
            return;
        }
        if token.title_only {
            self.filter(token, FilterKind::Title);
        }
        self.clauses.push(Clause {
            text,
            negated: token.negated,
            title_only: token.title_only,
            quoted: token.quoted,
            unfinished: token.last && !token.quoted,
        });
    }

    /// What looks like an operator, but is none.
    fn take_unknown(&mut self, token: &Token<'_>, name: &str, typed: &str) {
        let suggestion = meant(OPERATORS, name);
        let value = &typed[token.span.start..token.span.end];
        let after_name = value.split_once(':').map_or("", |(_, value)| value);
        if suggestion.is_some() || !token.value.is_empty() {
            self.problem(token, ProblemKind::UnknownOperator, name, None);
            let mark = minus(token.negated);
            let replacement = match suggestion {
                Some(meant) => format!("{mark}{meant}:{after_name}"),
                None => format!("{mark}\"{name}:{}\"", token.value),
            };
            self.mend(suggestion.map(|name| format!("{name}:")), Some(replacement));
        }
        let text = format!("{name}:{}", token.value);
        self.take_words(token, text);
    }

    fn take_date(&mut self, token: &Token<'_>, name: &str, operator: Operator, today: i64) {
        let Some(Day { from, to, age }) = dates::day(token.value, today) else {
            let suggestion = dates::meant(token.value, today);
            self.problem(token, ProblemKind::UnknownDate, token.value, Some(name));
            let mark = minus(token.negated);
            let replacement = match &suggestion {
                Some(date) => format!("{mark}{name}:{date}"),
                None => String::new(),
            };
            self.mend(suggestion, Some(replacement));
            return;
        };
        let later = |known: Option<i64>, day: i64| Some(known.map_or(day, |one| one.max(day)));
        let earlier = |known: Option<i64>, day: i64| Some(known.map_or(day, |one| one.min(day)));
        let kind = match (operator, token.negated) {
            // Not before a day is from that day on, and the other way round.
            (Operator::After, false) | (Operator::Before, true) => {
                self.after = later(self.after, from);
                FilterKind::After
            }
            (Operator::Before | Operator::After, _) => {
                self.before = earlier(self.before, from);
                FilterKind::Before
            }
            _ if token.negated => {
                self.bad_value(token, name, None);
                return;
            }
            _ => {
                self.after = later(self.after, from);
                self.before = earlier(self.before, to);
                FilterKind::On
            }
        };
        self.filter(token, kind);
        self.last_filter(|filter| {
            filter.negated = false;
            filter.day = Some(from);
            filter.age = age;
        });
    }

    /// A range of dates that contains no day.
    fn check_range(&mut self) {
        if self.after.zip(self.before).is_none_or(|(a, b)| a < b) {
            return;
        }
        let dated = |filter: &&QueryFilter| filter.day.is_some();
        let Some(last) = self.reading.filters.iter().rfind(dated) else {
            return;
        };
        self.reading.problems.push(QueryProblem {
            kind: ProblemKind::EmptyRange,
            text: last.value.clone(),
            operator: None,
            span: last.span.clone(),
            suggestion: None,
            replacement: Some(String::new()),
            unfinished: false,
        });
    }

    fn filter(&mut self, token: &Token<'_>, kind: FilterKind) {
        self.reading.filters.push(QueryFilter {
            kind,
            value: token.value.to_owned(),
            negated: token.negated,
            span: token.span.clone(),
            name: None,
            day: None,
            age: None,
            sort: None,
            quoted: token.quoted,
        });
    }

    fn last_filter(&mut self, change: impl FnOnce(&mut QueryFilter)) {
        if let Some(filter) = self.reading.filters.last_mut() {
            change(filter);
        }
    }

    fn bad_value(&mut self, token: &Token<'_>, name: &str, suggestion: Option<&str>) {
        self.problem(token, ProblemKind::UnknownValue, token.value, Some(name));
        let mark = minus(token.negated);
        let replacement = suggestion.map_or(String::new(), |value| format!("{mark}{name}:{value}"));
        let shown = suggestion.map(|value| format!("{name}:{value}"));
        self.mend(shown, Some(replacement));
    }

    fn problem(
        &mut self,
        token: &Token<'_>,
        kind: ProblemKind,
        text: &str,
        operator: Option<&str>,
    ) {
        self.reading.problems.push(QueryProblem {
            kind,
            text: text.to_owned(),
            operator: operator.map(str::to_owned),
            span: token.span.clone(),
            suggestion: None,
            replacement: None,
            unfinished: token.last,
        });
    }

    fn mend(&mut self, suggestion: Option<String>, replacement: Option<String>) {
        if let Some(problem) = self.reading.problems.last_mut() {
            problem.suggestion = suggestion;
            problem.replacement = replacement;
        }
    }
}

impl Status {
    fn kind(self) -> FilterKind {
        match self {
            Self::Read => FilterKind::Read,
            Self::Unread => FilterKind::Unread,
            Self::Saved => FilterKind::Saved,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400;

    /// 2026-11-29.
    const TODAY: i64 = 1_795_910_400;

    fn clauses(typed: &str) -> Vec<(String, bool, bool, bool)> {
        ParsedQuery::read(typed, TODAY)
            .clauses
            .into_iter()
            .map(|c| (c.text, c.negated, c.title_only, c.quoted))
            .collect()
    }

    fn filters(typed: &str) -> Vec<(FilterKind, String, bool, String)> {
        let filters = ParsedQuery::read(typed, TODAY).reading.filters;
        let shape = |one: QueryFilter| {
            let text = typed[one.span].to_owned();
            (one.kind, one.value, one.negated, text)
        };
        filters.into_iter().map(shape).collect()
    }

    fn problems(typed: &str) -> Vec<(ProblemKind, String, Option<String>, Option<String>)> {
        let problems = ParsedQuery::read(typed, TODAY).reading.problems;
        let shape = |one: QueryProblem| {
            let mended = one.replacement.map(|with| {
                let mut mended = typed.to_owned();
                mended.replace_range(one.span, &with);
                mended
            });
            (one.kind, one.text, one.suggestion, mended)
        };
        problems.into_iter().map(shape).collect()
    }

    #[test]
    fn queries_are_split_into_clauses() {
        assert_eq!(
            clauses("banjir -\"kota tua\" TITLE:hujan title:\"a b\" -"),
            [
                ("banjir".into(), false, false, false),
                ("kota tua".into(), true, false, true),
                ("hujan".into(), false, true, false),
                ("a b".into(), false, true, true),
            ]
        );
        assert_eq!(
            clauses("\"never closed"),
            [("never closed".into(), false, false, true)]
        );
        assert_eq!(clauses("--x"), [("-x".into(), true, false, false)]);
        assert!(clauses(" \" \"\" - ").len() <= 1);
        assert_eq!(
            clauses("http://x.y 12:30 \"is:read\"").len(),
            3,
            "addresses, times and phrases are words"
        );
        assert!(problems("http://x.y 12:30 \"is:read\" Re: a").is_empty());
    }

    #[test]
    fn filters_are_separated_from_words() {
        use FilterKind::*;
        let typed = "banjir is:unread -is:saved feed:\"Kabar kota\" lang:Indonesian in:title \
                     folder:a tag:b -umpan:\"x";
        let found = filters(typed);
        let expected = [
            (Unread, "unread", false, "is:unread"),
            (Saved, "saved", true, "-is:saved"),
            (Feed, "Kabar kota", false, "feed:\"Kabar kota\""),
            (Language, "id", false, "lang:Indonesian"),
            (InTitle, "title", false, "in:title"),
            (Folder, "a", false, "folder:a"),
            (Tag, "b", false, "tag:b"),
            (Feed, "x", true, "-umpan:\"x"),
        ];
        let expected = expected.map(|(k, v, n, t)| (k, v.to_owned(), n, t.to_owned()));
        assert_eq!(found, expected);
        assert_eq!(clauses(typed).len(), 1);
        assert_eq!(
            filters("title:banjir -judul:\"a b\""),
            [
                (Title, "banjir".into(), false, "title:banjir".into()),
                (Title, "a b".into(), true, "-judul:\"a b\"".into()),
            ]
        );
        assert_eq!(clauses("feed: after:").len(), 0, "still being typed");
        assert!(problems("banjir feed:").is_empty(), "still being typed");
    }

    #[test]
    fn dates_give_a_range() {
        let range = |typed| {
            let parsed = ParsedQuery::read(typed, TODAY);
            (parsed.after, parsed.before)
        };
        let year = 1_767_225_600;
        assert_eq!(
            range("after:2026-01-01 before:2026-02"),
            (Some(year), Some(year + 31 * DAY))
        );
        assert_eq!(
            range("-before:2026 -after:2026-02"),
            (Some(year), Some(year + 31 * DAY)),
            "not before a day is from it on"
        );
        assert_eq!(range("on:2026-01"), (Some(year), Some(year + 31 * DAY)));
        assert_eq!(
            range("pada:kemarin"),
            (Some(TODAY - DAY), Some(TODAY)),
            "yesterday"
        );
        assert_eq!(range("after:7d"), (Some(TODAY - 7 * DAY), None));
        let parsed = ParsedQuery::read("sejak:7hari", TODAY);
        let filter = &parsed.reading.filters[0];
        assert_eq!(filter.age.map(|age| age.count), Some(7));
    }

    #[test]
    fn sorting_is_an_operator() {
        for (typed, expected) in [
            ("banjir", None),
            ("banjir sort:newest", Some(SearchSort::Newest)),
            ("urut:terlama banjir", Some(SearchSort::Oldest)),
            ("sort:oldest sort:relevance", Some(SearchSort::Relevance)),
        ] {
            assert_eq!(ParsedQuery::read(typed, TODAY).sort, expected, "{typed}");
        }
    }

    #[test]
    #[expect(clippy::too_many_lines, reason = "a table of mistakes")]
    fn problems_name_the_part_and_how_to_mend_it() {
        use ProblemKind::*;
        type Expected<'e> = (
            &'e str,
            ProblemKind,
            &'e str,
            Option<&'e str>,
            Option<&'e str>,
        );
        let cases: [Expected<'_>; 16] = [
            (
                "banjir fedd:detik",
                UnknownOperator,
                "fedd",
                Some("feed:"),
                Some("banjir feed:detik"),
            ),
            (
                "-fodler:\"a b\" x",
                UnknownOperator,
                "fodler",
                Some("folder:"),
                Some("-folder:\"a b\" x"),
            ),
            (
                "sebelun:2026",
                UnknownOperator,
                "sebelun",
                Some("sebelum:"),
                Some("sebelum:2026"),
            ),
            (
                "author:budi",
                UnknownOperator,
                "author",
                None,
                Some("\"author:budi\""),
            ),
            (
                "is:unraed",
                UnknownValue,
                "unraed",
                Some("is:unread"),
                Some("is:unread"),
            ),
            ("a -is:funny", UnknownValue, "funny", None, Some("a ")),
            (
                "in:tilte",
                UnknownValue,
                "tilte",
                Some("in:title"),
                Some("in:title"),
            ),
            (
                "sort:newst",
                UnknownValue,
                "newst",
                Some("sort:newest"),
                Some("sort:newest"),
            ),
            (
                "lang:indonesain",
                UnknownValue,
                "indonesain",
                Some("lang:indonesian"),
                Some("lang:indonesian"),
            ),
            (
                "after:2026-13-40",
                UnknownDate,
                "2026-13-40",
                None,
                Some(""),
            ),
            (
                "x before:24/11/2026",
                UnknownDate,
                "24/11/2026",
                Some("2026-11-24"),
                Some("x before:2026-11-24"),
            ),
            (
                "feed: detik banjir",
                MissingValue,
                "feed",
                Some("feed:detik"),
                Some("feed:detik banjir"),
            ),
            (
                "banjir \"kota tua",
                OpenQuote,
                "kota tua",
                None,
                Some("banjir \"kota tua\""),
            ),
            (
                "feed:\"kota tua",
                OpenQuote,
                "kota tua",
                None,
                Some("feed:\"kota tua\""),
            ),
            (
                "after:2026-02 before:2026-01",
                EmptyRange,
                "2026-01",
                None,
                Some("after:2026-02 "),
            ),
            ("-on:2026", UnknownValue, "2026", None, Some("")),
        ];
        for (typed, kind, text, suggestion, mended) in cases {
            let expected = (
                kind,
                text.to_owned(),
                suggestion.map(str::to_owned),
                mended.map(str::to_owned),
            );
            assert_eq!(problems(typed), [expected], "{typed}");
            if let Some(mended) = mended {
                assert!(problems(mended.trim()).is_empty(), "{mended} is mended");
            }
        }
        assert_eq!(
            problems("fedd:x")[0].3.as_deref(),
            Some("feed:x"),
            "also alone"
        );
        let unfinished = |typed| ParsedQuery::read(typed, TODAY).reading.problems[0].unfinished;
        assert!(unfinished("fedd:x") && !unfinished("fedd:x "));
        let many = "kata ".repeat(30);
        assert_eq!(problems(&many)[0].0, TooManyWords);
        assert_eq!(problems(&many).len(), 1);
    }

    proptest::proptest! {
        #[test]
        fn every_span_is_a_part_of_the_query(typed in "([a-c:\\-\" “»é東]|feed:|is:|title:|after:|fedd:){0,20}") {
            let parsed = ParsedQuery::read(&typed, TODAY);
            let filters = parsed.reading.filters.iter().map(|one| one.span.clone());
            let problems = parsed.reading.problems.iter().map(|one| one.span.clone());
            for span in filters.chain(problems) {
                proptest::prop_assert!(typed.get(span.clone()).is_some_and(|part| !part.is_empty()), "{span:?}");
            }
        }
    }
}
