public import Core

/// A conversation folded from its journal: the events are stepped again, the effects compared with those written down.
///
/// The core is pure, so that this is the conversation itself, in any process and after any time: replay compares with it, and a
/// suspended or broken conversation goes on from it. Events and effects are those of one conversation, in order.
public struct JournalFold: Sendable {
  /// The conversation after the last event of the journal, or after the first difference.
  public private(set) var conversation: Conversation
  /// The first step whose effects are others than the journal's; nil: the conversation is the one that was.
  public private(set) var difference: Difference?
  /// What left with the last event and is not in the journal: the process ended before it was written, so that nothing of it
  /// was done. Whoever goes on writes and performs it.
  public private(set) var unwritten: [CallEffect] = []
  /// The first line of a kind that this version does not know, remarks aside: whatever it did, the conversation stops before it.
  public private(set) var unknown: Unknown?
  /// The line of the last event that was taken; 0 before the first.
  public private(set) var lastEvent = 0

  /// A step that came out differently.
  public struct Difference: Sendable, Equatable {
    /// The line of the event after which it shows.
    public let line: Int
    /// When.
    public let instant: CallInstant
    /// The event.
    public let event: CallEvent
    /// What the journal holds; nil when the journal has no such effect.
    public let journaled: CallEffect?
    /// What the fold gave; nil when it gave no such effect.
    public let replayed: CallEffect?
  }

  /// A line that a newer release wrote.
  public struct Unknown: Sendable, Equatable {
    /// The line.
    public let line: Int
    /// Its kind.
    public let kind: String
  }

  /// Folds a journal, up to the first difference or unknown line. Nil when it does not begin with a start.
  public init?(_ entries: [JournalEntry], assistant: PreparedAssistant) {
    guard case .started(let start, _)? = entries.first?.record else { return nil }
    conversation = Conversation(assistant: assistant, start: start)
    var index = 1
    while index < entries.count {
      unknown = Self.unknown(entries[index])
      guard unknown == nil else { return }
      guard case .event(let event) = entries[index].record else {
        index += 1
        continue
      }
      let entry = entries[index]
      lastEvent = entry.sequence
      var journaled: [CallEffect] = []
      index += 1
      while index < entries.count, case .effect(let effect) = entries[index].record {
        journaled.append(effect)
        index += 1
      }
      unknown = index < entries.count ? Self.unknown(entries[index]) : nil
      guard unknown == nil else { return }
      conversation.recall(journaled.compactMap { if case .fact(let fact) = $0 { fact } else { nil } })
      let replayed = conversation.handle(event, at: entry.instant)
      guard replayed != journaled else { continue }
      let isLast = !entries[index...].contains { if case .event = $0.record { true } else { false } }
      if isLast, replayed.starts(with: journaled) {
        unwritten = Array(replayed.dropFirst(journaled.count))
      } else {
        let place =
          zip(replayed, journaled).enumerated().first { $1.0 != $1.1 }?.offset
          ?? min(replayed.count, journaled.count)
        difference = Difference(
          line: entry.sequence, instant: entry.instant, event: event,
          journaled: place < journaled.count ? journaled[place] : nil,
          replayed: place < replayed.count ? replayed[place] : nil)
      }
      return
    }
  }

  private static func unknown(_ entry: JournalEntry) -> Unknown? {
    entry.record.unknownStep.map { Unknown(line: entry.sequence, kind: $0) }
  }
}
