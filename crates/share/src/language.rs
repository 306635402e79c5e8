//! What a language consists of.

use crate::model::Daypart;

/// A language.
#[derive(Debug)]
pub struct Language {
    /// Its primary tag (BCP 47).
    pub tag: &'static str,
    /// The primary tags of the system languages whose readers get it.
    pub understood_by: &'static [&'static str],
    /// The words for each channel that needs some, by its id.
    pub(crate) channels: &'static [(&'static str, ChannelWords)],
    /// The months' names.
    pub months: [&'static str; 12],
    /// The heading of a book's table of contents.
    pub contents: &'static str,
    /// The heading of a digest, such as "5 stories this morning".
    pub(crate) digest: fn(usize, Daypart) -> String,
    /// Names a story's publishers, and how many more there are.
    pub(crate) reported_by: fn(&str, usize) -> String,
}

/// What a language says about a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ChannelWords {
    /// Empty for a brand's own name.
    pub(crate) name: &'static str,
    /// The channel's limitations; may be empty.
    pub(crate) note: &'static str,
}

impl Language {
    pub(crate) fn channel(&self, id: &str) -> ChannelWords {
        let found = self.channels.iter().find(|(channel, _)| *channel == id);
        found.map_or(ChannelWords { name: "", note: "" }, |(_, words)| *words)
    }
}
