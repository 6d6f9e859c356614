public import Core

/// The parts of the wait between the last sound of a caller and the first of the answer, in the order they come.
public enum LatencyPart: String, Hashable, Sendable, CaseIterable, Codable, CodingKeyRepresentable {
  /// The caller's sound waits in the jitter buffer.
  case audioPath = "audio_path"
  /// The silence that says that the caller is done.
  case turnDetection = "turn_detection"
  /// The silence is over and the words are not there yet.
  case recognition = "recognition"
  /// The turn is over and its meaning is not known yet.
  case understanding = "understanding"
  /// A tool is asked.
  case tools = "tools"
  /// Deciding, and making decisions durable.
  case orchestration = "orchestration"
  /// What is to be said is known and its first sound is not there yet.
  case synthesis = "synthesis"
  /// The first sound is there and has not left.
  case lastMile = "last_mile"
}

/// Turns by what their answer has to wait for; each has its budget.
public enum TurnClass: String, Hashable, Sendable, CaseIterable, Codable, CodingKeyRepresentable {
  /// Words, a decision, an answer.
  case deterministic = "deterministic"
  /// A tool is asked before it can be answered.
  case tool = "tool"

  /// What a caller should wait at most: from the last sound of the question to the first of the answer, or of an acknowledgement.
  public var budget: CallSpan {
    switch self {
    case .deterministic: .milliseconds(500)
    case .tool: .milliseconds(900)
    }
  }
}

/// What one turn's caller waited for.
public struct TurnTiming: Hashable, Sendable {
  /// The turn.
  public let turn: TurnNumber
  /// What it had to wait for.
  public let kind: TurnClass
  /// What was waited for; the parts follow each other, and what went on in another's shadow counts nothing.
  public let parts: [LatencyPart: CallSpan]
  /// How long stages took, waited for or not: recognition, understanding.
  public let work: [LatencyPart: CallSpan]
  /// Until the first sound of an acknowledgement; nil: there was none before the answer.
  public let acknowledgement: CallSpan?
  /// Until the first sound of the answer.
  public var total: CallSpan { parts.values.reduce(.zero, +) }
  /// Whether the caller heard something in time.
  public var isWithinBudget: Bool { min(total, acknowledgement ?? total) <= kind.budget }
}
