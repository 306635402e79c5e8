//! The fields of the index.
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, Schema, TextFieldIndexing, TextOptions,
};

use crate::search::analysis;

#[derive(Debug, Clone, Copy)]
pub(crate) struct Fields {
    pub(crate) id: Field,
    pub(crate) feed: Field,
    pub(crate) time: Field,
    /// Language tags ([`crate::search::languages::tags`]).
    pub(crate) language: Field,
    pub(crate) title: Field,
    pub(crate) body: Field,
}

pub(crate) fn schema() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let text = |tokenizer| {
        let indexing = TextFieldIndexing::default()
            .set_tokenizer(tokenizer)
            .set_index_option(IndexRecordOption::WithFreqsAndPositions);
        TextOptions::default().set_indexing_options(indexing)
    };
    let raw = TextOptions::default().set_indexing_options(
        TextFieldIndexing::default()
            .set_tokenizer("raw")
            .set_fieldnorms(false)
            .set_index_option(IndexRecordOption::Basic),
    );
    let fields = Fields {
        id: builder.add_u64_field("id", INDEXED | FAST),
        feed: builder.add_u64_field("feed", INDEXED),
        time: builder.add_i64_field("time", FAST),
        language: builder.add_text_field("language", raw),
        title: builder.add_text_field("title", text(analysis::OF_TITLES)),
        body: builder.add_text_field("body", text(analysis::OF_TEXTS)),
    };
    (builder.build(), fields)
}
