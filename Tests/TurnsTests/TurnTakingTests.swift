import Core
import TestSupport
import Testing

@testable import Turns

@Suite struct `End of a turn` {
  @Test func `words that are surely complete end it after the short silence`() {
    var floor = Floor()
    floor.take(.expectCaller(ListenPlan(grammar: .yesNo)))
    floor.say(words("yes", .content, .complete), wordsAfter: 40)
    #expect(floor.log.isEmpty)
    #expect(floor.wait(150).isEmpty)
    #expect(floor.wait(10) == [.commit(TurnNumber(1), [words("yes", .content, .complete)])])
  }

  @Test func `words that may go on wait for the normal silence`() {
    var floor = Floor()
    floor.say(words("where is my order"))
    #expect(floor.wait(410).isEmpty)
    #expect(floor.wait(20) == [.commit(TurnNumber(1), [words("where is my order")])])
  }

  @Test func `four of eight digits wait long, and a pause inside a number does not cut it`() {
    var floor = Floor()
    let half = words("1 2 3 4", .content, .incomplete)
    let rest = words("1 2 3 4 5 6 7 8", .content, .complete)
    floor.say(half)
    #expect(floor.wait(620).isEmpty)
    floor.say(rest, wordsAfter: 40)
    #expect(floor.wait(160) == [.commit(TurnNumber(1), [half, rest])])
  }

  @Test func `a turn whose voice goes on is not ended by an older timer`() {
    var floor = Floor()
    floor.say(words("I would like"))
    floor.take(.speechStarted(at: floor.now))
    #expect(floor.wait(5000).isEmpty)
  }

  @Test func `voice whose words never come ends the turn without words`() {
    var floor = Floor()
    floor.take(.speechStarted(at: floor.now))
    floor.wait(500)
    floor.take(.speechEnded(at: floor.now))
    #expect(floor.wait(3100) == [.commit(TurnNumber(1), [])])
  }

  @Test func `words that come late belong to the next turn`() {
    var floor = Floor()
    floor.take(.speechStarted(at: floor.now))
    floor.wait(500)
    floor.take(.speechEnded(at: floor.now))
    floor.wait(3100)
    #expect(floor.take(.transcript(words("late"))) == [.commit(TurnNumber(2), [words("late")])])
  }

  @Test func `a monologue is cut at the longest turn`() {
    var floor = Floor()
    floor.take(.speechStarted(at: floor.now))
    #expect(floor.wait(30_001) == [.commit(TurnNumber(1), [])])
  }

  @Test func `a written message is a turn at once`() {
    var floor = Floor()
    #expect(floor.take(.message(words("hello"))) == [.commit(TurnNumber(1), [words("hello")])])
  }
}

@Suite struct `Barge-in` {
  @Test func `voice pauses the agent within 150 ms of its start`() {
    var floor = Floor()
    floor.speak(1)
    floor.wait(1000)
    let began = floor.now
    floor.wait(100)
    floor.take(.speechStarted(at: began))
    #expect(floor.wait(49).isEmpty)
    #expect(floor.wait(1) == [.pause(UtteranceID(1))])
  }

  @Test func `a cough shorter than that does not pause it`() {
    var floor = Floor()
    floor.speak(1)
    floor.take(.speechStarted(at: floor.now))
    floor.wait(140)
    floor.take(.speechEnded(at: floor.now))
    #expect(floor.wait(3000).filter { $0 != .commit(TurnNumber(1), []) }.isEmpty)
  }

  @Test func `words take the floor and are answered`() {
    var floor = Floor()
    floor.speak(1)
    #expect(floor.say(words("no another one")) == [.pause(UtteranceID(1)), .stop(UtteranceID(1))])
    #expect(floor.wait(600) == [.commit(TurnNumber(1), [words("no another one")])])
  }

  @Test func `after a listener's mhm the agent goes on, each time`() {
    var floor = Floor()
    floor.speak(1)
    for _ in 1...3 {
      let seen = floor.say(words("mhm", .backchannel))
      #expect(seen == [.pause(UtteranceID(1)), .resume(UtteranceID(1))])
      #expect(floor.wait(500).isEmpty)
    }
  }

  @Test func `a listener's mhm lets it go on only when nobody speaks any more`() {
    var floor = Floor()
    floor.speak(1)
    floor.take(.speechStarted(at: floor.now))
    #expect(floor.wait(300) == [.pause(UtteranceID(1))])
    floor.take(.speechEnded(at: floor.now))
    floor.take(.speechStarted(at: floor.now))
    #expect(floor.take(.transcript(words("mhm", .backchannel, segment: 1))).isEmpty, "the next voice goes on")
    floor.take(.speechEnded(at: floor.now))
    #expect(floor.take(.transcript(words("", .empty, segment: 2))) == [.resume(UtteranceID(1))])
  }

  @Test func `noise without words lets it go on after the wait`() {
    var floor = Floor()
    floor.speak(1)
    floor.take(.speechStarted(at: floor.now))
    floor.wait(400)
    floor.take(.speechEnded(at: floor.now))
    #expect(floor.log == [.pause(UtteranceID(1))])
    #expect(floor.wait(1300) == [.resume(UtteranceID(1))])
  }

