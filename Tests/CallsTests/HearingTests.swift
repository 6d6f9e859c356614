import Core
import Synchronization
import TestSupport
import Testing

@testable import Calls

@Suite struct `What the caller says` {
  @Test func `is admitted not to be heard when the recogniser fails, and heard again when it works`() async throws {
    let studio = try Studio(
      recognizer: FakeRecognizer(finals: .fails, .gives("where is my parcel")),
      understander: FakeUnderstander(.gives([.startFlow("order_status")])))
    try await studio.greet()
    await studio.speak(600)
    await studio.pass(until: "it is admitted") { $0.said.contains("I cannot understand you at the moment") }
    #expect(studio.events.contains(.engine(.recognizer, isWorking: false)))
    await studio.pass(until: "it is said") { $0.playbacks.last?.state == .finished && $0.playbacks.count > 5 }
    await studio.speak(600)
    await studio.pass(until: "it is asked") { $0.said.contains("order number") }
    #expect(studio.events.contains(.engine(.recognizer, isWorking: true)))
  }

  @Test func `is admitted not to be heard where there is no recogniser, and keys do instead`() async throws {
    let studio = try Studio(isHearing: false)
    try await studio.greet()
    await studio.speak(600)
    await studio.pass(until: "it is admitted") { $0.said.contains("I cannot understand you at the moment") }
    #expect(studio.said.contains("For your order, press 1.") && studio.said.hasSuffix("For a person, press 0."))
    studio.port.press("1")
    await studio.pass(until: "the number is asked for") { $0.said.contains("Please type it with the keys") }
  }

  @Test func `of which nothing comes for ever does not hold the floor`() async throws {
    let studio = try Studio(recognizer: FakeRecognizer(finals: .hangs))
    try await studio.greet()
    await studio.speak(600)
    for _ in 0..<300 where !studio.said.contains("I cannot understand you at the moment") { await studio.pass(20) }
    #expect(studio.said.contains("I cannot understand you at the moment"))
  }

  @Test func `is guessed at while it goes on and the agent speaks`() async throws {
    let studio = try Studio(
      recognizer: FakeRecognizer(finals: .gives("where is it"), partials: [.gives("where")]))
    try await studio.connect()
    studio.port.callerLevel = 4_000
    await studio.pass(until: "a guess comes") { $0.events.contains { if case .partial = $0 { true } else { false } } }
    studio.port.callerLevel = 0
    let partial = studio.events.compactMap { if case .partial(let heard) = $0 { heard } else { nil } }.first
    #expect(partial?.text.revealed == "where")
  }

