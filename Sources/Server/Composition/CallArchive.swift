internal import Assistant
internal import Conversation
internal import Core
public import Foundation
internal import Governance
internal import Insight
internal import Rehearsal
internal import Storage

/// Calls as their journal tells them, read beside or without a running server.
public struct CallArchive: Sendable {
  private let configuration: ServerConfiguration

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
        "\(call): \(result)" + (line.map { " at line \($0)" } ?? "") + (detail.map { "\n\($0)" } ?? ""))
    }
  }

  /// Steps a call's journal again.
  ///
  /// - Parameter folder: the assistant's; when nil the published version the call ran on, or else by the number called.
  public func replay(_ id: String, assistant folder: String?) async throws -> Replayed {
    let reader = try open(reveal: false)
    let (call, reading) = try await read(id, reader)
    guard reading.firstBroken == nil else { return replayed(call, .altered(line: reading.firstBroken ?? 0)) }
    let definition = try assistant(of: reading, folder: folder).loaded.definition
    return replayed(call, Replay(assistant: PreparedAssistant(definition)).run(reading))
  }

  /// A call in a listing.
  public struct Listed: Sendable, Encodable {
    /// The call.
    public let call: String
    /// When it began.
    public let startedAt: Date
    /// Its assistant.
    public let assistant: String
    /// The content hash of the assistant's version.
    public let hash: String
    /// How many lines its journal has.
    public let lines: Int
    /// Whether its end is in the journal.
    public let hasEnded: Bool
    /// One line for a terminal.
    public var text: String {
      "\(call)\t\(startedAt.formatted(.iso8601))\t\(AssistantVersion(name: assistant, contentHash: hash))\t\(lines) lines"
        + (hasEnded ? "" : "\tnot ended")
    }
  }

  /// The newest 200 calls, newest first.
  public func listing() async throws -> [Listed] {
    try await open(reveal: false).journal.calls(limit: 200).map { call in
      Listed(
        call: call.call.rawValue, startedAt: Date(timeIntervalSince1970: Double(call.startedAt) / 1000),
        assistant: call.version.name, hash: call.version.contentHash, lines: call.lines, hasEnded: call.hasEnded)
    }
  }

  /// Follows the calls that go on, whoever serves them.
  public func following() throws -> CallFollowing { CallFollowing(try open(reveal: false).journal) }

  /// A call's story, as it may stand on a terminal: what was said, and every decision with its place in the flows.
  public func story(of id: String, reveal: Bool) async throws -> [String] {
    let reader = try open(reveal: reveal)
    let (_, reading) = try await read(id, reader)
    var fold = TranscriptFold(for: .screen, by: configuration.policy)
    var lines: [String] = []
    for entry in try await Revealing(reader, configuration.policy).entries(reading.entries) {
      if case .effect(.note(let decision)) = entry.record {
        let place = decision.step.map { " (\($0.source))" } ?? ""
        lines.append("\(entry.instant)    \(decision.kind.rawValue) \(decision.subject): \(decision.reason)\(place)")
      }
      if case .remark(.handOver(let effect, let outcome, let status)) = entry.record {
        lines.append("\(entry.instant)    hand_over effect \(effect): \(outcome.rawValue), the network said \(status)")
      }
      guard let line = fold.take(entry) else { continue }
      if let speaker = line.speaker, let text = line.text { lines.append("\(entry.instant)  \(speaker): \(text)") }
      if let event = line.event { lines.append("\(entry.instant)  \(event) \(line.outcome ?? "")") }
    }
    return lines.map { TerminalText.line($0) }
  }

  /// Deletes the key of what was said in a call, and the values under it. The journal keeps its lines, and replays.
  ///
  /// A call of a person who is known, or was identified in it, stands for all their calls: all of them are erased.
  public func erase(_ id: String) async throws -> String {
    let reader = try open(reveal: false)
    let (call, reading) = try await read(id, reader)
    guard case .started(let start, _)? = reading.entries.first?.record else {
      throw ServerError(.unknownCall, "the journal of \(id) does not say whose values it holds")
    }
    let store = try StorageFloor.open(configuration, for: .command).store
    do {
      try await store.vault.erase(start.owner)
    } catch {
      try? await store.close()
      throw error
    }
    try await store.close()
    return call.rawValue
  }

  private func open(reveal: Bool) throws -> SQLiteStoreReader {
    try StorageFloor.reader(configuration, reveal: reveal)
  }

  private func read(_ id: String, _ reader: SQLiteStoreReader) async throws -> (CallID, JournalReading) {
    var call = CallID(id)
    if id == "last" {
      guard let newest = try await reader.journal.calls(limit: 1).first else {
        throw ServerError(.unknownCall, "the journal holds no call")
      }
      call = newest.call
    }
    return (call, try await reader.journal.read(call))
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
