import Core
import Dialogue
import Turns

// Work that the conversation asks of the outside, of whatever kind: it begins with its timers, and ends by its result or by what
// is taken for it when it is late.

extension Conversation {
  /// Asks for a piece of work. Its deadline runs from now, and so does the wait after which the caller is told that it goes on;
  /// where nobody is, nobody is told.
  mutating func begin(_ piece: Work, _ step: inout Step) {
    let id = piece.id
    step.effects.append(.work(piece))
    step.effects.append(.setTimer(.work(id), at: step.now + piece.deadline))
    guard phase != .settling, case .invoke(let invocation) = piece else { return }
    work.meanwhile = WorkInHand.Meanwhile(work: id, next: 1)
    step.effects.append(.setTimer(.meanwhile(id, 1), at: step.now + patience(with: invocation.tool)))
  }

  /// After how long the caller is told that a tool is at work: one that answers at once needs no word for long, one that takes
  /// long was announced.
  private func patience(with tool: ActionName) -> CallSpan {
    assistant.tools[tool]?.latency ?? .short == .short ? assistant.voice.fillerAfter : Work.nextWord
  }

  /// Takes the result of a piece of work.
  mutating func finished(_ id: WorkID, _ result: WorkResult, _ step: inout Step) {
    conclude(id, result, isLate: false, &step)
  }

  /// A deadline passed: work that is still waited for has the result of what is late.
  mutating func late(_ id: WorkID, _ step: inout Step) {
    guard isAwaited(id) else { return }
    conclude(id, id.resultWhenLate, isLate: true, &step)
  }

  /// Whether the result of a piece of work is waited for.
  func isAwaited(_ id: WorkID) -> Bool {
    switch id {
    case .understanding(let turn): work.understanding == turn
    case .tool(let effect): dialogue.waiting == .tool(effect)
    case .transfer(let effect): dialogue.waiting == .transfer(effect)
    }
  }

  private mutating func conclude(_ id: WorkID, _ result: WorkResult, isLate: Bool, _ step: inout Step) {
    guard let input = input(of: id, result) else { return }
    guard isAwaited(id) else { return cameTooLate(id, result, &step) }
    if phase == .suspended, work.kept != nil { return }
    if case .understanding = id { forgetUnderstanding() }
    // Without a line a deadline is cancelled even when it has passed: replay compares with journals that hold it so.
    if !isLate || phase == .suspended || phase == .settling { step.effects.append(.cancelTimer(.work(id))) }
    switch phase {
    case .suspended: work.kept = input
    case .settling: settle(input, &step)
    case .ringing, .talking, .leaving, .over:
      if let timer = work.meanwhile?.timer, work.meanwhile?.work == id { step.effects.append(.cancelTimer(timer)) }
      decide(input, &step)
    }
    leaveIfTaken(result, &step)
  }

  /// What the dialogue is told; nil for a result of another kind than the work's.
  private func input(of id: WorkID, _ result: WorkResult) -> DialogueInput? {
    switch (id, result) {
    case (.understanding(let turn), .understood(let commands)):
      .commands(
        turn,
        heeded(
          permitted(commands), answersWhatWasHeard: work.answersWhatWasHeard,
          hasHeardTheQuestion: work.hasHeardTheQuestion))
    case (.tool(let effect), .tool(let outcome)): .toolFinished(effect, outcome)
    case (.transfer(let effect), .transfer(let outcome)): .transferFinished(effect, outcome)
    default: nil
    }
  }

  /// Nobody waits for it any more: it is written down, and changes nothing but that a person may have the caller.
  private mutating func cameTooLate(_ id: WorkID, _ result: WorkResult, _ step: inout Step) {
    guard phase != .suspended, phase != .settling else { return }
    let decision =
      switch (id, result) {
      case (.understanding(let turn), _):
        Decision(
          turn: turn, kind: .commandRejected, subject: "turn \(turn)",
          reason: "the answer came after the turn was settled otherwise")
      case (.transfer(let effect), .transfer(let outcome)):
        Decision(
          turn: work.turn, kind: .failure, subject: "effect \(effect)",
          reason: "the transfer ended as \(outcome.rawValue) after the flow had gone on")
      case (.tool(let effect), _), (.transfer(let effect), _):
        Decision(
          turn: work.turn, kind: .failure, subject: "effect \(effect)",
          reason: "its outcome came after the flow had gone on; the ledger holds it")
      }
    step.effects.append(.note(decision))
    leaveIfTaken(result, &step)
  }

  /// Whoever took the call has it, however late we hear of it.
  private mutating func leaveIfTaken(_ result: WorkResult, _ step: inout Step) {
    if result == .transfer(.accepted) { leave(.transferred, &step) }
  }

  /// The caller hears that work goes on; the words never predict the outcome.
  mutating func meanwhile(_ id: WorkID, _ number: Int, _ step: inout Step) {
    guard isAwaited(id), phase == .talking else { return }
    if speech.isSilent, !floor.isTurnOpen {
      if let full = speech.add(
        plainSentences(of: "utter_please_wait", attempt: number), .free, .acknowledgement, turn: work.turn)
      {
        speak(full, &step)
      }
      flushSpeech(&step)
    }
    work.meanwhile = WorkInHand.Meanwhile(work: id, next: number + 1)
    step.effects.append(.setTimer(.meanwhile(id, number + 1), at: step.now + Work.nextWord))
  }
}
