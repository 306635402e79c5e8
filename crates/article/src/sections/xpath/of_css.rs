//! From a parsed selector to XPath: each combinator becomes a step, each simple selector a predicate.
//! Inside `:is()` and `:not()`, combinators become steps upwards and to the left.

use std::fmt::Write as _;

use selectors::attr::{AttrSelectorOperator, ParsedAttrSelectorOperation, ParsedCaseSensitivity};
use selectors::parser::{Combinator, Component, NthSelectorData, NthType, SelectorList};

use super::super::selector::Names;
use super::syntax::LONGEST_XPATH;

type One = selectors::parser::Selector<Names>;
type Part = Component<Names>;

const UPPER: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const LOWER: &str = "abcdefghijklmnopqrstuvwxyz";

/// A compound selector, and the combinator before it.
struct Compound<'s> {
    before: Option<Combinator>,
    parts: Vec<&'s Part>,
}

pub(super) fn expression(list: &SelectorList<Names>) -> Option<String> {
    joined(list.slice(), " | ", path)
}

fn joined<'s>(
    all: &'s [One],
    between: &str,
    each: impl Fn(&'s One) -> Option<String>,
) -> Option<String> {
    let all: Option<Vec<String>> = all.iter().map(each).collect();
    bounded(all?.join(between))
}

/// Nested selectors repeat their text.
fn bounded(text: String) -> Option<String> {
    (text.len() <= LONGEST_XPATH).then_some(text)
}

/// The compounds of a selector, from left to right.
fn compounds(selector: &One) -> Vec<Compound<'_>> {
    let mut all = Vec::new();
    let mut parts = Vec::new();
    for part in selector.iter_raw_match_order() {
        match part {
            Component::Combinator(combinator) => all.push(Compound {
                before: Some(*combinator),
                parts: std::mem::take(&mut parts),
            }),
            part => parts.push(part),
        }
    }
    all.push(Compound {
        before: None,
        parts,
    });
    all.reverse();
    all
}

fn path(selector: &One) -> Option<String> {
    let mut path = String::new();
    for compound in &compounds(selector) {
        let next = match compound.before {
            None | Some(Combinator::Descendant) => format!("//{}", step(compound, true)?),
            Some(Combinator::Child) => format!("/{}", step(compound, true)?),
            Some(Combinator::NextSibling) => format!("/{}", adjacent("following", compound)?),
            Some(Combinator::LaterSibling) => {
                format!("/following-sibling::{}", step(compound, false)?)
            }
            Some(_) => return None,
        };
        path += &next;
    }
    bounded(path)
}

/// A relative path for a selector in `:has()`, whose first compound is the anchor.
fn relative(selector: &One) -> Option<String> {
    let all = compounds(selector);
    let mut path = String::new();
    for (at, compound) in all.iter().enumerate().skip(1) {
        let slash = if at == 1 { "" } else { "/" };
        let next = match compound.before? {
            Combinator::Descendant => {
                let start = if at == 1 { "." } else { "" };
                format!("{start}//{}", step(compound, true)?)
            }
            Combinator::Child => format!("{slash}{}", step(compound, true)?),
            Combinator::NextSibling => format!("{slash}{}", adjacent("following", compound)?),
            Combinator::LaterSibling => {
                format!("{slash}following-sibling::{}", step(compound, false)?)
            }
            _ => return None,
        };
        path += &next;
    }
    bounded(path)
}

/// The test and predicates of a step. `among_children` if the step counts the children of a node.
fn step(compound: &Compound<'_>, among_children: bool) -> Option<String> {
    let name = name(compound);
    let counted = compound.parts.iter().position(|part| match part {
        Component::Nth(nth) => {
            among_children && nth.an_plus_b.0 == 0 && nth.an_plus_b.1 > 0 && !nth.ty.is_only()
        }
        _ => false,
    });
    let mut out = name.map_or_else(|| "*".to_owned(), str::to_owned);
    if let Some(Component::Nth(nth)) = counted.map(|at| compound.parts[at]) {
        let number = nth.an_plus_b.1;
        let place = match (nth.ty.is_from_end(), number) {
            (false, _) => number.to_string(),
            (true, 1) => "last()".to_owned(),
            (true, _) => format!("last() - {}", number - 1),
        };
        out = match (nth.ty.is_of_type(), name) {
            (true, None) => return None,
            (true, Some(name)) => format!("{name}[{place}]"),
            (false, None) => format!("*[{place}]"),
            (false, Some(name)) => format!("*[{place}][self::{name}]"),
        };
    }
    for (at, part) in compound.parts.iter().enumerate() {
        if Some(at) != counted && !is_test(part) {
            write!(out, "[{}]", condition(part, name)?).ok()?;
        }
    }
    bounded(out)
}

