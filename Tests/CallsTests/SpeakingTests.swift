import Audio
import Core
import TestSupport
import Testing

@testable import Calls

@Suite struct `What the agent says` {
  @Test func `is not made twice when it is the same for all`() async throws {
    let studio = try Studio()
    await studio.voice.prepare([
      "Welcome to Larkfield.",
      "This call is answered by an automated assistant and may be recorded for quality.", "How can I help you?",
    ])
    #expect(studio.synthesizer.texts.asked.count == 3)
    try await studio.greet()
    #expect(studio.synthesizer.texts.asked.count == 3)
    let started = studio.journal.entries.first { $0.record == .event(Self.started(1)) }
    #expect((started?.instant).map { $0 <= .milliseconds(20) } == true, "the first tick speaks")
  }

  private static func started(_ id: Int) -> CallEvent {
    .playback(Playback(utterance: UtteranceID(id), state: .started))
  }

  @Test func `is silenced in the tick in which the floor is taken`() async throws {
    let studio = try Studio(recognizer: FakeRecognizer(finals: .gives("order status please")))
    try await studio.greet()
    studio.port.press("1")
    await studio.pass(until: "the question sounds") {
      $0.playbacks.last == Playback(utterance: UtteranceID(3), state: .started)
    }
    await studio.pass(200)
    #expect(studio.port.peak > 0)
    studio.port.callerLevel = 4_000
    let began = await studio.call.now
    while !studio.effects.contains(.pause(UtteranceID(3))), await studio.call.now < began + .seconds(2) {
      await studio.pass(20)
    }
    await studio.pass(20)
    #expect(studio.port.peak < 1_000, "it fades within 10 ms")
    await studio.pass(20)
    #expect(studio.port.peak == 0)
    #expect(await studio.call.now - began <= .milliseconds(300))
    await studio.pass(600)
    studio.port.callerLevel = 0
    await studio.pass(until: "it is dropped") { $0.effects.contains(.stop(UtteranceID(3))) }
    await studio.pass(40)
    let cut = try #require(studio.playbacks.last { $0.state == .stopped })
    #expect((1..<1_000).contains(cut.playedPermille.first ?? 0))
  }

  @Test func `comes from the other voice when the first fails, and not for ever`() async throws {
    let studio = try Studio(synthesizer: FakeSynthesizer(.fails, .gives(1_000)))
    try await studio.connect()
    await studio.pass(until: "the greeting sounds") { $0.port.soundingFrames > 10 }
    #expect(studio.port.peak == 2_000)
    #expect(
      studio.voice.kept("Welcome to Larkfield.", for: .narrowband) == nil, "the next call tries its own voice again")
    #expect(
      studio.voice.kept(
        "This call is answered by an automated assistant and may be recorded for quality.", for: .narrowband) != nil)
    #expect(!studio.events.contains(.engine(.synthesizer, isWorking: false)))
  }

  @Test func `that no voice can say is reported, once, and again when it can`() async throws {
    let studio = try Studio(hasFallback: false)
    try await studio.greet()
    studio.synthesizer.texts.answer(.fails)
    studio.port.press("1")
    await studio.pass(until: "it failed") { $0.playbacks.last?.state == .failed }
    await studio.pass(until: "guidance failed too") { $0.playbacks.count { $0.state == .failed } == 2 }
    #expect(studio.events.count { $0 == .engine(.synthesizer, isWorking: false) } == 1)
    studio.synthesizer.texts.answer(.gives(1_000))
    await studio.pass(until: "it works again") { $0.events.contains(.engine(.synthesizer, isWorking: true)) }
  }

  @Test func `tells how much was heard when its second sentence fails`() async throws {
    let studio = try Studio(synthesizer: FakeSynthesizer(.gives(1_000), .hangs), hasFallback: false)
    try await studio.connect()
    await studio.pass(until: "the second is waited for") { $0.synthesizer.texts.asked.count == 2 }
    await studio.pass(300)
    studio.synthesizer.texts.answer(.fails)
    try await studio.asCall { call in
      for (id, _) in call.speaking.making { call.speechFailed(id) }
    }
    let failed = try #require(studio.playbacks.last { $0.state == .failed })
    #expect(failed.playedPermille.count == 2 && failed.playedPermille[0] > 0 && failed.playedPermille[1] == 0)
  }
}
