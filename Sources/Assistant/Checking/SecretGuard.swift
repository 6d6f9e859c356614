import Core

/// Finds secrets that are written out. A secret is a reference, `${NAME}`; the message never shows what it found.
struct SecretGuard {
  let log: ProblemLog

  private static let telling = [
    "password", "passwd", "secret", "token", "api_key", "apikey", "api-key", "access_key", "private_key", "auth_key",
    "authorization", "cookie", "x-api-key", "credential", "signature",
  ]

  /// Whether a key's name says that its value is secret.
  static func tells(_ key: String) -> Bool {
    let key = key.lowercased()
    return telling.contains { key.contains($0) } || key == "auth" || key == "key" || key == "pwd"
  }

  /// Whether a text holds a reference.
  static func hasReference(_ text: String) -> Bool { text.contains("${") && text.contains("}") }

  private static let hint = "write `${NAME}` and set NAME in the server's environment"

  /// Refuses a header whose value is a secret.
  func header(_ name: String, _ value: YAMLReader, at location: SourceLocation) {
    guard Self.tells(name), let text = value.scalar?.text, !Self.hasReference(text) else { return }
    log.error(
      .literalSecret, at: location, key: value.path, "the header `\(name)` holds a literal secret", hint: Self.hint)
  }

  /// Refuses a password in a URL's authority and telling query parameters.
  func url(_ text: String, _ reader: YAMLReader) {
    let afterScheme =
      text.firstRange(of: "://").map { text[$0.upperBound...] } ?? text.split(separator: ":", maxSplits: 1).last ?? ""
    let authority = afterScheme.prefix { $0 != "/" && $0 != "?" && $0 != ";" }
    if let at = authority.lastIndex(of: "@"), let colon = authority[..<at].firstIndex(of: ":"),
      !Self.hasReference(String(authority[authority.index(after: colon)..<at]))
    {
      reader.error(.literalSecret, "the address holds a literal password", hint: Self.hint)
    }
    guard let query = text.firstIndex(of: "?") else { return }
    for pair in text[text.index(after: query)...].split(whereSeparator: { $0 == "&" || $0 == ";" }) {
      let parts = pair.split(separator: "=", maxSplits: 1)
      if parts.count == 2, Self.tells(String(parts[0])), !Self.hasReference(String(parts[1])), !parts[1].hasPrefix("{")
      {
        reader.error(.literalSecret, "the address holds a literal secret in `\(parts[0])`", hint: Self.hint)
      }
    }
  }

  /// Walks a file of another engine and refuses every telling key with a literal text.
  func walk(_ reader: YAMLReader) {
    if let entries = reader.isMapping ? reader.entries("") : nil {
      for (key, value) in entries {
        if Self.tells(key.key), let scalar = value.scalar, scalar.bool == nil, scalar.number == nil,
          !Self.hasReference(scalar.text)
        {
          log.error(
            .literalSecret, at: key.keyLocation, key: value.path, "`\(key.key)` holds a literal secret", hint: Self.hint
          )
        } else {
          walk(value)
        }
      }
    } else if let items = reader.isSequence ? reader.items("") : nil {
      items.forEach(walk)
    } else if let text = reader.scalar?.text, text.contains("://") {
      url(text, reader)
    }
  }
}

extension YAMLReader {
  /// Checks the form of `${NAME}` references in a text.
  func checkReferences(_ text: String) {
    var rest = text[...]
    while let start = rest.firstRange(of: "${") {
      let name = rest[start.upperBound...].prefix { $0 != "}" }
      let isClosed = name.endIndex < rest.endIndex
      let isName =
        !name.isEmpty && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
        && !(name.first?.isNumber ?? true)
      if !isClosed || !isName {
        error(
          .wrongValue, "`${\(name)\(isClosed ? "}" : "")` is no reference",
          hint: "`${NAME}` with letters, digits and `_`")
      }
      rest = rest[(isClosed ? rest.index(after: name.endIndex) : name.endIndex)...]
    }
  }
}
