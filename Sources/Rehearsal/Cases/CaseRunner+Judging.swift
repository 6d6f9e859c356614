import Assistant
import Core

/// Messages that a classic step has claimed: each is good for one `utter` and one `bot`.
struct Claimed {
  var byName: Set<Int> = []
  var byText: Set<Int> = []
}

extension CaseRunner {
  mutating func fail(_ step: TestStep, _ expected: String, _ found: String) {
    failures.append(
      CaseResult.Failure(line: step.source.line, key: step.key, expected: expected, found: found))
  }

  // MARK: Assertions

  /// Holds the assertions of a turn against what came of it.
  mutating func judge(_ step: TestStep, _ observation: Observation, spokenAt: CallInstant) {
    let check = AssertionCheck(observation: observation, definition: definition)
    var start = 0
    for assertion in step.assertions {
      switch check.check(assertion, from: step.isOrdered ? start : 0) {
      case .holds(let place): start = place.map { $0 + 1 } ?? start
      case .fails(let expected, let found):
        let isElsewhere = step.isOrdered && start > 0 && isHolding(check.check(assertion))
        failures.append(
          CaseResult.Failure(
            line: assertion.source.line, key: assertion.key,
            expected: isElsewhere ? expected + ", after what is asserted before it" : expected, found: found))
      case .notJudged(let why):
        notJudged = true
        if !remarks.contains(why) { remarks.append(why) }
      }
    }
    guard let most = step.withinMilliseconds else { return }
    guard let sound = observation.firstSound else {
      return fail(step, "an answer within \(most) ms", "the agent says nothing")
    }
    let taken = (sound - spokenAt).milliseconds
    if taken > most { fail(step, "an answer within \(most) ms", "it began after \(taken) ms") }
  }

  private func isHolding(_ verdict: AssertionCheck.Verdict) -> Bool {
    if case .holds = verdict { true } else { false }
  }

  // MARK: Steps that look

  /// Holds a step that is no turn against what came of the turn before.
  mutating func look(at step: TestStep, _ observation: Observation, _ claimed: inout Claimed) {
    if step.isClassic, test.usesAssertions { return }
    let check = AssertionCheck(observation: observation, definition: definition)
    let messages = observation.messages
    switch step.kind {
    case .user, .keys, .silence, .hangUp: break
    case .utter(let name):
      if let found = messages.indices.first(where: { messages[$0].response == name && !claimed.byName.contains($0) }) {
        claimed.byName.insert(found)
      } else {
        report(check.check(TestAssertion(.botUttered(UtteranceExpectation(response: name)), source: step.source)), step)
        if failures.isEmpty { fail(step, "the agent to say \(name) once more", "it was said less often") }
      }
    case .bot(let text):
      let wanted = AssertionCheck.collapsed(text)
      if let found = messages.indices.first(where: {
        AssertionCheck.collapsed(messages[$0].text) == wanted && !claimed.byText.contains($0)
      }) {
        claimed.byText.insert(found)
      } else {
        let said = messages.map { "\"" + AssertionCheck.collapsed($0.text) + "\"" }
        fail(
          step, "the agent to say \"\(wanted)\"",
          "the agent said " + (said.isEmpty ? "nothing" : said.joined(separator: ", ")))
      }
    case .slotWasSet(let slots): report(check.check(TestAssertion(.slotWasSet(slots), source: step.source)), step)
    case .slotWasNotSet(let slots): report(check.check(TestAssertion(.slotWasNotSet(slots), source: step.source)), step)
    case .heard(let what): listen(for: what, step, messages)
    }
  }

  private mutating func report(_ verdict: AssertionCheck.Verdict, _ step: TestStep) {
    if case .fails(let expected, let found) = verdict { fail(step, expected, found) }
  }

