import Core
import Dialogue
import FoundationEssentials

/// The files of an assistant, by path relative to its folder. Reads within bounds and follows no links out of it.
struct AssistantFolder {
  let root: String
  let layout: LoadedAssistant.Layout
  /// Paths with `/`, in the order of their bytes.
  let files: [String]
  let log: ProblemLog

  /// Bytes of one file that is hashed but not read, such as a document.
  static let largestFile = 16 << 20
  private static let mostFiles = 5000
  private static let deepest = 8

  /// The folder's files; nil with the log saying why.
  init?(root: String, log: ProblemLog) {
    self.root = root
    self.log = log
    let manager = FileManager.default
    var isDirectory = false
    guard manager.fileExists(atPath: root, isDirectory: &isDirectory), isDirectory else {
      log.error(
        .file, at: SourceLocation(file: ".", line: 1, column: 1), key: "", "there is no folder \(root)",
        hint: "name the folder that holds `assistant.yml`")
      return nil
    }
    var found: [String] = []
    var isComplete = true
    func walk(_ relative: String, depth: Int) {
      guard let names = try? manager.contentsOfDirectory(atPath: root + "/" + relative) else {
        log.error(
          .file, at: SourceLocation(file: relative.isEmpty ? "." : relative, line: 1, column: 1), key: "",
          "the folder cannot be read", hint: "check its permissions")
        return
      }
      for name in names.sorted() where !name.hasPrefix(".") {
        let path = relative.isEmpty ? name : relative + "/" + name
        if Self.isYAML(path), let kind = PlainFile.strangeKind(at: root + "/" + path) {
          log.error(
            .file, at: SourceLocation(file: path, line: 1, column: 1), key: "", "it is \(kind), not a file",
            hint: "remove it, or give it another name")
          continue
        }
        let type = (try? manager.attributesOfItem(atPath: root + "/" + path))?[.type] as? FileAttributeType
        switch type {
        case .typeDirectory? where depth < Self.deepest && Self.isRead(path): walk(path, depth: depth + 1)
        case .typeRegular?: if found.count < Self.mostFiles { found.append(path) } else { isComplete = false }
        case .typeSymbolicLink?:
          log.warning(
            .file, at: SourceLocation(file: path, line: 1, column: 1), key: "", "links are not followed",
            hint: "copy the file")
        default: break
        }
      }
    }
    walk("", depth: 0)
    if !isComplete {
      log.error(
        .limit, at: SourceLocation(file: ".", line: 1, column: 1), key: "",
        "the folder has more than \(Self.mostFiles) files")
      return nil
    }
    files = found.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
    if files.contains("assistant.yml") || files.contains("assistant.yaml") {
      layout = .native
    } else if files.contains("config.yml") || files.contains(where: { $0.hasPrefix("data/") && Self.isYAML($0) }) {
      layout = .imported
    } else {
      log.error(
        .file, at: SourceLocation(file: "assistant.yml", line: 1, column: 1), key: "",
        "the folder has no `assistant.yml`",
        hint: files.first { NearestName.find($0, among: ["assistant.yml"]) != nil }.map { "rename `\($0)`" }
          ?? "write one with `name:`, a `domain.yml` and `flows/`")
      return nil
    }
  }

  static func isYAML(_ path: String) -> Bool { path.hasSuffix(".yml") || path.hasSuffix(".yaml") }

  /// Directories of other worlds are not walked.
  private static func isRead(_ path: String) -> Bool {
    !["node_modules", "models", "backend", "__pycache__"].contains { path == $0 || path.hasSuffix("/" + $0) }
  }

  /// The YAML files of a part: `part.yml` and everything below `part/`.
  func yaml(_ part: String) -> [String] {
    files.filter { $0 == part + ".yml" || $0 == part + ".yaml" || ($0.hasPrefix(part + "/") && Self.isYAML($0)) }
  }

  /// What makes up the assistant: its behaviour, not its tests, its documentation or its neighbours.
  var parts: [String] {
    layout == .native
      ? ["assistant", "domain", "flows", "examples", "tools", "entities", "knowledge", "policy", "prompts"]
      : ["config", "domain", "data", "endpoints", "prompts", "docs"]
  }

  /// The files that the content hash covers, in canonical order.
  var hashed: [String] {
    files.filter { path in
      parts.contains { path == $0 + ".yml" || path == $0 + ".yaml" || path.hasPrefix($0 + "/") }
    }
  }

  /// The bytes of a file, nil when it is gone or too large, which the log then says.
  func bytes(_ path: String) -> Data? {
    let place = SourceLocation(file: path, line: 1, column: 1)
    do throws(PlainFile.Refusal) {
      return try PlainFile.read(root + "/" + path, atMost: Self.largestFile)
    } catch {
      log.error(.file, at: place, key: "", error.message, hint: error.hint)
      return nil
    }
  }

  /// The text of a file; a byte-order mark is dropped.
  func text(_ path: String) -> String? {
    guard let data = bytes(path) else { return nil }
    guard let text = String(validating: data, as: UTF8.self), !text.unicodeScalars.contains("\0") else {
      let line = 1 + Self.lastGoodLine(data)
      log.error(
        .file, at: SourceLocation(file: path, line: line, column: 1), key: "", "the file is not UTF-8 text",
        hint: "save it as UTF-8")
      return nil
    }
    return text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text
  }

  private static func lastGoodLine(_ data: Data) -> Int {
    var lines = 0
    for line in data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      guard String(validating: line, as: UTF8.self) != nil, !line.contains(0) else { return lines }
      lines += 1
    }
    return max(0, lines - 1)
  }

  /// Says which files look as if they belonged to the assistant and are not read.
  func warnStrangers() {
    for path in files {
      let top = String(path.prefix { $0 != "/" })
      let stem = Self.isYAML(top) ? String(top.prefix { $0 != "." }) : top
      let place = SourceLocation(file: path, line: 1, column: 1)
      guard layout == .native else { continue }
      switch stem {
      case "policy" where stem != top:
        log.error(
          .unsupported, at: place, key: "",
          "`policy.yml` is not enforced by this version, so an assistant that relies on it is not loaded",
          hint: "say what is personal by `voice: {label: ...}` on slots")
      case "entities", "knowledge", "prompts":
        log.warning(
          .unsupported, at: place, key: "",
          "`\(stem)` is not used by this version; the file counts for the content hash only")
      case let stem where parts.contains(stem) || stem == "tests" || top == "server.yml": break
      default:
        guard Self.isYAML(path) else { continue }
        let near = NearestName.find(stem, among: parts + ["tests"])
        if near != nil || path == top {
          log.warning(
            .file, at: place, key: "", "the file is no part of an assistant and is not read",
            hint: near.map { "did you mean `\(top.replacing(stem, with: $0))`?" } ?? "parts are "
              + parts.joined(separator: ", "))
        }
      }
    }
  }
}