/// The neighbour in a direction.
fn adjacent(direction: &str, compound: &Compound<'_>) -> Option<String> {
    let mut out = format!("{direction}-sibling::*[1]");
    for condition in conditions(compound)? {
        write!(out, "[{condition}]").ok()?;
    }
    bounded(out)
}

fn name<'s>(compound: &Compound<'s>) -> Option<&'s str> {
    compound.parts.iter().find_map(|part| match part {
        Component::LocalName(name) => Some(name.lower_name.as_ref()),
        _ => None,
    })
}

/// What a compound says about the context node.
fn conditions(compound: &Compound<'_>) -> Option<Vec<String>> {
    let name = name(compound);
    let mut all: Vec<String> = name.iter().map(|name| format!("self::{name}")).collect();
    for part in compound.parts.iter().filter(|part| !is_test(part)) {
        all.push(condition(part, name)?);
    }
    Some(all)
}

/// Whether the context node matches a selector, as an operand of `or` and `and`.
fn matches(selector: &One) -> Option<String> {
    let mut all = compounds(selector);
    let last = all.pop()?;
    let mut terms = conditions(&last)?;
    terms.extend(before(last.before, &mut all)?);
    let text = if terms.is_empty() {
        "true()".to_owned()
    } else {
        terms.join(" and ")
    };
    let is_simple = terms.len() <= 1;
    bounded(if is_simple { text } else { format!("({text})") })
}

/// The compounds on the left of one, as a path that must exist; empty if there are none.
fn before(combinator: Option<Combinator>, left: &mut Vec<Compound<'_>>) -> Option<Vec<String>> {
    let Some(combinator) = combinator else {
        return Some(Vec::new());
    };
    let compound = left.pop()?;
    let mut step = match combinator {
        Combinator::Descendant => format!("ancestor::{}", step(&compound, false)?),
        Combinator::Child => format!("parent::{}", step(&compound, false)?),
        Combinator::NextSibling => adjacent("preceding", &compound)?,
        Combinator::LaterSibling => format!("preceding-sibling::{}", step(&compound, false)?),
        _ => return None,
    };
    for further in before(compound.before, left)? {
        write!(step, "[{further}]").ok()?;
    }
    Some(vec![step])
}

/// Whether a simple selector is the test of a step.
fn is_test(part: &Part) -> bool {
    matches!(
        part,
        Component::LocalName(_)
            | Component::ExplicitUniversalType
            | Component::ExplicitAnyNamespace
    )
}

/// A simple selector as a condition, an operand of `or` and `and`.
fn condition(part: &Part, name: Option<&str>) -> Option<String> {
    bounded(match part {
        Component::ID(id) => format!("@id = {}", literal(id.as_ref())?),
        Component::Class(class) => has_word("@class", class.as_ref())?,
        Component::AttributeInNoNamespaceExists {
            local_name_lower, ..
        } => format!("@{}", attribute_name(local_name_lower.as_ref())?),
        Component::AttributeInNoNamespace {
            local_name,
            operator,
            value,
            case_sensitivity,
        } => attribute(
            local_name.as_ref(),
            *operator,
            value.as_ref(),
            *case_sensitivity,
        )?,
        Component::AttributeOther(other) => {
            if other.namespace.is_some() {
                return None;
            }
            let name = other.local_name_lower.as_ref();
            match &other.operation {
                ParsedAttrSelectorOperation::Exists => format!("@{}", attribute_name(name)?),
                ParsedAttrSelectorOperation::WithValue {
                    operator,
                    case_sensitivity,
                    value,
                } => attribute(name, *operator, value.as_ref(), *case_sensitivity)?,
            }
        }
        Component::Negation(list) => format!("not({})", joined(list.slice(), " or ", matches)?),
        Component::Is(list) | Component::Where(list) => {
            let any = joined(list.slice(), " or ", matches)?;
            match list.len() {
                1 => any,
                _ => format!("({any})"),
            }
        }
        Component::Root => "not(parent::*)".to_owned(),
        Component::Empty => "not(* or text())".to_owned(),
        Component::Nth(nth) => counted(nth, name)?,
        Component::NthOf(nth) => {
            let of = joined(nth.selectors(), " or ", matches)?;
            let data = nth.nth_data();
            let counted = index(data, &format!("*[{of}]"))?;
            format!("(({of}) and {counted})")
        }
        Component::Has(all) => {
            let paths: Option<Vec<String>> =
                all.iter().map(|one| relative(&one.selector)).collect();
            let paths = paths?;
            match &paths[..] {
                [path] => path.clone(),
                paths => format!("({})", paths.join(" or ")),
            }
        }
        _ => return None,
    })
}

