//! The desktop app.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

/// Reading feeds makes and drops many small strings: a sync takes a seventh less with it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    warta_desktop::run()
}
