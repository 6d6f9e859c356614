internal import Assistant
internal import Conversation
internal import Core
internal import Foundation
internal import Rehearsal
internal import Storage

/// Calls as their journal tells them, read beside or without a running server.
public struct CallArchive: Sendable {
  let configuration: ServerConfiguration

  /// The archive of a server's data.
  public init(_ configuration: ServerConfiguration) { self.configuration = configuration }

  /// What a replay came to, for people and programs.
  public struct Replayed: Sendable, Encodable {
    /// The call.
    public let call: String
    /// `identical`, `identical (n erased)`, `different`, `altered`, `incomplete`, `unknown_kind` or `other_version`.
    public let result: String
    /// The first line of the journal that differs, is altered or is not known.
    public let line: Int?
    /// What is different, in words without callers' data.
    public let detail: String?
    /// Whether every decision came out the same.
    public var isIdentical: Bool { result.hasPrefix("identical") }
    /// As it may stand on a terminal: one line, and the detail below it.
    public var text: String {
      TerminalText.lines(
        "\(call): \(result)" + (line.map { " at line \($0)" } ?? "") + (detail.map { "\n\($0)" } ?? "")
          + (isIdentical ? "\n  the journal alone; for ledger and vault: repartee calls \(call) --verify" : ""))
    }
  }

  /// Steps a call's journal again.
  ///
  /// - Parameter folder: the assistant's; when nil the published version the call ran on, or else by the number called.
  public func replay(_ id: String, assistant folder: String?) async throws -> Replayed {
    let reader = try open(reveal: false)
    let (call, reading) = try await read(id, reader)
    let soundness = CallSoundness(call, reading)
    guard !soundness.isAltered else {
      return Replayed(
        call: call.rawValue, result: CallSoundness.Result.altered.rawValue, line: soundness.line,
        detail: soundness.findings.joined(separator: "\n"))
    }
    let definition = try assistant(of: reading, folder: folder).loaded.definition
    return replayed(call, Replay(assistant: PreparedAssistant(definition)).run(reading))
  }

  /// Follows calls that go on, whoever serves them.
  /// - Parameters:
  ///   - id: one call, from its beginning to its end; nil for all that go on.
  ///   - asJSON: whether lines are the journal's own, as JSON, or for people.
  public func following(_ id: String? = nil, asJSON: Bool = false) async throws -> CallFollowing {
    let reader = try open(reveal: false)
    var one: CallID?
    if let id { one = try await call(id, reader) }
    return CallFollowing(reader.journal, of: one, asJSON: asJSON)
  }

  func open(reveal: Bool) throws -> SQLiteStoreReader {
    try StorageFloor.reader(configuration, reveal: reveal)
  }

  func read(_ id: String, _ reader: SQLiteStoreReader) async throws -> (CallID, JournalReading) {
    let call = try await call(id, reader)
    return (call, try await reader.journal.read(call))
  }

  /// The call of an id; `last` is the one that something happened in last, whenever it began.
  func call(_ id: String, _ reader: SQLiteStoreReader) async throws -> CallID {
    guard id == "last" else { return CallID(id) }
    guard let last = try await reader.journal.lastActive() else {
      throw ServerError(.unknownCall, "the journal holds no call")
    }
    return last
  }

  private func assistant(of reading: JournalReading, folder: String?) throws -> AssistantShelf.Taken {
    let shelf = AssistantShelf(configuration)
    if let folder { return try shelf.take(.folder(folder)) }
    guard case .started(let start, let version)? = reading.entries.first?.record else {
      throw ServerError(.unknownCall, "the journal does not say on which assistant the call ran")
    }
    if let published = try shelf.take(version) { return published }
    guard let source = configuration.numbers[start.calledAddress] ?? configuration.numbers["*"] else {
      throw ServerError(
        .configuration, "no assistant is configured for the number of this call",
        hint: "name the configuration with --config, or the folder with --assistant")
    }
    return try shelf.take(source)
  }

  private func replayed(_ call: CallID, _ verdict: Replay.Verdict) -> Replayed {
    switch verdict {
    case .identical(let erased):
      Replayed(
        call: call.rawValue, result: erased == 0 ? "identical" : "identical (\(erased) erased)", line: nil, detail: nil)
    case .different(let difference):
      Replayed(call: call.rawValue, result: "different", line: difference.line, detail: difference.words)
    case .altered(let line): Replayed(call: call.rawValue, result: "altered", line: line, detail: nil)
    case .incomplete(let line): Replayed(call: call.rawValue, result: "incomplete", line: line, detail: nil)
    case .unknownKind(let line, let kind):
      Replayed(
        call: call.rawValue, result: "unknown_kind", line: line,
        detail:
          "the line is of the kind \(kind), which this release does not know: a newer one wrote it, and only that one or a "
          + "later one can replay the call; until the step of that line nothing is different")
    case .otherVersion(let version, let difference):
      Replayed(
        call: call.rawValue, result: "other_version", line: difference?.line,
        detail: "the call ran on \(version); "
          + (difference.map { "hypothetically: " + $0.words } ?? "all decisions are the same"))
    }
  }
}

extension Replay.Difference {
  /// Event, old effect, new effect: canonical, so callers' values are tokens.
  fileprivate var words: String {
    func text(_ value: (some Encodable)?) -> String {
      value.flatMap { try? CanonicalJSON.encode($0) }.map { String(decoding: $0, as: UTF8.self) } ?? "nothing"
    }
    return "at \(instant) after \(text(event))\n  journal: \(text(journaled))\n  replay:  \(text(replayed))"
  }
}
