import Audio
import Core
import NIOCore
import NIOEmbedded
import Synchronization
import TestSupport
import Testing

@testable import Calls

@Suite struct `The last word on a line that was left` {
  /// A line that comes back as it is told to, on a loop whose time is moved by hand.
  private final class Left: Sendable {
    let loop = NIOAsyncTestingEventLoop()
    let port = FakeMediaPort()
    let line = FakeLine()
    private let deliver = Mutexed()
    private let soundAsked = Mutex(0)

    func say(_ word: LastWord) async throws -> LastWord.Outcome {
      try await word.say(on: loop) { deliver in
        self.deliver.value.withLock { $0 = deliver }
        return DialledLeg(line: line) {
          self.soundAsked.withLock { $0 += 1 }
          return self.port
        }
      }
    }

    func give(_ event: LineEvent) { deliver.value.withLock { $0 }?(event) }

    /// Connects, and returns when the words are on their way: the line is asked for its rate, and then for its sound.
    func connect() async {
      give(.connected)
      await settle(until: "the words are made") { self.soundAsked.withLock { $0 } == 2 }
    }

    var isAskedFor: Bool { deliver.value.withLock { $0 != nil } }

    /// Lets time pass until something holds; an issue when it does not within a minute.
    func pass(until what: Comment, _ condition: @Sendable () -> Bool) async {
      for _ in 0..<3_000 {
        if condition() { return }
        await Task.yield()
        await loop.advanceTime(by: .milliseconds(20))
      }
      Issue.record("never: \(what)")
    }

    /// Lets others work until something holds, without time passing.
    func settle(until what: Comment, _ condition: @Sendable () -> Bool) async {
      let end = ContinuousClock.now + .seconds(60)
      while ContinuousClock.now < end {
        if condition() { return }
        await Task.yield()
        await loop.run()
      }
      Issue.record("never: \(what)")
    }
  }

  private final class Mutexed: Sendable { let value = Mutex<(@Sendable (LineEvent) -> Void)?>(nil) }

  private static let words = ["Sorry.", "Please call again."]

  /// Says it on one line, and does what is to be done meanwhile.
  private static func say(
    by synthesizer: FakeSynthesizer = FakeSynthesizer(), fallback: FakeSynthesizer? = nil,
    _ body: (Left, @Sendable @escaping () -> LastWord.Outcome?) async throws -> Void
  ) async throws {
    let left = Left()
    let word = LastWord(words, by: Voice(synthesizer, fallback: fallback))
    let outcome = Found()
    let saying = Task {
      let found = try await left.say(word)
      outcome.value.withLock { $0 = found }
    }
    await left.settle(until: "the line is asked for") { left.isAskedFor }
    try await body(left) { outcome.value.withLock { $0 } }
    saying.cancel()
  }

  private final class Found: Sendable { let value = Mutex<LastWord.Outcome?>(nil) }

  @Test func `is said to its end, with a moment before and behind it, and then the line is ended`() async throws {
    try await Self.say { left, outcome in
      await left.connect()
      await left.pass(until: "it is said") { outcome() != nil }
      #expect(outcome() == .said && left.line.told == [.hangUp])
      let frames = Self.words.map(\.count).reduce(0, +)
      #expect(left.port.soundingFrames == frames && left.port.pushes == frames + 30 && left.port.pulls == frames + 30)
    }
  }

  @Test(arguments: [
    (LineEvent.ended(by: .caller), LastWord.Outcome.cutOff), (.held(true), .cutOff),
  ]) func `is cut off by whoever leaves`(_ event: LineEvent, _ expected: LastWord.Outcome) async throws {
    try await Self.say { left, outcome in
      await left.connect()
      await left.pass(until: "it sounds") { left.port.soundingFrames > 3 }
      left.give(event)
      await left.settle(until: "it is over") { outcome() != nil }
      #expect(outcome() == expected && left.line.told == [.hangUp])
      await left.loop.run()
      let pushes = left.port.pushes
      await left.loop.advanceTime(by: .seconds(5))
      #expect(left.port.pushes == pushes, "nothing is sent any more")
    }
  }

  @Test func `is not said on a line that does not come back`() async throws {
    try await Self.say { left, outcome in
      left.give(.failed(.notAcceptable))
      await left.settle(until: "it is over") { outcome() != nil }
      #expect(outcome() == .unanswered && left.port.pushes == 0)
    }
    // Nor is it waited for without end where nothing is told.
    try await Self.say { left, outcome in
      await left.pass(until: "it is given up") { outcome() != nil }
      #expect(outcome() == .unanswered && left.line.told == [.hangUp])
    }
    let none = LastWord(Self.words, by: Voice(FakeSynthesizer(), fallback: nil))
    #expect(try await none.say(on: NIOAsyncTestingEventLoop()) { _ in nil } == .unanswered)
  }

  @Test func `comes from the other voice, and where there is none the line is ended`() async throws {
    try await Self.say(by: FakeSynthesizer(.fails, .fails), fallback: FakeSynthesizer(.gives(2_000))) { left, outcome in
      await left.connect()
      await left.pass(until: "it is said") { outcome() != nil }
      #expect(outcome() == .said && left.port.soundingFrames > 0)
    }
    try await Self.say(by: FakeSynthesizer(.fails)) { left, outcome in
      left.give(.connected)
      await left.settle(until: "it is over") { outcome() != nil }
      #expect(outcome() == .voiceless && left.line.told == [.hangUp] && left.port.pushes == 0)
    }
  }

  @Test func `is made once for all lines`() async throws {
    let synthesizer = FakeSynthesizer()
    let word = LastWord(Self.words, by: Voice(synthesizer, fallback: nil, lines: AudioRate.allCases))
    await word.prepare()
    #expect(synthesizer.texts.asked == Self.words)
    let left = Left()
    left.port.rate = .wideband
    try await withThrowingTaskGroup(of: LastWord.Outcome.self) { group in
      group.addTask { try await left.say(word) }
      await left.settle(until: "the line is asked for") { left.isAskedFor }
      await left.connect()
      await left.pass(until: "it is said") { left.line.told == [.hangUp] }
      let outcome = try await group.next()
      #expect(outcome == .said)
    }
    #expect(synthesizer.texts.asked.count == 2 && left.port.soundingFrames == Self.words.map(\.count).reduce(0, +))
  }

  @Test func `stops when the line is agreed on anew at another rate`() async throws {
    try await Self.say { left, outcome in
      await left.connect()
      await left.pass(until: "it sounds") { left.port.soundingFrames > 3 }
      left.port.rate = .wideband
      await left.pass(until: "it is over") { outcome() != nil }
      #expect(outcome() == .cutOff)
    }
  }
}
