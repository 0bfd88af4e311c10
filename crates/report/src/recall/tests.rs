use super::*;

#[test]
fn the_table_is_what_the_results_report() {
    let results = concat!(env!("CARGO_MANIFEST_DIR"), "/../../benches/RESULTS.md");
    let results = std::fs::read_to_string(results).unwrap();
    let table = measured_recall();
    assert_eq!(table.len(), TABLE.lines().count() - 1);
    let names = [
        (Media::Audio, "audio"),
        (Media::Image, "images"),
        (Media::Text, "text"),
    ];
    for ((media, name), line) in names.into_iter().zip(&table) {
        assert_eq!(line.media, media);
        let said = format!("{name} {} of {}", line.found.found, line.found.of);
        assert!(results.contains(&said), "{said}");
    }
}
