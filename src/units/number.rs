//! The number at the front of a text.

/// Splits a text into the number at its front and the rest, without blanks between them.
pub(super) fn split_number(text: &str) -> (&str, &str) {
    let text = text.trim();
    let mut end = 0;
    let bytes = text.as_bytes();
    while end < bytes.len() {
        let digit = bytes[end].is_ascii_digit() || matches!(bytes[end], b'.' | b'_');
        let sign = matches!(bytes[end], b'-' | b'+') && (end == 0 || matches!(bytes[end - 1], b'e' | b'E'));
        let exponent = matches!(bytes[end], b'e' | b'E')
            && end > 0
            && bytes.get(end + 1).is_some_and(|next| next.is_ascii_digit() || matches!(next, b'-' | b'+'));
        if !(digit || sign || exponent) {
            break;
        }
        end += 1;
    }
    (&text[..end], text[end..].trim_start())
}
