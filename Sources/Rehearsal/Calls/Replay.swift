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
    /// The journal is of another version of the assistant; the difference, if any, is hypothetical from there on.
    case otherVersion(AssistantVersion, Difference?)
  }

  /// The first difference.
  public struct Difference: Sendable, Equatable {
    /// The event after which it shows.
    public let line: Int
    /// When.
    public let instant: CallInstant
    /// The event.
    public let event: CallEvent
    /// What the journal holds; nil when the journal has no such effect.
    public let journaled: CallEffect?
    /// What the replay gave; nil when it gave no such effect.
    public let replayed: CallEffect?
  }

  /// Replays a journal.
  public func run(_ reading: JournalReading) -> Verdict {
    if let line = reading.firstBroken { return .altered(line: line) }
    guard let first = reading.entries.first, case .started(let start, let version) = first.record else {
      return .incomplete(line: 0)
    }
    let difference = firstDifference(in: reading.entries, start: start)
    if let difference, isCutShort(difference, in: reading.entries) { return .incomplete(line: difference.line) }
    guard version == assistant.definition.version else { return .otherVersion(version, difference) }
    return difference.map(Verdict.different) ?? .identical(erased: reading.erased)
  }

  /// Whether the journal just ends where the step goes on.
  private func isCutShort(_ difference: Difference, in entries: [JournalEntry]) -> Bool {
    guard difference.journaled == nil, difference.replayed != nil else { return false }
    return !entries.contains { entry in
      guard case .event = entry.record else { return false }
      return entry.sequence > difference.line
    }
  }

  private func firstDifference(in entries: [JournalEntry], start: CallStart) -> Difference? {
    var conversation = Conversation(assistant: assistant, start: start)
    var index = 1
    while index < entries.count {
      guard case .event(let event) = entries[index].record else {
        index += 1
        continue
      }
      let entry = entries[index]
      var journaled: [CallEffect] = []
      index += 1
      while index < entries.count, case .effect(let effect) = entries[index].record {
        journaled.append(effect)
        index += 1
      }
      conversation.recall(journaled.compactMap { if case .fact(let fact) = $0 { fact } else { nil } })
      let replayed = conversation.handle(event, at: entry.instant)
      guard replayed != journaled else { continue }
      let place =
        zip(replayed, journaled).enumerated().first { $1.0 != $1.1 }?.offset
        ?? min(replayed.count, journaled.count)
      return Difference(
        line: entry.sequence, instant: entry.instant, event: event,
        journaled: place < journaled.count ? journaled[place] : nil,
        replayed: place < replayed.count ? replayed[place] : nil)
    }
    return nil
  }
}
