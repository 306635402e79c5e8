//! Finds the article on a page by scoring its parts.
//!
//! Every block of text gets a weight: positive for prose, negative for links and loose words. Parts
//! with names of page furniture are pruned, unless they contain most of the prose. The article is
//! the smallest part with nearly the greatest sum of weights; class names of article bodies decide
//! between close sums. A lead paragraph and parts that continue the article are added to it.

use warta_text::letters_only;

use crate::class_hints::Hints;
use crate::outline::{Outline, Own};
use crate::parse::NodeId;

/// Score below which a candidate is too short to be certain.
const SHORT: f64 = 250.0;

/// The parts of a page that are its article.
pub(crate) struct Found {
    /// In document order, none inside another.
    pub(crate) parts: Vec<NodeId>,
    /// Pruned nodes.
    pub(crate) left_out: Vec<bool>,
    /// Captions, by node.
    pub(crate) captions: Vec<bool>,
    /// Figures, by node.
    pub(crate) figures: Vec<bool>,
}

/// How strictly parts are pruned by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pruning {
    Strict,
    Loose,
}

/// Finds the article. `declared`: its text as stated in the page's metadata.
pub(crate) fn find_article(
    outline: &Outline<'_>,
    title: Option<&str>,
    declared: Option<&str>,
) -> Option<Found> {
    let search = Search::new(outline, title, declared);
    let strict = search.article(Pruning::Strict);
    let loose = || search.article(Pruning::Loose);
    let choice = match strict {
        Some(strict) if strict.weight >= SHORT => {
            if strict.weight < search.all * 0.2 {
                loose()
                    .filter(|loose| loose.weight > strict.weight * 3.0)
                    .unwrap_or(strict)
            } else {
                strict
            }
        }
        Some(strict) => loose()
            .filter(|loose| loose.weight > strict.weight * 1.5)
            .unwrap_or(strict),
        None => loose()?,
    };
    Some(search.found(&choice))
}

struct Search<'o, 't> {
    outline: &'o Outline<'t>,
    /// The weight of every block.
    weights: Vec<f64>,
    /// Sum of all positive weights.
    all: f64,
    headings: Vec<usize>,
    /// The headings that equal the page's title.
    titles: Vec<usize>,
}

struct Choice {
    parts: Vec<usize>,
    out: Vec<bool>,
    weight: f64,
}

impl<'o, 't> Search<'o, 't> {
    fn new(outline: &'o Outline<'t>, title: Option<&str>, declared: Option<&str>) -> Self {
        let declared = declared.map(letters_only).filter(|text| text.len() > 300);
        let mut weights = vec![0.0; outline.parts.len()];
        for (at, own) in outline.own.iter().enumerate() {
            if own.letters == 0 {
                continue;
            }
            weights[at] = weight(outline.parts[at].name, *own);
            if let Some(declared) = &declared
                && own.letters >= 60
            {
                let text = letters_only(&own_text(outline, at));
                let start = &text[..text.floor_char_boundary(60)];
                if declared.contains(start) {
                    weights[at] = f64::from(own.letters) * 2.0;
                }
            }
        }
        without_cards(outline, &mut weights);
        let all = weights.iter().filter(|w| **w > 0.0).sum();
        let is_heading = |at: &usize| outline.parts[*at].name == "h1";
        let headings = (0..outline.parts.len()).filter(is_heading).collect();
        let title = title.map(letters_only).filter(|title| title.len() > 8);
        let is_title = |at: &usize| {
            matches!(outline.parts[*at].name, "h1" | "h2" | "h3")
                && title.as_deref().is_some_and(|title| {
                    outline
                        .short_text(*at, 400)
                        .is_some_and(|text| letters_only(&text) == title)
                })
        };
        let titles = (0..outline.parts.len()).filter(is_title).collect();
        Self {
            outline,
            weights,
            all,
            headings,
            titles,
        }
    }

