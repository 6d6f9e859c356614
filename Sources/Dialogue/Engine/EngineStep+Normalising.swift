import Core
import Language

/// From proposals to a plan: what cannot be is dropped, corrections are found, precedence is settled. Every verdict is noted.
extension EngineStep {
  /// Decides a turn's commands and puts what follows on the stack.
  mutating func decide(_ proposals: [ProposedCommand]) {
    var plan = plan(for: proposals)
    takeOffered(&plan)
    settle(&plan)
    apply(plan)
  }

  mutating func accept(_ proposal: ProposedCommand, _ reason: String) {
    note(
      .commandAccepted, proposal.command.name,
      "\(reason); \(proposal.proposer) at \(proposal.confidence)\(beaten(proposal))")
  }

  mutating func reject(_ proposal: ProposedCommand, _ reason: String) {
    note(.commandRejected, proposal.command.name, "\(reason); \(proposal.proposer) at \(proposal.confidence)")
  }

  private func beaten(_ proposal: ProposedCommand) -> String { proposal.runnerUp.map { ", before \($0)" } ?? "" }

  private mutating func plan(for proposals: [ProposedCommand]) -> TurnPlan {
    var plan = TurnPlan()
    if let awaiting, state.context.forcesSlotFilling || isForced,
      let forced = proposals.first(where: { if case .setSlot(awaiting, _?) = $0.command { true } else { false } })
    {
      for proposal in proposals where proposal != forced { reject(proposal, "the whole utterance is the answer here") }
      propose(forced, &plan)
      return plan
    }
    // Starts first: a value may belong to the journey that starts in the same turn.
    for proposal in proposals {
      switch proposal.command {
      case .startFlow, .clarify: propose(proposal, &plan)
      default: break
      }
    }
    for proposal in proposals {
      switch proposal.command {
      case .startFlow, .clarify: break
      default: propose(proposal, &plan)
      }
    }
    return plan
  }

  private var isForced: Bool {
    listeningQuestion.flatMap { collectStep(below: $0) }?.forcesSlotFilling ?? false
  }

  private mutating func propose(_ proposal: ProposedCommand, _ plan: inout TurnPlan) {
    switch proposal.command {
    case .startFlow(let flow): proposeStart(flow, proposal, &plan)
    case .setSlot(let slot, let value): proposeSet(slot, value, proposal, &plan)
    case .holdPart(let slot, let value, let count):
      proposePart(slot, Frame.Part(value: value, count: count), proposal, &plan)
    case .answer(let value): proposeAnswer(value, proposal, &plan)
    case .clarify(let flows): proposeClarification(flows, proposal, &plan)
    case .cancelFlow:
      guard liveTree != nil else { return proposeTakingBack(proposal, &plan) }
      guard mayLeave(proposal, &plan) else { return }
      plan.cancels = true
      accept(proposal, "the journey under way is given up")
    case .skipQuestion:
      guard awaiting != nil else { return reject(proposal, "nothing is asked") }
      proposeTail(.skip, proposal, &plan)
    case .repeatLast:
      guard !state.saidBefore.isEmpty else { return reject(proposal, "nothing was said yet") }
      proposeTail(.again, proposal, &plan)
    case .humanHandoff: if mayLeave(proposal, &plan) { proposeTail(.handoff, proposal, &plan) }
    case .hold: if mayLeave(proposal, &plan) { proposeTail(.hold, proposal, &plan) }
    case .chitchat: proposeTail(.chitchat, proposal, &plan)
    case .aside(let aside): proposeTail(.aside(aside), proposal, &plan)
    case .search: proposeTail(.search, proposal, &plan)
    case .restart: if mayLeave(proposal, &plan) { proposeTail(.restart, proposal, &plan) }
    case .goodbye: if mayLeave(proposal, &plan) { proposeTail(.goodbye, proposal, &plan) }
    case .cannotHandle(let reason):
      plan.reason = plan.reason ?? reason
      reject(proposal, "understood as words, but nothing this assistant does")
    }
  }

  mutating func proposeTail(_ tail: TurnPlan.Tail, _ proposal: ProposedCommand, _ plan: inout TurnPlan) {
    if let other = plan.tail, other >= tail { return reject(proposal, "something stronger is asked for") }
    plan.tail = tail
    accept(proposal, "a wish about the conversation itself")
  }

