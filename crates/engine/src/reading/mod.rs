//! Lists, articles, marks, tags, search and media: everything that works without a network.

pub(crate) mod articles;
pub(crate) mod fonts;
pub(crate) mod highlights;
pub(crate) mod lists;
pub(crate) mod marks;
pub(crate) mod media;
pub(crate) mod own_style;
pub(crate) mod rows;
pub(crate) mod saved_searches;
pub(crate) mod search;
pub(crate) mod tags;