    fn article(&self, pruning: Pruning) -> Option<Choice> {
        let out = self.left_out(pruning);
        let sums = self.sums(&out, |w| w);
        let sum = |at: usize| sums[self.outline.parts[at].end] - sums[at];
        let parts = &self.outline.parts;
        let most = (0..parts.len())
            .filter(|at| parts[*at].name != "#text" && !out[*at])
            .map(sum)
            .fold(0.0, f64::max);
        if most <= 0.0 {
            return None;
        }
        let mut chosen = self.on_the_chain(0, &out, &sum);
        if let Some(titled) = self.below_title(chosen, &out, &sum) {
            chosen = titled;
        }
        if let Some(named) = self.named(&out, &sum, most) {
            let is_far =
                !self.titles.is_empty() && self.is_titled(chosen) && !self.is_titled(named);
            let better = if is_far {
                false
            } else if self.outline.holds(chosen, named) {
                sum(named) > sum(chosen) * 0.6
            } else {
                !self.outline.holds(named, chosen) && sum(named) > SHORT
            };
            if better {
                chosen = named;
            }
        }
        let mut whole = self.leads(chosen, &out);
        whole.push(chosen);
        whole.extend(self.continued(chosen, &out, &sum));
        let weight = whole.iter().map(|at| sum(*at)).sum();
        Some(Choice {
            parts: whole,
            out,
            weight,
        })
    }

    /// Descends along the heaviest children; returns the deepest part with nearly all of the
    /// weight.
    fn on_the_chain(&self, from: usize, out: &[bool], sum: &dyn Fn(usize) -> f64) -> usize {
        let parts = &self.outline.parts;
        let inside = (from..parts[from].end).filter(|at| parts[*at].name != "#text" && !out[*at]);
        let most = inside.map(sum).fold(0.0, f64::max);
        let mut chain = vec![from];
        let mut at = from;
        loop {
            let children = self
                .outline
                .children(at)
                .filter(|c| parts[*c].name != "#text" && !out[*c]);
            let children = children.filter(|c| is_container(parts[*c].name));
            let Some(next) = children.max_by(|a, b| sum(*a).total_cmp(&sum(*b))) else {
                break;
            };
            if sum(next) < most * 0.4 {
                break;
            }
            chain.push(next);
            at = next;
        }
        let value = |at: usize| {
            let part = &parts[at];
            let bonus = if matches!(part.name, "" | "html" | "body") {
                0.9
            } else if self.is_body(at) {
                1.25
            } else if part.hints.has(Hints::CONTENT) || matches!(part.name, "article" | "main") {
                1.1
            } else {
                1.0
            };
            sum(at) * bonus
        };
        let best = chain.iter().map(|at| value(*at)).fold(0.0, f64::max);
        chain
            .into_iter()
            .rev()
            .filter(|at| !matches!(parts[*at].name, "table" | "tbody" | "thead" | "tr"))
            .find(|at| value(*at) >= best * 0.85)
            .unwrap_or(from)
    }

    /// Whether a heading with the page's title is in a part or in its near ancestors.
    fn is_titled(&self, at: usize) -> bool {
        let near = self.outline.upwards(at).take(4);
        let near: Vec<usize> = near
            .filter(|up| !matches!(self.outline.parts[*up].name, "" | "html" | "body"))
            .collect();
        self.titles
            .iter()
            .any(|title| near.iter().any(|up| self.outline.holds(*up, *title)))
    }

    /// Of several articles on a page, the one below the heading with the page's title.
    fn below_title(
        &self,
        chosen: usize,
        out: &[bool],
        sum: &dyn Fn(usize) -> f64,
    ) -> Option<usize> {
        let parts = &self.outline.parts;
        let regions = self
            .titles
            .iter()
            .filter(|title| !out[**title])
            .filter_map(|title| {
                let mut up = self.outline.upwards(*title).take(8);
                up.find(|up| sum(*up) > SHORT && !matches!(parts[*up].name, "" | "html" | "body"))
            });
        let region = regions.max_by(|a, b| sum(*a).total_cmp(&sum(*b)))?;
        if self.outline.holds(region, chosen) {
            return None;
        }
        let is_apart = if self.outline.holds(chosen, region) {
            // The rest must be other articles, not the rest of this one.
            sum(region) < sum(chosen) * 0.7 && self.has_likes(region, sum)
        } else {
            sum(region) > sum(chosen) * 0.2
        };
        is_apart.then(|| self.on_the_chain(region, out, sum))
    }

