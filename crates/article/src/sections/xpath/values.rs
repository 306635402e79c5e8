//! What XPath says about the values of attributes, as attribute selectors.

use cssparser::serialize_string;

use super::super::selector::{escaped, folds_case};
use super::sets::{One, Set};
use super::syntax::{Axis, Expr, Operator, Path, Start, Step, Test};

const UPPER: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const LOWER: &str = "abcdefghijklmnopqrstuvwxyz";

/// A text that is the same everywhere.
pub(super) fn constant(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Text(text) => Some(text.clone()),
        Expr::Call(name, parts) if name == "concat" => parts.iter().map(constant).collect(),
        _ => None,
    }
}

/// The attribute at the end of a path, and the path before it.
pub(super) fn split_attribute(path: &Path) -> Option<(String, Path)> {
    let (last, before) = path.steps.split_last()?;
    let Test::Name(name) = &last.test else {
        return None;
    };
    let is_plain = last.axis == Axis::Attribute
        && last.predicates.is_empty()
        && !name.contains(|c: char| c.is_uppercase());
    let elements = Path {
        start: path.start.clone(),
        steps: before.to_vec(),
    };
    is_plain.then(|| (name.clone(), elements))
}

/// The attribute of the context element that a path is.
pub(super) fn attribute_of(path: &Path) -> Option<String> {
    let (name, elements) = split_attribute(path)?;
    let is_own = elements.start == Start::Context && elements.steps.iter().all(Step::is_here);
    is_own.then_some(name)
}

/// The elements with a value that is not empty.
pub(super) fn filled(name: &str) -> Option<Set> {
    let name = escaped(name);
    Set::suffix(format!("[{name}]:not([{name}=\"\"])")).bounded()
}

/// The value of an attribute of the context element, as a text in which something is looked for.
pub(super) struct Value {
    attribute: String,
    /// ASCII capitals are small letters.
    folded: bool,
    /// White space is single spaces, none at the ends.
    normalized: bool,
    /// Spaces that are put before and after it.
    around: Around,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Around {
    Nothing,
    Before,
    After,
    Both,
}

impl Value {
    pub(super) fn of(attribute: &str) -> Self {
        Self {
            attribute: attribute.to_owned(),
            folded: false,
            normalized: false,
            around: Around::Nothing,
        }
    }

    pub(super) fn test(&self, operator: &str, text: &str) -> One {
        let mut value = String::new();
        // Writing to a string does not fail.
        let _ = serialize_string(text, &mut value);
        let simple = match (operator, &*self.attribute) {
            _ if self.folded => None,
            ("=", "id") => Some('#'),
            ("~=", "class") => Some('.'),
            _ => None,
        };
        if let Some(sign) = simple {
            return One::suffix(format!("{sign}{}", escaped(text)));
        }
        // Selectors compare the values of some attributes without case, XPath never does.
        let case = match self.folded {
            true => " i",
            false if folds_case(&self.attribute) => " s",
            false => "",
        };
        One::suffix(format!(
            "[{}{operator}{value}{case}]",
            escaped(&self.attribute)
        ))
    }

    pub(super) fn can_have(&self, text: &str) -> bool {
        !(self.folded && text.contains(|c: char| c.is_ascii_uppercase()))
    }

    pub(super) fn is(&self, text: &str) -> Option<Set> {
        if self.normalized || self.around != Around::Nothing {
            return None;
        }
        if !self.can_have(text) {
            return Some(Set::none());
        }
        if text.is_empty() {
            return Some(Set::suffix(format!("[{}=\"\"]", escaped(&self.attribute))));
        }
        Some(Set(vec![self.test("=", text)]))
    }

    pub(super) fn starts_with(&self, text: &str) -> Option<Set> {
        if text.is_empty() {
            return Some(Set::all());
        }
        if self.normalized || self.around != Around::Nothing {
            return None;
        }
        if !self.can_have(text) {
            return Some(Set::none());
        }
        Some(Set(vec![self.test("^=", text)]))
    }

