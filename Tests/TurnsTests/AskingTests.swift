import Core
import Testing

@testable import Turns

@Suite struct `The end of a turn` {
  private func foreseen(_ floor: Floor) -> [TimerID: CallInstant] {
    floor.turns.foreseeable.map { [$0.timer: $0.at] } ?? [:]
  }

  @Test func `is foreseen where its silence ends, and not while voice goes on`() {
    var floor = Floor()
    #expect(floor.turns.foreseeable == nil)
    floor.take(.speechStarted(at: .zero))
    #expect(floor.turns.foreseeable == nil)
    floor.wait(600)
    floor.take(.speechEnded(at: floor.now))
    #expect(foreseen(floor) == [.endOfTurn(TurnNumber(1)): .milliseconds(3_600)], "words that never come")
    floor.take(.transcript(words("where is it", .content, .open)))
    #expect(foreseen(floor) == [.endOfTurn(TurnNumber(1)): .milliseconds(1_300)])
    floor.take(.speechStarted(at: .milliseconds(600)))
    #expect(floor.turns.foreseeable == nil)
    floor.wait(300)
    floor.take(.speechEnded(at: floor.now))
    floor.take(.transcript(words("", .empty)))
    floor.wait(700)
    #expect(floor.log.last == .commit(TurnNumber(1), [words("where is it")]))
    #expect(floor.turns.foreseeable == nil)
  }

  @Test func `is foreseen where the longest turn or an entry by keys ends, if that comes first`() {
    var floor = Floor()
    floor.take(.speechStarted(at: .zero))
    floor.wait(29_500)
    floor.take(.speechEnded(at: floor.now))
    floor.take(.transcript(words("and then", .content, .incomplete)))
    #expect(foreseen(floor) == [.longestTurn(TurnNumber(1)): .milliseconds(30_000)])
    floor = Floor()
    floor.take(.expectCaller(ListenPlan(digits: DigitGrammar(minimum: 4, maximum: 8))))
    floor.press("12")
    #expect(foreseen(floor) == floor.timers && floor.timers.count == 1)
    #expect(floor.turns.foreseeable?.timer == .digits(1))
  }
}

@Suite struct `A guess at words` {
  private func due(_ floor: Floor, after last: Int? = nil) -> Int? {
    floor.turns.partialDue(after: last.map { .milliseconds($0) })?.milliseconds
  }

  /// The agent speaks, and after two seconds the caller does.
  private func interrupted(_ policy: InterruptionPolicy = .free) -> Floor {
    var floor = Floor()
    floor.speak(1, policy)
    floor.wait(2_000)
    floor.take(.speechStarted(at: floor.now))
    return floor
  }

  @Test func `is due half a second after voice began, then at distances that grow with it up to a second`() {
    let floor = interrupted()
    #expect(due(floor) == 2_500)
    #expect(due(floor, after: 1_999) == 2_500, "one at the voice before does not count")
    #expect(due(floor, after: 2_500) == 3_100)
    #expect(due(floor, after: 4_400) == 5_000)
    #expect(due(floor, after: 5_200) == 6_000)
    #expect(due(floor, after: 6_000) == 7_000)
    #expect(due(floor, after: 20_000) == 21_000)
  }

  @Test func `is wanted only of voice that goes on, over an agent whom words may interrupt`() {
    var floor = interrupted()
    floor.take(.speechEnded(at: floor.now))
    #expect(due(floor) == nil)
    floor = interrupted(.words)
    #expect(due(floor) == 2_500)
    floor.take(.utterance(UtteranceID(2), .mustBeHeard))
    #expect(due(floor) == nil, "a legal sentence is queued behind it")
    #expect(due(interrupted(.keys)) == nil && due(interrupted(.mustBeHeard)) == nil)
    floor = Floor()
    floor.take(.speechStarted(at: .zero))
    #expect(due(floor) == nil, "nobody is interrupted")
    floor.wait(3_000)
    floor.take(.utterance(UtteranceID(1), .free))
    #expect(due(floor) == 500, "at once")
  }
}

@Suite struct `A voice without words` {
  private func isTakenBack(_ floor: Floor, segment: Int? = 1, _ kind: Heard.Kind = .empty, lasting: Int = 700) -> Bool {
    floor.turns.takesBack(words("", kind, segment: segment), lasting: .milliseconds(lasting))
  }

  @Test func `begins the next one until that has ended as well`() {
    var floor = Floor()
    floor.take(.speechStarted(at: floor.now))
    floor.wait(300)
    floor.take(.speechEnded(at: floor.now))
    #expect(isTakenBack(floor))
    floor.take(.speechStarted(at: floor.now))
    #expect(isTakenBack(floor))
    floor.take(.speechEnded(at: floor.now))
    #expect(!isTakenBack(floor) && isTakenBack(floor, segment: 2))
    floor.take(.speechStarted(at: floor.now))
    #expect(!isTakenBack(floor))
  }

  @Test func `does not when it is a click, has words or no number`() {
    var floor = Floor()
    floor.take(.speechStarted(at: floor.now))
    floor.take(.speechEnded(at: floor.now))
    #expect(!isTakenBack(floor, lasting: 699))
    #expect(!isTakenBack(floor, .content) && !isTakenBack(floor, .backchannel))
    #expect(!isTakenBack(floor, segment: nil))
  }
}
