import Conversation
import Core
import Governance
import Logging
import NIOCore
import NIOEmbedded
import ShopSupport
import Synchronization
import TestSupport
import Testing

@testable import Calls

@Suite struct `A written call` {
  /// A line that shows what it is told.
  private final class Screen: Line, TextPort {
    private let lines = Mutex<[(text: String, utterance: UtteranceID)]>([])
    let identity: String? = nil
    var shown: [String] { lines.withLock { $0.map(\.text) } }
    var utterances: [UtteranceID] { lines.withLock { $0.map(\.utterance) } }
    func show(_ text: String, as utterance: UtteranceID) { lines.withLock { $0.append((text, utterance)) } }
    func deliver(to handler: @escaping @Sendable (LineEvent) -> Void) {}
    func answer() {}
    func reject(_ reason: LineRejection) {}
    func hangUp() {}
    func transfer(to uri: String, ringTimeout: CallSpan) {}
  }

  /// A call whose line is connected.
  private func connected(
    _ screen: Screen, _ journal: MemoryJournal, _ understander: FakeUnderstander, _ loop: NIOAsyncTestingEventLoop,
    takesCommands: Bool = true
  ) async throws -> Session {
    let call = Session(
      start: .example(channel: .chat),
      assistant: PublishedAssistant(
        prepared: try Shop.assistant.get(), understander: understander, tools: FakeToolInvoker(), voice: nil),
      services: SessionServices(
        journal: journal, vault: MemoryVault(), recognizer: nil, reach: { _ in nil }, policy: .standard,
        takesCommands: takesCommands,
        logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }), loop: loop, onEnd: { _ in })
    try await loop.executeInContext {
      call.assumeIsolated { call in
        call.begin(with: Leg("caller", line: screen, medium: .text(screen)))
        call.line(.connected, of: "caller")
      }
    }
    return call
  }

  private func write(_ message: String, in call: Session, _ loop: NIOAsyncTestingEventLoop) async throws {
    try await loop.executeInContext {
      call.assumeIsolated { call in
        call.hearing.segment += 1
        call.take(.message(call.heard(message, confidence: .certain, segment: call.hearing.segment)))
      }
    }
  }

  /// Writes messages one after the other. Returns what was shown, and what was asked of understanding.
  private func write(
    _ messages: String..., understood: [Command] = [], takesCommands: Bool = true
  ) async throws -> (shown: [String], understood: Int, commands: [Command]) {
    let loop = NIOAsyncTestingEventLoop()
    let screen = Screen()
    let journal = MemoryJournal()
    let understander = FakeUnderstander(.gives(understood))
    let call = try await connected(screen, journal, understander, loop, takesCommands: takesCommands)
    for message in messages {
      try await write(message, in: call, loop)
      for _ in 0..<10_000 {
        for id in screen.utterances {
          try await loop.executeInContext { call.assumeIsolated { $0.line(.shown(id), of: "caller") } }
        }
        await loop.run()
        await Task.yield()
        if try await loop.executeInContext({ call.assumeIsolated { !$0.isWorking } }) { break }
      }
    }
    let commands = journal.entries.flatMap { entry -> [Command] in
      if case .event(.finished(_, .understood(let proposals))) = entry.record { proposals.map(\.command) } else { [] }
    }
    return (screen.shown, understander.requests.asked.count, commands)
  }

  @Test func `reads a button's payload without understanding, its values protected`() async throws {
    let seen = try await write("/order_status", "/SetSlots(order_number=\(ShopTable.shipped))")
    #expect(seen.understood == 0)
    #expect(seen.shown.contains { $0.hasPrefix("What is your order number?") })
    guard case .setSlot("order_number", .sensitive(let value))? = seen.commands.last else {
      Issue.record("\(seen.commands)")
      return
    }
    #expect(value.revealed == ShopTable.shipped)
  }

  @Test func `politely refuses what is no payload`() async throws {
    let seen = try await write("/SetSlots(order_number", "/order_status(order_number=1)")
    #expect(seen.understood == 0)
    #expect(seen.commands == [.cannotHandle(.notUnderstood), .cannotHandle(.notUnderstood)])
    #expect(seen.shown.filter { $0.contains("did not") }.count == 2)
  }

  @Test func `takes no command from the keyboard, not even from somebody who says yes by it`() async throws {
    let seen = try await write(
      "/open_case", "/SetSlots(case_confirmed=True)", "/session_start", takesCommands: false)
    #expect(seen.understood == 0)
    #expect(seen.commands == Array(repeating: .cannotHandle(.notUnderstood), count: 3))
  }

  @Test func `takes no number that no journal can hold`() async throws {
    let digits = String(repeating: "9", count: 310)
    let seen = try await write(
      digits, understood: [.setSlot("amount", .number(.infinity)), .setSlot("amount", .number(-.nan)), .goodbye])
    #expect(seen.commands == [.goodbye])
  }

  @Test func `is not told of a meaning that came when its turn was settled otherwise`() async throws {
    let loop = NIOAsyncTestingEventLoop()
    let (screen, journal) = (Screen(), MemoryJournal())
    let understander = FakeUnderstander(.gives([.startFlow("order_status")]))
    understander.gate.close()
    let call = try await connected(screen, journal, understander, loop)
    try await write("where is it", in: call, loop)
    func isLate() -> Bool {
      journal.entries.contains {
        if case .event(.timerFired(.work(.understanding))) = $0.record { true } else { false }
      }
    }
    for _ in 0..<1_000 where !isLate() { await loop.advanceTime(by: .milliseconds(20)) }
    #expect(isLate())
    understander.gate.open()
    while try await loop.executeInContext({ call.assumeIsolated { $0.isWorking } }) {
      await loop.run()
      await Task.yield()
    }
    #expect(!journal.entries.contains { if case .event(.finished) = $0.record { true } else { false } })
  }

  @Test func `has other words understood`() async throws {
    #expect(try await write("where is it / was it").understood == 1)
  }
}