/// A condition on the place among siblings.
fn counted(nth: &NthSelectorData, name: Option<&str>) -> Option<String> {
    let test = if nth.ty.is_of_type() { name? } else { "*" };
    if matches!(nth.ty, NthType::OnlyChild | NthType::OnlyOfType) {
        return Some(format!(
            "not(preceding-sibling::{test} or following-sibling::{test})"
        ));
    }
    index(nth, test)
}

/// A condition on the number of siblings that pass a test, before or after the context node: that
/// it is An+B-1 for some n from 0 on.
fn index(nth: &NthSelectorData, test: &str) -> Option<String> {
    let direction = if nth.ty.is_from_end() {
        "following"
    } else {
        "preceding"
    };
    let count = format!("count({direction}-sibling::{test})");
    let step = nth.an_plus_b.0;
    let least = nth.an_plus_b.1.checked_sub(1)?;
    let size = step.checked_abs()?;
    let mut all = Vec::new();
    match step {
        0 if least >= 0 => all.push(format!("{count} = {least}")),
        ..=0 if least < 0 => return Some("false()".to_owned()),
        ..=0 => all.push(format!("{count} <= {least}")),
        _ if least > 0 => all.push(format!("{count} >= {least}")),
        _ => {}
    }
    if size > 1 {
        all.push(format!("{count} mod {size} = {}", least.rem_euclid(size)));
    }
    Some(match &all[..] {
        [] => "true()".to_owned(),
        [one] => one.clone(),
        all => format!("({})", all.join(" and ")),
    })
}

fn attribute_name(name: &str) -> Option<&str> {
    let mut characters = name.chars();
    let first = characters.next()?;
    let is_name = (first.is_alphabetic() || first == '_')
        && characters.all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'));
    is_name.then_some(name)
}

fn attribute(
    name: &str,
    operator: AttrSelectorOperator,
    value: &str,
    case: ParsedCaseSensitivity,
) -> Option<String> {
    let mut read = format!("@{}", attribute_name(name)?);
    let mut value = value.to_owned();
    let folds = matches!(
        case,
        ParsedCaseSensitivity::AsciiCaseInsensitive
            | ParsedCaseSensitivity::AsciiCaseInsensitiveIfInHtmlElementInHtmlDocument
    );
    if folds {
        // Of a missing attribute it is empty, as is that of an empty one.
        if value.is_empty() {
            return Some(match operator {
                AttrSelectorOperator::Equal => format!("{read} = \"\""),
                AttrSelectorOperator::DashMatch => {
                    format!("({read} = \"\" or starts-with({read}, \"-\"))")
                }
                _ => "false()".to_owned(),
            });
        }
        read = format!("translate({read}, \"{UPPER}\", \"{LOWER}\")");
        value.make_ascii_lowercase();
    }
    let quoted = literal(&value)?;
    Some(match operator {
        AttrSelectorOperator::Equal => format!("{read} = {quoted}"),
        AttrSelectorOperator::Includes => has_word(&read, &value)?,
        AttrSelectorOperator::DashMatch => format!(
            "({read} = {quoted} or starts-with({read}, {}))",
            literal(&format!("{value}-"))?
        ),
        _ if value.is_empty() => "false()".to_owned(),
        AttrSelectorOperator::Prefix => format!("starts-with({read}, {quoted})"),
        AttrSelectorOperator::Substring => format!("contains({read}, {quoted})"),
        AttrSelectorOperator::Suffix => {
            let but_one = value.chars().count() - 1;
            let less = match but_one {
                0 => String::new(),
                _ => format!(" - {but_one}"),
            };
            format!("substring({read}, string-length({read}){less}) = {quoted}")
        }
    })
}

/// Whether a value that is a list of words has one.
fn has_word(read: &str, word: &str) -> Option<String> {
    if word.is_empty() || word.contains(|c: char| c.is_ascii_whitespace()) {
        return Some("false()".to_owned());
    }
    let word = literal(&format!(" {word} "))?;
    Some(format!(
        "contains(concat(\" \", normalize-space({read}), \" \"), {word})"
    ))
}

/// A string. XPath has no escapes: one with both kinds of quotation marks is put together.
fn literal(text: &str) -> Option<String> {
    // XML has no way to write them.
    if text.contains(char::is_control) {
        return None;
    }
    if !text.contains('"') {
        return Some(format!("\"{text}\""));
    }
    if !text.contains('\'') {
        return Some(format!("'{text}'"));
    }
    let parts: Vec<String> = text.split('"').map(|part| format!("\"{part}\"")).collect();
    Some(format!("concat({})", parts.join(", '\"', ")))
}
