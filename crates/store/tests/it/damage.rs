//! Any file of the data folder damaged in any way: the store opens or repairs itself, intact data is
//! kept, and losses are reported. A long run: `cargo run -p warta-store --example damage --
//! --rounds 1000`.
#[path = "../support/damage.rs"]
mod support;

#[test]
fn sixty_rounds_of_damage_lose_no_intact_data() {
    let (did, faults) = support::run(60, 7, 4);
    assert_eq!(did.len(), 60);
    let told: Vec<String> = faults
        .iter()
        .map(|fault| {
            let did = &did[fault.round as usize].1;
            format!("{}, {did}: {:?}: {}", fault.round, fault.kind, fault.what)
        })
        .collect();
    assert!(told.is_empty(), "{told:#?}");
}
