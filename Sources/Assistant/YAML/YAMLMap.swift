package import Core

/// A map whose keys were checked.
package struct YAMLMap {
  package let reader: YAMLReader
  package let what: String
  package let entries: [String: YAMLEntry]

  package var location: SourceLocation { reader.location }
  package var log: ProblemLog { reader.log }

  /// The value under a key, nil when it is absent or empty.
  package subscript(key: String) -> YAMLReader? {
    guard let found = raw(key), !found.isNull else { return nil }
    return found
  }

  /// The value under a key, even an empty one.
  package func raw(_ key: String) -> YAMLReader? {
    entries[key].map { YAMLReader(value: $0.value, path: reader.joined(key), log: log) }
  }

  package func keyLocation(_ key: String) -> SourceLocation { entries[key]?.keyLocation ?? location }

  /// The value under a key that must be there.
  package func required(_ key: String, hint: String? = nil) -> YAMLReader? {
    if let found = self[key] { return found }
    if let entry = entries[key] {
      log.error(.missingKey, at: entry.keyLocation, key: reader.joined(key), "`\(key)` is empty", hint: hint)
    } else {
      log.error(.missingKey, at: location, key: reader.joined(key), "\(what) has no `\(key)`", hint: hint)
    }
    return nil
  }

  /// Reports keys that may not stand together; true when at most one of them is there.
  package func excludes(_ keys: [String], hint: String? = nil) -> Bool {
    let present = keys.filter { entries[$0] != nil }
    guard present.count > 1 else { return true }
    log.error(
      .conflictingKeys, at: keyLocation(present[1]), key: reader.joined(present[1]),
      present.map { "`\($0)`" }.joined(separator: " and ") + " exclude each other", hint: hint)
    return false
  }

  package func text(_ key: String) -> String? { self[key]?.text() }
  package func bool(_ key: String, default value: Bool) -> Bool { self[key]?.bool() ?? value }
  package func span(_ key: String, default value: CallSpan) -> CallSpan { self[key]?.span() ?? value }
  package func integer(_ key: String, in range: ClosedRange<Int>, default value: Int) -> Int {
    self[key]?.integer(in: range) ?? value
  }
}

extension YAMLReader {
  /// The root of a file's text; nil, with the problem told, when it is not well-formed or holds nothing.
  package init?(file: String, text: String, log: ProblemLog) {
    guard let value = YAMLDocument(file: file, log: log).read(text) else { return nil }
    self.init(value: value, path: "", log: log)
  }
}
