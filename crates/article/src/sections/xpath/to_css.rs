//! From XPath to a selector: a path is built from left to right, and a predicate becomes the set of
//! all elements for which it is true, which is a set of selectors too.

use super::super::selector::escaped;
use super::sets::{Kind, One, Set};
use super::syntax::{Axis, Expr, Operator, Path, Start, Step, Test};
use super::values::{Value, attribute_of, constant, filled, split_attribute, suffix, value_of};

/// Maximum number of steps and conditions that are translated, of which some are translated twice.
const MOST_WORK: usize = 2000;

pub(super) fn selector(expr: &Expr) -> Option<String> {
    let found = Translator { work: 0 }.nodes(expr)?;
    (!found.0.is_empty()).then(|| found.joined())
}

/// The elements from which a step is taken.
enum From {
    Document,
    Elements(Set),
}

struct Translator {
    work: usize,
}

impl Translator {
    fn tick(&mut self) -> Option<()> {
        self.work += 1;
        (self.work <= MOST_WORK).then_some(())
    }

    /// The elements that an expression selects in a document.
    fn nodes(&mut self, expr: &Expr) -> Option<Set> {
        self.tick()?;
        match expr {
            Expr::Union(all) => {
                let mut found = Set::none();
                for one in all {
                    found = found.or(self.nodes(one)?)?;
                }
                Some(found)
            }
            Expr::Path(path) => self.path(path),
            _ => None,
        }
    }

    fn path(&mut self, path: &Path) -> Option<Set> {
        let mut from = match &path.start {
            Start::Document | Start::Context => From::Document,
            Start::Filter(inner, predicates) => {
                let mut found = self.nodes(inner)?;
                for predicate in predicates {
                    found = found.and(&self.predicate(predicate, None)?)?;
                }
                From::Elements(found)
            }
        };
        let mut anywhere = false;
        for step in &path.steps {
            if step.is_anywhere() {
                anywhere = true;
                continue;
            }
            if step.is_here() {
                continue;
            }
            from = From::Elements(self.step(&from, step, anywhere)?);
            anywhere = false;
        }
        match from {
            From::Elements(found) if !anywhere => Some(found),
            _ => None,
        }
    }

    /// The elements that a step leads to; `anywhere` if `//` is before it.
    fn step(&mut self, from: &From, step: &Step, anywhere: bool) -> Option<Set> {
        self.tick()?;
        if step.test == Test::Node && step.axis != Axis::Parent {
            return None;
        }
        let next = self.compound(step)?;
        let from = match from {
            From::Document => {
                return match (step.axis, anywhere) {
                    (Axis::Child | Axis::Self_, true)
                    | (Axis::Descendant | Axis::DescendantOrSelf, _) => Some(next),
                    (Axis::Child, false) => next.and(&Set::suffix(":root".to_owned())),
                    _ => None,
                };
            }
            From::Elements(from) => from,
        };
        let one = next.clone().compound();
        match (step.axis, anywhere) {
            (Axis::Child, false) => from.then(" > ", &one),
            (Axis::Child, true) | (Axis::Descendant, _) => from.then(" ", &one),
            (Axis::Self_, false) => from.clone().and(&next),
            (Axis::Self_, true) | (Axis::DescendantOrSelf, _) => {
                from.clone().and(&next)?.or(from.then(" ", &one)?)
            }
            (Axis::FollowingSibling, false) => from.then(beside(step), &one),
            (Axis::PrecedingSibling, false) => from.having(beside(step).trim_start(), &one),
            (Axis::Parent, false) => from.having("> ", &one),
            (Axis::Ancestor, false) if is_first(step) => from.having("> ", &one),
            (Axis::Ancestor, false) => from.having("", &one),
            (Axis::AncestorOrSelf, false) => from.clone().and(&next)?.or(from.having("", &one)?),
            _ => None,
        }
    }

