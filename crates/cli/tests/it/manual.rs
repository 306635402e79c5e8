//! The manual pages and completions that the packages contain.

use std::path::Path;
use std::process::Command;

#[expect(dead_code, reason = "its `main` is not used here")]
#[path = "../../examples/manual.rs"]
mod pages;

fn read(file: &Path) -> String {
    std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

#[test]
fn every_command_has_a_manual_page_and_a_completion() {
    let folder = tempfile::tempdir().unwrap();
    pages::write(folder.path()).unwrap();
    let help = Command::new(env!("CARGO_BIN_EXE_warta"))
        .arg("help")
        .output()
        .unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    let commands: Vec<&str> = help
        .lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.strip_prefix("  "))
        .filter(|line| !line.starts_with(' '))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|command| *command != "help")
        .collect();
    assert!(commands.contains(&"sync") && commands.len() > 10, "{help}");
    let completions = folder.path().join("completions");
    let shells = ["warta.bash", "_warta", "warta.fish", "_warta.ps1"]
        .map(|name| (name, read(&completions.join(name))));
    let page = read(&folder.path().join("man/warta.1"));
    for command in commands {
        assert!(
            page.contains(&command.replace('-', "\\-")),
            "{command} in warta.1"
        );
        read(&folder.path().join(format!("man/warta-{command}.1")));
        for (name, script) in &shells {
            assert!(script.contains(command), "{command} in {name}");
        }
    }
    let subscribing = read(&folder.path().join("man/warta-feeds-add.1"));
    assert!(subscribing.contains("data\\-dir"), "{subscribing}");
}