    /// Whether there are sibling articles: parts of the same kind with their own headings.
    fn has_likes(&self, at: usize, sum: &dyn Fn(usize) -> f64) -> bool {
        let parts = &self.outline.parts;
        let class = self.outline.attribute(at, "class");
        self.outline.upwards(at).take(3).any(|at| {
            let beside = self.outline.children(parts[at].parent).filter(|other| {
                *other != at
                    && parts[*other].name == parts[at].name
                    && (parts[at].name == "article"
                        || class.is_some() && self.outline.attribute(*other, "class") == class)
                    && sum(*other) > SHORT
                    && parts[*other..parts[*other].end]
                        .iter()
                        .any(|part| matches!(part.name, "h1" | "h2"))
            });
            beside.count() > 0
        })
    }

    /// The part that the page itself names as the article's text.
    fn named(&self, out: &[bool], sum: &dyn Fn(usize) -> f64, most: f64) -> Option<usize> {
        let named = (0..self.outline.parts.len()).filter(|at| !out[*at] && self.is_body(*at));
        let best = named.max_by(|a, b| sum(*a).total_cmp(&sum(*b)))?;
        (sum(best) > most * 0.3).then_some(best)
    }

    fn is_body(&self, at: usize) -> bool {
        let part = &self.outline.parts[at];
        part.name != "#text"
            && (part.hints.has(Hints::BODY) && !matches!(part.name, "body" | "html")
                || self
                    .outline
                    .attribute(at, "itemprop")
                    .is_some_and(|p| p.eq_ignore_ascii_case("articleBody")))
    }

    /// Lead paragraphs before the chosen part: after the headline, or named so.
    fn leads(&self, chosen: usize, out: &[bool]) -> Vec<usize> {
        let parts = &self.outline.parts;
        let near: Vec<usize> = self.outline.upwards(chosen).skip(1).take(6).collect();
        let heading = self.headings.iter().copied().rfind(|at| *at < chosen);
        let region = match heading {
            Some(heading) => near
                .iter()
                .copied()
                .find(|at| self.outline.holds(*at, heading)),
            None => near.first().copied(),
        };
        let Some(region) = region.filter(|at| !matches!(parts[*at].name, "" | "html")) else {
            return Vec::new();
        };
        let mut leads = Vec::new();
        let mut at = heading.map_or(region + 1, |heading| parts[heading].end);
        while at < chosen {
            if out[at] {
                at = parts[at].end;
                continue;
            }
            let own = self.outline.own[at];
            let is_called = self
                .outline
                .upwards(at)
                .take(3)
                .any(|up| parts[up].hints.has(Hints::LEAD));
            let is_heading = matches!(parts[at].name, "h2" | "h3" | "h4" | "h5");
            let is_lead = if is_called {
                own.letters >= 25
            } else {
                heading.is_some() && (self.weights[at] >= 60.0 || is_heading && own.letters >= 70)
            };
            if parts[at].block == at
                && is_lead
                && own.linked * 4 < own.letters
                && !self.outline.holds(at, chosen)
            {
                leads.push(at);
                at = parts[at].end;
            } else {
                at += 1;
            }
        }
        leads
    }

    /// Parts after the chosen one with the same structure, or that are prose.
    fn continued(&self, chosen: usize, out: &[bool], sum: &dyn Fn(usize) -> f64) -> Vec<usize> {
        let parts = &self.outline.parts;
        let holder = parts[chosen].parent;
        let class = self.outline.attribute(chosen, "class");
        let is_alike = |at: usize| {
            let other = self.outline.attribute(at, "class").unwrap_or_default();
            class.is_some_and(|class| {
                class
                    .split_whitespace()
                    .any(|name| other.split_whitespace().any(|o| o == name))
            })
        };
        let mut more = Vec::new();
        for at in self
            .outline
            .children(holder)
            .filter(|at| *at > chosen && !out[*at])
        {
            let part = &parts[at];
            let alike = part.name == parts[chosen].name
                && is_alike(at)
                && sum(at) > 80.0
                && part.name != "article";
            let prose = part.name == "p" && self.weights[at] > 80.0;
            if alike || prose {
                more.push(at);
            }
        }
        more
    }

    /// Marks the parts to prune.
    fn left_out(&self, pruning: Pruning) -> Vec<bool> {
        let parts = &self.outline.parts;
        let prose = self.sums(&vec![false; parts.len()], |w| w.max(0.0));
        let mut out = vec![false; parts.len()];
        let mut at = 0;
        while at < parts.len() {
            let inside = prose[parts[at].end] - prose[at];
            if self.is_left_out(at, inside, pruning) {
                out[at..parts[at].end].fill(true);
                at = parts[at].end;
            } else {
                at += 1;
            }
        }
        out
    }

