import Core
import Yams

/// Makes a tree of values with places out of the text of a YAML file. Never traps: what cannot be read is a problem in the log.
struct YAMLDocument {
  let file: String
  let log: ProblemLog
  var limits = YAMLLimits()

  /// The root value; nil when the file is empty or cannot be read, which the log then says.
  func read(_ text: String) -> YAMLValue? {
    guard isWithinLimits(text) else { return nil }
    var source = text
    var repeated: [Unicode.Scalar: String] = [:]
    while true {
      do {
        guard let node = try Parser(yaml: source, encoding: .utf8).singleRoot() else { return nil }
        var conversion = Conversion(document: self, repeated: repeated)
        return conversion.value(node, depth: 0)
      } catch YamlError.duplicatedKeysInMapping(let names, let context) {
        guard repeated.count < limits.duplicates, let mark = Unicode.Scalar(0xE000 + UInt32(repeated.count)),
          let name = names.first, let hidden = hiding(name, at: context.mark, in: source, by: mark)
        else {
          log.error(.duplicateKey, at: place(context.mark), key: "", "\(names.joined(separator: ", ")): written twice")
          return nil
        }
        repeated[mark] = name
        source = hidden
      } catch {
        report(error)
        return nil
      }
    }
  }

  /// The parser stops at the first repeated key. Marking that key lets it go on; the conversion reports and drops it.
  private func hiding(_ name: String, at mark: Mark, in text: String, by sign: Unicode.Scalar) -> String? {
    var lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map(Array.init)
    guard lines.indices.contains(mark.line - 1), !name.isEmpty else { return nil }
    var column = mark.column - 1
    if lines[mark.line - 1].indices.contains(column), "\"'".unicodeScalars.contains(lines[mark.line - 1][column]) {
      column += 1
    }
    guard lines[mark.line - 1].indices.contains(column), lines[mark.line - 1][column] == name.unicodeScalars.first
    else {
      return nil
    }
    lines[mark.line - 1][column] = sign
    return lines.map { String(String.UnicodeScalarView($0)) }.joined(separator: "\n")
  }

  private func place(_ mark: Mark?) -> SourceLocation {
    SourceLocation(file: file, line: max(1, mark?.line ?? 1), column: max(1, mark?.column ?? 1))
  }

  private func report(_ error: any Error) {
    switch error as? YamlError {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      let hint =
        problem.contains("mapping values") || problem.contains("could not find expected ':'")
        ? "check the indentation of this line and the ones before; a text with `: ` in it needs quotes"
        : problem.contains("cannot start any token")
          ? "indent with spaces, not tabs; a text that starts with a special sign needs quotes"
          : "check indentation, quotes and brackets here and in the line before"
      log.error(.syntax, at: place(mark), key: "", "not well-formed YAML: \(problem)", hint: hint)
    case .reader(let problem, _, _, _):
      log.error(
        .syntax, at: place(nil), key: "", "not readable as YAML: \(problem)", hint: "save the file as UTF-8 text")
    default:
      log.error(.syntax, at: place(nil), key: "", "not readable as YAML", hint: "save the file as UTF-8 text")
    }
  }

  /// Refuses what would nest too deeply for the parser's stack. Sees signs only, so a text with hundreds of open brackets is
  /// refused as well.
  private func isWithinLimits(_ text: String) -> Bool {
    guard text.utf8.count <= limits.fileSize else {
      log.error(
        .limit, at: place(nil), key: "", "the file has \(text.utf8.count) bytes, more than \(limits.fileSize)",
        hint: "split it: flows and the domain may be spread over several files")
      return false
    }
    var line = 1
    var column = 0
    var open = 0
    var isLeading = true
    for byte in text.utf8 {
      column += 1
      switch byte {
      case UInt8(ascii: "\n"):
        line += 1
        column = 0
        isLeading = true
        continue
      case UInt8(ascii: "["), UInt8(ascii: "{"): open += 1
      case UInt8(ascii: "]"), UInt8(ascii: "}"): open = max(0, open - 1)
      default: break
      }
      let isStructure = byte == UInt8(ascii: " ") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "?")
      isLeading = isLeading && isStructure
      if open > limits.depth || (isLeading && column > limits.indentation && byte != UInt8(ascii: " ")) {
        log.error(
          .limit, at: SourceLocation(file: file, line: line, column: column), key: "", "nested too deeply",
          hint: "flows nest a few levels; name a step and lead to it with `then:` instead")
        return false
      }
    }
    return true
  }
}

/// Turns the parser's nodes into values; counts them, so that repetition through aliases stays bounded.
private struct Conversion {
  let document: YAMLDocument
  let repeated: [Unicode.Scalar: String]
  var count = 0
  var gaveUp = false

  init(document: YAMLDocument, repeated: [Unicode.Scalar: String]) {
    self.document = document
    self.repeated = repeated
  }

  mutating func value(_ node: Node, depth: Int) -> YAMLValue? {
    count += 1
    let location = place(node)
    guard !gaveUp, count <= document.limits.values, depth <= document.limits.depth else {
      if !gaveUp {
        gaveUp = true
        document.log.error(
          .limit, at: location, key: "", depth > document.limits.depth ? "nested too deeply" : "too many values",
          hint: "at most \(document.limits.depth) levels and \(document.limits.values) values a file")
      }
      return nil
    }
    switch node {
    case .scalar(let scalar):
      let style: YAMLScalar.Style =
        switch scalar.style {
        case .singleQuoted, .doubleQuoted: .quoted
        case .literal, .folded: .block
        default: .plain
        }
      return YAMLValue(location: location, content: .scalar(YAMLScalar(text: scalar.string, style: style)))
    case .sequence(let sequence):
      var values: [YAMLValue] = []
      for item in sequence { values += value(item, depth: depth + 1).map { [$0] } ?? [] }
      return YAMLValue(location: location, content: .sequence(values))
    case .mapping(let mapping):
      return YAMLValue(location: location, content: .mapping(entries(mapping, depth: depth)))
    case .alias:
      return nil
    }
  }

  private mutating func entries(_ mapping: Node.Mapping, depth: Int) -> [YAMLEntry] {
    var entries: [YAMLEntry] = []
    var earlier: [String: SourceLocation] = [:]
    for (key, node) in mapping {
      guard case .scalar(let scalar) = key else {
        document.log.error(
          .wrongType, at: place(key), key: "", "a list or map cannot be a key",
          hint: "braces need quotes when they belong to a text: \"{slot} ...\"")
        continue
      }
      if let sign = scalar.string.unicodeScalars.first, let name = repeated[sign] {
        earlier[name] = place(key)
        continue
      }
      let name = scalar.string
      if let first = earlier.removeValue(forKey: name) {
        document.log.error(
          .duplicateKey, at: place(key), key: name, "`\(name)` is written twice in the same map",
          hint: "the first is in line \(first.line); keep one of them")
      }
      if let value = value(node, depth: depth + 1) {
        entries.append(YAMLEntry(key: name, keyLocation: place(key), value: value))
      }
    }
    return entries
  }

  private func place(_ node: Node) -> SourceLocation {
    SourceLocation(file: document.file, line: max(1, node.mark?.line ?? 1), column: max(1, node.mark?.column ?? 1))
  }
}
