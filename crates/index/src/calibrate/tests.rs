use super::*;

#[test]
fn scores_rise_with_evidence() {
    assert!((score(1e-10) - 0.5).abs() < 1e-6);
    assert!((score(1e-90) - 0.9).abs() < 1e-6);
    assert!((score(0.0) - 1.0).abs() < 1e-6);
    assert!(score(5.0).abs() < 1e-6);
    assert!(score(1e-300) > score(1e-200));
}

#[test]
fn e_values_fall_with_evidence_and_rise_with_what_was_tried() {
    assert!(audio_e_value(60.0, 10.0) < audio_e_value(50.0, 10.0));
    assert!(audio_e_value(60.0, 60.0) > audio_e_value(60.0, 30.0));
    assert!(image_e_value(20, 1000) < image_e_value(31, 1000));
    assert!(image_e_value(128, 1) >= 1.0);
    assert!(text_e_value(20.0, false) < text_e_value(13.0, false));
    assert!(text_e_value(10.0, true) < text_e_value(10.0, false));
    assert!(text_e_value(12.4, false) > MAX_TEXT_E_VALUE_PER_ITEM);
    assert!(text_e_value(12.6, false) < MAX_TEXT_E_VALUE_PER_ITEM);
}
