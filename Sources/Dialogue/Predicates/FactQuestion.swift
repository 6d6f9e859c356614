import Core

/// The words under which the answer to a comparison with a caller's value is remembered.
///
/// A remembered answer is given again for the same token and the same words, so the words hold all the answer depends on: a
/// clear side by its literal, a sensitive one by its token (the left one may go by its name, since its token is the key), the
/// operator, and whether upper and lower case are the same. Texts are quoted so that no two values write the same literal.
struct FactQuestion {
  /// The words.
  var text: String
  /// What releases asked that left the clear side out; journals hold it. See `FactBook.ask`.
  var formerly: String?

  /// A comparison of two values.
  ///
  /// - Parameter formerly: the words earlier releases used.
  init(
    _ left: SlotValue, named name: String, _ operation: String, _ right: SlotValue, ignoringCase: Bool,
    formerly: String? = nil
  ) {
    let subject = if case .sensitive = left { name } else { Self.literal(left) }
    text = "\(subject) \(operation) \(Self.literal(right))" + (ignoringCase ? " ignoring case" : "")
    self.formerly = formerly == text ? nil : formerly
  }

  /// Whether a text matches an expression, which is written as it stands.
  init(named name: String, matches pattern: String) { text = "\(name) matches \(pattern)" }

  /// A value's literal: equal for equal values only.
  static func literal(_ value: SlotValue) -> String {
    switch value {
    case .text(let text): quoted(text)
    case .sensitive(let sensitive): "<\(sensitive.token.id)>"
    case .list(let values): "{" + values.map(literal).joined(separator: " ") + "}"
    case .bool, .number: value.description
    }
  }

  /// A text between quotes, its own quotes escaped.
  static func quoted(_ text: String) -> String { "'" + escaping("'", in: text) + "'" }

  /// Texts one of which it may be.
  static func alternatives(_ texts: [String]) -> String {
    texts.map { escaping("|", in: $0) }.joined(separator: "|")
  }

  private static func escaping(_ sign: Unicode.Scalar, in text: String) -> String {
    var escaped = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if scalar == sign || scalar == "\\" { escaped.append("\\") }
      escaped.append(scalar)
    }
    return String(escaped)
  }
}
