//! Translations between XPath and CSS selectors.

use std::fmt::Write as _;
use std::path::Path;

use proptest::prelude::*;
use serde_json::Value;
use warta_article::sections::{
    LONGEST_XPATH, Selector, all_lists, css_of_xpath, list_items, xpath_of_css,
};

/// XPath as users of other readers write it, and the selector, if there is one.
const PAIRS: &[(&str, Option<&str>)] = &[
    ("//article", Some("article")),
    ("//*", Some("*")),
    ("descendant::article", Some("article")),
    (".//article", Some("article")),
    ("./html/body/div", Some("html:root > body > div")),
    (
        "/html/body/div[2]/main",
        Some("html:root > body > div:nth-of-type(2) > main"),
    ),
    ("//ul/li", Some("ul > li")),
    ("//ul//li", Some("ul li")),
    ("//ul/descendant::li", Some("ul li")),
    ("//ul/child::li", Some("ul > li")),
    ("//ul/descendant-or-self::node()/child::li", Some("ul li")),
    (
        "//div/descendant-or-self::div",
        Some("div:is(div), div div"),
    ),
    ("//h2 | //h3", Some("h2, h3")),
    ("(//h2|//h3)/a", Some("h2 > a, h3 > a")),
    ("//div[@id]", Some("div[id]")),
    ("//div[@id='daftar']/ul", Some("div#daftar > ul")),
    ("//*[@id=\"1st\"]", Some("#\\31 st")),
    (
        "//a[@rel!='nofollow']",
        Some("a[rel]:not([rel=\"nofollow\" s])"),
    ),
    (
        "//a[not(@rel='nofollow')]",
        Some("a:not([rel=\"nofollow\" s])"),
    ),
    ("//a[@data-kind='x']", Some("a[data-kind=\"x\"]")),
    ("//a['x' = @data-kind]", Some("a[data-kind=\"x\"]")),
    ("//input[@type='text']", Some("input[type=\"text\" s]")),
    (
        "//a[contains(@href, '/berita/')]",
        Some("a[href*=\"/berita/\"]"),
    ),
    (
        "//a[starts-with(@href,\"/berita/\")]",
        Some("a[href^=\"/berita/\"]"),
    ),
    ("//a[contains(./@href, '?id=')]", Some("a[href*=\"?id=\"]")),
    ("//a[contains(@href, '')]", Some("a")),
    ("//a[@href='']", Some("a[href=\"\"]")),
    (
        "//a[string-length(@href) > 0]",
        Some("a[href]:not([href=\"\"])"),
    ),
    (
        "//div[contains(concat(' ', normalize-space(@class), ' '), ' kartu ')]",
        Some("div.kartu"),
    ),
    (
        "//div[contains(concat(\" \",normalize-space(@class),\" \"),\" kartu \")][@id]",
        Some("div.kartu[id]"),
    ),
    // Without `normalize-space`, a class after a line break does not count.
    (
        "//li[contains(concat(' ', @class, ' '), ' x ')]",
        Some("li:is([class*=\" x \"], [class^=\"x \"], [class$=\" x\"], [class=\"x\"])"),
    ),
    (
        "//li[contains(concat(' ', normalize-space(@class), ' '), ' post-')]",
        Some(
            "li:is([class^=\"post-\"], [class*=\" post-\"], [class*=\"\\9 post-\"], [class*=\"\\a post-\"], [class*=\"\\d post-\"])",
        ),
    ),
    (
        "//li[contains(normalize-space(@class), 'kartu')]",
        Some("li[class*=\"kartu\"]"),
    ),
    ("//li[normalize-space(@class)='kartu']", None),
    (
        "//li[@class='kartu besar']",
        Some("li[class=\"kartu besar\"]"),
    ),
    ("//ul/li[1]", Some("ul > li:nth-of-type(1)")),
    ("//li[2]", Some("li:nth-of-type(2)")),
    ("//ul/*[3]", Some("ul > :nth-child(3)")),
    ("//li[position()=2]", Some("li:nth-of-type(2)")),
    ("//li[position()<3]", Some("li:nth-of-type(-n+2)")),
    ("//tr[position() > 1]", Some("tr:nth-of-type(n+2)")),
    (
        "//tr[position() >= 2 and position() <= 4]",
        Some("tr:nth-of-type(n+2):nth-of-type(-n+4)"),
    ),
    ("//tr[position() mod 2 = 1]", Some("tr:nth-of-type(2n+1)")),
    ("//tr[not(position()=1)]", Some("tr:not(:nth-of-type(1))")),
    ("//li[last()]", Some("li:nth-last-of-type(1)")),
    ("//li[last()-1]", Some("li:nth-last-of-type(2)")),
    ("//li[position()=last()]", Some("li:nth-last-of-type(1)")),
    (
        "//li[position() < last()]",
        Some("li:nth-last-of-type(n+2)"),
    ),
    ("//li[0]", None),
    ("//li[1.5]", None),
    // The second of those with the class, not the second item if it has it.
    (
        "//li[@class='x'][2]",
        Some("li[class=\"x\"]:nth-child(2 of li[class=\"x\"])"),
    ),
    (
        "//li[2][@class='x']",
        Some("li:nth-of-type(2)[class=\"x\"]"),
    ),
    (
        "//tr[position()>1][1]",
        Some("tr:nth-of-type(n+2):nth-child(1 of tr:nth-of-type(n+2))"),
    ),
    ("(//li)[1]", None),
    ("//ul/descendant::li[1]", None),
    ("//li[@class and @id]", Some("li[class][id]")),
    ("//li[@class or @id]", Some("li:is([class], [id])")),
    (
        "//li[(@class or @id) and not(@hidden)]",
        Some("li:is([class]:not([hidden]), [id]:not([hidden]))"),
    ),
    (
        "//li[not(@class) and not(@id)]",
        Some("li:not([class]):not([id])"),
    ),
    ("//li[not(@class or @id)]", Some("li:not([class], [id])")),
    ("//li[a]", Some("li:has(> a)")),
    ("//li[.//a]", Some("li:has(a)")),
    ("//li[.//a/@href]", Some("li:has(a[href])")),
    ("//li[.//a[@href]]", Some("li:has(a[href])")),
    ("//article[descendant::h2]", Some("article:has(h2)")),
    (
        "//article[descendant::h2/a[@href]]",
        Some("article:has(h2 > a[href])"),
    ),
    ("//article[.//h2[a]]", Some("article:has(h2 > a)")),
    ("//article[.//h2[a and span]]", None),
    ("//article[not(.//video)]", Some("article:not(:has(video))")),
    (
        "//article[h2 or h3]",
        Some("article:is(:has(> h2), :has(> h3))"),
    ),
    (
        "//article[h2|h3]",
        Some("article:is(:has(> h2), :has(> h3))"),
    ),
    (
        "//article[.//a/@rel='bookmark']",
        Some("article:has(a[rel=\"bookmark\" s])"),
    ),
    ("//article[count(.//a) > 0]", Some("article:has(a)")),
    ("//article[count(.//a) = 0]", Some("article:not(:has(a))")),
    ("//article[count(.//a) > 1]", None),
    ("//*[self::h2 or self::h3]", Some("h2, h3")),
    ("//div[self::h2]", Some("div:is(h2)")),
    ("//*[name()='h2']", Some("h2")),
    ("//li[parent::ol]", Some("li:is(ol > *)")),
    ("//a[not(ancestor::nav)]", Some("a:not(nav *)")),
    (
        "//a[../@class='judul']",
        Some("a:is([class=\"judul\"] > *)"),
    ),
    (
        "//div//p[ancestor::nav/section]",
        Some("div p:is(nav:has(> section) *)"),
    ),
    ("//li[preceding-sibling::li]", Some("li:is(li ~ *)")),
    ("//h2/following-sibling::p", Some("h2 ~ p")),
    ("//h2/following-sibling::*[1]", Some("h2 + *")),
    ("//h2/following-sibling::*[1][self::p]", Some("h2 + p")),
    ("//h2/following-sibling::p[1]", None),
    ("//h2[following-sibling::p]", Some("h2:has(~ p)")),
    (
        "//h2[following-sibling::*[1][self::p]]",
        Some("h2:has(+ p)"),
    ),
    ("//p/preceding-sibling::h2", Some("h2:has(~ p)")),
    ("//p/preceding-sibling::*[1]", Some(":has(+ p)")),
    ("//h2/..", Some(":has(> h2)")),
    ("//h2/a/parent::h2", Some("h2:has(> :is(h2 > a))")),
    (
        "//a[contains(@href, '/interesting/')]/ancestor::article",
        Some("article:has(a[href*=\"/interesting/\"])"),
    ),
    ("//a/ancestor::div[1]", None),
    ("//a/ancestor::*[1]", Some(":has(> a)")),
    ("//a/ancestor-or-self::div", Some("a:is(div), div:has(a)")),
    ("/html", Some("html:root")),
    (
        "//h2/ancestor::div[@class='x'][.//a]",
        Some("div[class=\"x\"]:has(a):has(h2)"),
    ),
    (
        "//a[@title='Kata \"ini\"']",
        Some("a[title=\"Kata \\\"ini\\\"\"]"),
    ),
    (
        "//a[@title=concat('Jum', \"'\", 'at')]",
        Some("a[title=\"Jum'at\"]"),
    ),
    (
        "//a[translate(@data-x,'ABCDEFGHIJKLMNOPQRSTUVWXYZ','abcdefghijklmnopqrstuvwxyz')='y']",
        Some("a[data-x=\"y\" i]"),
    ),
    (
        "//a[substring(@href, string-length(@href) - 4) = '.html']",
        Some("a[href$=\".html\"]"),
    ),
    (
        "//a[substring(@href, string-length(@href) - string-length('.html') + 1) = '.html']",
        Some("a[href$=\".html\"]"),
    ),
    (
        "//a[substring(@href, string-length(@href) - 3) = '.html']",
        None,
    ),
    // Texts, numbers and attributes that are no elements.
    ("//a[contains(text(), 'Berita')]", None),
    ("//a[contains(., 'Berita')]", None),
    ("//h2[. = 'Berita']", None),
    ("//h2[text()]", None),
    ("//a/@href", None),
    ("//a/text()", None),
    ("//ul/node()", None),
    ("//text()/..", None),
    ("//a[@data-n > 3]", None),
    ("//a[//video]", None),
    ("//a/following::p", None),
    ("//a/preceding::p", None),
    ("//@*", None),
    ("count(//a)", None),
    ("'a'", None),
    ("//DIV", None),
    ("//svg:a", None),
    ("//div[false()]", None),
    ("/", None),
    (".", None),
    ("", None),
    ("//", None),
    ("//div[", None),
    ("//div]", None),
    ("//div[@id='x]", None),
    ("div.kartu > a", None),
    ("//a[$x]", None),
];