  private mutating func listen(for what: String, _ step: TestStep, _ messages: [Observation.Message]) {
    let isName = what.hasPrefix("utter_") && !what.contains(" ")
    let meant = messages.filter { message in
      isName
        ? message.response?.rawValue == what
        : AssertionCheck.collapsed(message.text).lowercased().contains(AssertionCheck.collapsed(what).lowercased())
    }
    if meant.contains(where: { message in channel == .chat || message.sentences.allSatisfy(\.isHeard) }) { return }
    fail(
      step, "the caller to hear \(what) to its end", meant.isEmpty ? "the agent did not say it" : "it was cut short")
  }

  // MARK: The dialogue

  /// Writes down what the agent said.
  mutating func tell(_ observation: Observation) {
    for message in observation.messages {
      let isCut = channel == .voice && !message.sentences.isEmpty && !message.sentences.allSatisfy(\.isHeard)
      let name = message.response?.rawValue ?? "action"
      dialogue.append(
        CaseResult.Line(
          speaker: "agent", text: AssertionCheck.collapsed(message.text), detail: isCut ? name + ", cut short" : name))
    }
    if let reason = observation.hangUp {
      dialogue.append(CaseResult.Line(speaker: "-", text: "the agent ends the call", detail: reason.rawValue))
    }
  }

  /// Writes down what the caller did, and how it was understood.
  mutating func tell(_ step: TestStep, _ readings: [TurnInterpreter.Reading]) {
    for reading in readings { readers["\(reading.reader)", default: 0] += 1 }
    switch step.kind {
    case .user(let text, _, _):
      let detail = readings.map { reading in
        let commands = reading.commands.map { proposal in
          TestText.command(proposal.command)
            + (proposal.confidence < .certain ? " at \(proposal.confidence)" : "")
        }
        return "\(reading.reader): " + (commands.isEmpty ? "nothing" : commands.joined(separator: ", "))
      }
      dialogue.append(CaseResult.Line(speaker: "caller", text: text, detail: detail.joined(separator: "; ")))
    case .keys(let keys, _): dialogue.append(CaseResult.Line(speaker: "caller", text: keys, detail: "keys"))
    case .silence(let span):
      dialogue.append(CaseResult.Line(speaker: "caller", text: "...", detail: "silent for \(span.milliseconds) ms"))
    case .hangUp: dialogue.append(CaseResult.Line(speaker: "-", text: "the caller hangs up", detail: ""))
    case .heard, .bot, .utter, .slotWasSet, .slotWasNotSet: break
    }
  }
}

/// Words for what tests show.
enum TestText {
  /// A command as tests write it.
  static func command(_ command: Command) -> String {
    switch command {
    case .startFlow(let flow): "StartFlow(\(flow))"
    case .setSlot(let slot, let value): "SetSlot(\(slot), \(value?.revealedText ?? "null"))"
    case .holdPart(let slot, let value, _): "HoldPart(\(slot), \(value.revealedText ?? "null"))"
    case .cancelFlow: "CancelFlow()"
    case .clarify(let flows): "Clarify(" + flows.map(\.rawValue).joined(separator: ", ") + ")"
    case .skipQuestion: "SkipQuestion()"
    case .repeatLast: "RepeatLastBotMessages()"
    case .humanHandoff: "HumanHandoff()"
    case .hold: "Hold()"
    case .chitchat: "ChitChat()"
    case .aside(let aside): "Aside(\(aside.rawValue))"
    case .search: "SearchAndReply()"
    case .restart: "Restart()"
    case .goodbye: "Goodbye()"
    case .answer(let value): "Answer(\(value ? "yes" : "no"))"
    case .cannotHandle(let reason): "CannotHandle(\(reason.rawValue))"
    }
  }
}

extension TestStep {
  /// The key it is written under.
  var key: String {
    switch kind {
    case .user: "user"
    case .keys: "dtmf"
    case .silence: "silence"
    case .hangUp: "hangup"
    case .heard: "heard"
    case .bot: "bot"
    case .utter: "utter"
    case .slotWasSet: "slot_was_set"
    case .slotWasNotSet: "slot_was_not_set"
    }
  }
}
