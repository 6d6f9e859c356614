/// Text of others (a caller's words, a peer's headers, an author's files, a tool's answer) as it may be shown on a terminal, in a
/// log line or in a report: what would move the cursor, open an escape sequence, begin a line or turn the order of signs
/// around is shown as its code instead.
///
/// Covers the controls C0 and C1 (escape, CSI and OSC in both forms, line ends, DEL), the line and paragraph separators and
/// the signs that change the direction of writing (Unicode Standard Annex 9). Everything else stays as it is.
public enum TerminalText {
  /// One line: a line end shows as `\n`, an escape as `\u{1B}`. Tabs stay.
  public static func line(_ text: some StringProtocol) -> String {
    escaping(text, keeping: ["\t"]) { code(of: $0) }
  }

  /// Several lines of a report whose parts were made with `line`: as that, but line ends stay.
  public static func lines(_ text: some StringProtocol) -> String {
    escaping(text, keeping: ["\t", "\n"]) { code(of: $0) }
  }

  /// A document in JSON: the same value, with every such sign written `\u009B`. Line ends between its parts stay.
  public static func json(_ document: some StringProtocol) -> String {
    escaping(document, keeping: ["\t", "\n"]) { "\\u" + hex($0, digits: 4) }
  }

  private static func escaping(
    _ text: some StringProtocol, keeping kept: [Unicode.Scalar], as shown: (Unicode.Scalar) -> String
  ) -> String {
    guard text.unicodeScalars.contains(where: { isUnsafe($0) && !kept.contains($0) }) else { return String(text) }
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if isUnsafe(scalar), !kept.contains(scalar) {
        result.append(contentsOf: shown(scalar).unicodeScalars)
      } else {
        result.append(scalar)
      }
    }
    return String(result)
  }

  private static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0: true
    // Arabic letter mark, marks, embeddings, overrides, isolates, and the two separators between them.
    case 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x206F: true
    default: false
    }
  }

  private static func code(of scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\n": "\\n"
    case "\r": "\\r"
    case "\t": "\\t"
    default: "\\u{" + hex(scalar, digits: 2) + "}"
    }
  }

  private static func hex(_ scalar: Unicode.Scalar, digits: Int) -> String {
    let text = String(scalar.value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
  }
}
