package import Core

/// A node of a YAML file with the place it is written at.
package struct YAMLValue: Equatable {
  /// Where it starts.
  package let location: SourceLocation
  /// What it holds.
  package let content: Content

  package enum Content: Equatable {
    case scalar(YAMLScalar)
    case sequence([YAMLValue])
    case mapping([YAMLEntry])
  }

  /// Its kind in words an author uses.
  package var kindName: String {
    switch content {
    case .scalar(let scalar): scalar.isNull ? "nothing" : "a single value"
    case .sequence: "a list"
    case .mapping: "a map of keys"
    }
  }

  /// Whether it is a map.
  package var isMapping: Bool {
    if case .mapping = content { return true }
    return false
  }

  /// The value under a key of a map; nil when this is no map or has no such key.
  package subscript(key: String) -> YAMLValue? {
    guard case .mapping(let entries) = content else { return nil }
    return entries.first { $0.key == key }?.value
  }
}

/// One key of a map and its value.
package struct YAMLEntry: Equatable {
  package let key: String
  package let keyLocation: SourceLocation
  package let value: YAMLValue
}

/// A single value as it stands in the file.
package struct YAMLScalar: Equatable {
  package let text: String
  package let style: Style

  package enum Style: Equatable {
    /// Without quotes: may be a number, a boolean or nothing.
    case plain
    /// In quotes, on one line or several.
    case quoted
    /// A block after `|` or `>`.
    case block
  }

  /// Whether it is empty, `~` or `null`, without quotes.
  package var isNull: Bool { style == .plain && ["", "~", "null", "Null", "NULL"].contains(text) }

  /// Its value when it is a bare `true` or `false`.
  package var bool: Bool? {
    guard style == .plain else { return nil }
    switch text {
    case "true", "True", "TRUE": return true
    case "false", "False", "FALSE": return false
    default: return nil
    }
  }

  /// Its value when it is one of the words that YAML 1.1 takes for booleans and YAML 1.2 for text.
  package var ambiguousBool: Bool? {
    guard style == .plain else { return nil }
    switch text.lowercased() {
    case "yes", "on", "y": return true
    case "no", "off", "n": return false
    default: return nil
    }
  }

  /// Its value when it is a bare whole number in decimal digits.
  package var integer: Int? {
    guard style == .plain, let first = text.first, first.isASCII, first.isNumber || first == "-" else { return nil }
    return Int(text)
  }

  /// Its value when it is a bare, finite number.
  package var number: Double? {
    guard style == .plain, let first = text.first, first.isASCII, first.isNumber || first == "-" || first == "." else {
      return nil
    }
    guard text.allSatisfy({ $0.isASCII && ($0.isNumber || "+-.eE".contains($0)) }) else { return nil }
    return Double(text).flatMap { $0.isFinite ? $0 : nil }
  }
}
