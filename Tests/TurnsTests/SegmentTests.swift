import Core
import Testing

@testable import Turns

/// Recognitions run beside each other: a long first segment may become words after a short second one.
@Suite struct `Words that come in another order than they were said` {
  static let first = words("1 2 3 4", .content, .complete, segment: 1)
  static let second = words("5 6 7 8", .content, .incomplete, segment: 2)
  static let third = words("thanks", .content, .open, segment: 3)

  /// Two voices, 300 ms apart, neither of which has words yet.
  func spoken(_ voices: Int = 2) -> Floor {
    var floor = Floor()
    for _ in 0..<voices {
      floor.take(.speechStarted(at: floor.now))
      floor.wait(600)
      floor.take(.speechEnded(at: floor.now))
      floor.wait(300)
    }
    return floor
  }

  @Test func `are joined in the order in which they were said`() {
    var floor = spoken()
    #expect(floor.take(.transcript(Self.second)).isEmpty)
    #expect(floor.take(.transcript(Self.first)).isEmpty)
    #expect(floor.wait(2000) == [.commit(TurnNumber(1), [Self.first, Self.second])])
    floor = spoken(3)
    for heard in [Self.third, Self.first, Self.second] { floor.take(.transcript(heard)) }
    #expect(floor.wait(2000) == [.commit(TurnNumber(1), [Self.first, Self.second, Self.third])])
  }

