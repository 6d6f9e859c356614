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

/// A chat that one process left, gone on with in another.
@Suite struct `A session that goes on with a conversation` {
  private final class Screen: Line, TextPort {
    let identity: String? = nil
    let shown = Mutex<[(String, UtteranceID)]>([])
    let told = Mutex<[String]>([])
    func show(_ text: String, as utterance: UtteranceID) { shown.withLock { $0.append((text, utterance)) } }
    func deliver(to handler: @escaping @Sendable (LineEvent) -> Void) {}
    func answer() { told.withLock { $0.append("answer") } }
    func reject(_ reason: LineRejection) {}
    func hangUp() { told.withLock { $0.append("hangUp") } }
    func transfer(to uri: String, ringTimeout: CallSpan) {}
  }

  /// Tells what it is asked, and answers nothing.
  private struct AskedTools: ToolInvoker {
    let told: AsyncStream<ToolInvocation>.Continuation
    let gate = FakeGate()
    init(_ told: AsyncStream<ToolInvocation>.Continuation) {
      self.told = told
      gate.close()
    }
    func invoke(_ invocation: ToolInvocation, in context: ToolContext) async -> ToolOutcome {
      told.yield(invocation)
      await gate.pass()
      return .unknown
    }
  }

  private static let twoDays: Int64 = 172_800_000

  /// The journal of a chat that asked for an order's number; its process is gone.
  private func left() throws -> [JournalEntry] {
    var call = try Shop.greeted(channel: .chat)
    _ = call.hears { $0.say("where is my order", meaning: [.startFlow("order_status")]) }
    return try call.journal(.example(channel: .chat), Shop.assistant.get().definition.version)
  }

