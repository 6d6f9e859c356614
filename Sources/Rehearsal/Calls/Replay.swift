public import Conversation
public import Core

/// Steps a journal again and compares what leaves, effect by effect. Needs no value of any caller: what flows asked of
/// sensitive values stands in the journal as facts.
public struct Replay: Sendable {
  private let assistant: PreparedAssistant

  /// A replay against a version of an assistant.
  public init(assistant: PreparedAssistant) { self.assistant = assistant }

  /// What came of a replay.
  public enum Verdict: Sendable, Equatable {
    /// Every effect is the same; so many sensitive values are erased.
    case identical(erased: Int)
    /// An effect differs; what follows it is hypothetical, because the caller answered something else.
    case different(Difference)
    /// A line of the journal was altered, removed or moved.
    case altered(line: Int)
    /// The journal ends in the middle of a step, or does not begin with a start.
    case incomplete(line: Int)
    /// A line is of a kind that this release does not know; what comes behind it cannot be compared.
    case unknownKind(line: Int, kind: String)
    /// The journal is of another version of the assistant; the difference, if any, is hypothetical from there on.
    case otherVersion(AssistantVersion, Difference?)
  }

  /// The first difference.
  public typealias Difference = JournalFold.Difference

  /// Replays a journal.
  public func run(_ reading: JournalReading) -> Verdict {
    if let line = reading.firstBroken { return .altered(line: line) }
    guard let fold = JournalFold(reading.entries, assistant: assistant),
      case .started(_, let version)? = reading.entries.first?.record
    else { return .incomplete(line: 0) }
    if let unknown = fold.unknown { return .unknownKind(line: unknown.line, kind: unknown.kind) }
    guard fold.unwritten.isEmpty else { return .incomplete(line: fold.lastEvent) }
    guard version == assistant.definition.version else { return .otherVersion(version, fold.difference) }
    return fold.difference.map(Verdict.different) ?? .identical(erased: reading.erased)
  }
}
