//! Writes the manual pages and the shells' completions of `warta`, from its arguments.
//!
//! `cargo run -p warta-cli --example manual -- FOLDER` writes `FOLDER/man/warta.1` and a page for
//! each subcommand, and `FOLDER/completions/` for Bash, Zsh, Fish and PowerShell. The packages contain
//! them.

#[path = "../src/arguments.rs"]
mod arguments;

use std::path::Path;

use clap::CommandFactory;
use clap_complete::Shell;

fn main() -> std::io::Result<()> {
    let folder = std::env::args_os().nth(1).ok_or_else(|| {
        std::io::Error::new(std::io::ErrorKind::InvalidInput, "usage: manual FOLDER")
    })?;
    write(Path::new(&folder))
}

/// Writes all pages and completions below `folder`.
pub(crate) fn write(folder: &Path) -> std::io::Result<()> {
    let (pages, completions) = (folder.join("man"), folder.join("completions"));
    std::fs::create_dir_all(&pages)?;
    std::fs::create_dir_all(&completions)?;
    let mut command = arguments::Arguments::command();
    clap_mangen::generate_to(command.clone(), &pages)?;
    for shell in [Shell::Bash, Shell::Zsh, Shell::Fish, Shell::PowerShell] {
        clap_complete::generate_to(shell, &mut command, "warta", &completions)?;
    }
    Ok(())
}