    /// What a step says about the element that it leads to.
    fn compound(&mut self, step: &Step) -> Option<Set> {
        let mut found = Set(vec![match &step.test {
            Test::Any | Test::Node => One::any(),
            Test::Name(name) => One {
                text: element_name(name)?,
                kind: Kind::Name,
            },
        }]);
        // Only children are counted by selectors.
        let counts = step.axis == Axis::Child;
        let skipped = usize::from(is_first(step));
        for predicate in step.predicates.iter().skip(skipped) {
            let place = counts.then(|| found.clone().compound());
            let condition = self.predicate(predicate, place.as_ref())?;
            found = found.and(&condition)?;
        }
        Some(found)
    }

    /// The elements for which a predicate is true. `place` is the compound that the children have
    /// to match to be counted.
    fn predicate(&mut self, expr: &Expr, place: Option<&One>) -> Option<Set> {
        let from_end = match expr {
            Expr::Number(number) => return counted(false, Operator::Equal, *number, place?),
            expr => before_last(expr),
        };
        match from_end {
            Some(before) => counted(true, Operator::Equal, before + 1, place?),
            None => self.condition(expr, place),
        }
    }

    fn condition(&mut self, expr: &Expr, place: Option<&One>) -> Option<Set> {
        self.tick()?;
        match expr {
            Expr::Binary(Operator::Or, one, two) => {
                self.condition(one, place)?.or(self.condition(two, place)?)
            }
            Expr::Binary(Operator::And, one, two) => self
                .condition(one, place)?
                .and(&self.condition(two, place)?),
            Expr::Binary(operator, one, two) => self.comparison(*operator, one, two, place),
            Expr::Call(name, arguments) => match (&**name, &arguments[..]) {
                ("not", [inner]) => Some(self.condition(inner, place)?.not()),
                ("boolean", [inner]) => self.condition(inner, place),
                ("true", []) => Some(Set::all()),
                ("false", []) => Some(Set::none()),
                ("contains", [value, text]) => value_of(value)?.contains(&constant(text)?),
                ("starts-with", [value, text]) => value_of(value)?.starts_with(&constant(text)?),
                _ => None,
            },
            Expr::Union(all) => {
                let mut found = Set::none();
                for one in all {
                    found = found.or(self.condition(one, place)?)?;
                }
                Some(found)
            }
            Expr::Path(path) => self.exists(path, Set::all()),
            Expr::Text(_) | Expr::Number(_) => None,
        }
    }

