import Assistant
import Conversation
import Core
import Dialogue

/// Plays one case against the real conversation, in virtual time.
struct CaseRunner {
  let test: TestCase
  let definition: AssistantDefinition
  let channel: Channel
  private let trace = EngineTrace()
  private let interpreter: TurnInterpreter
  private let clock: WallClock
  private var observer: Observer
  private(set) var coverage = Coverage()
  /// Actions that ran without a stub.
  private(set) var madeUp: Set<ActionName> = []

  var failures: [CaseResult.Failure] = []
  var dialogue: [CaseResult.Line] = []
  var readers: [String: Int] = [:]
  var remarks: [String] = []
  var notJudged = false

  /// - Parameters:
  ///   - undeclared: actions that the assistant names and nothing here runs.
  ///   - channel: what it is played on unless it says otherwise.
  ///   - clock: the time it is played at unless it says otherwise.
  init(
    _ test: TestCase, of definition: AssistantDefinition, undeclared: Set<ActionName>, interpreter: TurnInterpreter,
    channel: Channel, clock: WallClock
  ) {
    self.test = test
    self.definition = StubbedActions.equip(definition, stubs: test.stubs, undeclared: undeclared)
    self.interpreter = interpreter
    self.channel = test.channel ?? (test.needsVoice ? .voice : channel)
    self.clock = test.clock?.wallClock ?? clock
    observer = Observer(definition: self.definition, channel: self.channel)
  }

  /// What the call asks for while a turn is played: the meaning of words, and how actions go.
  private final class Desk {
    var text = ""
    var number = -1
    var confidence = Confidence.certain
    var readings: [TurnInterpreter.Reading] = []
    var actions: StubbedActions

    init(actions: StubbedActions) { self.actions = actions }
  }

  /// Plays the case. Stops behind the first turn of which something was not as expected.
  mutating func run() async -> CaseResult {
    let desk = Desk(
      actions: StubbedActions(
        stubs: test.stubs, definition: definition,
        tomorrow: clock.date(at: .zero).adding(days: 1).description))
    var call = call(desk)
    if test.usesAssertions, test.steps.contains(where: \.isClassic) {
      remarks.append("bot, utter and slot steps are not looked at, because the case has assertions")
    }
    await call.connect()
    var observation = await settled(&call, from: 0, before: test.steps.first { $0.isTurn })
    for fixture in test.fixtures { call.preset(fixture.slot, fixture.value) }
    tell(observation)
    var claimed = Claimed()
    for (index, step) in test.steps.enumerated() {
      guard failures.isEmpty else { break }
      guard step.isTurn else {
        look(at: step, observation, &claimed)
        continue
      }
      guard !call.isOver else {
        fail(step, "a turn of the caller", "the call is over")
        break
      }
      let mark = call.records.count
      desk.readings = []
      let spoken = await play(step, in: &call, desk)
      observation = await settled(&call, from: mark, before: test.steps[(index + 1)...].first { $0.isTurn })
      claimed = Claimed()
      tell(step, desk.readings)
      tell(observation)
      for problem in desk.readings.compactMap(\.problem) { fail(step, "to know what the words mean", problem) }
      judge(step, observation, spokenAt: spoken)
    }
    coverage.take(call.records)
    madeUp = desk.actions.madeUp
    return CaseResult(
      name: test.name, file: test.file, line: test.source.line,
      status: failures.isEmpty ? (notJudged ? .notJudged : .passed) : .failed, failures: failures, dialogue: dialogue,
      readers: readers, remarks: remarks, milliseconds: call.now.milliseconds)
  }

  private func call(_ desk: Desk) -> RehearsedCall {
    let start = CallStart(
      tenant: "rehearsal", conversation: "rehearsal", call: "rehearsal", leg: "caller", channel: channel,
      calledAddress: "*", clock: clock, seed: 1)
    var call = RehearsedCall(assistant: PreparedAssistant(definition, trace: trace), trace: trace, start: start)
    call.interpret = { [interpreter, test, channel] request in
      let reading = await interpreter.read(
        desk.text, turn: desk.number, of: test, confidence: desk.confidence, isVoice: channel == .voice,
        request: request)
      desk.readings.append(reading)
      return reading.commands
    }
    call.act = { invocation, slots in desk.actions.answer(invocation, slots: slots) }
    call.transfer = { _ in desk.actions.transfer() }
    return call
  }

  /// Lets the call go on until the caller's next turn, and says what came of it.
  private mutating func settled(
    _ call: inout RehearsedCall, from mark: Int, before next: TestStep?
  ) async -> Observation {
    if let next, let span = next.bargeInAt {
      if await !call.settle(until: span, intoSpeechAfter: mark) {
        fail(next, "the agent to speak, so that it can be interrupted", "the agent says nothing")
      }
    } else {
      await call.settle()
    }
    return observer.observe(call.records[mark...], options: call.conversation.understandingContext.options)
  }

  /// Does what the caller does. Returns when the caller was done.
  private func play(_ step: TestStep, in call: inout RehearsedCall, _ desk: Desk) async -> CallInstant {
    switch step.kind {
    case .user(let text, let confidence, _):
      desk.text = text
      desk.number += 1
      desk.confidence = confidence ?? .certain
      return await call.say(text, confidence: confidence ?? .certain)
    case .keys(let keys, _): return await call.press(keys)
    case .silence(let span): await call.wait(span)
    case .hangUp: await call.hangUp()
    case .heard, .bot, .utter, .slotWasSet, .slotWasNotSet: break
    }
    return call.now
  }
}

extension TestStep {
  /// Whether it is one of the steps that assertions replace.
  var isClassic: Bool {
    switch kind {
    case .bot, .utter, .slotWasSet, .slotWasNotSet: true
    case .user, .keys, .silence, .hangUp, .heard: false
    }
  }
}
