import TestSupport
import Testing

@testable import Audio

@Suite struct `A mixer` {
  private let mixer = Mixer(rate: .narrowband)

  private func put(_ level: Int16, from seat: Mixer.Seat) {
    let frame = FrameBuffer()
    frame.samples.update(repeating: level)
    mixer.put(frame.samples.span, from: seat)
  }

  private func heard(by seat: Mixer.Seat, over own: Int16 = 0) -> Int16 {
    let frame = FrameBuffer()
    frame.samples.update(repeating: own)
    var span = frame.samples.mutableSpan
    mixer.add(to: &span, for: seat)
    #expect(frame.samples.allSatisfy { $0 == frame.samples[0] })
    return frame.samples[0]
  }

  @Test(arguments: [
    (Mixer.Listening.silently, [20, 1, 21]), (.whispering, [20, 301, 21]), (.speaking, [320, 301, 21]),
  ])
  func `lets each seat hear whom it should, and never itself`(_ listening: Mixer.Listening, _ sums: [Int16]) {
    mixer.set(listening)
    put(1, from: .caller)
    put(20, from: .person)
    put(300, from: .listener)
    #expect(Mixer.Seat.allCases.map { heard(by: $0) } == sums)
  }

  @Test func `adds to what the agent says, and cuts off what is too loud`() {
    put(30_000, from: .person)
    #expect(heard(by: .caller, over: 5) == 30_005)
    #expect(heard(by: .caller, over: 30_000) == 32_767)
    put(-30_000, from: .person)
    #expect(heard(by: .caller, over: -30_000) == -32_768)
  }

  @Test func `is silent about who left, and about who never came`() {
    #expect(heard(by: .listener) == 0)
    put(7, from: .caller)
    mixer.leave(.caller)
    #expect(heard(by: .person) == 0)
  }

  @Test(.enabled(if: canCountAllocations, "allocations cannot be counted in this build"))
  func `allocates nothing for a frame`() {
    let frame = FrameBuffer()
    func mix(_ seat: Mixer.Seat) {
      mixer.put(frame.samples.span, from: seat)
      var span = frame.samples.mutableSpan
      mixer.add(to: &span, for: seat)
    }
    func mix(_ times: Int) {
      for _ in 0..<times {
        mix(.caller)
        mix(.person)
        mix(.listener)
      }
    }
    mix(1)
    #expect(allocations { mix(1_000) } == 0)
  }
}
