import Core
import Testing

@testable import Turns

/// Short words of a listener, as recognisers and `Language` give them.
@Suite struct `Over what the agent says` {
  /// What `Language` says of them: a whole answer, wherever they are said.
  @Test(arguments: ["mhm", "yeah", "okay"], [SlotGrammar?.none, .freeText, .digits(minimum: 8, maximum: 8), .yesNo])
  func `a listener's short word over an answer takes nothing, whatever is asked behind it`(
    _ text: String, _ grammar: SlotGrammar?
  ) {
    var floor = Floor()
    floor.speak(1)
    floor.take(.utterance(UtteranceID(2), .free))
    floor.take(.expectCaller(ListenPlan(grammar: grammar)))
    let heard = words(text, .backchannel, .complete)
    #expect(floor.say(heard) == [.pause(UtteranceID(1)), .resume(UtteranceID(1))])
    #expect(floor.wait(3000).isEmpty)
    floor.finish(1)
    #expect(floor.say(heard).isEmpty, "between two utterances")
    floor.take(.playback(Playback(utterance: UtteranceID(2), state: .started)))
    #expect(floor.say(heard) == [.pause(UtteranceID(2)), .resume(UtteranceID(2))])
    #expect(floor.wait(3000).isEmpty && floor.turns.agentUtterance == UtteranceID(2))
    floor.finish(2)
    #expect(floor.say(heard).isEmpty)
    #expect(floor.wait(1000) == [.commit(TurnNumber(1), [heard])], "then it is an answer")
  }

  @Test func `a short word answers a yes-or-no question that was put and is said again`() {
    let heard = words("okay", .backchannel, .complete)
    func asked(_ again: ListenPlan, answered: Bool = false) -> Floor {
      var floor = Floor()
      floor.speak(1)
      floor.take(.expectCaller(ListenPlan(grammar: .yesNo)))
      floor.finish(1)
      if answered {
        floor.say(words("what"))
        floor.wait(1000)
      }
      floor.speak(2)
      floor.take(.expectCaller(again))
      return floor
    }
    var floor = asked(ListenPlan(grammar: .yesNo))
    #expect(floor.say(heard) == [.pause(UtteranceID(2)), .stop(UtteranceID(2))])
    #expect(floor.wait(1000) == [.commit(TurnNumber(1), [heard])])
    for var other in [
      asked(ListenPlan()), asked(ListenPlan(grammar: .yesNo, hints: ["x"])),
      asked(ListenPlan(grammar: .yesNo), answered: true),
    ] {
      #expect(other.say(heard) == [.pause(UtteranceID(2)), .resume(UtteranceID(2))])
    }
  }
}
