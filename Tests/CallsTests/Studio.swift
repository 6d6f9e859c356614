import Assistant
import Audio
import Conversation
import Core
import Foundation
import Governance
import Language
import Logging
import NIOCore
import NIOEmbedded
import ShopSupport
import TestSupport
import Testing

@testable import Calls

/// A call to the shop with a fake for every role, on a loop whose time is moved by hand.
struct Studio: Sendable {
  let loop = NIOAsyncTestingEventLoop()
  let journal: MemoryJournal
  let vault = MemoryVault()
  let line = FakeLine()
  let port = FakeMediaPort()
  let recognizer: FakeRecognizer
  let synthesizer: FakeSynthesizer
  let fallback = FakeSynthesizer(.gives(2_000))
  let understander: FakeUnderstander
  let tools: FakeToolInvoker
  let voice: Voice
  let lateness = TickLateness()
  let ends = MemoryJournal()
  let call: Session
  let leg: LegID = "caller"

  init(
    recognizer: FakeRecognizer = FakeRecognizer(), synthesizer: FakeSynthesizer = FakeSynthesizer(),
    understander: FakeUnderstander = FakeUnderstander(), tools: FakeToolInvoker = FakeToolInvoker(),
    hasFallback: Bool = true, isHearing: Bool = true, bridging: Bridging? = nil, prepared: PreparedAssistant? = nil,
    journal: MemoryJournal = MemoryJournal(), log: KeptLog = KeptLog()
  ) throws {
    self.journal = journal
    self.recognizer = recognizer
    self.synthesizer = synthesizer
    self.understander = understander
    self.tools = tools
    voice = Voice(synthesizer, fallback: hasFallback ? fallback : nil)
    let assistant = PublishedAssistant(
      prepared: try prepared ?? Shop.assistant.get(), understander: understander, tools: tools, voice: voice)
    let services = SessionServices(
      journal: journal, vault: vault, recognizer: isHearing ? recognizer : nil,
      reach: { _ in bridging == nil ? .address("sip:person@example.org") : .place("person") },
      policy: .standard, bridging: bridging,
      logger: log.logger)
    let ends = ends
    call = Session(start: .example(), assistant: assistant, services: services, loop: loop) { call in
      ends.append([
        JournalEntry(conversation: "c", call: call, sequence: 0, instant: .zero, record: .remark(.abandoned))
      ])
    }
  }

  /// Runs on the call's loop, as the call.
  func asCall<Value: Sendable>(_ body: @escaping @Sendable (isolated Session) -> Value) async throws -> Value {
    let call = call
    let value = try await loop.executeInContext { call.assumeIsolated { body($0) } }
    await loop.run()
    return value
  }

  /// Rings, is answered, and connected.
  func connect() async throws {
    let (loop, port, lateness, line, leg) = (loop, port, lateness, line, leg)
    try await asCall { call in
      let sound = MediaSession(
        port: port, detector: ScriptedDetector(), loop: MediaLoop(loop: loop, lateness: lateness))
      call.begin(with: Leg(leg, line: line, medium: .sound(sound)))
      call.line(.connected, of: leg)
    }
  }

  /// Connects and lets the greeting be heard.
  func greet() async throws {
    try await connect()
    await pass(until: "the greeting is over") { studio in
      studio.playbacks.last == Playback(utterance: UtteranceID(2), state: .finished, playedPermille: [1000])
    }
  }

  func give(_ event: LineEvent) async throws { try await asCall { [leg] in $0.line(event, of: leg) } }

  /// Lets time pass, tick by tick; no tick comes before all work off the loop is done that can be.
  func pass(_ milliseconds: Int) async {
    for _ in 0..<max(1, milliseconds / 20) {
      await loop.advanceTime(by: .milliseconds(20))
      await settle()
    }
  }

  /// Lets time pass until something holds; an issue when it does not within two minutes of the call.
  func pass(until what: Comment, _ condition: (Studio) -> Bool) async {
    for _ in 0..<6_000 {
      if condition(self) { return }
      await pass(20)
    }
    Issue.record("never: \(what)")
  }

  /// Lets work off the loop come back, without time passing; an issue when it does not come.
  func settle(until what: Comment, _ condition: (Studio) async -> Bool) async {
    let end = ContinuousClock.now + Self.patience
    while ContinuousClock.now < end {
      if await condition(self) { return }
      await Task.yield()
      await loop.run()
    }
    Issue.record("never: \(what)")
  }

  /// Lets work off the loop come to its end, but for what a fake holds back.
  func settle() async { await settle(until: "what is under way comes back") { await $0.call.works <= $0.held } }

  /// How long a machine may leave work undone that hangs on nothing.
  private static let patience = Duration.seconds(60)

  /// Voice for so long. A moment passes before: in the very tick that ends a question it is luck whether it began before.
  func speak(_ milliseconds: Int) async {
    await pass(100)
    port.callerLevel = 4_000
    await pass(milliseconds)
    port.callerLevel = 0
  }

  // MARK: Reading

  /// How much work off the loop waits for what a fake does not give.
  private var held: Int {
    recognizer.finals.held + recognizer.partials.held + synthesizer.texts.held + fallback.texts.held
      + understander.requests.held + understander.gate.held + tools.invocations.held + tools.gate.held
  }

  var records: [JournalRecord] { journal.entries.map(\.record) }
  var events: [CallEvent] { records.compactMap { if case .event(let event) = $0 { event } else { nil } } }
  var effects: [CallEffect] { records.compactMap { if case .effect(let effect) = $0 { effect } else { nil } } }
  var playbacks: [Playback] { events.compactMap { if case .playback(let it) = $0 { it } else { nil } } }
  var utterances: [Utterance] { effects.compactMap { if case .speak(let it) = $0 { it } else { nil } } }
  /// Whether everything said was heard to its end.
  var isSilent: Bool { playbacks.last?.state == .finished && playbacks.last?.utterance == utterances.last?.id }
  var said: String { utterances.map(\.clearText).joined(separator: " ") }
  var transcripts: [Heard] { events.compactMap { if case .transcript(let it) = $0 { it } else { nil } } }
  var requests: [UnderstandingRequest] {
    effects.compactMap { if case .work(.understand(let it)) = $0 { it } else { nil } }
  }
}

extension Session {
  /// How much runs off the loop for this call.
  var works: Int { tasks.count + speaking.making.count }
  /// Whether anything runs off the loop for this call.
  var isWorking: Bool { works > 0 }
}
