/// Text as a person may have meant it: what stands for no word is left out.
package enum PlainText {
  /// A text without controls and the sequences they open, signs that change the direction of writing, invisible ones, and the brackets of
  /// markup with what stands in them: `5 Oak <b>Street</b>` is "5 Oak Street".
  package static func of(_ text: String) -> String {
    guard !isPlain(text) else { return text }
    var kept = String.UnicodeScalarView()
    var scalars = withoutMarkup(text).unicodeScalars[...]
    while let scalar = scalars.popFirst() {
      if scalar == escape, scalars.first == "[" {
        scalars = scalars.drop { !$0.properties.isAlphabetic }.dropFirst()
      } else if let gap = gap(for: scalar) {
        kept.append(contentsOf: gap.unicodeScalars)
      } else {
        kept.append(scalar)
      }
    }
    return String(kept).split(separator: " ").joined(separator: " ")
  }

  private static let escape: Unicode.Scalar = "\u{1B}"

  /// Whether nothing is to be left out: letters, figures and signs of English, as most texts are.
  private static func isPlain(_ text: String) -> Bool {
    text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "<") && $0 != UInt8(ascii: ">") }
  }

  /// Tags go with their names; a bracket that closes nothing goes alone.
  private static func withoutMarkup(_ text: String) -> String {
    guard text.contains("<") || text.contains(">") else { return text }
    var kept = ""
    var rest = Substring(text)
    while let open = rest.firstIndex(of: "<") {
      kept += rest[..<open]
      rest = rest[rest.index(after: open)...]
      if let close = rest.firstIndex(of: ">"), rest.first.map({ $0.isLetter || $0 == "/" || $0 == "!" }) == true {
        rest = rest[rest.index(after: close)...]
      }
    }
    return (kept + rest).filter { $0 != ">" }
  }

  /// What stands in the place of a sign that is no part of a word; nil for all others.
  private static func gap(for scalar: Unicode.Scalar) -> String? {
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: " "
    case .format, .privateUse, .surrogate, .unassigned: ""
    default: nil
    }
  }
}