    fn comparison(
        &mut self,
        operator: Operator,
        one: &Expr,
        two: &Expr,
        place: Option<&One>,
    ) -> Option<Set> {
        let is_constant = |expr: &Expr| constant(expr).is_some() || matches!(expr, Expr::Number(_));
        if is_constant(one) && !is_constant(two) {
            return self.comparison(flipped(operator)?, two, one, place);
        }
        flipped(operator)?;
        if let Some(text) = constant(two) {
            return self.equals(one, &text, operator);
        }
        if let Some((from_end, add, of)) = index(one, place) {
            let of = of?;
            if let Some(before) = before_last(two).filter(|_| !from_end && add == 0) {
                return counted(true, flipped(operator)?, before + 1, &of);
            }
            let Expr::Number(number) = two else {
                return None;
            };
            return counted(from_end, operator, number + add, &of);
        }
        let Expr::Number(number) = two else {
            return None;
        };
        match one {
            Expr::Binary(Operator::Mod, value, by) => {
                let (from_end, add, of) = index(value, place)?;
                let Expr::Number(by @ 1..) = **by else {
                    return None;
                };
                let found = repeated(from_end, by, *number, add, &of?);
                match operator {
                    Operator::Equal => Some(found),
                    Operator::Unequal => Some(found.not()),
                    _ => None,
                }
            }
            Expr::Call(name, arguments) => {
                let (true, [Expr::Path(path)]) = (is_some(operator, *number), &arguments[..])
                else {
                    let (true, "count", [Expr::Path(path)]) =
                        (is_none(operator, *number), &**name, &arguments[..])
                    else {
                        return None;
                    };
                    return Some(self.exists(path, Set::all())?.not());
                };
                match &**name {
                    "count" => self.exists(path, Set::all()),
                    "string-length" => {
                        let name = attribute_of(path)?;
                        filled(&name)
                    }
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// `expr = text`, or `!=`.
    fn equals(&mut self, expr: &Expr, text: &str, operator: Operator) -> Option<Set> {
        let unequal = match operator {
            Operator::Equal => false,
            Operator::Unequal => true,
            _ => return None,
        };
        let either = |found: Set| if unequal { found.not() } else { found };
        if let Expr::Call(name, arguments) = expr {
            return match (&**name, &arguments[..]) {
                ("name" | "local-name", []) => Some(either(Set(vec![One {
                    text: element_name(text)?,
                    kind: Kind::Name,
                }]))),
                ("substring", [value, from]) => Some(either(suffix(value, from, text)?)),
                // A missing attribute is an empty string.
                _ if text.is_empty() => None,
                _ => Some(either(value_of(expr)?.is(text)?)),
            };
        }
        // Of the nodes of a path, one has to be equal, or one unequal.
        let Expr::Path(path) = expr else {
            return None;
        };
        let (name, elements) = split_attribute(path)?;
        let value = Value::of(&name);
        let mut end = value.is(text)?;
        if unequal {
            end = Set::suffix(format!("[{}]", escaped(&name))).and(&end.not())?;
        }
        self.exists(&elements, end)
    }

    /// The elements from which a path leads to an element of `end`.
    fn exists(&mut self, path: &Path, end: Set) -> Option<Set> {
        self.tick()?;
        match &path.start {
            Start::Context => {}
            Start::Document => return None,
            Start::Filter(inner, predicates) => {
                let is_plain = predicates.is_empty() && path.steps.is_empty() && end.is_all();
                let Expr::Union(all) = &**inner else {
                    return None;
                };
                let mut found = Set::none();
                for one in all {
                    let Expr::Path(one) = one else {
                        return None;
                    };
                    found = found.or(self.exists(one, Set::all())?)?;
                }
                return is_plain.then_some(found);
            }
        }
        if let Some((name, elements)) = split_attribute(path) {
            let has = Set::suffix(format!("[{}]", escaped(&name)));
            let end = if end.is_all() { has } else { return None };
            return self.exists(&elements, end);
        }
        // `.//li[a]` is `.//li/a`: `:has` cannot be nested.
        let mut steps = path.steps.clone();
        while end.is_all()
            && let Some(last) = steps.last_mut()
            && let Some(Expr::Path(inner)) = last.predicates.last().cloned()
            && inner.start == Start::Context
        {
            last.predicates.pop();
            if let Some((name, elements)) = split_attribute(&inner) {
                steps.extend(elements.steps);
                let has = Set::suffix(format!("[{}]", escaped(&name)));
                return self.leads(&steps, has);
            }
            steps.extend(inner.steps);
        }
        self.leads(&steps, end)
    }

    fn leads(&mut self, steps: &[Step], end: Set) -> Option<Set> {
        self.tick()?;
        let Some((step, rest)) = steps.split_first() else {
            return Some(end);
        };
        if step.axis == Axis::Attribute {
            return None;
        }
        if step.test == Test::Node && !step.is_anywhere() {
            // Text has no parent's name, and a document no siblings.
            let is_safe = match step.axis {
                Axis::Self_ => true,
                Axis::Parent => rest.first().is_none_or(|next| {
                    matches!(next.axis, Axis::Parent | Axis::Ancestor) || is_sibling(next.axis)
                }),
                _ => false,
            };
            if !is_safe {
                return None;
            }
            // Every element has a parent, if only the document.
            if step.axis == Axis::Parent && rest.is_empty() && end.is_all() {
                return step.predicates.is_empty().then(Set::all);
            }
        }
        match step.axis {
            Axis::Self_ => {
                let own = self.compound(step)?;
                own.and(&self.leads(rest, end)?)
            }
            Axis::Parent | Axis::Ancestor | Axis::AncestorOrSelf | Axis::PrecedingSibling => {
                let there = self.compound(step)?.and(&self.leads(rest, end)?)?;
                let combinator = match step.axis {
                    Axis::Parent => " > ",
                    Axis::Ancestor if is_first(step) => " > ",
                    Axis::PrecedingSibling => beside(step),
                    _ => " ",
                };
                let beyond = there.then(combinator, &One::any())?;
                match step.axis {
                    Axis::AncestorOrSelf => there.or(beyond),
                    _ => Some(beyond),
                }
            }
            Axis::DescendantOrSelf if step.test != Test::Node => {
                let of_axis = |axis| {
                    let mut steps = steps.to_vec();
                    steps[0].axis = axis;
                    steps
                };
                self.leads(&of_axis(Axis::Self_), end.clone())?
                    .or(self.leads(&of_axis(Axis::Descendant), end)?)
            }
            _ => self.below(steps, end),
        }
    }

    /// Steps downwards and to the right, as far as they go, in `:has`.
    fn below(&mut self, steps: &[Step], end: Set) -> Option<Set> {
        let mut path = String::new();
        let mut anywhere = false;
        for (at, step) in steps.iter().enumerate() {
            if step.is_anywhere() {
                anywhere = true;
                // `.//@href`: the element itself or one below.
                if at + 1 == steps.len() && at == 0 {
                    let below = Set::suffix(format!(":has({})", end.joined()));
                    return end.or(below);
                }
                continue;
            }
            // Text, too.
            if step.test == Test::Node {
                return None;
            }
            let combinator = match (step.axis, anywhere) {
                (Axis::Child, false) => " > ",
                (Axis::Child, true) | (Axis::Descendant, _) => " ",
                (Axis::FollowingSibling, false) => beside(step),
                _ => return None,
            };
            anywhere = false;
            path += combinator;
            let rest = &steps[at + 1..];
            let goes_on = rest.first().is_some_and(|next| {
                next.is_anywhere()
                    || matches!(
                        next.axis,
                        Axis::Child | Axis::Descendant | Axis::FollowingSibling
                    )
            });
            let mut own = self.compound(step)?;
            if !goes_on {
                own = own.and(&self.leads(rest, end)?)?;
                if own.0.is_empty() {
                    return Some(Set::none());
                }
                path += &own.compound().text;
                return Set::suffix(format!(":has({})", path.trim_start())).bounded();
            }
            path += &own.compound().text;
        }
        None
    }
}

/// The combinator to siblings: the next one if only that counts, else all.
fn beside(step: &Step) -> &'static str {
    if is_first(step) { " + " } else { " ~ " }
}

fn is_sibling(axis: Axis) -> bool {
    matches!(axis, Axis::FollowingSibling | Axis::PrecedingSibling)
}

/// Whether a step leads to the nearest element in its direction, of whatever name: the neighbour,
/// or the parent. For parents and the element itself there is only one.
fn is_first(step: &Step) -> bool {
    let first = step.predicates.first() == Some(&Expr::Number(1));
    let nearest = step.test == Test::Any && (is_sibling(step.axis) || step.axis == Axis::Ancestor);
    first && (nearest || matches!(step.axis, Axis::Parent | Axis::Self_))
}

/// The name of an element of HTML, as a selector. Names with capitals match nothing in libxml2 and
/// everything in browsers.
fn element_name(name: &str) -> Option<String> {
    (!name.contains(|c: char| c.is_uppercase())).then(|| escaped(name))
}

/// The number in `last() - number`.
fn before_last(expr: &Expr) -> Option<u32> {
    let is_last =
        |expr: &Expr| matches!(expr, Expr::Call(name, a) if name == "last" && a.is_empty());
    match expr {
        Expr::Binary(Operator::Minus, one, two) if is_last(one) => match **two {
            Expr::Number(number) => Some(number),
            _ => None,
        },
        expr => is_last(expr).then_some(0),
    }
}

/// What an expression counts: whether from the end, what has to be added for a place from 1 on, and
/// the compound that is counted, if places count here.
fn index(expr: &Expr, place: Option<&One>) -> Option<(bool, u32, Option<One>)> {
    match expr {
        Expr::Call(name, arguments) => match (&**name, &arguments[..]) {
            ("position", []) => Some((false, 0, place.cloned())),
            ("count", [Expr::Path(path)]) => {
                let [step] = &path.steps[..] else {
                    return None;
                };
                let is_all = step.test == Test::Any
                    && step.predicates.is_empty()
                    && path.start == Start::Context;
                let from_end = step.axis == Axis::FollowingSibling;
                (is_all && is_sibling(step.axis)).then(|| (from_end, 1, Some(One::any())))
            }
            _ => None,
        },
        Expr::Binary(Operator::Minus, one, two) => {
            let is_position = matches!(&**two, Expr::Call(name, _) if name == "position");
            (is_position && before_last(one) == Some(0)).then(|| (true, 1, place.cloned()))
        }
        _ => None,
    }
}

/// `a < b` as `b > a`. `None` if it is not a comparison.
fn flipped(operator: Operator) -> Option<Operator> {
    Some(match operator {
        Operator::Less => Operator::Greater,
        Operator::LessOrEqual => Operator::GreaterOrEqual,
        Operator::Greater => Operator::Less,
        Operator::GreaterOrEqual => Operator::LessOrEqual,
        Operator::Equal | Operator::Unequal => operator,
        _ => return None,
    })
}

/// The children whose place among those that match `of` compares so with a number from 1 on.
fn counted(from_end: bool, operator: Operator, number: u32, of: &One) -> Option<Set> {
    let formula = match operator {
        Operator::Equal | Operator::Unequal => match number {
            0 => None,
            number => Some(number.to_string()),
        },
        Operator::Less => number
            .checked_sub(1)
            .filter(|most| *most > 0)
            .map(|most| format!("-n+{most}")),
        Operator::LessOrEqual => (number > 0).then(|| format!("-n+{number}")),
        Operator::Greater => Some(format!("n+{}", number + 1)),
        Operator::GreaterOrEqual => Some(format!("n+{}", number.max(1))),
        _ => return None,
    };
    let found = match formula.as_deref() {
        None => Set::none(),
        Some("n+1") => Set::all(),
        Some(formula) => nth(from_end, formula, of),
    };
    Some(match operator {
        Operator::Unequal => found.not(),
        _ => found,
    })
}

/// The children whose place less `add` leaves a remainder.
fn repeated(from_end: bool, by: u32, remainder: u32, add: u32, of: &One) -> Set {
    if remainder >= by {
        return Set::none();
    }
    let formula = match (remainder + add) % by {
        0 => format!("{by}n"),
        first => format!("{by}n+{first}"),
    };
    nth(from_end, &formula, of)
}

fn nth(from_end: bool, formula: &str, of: &One) -> Set {
    let last = if from_end { "last-" } else { "" };
    Set::suffix(match of.kind {
        Kind::Any => format!(":nth-{last}child({formula})"),
        Kind::Name => format!(":nth-{last}of-type({formula})"),
        _ => format!(":nth-{last}child({formula} of {})", of.text),
    })
}

/// Whether a count or length is above zero.
fn is_some(operator: Operator, number: u32) -> bool {
    matches!(
        (operator, number),
        (Operator::Greater | Operator::Unequal, 0) | (Operator::GreaterOrEqual, 1)
    )
}

/// Whether a count is zero.
fn is_none(operator: Operator, number: u32) -> bool {
    matches!(
        (operator, number),
        (Operator::Equal | Operator::LessOrEqual, 0) | (Operator::Less, 1)
    )
}
