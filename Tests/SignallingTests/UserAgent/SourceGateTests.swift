import TestSupport
import Testing

@testable import Signalling

/// Values that change, where an expectation may ask them.
private final class Shared<Value> {
  var value: Value
  init(_ value: Value) { self.value = value }
}

extension Shared<SourceGate> {
  func knows(_ source: IPAddress) -> Bool { value.knows(source) }
  func acquaint(_ source: IPAddress) { value.acquaint(source) }
  func admitMessage(_ kind: MessageKind = .other, of source: IPAddress, at now: Duration) -> Bool {
    value.admitMessage(kind, of: source, at: now)
  }
  func admit(octets: Int, _ kind: MessageKind = .other, of source: IPAddress, at now: Duration) -> Bool {
    value.admit(octets: octets, kind, of: source, at: now)
  }
}

extension Shared<RateLimiter> {
  var count: Int { value.count }
  func admit(_ source: IPAddress, at now: Duration) -> Bool { value.admit(source, at: now) }
}

@Suite struct SourceGateTests {
  private static func gate(_ change: (inout SourceGate.Bounds) -> Void = { _ in }) -> Shared<SourceGate> {
    var bounds = SourceGate.Bounds()
    change(&bounds)
    return Shared(SourceGate(trusted: [AddressRange("192.0.2.0/24")].compactMap { $0 }, bounds: bounds))
  }
  let trusted = IPAddress(v4: 0xC000_0207)
  let stranger = IPAddress(v4: 0xCB00_7101)

  @Test func `a flood from forged addresses costs the allowance of all strangers and nothing of who is known`() {
    let gate = Self.gate()
    let strange = (0..<20_000).count { number in
      gate.admitMessage(of: IPAddress(v4: 0x0A00_0000 + UInt32(number)), at: .milliseconds(number / 20))
    }
    #expect((1_000...1_600).contains(strange), "burst and one second")
    let known = (0..<1_000).count { _ in gate.admitMessage(.call, of: trusted, at: .seconds(1)) }
    #expect(known == 1_000)
    let octets = gate.admit(octets: 60_000, of: trusted, at: .seconds(1))
    #expect(octets)
  }

  @Test func `one source's messages and octets are bounded`() {
    let gate = Self.gate()
    #expect((0..<5_000).count { _ in gate.admitMessage(.call, of: trusted, at: .zero) } == 4_000)
    for kind in [MessageKind.invite, .other] {
      #expect((0..<5_000).count { _ in gate.admitMessage(kind, of: trusted, at: .zero) } == 800, "\(kind)")
    }
    #expect((0..<5_000).count { _ in gate.admitMessage(of: stranger, at: .zero) } == 100)
    #expect((0..<1_000).count { _ in gate.admit(octets: 60_000, of: trusted, at: .zero) } == 266)
    #expect((0..<1_000).count { _ in gate.admit(octets: 60_000, of: stranger, at: .zero) } == 16)
    #expect(!gate.admit(octets: .max, of: IPAddress(v4: 1), at: .zero))
    #expect(gate.admitMessage(of: stranger, at: .seconds(1)), "credit comes back")
  }

  @Test func `an acquaintance is known until too many others are`() {
    let gate = Self.gate { $0.acquaintances = 3 }
    #expect(gate.knows(trusted) && !gate.knows(stranger))
    gate.acquaint(stranger)
    gate.acquaint(stranger)
    #expect(gate.knows(stranger))
    for number in 1...2 { gate.acquaint(IPAddress(v4: UInt32(number))) }
    #expect(gate.knows(stranger))
    gate.acquaint(IPAddress(v4: 3))
    #expect(!gate.knows(stranger) && gate.knows(IPAddress(v4: 1)))
    #expect((0..<200).count { _ in gate.admitMessage(of: IPAddress(v4: 1), at: .zero) } == 200)
  }

  @Test func `a full table refuses who is new and forgets without loss`() {
    let limiter = Shared(RateLimiter(rate: RequestRate(perSecond: 1, burst: 2), capacity: 10))
    let spender = IPAddress(v4: 1)
    #expect(
      limiter.admit(spender, at: .zero) && limiter.admit(spender, at: .zero) && !limiter.admit(spender, at: .zero))
    for number in 2..<100 { _ = limiter.admit(IPAddress(v4: UInt32(number)), at: .zero) }
    #expect(limiter.count == 10 && !limiter.admit(IPAddress(v4: 500), at: .seconds(1)))
    #expect(limiter.admit(spender, at: .seconds(1)) && !limiter.admit(spender, at: .milliseconds(1_100)))
    for step in 2...40 {
      _ = limiter.admit(IPAddress(v4: UInt32(1_000 + step)), at: .seconds(step))
      #expect(limiter.count <= 10)
    }
    #expect(limiter.admit(IPAddress(v4: 501), at: .seconds(41)))
  }

  @Test func `a source that has spent all gets back no more than the time since then gives`() {
    let limiter = Shared(RateLimiter(rate: RequestRate(perSecond: 1, burst: 8)))
    let spender = IPAddress(v4: 1)
    #expect((0..<20).count { _ in limiter.admit(spender, at: .zero) } == 8)
    for second in 1...4 { _ = limiter.admit(IPAddress(v4: 2), at: .seconds(second)) }
    #expect((0..<20).count { _ in limiter.admit(spender, at: .seconds(4)) } == 4)
  }

  @Test func `no number of sources gives one more credit than its rate`() {
    var generator = Seeded(11)
    let limiter = Shared(RateLimiter(rate: RequestRate(perSecond: 2, burst: 4), capacity: 16))
    var admitted = 0
    var now = Duration.zero
    for _ in 0..<20_000 {
      now += .milliseconds(Int.random(in: 0...20, using: &generator))
      if Bool.random(using: &generator) {
        if limiter.admit(IPAddress(v4: 1), at: now) { admitted += 1 }
      } else {
        _ = limiter.admit(IPAddress(v4: UInt32.random(in: 2...200, using: &generator)), at: now)
      }
    }
    #expect(admitted <= 4 + Int(now / .milliseconds(500)) + 1)
  }
}