#[test]
fn xpath_becomes_the_selector_of_the_same_elements_or_none() {
    assert!(PAIRS.len() >= 50);
    let mut wrong = String::new();
    for (xpath, expected) in PAIRS {
        let css = css_of_xpath(xpath);
        if css.as_deref() != *expected {
            let _ = writeln!(wrong, "{xpath}\n  {css:?}\n  not {expected:?}");
        }
        if let Some(css) = css {
            Selector::parse(&css).expect("a selector");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn a_selector_becomes_xpath_or_none() {
    let class = |name: &str| {
        format!("contains(concat(\" \", normalize-space(@class), \" \"), \" {name} \")")
    };
    for (css, expected) in [
        ("article", Some("//article".to_owned())),
        ("*", Some("//*".to_owned())),
        ("LI", Some("//li".to_owned())),
        ("ul > li a", Some("//ul/li//a".to_owned())),
        ("h2, h3", Some("//h2 | //h3".to_owned())),
        (
            "h2 + p",
            Some("//h2/following-sibling::*[1][self::p]".to_owned()),
        ),
        ("h2 ~ p", Some("//h2/following-sibling::p".to_owned())),
        (
            "#daftar > .kartu",
            Some(format!("//*[@id = \"daftar\"]/*[{}]", class("kartu"))),
        ),
        ("a[href]", Some("//a[@href]".to_owned())),
        ("a[href='/x']", Some("//a[@href = \"/x\"]".to_owned())),
        (
            "a[href^='/x']",
            Some("//a[starts-with(@href, \"/x\")]".to_owned()),
        ),
        (
            "a[href*='/x']",
            Some("//a[contains(@href, \"/x\")]".to_owned()),
        ),
        (
            "a[href$='.html']",
            Some("//a[substring(@href, string-length(@href) - 4) = \".html\"]".to_owned()),
        ),
        ("a[href*='']", Some("//a[false()]".to_owned())),
        ("li:nth-of-type(2)", Some("//li[2]".to_owned())),
        ("li:nth-child(2)", Some("//*[2][self::li]".to_owned())),
        ("li:first-child", Some("//*[1][self::li]".to_owned())),
        ("li:last-of-type", Some("//li[last()]".to_owned())),
        (
            "li:nth-child(odd)",
            Some("//li[count(preceding-sibling::*) mod 2 = 0]".to_owned()),
        ),
        (
            "li:nth-child(n+3)",
            Some("//li[count(preceding-sibling::*) >= 2]".to_owned()),
        ),
        (
            "li:nth-child(-n+3)",
            Some("//li[count(preceding-sibling::*) <= 2]".to_owned()),
        ),
        (
            "p:nth-of-type(2):has(img)",
            Some("//p[2][.//img]".to_owned()),
        ),
        (":nth-of-type(2)", None),
        (
            "p:only-child",
            Some("//p[not(preceding-sibling::* or following-sibling::*)]".to_owned()),
        ),
        ("li:not(.ad)", Some(format!("//li[not({})]", class("ad")))),
        (
            "li:not(aside *, nav *)",
            Some("//li[not(ancestor::aside or ancestor::nav)]".to_owned()),
        ),
        ("li:is(ol > *)", Some("//li[parent::ol]".to_owned())),
        ("div:has(> h2 a)", Some("//div[h2//a]".to_owned())),
        (
            "div:has(h2, h3)",
            Some("//div[(.//h2 or .//h3)]".to_owned()),
        ),
        ("html:root", Some("//html[not(parent::*)]".to_owned())),
        ("p:empty", Some("//p[not(* or text())]".to_owned())),
        (
            "a[title='\"Kata\" Jum\\'at']",
            Some("//a[@title = concat(\"\", '\"', \"Kata\", '\"', \" Jum'at\")]".to_owned()),
        ),
        ("a[title='\\9']", None),
        ("|a", None),
    ] {
        let selector = Selector::parse(css).expect(css);
        assert_eq!(xpath_of_css(&selector), expected, "{css}");
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the pages are files of the test, not of the reader's store"
)]
fn read(file: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sections");
    std::fs::read(folder.join(file)).expect("a file")
}

/// Every selector that is proposed for a page gives the same items after it was XPath.
#[test]
fn proposed_selectors_survive_as_xpath() {
    let labels: Value = serde_json::from_slice(&read("labels.json")).expect("labels");
    let mut count = 0;
    for (name, label) in labels.as_object().expect("labels") {
        let html = read(&format!("{name}.html"));
        let url = label["address"].as_str();
        for list in all_lists(&html, url, None).map_or(Vec::new(), |found| found.lists) {
            let selector = Selector::parse(&list.selector).expect("a selector");
            let xpath = xpath_of_css(&selector).expect(&list.selector);
            let again = css_of_xpath(&xpath).unwrap_or_else(|| panic!("{name}: {xpath}"));
            let again = Selector::parse(&again).expect("a selector");
            assert_eq!(
                list_items(&html, url, None, &again),
                list.items,
                "{name}: {xpath}"
            );
            count += 1;
        }
    }
    assert!(count >= 50, "{count} lists");
}

#[test]
fn hostile_expressions_end_soon() {
    let deep = |start: &str, end: &str| format!("//a{}b{}", start.repeat(900), end.repeat(900));
    for xpath in [
        deep("[", "]"),
        deep("[(", ")]"),
        format!("//a[{}@a]", "not(".repeat(900)),
        format!("//a[{}@a]", "@a or ".repeat(600)),
        format!("//a{}", "[1]".repeat(1300)),
        format!("//a{}", "/..".repeat(1300)),
        format!("//a[{}b]", "descendant-or-self::a/".repeat(150)),
        format!("//a[{}b]", "ancestor-or-self::a/".repeat(30)),
        format!("//a{}", "/descendant-or-self::b".repeat(30)),
        format!("//a{}", "[@a or @b]".repeat(60)),
        "(".repeat(LONGEST_XPATH),
        "/".repeat(LONGEST_XPATH),
        "a".repeat(LONGEST_XPATH + 1),
    ] {
        let css = css_of_xpath(&xpath);
        assert!(css.is_none_or(|css| Selector::parse(&css).is_ok()));
    }
    for css in [
        format!("a{}", ":nth-child(1 of b".repeat(12) + &")".repeat(12)),
        format!("a{}", ":not(b".repeat(38) + &")".repeat(38)),
        format!("a{}", ":has(b, :is(c, d > e))".repeat(5)),
    ] {
        let selector = Selector::parse(&css).expect(&css);
        let xpath = xpath_of_css(&selector);
        assert!(xpath.is_none_or(|xpath| xpath.len() <= LONGEST_XPATH));
    }
}

fn pieces() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("//"),
        Just("/"),
        Just("a"),
        Just("*"),
        Just("["),
        Just("]"),
        Just("@class"),
        Just("("),
        Just(")"),
        Just("'x'"),
        Just("="),
        Just("!="),
        Just("<"),
        Just("1"),
        Just(" and "),
        Just(" or "),
        Just("not("),
        Just("contains("),
        Just(","),
        Just("|"),
        Just("position()"),
        Just("last()"),
        Just("ancestor::"),
        Just("following-sibling::"),
        Just(".."),
        Just("."),
        Just("concat(' ',"),
        Just("node()"),
        Just("-"),
        Just("\""),
        Just("é"),
        Just("count("),
        Just(" mod "),
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn no_text_panics(text in any::<String>(), pieces in pieces()) {
        for xpath in [text, pieces] {
            if let Some(css) = css_of_xpath(&xpath) {
                let selector = Selector::parse(&css).expect("a selector");
                let _ = xpath_of_css(&selector);
            }
        }
    }

    #[test]
    fn no_selector_panics(text in "[a-z .#>+~:()*\\[\\]='\"0-9n,-]{0,40}") {
        if let Ok(selector) = Selector::parse(&text)
            && let Some(xpath) = xpath_of_css(&selector)
        {
            let _ = css_of_xpath(&xpath);
        }
    }
}