  @Test func `is guessed at ever more seldom the longer it is`() async throws {
    let studio = try Studio(recognizer: FakeRecognizer(finals: .gives("a story"), partials: [.gives("")]))
    try await studio.connect()
    await studio.pass(until: "what must be heard is over") {
      $0.playbacks.last?.state == .started && $0.playbacks.count == 3
    }
    studio.port.callerLevel = 4_000
    for _ in 0..<300 {
      await studio.pass(20)
      await studio.settle()
    }
    let began = studio.events.compactMap { if case .speechStarted(let at) = $0 { at } else { nil } }.first
    let guesses = studio.journal.entries.compactMap { entry in
      if case .event(.partial) = entry.record { entry.instant } else { nil }
    }
    let instants = [try #require(began)] + guesses
    let distances = zip(instants.dropFirst(), instants).map { ($0 - $1).milliseconds }
    try #require(distances.count == 8, "\(distances)")
    #expect((500..<530).contains(distances[0]) && distances.dropFirst() == distances.dropFirst().sorted()[...])
    #expect((600...620).contains(distances[1]) && (1_000...1_020).contains(distances[7]), "\(distances)")
    #expect(studio.recognizer.partials.asked.map(\.duration.milliseconds).allSatisfy { $0 > 700 })
  }

  @Test func `is not guessed at where nobody is interrupted`() async throws {
    let studio = try Studio(recognizer: FakeRecognizer(finals: .gives("a story"), partials: [.gives("a story")]))
    try await studio.greet()
    let spoken = studio.utterances.count
    await studio.speak(2_000)
    #expect(studio.recognizer.partials.asked.isEmpty)
    await studio.pass(until: "it is answered") { $0.utterances.count > spoken }
    #expect(studio.recognizer.partials.asked.isEmpty)
  }

  @Test func `is guessed at as soon as what must be heard is over`() async throws {
    let studio = try Studio(recognizer: FakeRecognizer(finals: .gives("a story"), partials: [.gives("")]))
    try await studio.connect()
    studio.port.callerLevel = 4_000
    await studio.pass(until: "it is over") { $0.playbacks.contains { $0.state == .finished } }
    #expect(studio.recognizer.partials.asked.isEmpty)
    await studio.pass(40)
    await studio.settle(until: "a guess is asked for") { $0.recognizer.partials.asked.count == 1 }
  }

  @Test func `and has no words is read again with what follows, unless it was a click`() async throws {
    for (first, answer, isTakenBack) in [(600, "", true), (600, "where is it", false), (160, "", false)] {
      let studio = try Studio(recognizer: FakeRecognizer(finals: .gives(answer), .gives("my parcel")))
      try await studio.greet()
      await studio.speak(first)
      await studio.pass(until: "the first is read") { $0.transcripts.count == 1 }
      await studio.speak(600)
      await studio.pass(until: "the second is read") { $0.transcripts.count == 2 }
      let clips = studio.recognizer.finals.asked.map(\.duration.milliseconds)
      try #require(clips.count == 2, "\(clips)")
      #expect((clips[1] > clips[0] + 600) == isTakenBack, "\(first) ms, \(answer): \(clips)")
    }
  }

  @Test func `is read together with what was said before it where digits are asked for`() async throws {
    let studio = try Studio(
      recognizer: FakeRecognizer(
        finals: .gives("where is my parcel"), .gives("one oh four"), .gives("one oh four seven three eight two nine")),
      understander: FakeUnderstander(.gives([.startFlow("order_status")]), .gives([])))
    try await studio.greet()
    await studio.speak(600)
    await studio.pass(until: "the number is asked for") { $0.said.contains("order number") }
    await studio.pass(until: "it was heard") { $0.playbacks.last?.state == .finished }
    await studio.speak(1_000)
    await studio.pass(400)
    await studio.speak(1_200)
    await studio.pass(until: "both are read") { $0.transcripts.count == 3 }
    let clips = studio.recognizer.finals.asked.map(\.duration.milliseconds)
    try #require(clips.count == 3)
    #expect(clips[2] > clips[1] + 1_200 + 300, "\(clips)")
    #expect(studio.transcripts.map(\.since) == [nil, nil, 2])
    await studio.pass(until: "the turn is over") { $0.requests.count == 2 }
    #expect(studio.requests.last?.heard.map(\.text.revealed) == ["one oh four seven three eight two nine"])
  }

  @Test func `is not lost however long it is`() async throws {
    let studio = try Studio(recognizer: FakeRecognizer(finals: .gives("a story"), partials: [.hangs]))
    try await studio.greet()
    await studio.speak(20_000)
    await studio.pass(until: "its words are there") { $0.transcripts.count == 1 }
    let clip = try #require(studio.recognizer.finals.asked.first)
    #expect(clip.duration.milliseconds > 20_000, "\(clip.duration.milliseconds) ms")
  }
}

@Suite struct `A guess at what is meant` {
  /// The words are there, their meaning is known, and the turn is not over: 550 ms of silence end it.
  private func guessing(_ understander: FakeUnderstander) async throws -> Studio {
    let studio = try Studio(
      recognizer: FakeRecognizer(finals: .gives("where is my parcel"), .gives("the red one")),
      understander: understander)
    try await studio.greet()
    await studio.speak(600)
    await studio.pass(until: "its words are there") { !$0.transcripts.isEmpty }
    await studio.settle(until: "the guess is asked for") { $0.understander.requests.asked.count == 1 }
    return studio
  }

