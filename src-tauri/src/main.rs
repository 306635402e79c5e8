//! The desktop app.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

/// Faster than the system allocator for many small allocations, and returns memory; configured in
/// `.cargo/config.toml`.
#[cfg(target_os = "linux")]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> std::process::ExitCode {
    warta_desktop::run()
}
