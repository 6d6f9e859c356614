public import Core
import Dialogue
public import TestSupport

@testable import Conversation
@testable import Turns

/// A conversation under watch: after every step it is looked at from all sides, and what must never be is written down.
public struct Watched: Stepping {
  var conversation: Conversation
  var broken: [String] = []
  private(set) var steps = 0
  private(set) var changes = 0
  private(set) var turnsEnded = 0
  /// Ends of turns that were foreseen.
  private(set) var foreseen = 0
  private var timers: [TimerID: CallInstant] = [:]
  private var isVoiceOn = false
  private var hasHungUp = false
  private var lastOutcome: [ActionName: ToolOutcome] = [:]
  private var asked: [EffectID: ActionName] = [:]
  /// What was said of what a tool had done then.
  private var claimed: Set<Sentence> = []

  init(_ conversation: Conversation) { self.conversation = conversation }

  /// What may be said only when a tool has done it.
  private static let claims: [ResponseName: ActionName] = [
    "utter_address_changed": "change_address", "utter_delivery_moved": "move_delivery",
    "utter_case_opened": "open_case",
    "utter_callback_opened": "open_callback_case", "utter_order_status": "fetch_order",
  ]

  public func heard(
    _ text: Sensitive<String>, confidence: Confidence, segment: Int?, since: Int?, others: [Sensitive<String>]
  ) -> Heard {
    conversation.heard(text, confidence: confidence, segment: segment, since: since, others: others)
  }

  public mutating func handle(_ event: CallEvent, at instant: CallInstant) -> [CallEffect] {
    var twin = conversation
    let wasOver = conversation.isOver
    if case .timerFired(let timer) = event { timers[timer] = nil }
    if !conversation.isSuspended { listen(to: event) }
    let isWaitedFor =
      if case .finished(.tool(let effect), _) = event { conversation.dialogue.waiting == .tool(effect) } else { false }
    let effects = conversation.handle(event, at: instant)
    steps += 1
    if twin.handle(event, at: instant) != effects || twin != conversation { fail("two steps differ", event) }
    if case .finished(.tool(let effect), .tool(let outcome)) = event, isWaitedFor, let tool = asked[effect] {
      lastOutcome[tool] = outcome
    }
    if case .timerFired(.work(.tool(let effect))) = event, let tool = asked[effect],
      conversation.dialogue.waiting != .tool(effect)
    {
      if lastOutcome[tool] == nil { lastOutcome[tool] = .unknown }
    }
    if wasOver, !effects.isEmpty { fail("effects after the end", event) }
    for effect in effects { look(at: effect, event) }
    checkForesight(event)
    if conversation.isOver {
      if effects.contains(where: { !$0.isCleaningUp }) { fail("more than cleaning up", event) }
    } else {
      checkWaits(event)
      checkTurn(event, effects)
    }
    return effects
  }

  private mutating func fail(_ what: String, _ event: CallEvent) {
    broken.append("\(what) after \(event), step \(steps)")
  }

  private mutating func look(at effect: CallEffect, _ event: CallEvent) {
    switch effect {
    case .setTimer(let timer, let instant): timers[timer] = instant
    case .cancelTimer(let timer): timers[timer] = nil
    case .hangUp:
      if hasHungUp { fail("hung up twice", event) }
      hasHungUp = true
    case .work(.invoke(let invocation)):
      if hasHungUp { fail("a tool after hanging up", event) }
      asked[invocation.effect] = invocation.tool
      lastOutcome[invocation.tool] = nil
      guard invocation.changesState else { break }
      changes += 1
      if let flag = conversation.assistant.tools[invocation.tool]?.confirmedBy,
        conversation.dialogue.slots[flag]?.value != .bool(true)
      {
        fail("a change without its confirmation", event)
      }
    case .speak(let utterance):
      if hasHungUp { fail("speech after hanging up", event) }
      for sentence in utterance.sentences {
        guard let response = sentence.response, let tool = Self.claims[response] else { continue }
        if case .completed? = lastOutcome[tool] {
          claimed.insert(sentence)
          continue
        }
        // Said again to who comes back, word for word: the same tool may have been asked anew since.
        if case .attached = event, claimed.contains(sentence) { continue }
        // Said again at the caller's wish, of what was done then: the same tool may have been asked anew since.
        if utterance.sentences.count > 0, isRepeat(event) { continue }
        fail("\(response) without \(tool)", event)
      }
    case .work(.transfer), .work(.understand), .listen: if hasHungUp { fail("\(effect) after hanging up", event) }
    case .note(let decision):
      guard decision.kind == .turnEnded, decision.subject != "call" else { break }
      turnsEnded += 1
      if TurnEnding(rawValue: decision.subject) == nil { fail("a turn ends in \(decision.subject)", event) }
    case .pause, .resume, .stop, .fact, .suspend: break
    }
  }

