use super::crc_32;

#[test]
fn crc_agrees_with_the_published_check_value() {
    assert_eq!(crc_32(b"123456789"), 0xCBF4_3926);
}