    pub(super) fn contains(&self, text: &str) -> Option<Set> {
        if text.is_empty() {
            return Some(Set::all());
        }
        if !self.can_have(text) {
            return Some(Set::none());
        }
        let is_space = |c: char| matches!(c, ' ' | '\t' | '\n' | '\r');
        let before = matches!(self.around, Around::Before | Around::Both);
        let after = matches!(self.around, Around::After | Around::Both);
        let start = text.strip_prefix(' ').filter(|_| before);
        let end = text.strip_suffix(' ').filter(|_| after);
        if !self.normalized {
            if text.trim_matches(' ').is_empty() && (before || after) {
                return None;
            }
            let mut any = vec![self.test("*=", text)];
            any.extend(start.map(|text| self.test("^=", text)));
            any.extend(end.map(|text| self.test("$=", text)));
            let whole = start.and_then(|text| text.strip_suffix(' ').filter(|_| after));
            any.extend(whole.map(|text| self.test("=", text)));
            return Set(any).bounded();
        }
        let word = text.strip_prefix(' ').unwrap_or(text);
        let word = word.strip_suffix(' ').unwrap_or(word);
        if word.is_empty() || word.contains(is_space) {
            return None;
        }
        let spaces = [" ", "\t", "\n", "\r"];
        let any = match (start, end) {
            (Some(_), Some(_)) => vec![self.test("~=", word)],
            _ if word == text => vec![self.test("*=", word)],
            (Some(_), None) if text == format!(" {word}") => {
                let inside = spaces.map(|space| self.test("*=", &format!("{space}{word}")));
                std::iter::once(self.test("^=", word))
                    .chain(inside)
                    .collect()
            }
            (None, Some(_)) if text == format!("{word} ") => {
                let inside = spaces.map(|space| self.test("*=", &format!("{word}{space}")));
                std::iter::once(self.test("$=", word))
                    .chain(inside)
                    .collect()
            }
            _ => return None,
        };
        Set(any).bounded()
    }
}

/// The value that a text expression reads.
pub(super) fn value_of(expr: &Expr) -> Option<Value> {
    match expr {
        Expr::Path(path) => Some(Value::of(&attribute_of(path)?)),
        Expr::Call(name, arguments) => match (&**name, &arguments[..]) {
            ("string", [inner]) => value_of(inner),
            ("normalize-space", [inner]) => {
                let value = value_of(inner)?;
                (value.around == Around::Nothing).then_some(Value {
                    normalized: true,
                    ..value
                })
            }
            ("translate", [inner, from, to]) => {
                let folds = constant(from)? == UPPER && constant(to)? == LOWER;
                let value = value_of(inner)?;
                folds.then_some(Value {
                    folded: true,
                    ..value
                })
            }
            ("concat", parts) => {
                let is_space = |expr: &Expr| constant(expr).is_some_and(|text| text == " ");
                let (around, inner) = match parts {
                    [one, inner, two] if is_space(one) && is_space(two) => (Around::Both, inner),
                    [one, inner] if is_space(one) => (Around::Before, inner),
                    [inner, two] if is_space(two) => (Around::After, inner),
                    _ => return None,
                };
                let value = value_of(inner)?;
                (value.around == Around::Nothing).then_some(Value { around, ..value })
            }
            _ => None,
        },
        _ => None,
    }
}

/// `substring(value, string-length(value) - number) = text`: the value ends with the text, if that
/// has one character more.
pub(super) fn suffix(value: &Expr, from: &Expr, text: &str) -> Option<Set> {
    let is_length = |expr: &Expr| matches!(expr, Expr::Call(name, a) if name == "string-length" && a.first() == Some(value));
    let length_of = |expr: &Expr| match expr {
        Expr::Number(number) => Some(*number),
        Expr::Call(name, arguments) if name == "string-length" => {
            let text = constant(arguments.first()?)?;
            u32::try_from(text.chars().count()).ok()
        }
        _ => None,
    };
    let less = match from {
        Expr::Binary(Operator::Minus, one, two) if is_length(one) => length_of(two)?,
        Expr::Binary(Operator::Plus, one, two) => match (&**one, &**two) {
            (Expr::Binary(Operator::Minus, one, two), Expr::Number(1)) if is_length(one) => {
                length_of(two)?.checked_sub(1)?
            }
            _ => return None,
        },
        expr if is_length(expr) => 0,
        _ => return None,
    };
    let value = value_of(value)?;
    let is_whole = u32::try_from(text.chars().count()).ok()? == less + 1;
    if !is_whole || value.normalized || value.around != Around::Nothing {
        return None;
    }
    if !value.can_have(text) {
        return Some(Set::none());
    }
    Some(Set(vec![value.test("$=", text)]))
}