    fn is_left_out(&self, at: usize, inside: f64, pruning: Pruning) -> bool {
        let part = &self.outline.parts[at];
        if matches!(
            part.name,
            "#text" | "" | "html" | "body" | "main" | "figure" | "picture" | "img" | "h1"
        ) {
            return false;
        }
        let share = inside / self.all.max(1.0);
        let role = self.outline.attribute(at, "role").unwrap_or_default();
        let around = match part.name {
            "nav" | "footer" | "menu" => 0.5,
            "aside" => 0.4,
            "form" | "fieldset" => 0.3,
            _ => match role {
                "navigation" | "contentinfo" | "search" | "menu" | "menubar" | "dialog"
                | "banner" => 0.4,
                "complementary" => 0.3,
                _ => 0.0,
            },
        };
        if around > 0.0 && share < around {
            return pruning == Pruning::Strict || inside < SHORT;
        }
        if part.hints.has(Hints::CONSENT) && self.all - inside >= SHORT && self.is_about_consent(at)
        {
            return true;
        }
        if pruning == Pruning::Loose {
            return part.hints.has(Hints::COMMENTS) && share < 0.5;
        }
        if part.name == "article" {
            return false;
        }
        let is_hidden = self.outline.attribute(at, "aria-hidden") == Some("true");
        part.hints.has(Hints::COMMENTS) && share < 0.85
            || part.hints.has(Hints::CLUTTER) && share < 0.4 && !self.is_body(at)
            || part.hints.has(Hints::BARRIER) && share < 0.2
            || is_hidden && share < 0.2
            || part.hints.has(Hints::META) && self.is_short(at, inside)
    }

    /// Whether a part mentions cookies repeatedly.
    fn is_about_consent(&self, at: usize) -> bool {
        let Some(text) = self.outline.short_text(at, 30_000) else {
            return false;
        };
        let low = text.to_lowercase();
        let said: usize = [
            "cookie",
            "kuki",
            "consent",
            "privacy",
            "datenschutz",
            "privasi",
        ]
        .iter()
        .map(|word| low.matches(word).count())
        .sum();
        said >= 2 && said * 500 >= low.len()
    }

    fn is_short(&self, at: usize, inside: f64) -> bool {
        let letters = self.outline.letters(at);
        inside < 100.0 && letters < 160
    }

    /// Prefix sums of weights.
    fn sums(&self, out: &[bool], weight: impl Fn(f64) -> f64) -> Vec<f64> {
        let mut sums = Vec::with_capacity(out.len() + 1);
        let mut sum = 0.0;
        sums.push(0.0);
        for (at, out) in out.iter().enumerate() {
            sum += if *out { 0.0 } else { weight(self.weights[at]) };
            sums.push(sum);
        }
        sums
    }

    fn found(&self, choice: &Choice) -> Found {
        let parts = &self.outline.parts;
        let most = parts
            .iter()
            .map(|part| part.node as usize + 1)
            .max()
            .unwrap_or(0);
        let mut left_out = vec![false; most];
        let mut captions = vec![false; most];
        let mut figures = vec![false; most];
        for (at, part) in parts.iter().enumerate() {
            left_out[part.node as usize] = choice.out[at];
            captions[part.node as usize] = part.hints.has(Hints::CAPTION) && self.is_caption(at);
            figures[part.node as usize] = self.is_figure(at);
        }
        Found {
            parts: choice.parts.iter().map(|at| parts[*at].node).collect(),
            left_out,
            captions,
            figures,
        }
    }

    /// A picture with few words whose class or id says that it is a figure.
    fn is_figure(&self, at: usize) -> bool {
        let parts = &self.outline.parts;
        let part = &parts[at];
        if !part.hints.has(Hints::PICTURE.with(Hints::CAPTION))
            || part.end - at > 40
            || !matches!(part.name, "div" | "span" | "p" | "section" | "dl")
        {
            return false;
        }
        let letters = self.outline.letters(at);
        let inside = &parts[at..part.end];
        letters < 400
            && inside
                .iter()
                .any(|part| matches!(part.name, "img" | "picture"))
            && inside.iter().all(|part| {
                !matches!(
                    part.name,
                    "h1" | "h2" | "h3" | "table" | "figure" | "iframe"
                )
            })
    }