  @Test func `an always-interrupting word stops it before the voice ends`() {
    var floor = Floor()
    floor.speak(1)
    floor.take(.speechStarted(at: floor.now))
    floor.wait(100)
    #expect(floor.take(.partial(words("stop", .interruption))) == [.stop(UtteranceID(1))])
  }

  @Test func `a prompt for words only is not paused by voice but stopped by words`() {
    var floor = Floor()
    floor.speak(1, .words)
    floor.take(.speechStarted(at: floor.now))
    #expect(floor.wait(600).isEmpty)
    #expect(floor.take(.partial(words("not that"))) == [.stop(UtteranceID(1))])
  }

  @Test func `a legal sentence is neither paused nor stopped, and the words are answered after it`() {
    var floor = Floor()
    floor.speak(1, .mustBeHeard)
    #expect(floor.say(words("where is my order")).isEmpty)
    #expect(floor.press("1").allSatisfy { $0 != .stop(UtteranceID(1)) })
  }

  @Test func `words said over a legal sentence wait for its end`() {
    var floor = Floor()
    floor.speak(1, .mustBeHeard)
    floor.say(words("where is my order"))
    #expect(floor.wait(3000).isEmpty)
    #expect(floor.finish(1) == [.commit(TurnNumber(1), [words("where is my order")])])
  }

  @Test func `a legal sentence behind an answer is not thrown away with it`() {
    let said = words("where is my order")
    var floor = Floor()
    floor.speak(1)
    floor.take(.utterance(UtteranceID(2), .mustBeHeard))
    #expect(floor.say(said) == [.pause(UtteranceID(1))])
    #expect(floor.wait(1000) == [.resume(UtteranceID(1))], "it goes on to that sentence")
    #expect(floor.finish(1).isEmpty)
    floor.take(.playback(Playback(utterance: UtteranceID(2), state: .started)))
    #expect(floor.wait(2000).isEmpty)
    #expect(floor.finish(2) == [.commit(TurnNumber(1), [said])])
    floor = Floor()
    floor.speak(1)
    floor.take(.utterance(UtteranceID(2), .mustBeHeard))
    floor.press("1")
    #expect(!floor.log.contains(.stop(UtteranceID(1))), "by keys neither")
  }

  @Test func `a key stops the agent at once`() {
    var floor = Floor()
    floor.speak(1, .keys)
    floor.take(.expectCaller(ListenPlan(digits: DigitGrammar(minimum: 8, maximum: 8))))
    #expect(floor.press("1") == [.stop(UtteranceID(1))])
  }

  @Test func `a noise while an answer is prepared throws nothing away`() {
    var floor = Floor()
    floor.take(.utterance(UtteranceID(1), .free))
    floor.take(.speechStarted(at: floor.now))
    floor.wait(150)
    floor.take(.speechEnded(at: floor.now))
    floor.take(.transcript(words("", .empty)))
    floor.take(.playback(Playback(utterance: UtteranceID(1), state: .started)))
    #expect(floor.wait(1000).isEmpty)
    #expect(floor.turns.agentUtterance == UtteranceID(1))
  }
}

@Suite struct `Keys` {
  let grammar = DigitGrammar(minimum: 4, maximum: 8)

  @Test func `the longest entry is complete at once`() {
    var floor = Floor()
    floor.take(.expectCaller(ListenPlan(digits: grammar)))
    let seen = floor.press("12345678")
    guard case .entered(_, .digits(let digits, true)) = seen.first else {
      Issue.record("no entry: \(seen)")
      return
    }
    #expect(digits.revealed == "12345678")
  }

  @Test func `the end key completes a shorter one, and too short a one is said to be`() {
    for (keys, complete) in [("1234#", true), ("12#", false)] {
      var floor = Floor()
      floor.take(.expectCaller(ListenPlan(digits: grammar)))
      guard case .entered(_, .digits(_, complete)) = floor.press(keys).first else {
        Issue.record("wrong entry for \(keys)")
        continue
      }
    }
  }

  @Test func `the end key behind an entry that was complete means nothing and stops nobody`() {
    var floor = Floor()
    floor.take(.expectCaller(ListenPlan(digits: grammar)))
    floor.press("12345678")
    floor.speak(1)
    #expect(floor.press("#").isEmpty)
    #expect(floor.turns.agentUtterance == UtteranceID(1))
  }

  @Test func `a pause ends an entry`() {
    var floor = Floor()
    floor.take(.expectCaller(ListenPlan(digits: grammar)))
    #expect(floor.press("12345").isEmpty)
    #expect(floor.wait(2999).isEmpty)
    guard case .entered(_, .digits(let digits, true)) = floor.wait(1).first else {
      Issue.record("no entry")
      return
    }
    #expect(digits.revealed == "12345")
  }