  private mutating func listen(to event: CallEvent) {
    switch event {
    case .speechStarted: isVoiceOn = true
    case .speechEnded, .hungUp: isVoiceOn = false
    default: break
    }
  }

  /// What is foreseen is the first of the timers that run and end a turn; when it fires, it does.
  private mutating func checkForesight(_ event: CallEvent) {
    let foreseeable = conversation.foreseeable
    let isAttended = [.ringing, .talking, .leaving].contains(conversation.phase)
    let running = timers.filter { timer, _ in
      switch timer {
      case .endOfTurn, .longestTurn, .digits: isAttended && !isVoiceOn
      default: false
      }
    }
    guard let foreseeable else {
      if !running.isEmpty { fail("\(running) not foreseen", event) }
      return
    }
    foreseen += 1
    guard case .timerFired(let timer) = foreseeable.event, running[timer] == foreseeable.at,
      running.values.min() == foreseeable.at
    else { return fail("\(foreseeable) foreseen, \(running) running", event) }
    // A copy that is stepped there costs time.
    guard foreseen % 8 == 0 else { return }
    var ahead = conversation
    _ = ahead.handle(foreseeable.event, at: foreseeable.at)
    if ahead.floor.turn != conversation.floor.turn.next { fail("\(foreseeable) ends no turn", event) }
  }

  private func isRepeat(_ event: CallEvent) -> Bool {
    switch event {
    case .finished(_, .understood(let commands)): commands.contains { $0.command == .repeatLast }
    case .digit: true
    default: false
    }
  }

  /// Whatever is waited for, something ends the wait.
  private mutating func checkWaits(_ event: CallEvent) {
    guard conversation.phase != .ringing else { return }
    if conversation.isSuspended {
      if timers[.suspension] == nil { fail("suspended without end", event) }
      if case .tool(let effect) = conversation.dialogue.waiting, conversation.work.kept == nil,
        timers[.work(.tool(effect))] == nil
      {
        fail("a tool without end", event)
      }
      return
    }
    if conversation.phase == .leaving {
      if !hasHungUp, timers[.hangUp] == nil { fail("leaving without end", event) }
      return
    }
    if timers[.longestCall] == nil { fail("no longest call", event) }
    if let turn = conversation.work.understanding, timers[.work(.understanding(turn))] == nil {
      fail("understanding without end", event)
    }
    let hasPlayback = timers.keys.contains { if case .playback = $0 { true } else { false } }
    let hasFloor = timers.keys.contains {
      switch $0 {
      case .endOfTurn, .longestTurn, .bargeIn, .resume, .silence, .digits, .work(.understanding): true
      default: false
      }
    }
    if !conversation.speech.isSilent, !hasPlayback, !hasFloor { fail("speech without end", event) }
    switch conversation.dialogue.waiting {
    case .tool(let effect): if timers[.work(.tool(effect))] == nil { fail("a tool without end", event) }
    case .transfer(let effect):
      if timers[.work(.transfer(effect))] == nil, conversation.speech.isSilent { fail("a transfer without end", event) }
    case .heard: if conversation.speech.isSilent { fail("nothing to be heard", event) }
    case .caller, .hold:
      if !conversation.work.isHeld, !hasFloor, !hasPlayback { fail("the caller is waited for without end", event) }
    case .ended: fail("ended, and not leaving", event)
    }
  }

  /// A turn that dialogue settled ends in something, or is under way.
  private mutating func checkTurn(_ event: CallEvent, _ effects: [CallEffect]) {
    let isSettled = effects.contains { effect in
      if case .note(let decision) = effect {
        [.commandAccepted, .questionAsked].contains(decision.kind)
      } else {
        false
      }
    }
    guard isSettled, conversation.phase == .talking, conversation.dialogue.waiting.isRest else { return }
    let ends = effects.contains { if case .note(let decision) = $0 { decision.kind == .turnEnded } else { false } }
    if !ends { fail("a turn without ending", event) }
  }
}