  private func services(_ journal: MemoryJournal) -> SessionServices {
    SessionServices(
      journal: journal, vault: MemoryVault(), recognizer: nil, reach: { _ in nil }, policy: .standard,
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
  }

  private let attachment = Attachment(
    call: "second", leg: "caller", channel: .chat, calledAddress: "*", utcOffsetSeconds: 0)

  @Test func `writes on behind its lines, in its own time, and asks its question`() async throws {
    let entries = try left()
    let resumption = try Resumption(entries, assistant: Shop.assistant.get(), at: 0)
    let (loop, screen, journal) = (NIOAsyncTestingEventLoop(), Screen(), MemoryJournal())
    let session = Session(
      resuming: resumption,
      assistant: PublishedAssistant(
        prepared: try Shop.assistant.get(), understander: FakeUnderstander(), tools: FakeToolInvoker(), voice: nil),
      services: services(journal), loop: loop,
      now: resumption.conversation.start.clock.epochMilliseconds + Self.twoDays, onEnd: { _ in })
    let attachment = attachment
    try await loop.executeInContext {
      session.assumeIsolated { session in
        session.resume(resumption, on: Leg("caller", line: screen, medium: .text(screen)), as: attachment)
        session.line(.connected, of: "caller")
      }
    }
    #expect(screen.told.withLock { $0 } == ["answer"])
    #expect(journal.entries.map(\.sequence) == Array(entries.count..<entries.count + journal.entries.count))
    #expect(journal.entries.allSatisfy { $0.instant.microseconds == Self.twoDays * 1000 })
    #expect(journal.entries.first?.record == .event(.hungUp(by: .line)))
    #expect(journal.entries.contains { $0.record == .event(.attached(attachment)) })
    let text = screen.shown.withLock { $0.map(\.0).joined(separator: " ") }
    #expect(text.hasPrefix("Welcome back.") && text.contains("order number"), "\(text)")
    // What was written by both processes is one journal.
    let fold = try #require(JournalFold(entries + journal.entries, assistant: Shop.assistant.get()))
    #expect(fold.difference == nil && fold.unwritten.isEmpty)
  }

  @Test func `is suspended again when its line goes, and lets go of everything`() async throws {
    let resumption = try Resumption(left(), assistant: Shop.assistant.get(), at: 0)
    let (loop, screen, journal) = (NIOAsyncTestingEventLoop(), Screen(), MemoryJournal())
    let ended = Mutex(0)
    let session = Session(
      resuming: resumption,
      assistant: PublishedAssistant(
        prepared: try Shop.assistant.get(), understander: FakeUnderstander(), tools: FakeToolInvoker(), voice: nil),
      services: services(journal), loop: loop,
      now: resumption.conversation.start.clock.epochMilliseconds + Self.twoDays,
      onEnd: { _ in ended.withLock { $0 += 1 } })
    let attachment = attachment
    let timers = try await loop.executeInContext {
      session.assumeIsolated { session -> Int in
        session.resume(resumption, on: Leg("caller", line: screen, medium: .text(screen)), as: attachment)
        session.line(.connected, of: "caller")
        session.line(.ended(by: .caller), of: "caller")
        return session.host.underWay.timers.count
      }
    }
    #expect(timers == 0 && ended.withLock { $0 } == 1)
    let all = try left() + journal.entries
    let again = try Resumption(all, assistant: Shop.assistant.get(), at: 0)
    #expect(again.learned.isEmpty && again.conversation.isSuspended)
  }

  @Test func `is left as it was when its line goes before it is connected`() async throws {
    let entries = try left()
    let resumption = try Resumption(entries, assistant: Shop.assistant.get(), at: 0)
    let (loop, screen, journal) = (NIOAsyncTestingEventLoop(), Screen(), MemoryJournal())
    let ended = Mutex(0)
    let session = Session(
      resuming: resumption,
      assistant: PublishedAssistant(
        prepared: try Shop.assistant.get(), understander: FakeUnderstander(), tools: FakeToolInvoker(), voice: nil),
      services: services(journal), loop: loop,
      now: resumption.conversation.start.clock.epochMilliseconds + Self.twoDays,
      onEnd: { _ in ended.withLock { $0 += 1 } })
    let attachment = attachment
    try await loop.executeInContext {
      session.assumeIsolated { session in
        session.resume(resumption, on: Leg("caller", line: screen, medium: .text(screen)), as: attachment)
        session.line(.ended(by: .caller), of: "caller")
      }
    }
    #expect(ended.withLock { $0 } == 1 && journal.closed == [session.start.call])
    let again = try Resumption(entries + journal.entries, assistant: Shop.assistant.get(), at: 0)
    #expect(again.learned.isEmpty && again.conversation.isSuspended)
  }

  @Test(.timeLimit(.minutes(1)))
  func `asks again for a look-up that was lost with its process, and tells what came of it`() async throws {
    var call = try Shop.greeted(channel: .chat)
    _ = call.hears { $0.say("where is my order", meaning: [.startFlow("order_status")]) }
    call.tools = { (ShopTable.answer($0), 60_000) }
    call.say("it is", meaning: [call.order(ShopTable.processing)])
    call.wait(1_500)
    let entries = try call.journal(.example(channel: .chat), Shop.assistant.get().definition.version)
    let now = call.machine.start.clock.epochMilliseconds + Self.twoDays
    let resumption = try Resumption(entries, assistant: Shop.assistant.get(), at: now)
    let invocation = try #require(resumption.repeated.first)
    let (loop, screen, journal) = (NIOAsyncTestingEventLoop(), Screen(), MemoryJournal())
    let (asked, tell) = AsyncStream.makeStream(of: ToolInvocation.self)
    let tools = AskedTools(tell)
    defer { tools.gate.open() }
    let session = Session(
      resuming: resumption,
      assistant: PublishedAssistant(
        prepared: try Shop.assistant.get(), understander: FakeUnderstander(), tools: tools, voice: nil),
      services: services(journal), loop: loop, now: now, onEnd: { _ in })
    let attachment = attachment
    try await loop.executeInContext {
      session.assumeIsolated { session in
        session.resume(resumption, on: Leg("caller", line: screen, medium: .text(screen)), as: attachment)
        session.line(.connected, of: "caller")
      }
    }
    // What is past is due: nothing of the look-up's own time is.
    await loop.run()
    #expect(!journal.entries.contains { if case .event(.finished(.tool, _)) = $0.record { true } else { false } })
    #expect(journal.entries.contains { $0.record == .remark(.repeated(invocation.effect)) })
    for await seen in asked {
      #expect(seen == invocation)
      break
    }
    try await loop.executeInContext {
      session.assumeIsolated { $0.finished(invocation, ShopTable.answer(invocation)) }
    }
    let text = screen.shown.withLock { $0.map(\.0).joined(separator: " ") }
    #expect(text.contains("prepared"), "\(text)")
    let fold = try #require(JournalFold(entries + journal.entries, assistant: Shop.assistant.get()))
    #expect(fold.difference == nil && fold.unwritten.isEmpty)
  }

  @Test func `runs the timers that ran`() async throws {
    var call = try Shop.greeted(channel: .chat)
    _ = call.hears { $0.say("where is my order", meaning: [.startFlow("order_status")]) }
    call.give(.hungUp(by: .caller))
    let entries = try call.journal(.example(channel: .chat), Shop.assistant.get().definition.version)
    let resumption = try Resumption(entries, assistant: Shop.assistant.get(), at: 0)
    let clock = SessionClock(since: .now(), offset: .milliseconds(5_000))
    #expect(clock.deadline(of: .milliseconds(1_000)) == clock.since, "what is past is due at once")
    #expect(clock.instant(of: clock.since + .milliseconds(20)) == .milliseconds(5_020))
    #expect(Array(resumption.timers.keys) == [.suspension])
  }
}