  @Test func `hold the end of the turn as long as one of them is missing`() {
    var floor = spoken()
    floor.take(.transcript(words("5 6 7 8", .content, .complete, segment: 2)))
    #expect(floor.wait(1500).isEmpty)
    #expect(
      floor.take(.transcript(Self.first)) == [
        .commit(TurnNumber(1), [Self.first, words("5 6 7 8", .content, .complete, segment: 2)])
      ])
  }

  @Test func `do not hold it for ever: the deadline for words ends it`() {
    var floor = spoken()
    floor.take(.transcript(Self.second))
    #expect(floor.wait(2699).isEmpty)
    #expect(floor.wait(1) == [.commit(TurnNumber(1), [Self.second])])
    #expect(floor.take(.transcript(Self.first)).contains(.commit(TurnNumber(2), [Self.first])))
  }

  @Test func `and never came hold no later turn`() {
    var floor = spoken(1)
    #expect(floor.wait(2700) == [.commit(TurnNumber(1), [])], "the deadline for the words of the first")
    floor.take(.speechStarted(at: floor.now))
    floor.wait(600)
    floor.take(.speechEnded(at: floor.now))
    let answer = words("yes", .content, .complete, segment: 2)
    floor.take(.transcript(answer))
    #expect(floor.wait(400) == [.commit(TurnNumber(2), [answer])])
  }

  @Test func `end the turn as the last to come says, since it was judged with all others`() {
    var floor = spoken()
    floor.take(.transcript(words("5 6 7 8", .content, .incomplete, segment: 2)))
    floor.take(.transcript(words("1 2 3 4", .content, .complete, segment: 1)))
    #expect(floor.wait(100).count == 1)
  }

  @Test func `are told what stands before and after them`() {
    var floor = spoken(3)
    floor.take(.transcript(Self.third))
    floor.take(.transcript(Self.first))
    let open = floor.turns.openWords(around: 2)
    #expect(open.before == [Self.first.text] && open.after == [Self.third.text])
  }

  @Test func `that were read with voices before them replace the words of those`() {
    let whole = words("1 2 3 4 5 6 7 8", .content, .complete, segment: 2, since: 1)
    var floor = spoken()
    floor.take(.transcript(Self.first))
    floor.take(.transcript(whole))
    #expect(floor.wait(400) == [.commit(TurnNumber(1), [whole])])
    // Nothing is waited for of a voice that was read again, and words of it that come late say nothing new.
    floor = spoken()
    let decided = floor.take(.transcript(whole)) + floor.take(.transcript(Self.first)) + floor.wait(400)
    #expect(decided == [.commit(TurnNumber(1), [whole])])
    #expect(floor.take(.transcript(Self.first)).isEmpty && floor.wait(2000).isEmpty, "nor after the turn")
  }

  @Test func `that were read with some voices leave those before and after them`() {
    let middle = words("5 6 7 8", .content, .open, segment: 3, since: 2)
    var floor = spoken(4)
    let last = words("please", .content, .open, segment: 4)
    for heard in [Self.first, Self.second, last, middle] { floor.take(.transcript(heard)) }
    #expect(floor.wait(2000) == [.commit(TurnNumber(1), [Self.first, middle, last])])
    #expect(floor.turns.openWords(around: 9).before.isEmpty)
    floor = spoken(4)
    for heard in [Self.first, Self.second, last] { floor.take(.transcript(heard)) }
    let open = floor.turns.openWords(around: 3, since: 2)
    #expect(open.before == [Self.first.text] && open.after == [last.text])
  }

  @Test func `that could not be read together stay what was read of each`() {
    var floor = spoken()
    floor.take(.transcript(words("", .empty, segment: 2, since: 1)))
    floor.take(.transcript(Self.first))
    #expect(floor.wait(2000) == [.commit(TurnNumber(1), [Self.first])])
  }

  @Test func `of a number are read together with all its voices in the turn`() {
    let digits = ListenPlan(grammar: .digits(minimum: 8, maximum: 8))
    func reads(_ plan: ListenPlan, _ before: (inout Floor) -> Void = { _ in }) -> Bool {
      var floor = Floor()
      floor.take(.expectCaller(plan))
      before(&floor)
      floor.take(.speechStarted(at: floor.now))
      return floor.turns.readsVoicesAsOne
    }
    func voice(_ floor: inout Floor) {
      floor.take(.speechStarted(at: floor.now))
      floor.wait(600)
      floor.take(.speechEnded(at: floor.now))
      floor.wait(300)
    }
    #expect(!reads(digits))
    #expect(reads(digits, voice))
    #expect(!reads(ListenPlan(grammar: .yesNo), voice))
    #expect(!reads(ListenPlan(), voice))
    // The turn before is another one.
    #expect(
      !reads(digits) { floor in
        voice(&floor)
        floor.take(.transcript(Self.first))
        floor.wait(2000)
      })
    var silent = Floor()
    silent.take(.expectCaller(digits))
    voice(&silent)
    #expect(!silent.turns.readsVoicesAsOne, "nobody speaks")
  }

  @Test func `count for the voice they are of, also for when the turn began`() {
    var floor = Floor()
    floor.speak(1)
    floor.take(.expectCaller(`A read-back of a change`.asks))
    floor.take(.speechStarted(at: floor.now))
    floor.wait(300)
    floor.take(.speechEnded(at: floor.now))
    floor.finish(1)
    floor.wait(10)
    floor.take(.speechStarted(at: floor.now))
    floor.wait(300)
    floor.take(.speechEnded(at: floor.now))
    floor.take(.transcript(words("yes", .backchannel, .complete, segment: 2)))
    #expect(floor.wait(500).isEmpty, "the first is still missing")
    floor.take(.transcript(words("wait", .interruption, segment: 1)))
    floor.wait(1000)
    #expect(!floor.turns.answersWhatWasHeard)
  }

  @Test func `are counted with messages, and on from one line to the next`() {
    var floor = Floor()
    floor.take(.message(words("hello", segment: 1)))
    for timer in floor.turns.leave() { #expect(timer == .cancelTimer(.silence(1))) }
    floor.timers = [:]
    floor.take(.speechStarted(at: floor.now))
    floor.wait(300)
    floor.take(.speechEnded(at: floor.now))
    floor.take(.transcript(words("where is it", .content, .complete, segment: 2)))
    #expect(floor.wait(400) == [.commit(TurnNumber(3), [words("where is it", .content, .complete, segment: 2)])])
  }

  @Test func `without a number, as in older journals, belong to the oldest voice that waits`() {
    var floor = spoken()
    floor.take(.transcript(words("a")))
    floor.take(.transcript(words("b")))
    #expect(floor.wait(1000) == [.commit(TurnNumber(1), [words("a"), words("b")])])
  }
}
