public import Core

/// Decides what happens next in one conversation: commands in, moves out.
///
/// A pure value: the same inputs, clock readings and facts give the same moves. It never fails; what cannot be done becomes a
/// decision, and words the caller can hear. Two engines are equal when they would answer every further input alike.
public struct DialogueEngine: Sendable, Equatable {
  /// The assistant, prepared.
  public let assistant: CompiledAssistant
  /// What kind of line it talks on; another one when the caller returned on another.
  public private(set) var channel: Channel
  private var state: DialogueState

  /// An engine at the start of a conversation. `seed` settles every choice among equals.
  public init(assistant: AssistantDefinition, channel: Channel, seed: UInt64) {
    self.init(compiled: CompiledAssistant(assistant), channel: channel, seed: seed)
  }

  /// The same from an assistant that was prepared once for many conversations.
  public init(compiled: CompiledAssistant, channel: Channel, seed: UInt64) {
    assistant = compiled
    self.channel = channel
    state = DialogueState(random: seed)
    state.slots = compiled.initialSlots
    state.context.startable = compiled.journeys.map(\.id)
  }

  /// One input, completely. `facts` answers questions about sensitive values and notes them.
  public mutating func handle(_ input: DialogueInput, clock: DialogueClock, facts: inout FactBook) -> [Move] {
    if case .returned(let channel) = input { self.channel = channel }
    // The state moves into the step and back, so that nothing is copied.
    var step = EngineStep(program: assistant, channel: channel, clock: clock)
    swap(&step.state, &state)
    swap(&step.inquiry.facts, &facts)
    step.moves.reserveCapacity(Self.usualMoves)
    step.take(input)
    swap(&step.inquiry.facts, &facts)
    swap(&step.state, &state)
    return step.moves
  }

  /// Hardly any turn makes more.
  private static let usualMoves = 16

  /// What understanding should know of the state; guards are evaluated at the end of the step before.
  public var understandingContext: UnderstandingContext { state.context }

  /// What the engine waits for.
  public var waiting: Waiting { state.waiting }

  /// Slots that hold a value.
  public var slots: [SlotName: SlotState] { state.slots }

  /// Whether a button that sends this was shown with what was said last.
  public func offers(_ payload: String) -> Bool { state.said.contains { $0.payloads.contains(payload) } }

  /// Sets a slot from outside a turn, such as what is known of the caller at the start; nil clears. Unknown slots are ignored.
  public mutating func preset(_ slot: SlotName, _ value: SlotValue?, source: SlotSource = .action) {
    guard assistant.slots[slot] != nil else { return }
    state.slots[slot] = value.map { SlotState(value: $0, source: source, confidence: .certain) }
  }

  /// Whether a journey is under way that somebody may want to go on with.
  public var hasJourney: Bool { state.stack.contains { !assistant.flows[$0.flow].isPattern } }

  /// Whether the caller showed who they are, to whatever level.
  public var isIdentified: Bool {
    switch state.slots[IdentityLadder.slot]?.value {
    case nil, .number(0), .text("0"): false
    default: true
    }
  }

  /// The flows under way, the outermost first.
  public var stack: [FrameSummary] {
    state.stack.map { frame in
      let flow = assistant.flows[frame.flow]
      let step = flow.steps.isEmpty ? "" : flow.steps[min(frame.cursor, flow.steps.count - 1)].reference.step
      return FrameSummary(flow: flow.definition.id, step: step, kind: frame.kind, activation: frame.activation)
    }
  }
}
