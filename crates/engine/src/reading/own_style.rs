//! The reader's own style sheet for article text.

use std::sync::Arc;

use warta_article::LONGEST_STYLE;

use crate::api::{ArticleStyle, Result};
use crate::context::{Context, checks, records};

/// Setting: the style sheet as the reader wrote it, as a JSON string.
pub(crate) const RECORD: &str = "article-style";

/// Keeps the reader's own style sheet for article text.
pub struct OwnStyles {
    ctx: Arc<Context>,
}

impl OwnStyles {
    pub(crate) fn new(ctx: &Arc<Context>) -> Self {
        Self {
            ctx: Arc::clone(ctx),
        }
    }

    /// The style sheet, made safe; an empty one if the reader has none.
    pub fn style(&self) -> Result<ArticleStyle> {
        let json = self.ctx.store.setting(RECORD)?;
        let css: String = json.map_or_else(String::new, |json| records::read(RECORD, &json));
        Ok(made_safe(&css))
    }

    /// Keeps a style sheet, and returns it made safe. An empty one removes the one kept before.
    ///
    /// # Errors
    ///
    /// A sheet longer than [`LONGEST_STYLE`] bytes is refused.
    pub fn set_style(&self, css: &str) -> Result<ArticleStyle> {
        checks::typed(checked(css))?;
        let json = (!css.is_empty()).then(|| records::json(&css));
        self.ctx.store.set_settings(&[(RECORD.to_owned(), json)])?;
        Ok(made_safe(css))
    }
}

fn checked(css: &str) -> checks::Checked<()> {
    if css.len() > LONGEST_STYLE {
        return Err(format!(
            "a style sheet may have {} KiB, this one has {}",
            LONGEST_STYLE >> 10,
            css.len().div_ceil(1 << 10)
        ));
    }
    Ok(())
}

/// Checks the record of a snapshot.
pub(crate) fn checked_record(json: &str) -> checks::Checked<()> {
    let css: String = serde_json::from_str(json).map_err(|error| error.to_string())?;
    checked(&css)
}

fn made_safe(css: &str) -> ArticleStyle {
    let style = warta_article::own_style(css);
    ArticleStyle {
        bytes: css.len() as u32,
        css: style.css,
        left_out: style.left_out,
        more: style.more,
    }
}
