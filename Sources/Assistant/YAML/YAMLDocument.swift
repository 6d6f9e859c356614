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
    guard let aliases = YAMLAliases(hiddenIn: text) else {
      log.error(.limit, at: place(nil), key: "", "the file has every sign of private use, and a `*`")
      return nil
    }
    var source = aliases.source
    var repeated: [Unicode.Scalar: String] = [:]
    while true {
      do {
        let parser = try Parser(yaml: source, encoding: .utf8)
        guard let node = try parser.singleRoot() else { return nil }
        var conversion = YAMLConversion(document: self, aliases: aliases, repeated: repeated)
        // Nodes have their anchors only as long as the parser is there.
        return withExtendedLifetime(parser) { conversion.value(node, depth: 0) }
      } catch YamlError.duplicatedKeysInMapping(let names, let context) {
        if names.first == YAMLConversion.mergeKey {
          log.error(
            .duplicateKey, at: place(context.mark), key: "", "`<<` is written twice in the same map",
            hint: "write one with a list, the strongest first: `<<: [*a, *b]`")
          return nil
        }
        guard repeated.count < limits.duplicates, let mark = Unicode.Scalar(0xE000 + UInt32(repeated.count)),
          let name = names.first, let hidden = hiding(name, at: context.mark, in: source, by: mark)
        else {
          let names = names.map(aliases.shown).joined(separator: ", ")
          log.error(.duplicateKey, at: place(context.mark), key: "", "\(names): written twice")
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
        problem.contains("another document")
        ? "a file holds one document: put what stands behind `---` into a file of its own"
        : problem.contains("mapping values") || problem.contains("could not find expected ':'")
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
