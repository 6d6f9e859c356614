package import Core
import Dialogue

/// A value of a file, the path of keys that leads to it, and where problems go. Each question is typed; a wrong answer is
/// reported once and read as nil.
package struct YAMLReader {
  package let value: YAMLValue
  package let path: String
  package let log: ProblemLog

  package var location: SourceLocation { value.location }

  package func error(_ code: AssistantProblem.Code, _ message: String, hint: String? = nil) {
    log.error(code, at: location, key: path, message, hint: hint)
  }

  package func warning(_ code: AssistantProblem.Code, _ message: String, hint: String? = nil) {
    log.warning(code, at: location, key: path, message, hint: hint)
  }

  /// The scalar here when it is one that holds something.
  package var scalar: YAMLScalar? {
    guard case .scalar(let scalar) = value.content, !scalar.isNull else { return nil }
    return scalar
  }

  package var isNull: Bool {
    if case .scalar(let scalar) = value.content { return scalar.isNull }
    return false
  }

  package var isSequence: Bool {
    if case .sequence = value.content { return true }
    return false
  }

  package var isMapping: Bool {
    if case .mapping = value.content { return true }
    return false
  }

  private func wrongType(_ wanted: String, hint: String?) {
    let found =
      if case .scalar(let scalar) = value.content, !scalar.isNull, scalar.style == .plain, scalar.text.count <= 20 {
        "`\(scalar.text)`"
      } else {
        value.kindName
      }
    error(.wrongType, "expected \(wanted), found \(found)", hint: hint)
  }

  // MARK: Single values

  /// Text. Bare numbers and booleans are taken as they are written; `quietly` where a reader could not take it for one.
  package func text(_ what: String = "text", quietly: Bool = false) -> String? {
    guard let scalar else {
      wrongType(what, hint: nil)
      return nil
    }
    if !quietly, scalar.ambiguousBool != nil { warnAmbiguous(scalar, taken: "the text \"\(scalar.text)\"") }
    return scalar.style == .block ? trimmingEnd(scalar.text) : scalar.text
  }

  /// A name: letters, digits, `_` and `-`, not starting with `-`.
  package func name(_ what: String) -> String? {
    guard let text = text(what) else { return nil }
    guard Self.isName(text) else {
      error(
        .wrongValue, "`\(text)` is no name",
        hint: "\(what) has letters, digits, `_` and `-`, and does not start with `-`")
      return nil
    }
    return text
  }

  /// A name, or a template that makes one when the flow runs: patterns write `"{{context.utter}}"`.
  package func nameOrTemplate(_ what: String) -> String? {
    if let text = scalar?.text, text.contains("{{"), text.contains("}}") { return text }
    return name(what)
  }

  package static func isName(_ text: String) -> Bool {
    guard let first = text.unicodeScalars.first, first != "-" else { return false }
    return text.unicodeScalars.allSatisfy {
      $0.isASCII && ($0.properties.isAlphabetic || ("0"..."9").contains($0) || $0 == "_" || $0 == "-")
    }
  }

  package func bool() -> Bool? {
    guard let scalar else {
      wrongType("true or false", hint: nil)
      return nil
    }
    if let bool = scalar.bool { return bool }
    if let bool = scalar.ambiguousBool {
      warnAmbiguous(scalar, taken: bool ? "true" : "false")
      return bool
    }
    wrongType("true or false", hint: scalar.style == .plain ? nil : "write it without quotes")
    return nil
  }

  package func integer(in range: ClosedRange<Int>) -> Int? {
    guard let integer = scalar?.integer else {
      wrongType("a whole number", hint: "from \(range.lowerBound) to \(range.upperBound)")
      return nil
    }
    guard range.contains(integer) else {
      error(.wrongValue, "\(integer) is out of range", hint: "from \(range.lowerBound) to \(range.upperBound)")
      return nil
    }
    return integer
  }

  package func number() -> Double? {
    guard let number = scalar?.number else {
      wrongType("a number", hint: nil)
      return nil
    }
    return number
  }

  /// A probability as `0.45` or `45%`.
  package func confidence() -> Confidence? {
    if let scalar, scalar.text.hasSuffix("%"), let percent = Double(scalar.text.dropLast()), (0...100).contains(percent)
    {
      return Confidence(percent / 100)
    }
    if let number = scalar?.number, (0...1).contains(number) { return Confidence(number) }
    wrongType("a certainty from 0 to 1", hint: "such as `0.45` or `45%`")
    return nil
  }

  /// A length of time: `250ms`, `3s`, `2m`, or a number of seconds.
  package func span() -> CallSpan? {
    guard let scalar, let span = Self.span(scalar.text) else {
      wrongType("a length of time", hint: "such as `250ms`, `3s`, `2m`, or a number of seconds")
      return nil
    }
    guard span > .zero, span <= .seconds(86_400) else {
      error(.wrongValue, "`\(scalar.text)` is out of range", hint: "more than nothing, at most a day")
      return nil
    }
    return span
  }

  package static func span(_ text: String) -> CallSpan? {
    let units: [(String, Double)] = [("ms", 1000), ("s", 1_000_000), ("m", 60_000_000), ("", 1_000_000)]
    for (unit, microseconds) in units where text.hasSuffix(unit) {
      let digits = text.dropLast(unit.count)
      guard let first = digits.first, first.isASCII, first.isNumber, digits.allSatisfy({ $0.isNumber || $0 == "." }),
        let number = Double(digits), number * microseconds < 1e15
      else { return nil }
      return CallSpan(microseconds: Int64((number * microseconds).rounded()))
    }
    return nil
  }

  /// One of a fixed set of words.
  package func choice<Choice: RawRepresentable & CaseIterable>(_: Choice.Type, _ what: String) -> Choice?
  where Choice.RawValue == String {
    guard let text = scalar?.text else {
      wrongType(what, hint: "one of " + Choice.allCases.map(\.rawValue).joined(separator: ", "))
      return nil
    }
    if let choice = Choice(rawValue: text) { return choice }
    let words = Choice.allCases.map(\.rawValue)
    error(.wrongValue, "`\(text)` is no \(what)", hint: NearestName.hint(text, among: words))
    return nil
  }

  package func warnAmbiguous(_ scalar: YAMLScalar, taken: String) {
    warning(
      .ambiguousValue, "a bare `\(scalar.text)` means different things to different YAML readers; taken as \(taken)",
      hint: "write `true` or `false`, or put the word in quotes")
  }

  private func trimmingEnd(_ text: String) -> String {
    var text = text
    while let last = text.last, last.isWhitespace { text.removeLast() }
    return text
  }

  // MARK: Lists and maps

  /// The items of a list; a single value counts as a list of one when `orSingle`.
  package func items(_ what: String, orSingle: Bool = false) -> [YAMLReader]? {
    switch value.content {
    case .sequence(let values):
      return values.enumerated().map { YAMLReader(value: $1, path: "\(path)[\($0)]", log: log) }
    case .scalar(let scalar) where orSingle && !scalar.isNull: return [self]
    case .mapping where orSingle: return [self]
    default:
      wrongType(what, hint: "start each item with `- `")
      return nil
    }
  }

  /// The entries of a map whose keys the author chooses.
  package func entries(_ what: String) -> [(key: YAMLEntry, value: YAMLReader)]? {
    guard case .mapping(let entries) = value.content else {
      wrongType(what, hint: isSequence ? "write `name:` and not `- name`" : nil)
      return nil
    }
    return entries.map { ($0, YAMLReader(value: $0.value, path: joined($0.key), log: log)) }
  }

  /// A map with known keys. Others are reported with the nearest known one; `elsewhere` says what becomes of keys that are
  /// known but not run.
  package func map(_ what: String, keys: [String], elsewhere: [String: String] = [:]) -> YAMLMap? {
    guard case .mapping(let entries) = value.content else {
      wrongType("\(what) as a map of keys", hint: "with the keys " + keys.map { "`\($0)`" }.joined(separator: ", "))
      return nil
    }
    var known: [String: YAMLEntry] = [:]
    for entry in entries {
      if keys.contains(entry.key) {
        known[entry.key] = entry
      } else if let instead = elsewhere[entry.key] {
        log.warning(
          .unsupported, at: entry.keyLocation, key: joined(entry.key), "`\(entry.key)` is not run here: \(instead)")
      } else if let refusal = Self.notYet[entry.key] {
        log.error(
          .unsupported, at: entry.keyLocation, key: joined(entry.key),
          "`\(entry.key)` is not enforced here, so an assistant that relies on it is not loaded", hint: refusal)
      } else {
        log.error(
          .unknownKey, at: entry.keyLocation, key: joined(entry.key), "unknown key `\(entry.key)` in \(what)",
          hint: NearestName.hint(entry.key, among: keys))
      }
    }
    return YAMLMap(reader: self, what: what, entries: known)
  }

  /// Keys whose silent loss would let something happen that the author forbade.
  private static let notYet = [
    "identity": "write it in the flow's `voice:`, or at the tool in `tools.yml`",
    "approval": "write it at the tool in `tools.yml`",
    "compensation": "write it at the tool in `tools.yml`",
    "consent": "write it in the flow's `voice:`, or at the tool in `tools.yml`",
  ]

  package func joined(_ key: String) -> String { path.isEmpty ? key : path + "." + key }

  /// Where each value stands, this one and those below, by the path of keys that leads there.
  package var places: [String: SourceLocation] {
    let below: [YAMLReader] =
      switch value.content {
      case .scalar: []
      case .sequence(let values):
        values.enumerated().map { YAMLReader(value: $1, path: "\(path)[\($0)]", log: log) }
      case .mapping(let entries):
        entries.map { YAMLReader(value: $0.value, path: joined($0.key), log: log) }
      }
    return below.reduce(into: [path: location]) { found, reader in found.merge(reader.places) { $1 } }
  }
}
