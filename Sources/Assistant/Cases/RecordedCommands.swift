public import Core

/// What callers' turns mean, written down: by case and turn, and by the words alone.
public struct RecordedCommands: Sendable, Equatable {
  /// By file (below the folder of tests) and case: one entry for each turn, in order.
  public let cases: [String: [String: [Turn]]]
  /// By the words, in lower case with single spaces: a recorded model.
  public let utterances: [String: [Command]]
  /// What the file calls itself.
  public let name: String

  /// Commands of one turn.
  public struct Turn: Hashable, Sendable {
    /// The words they are for, when the author wrote them beside: then they are checked.
    public let user: String?
    /// The commands, in order; empty when nothing usable is found in the words.
    public let commands: [Command]
    /// Where they are written.
    public let source: SourceLocation

    /// A turn.
    public init(user: String? = nil, commands: [Command], source: SourceLocation) {
      self.user = user
      self.commands = commands
      self.source = source
    }
  }

  /// Recorded commands.
  public init(
    name: String, cases: [String: [String: [Turn]]] = [:], utterances: [String: [Command]] = [:]
  ) {
    self.name = name
    self.cases = cases
    self.utterances = utterances
  }

  /// The turns of a case: by its file's path or bare name.
  public func turns(of test: TestCase) -> [Turn]? {
    let paths = [test.file, String(test.file.drop { $0 != "/" }.dropFirst())]
    for path in paths { if let found = cases[path]?[test.name] { return found } }
    let bare = test.file.split(separator: "/").last.map(String.init) ?? test.file
    return cases.first { $0.key.split(separator: "/").last.map(String.init) == bare && $0.value[test.name] != nil }?
      .value[test.name]
  }

  /// The key of some words in `utterances`.
  public static func key(_ text: String) -> String {
    text.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }
}

/// Reads a file of recorded commands.
struct RecordedCommandsReader {
  let log: ProblemLog

  func read(file: String, text: String) -> RecordedCommands {
    var cases: [String: [String: [RecordedCommands.Turn]]] = [:]
    var utterances: [String: [Command]] = [:]
    guard let root = YAMLReader(file: file, text: text, log: log),
      let map = root.map("a file of commands", keys: ["model", "commands", "utterances"])
    else { return RecordedCommands(name: file) }
    for (fileKey, byCase) in map["commands"]?.entries("a map of files to their cases") ?? [] {
      for (caseKey, turns) in byCase.entries("a map of cases to their turns") ?? [] {
        cases[fileKey.key, default: [:]][caseKey.key] = (turns.items("a list of turns") ?? []).map(turn)
      }
    }
    for (words, value) in map["utterances"]?.entries("a map of utterances to commands") ?? [] {
      utterances[RecordedCommands.key(words.key)] = commands(value)
    }
    return RecordedCommands(name: map.text("model") ?? file, cases: cases, utterances: utterances)
  }

  private func turn(_ reader: YAMLReader) -> RecordedCommands.Turn {
    guard reader.isMapping, let map = reader.map("a turn", keys: ["user", "commands"]) else {
      return RecordedCommands.Turn(commands: commands(reader), source: reader.location)
    }
    return RecordedCommands.Turn(
      user: map["user"]?.text("the words", quietly: true), commands: map.raw("commands").map(commands) ?? [],
      source: reader.location)
  }

  /// A text, a list of texts, or nothing. YAML cuts `[SetSlot(a, b)]` at its comma; such pieces are put together again.
  private func commands(_ reader: YAMLReader) -> [Command] {
    if reader.isNull { return [] }
    var commands: [Command] = []
    var open: (text: String, at: YAMLReader)?
    for item in reader.items("a list of commands", orSingle: true) ?? [] where !item.isNull {
      guard let piece = item.text("a command", quietly: true) else { continue }
      let text = open.map { $0.text + ", " + piece } ?? piece
      let start = open?.at ?? item
      open = isUnfinished(text) ? (text, start) : nil
      if open == nil { commands += read(text, at: start) }
    }
    if let open { commands += read(open.text, at: open.at) }
    return commands
  }

  private func isUnfinished(_ text: String) -> Bool { text.count { $0 == "(" } > text.count { $0 == ")" } }

  private func read(_ text: String, at reader: YAMLReader) -> [Command] {
    do throws(CommandText.Problem) {
      return try CommandText.commands(text)
    } catch {
      reader.error(.wrongValue, error.message, hint: error.hint)
      return []
    }
  }
}
