import Audio
import Core
import TestSupport
import Testing

struct PlayoutTests {
  private static let first = UtteranceID(1)
  private static let second = UtteranceID(2)

  private static func flat(_ value: Int16, _ count: Int) -> [Int16] { [Int16](repeating: value, count: count) }

  @Test func `sentences play in their order, whatever the order they come in`() {
    let playout = Player()
    playout.begin(Self.first, sentences: 3)
    playout.append(Self.flat(3, 100), to: Self.first, sentence: 2)
    playout.append(Self.flat(1, 200), to: Self.first, sentence: 0)
    playout.append(Self.flat(2, 50), to: Self.first, sentence: 1)
    let heard = playout.frames(3)
    #expect(heard == Self.flat(1, 200) + Self.flat(2, 50) + Self.flat(3, 100) + Self.flat(0, 130))
    let reports = playout.reports()
    #expect(reports.map(\.state) == [.started, .finished])
    #expect(reports[0].instant == .zero)
    #expect(reports[1].instant == CallInstant(microseconds: 350 * 125))
    #expect(
      reports[1].playback == Playback(utterance: Self.first, state: .finished, playedPermille: [1_000, 1_000, 1_000]))
    #expect(playout.isIdle)
  }

  @Test func `utterances follow each other within a frame`() {
    let playout = Player()
    playout.begin(Self.first, sentences: 1)
    playout.begin(Self.second, sentences: 1)
    playout.append(Self.flat(2, 60), to: Self.second, sentence: 0)
    playout.append(Self.flat(1, 60), to: Self.first, sentence: 0)
    #expect(playout.frames(1) == Self.flat(1, 60) + Self.flat(2, 60) + Self.flat(0, 40))
    #expect(playout.reports().map(\.state) == [.started, .finished, .started, .finished])
  }

  @Test func `a sentence may come in pieces`() {
    let playout = Player()
    playout.begin(Self.first, sentences: 1)
    playout.append(Self.flat(1, 160), to: Self.first, sentence: 0, isLast: false)
    #expect(playout.frames(2) == Self.flat(1, 160) + Self.flat(0, 160))
    #expect(playout.playedPermille(of: Self.first) == [999])
    playout.append(Self.flat(2, 160), to: Self.first, sentence: 0)
    #expect(playout.frames(2, from: 2) == Self.flat(2, 160) + Self.flat(0, 160))
    #expect(playout.reports().map(\.state) == [.started, .finished])
  }

  @Test func `when the next sentence is not ready there is silence, and no end`() {
    let playout = Player()
    playout.begin(Self.first, sentences: 2)
    #expect(playout.frames(2) == Self.flat(0, 320))
    playout.append(Self.flat(1, 160), to: Self.first, sentence: 0)
    #expect(playout.frames(3, from: 2) == Self.flat(1, 160) + Self.flat(0, 320))
    #expect(playout.reports().map(\.state) == [.started])
    #expect(playout.playedPermille(of: Self.first) == [1_000, 0])
    playout.append([], to: Self.first, sentence: 1)
    _ = playout.frames(1, from: 5)
    let reports = playout.reports()
    #expect(reports.map(\.playback) == [Playback(utterance: Self.first, state: .finished, playedPermille: [1_000, 0])])
  }

  @Test func `a pause fades within 10 ms and the utterance goes on 100 ms before it`() {
    let playout = Player()
    let clip = (0..<4_000).map { Int16(1_000 + $0) }
    playout.begin(Self.first, sentences: 1)
    playout.append(clip, to: Self.first, sentence: 0)
    #expect(playout.frames(10) == Array(clip[..<1_600]))
    #expect(playout.pause(Self.first, at: milliseconds(200)))
    let again = playout.pause(Self.first, at: milliseconds(200))
    #expect(!again)
    let paused = playout.frames(3, from: 10)
    #expect(paused[..<80].allSatisfy { $0 > 0 } && paused[80...].allSatisfy { $0 == 0 })
    #expect(zip(paused[..<79], paused[1..<80]).allSatisfy { $0 > $1 })
    #expect(playout.playedPermille(of: Self.first) == [420])
    #expect(playout.resume(Self.first, at: milliseconds(260)))
    let resumed = playout.frames(1, from: 13)
    #expect(resumed[0] < 50 && zip(resumed[..<80], resumed[1..<81]).allSatisfy { $0 < $1 })
    #expect(resumed[80...].elementsEqual(clip[1_680 - 800 + 80..<1_680 - 800 + 160]))
    // What was heard stays heard.
    #expect(playout.playedPermille(of: Self.first) == [420])
    let rest = playout.frames(19, from: 14)
    #expect(rest[..<(4_000 - 1_040)].elementsEqual(clip[1_040...]))
    #expect(playout.reports().map(\.state) == [.started, .paused, .resumed, .finished])
  }

  @Test func `an utterance held before it began does not begin`() {
    let playout = Player()
    playout.begin(Self.first, sentences: 1)
    playout.append(Self.flat(1, 320), to: Self.first, sentence: 0)
    playout.pause(Self.first, at: .zero)
    #expect(playout.frames(2) == Self.flat(0, 320))
    playout.resume(Self.first, at: milliseconds(40))
    #expect(playout.frames(2, from: 2) == Self.flat(1, 320))
  }

  @Test func `stopping fades, and drops everything behind`() {
    let playout = Player()
    playout.begin(Self.first, sentences: 2)
    playout.begin(Self.second, sentences: 1)
    playout.append(Self.flat(1_000, 320), to: Self.first, sentence: 0)
    playout.append(Self.flat(2_000, 400), to: Self.first, sentence: 1)
    playout.append(Self.flat(3_000, 400), to: Self.second, sentence: 0)
    _ = playout.frames(3)
    #expect(playout.stop(Self.first, at: milliseconds(60)))
    let heard = playout.frames(2, from: 3)
    #expect(heard[..<80].allSatisfy { $0 > 0 && $0 < 2_000 } && heard[80...].allSatisfy { $0 == 0 })
    #expect(playout.isIdle)
    #expect(
      playout.reports().map(\.playback) == [
        Playback(utterance: Self.first, state: .started),
        Playback(utterance: Self.first, state: .stopped, playedPermille: [1_000, 600]),
        Playback(utterance: Self.second, state: .stopped, playedPermille: [0]),
      ])
    let late = playout.append(Self.flat(1, 1), to: Self.first, sentence: 1)
    #expect(!late)
  }

  @Test func `what is said after a stop follows the fade`() {
    let playout = Player()
    playout.begin(Self.first, sentences: 1)
    playout.append(Self.flat(1_000, 1_000), to: Self.first, sentence: 0)
    _ = playout.frames(1)
    playout.stop(Self.first, at: milliseconds(20))
    playout.begin(Self.second, sentences: 1)
    playout.append(Self.flat(500, 80), to: Self.second, sentence: 0)
    #expect(playout.frames(1, from: 1)[80...].allSatisfy { $0 == 500 })
  }

  @Test func `the queue is bounded`() {
    let playout = Player()
    let tooMany = playout.begin(UtteranceID(99), sentences: Playout.maximumSentences + 1)
    #expect(!tooMany)
    for number in 1...Playout.maximumUtterances {
      let fits = playout.begin(UtteranceID(number), sentences: 64)
      #expect(fits)
    }
    let full = playout.begin(UtteranceID(98), sentences: 1)
    #expect(!full)
    for index in 0..<Playout.maximumClips {
      let fits = playout.append([1], to: UtteranceID(1 + index / 64), sentence: index % 64)
      #expect(fits)
    }
    let overfull = playout.append([1], to: UtteranceID(9), sentence: 0)
    #expect(!overfull)
  }

  @Test(arguments: 0..<60)
  func `every utterance starts at most once and ends exactly once, one at a time`(seed: UInt64) {
    var random = Seeded(seed)
    let playout = Player()
    var begun: [UtteranceID] = []
    var reports: [PlayoutReport] = []
    for tick in 0..<2_000 {
      let now = milliseconds(tick * 20)
      let queued = begun.suffix(4).randomElement(using: &random) ?? Self.first
      let some = random.chance(0.5) ? playout.current ?? queued : queued
      switch Int.random(in: 0..<40, using: &random) {
      case 0:
        let id = UtteranceID(begun.count + 1)
        if playout.begin(id, sentences: 3) { begun.append(id) }
      case 1...6:
        playout.append(
          Self.flat(100, Int.random(in: 0...700, using: &random)), to: some,
          sentence: Int.random(in: 0..<3, using: &random), isLast: random.chance(0.7))
      case 7: for sentence in 0..<3 { playout.append([], to: some, sentence: sentence) }
      case 8: playout.pause(some, at: now)
      case 9, 10: playout.resume(some, at: now)
      case 11: if random.chance(0.4) { playout.stop(some, at: now) }
      default: break
      }
      _ = playout.pull(at: now)
      reports += playout.reports()
    }
    if let current = playout.current { playout.stop(current, at: milliseconds(40_000)) }
    reports += playout.reports()
    for id in begun {
      let own = reports.filter { $0.utterance == id }
      let states = own.map(\.state)
      #expect(states.count { $0 == .started } <= 1)
      #expect(states.count { $0 == .finished || $0 == .stopped } == 1)
      #expect(states.last == .finished || states.last == .stopped)
      for report in own { #expect(report.progress.allSatisfy { $0.played <= $0.samples && 0...1_000 ~= $0.permille }) }
    }
    let starts = reports.filter { $0.state == .started }.map(\.utterance)
    #expect(starts == starts.sorted())
    #expect(!begun.isEmpty && !starts.isEmpty)
    #expect(zip(reports, reports.dropFirst()).allSatisfy { $0.instant <= $1.instant + .milliseconds(20) })
  }
}
