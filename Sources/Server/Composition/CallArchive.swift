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
    /// Whether an end of its line is in the journal.
    public let hasEnded: Bool
    /// `under_way`, `left` (it has no line and can be gone on with), `not_ended` (its process is gone) or `over`.
    public let standing: String
    /// Until when it can be gone on with; nil where nobody can.
    public let until: Date?
    /// One line for a terminal.
    public var text: String {
      let limit = until.map { ", can be gone on with until \($0.formatted(.iso8601))" } ?? ""
      let standing =
        switch standing {
        case CallStanding.Kind.over.rawValue: ""
        case CallStanding.Kind.underWay.rawValue: "\tunder way"
        case CallStanding.Kind.left.rawValue: "\tleft" + limit
        default: "\tnot ended, its process is gone" + limit
        }
      return
        "\(call)\t\(startedAt.formatted(.iso8601))\t\(AssistantVersion(name: assistant, contentHash: hash))\t\(lines) lines"
        + standing
    }
  }

  /// The newest 200 calls, newest first, and how each stands now.
  public func listing() async throws -> [Listed] {
    let reader = try open(reveal: false)
    let now = Date().millisecondsSinceEpoch
    var listed: [Listed] = []
    for call in try await reader.journal.calls(limit: 200) {
      let standing = try await standing(of: call.call, reader, at: now)
      listed.append(
        Listed(
          call: call.call.rawValue, startedAt: Date(millisecondsSinceEpoch: call.startedAt),
          assistant: call.version.name, hash: call.version.contentHash, lines: call.lines, hasEnded: call.hasEnded,
          standing: standing.kind.rawValue, until: standing.until.map(Date.init(millisecondsSinceEpoch:))))
    }
    return listed
  }

  private func standing(of call: CallID, _ reader: SQLiteStoreReader, at now: Int64) async throws -> CallStanding {
    CallStanding(
      try await reader.journal.landmarks(of: call), isUnderWay: try await reader.ledger.isUnderWay(call), at: now)
  }

  /// A new ticket to go on with a conversation that was left; those of before open it too, until somebody joins. Needs the
  /// vault's key.
  public func ticket(of id: String) async throws -> String {
    let reader = try open(reveal: false)
    let call = try await call(id, reader)
    let standing = try await standing(of: call, reader, at: Date().millisecondsSinceEpoch)
    guard standing.until != nil || standing.kind == .left else {
      throw ServerError(
        .conversation,
        "conversation \(call) cannot be gone on with: it is \(standing.kind == .underWay ? "under way" : "over")",
        hint: "repartee calls lists what there is")
    }
    return ResumptionTickets(try MasterKey.load(at: StorageFloor.keyPath(configuration))).ticket(
      for: ConversationID(call.rawValue), attachments: standing.attachments)
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

  /// The lines of a call's journal as JSON, one each, as they are canonical: callers' values as tokens, or in clear in their
  /// tokens' place.
  public func lines(of id: String, reveal: Bool) async throws -> [String] {
    let reader = try open(reveal: reveal)
    let (_, reading) = try await read(id, reader)
    let values = reveal ? try await Revealing(reader, configuration.policy).values(of: reading.entries) : [:]
    return try reading.entries.map { try JournalText.json($0, values) }
  }

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
    let call = try await call(id, reader)
    return (call, try await reader.journal.read(call))
  }

  /// The call of an id; `last` is the one that something happened in last, whenever it began.
  private func call(_ id: String, _ reader: SQLiteStoreReader) async throws -> CallID {
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
