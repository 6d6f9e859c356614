import Core

/// One input being worked through. Holds the state while it lasts; `DialogueEngine` puts it back.
struct EngineStep {
  let program: CompiledAssistant
  let channel: Channel
  let clock: DialogueClock
  var state = DialogueState(random: 0)
  var inquiry = Inquiry()
  var moves: [Move] = []
  /// Steps of flows that may still run for this input.
  var budget = Self.mostSteps
  /// Whether the flow was already given up for running too long.
  var hasGivenUp = false
  /// Whether an error was told already for this input.
  var hasFailed = false
  /// Set by a repetition: the question below is not asked again.
  var keepsListening = false
  /// Set by a sentence that must be heard.
  var mustBeHeard = false
  /// Whether the caller was asked, just before this turn, if there is anything else.
  var wasAskedForMore = false

  /// Steps of flows one input may run; more is a loop that never asks.
  static let mostSteps = 500
  /// Frames the stack may hold.
  static let mostFrames = 48

  init(program: CompiledAssistant, channel: Channel, clock: DialogueClock) {
    self.program = program
    self.channel = channel
    self.clock = clock
  }

  /// Works through an input up to the next wait.
  mutating func take(_ input: DialogueInput) {
    if case .ended = state.waiting {
      moves.append(.wait(.ended))
      return
    }
    if state.isGone {
      guard case .toolFinished(let effect, let outcome) = input, state.waiting == .tool(effect) else {
        return ignore("input", "the caller is gone")
      }
      if !toolFinished(effect, outcome) { run() }
      return
    }
    switch input {
    case .begin:
      guard !state.hasBegun else { return ignore("begin", "the conversation has begun already") }
      state.hasBegun = true
      startTurn()
      push(.sessionStart)
      run()
    case .commands(let turn, let proposals):
      state.hasBegun = true
      state.turn = turn
      guard state.waiting.isRest else { return deferred(proposals) }
      startTurn()
      clearSilence()
      noteHearing(proposals)
      decide(proposals)
      run()
    case .silence(let count):
      guard state.waiting.isRest else { return ignore("silence", "the caller is not asked anything now") }
      startTurn()
      state.outcome.isGuidance = true
      silence(count)
      run()
    case .toolFinished(let effect, let outcome):
      guard state.waiting == .tool(effect) else { return ignore("tool", "nobody waits for effect \(effect)") }
      if !toolFinished(effect, outcome) { run() }
    case .transferFinished(let effect, let outcome):
      guard state.waiting == .transfer(effect) else { return ignore("transfer", "nobody waits for effect \(effect)") }
      transferFinished(outcome)
    case .heard:
      guard state.waiting == .heard else { return ignore("heard", "no sentence has to be heard now") }
      note(.heardToEnd, "sentence", "the sentence was played to its end")
      run()
    case .hungUp: hungUp()
    case .returned: returned()
    }
  }

  mutating func startTurn() {
    if state.waiting != .hold, !state.said.isEmpty { state.saidBefore = state.said }
    state.said = []
    state.outcome = DialogueState.Outcome()
    state.toldKeys = false
    wasAskedForMore = state.asksForMore
    state.asksForMore = false
  }

  /// What is said while an effect is under way is decided when that is over; an answer to a question not yet asked is not kept.
  private mutating func deferred(_ proposals: [ProposedCommand]) {
    for proposal in proposals {
      switch proposal.command {
      case .startFlow, .cancelFlow, .clarify, .humanHandoff, .hold, .restart, .goodbye:
        state.deferred.append(proposal)
        note(.commandAccepted, proposal.command.name, "kept until what is under way is over")
      case .setSlot(let slot, _)
      where !program.confirmations.contains(slot) && program.slots[slot]?.definition.type != .bool:
        state.deferred.append(proposal)
        note(.commandAccepted, proposal.command.name, "kept until what is under way is over")
      default:
        note(.commandRejected, proposal.command.name, "something is under way that has to end first")
      }
    }
    moves.append(.wait(state.waiting))
  }

  mutating func ignore(_ subject: String, _ reason: String) {
    note(.commandRejected, subject, reason)
    moves.append(.wait(state.waiting))
  }

  /// A decision at the step on top, or at `step`.
  mutating func note(_ kind: Decision.Kind, _ subject: String, _ reason: String, at step: StepReference? = nil) {
    let decision = Decision(turn: state.turn, kind: kind, subject: subject, step: step ?? here, reason: reason)
    moves.append(.note(decision))
    program.trace?.add(.decided(decision))
  }

  /// The step on top.
  var here: StepReference? {
    guard let frame = state.stack.last else { return nil }
    let steps = program.flows[frame.flow].steps
    return frame.cursor < steps.count ? steps[frame.cursor].reference : steps.last?.reference
  }

  /// What conditions and texts may look at now.
  var scope: Scope {
    Scope(
      program: program, slots: state.slots, stack: state.stack, clock: clock, channel: channel, compensable: compensable
    )
  }

  mutating func holds(_ predicate: Predicate) -> Bool {
    if case .literal(let value) = predicate { return value }
    let result = scope.holds(predicate, &inquiry)
    reportProblems()
    return result
  }

  mutating func reportProblems() {
    guard !inquiry.problems.isEmpty else { return }
    for problem in inquiry.problems { note(.failure, "condition", problem) }
    inquiry.problems = []
  }

  /// Waits for the outside; the turn goes on afterwards.
  mutating func suspend(_ waiting: Waiting) {
    state.waiting = waiting
    // Nothing is asked meanwhile.
    state.context.awaiting = nil
    state.context.confirms = false
    state.context.options = []
    state.context.forcesSlotFilling = false
    state.context.acceptsSpeech = true
    moves.append(.wait(waiting))
  }

  /// Ends the turn. False when something the caller said before is to be decided first.
  mutating func rest(_ wanted: Waiting) -> Bool {
    let waiting = state.isGone ? .ended : wanted
    if !state.deferred.isEmpty, waiting != .ended {
      let kept = state.deferred
      state.deferred = []
      state.waiting = waiting
      decide(kept)
      return false
    }
    state.deferred = []
    state.waiting = waiting
    state.context = UnderstandingContext()
    if waiting != .ended { describe() }
    // Thanks and small talk do not take back the offer of more.
    if wasAskedForMore, state.stack.isEmpty { state.asksForMore = true }
    let ending = state.outcome.ending
    note(.turnEnded, ending.rawValue, "the turn ends in \(ending.rawValue)")
    moves.append(.turnEnded(ending))
    moves.append(.wait(waiting))
    return true
  }
}

extension Command {
  /// What decisions call it: the command and what it is about, never a value.
  var name: String {
    switch self {
    case .startFlow(let flow): "start \(flow)"
    case .setSlot(let slot, let value): value == nil ? "clear \(slot)" : "set \(slot)"
    case .holdPart(let slot, _, _): "part of \(slot)"
    case .cancelFlow: "cancel"
    case .clarify: "clarify"
    case .skipQuestion: "skip"
    case .repeatLast: "repeat"
    case .humanHandoff: "handoff"
    case .hold: "hold"
    case .chitchat: "chitchat"
    case .aside(let aside): "aside \(aside.rawValue)"
    case .search: "search"
    case .restart: "restart"
    case .goodbye: "goodbye"
    case .answer(let value): value ? "yes" : "no"
    case .cannotHandle: "cannot handle"
    }
  }
}
