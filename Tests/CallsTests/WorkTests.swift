import Core
import NIOEmbedded
import ShopSupport
import TestSupport
import Testing

@testable import Calls

@Suite struct `Work of a session` {
  private func asking(_ tools: FakeToolInvoker) async throws -> Studio {
    let studio = try Studio(tools: tools)
    try await studio.greet()
    studio.port.press("1")
    await studio.pass(until: "the number was asked for") { $0.isAsking && $0.said.contains("order number") }
    studio.port.press(ShopTable.shipped)
    return studio
  }

  @Test func `that understands words is given up when the caller goes on, and when it is late`() async throws {
    let studio = try Studio(
      recognizer: FakeRecognizer(finals: .gives("where is my parcel")), understander: FakeUnderstander(.hangs))
    try await studio.greet()
    await studio.speak(500)
    await studio.pass(until: "its words are there") { $0.transcripts.count == 1 }
    await studio.settle(until: "they are understood") { $0.understander.requests.asked.count == 1 }
    await studio.pass(until: "the turn ends") { $0.requests.count == 1 }
    #expect(studio.understander.requests.cancelled == 0)
    await studio.speak(500)
    await studio.pass(until: "the caller's words are taken together") { $0.requests.count == 2 }
    await studio.settle(until: "the first is given up") { $0.understander.requests.cancelled == 1 }
    await studio.pass(2_600)
    await studio.settle(until: "the second is given up") { $0.understander.requests.cancelled == 2 }
    #expect(studio.said.contains("I cannot understand you at the moment"))
    #expect(!studio.events.contains { if case .finished = $0 { true } else { false } })
  }

  @Test func `that was given up is not told of, though its engine goes on`() async throws {
    let studio = try Studio(
      recognizer: FakeRecognizer(finals: .gives("where is my parcel")),
      understander: FakeUnderstander(.gives([.startFlow("order_status")])))
    studio.understander.gate.close()
    try await studio.greet()
    await studio.speak(500)
    await studio.pass(until: "its words are there") { $0.transcripts.count == 1 }
    await studio.pass(until: "it is late") {
      $0.events.contains { if case .timerFired(.work(.understanding)) = $0 { true } else { false } }
    }
    studio.understander.gate.open()
    await studio.pass(2_000)
    #expect(!studio.events.contains { if case .finished = $0 { true } else { false } })
    #expect(!studio.said.contains("order number"))
  }

  @Test func `that was given up holds no guess up, though its engine goes on`() async throws {
    let studio = try Studio(
      recognizer: FakeRecognizer(finals: .gives("where is my parcel")),
      understander: FakeUnderstander(.gives([.startFlow("order_status")])))
    studio.understander.gate.close()
    try await studio.greet()
    await studio.speak(500)
    await studio.pass(until: "it is late, and the caller was told") { $0.said.contains("I cannot") && $0.isSilent }
    #expect(studio.understander.gate.held == 0 && studio.requests.count == 1)
    await studio.speak(500)
    await studio.pass(until: "the next words are there") { $0.transcripts.count == 2 }
    await studio.settle(until: "they are guessed at") { $0.understander.gate.held == 1 }
    #expect(studio.requests.count == 1, "before their turn ends")
    studio.understander.gate.open()
    await studio.pass(until: "they are answered") { $0.said.contains("order number") }
  }

  @Test func `that looks something up is given up at its deadline, and not told of`() async throws {
    let studio = try await asking(FakeToolInvoker(.hangs))
    await studio.pass(until: "the tool is asked") { $0.tools.invocations.asked.count == 1 }
    let invocation = try #require(studio.tools.invocations.asked.first)
    #expect(!invocation.changesState)
    await studio.pass(invocation.deadline.milliseconds * 3 + 5_000)
    #expect(studio.tools.invocations.cancelled == 0)
    await studio.pass(2_000)
    await studio.settle(until: "it is given up") { $0.tools.invocations.cancelled == 1 }
    await studio.settle()
    #expect(studio.said.contains("I cannot reach our order system"))
    #expect(studio.events.contains(.timerFired(.work(.tool(invocation.effect)))))
    #expect(!studio.events.contains { if case .finished = $0 { true } else { false } })
  }

  @Test(arguments: [true, false])
  func `is told of as in virtual time`(answers: Bool) async throws {
    let studio = try await asking(answers ? FakeToolInvoker() : FakeToolInvoker(.hangs))
    let end = answers ? "on its way" : "I cannot reach our order system"
    await studio.pass(until: "it is answered") { $0.said.contains(end) && $0.isAsking }
    var call = try Shop.greeted()
    call.tools = { answers ? (ShopTable.answer($0), 50) : nil }
    for keys in ["1", ShopTable.shipped] {
      call.press(keys)
      call.settle()
    }
    while !call.said.contains(end) { call.wait(20) }
    call.settle()
    let live = studio.records.compactMap(shape)
    let virtual = call.lines.map(\.record).compactMap(shape)
    #expect(live == virtual)
    #expect(live.count > 60 && live.contains("fired work(Core.WorkID.tool(1))") == !answers)
  }

  /// What a line says but for its instants and tokens.
  private func shape(_ record: JournalRecord) -> String? {
    switch record {
    case .event(.timerFired(let timer)): "fired \(timer)"
    case .event(.finished(let id, _)): "finished \(id)"
    case .event(.playback(let playback)): "\(playback.state) \(playback.utterance)"
    case .effect(.setTimer(let timer, _)): "set \(timer)"
    case .effect(.cancelTimer(let timer)): "cancel \(timer)"
    case .effect(.work(let work)): "begin \(work.id)"
    case .effect(.speak(let utterance)): "speak \(utterance.clearText)"
    case .effect(.note(let decision)): "note \(decision.kind) \(decision.subject)"
    case .event, .effect: record.kind
    default: nil
    }
  }
}

extension Studio {
  /// Whether all was said.
  fileprivate var isAsking: Bool {
    playbacks.last?.state == .finished && playbacks.last?.utterance == utterances.last?.id
  }
}
