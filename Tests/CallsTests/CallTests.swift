import Core
import NIOCore
import TestSupport
import Testing

@testable import Calls

@Suite struct `A call` {
  @Test func `answers, and its caller hears the greeting`() async throws {
    let studio = try Studio()
    try await studio.greet()
    #expect(studio.line.told == [.answer])
    #expect(studio.said.hasPrefix("Welcome to Larkfield.") && studio.said.hasSuffix("How can I help you?"))
    #expect(studio.port.soundingFrames > 50)
    #expect(studio.playbacks.map(\.state) == [.started, .finished, .started, .finished])
  }

  @Test func `hears, understands and answers`() async throws {
    let studio = try Studio(
      recognizer: FakeRecognizer(finals: .gives("where is my parcel")),
      understander: FakeUnderstander(.gives([.startFlow("order_status")])))
    try await studio.greet()
    await studio.speak(800)
    await studio.pass(until: "the question is heard") { $0.playbacks.last?.utterance == UtteranceID(3) }
    #expect(studio.said.hasSuffix("What is your order number? It has eight digits."))
    #expect(studio.transcripts.map(\.text.revealed) == ["where is my parcel"])
    let clip = try #require(studio.recognizer.finals.asked.first)
    #expect(
      (900...1_400).contains(clip.duration.milliseconds), "\(clip.duration.milliseconds) ms with what is around it")
    let latency = studio.records.compactMap { if case .remark(.latency(let it)) = $0 { it } else { nil } }
    #expect(latency.count == 1 && latency[0].turn == TurnNumber(1) && latency[0].firstAudio != nil)
  }

  @Test func `takes keys from the audio`() async throws {
    let studio = try Studio()
    try await studio.greet()
    studio.port.press("1")
    await studio.pass(until: "the number is asked for") { $0.said.contains("order number") }
    studio.port.press(ShopTable.shipped)
    await studio.pass(until: "it is told") { $0.said.contains("on its way") }
    #expect(studio.tools.invocations.asked.first?.arguments["order_number"]?.revealedText == ShopTable.shipped)
    let keys = studio.events.compactMap { if case .digit(let key) = $0 { key.token } else { nil } }
    #expect(Set(keys).count == 9, "equal keys get unequal tokens")
  }

  @Test func `writes every event with its effects, in order and without gaps`() async throws {
    let studio = try Studio()
    try await studio.greet()
    studio.port.press("1")
    await studio.pass(12_000)
    try await studio.give(.ended(by: .caller))
    let entries = studio.journal.entries
    #expect(entries.map(\.sequence) == Array(0..<entries.count))
    guard case .started? = entries.first?.record else {
      Issue.record("does not begin with its start")
      return
    }
    #expect(zip(entries, entries.dropFirst()).allSatisfy { $0.instant <= $1.instant })
    #expect(entries.contains { $0.record == .event(.hungUp(by: .caller)) })
    #expect(studio.records.contains { if case .remark(.media) = $0 { true } else { false } })
    #expect(studio.records.contains { if case .remark(.lineIdentity) = $0 { true } else { false } })
  }

  @Test func `ends once, and nothing goes on behind it`() async throws {
    let studio = try Studio(synthesizer: FakeSynthesizer(.hangs))
    try await studio.connect()
    await studio.settle(until: "synthesis has begun") { !$0.synthesizer.texts.asked.isEmpty }
    try await studio.give(.ended(by: .caller))
    try await studio.give(.ended(by: .line))
    await studio.settle(until: "the synthesis is given up") { $0.synthesizer.texts.cancelled == 1 }
    #expect(studio.ends.entries.count == 1)
    let (timers, isWorking, hasMedia) = await studio.call.rest
    #expect(timers == 0 && !isWorking && !hasMedia)
    let lines = studio.journal.entries.count
    await studio.pass(5_000)
    #expect(studio.journal.entries.count == lines && studio.port.pulls < 10)
  }

  @Test func `ends though the line never says that it has`() async throws {
    let studio = try Studio(synthesizer: FakeSynthesizer(.fails), hasFallback: false)
    try await studio.connect()
    await studio.pass(until: "we hang up") { $0.line.told.contains(.hangUp) }
    #expect(studio.effects.contains(.hangUp(.failure)))
    #expect(studio.ends.entries.isEmpty)
    await studio.pass(45_000)
    #expect(studio.ends.entries.count == 1)
    #expect(studio.events.last == .hungUp(by: .line))
  }

  @Test func `is not disturbed by a timer that was cancelled or set anew`() async throws {
    let studio = try Studio()
    try await studio.greet()
    let timer = TimerID.hold(7)
    try await studio.asCall { call in
      call.perform(.setTimer(timer, at: call.now + .milliseconds(100)))
      call.perform(.setTimer(timer, at: call.now + .milliseconds(300)))
    }
    await studio.pass(200)
    #expect(!studio.events.contains(.timerFired(timer)))
    await studio.pass(200)
    #expect(studio.events.count { $0 == .timerFired(timer) } == 1)
    try await studio.asCall { call in
      call.perform(.setTimer(timer, at: call.now + .milliseconds(100)))
      call.perform(.cancelTimer(timer))
    }
    await studio.pass(300)
    #expect(studio.events.count { $0 == .timerFired(timer) } == 1)
  }

  @Test func `hands over, and is over when the person has taken it`() async throws {
    let studio = try Studio()
    try await studio.greet()
    studio.port.press("0")
    await studio.pass(until: "the line is asked") { $0.line.told.contains(.transfer("sip:person@example.org")) }
    #expect(studio.playbacks.last?.state == .finished, "after the announcement")
    try await studio.give(.transferFinished(.accepted))
    await studio.pass(100)
    #expect(studio.line.told.last == .hangUp)
    try await studio.give(.ended(by: .agent))
    #expect(studio.ends.entries.count == 1)
  }

  @Test func `on hold is silent both ways`() async throws {
    let studio = try Studio()
    try await studio.connect()
    await studio.pass(200)
    #expect(studio.port.peak > 0)
    try await studio.give(.held(true))
    await studio.pass(100)
    #expect(studio.port.peak == 0)
    studio.port.callerLevel = 4_000
    await studio.pass(2_000)
    #expect(!studio.events.contains { if case .speechStarted = $0 { true } else { false } })
    studio.port.callerLevel = 0
    try await studio.give(.held(false))
    await studio.pass(100)
    #expect(studio.port.peak > 0)
  }

  @Test func `put on hold in the middle of a word ends that word`() async throws {
    let studio = try Studio(recognizer: FakeRecognizer(finals: .gives("wh")))
    try await studio.greet()
    studio.port.callerLevel = 4_000
    await studio.pass(600)
    #expect(studio.events.contains { if case .speechStarted = $0 { true } else { false } })
    try await studio.give(.held(true))
    await studio.settle(until: "its words are there") { $0.transcripts.count == 1 }
  }
}

extension Session {
  /// What is left of a call.
  var rest: (timers: Int, isWorking: Bool, hasMedia: Bool) { (host.underWay.timers.count, isWorking, caller != nil) }
}
