//! Sets of elements, each the union of what some selectors match.

use super::super::selector::LONGEST_SELECTOR;

/// Maximum number of selectors of a set.
const MOST_ALTERNATIVES: usize = 24;

/// A selector without commas.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct One {
    pub(super) text: String,
    pub(super) kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// `*`
    Any,
    /// A name alone.
    Name,
    /// A compound that begins with a name.
    Named,
    /// A compound without a name, which can be appended to another compound.
    Suffix,
    /// With combinators.
    Complex,
}

impl One {
    pub(super) fn any() -> Self {
        Self {
            text: "*".to_owned(),
            kind: Kind::Any,
        }
    }

    pub(super) fn suffix(text: String) -> Self {
        Self {
            text,
            kind: Kind::Suffix,
        }
    }

    pub(super) fn complex(text: String) -> Self {
        Self {
            text,
            kind: Kind::Complex,
        }
    }

    /// As a compound selector.
    pub(super) fn compound(self) -> Self {
        match self.kind {
            Kind::Complex => Self::suffix(format!(":is({})", self.text)),
            _ => self,
        }
    }
}

/// The elements that match one of some selectors.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Set(pub(super) Vec<One>);

impl Set {
    pub(super) fn all() -> Self {
        Self(vec![One::any()])
    }

    pub(super) fn none() -> Self {
        Self(Vec::new())
    }

    pub(super) fn suffix(text: String) -> Self {
        Self(vec![One::suffix(text)])
    }

    pub(super) fn is_all(&self) -> bool {
        self.0.iter().any(|one| one.kind == Kind::Any)
    }

    pub(super) fn joined(&self) -> String {
        let texts: Vec<&str> = self.0.iter().map(|one| &*one.text).collect();
        texts.join(", ")
    }

    /// As what can be appended to a compound.
    pub(super) fn appended(&self) -> String {
        match &self.0[..] {
            [] => ":not(*)".to_owned(),
            _ if self.is_all() => String::new(),
            [one] if one.kind == Kind::Suffix => one.text.clone(),
            _ => format!(":is({})", self.joined()),
        }
    }

    pub(super) fn or(mut self, other: Self) -> Option<Self> {
        if self.is_all() || other.is_all() {
            return Some(Self::all());
        }
        self.0.extend(other.0);
        self.bounded()
    }

    pub(super) fn and(self, other: &Self) -> Option<Self> {
        if self.is_all() {
            return Some(other.clone());
        }
        if other.is_all() {
            return Some(self);
        }
        if self.0.is_empty() || other.0.is_empty() {
            return Some(Self::none());
        }
        let suffix = other.appended();
        let both = self.0.into_iter().map(|one| One {
            kind: match one.kind {
                Kind::Name => Kind::Named,
                kind => kind,
            },
            text: one.text + &suffix,
        });
        Self(both.collect()).bounded()
    }

    pub(super) fn not(&self) -> Self {
        match &self.0[..] {
            [] => Self::all(),
            _ if self.is_all() => Self::none(),
            _ => Self::suffix(format!(":not({})", self.joined())),
        }
    }

    /// As one compound selector.
    pub(super) fn compound(self) -> One {
        match &self.0[..] {
            [one] => one.clone().compound(),
            _ => One::suffix(self.appended()),
        }
    }

    /// `None` if it is too large.
    pub(super) fn bounded(self) -> Option<Self> {
        let length: usize = self.0.iter().map(|one| one.text.len()).sum();
        (self.0.len() <= MOST_ALTERNATIVES && length <= LONGEST_SELECTOR).then_some(self)
    }

    /// The elements to the right of these.
    pub(super) fn then(&self, combinator: &str, next: &One) -> Option<Self> {
        let all = self
            .0
            .iter()
            .map(|one| One::complex(format!("{}{combinator}{}", one.text, next.text)));
        Self(all.collect()).bounded()
    }

    /// `next`, where one of these is below or beside it.
    pub(super) fn having(&self, combinator: &str, next: &One) -> Option<Self> {
        if self.0.is_empty() {
            return Some(Self::none());
        }
        let inside = self.clone().compound().text;
        Self(vec![next.clone()]).and(&Self::suffix(format!(":has({combinator}{inside})")))
    }
}
