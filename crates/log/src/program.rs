//! The programs that log.

/// Who logs; each program has its own file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Program {
    /// The desktop app.
    App,
    /// The command line.
    CommandLine,
}

impl Program {
    pub(crate) fn file_name(self) -> &'static str {
        match self {
            Self::App => "warta.log",
            Self::CommandLine => "cli.log",
        }
    }

    /// What goes to standard error without `$WARTA_LOG`.
    pub(crate) fn default_filter(self) -> &'static str {
        match self {
            Self::App => "warn,tantivy=error",
            // The command line prints its own messages there.
            Self::CommandLine => "off",
        }
    }
}