  /// However readily an assistant guesses where nothing is asked: an open question is left for no less.
  private static let sureToLeave = Confidence(permille: 450)

  /// However readily an assistant guesses: what changes something is asked about below.
  private static let sureToChange = Confidence(permille: 450)

  /// The call does not end, change hands or rest, and no journey is dropped, on a guess: what was perhaps an answer is asked
  /// for again.
  private mutating func mayLeave(_ proposal: ProposedCommand, _ plan: inout TurnPlan) -> Bool {
    let least = liveTree != nil || awaiting != nil && !isAskedForMore ? Self.sureToEnd : Self.sureToEndAtRest
    guard proposal.confidence < least else { return true }
    plan.reason = plan.reason ?? .notUnderstood
    reject(proposal, "not sure enough (below \(least)) to leave what is under way")
    return false
  }

  /// Whether all that is asked is whether there is more to do.
  var isAskedForMore: Bool { awaiting == "continue_conversation" }

  private static let sureToEnd = Confidence(permille: 800)
  private static let sureToEndAtRest = Confidence(permille: 700)

  /// Whether a proposal would be a yes to a question that nothing less answers.
  private func assents(_ slot: SlotName, _ value: SlotValue?) -> Bool {
    program.assents.contains(slot) && value != nil && value != .bool(false)
  }

  /// Why a proposal for such a question is no yes; nil when it is one.
  private func noAssent(_ proposal: ProposedCommand) -> String? {
    if proposal.confidence < .sureToAssent { return "less than a yes" }
    guard let question = listeningQuestion, state.stack[question].lacksValue else { return nil }
    return "what it would agree to was not read back whole"
  }

  private mutating func proposeStart(_ id: FlowID, _ proposal: ProposedCommand, _ plan: inout TurnPlan) {
    guard let index = program.flow(id) else { return reject(proposal, "there is no such journey") }
    let flow = program.flows[index]
    guard !flow.isPattern else { return reject(proposal, "a pattern is not for callers to start") }
    if let tree = liveTree, state.stack[tree].contains(where: { $0.flow == index }) {
      plan.goesOn = true
      return accept(proposal, "it is under way already and goes on")
    }
    if let root = begunRoots.first(where: { state.stack[$0].flow == index }) {
      plan.resumes = state.stack[root].flow
      return accept(proposal, "it was interrupted and goes on")
    }
    if let condition = flow.definition.guardCondition, !holds(condition) {
      return reject(proposal, "its guard does not hold: \(PredicateText.text(condition))")
    }
    guard !plan.starts.contains(index), !state.stack.contains(where: { $0.flow == index }) else {
      return reject(proposal, "it is started already")
    }
    if awaiting != nil, flow.handsOver, !mayLeave(proposal, &plan) { return }
    // Words that were perhaps an answer do not take the caller away from the question.
    let clarifyBelow = program.definition.voice.clarifyBelow
    if awaiting != nil, proposal.confidence < max(clarifyBelow, Self.sureToLeave) {
      return reject(proposal, "not sure enough to leave the question")
    }
    let least = flow.changesState ? max(clarifyBelow, Self.sureToChange) : clarifyBelow
    if proposal.confidence < least {
      if !plan.options.contains(index) { plan.options.append(index) }
      return accept(proposal, "not sure enough (below \(least)), so it is asked about")
    }
    plan.starts.append(index)
    accept(proposal, "a journey to start")
  }

  private mutating func proposeClarification(_ flows: [FlowID], _ proposal: ProposedCommand, _ plan: inout TurnPlan) {
    var found = 0
    for id in flows {
      guard let index = program.flow(id), !program.flows[index].isPattern else { continue }
      if let condition = program.flows[index].definition.guardCondition, !holds(condition) { continue }
      found += 1
      if !plan.options.contains(index) { plan.options.append(index) }
    }
    if found == 0 {
      reject(proposal, "none of these journeys can be started")
    } else {
      accept(proposal, "ask which is meant")
    }
  }

