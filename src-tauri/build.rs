//! Generates the app's context. The configuration is in the root folder, so the path of the
//! capabilities must be given; without it there would silently be none.

fn main() {
    let attributes = tauri_build::Attributes::new()
        .capabilities_path_pattern("./src-tauri/capabilities/**/*.json");
    if let Err(error) = tauri_build::try_build(attributes) {
        panic!("the app's context could not be generated: {error:#}");
    }
}
