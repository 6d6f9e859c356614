import Audio
import Core
import NIOCore
import NIOEmbedded
import TestSupport
import Testing

@testable import Calls

@Suite struct `The tick` {
  @Test(.enabled(if: canCountAllocations, "allocations cannot be counted in this build"))
  func `allocates nothing, whoever speaks`() async throws {
    let studio = try Studio()
    let (loop, port) = (studio.loop, studio.port)
    let counts = try await studio.asCall { call -> [Int?] in
      let session = MediaSession(
        port: port, detector: ScriptedDetector(), loop: MediaLoop(loop: loop, lateness: TickLateness()))
      session.start(for: call, leg: "caller")
      var tick = 0
      func run(_ ticks: Int) {
        for _ in 0..<ticks {
          tick += 1
          session.tick(deadline: .uptimeNanoseconds(UInt64(tick) * 20_000_000))
        }
      }
      run(100)
      session.open(UtteranceID(1), sentences: 1)
      session.append(
        AudioClip(samples: [Int16](repeating: 900, count: 160 * 12_000), sampleRate: 8_000), to: UtteranceID(1),
        sentence: 0)
      run(100)
      let speaking = allocations { run(10_000) }
      port.callerLevel = 4_000
      run(60)
      let hearing = allocations { run(20) }
      port.callerLevel = 0
      run(100)
      session.ring(true)
      let ringing = allocations { run(500) }
      return [speaking, hearing, ringing, port.pushes]
    }
    #expect(counts == [0, 0, 0, 10_880])
    #expect(studio.port.soundingFrames > 10_000)
  }

  @Test func `lets nothing ring over what is said`() async throws {
    let studio = try Studio()
    let (loop, port) = (studio.loop, studio.port)
    let peaks = try await studio.asCall { call -> [Int16] in
      let session = MediaSession(port: port, detector: nil, loop: MediaLoop(loop: loop, lateness: TickLateness()))
      session.start(for: call, leg: "person")
      session.open(UtteranceID(1), sentences: 1)
      session.append(
        AudioClip(samples: [Int16](repeating: 900, count: 160 * 3), sampleRate: 8_000), to: UtteranceID(1), sentence: 0)
      session.ring(true)
      return (1...6).map { tick in
        session.tick(deadline: .uptimeNanoseconds(UInt64(tick) * 20_000_000))
        return port.peak
      }
    }
    #expect(peaks.prefix(3).allSatisfy { $0 <= 900 } && peaks.last.map { $0 > 3_000 } == true, "\(peaks)")
  }

  @Test func `makes up the beats it missed, in time and measured`() async throws {
    let studio = try Studio()
    try await studio.connect()
    await studio.pass(200)
    let before = studio.port.pushes
    // The loop is blocked for a quarter of a second.
    try await studio.asCall { call in call.perform(.cancelTimer(.hangUp)) }
    await studio.loop.advanceTime(by: .milliseconds(250))
    #expect(studio.port.pushes - before == 12 || studio.port.pushes - before == 13)
    await studio.pass(1_000 - 250)
    #expect((49...51).contains(studio.port.pushes - before), "\(studio.port.pushes - before)")
    #expect(studio.lateness.figures.ticks == studio.port.pushes)
  }

  @Test func `that comes late says how late`() {
    let lateness = TickLateness()
    for late in [0, 1, 2, 19, 21, 400] { lateness.record(.milliseconds(Int64(late))) }
    let figures = lateness.figures
    #expect(figures.ticks == 6 && figures.late == 2)
    #expect((395_000...405_000).contains(figures.worst) && figures.p50 < 20_000)
  }

  @Test func `of a loop goes once for each of its sessions, whoever comes and goes`() async throws {
    let studio = try Studio()
    let loop = studio.loop
    let ports = [FakeMediaPort(), FakeMediaPort(), FakeMediaPort()]
    let first = try await studio.asCall { call -> Int in
      let beat = MediaLoop(loop: loop, lateness: TickLateness())
      let sessions = ports.map { MediaSession(port: $0, detector: ScriptedDetector(), loop: beat) }
      sessions[0].start(for: call, leg: "caller")
      // Comes and goes within one turn of the loop.
      sessions[0].close()
      sessions[1].start(for: call, leg: "caller")
      sessions[2].start(for: call, leg: "caller")
      loop.assumeIsolated().scheduleTask(in: .milliseconds(1_010)) { sessions[1].close() }
      return ports[0].pulls
    }
    await studio.loop.advanceTime(by: .milliseconds(2_000))
    #expect(first == 0 && ports.map(\.pulls) == [0, 50, 100])
  }
}

@Suite struct `The voice's memory` {
  private func clip(_ samples: Int) -> AudioClip {
    AudioClip(samples: [Int16](repeating: 1, count: samples), sampleRate: 8_000)
  }

  private func key(_ text: String) -> ClipCache.Key { ClipCache.Key(text: text, rate: .narrowband) }

  @Test func `forgets what was not used for longest, and never holds more than it may`() {
    var cache = ClipCache(capacity: 1_000)
    cache.keep(clip(400), for: key("a"))
    cache.keep(clip(400), for: key("b"))
    #expect(cache.clip(for: key("a")) != nil)
    cache.keep(clip(400), for: key("c"))
    #expect(cache.clip(for: key("b")) == nil && cache.clip(for: key("a")) != nil && cache.clip(for: key("c")) != nil)
    cache.keep(clip(1_001), for: key("d"))
    #expect(cache.clip(for: key("d")) == nil && cache.clip(for: key("a")) != nil)
    cache.keep(clip(900), for: key("a"))
    #expect(cache.clip(for: key("a"))?.samples.count == 900 && cache.clip(for: key("c")) == nil)
  }
}

@Suite struct `A switchboard` {
  @Test func `answers its numbers, as many calls as it can, until it is to stop`() async throws {
    let studio = try Studio()
    let route = Switchboard.Route(tenant: "t", assistant: await studio.call.assistant)
    let board = Switchboard(routes: ["100": route], capacity: 1)
    func refusal(_ number: String) -> LineRejection? {
      if case .refused(let reason) = board.admit(number) { reason } else { nil }
    }
    #expect(refusal("100") == nil && refusal("200") == .unknownNumber)
    // Who was admitted holds the place, begun or not.
    #expect(refusal("100") == .overloaded)
    board.giveBack()
    #expect(refusal("100") == nil)
    try await studio.connect()
    board.add(studio.call)
    #expect(!board.claim(studio.call.start.call), "it is under way")
    #expect(board.claim("another") && !board.claim("another"), "once")
    board.release("another")
    #expect(board.claim("another"))
    #expect(refusal("100") == .overloaded && board.count == 1)
    board.drain()
    #expect(refusal("100") == .draining && board.isDraining)
    board.hangUpAll()
    await studio.settle(until: "the line is told") { $0.line.told == [.answer, .hangUp] }
    async let empty: Void = board.untilEmpty()
    board.remove(studio.call.start.call)
    await empty
    #expect(board.count == 0)
  }
}
