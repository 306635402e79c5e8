//! The syntax of XPath 1.0 (w3.org/TR/xpath-10), as far as it selects elements. Deliberately absent:
//! tests for text and comments, namespaces, variables, decimals, and the axes `following`,
//! `preceding` and `namespace`, none of which a CSS selector can express.

/// Maximum length of an XPath expression, in bytes.
pub const LONGEST_XPATH: usize = 4000;
/// Maximum nesting of parentheses and predicates.
const DEEPEST: usize = 24;
/// Maximum number of steps and operators.
const MOST_PARTS: usize = 120;

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Expr {
    Text(String),
    Number(u32),
    Call(String, Vec<Self>),
    Binary(Operator, Box<Self>, Box<Self>),
    Union(Vec<Self>),
    Path(Path),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Or,
    And,
    Equal,
    Unequal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Plus,
    Minus,
    Times,
    Div,
    Mod,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Path {
    pub(super) start: Start,
    pub(super) steps: Vec<Step>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Start {
    Document,
    Context,
    /// An expression in parentheses, or a call, with its predicates.
    Filter(Box<Expr>, Vec<Expr>),
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Step {
    pub(super) axis: Axis,
    pub(super) test: Test,
    pub(super) predicates: Vec<Expr>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Axis {
    Child,
    Descendant,
    DescendantOrSelf,
    Self_,
    Parent,
    Ancestor,
    AncestorOrSelf,
    FollowingSibling,
    PrecedingSibling,
    Attribute,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Test {
    /// `*`
    Any,
    /// `node()`: text too.
    Node,
    Name(String),
}

impl Step {
    fn bare(axis: Axis, test: Test) -> Self {
        Self {
            axis,
            test,
            predicates: Vec::new(),
        }
    }

    /// Whether it is what `.` abbreviates.
    pub(super) fn is_here(&self) -> bool {
        self.axis == Axis::Self_ && self.test == Test::Node && self.predicates.is_empty()
    }

    /// Whether it is what `//` abbreviates.
    pub(super) fn is_anywhere(&self) -> bool {
        self.axis == Axis::DescendantOrSelf && self.test == Test::Node && self.predicates.is_empty()
    }
}

/// Parses an expression. `None` if it is not XPath, or not of the part that is read here.
pub(super) fn parse(text: &str) -> Option<Expr> {
    let mut parser = Parser {
        rest: text,
        depth: 0,
        parts: 0,
    };
    let expr = parser.expr()?;
    parser.space();
    parser.rest.is_empty().then_some(expr)
}

struct Parser<'x> {
    rest: &'x str,
    depth: usize,
    parts: usize,
}

/// Operators by precedence, the loosest first; of one level, the longest first.
const LEVELS: [&[(&str, Operator)]; 6] = [
    &[("or", Operator::Or)],
    &[("and", Operator::And)],
    &[("!=", Operator::Unequal), ("=", Operator::Equal)],
    &[
        ("<=", Operator::LessOrEqual),
        (">=", Operator::GreaterOrEqual),
        ("<", Operator::Less),
        (">", Operator::Greater),
    ],
    &[("+", Operator::Plus), ("-", Operator::Minus)],
    &[
        ("*", Operator::Times),
        ("div", Operator::Div),
        ("mod", Operator::Mod),
    ],
];

impl<'x> Parser<'x> {
    fn space(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\r', '\n']);
    }

    fn eat(&mut self, token: &str) -> bool {
        self.space();
        match self.rest.strip_prefix(token) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn part(&mut self) -> Option<()> {
        self.parts += 1;
        (self.parts <= MOST_PARTS).then_some(())
    }

    /// A name without a prefix, if one is next.
    fn peek_name(&mut self) -> Option<&'x str> {
        self.space();
        let rest = self.rest;
        let first = rest.chars().next()?;
        if !first.is_alphabetic() && first != '_' {
            return None;
        }
        let end = rest
            .find(|c: char| !c.is_alphanumeric() && !matches!(c, '-' | '_' | '.'))
            .unwrap_or(rest.len());
        Some(&rest[..end])
    }

    fn name(&mut self) -> Option<&'x str> {
        let name = self.peek_name()?;
        self.rest = &self.rest[name.len()..];
        Some(name)
    }

    fn expr(&mut self) -> Option<Expr> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return None;
        }
        let expr = self.level(0);
        self.depth -= 1;
        expr
    }

    fn level(&mut self, level: usize) -> Option<Expr> {
        let Some(operators) = LEVELS.get(level) else {
            return self.union();
        };
        let mut left = self.level(level + 1)?;
        while let Some(operator) = self.operator(operators) {
            self.part()?;
            let right = self.level(level + 1)?;
            left = Expr::Binary(operator, Box::new(left), Box::new(right));
        }
        Some(left)
    }

    fn operator(&mut self, operators: &[(&str, Operator)]) -> Option<Operator> {
        let word = self.peek_name();
        let (token, operator) = operators.iter().find(|(token, _)| match word {
            Some(word) => word == *token,
            None => self.rest.starts_with(token),
        })?;
        self.rest = &self.rest[token.len()..];
        Some(*operator)
    }

    fn union(&mut self) -> Option<Expr> {
        let first = self.path()?;
        let mut all = vec![first];
        while self.eat("|") {
            self.part()?;
            all.push(self.path()?);
        }
        match all.len() {
            1 => all.pop(),
            _ => Some(Expr::Union(all)),
        }
    }

    fn path(&mut self) -> Option<Expr> {
        self.part()?;
        self.space();
        if self.rest.starts_with('/') {
            return self.steps(Start::Document, true);
        }
        let Some(primary) = self.primary()? else {
            return self.steps(Start::Context, false);
        };
        let predicates = self.predicates()?;
        self.space();
        if self.rest.starts_with('/') {
            return self.steps(Start::Filter(Box::new(primary), predicates), true);
        }
        if predicates.is_empty() {
            return Some(primary);
        }
        Some(Expr::Path(Path {
            start: Start::Filter(Box::new(primary), predicates),
            steps: Vec::new(),
        }))
    }

    /// A primary expression; the inner `None` if a location path is next.
    #[expect(
        clippy::option_option,
        reason = "unreadable, not here, and read are three things"
    )]
    fn primary(&mut self) -> Option<Option<Expr>> {
        if self.eat("(") {
            let inner = self.expr()?;
            return self.eat(")").then_some(Some(inner));
        }
        for quote in ["\"", "'"] {
            if self.eat(quote) {
                let (text, rest) = self.rest.split_once(quote)?;
                self.rest = rest;
                return Some(Some(Expr::Text(text.to_owned())));
            }
        }
        let digits = self.rest.bytes().take_while(u8::is_ascii_digit).count();
        if digits > 0 {
            let (number, rest) = self.rest.split_at(digits);
            self.rest = rest;
            let number = number.parse().ok().filter(|n| *n < 10_000)?;
            return (!rest.starts_with('.')).then_some(Some(Expr::Number(number)));
        }
        let Some(name) = self.peek_name() else {
            return Some(None);
        };
        let is_call = self.rest[name.len()..].trim_start().starts_with('(');
        if !is_call || name == "node" {
            return Some(None);
        }
        self.rest = &self.rest[name.len()..];
        self.eat("(");
        let mut arguments = Vec::new();
        if !self.eat(")") {
            loop {
                arguments.push(self.expr()?);
                if self.eat(")") {
                    break;
                }
                if !self.eat(",") {
                    return None;
                }
            }
        }
        Some(Some(Expr::Call(name.to_owned(), arguments)))
    }

    fn predicates(&mut self) -> Option<Vec<Expr>> {
        let mut found = Vec::new();
        while self.eat("[") {
            self.part()?;
            found.push(self.expr()?);
            if !self.eat("]") {
                return None;
            }
        }
        Some(found)
    }

    /// The steps of a path, each after a slash if `slash`.
    fn steps(&mut self, start: Start, mut slash: bool) -> Option<Expr> {
        let mut steps = Vec::new();
        loop {
            if slash {
                if self.eat("//") {
                    steps.push(Step::bare(Axis::DescendantOrSelf, Test::Node));
                } else if !self.eat("/") {
                    break;
                }
            }
            self.part()?;
            steps.push(self.step()?);
            slash = true;
        }
        Some(Expr::Path(Path { start, steps }))
    }

    fn step(&mut self) -> Option<Step> {
        if self.eat("..") {
            return Some(Step::bare(Axis::Parent, Test::Node));
        }
        if self.eat(".") {
            return Some(Step::bare(Axis::Self_, Test::Node));
        }
        let mut axis = Axis::Child;
        if self.eat("@") {
            axis = Axis::Attribute;
        } else if let Some(name) = self.peek_name()
            && self.rest[name.len()..].trim_start().starts_with("::")
        {
            axis = match name {
                "child" => Axis::Child,
                "descendant" => Axis::Descendant,
                "descendant-or-self" => Axis::DescendantOrSelf,
                "self" => Axis::Self_,
                "parent" => Axis::Parent,
                "ancestor" => Axis::Ancestor,
                "ancestor-or-self" => Axis::AncestorOrSelf,
                "following-sibling" => Axis::FollowingSibling,
                "preceding-sibling" => Axis::PrecedingSibling,
                "attribute" => Axis::Attribute,
                _ => return None,
            };
            self.rest = &self.rest[name.len()..];
            self.eat("::");
        }
        let test = if self.eat("*") {
            Test::Any
        } else {
            let name = self.name()?;
            if self.rest.starts_with(':') {
                return None;
            }
            if self.eat("(") {
                if name != "node" || !self.eat(")") {
                    return None;
                }
                Test::Node
            } else {
                Test::Name(name.to_owned())
            }
        };
        Some(Step {
            axis,
            test,
            predicates: self.predicates()?,
        })
    }
}
