//! What makes reading offline possible: pictures, full texts, podcasts, packs and the data budget.

pub(crate) mod data_budget;
pub(crate) mod full_text;
pub(crate) mod imported_pictures;
pub(crate) mod packs;
pub(crate) mod pictures;
pub(crate) mod podcasts;
pub(crate) mod saved_pages;
