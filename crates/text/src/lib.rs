//! Plain text, shared by the crates that show or export it: where sentences end, whether quotation
//! marks are paired, and text without characters that a terminal, a file system or a notification
//! server would act on. Pure, no dependency on any other crate of the project.

mod file_name;
mod quotes;
mod safe;
mod sentences;

pub use file_name::file_name;
pub use quotes::{balanced, unclosed};
pub use safe::{is_unsafe, json_safe, notification, plain, plain_line};
pub use sentences::{is_complete, sentence_ends, sentences};
