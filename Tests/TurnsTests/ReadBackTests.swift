import Core
import Testing

@testable import Turns

/// A change is read back and the caller asked whether it is right: only what comes after all of it answers.
@Suite struct `A read-back of a change` {
  static let menu = DigitGrammar(minimum: 1, maximum: 1, menu: ["1": .bool(true), "2": .bool(false)])
  static let asks = ListenPlan(grammar: .yesNo, digits: menu, confirms: true)
  let first = UtteranceID(1)

  /// A read-back that sounds.
  func reading(_ plan: ListenPlan = asks) -> Floor {
    var floor = Floor()
    floor.speak(1)
    floor.take(.expectCaller(plan))
    return floor
  }

  static let yes = words("yes", .backchannel, .complete)

  @Test(arguments: ["yeah", "okay", "right", "yes"]) func `is not answered and not ended by a yes over it`(
    _ text: String
  ) {
    var floor = reading()
    let seen = floor.say(words(text, .backchannel, .complete))
    #expect(seen == [.pause(first), .resume(first)])
    #expect(floor.wait(3000).isEmpty && floor.turns.agentUtterance == first)
    #expect(floor.finish(1).isEmpty)
  }

  @Test func `is ended by a no, by a correction and by stop`() {
    for heard in [
      words("no", .interruption), words("make it fifty"), words("stop", .interruption), words("yes but not that"),
    ] {
      var floor = reading()
      #expect(floor.say(heard).contains(.stop(first)), "\(heard.kind)")
      #expect(floor.wait(1500) == [.commit(TurnNumber(1), [heard])])
      #expect(!floor.turns.answersWhatWasHeard)
    }
  }

  @Test func `is answered by a yes that begins after its end`() {
    var floor = reading()
    floor.finish(1)
    floor.say(Self.yes)
    #expect(floor.wait(600) == [.commit(TurnNumber(1), [Self.yes])])
    #expect(floor.turns.answersWhatWasHeard)
  }

  @Test func `in two utterances is put when the second was played, and not by the first`() {
    func between() -> Floor {
      var floor = Floor()
      floor.speak(1)
      floor.take(.utterance(UtteranceID(2), .free))
      floor.take(.expectCaller(Self.asks))
      floor.finish(1)
      floor.take(.playback(Playback(utterance: UtteranceID(2), state: .started)))
      floor.wait(500)
      return floor
    }
    var floor = between()
    let agrees = words("yes do that please")
    #expect(floor.say(agrees).contains(.stop(UtteranceID(2))))
    #expect(floor.wait(1500) == [.commit(TurnNumber(1), [agrees])])
    #expect(!floor.turns.answersWhatWasHeard)
    floor = between()
    floor.finish(2)
    floor.say(Self.yes)
    floor.wait(600)
    #expect(floor.turns.answersWhatWasHeard)
  }

  @Test func `that was cut is not put by being waited for again`() {
    var floor = reading()
    floor.take(.playback(Playback(utterance: first, state: .failed)))
    floor.take(.expectCaller(Self.asks))
    floor.say(Self.yes)
    #expect(floor.wait(600) == [.commit(TurnNumber(1), [Self.yes])])
    #expect(!floor.turns.answersWhatWasHeard)
  }

  @Test func `is not answered by a yes that began before its end, however late its words come`() {
    var floor = reading()
    floor.take(.speechStarted(at: floor.now))
    floor.wait(100)
    floor.finish(1)
    floor.wait(300)
    floor.take(.speechEnded(at: floor.now))
    floor.wait(200)
    floor.take(.transcript(Self.yes))
    floor.wait(2000)
    #expect(floor.log.last == .commit(TurnNumber(1), [Self.yes]))
    #expect(!floor.turns.answersWhatWasHeard)
  }

  @Test func `counts as put at the very instant its last sample was played, not before`() {
    for early in [false, true] {
      var floor = reading()
      floor.wait(1000)
      let began = early ? floor.now : floor.now + .milliseconds(1)
      floor.wait(1)
      floor.finish(1)
      floor.take(.speechStarted(at: began))
      floor.wait(300)
      floor.take(.speechEnded(at: floor.now))
      floor.take(.transcript(Self.yes))
      floor.wait(600)
      #expect(floor.turns.answersWhatWasHeard == !early)
    }
  }

