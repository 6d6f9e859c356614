import Yams

/// Aliases of a text, hidden from the parser: it would follow each of them wherever values are compared, which a few lines can make take
/// for ever. It reads a plain text instead, which begins with a sign that the file does not have.
struct YAMLAliases {
  /// What the parser reads; as long as the file, line by line.
  let source: String
  private let sign: Unicode.Scalar?

  /// Nil where a file has every such sign.
  init?(hiddenIn text: String) {
    guard text.unicodeScalars.contains("*") else {
      (source, sign) = (text, nil)
      return
    }
    let used = Set(text.unicodeScalars.lazy.filter { Self.signs.contains($0.value) })
    guard let sign = Self.signs.lazy.compactMap(Unicode.Scalar.init).first(where: { !used.contains($0) }) else {
      return nil
    }
    self.sign = sign
    source = Self.replacing("*", by: sign, in: text)
  }

  /// Of the private use area, behind those that mark repeated keys.
  private static let signs: ClosedRange<UInt32> = 0xE100...0xF8FF

  /// The name of what a bare value stands for, when it is an alias.
  func name(in scalar: Node.Scalar) -> String? {
    guard let sign, scalar.style == .plain || scalar.style == .any, scalar.string.unicodeScalars.first == sign else {
      return nil
    }
    return shown(String(scalar.string.unicodeScalars.dropFirst()))
  }

  /// A text as it stands in the file.
  func shown(_ text: String) -> String {
    guard let sign else { return text }
    return Self.replacing(sign, by: "*", in: text)
  }

  private static func replacing(_ old: Unicode.Scalar, by new: Unicode.Scalar, in text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars { result.append(scalar == old ? new : scalar) }
    return String(result)
  }
}
