import Testing

@testable import Actions

@Suite struct `The gate to back ends` {
  private let one = HTTPOrigin("http://one")!
  private let two = HTTPOrigin("http://two")!

  @Test func `lets its width in, each back end for itself, and the next in order`() async throws {
    let gate = BackEndGate(width: 2)
    let soon = ContinuousClock.now + .seconds(36_000)
    // A place that is free is given without waiting.
    for origin in [one, one, two] { #expect(await gate.enter(origin, until: .now)) }
    #expect(await gate.enter(one, until: .now) == false)
    async let third = gate.enter(one, until: soon)
    while gate.waiting(one) < 1 { await Task.yield() }
    async let fourth = gate.enter(one, until: soon)
    while gate.waiting(one) < 2 { await Task.yield() }
    gate.leave(one)
    #expect(await third)
    #expect(gate.waiting(one) == 1)
    gate.leave(one)
    #expect(await fourth)
    for _ in 0..<2 { gate.leave(one) }
    #expect(gate.waiting(one) == 0)
    // All places are free again, and no more than there are.
    for _ in 0..<2 { #expect(await gate.enter(one, until: .now)) }
    #expect(await gate.enter(one, until: .now) == false)
  }

  @Test func `who gave up waiting takes no place`() async throws {
    let gate = BackEndGate(width: 1)
    #expect(await gate.enter(one, until: .now + .seconds(36_000)))
    #expect(await gate.enter(one, until: .now + .milliseconds(20)) == false)
    let cancelled = Task { await gate.enter(one, until: .now + .seconds(36_000)) }
    while gate.waiting(one) < 1 { await Task.yield() }
    cancelled.cancel()
    #expect(await cancelled.value == false)
    gate.leave(one)
    #expect(await gate.enter(one, until: .now))
  }
}