    /// Few words near a picture.
    fn is_caption(&self, at: usize) -> bool {
        let parts = &self.outline.parts;
        let letters = self.outline.letters(at);
        let near = self.outline.upwards(at).skip(1).take(3);
        letters < 400
            && parts[at].name != "figure"
            && parts[at].end - at < 60
            && parts[at..parts[at].end]
                .iter()
                .all(|part| part.name != "img")
            && near.into_iter().any(|up| {
                parts[up].end - up < 60
                    && parts[up..parts[up].end]
                        .iter()
                        .any(|part| part.name == "img")
            })
    }
}

/// Whether most items begin with a link followed by few words.
fn is_list_of_cards(outline: &Outline<'_>, list: usize) -> bool {
    let (mut items, mut cards) = (0, 0);
    for item in outline
        .children(list)
        .filter(|at| outline.parts[*at].name == "li")
    {
        items += 1;
        let inside = item..outline.parts[item].end;
        let letters = outline.letters(item);
        let linked = outline.linked(item);
        let first = outline.parts[inside]
            .iter()
            .find(|part| part.name == "#text" && !is_blank(outline, part.node));
        cards += u32::from(
            first.is_some_and(|part| part.linked) && linked * 7 > letters && letters < 500,
        );
    }
    items > 2 && cards * 5 > items * 4
}

fn is_blank(outline: &Outline<'_>, node: NodeId) -> bool {
    matches!(outline.tree.data(node), crate::parse::Data::Text(text) if text.trim().is_empty())
}

/// Whether an element can contain paragraphs.
fn is_container(name: &str) -> bool {
    !matches!(
        name,
        "p" | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "ul"
            | "ol"
            | "dl"
            | "li"
            | "dd"
            | "dt"
            | "pre"
            | "blockquote"
            | "a"
            | "b"
            | "strong"
            | "i"
            | "em"
            | "figure"
            | "figcaption"
    )
}

/// Removes the weight of teasers: few words below a heading that is a link.
fn without_cards(outline: &Outline<'_>, weights: &mut [f64]) {
    let parts = &outline.parts;
    let inside = |at: usize| outline.letters(at);
    for at in 0..parts.len() {
        if matches!(parts[at].name, "ul" | "ol") && is_list_of_cards(outline, at) {
            for weight in &mut weights[at..parts[at].end] {
                *weight = weight.min(0.0);
            }
        }
        if !matches!(parts[at].name, "h2" | "h3" | "h4" | "h5" | "h6")
            || outline.own[at].letters == 0
        {
            continue;
        }
        let own = outline.own[at];
        if own.linked * 5 < own.letters * 4 {
            continue;
        }
        let card = outline
            .upwards(at)
            .find(|up| inside(*up) > own.letters + 30);
        if let Some(card) = card.filter(|card| inside(*card) < 700) {
            for weight in &mut weights[card..parts[card].end] {
                *weight = weight.min(0.0);
            }
        }
    }
}

/// The weight of a block of text.
fn weight(name: &str, own: Own) -> f64 {
    let (letters, linked) = (f64::from(own.letters), f64::from(own.linked));
    if linked > letters * 0.5 {
        return -letters * 0.5;
    }
    if matches!(
        name,
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "figcaption" | "caption"
    ) {
        return 0.0;
    }
    if own.letters >= 80 && own.marks > 0 {
        (letters - linked * 2.0).max(0.0)
    } else if own.letters >= 35 && own.marks > 0 {
        (letters * 0.6 - linked * 2.0).max(0.0)
    } else if name == "p" && own.letters >= 25 {
        (letters * 0.3 - linked * 2.0).max(0.0)
    } else if name == "li" && own.letters >= 20 {
        (letters * 0.2 - linked * 2.0).max(0.0)
    } else if matches!(name, "p" | "li" | "td") {
        0.0
    } else {
        -5.0
    }
}

fn own_text(outline: &Outline<'_>, block: usize) -> String {
    let mut text = String::new();
    for part in &outline.parts[block..outline.parts[block].end] {
        if part.block == block
            && let crate::parse::Data::Text(characters) = outline.tree.data(part.node)
        {
            text.push_str(characters);
            if text.len() > 200 {
                break;
            }
        }
    }
    text
}
