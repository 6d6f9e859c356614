public import Core

/// The state of the dialogue that gives a caller's words their meaning.
public struct UnderstandingContext: Hashable, Sendable {
  /// The slot asked for.
  public internal(set) var awaiting: SlotName?
  /// Whether a yes to that makes a change or settles a value.
  public internal(set) var confirms = false
  /// The journey under way; of a called one, the called one.
  public internal(set) var activeFlow: FlowID?
  /// Slots of the journey under way that can be set or corrected, in the order its steps ask for them.
  public internal(set) var fillable: [SlotName] = []
  /// Which of those hold a value, and which.
  public internal(set) var filled: [SlotName: SlotValue] = [:]
  /// What has been said so far of the digits that are asked for.
  public internal(set) var part: SlotValue?
  /// Journeys that can be started now: known, guarded ones only when their guard holds, without the one under way.
  public internal(set) var startable: [FlowID] = []
  /// The journeys the caller was just asked to choose from, in the order named; empty when no such question is open.
  public internal(set) var options: [FlowID] = []
  /// Whether the whole utterance becomes the value of the slot asked for, understanding bypassed.
  public internal(set) var forcesSlotFilling = false
  /// Whether speech answers the question; keys only when false.
  public internal(set) var acceptsSpeech = true
  /// Silence after which the caller is addressed again; the assistant's when nil.
  public internal(set) var silenceTimeout: CallSpan?

  /// Nothing asked, nothing under way.
  public init() {}
}