  private mutating func proposeAnswer(_ value: Bool, _ proposal: ProposedCommand, _ plan: inout TurnPlan) {
    if let awaiting {
      guard let slot = program.slots[awaiting] else { return reject(proposal, "nothing asks for yes or no") }
      if case .value(let fitting) = coerce(.bool(value), for: slot), slot.definition.type != .text,
        slot.definition.type != .any
      {
        if assents(awaiting, fitting), let reason = noAssent(proposal) { return reject(proposal, reason) }
        plan.sets.append(change(awaiting, fitting, proposal))
        return accept(proposal, "the answer to \(awaiting)")
      }
      return reject(proposal, "\(awaiting) is not a question of yes or no")
    }
    if let top = state.stack.last, top.phase == .listening, program.flows[top.flow].role == .clarification {
      let offered = options(of: top)
      if value, offered.count == 1, let index = program.flow(offered[0]) {
        plan.starts.append(index)
        return accept(proposal, "yes to the only journey offered")
      }
      if !value {
        plan.refusesOptions = true
        return reject(proposal, "none of the journeys offered is meant")
      }
      return reject(proposal, "several journeys were offered")
    }
    guard wasAskedForMore else { return reject(proposal, "nothing asks for yes or no") }
    proposeTail(value ? .help : .goodbye, proposal, &plan)
  }

  private mutating func change(_ slot: SlotName, _ value: SlotValue?, _ proposal: ProposedCommand) -> SlotChange {
    SlotChange(
      slot: slot, value: value, source: proposal.source, confidence: proposal.confidence,
      others: otherReadings(proposal, of: slot))
  }

  private mutating func proposeSet(
    _ name: SlotName, _ value: SlotValue?, _ proposal: ProposedCommand, _ plan: inout TurnPlan
  ) {
    guard let slot = program.slots[name] else { return reject(proposal, "there is no such slot") }
    guard !program.heldSlots.contains(name) else { return reject(proposal, "only flows and tools fill it") }
    let isAwaited = name == awaiting
    if isAwaited, proposal.source == .keys, let question = listeningQuestion,
      collectStep(below: question)?.voice.acceptsKeys == false
    {
      return reject(proposal, "keys are no answer here")
    }
    var fitting = value
    if let value {
      switch coerce(value, for: slot) {
      case .value(let value): fitting = value
      case .mistyped(let response):
        if isAwaited { plan.mistyped = (name, response) }
        return reject(proposal, "the value does not fit the slot's type")
      }
    }
    if let fitting, !canBeSaid(fitting, as: slot.grammar) {
      if isAwaited, slot.grammar.isCountedOut { plan.mistyped = (name, BuiltInResponse.badNumber) }
      return reject(proposal, "nobody could say it back")
    }
    if isAwaited || name == slotUnderConfirmation {
      guard fitting != nil else { return reject(proposal, "there is nothing to take back") }
      if isAwaited, assents(name, fitting), let reason = noAssent(proposal) { return reject(proposal, reason) }
      put(change(name, fitting, proposal), proposal, into: &plan.sets, "the answer to what is asked")
      return
    }
    if slot.definition.filledBy == .controlled, proposal.proposer != ProposedCommand.payloadProposer {
      return reject(proposal, "callers' words do not fill it")
    }
    let held = state.slots[name]?.value
    if let flow = askingPattern, flow.fillable.contains(name), held == nil, let fitting {
      if flow.askedFirst.contains(name) { return reject(proposal, "it is filled at its own question only") }
      return put(change(name, fitting, proposal), proposal, into: &plan.sets, "given before it is asked")
    }
    if let tree = liveTree {
      let flow = program.flows[state.stack[tree.lowerBound].flow]
      if flow.fillable.contains(name) {
        if let held {
          if let fitting, areSame(fitting, held) { return reject(proposal, "it holds that value already") }
          return put(change(name, fitting, proposal), proposal, into: &plan.corrections, "a correction")
        }
        guard fitting != nil else { return reject(proposal, "it is empty") }
        let ownStepOnly = flow.askedFirst.contains(name)
        if ownStepOnly, let awaiting, followsNo(name), !plan.sets.contains(where: { $0.slot == awaiting }) {
          plan.sets.append(change(awaiting, .bool(false), proposal))
          return accept(proposal, "a no: it answers what a no leads to, and is asked for there")
        }
        if ownStepOnly { return reject(proposal, "it is filled at its own question only") }
        return put(change(name, fitting, proposal), proposal, into: &plan.sets, "given before it is asked")
      }
    }
    guard let starting = plan.starts.first(where: { program.flows[$0].fillable.contains(name) }) else {
      if let fitting, keepOffered(change(name, fitting, proposal), plan) {
        return accept(proposal, "kept until it is said which journey is meant")
      }
      return reject(proposal, "no journey under way asks for it")
    }
    guard fitting != nil else { return reject(proposal, "it is empty") }
    if program.flows[starting].askedFirst.contains(name) {
      return reject(proposal, "it is filled at its own question only")
    }
    put(change(name, fitting, proposal), proposal, into: &plan.sets, "given for the journey that starts")
  }