  @Test func `is used when the turn ends as guessed: understanding is asked once, speech is ready`() async throws {
    let studio = try await guessing(FakeUnderstander(.gives([.startFlow("order_status")]), .gives([])))
    await studio.settle()
    #expect(studio.requests.isEmpty, "nothing is known of it outside")
    #expect(studio.synthesizer.texts.asked.contains("What is your order number?"), "its answer is made ahead")
    #expect(!studio.said.contains("order number") && studio.tools.invocations.asked.isEmpty)
    await studio.pass(until: "the turn is over") { !$0.requests.isEmpty }
    #expect(studio.said.contains("order number"), "in the same step")
    #expect(studio.understander.requests.asked.count == 1)
  }

  @Test func `is dropped when the caller goes on`() async throws {
    let studio = try await guessing(FakeUnderstander(.gives([.startFlow("order_status")]), .gives([.chitchat])))
    await studio.settle()
    await studio.speak(500)
    await studio.pass(until: "both parts are heard") { $0.transcripts.count == 2 }
    await studio.pass(until: "the turn ends") { $0.requests.count == 1 }
    await studio.pass(until: "it is answered") { $0.said.contains("You are welcome") }
    #expect(studio.requests[0].heard.count == 2)
    #expect(!studio.said.contains("order number"))
  }

  @Test func `that is not ready when the turn ends is waited for, not asked again`() async throws {
    let studio = try await guessing(FakeUnderstander(.hangs))
    await studio.pass(1_000)
    #expect(studio.requests.count == 1)
    #expect(studio.understander.requests.asked.count == 1)
  }

  @Test func `changes nothing outside`() async throws {
    let studio = try Studio(
      recognizer: FakeRecognizer(finals: .gives("yes")), understander: FakeUnderstander(.gives([.answer(true)])))
    try await studio.greet()
    studio.port.press("0")
    await studio.pass(until: "the line is asked") { $0.line.told.contains(.transfer("sip:person@example.org")) }
    try await studio.give(.transferFinished(.declined))
    await studio.pass(until: "a call back is offered") { $0.isSilent && $0.said.hasSuffix("call you back?") }
    await studio.speak(500)
    await studio.pass(until: "the number is asked for") { $0.said.contains("phone number") }
    studio.port.press("02079460123#")
    await studio.pass(until: "it is read back") { $0.isSilent && $0.said.hasSuffix("Is that right?") }
    let lines = studio.journal.entries.count
    await studio.speak(500)
    await studio.pass(until: "its words are there") { $0.transcripts.count == 2 }
    await studio.settle()
    #expect(studio.understander.requests.asked.count == 2, "the guess was made")
    #expect(studio.tools.invocations.asked.isEmpty, "and nothing was done")
    #expect(
      studio.journal.entries.dropFirst(lines).allSatisfy {
        if case .effect(.work(.invoke)) = $0.record { false } else { true }
      })
    await studio.pass(until: "the case is opened") { $0.said.contains("I have opened a case") }
    #expect(studio.tools.invocations.asked.map(\.tool) == ["open_callback_case"])
  }
}

@Suite struct `A tool that changes something` {
  private func confirmed(_ studio: Studio) async throws {
    try await studio.greet()
    studio.port.press("0")
    await studio.pass(until: "the line is asked") { $0.line.told.contains(.transfer("sip:person@example.org")) }
    try await studio.give(.transferFinished(.declined))
    await studio.pass(until: "a call back is offered") { $0.said.hasSuffix("call you back?") }
    studio.port.press("1")
    await studio.pass(until: "the number is asked for") { $0.said.contains("phone number") }
    studio.port.press("02079460123#")
    await studio.pass(until: "it is read back to its end") {
      $0.said.hasSuffix("Is that right?")
        && $0.playbacks.last?.utterance == $0.utterances.last?.id && $0.playbacks.last?.state == .finished
    }
    studio.port.press("1")
    await studio.pass(20)
  }

  @Test func `is asked for when its line is in the journal, so that the ledger makes both durable`() async throws {
    let journal = MemoryJournal()
    let lines = Mutex<[JournalRecord]>([])
    let studio = try Studio(
      tools: FakeToolInvoker { invocation in
        lines.withLock { $0 = journal.entries.map(\.record) }
        return ShopTable.answer(invocation)
      }, journal: journal)
    try await confirmed(studio)
    await studio.pass(until: "the case is opened") { $0.said.contains("I have opened a case") }
    let asked = try #require(studio.tools.invocations.asked.first)
    #expect(studio.tools.invocations.asked.count == 1)
    #expect(lines.withLock { $0.contains(.effect(.work(.invoke(asked)))) })
  }