  @Test func `that was cut, or could not be spoken, is not answered at all`() {
    for state in [Playback.State.stopped, .failed] {
      var floor = reading()
      floor.take(.playback(Playback(utterance: first, state: state)))
      floor.say(Self.yes)
      floor.wait(600)
      #expect(floor.log.contains(.commit(TurnNumber(1), [Self.yes])) && !floor.turns.answersWhatWasHeard)
    }
  }

  @Test func `of two utterances is put when both were played`() {
    for (state, answers) in [(Playback.State.finished, true), (.failed, false)] {
      var floor = Floor()
      floor.speak(1)
      floor.take(.utterance(UtteranceID(2), .free))
      floor.take(.expectCaller(Self.asks))
      floor.take(.playback(Playback(utterance: first, state: state)))
      #expect(floor.say(Self.yes).isEmpty, "the second is still to come")
      floor.take(.playback(Playback(utterance: UtteranceID(2), state: .started)))
      floor.finish(2)
      floor.say(Self.yes)
      floor.wait(600)
      #expect(floor.turns.answersWhatWasHeard == answers)
    }
  }

  @Test func `that is said again has to be heard again, whatever becomes of the first one`() {
    var floor = reading()
    floor.finish(1)
    floor.say(words("what", .content, .complete))
    floor.wait(600)
    floor.speak(2)
    floor.take(.expectCaller(Self.asks))
    #expect(floor.say(Self.yes) == [.pause(UtteranceID(2)), .resume(UtteranceID(2))])
    floor.take(.playback(Playback(utterance: first, state: .stopped)))
    floor.finish(2)
    floor.say(Self.yes)
    floor.wait(600)
    #expect(floor.turns.answersWhatWasHeard)
  }

  @Test func `stays heard while the caller asks for a moment`() {
    for isHeard in [true, false] {
      var floor = reading()
      if isHeard { floor.finish(1) } else { floor.take(.playback(Playback(utterance: first, state: .stopped))) }
      floor.take(.expectCaller(ListenPlan(), silence: .seconds(60)))
      floor.say(Self.yes)
      floor.wait(600)
      #expect(floor.turns.answersWhatWasHeard == isHeard)
    }
  }

  @Test func `is not answered by what was said over one that must be heard`() {
    var floor = Floor()
    floor.speak(1, .mustBeHeard)
    floor.say(words("yes", .content, .complete))
    floor.wait(500)
    #expect(floor.finish(1) == [.commit(TurnNumber(1), [words("yes", .content, .complete)])])
    floor.take(.expectCaller(Self.asks))
    #expect(!floor.turns.answersWhatWasHeard)
  }

  @Test func `is not answered by a key for yes before its end, and is ended by any other key`() {
    var floor = reading()
    #expect(floor.press("1").isEmpty)
    #expect(floor.turns.agentUtterance == first)
    #expect(floor.press("2") == [.stop(first), .entered(TurnNumber(1), .choice(.bool(false)))])
    floor = reading()
    floor.finish(1)
    #expect(floor.press("1") == [.entered(TurnNumber(1), .choice(.bool(true)))])
    #expect(floor.turns.answersWhatWasHeard)
  }

  @Test func `that was agreed to early is put again soon`() {
    var floor = reading()
    floor.say(Self.yes)
    floor.finish(1)
    #expect(floor.wait(1499).isEmpty)
    #expect(floor.wait(1) == [.silence(1)])
    floor = reading()
    floor.press("1")
    floor.finish(1)
    #expect(floor.wait(1500) == [.silence(1)])
    floor = reading()
    floor.finish(1)
    #expect(floor.wait(5999).isEmpty)
  }

  @Test func `is unlike any other question, which a yes over it answers`() {
    // Of a clear yes to it Language says that it is content.
    var floor = reading(ListenPlan(grammar: .yesNo, digits: Self.menu))
    #expect(floor.say(words("yes", .content, .complete)) == [.pause(first), .stop(first)])
    floor = reading(ListenPlan(grammar: .yesNo, digits: Self.menu))
    #expect(floor.press("1") == [.stop(first), .entered(TurnNumber(1), .choice(.bool(true)))])
  }
}
