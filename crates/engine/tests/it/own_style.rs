//! The reader's own style sheet for article text.

use crate::Bench;

#[test]
fn a_style_sheet_is_kept_made_safe_and_removed() {
    let bench = Bench::new();
    assert_eq!(bench.engine.own_styles().style().unwrap().bytes, 0);
    let css = "p { color: red }\n@import url(https://evil.example/a.css);\n";
    let set = bench.engine.own_styles().set_style(css).unwrap();
    assert!(set.css.contains("color:red"), "{}", set.css);
    assert!(!set.css.contains("evil"), "{}", set.css);
    assert_eq!(
        (set.bytes, set.left_out.len(), set.left_out[0].line),
        (css.len() as u32, 1, 2)
    );
    let bench = bench.reopened();
    assert_eq!(bench.engine.own_styles().style().unwrap(), set);
    let long = " ".repeat(65 << 10);
    assert!(bench.engine.own_styles().set_style(&long).is_err());
    assert_eq!(
        bench.engine.own_styles().style().unwrap(),
        set,
        "the one before stays"
    );
    assert_eq!(bench.engine.own_styles().set_style("").unwrap().bytes, 0);
    assert_eq!(bench.engine.own_styles().style().unwrap().bytes, 0);
}

#[test]
fn a_snapshot_carries_the_style_sheet() {
    let bench = Bench::new();
    bench.engine.own_styles().set_style("p{color:red}").unwrap();
    let snapshot = bench.engine.maintenance().snapshot().unwrap();
    let other = Bench::new();
    let plan = other.engine.restoring().plan_restore(&snapshot).unwrap();
    assert_eq!(plan.refused_count, 0);
    other.engine.restoring().apply_restore(plan.plan).unwrap();
    let style = other.engine.own_styles().style().unwrap();
    assert!(style.css.contains("color:red"), "{}", style.css);
}