  @Test func `is not made when the ledger could not write it down, and that is said`() async throws {
    let studio = try Studio(tools: FakeToolInvoker(.gives(.failed(.forbidden))))
    try await confirmed(studio)
    await studio.pass(until: "it is admitted") { $0.said.contains("I could not open the case") }
    #expect(studio.events.contains(.finished(.tool(EffectID(2)), .tool(.failed(.forbidden)))))
  }

  @Test func `and is late is not given up: what became of it is written down`() async throws {
    let studio = try Studio()
    studio.tools.gate.close()
    try await confirmed(studio)
    await studio.settle(until: "the change is under way") { $0.tools.invocations.asked.count == 1 }
    let invocation = try #require(studio.tools.invocations.asked.first)
    let id = WorkID.tool(invocation.effect)
    await studio.pass(until: "it is late") { $0.events.contains(.timerFired(.work(id))) }
    #expect(invocation.changesState && !studio.said.contains("I have opened a case"))
    studio.tools.gate.open()
    await studio.settle(until: "it is told") { $0.events.contains(.finished(id, .tool(ShopTable.answer(invocation)))) }
    #expect(studio.effects.contains { if case .note(let it) = $0 { it.reason.contains("the ledger") } else { false } })
    #expect(!studio.said.contains("I have opened a case"))
  }

  @Test func `and is under way at the hang-up is waited for, and what became of it is written down`() async throws {
    let studio = try Studio()
    studio.tools.gate.close()
    try await confirmed(studio)
    await studio.settle(until: "the change is under way") { $0.tools.invocations.asked.count == 1 }
    try await studio.give(.ended(by: .caller))
    await studio.pass(1_000)
    #expect(studio.ends.entries.isEmpty && studio.journal.closed.isEmpty)
    studio.tools.gate.open()
    await studio.settle(until: "the call is over") { $0.ends.entries.count == 1 }
    let effect = try #require(studio.tools.invocations.asked.first?.effect)
    guard case .remark(.settled(effect, .completed))? = studio.records.last else {
      Issue.record("the outcome is not the last line")
      return
    }
    #expect(studio.journal.entries.map(\.sequence) == Array(studio.journal.entries.indices))
    #expect(studio.journal.closed == [studio.call.start.call])
  }

  @Test func `and is under way is not given up by the hang-up, but when it does not end`() async throws {
    let studio = try Studio(tools: FakeToolInvoker(.hangs))
    try await confirmed(studio)
    await studio.settle(until: "the change is under way") { $0.tools.invocations.asked.count == 1 }
    let invocation = try #require(studio.tools.invocations.asked.first)
    try await studio.give(.ended(by: .caller))
    await studio.pass(invocation.deadline.milliseconds * 3 + 5_900)
    #expect(studio.tools.invocations.cancelled == 0)
    await studio.pass(200)
    await studio.settle(until: "it is given up") { $0.tools.invocations.cancelled == 1 }
  }

  @Test func `and does not end is given up at last, and nobody knows`() async throws {
    let studio = try Studio()
    studio.tools.gate.close()
    try await confirmed(studio)
    await studio.settle(until: "the change is under way") { $0.tools.invocations.asked.count == 1 }
    let invocation = try #require(studio.tools.invocations.asked.first)
    try await studio.give(.ended(by: .caller))
    await studio.pass(invocation.deadline.milliseconds * 3 + 5_900)
    #expect(studio.ends.entries.isEmpty)
    await studio.pass(200)
    #expect(studio.ends.entries.count == 1)
    #expect(studio.records.last == .remark(.settled(invocation.effect, .unknown)))
    let lines = studio.journal.entries.count
    studio.tools.gate.open()
    await studio.pass(200)
    #expect(studio.journal.entries.count == lines, "the journal is closed")
  }
}