  @Test func `a menu key stands for its value`() {
    var floor = Floor()
    floor.take(
      .expectCaller(
        ListenPlan(digits: DigitGrammar(minimum: 1, maximum: 1, menu: ["1": .bool(true), "2": .bool(false)]))))
    #expect(floor.press("2") == [.entered(TurnNumber(1), .choice(.bool(false)))])
  }

  @Test func `what was asked of keys is noted without the keys`() {
    var floor = Floor()
    floor.take(.expectCaller(ListenPlan(digits: grammar)))
    floor.press("12#")
    let facts = floor.facts.takeNoted()
    #expect(facts.map(\.question) == ["is key #", "is key #", "is key #"])
    #expect(facts.map(\.answer) == [.truth(false), .truth(false), .truth(true)])
  }
}

@Suite struct `Silence` {
  @Test func `is counted from the end of what the agent said`() {
    var floor = Floor()
    floor.speak(1)
    floor.take(.expectCaller(ListenPlan()))
    #expect(floor.timers.isEmpty, "nobody waits for it before")
    #expect(floor.wait(20_000).isEmpty)
    floor.finish(1)
    #expect(floor.wait(5999).isEmpty)
    #expect(floor.wait(1) == [.silence(1)])
  }

  @Test func `climbs a ladder and starts anew when the caller speaks`() {
    var floor = Floor()
    floor.take(.expectCaller(ListenPlan()))
    #expect(floor.wait(6000) == [.silence(1)])
    floor.speak(1)
    floor.take(.expectCaller(ListenPlan()))
    floor.finish(1)
    #expect(floor.wait(8000) == [.silence(2)])
    floor.say(words("hello"))
    floor.wait(600)
    floor.take(.expectCaller(ListenPlan()))
    #expect(floor.wait(6000) == [.silence(1)])
  }

  @Test func `does not run while the agent works or the line is on hold`() {
    var floor = Floor()
    floor.take(.expectCaller(ListenPlan()))
    floor.take(.expectNothing)
    #expect(floor.wait(60_000).isEmpty)
    floor.take(.expectCaller(ListenPlan()))
    floor.take(.held(true))
    #expect(floor.wait(60_000).isEmpty)
    floor.take(.held(false))
    #expect(floor.wait(6000) == [.silence(1)])
  }

  @Test func `is noticed after the question's own time, the first and the next`() {
    var floor = Floor()
    for number in 1...2 {
      floor.take(.expectCaller(ListenPlan(), silence: .seconds(20)))
      #expect(floor.wait(19_999).isEmpty)
      #expect(floor.wait(1) == [.silence(number)])
    }
  }

  @Test func `does not run where a question comes to its end on hold`() {
    var floor = Floor()
    floor.speak(1)
    floor.take(.held(true))
    floor.take(.expectCaller(ListenPlan()))
    floor.finish(1)
    #expect(floor.wait(60_000).isEmpty)
    floor.take(.held(false))
    #expect(floor.wait(5999).isEmpty)
    #expect(floor.wait(1) == [.silence(1)])
  }
}

@Suite struct `Any sequence of inputs` {
  @Test(arguments: 1...40) func `keeps the floor's promises`(seed: UInt64) {
    var random = Seeded(seed)
    var floor = Floor()
    var speaking: Set<Int> = []
    var next = 1
    var lastTurn = 0
    for _ in 0..<400 {
      let before = floor.log.count
      switch random.below(10) {
      case 0: floor.take(.speechStarted(at: floor.now))
      case 1: floor.take(.speechEnded(at: floor.now))
      case 2:
        let kinds: [Heard.Kind] = [.empty, .backchannel, .interruption, .content]
        let endings: [Heard.Ending] = [.complete, .incomplete, .open]
        floor.take(.transcript(words("w\(random.below(5))", kinds[random.below(4)], endings[random.below(3)])))
      case 3: floor.take(.partial(words("p", .content)))
      case 4:
        floor.take(.utterance(UtteranceID(next), InterruptionPolicy.allCases[random.below(4)]))
        speaking.insert(next)
        next += 1
      case 5, 6:
        if let id = floor.turns.agentUtterance {
          let states: [Playback.State] = [.started, .finished, .stopped, .failed]
          floor.take(.playback(Playback(utterance: id, state: states[random.below(4)])))
        }
      case 7: floor.press(["1", "#", "9"][random.below(3)])
      case 8:
        floor.take(
          random.below(2) == 0
            ? .expectCaller(ListenPlan(digits: DigitGrammar(minimum: 2, maximum: 4))) : .expectNothing)
      default: floor.wait(random.below(4000))
      }
      for action in floor.log[before...] {
        switch action {
        case .commit(let turn, _), .entered(let turn, _):
          #expect(turn.rawValue == lastTurn + 1, "turns are counted without gaps")
          lastTurn = turn.rawValue
        case .pause(let id), .resume(let id), .stop(let id):
          #expect(speaking.contains(id.rawValue), "only what was given to the line is paused, resumed or stopped")
        default: break
        }
      }
      #expect(floor.timers.count <= 8, "timers die with what they are for")
    }
    #expect(lastTurn > 0)
  }
}