  /// Whether a caller's value could be read back. Words, names and addresses that were heard can.
  private mutating func canBeSaid(_ value: SlotValue, as grammar: SlotGrammar) -> Bool {
    switch value {
    case .sensitive(let sensitive): !grammar.isCountedOut || inquiry.canSay(sensitive, grammar)
    case .list: true
    default: !SpokenForm.text(for: value, grammar: grammar).isBlank
    }
  }

  /// The last of several values for one slot counts: the caller corrects within the sentence.
  private mutating func put(
    _ change: SlotChange, _ proposal: ProposedCommand, into changes: inout [SlotChange], _ reason: String
  ) {
    changes.removeAll { $0.slot == change.slot }
    changes.append(change)
    accept(proposal, reason)
  }

  /// The slot whose value the caller is just asked to confirm.
  var slotUnderConfirmation: SlotName? { confirmation.flatMap { state.stack[$0].subject } }

  /// The frame that asks for a confirmation, when that is what is asked now.
  var confirmation: Int? {
    guard awaiting == BuiltInSlot.valueIsRight else { return nil }
    return state.stack.lastIndex { program.flows[$0.flow].role == .confirmSlot }
  }

  /// Precedence between what is left.
  private mutating func settle(_ plan: inout TurnPlan) {
    if plan.tail == .restart {
      let reason = plan.reason
      plan = TurnPlan()
      plan.tail = .restart
      plan.reason = reason
      return
    }
    if let slot = slotUnderConfirmation, plan.sets.contains(where: { $0.slot == slot }) {
      // A new value stands for the no that came with it.
      plan.sets.removeAll { $0.slot == BuiltInSlot.valueIsRight }
    }
    if !plan.corrections.isEmpty, let flag = plan.sets.first(where: { assents($0.slot, $0.value) }) {
      note(.commandRejected, "set \(flag.slot)", "what it would confirm is corrected in the same breath")
      plan.sets.removeAll { assents($0.slot, $0.value) }
    }
    if !plan.options.isEmpty, !plan.sets.isEmpty || !plan.corrections.isEmpty || !plan.starts.isEmpty {
      note(.commandRejected, "clarify", "the rest of the turn is clear")
      plan.options = []
    }
    if plan.cancels {
      let flows = program.flows
      let starts = plan.starts
      func isForStart(_ change: SlotChange) -> Bool { starts.contains { flows[$0].fillable.contains(change.slot) } }
      for change in plan.corrections + plan.sets where !isForStart(change) {
        note(.commandRejected, "set \(change.slot)", "its journey is given up")
      }
      plan.corrections = []
      plan.sets.removeAll { !isForStart($0) }
      plan.goesOn = false
    }
    if plan.tail == .aside(.limits), !plan.acts, plan.options.isEmpty {
      note(.commandRejected, "aside limits", "there is nothing that it limits")
      plan.tail = nil
    }
    if let tail = plan.tail, plan.acts || !plan.options.isEmpty, !tail.joinsOthers {
      let isParting = tail == .goodbye && plan.starts.isEmpty && plan.corrections.isEmpty && plan.options.isEmpty
      if isParting {
        plan.cancels = false
      } else {
        note(.commandRejected, "\(tail)", "the turn says something more concrete")
        plan.tail = nil
      }
    }
  }
}

extension SlotGrammar {
  /// Whether a value of it may be too much to be said.
  fileprivate var isCountedOut: Bool {
    switch self {
    case .money, .number: true
    default: false
    }
  }
}
