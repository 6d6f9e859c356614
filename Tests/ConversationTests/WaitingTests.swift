import Core
import ShopSupport
import TestSupport
import Testing

@testable import Conversation

@Suite struct `While something is under way` {
  private func asking(_ answer: (outcome: ToolOutcome, after: Int)?) throws -> ShopCall {
    var call = try Shop.greeted()
    call.tools = { _ in answer }
    call.press("1")
    call.settle()
    call.press(ShopTable.shipped)
    return call
  }

  private let shipped = ToolOutcome.completed([
    "order_status": .text("shipped"), "carrier": .text("DHL"), "delivery_date": .text("2030-05-09"),
  ])

  private func fillers(_ call: ShopCall) -> [Utterance] { call.utterances.filter { $0.purpose == .acknowledgement } }

  @Test func `a quick tool needs no filler`() throws {
    var call = try asking((shipped, 600))
    call.settle()
    #expect(fillers(call).isEmpty && call.said.contains("on its way"))
  }

  @Test func `a slow tool is bridged once, then comes the answer`() throws {
    var call = try asking((shipped, 3_000))
    call.settle()
    #expect(fillers(call).count == 1)
    #expect(call.said.contains("on its way"))
    #expect(!call.timers.keys.contains { if case .meanwhile = $0 { true } else { false } })
  }

  @Test func `a tool that never answers is given up, honestly, and its late outcome is noted`() throws {
    var call = try asking(nil)
    call.wait(20_000)
    #expect(fillers(call).count >= 2, "no silence is unexplained")
    #expect(call.said.contains("I cannot reach our order system"))
    let effect = try #require(call.invocations.last?.effect)
    let before = call.utterances.count
    call.give(.finished(.tool(effect), .tool(shipped)))
    #expect(call.notes.last?.kind == .failure && call.notes.last?.subject == "effect \(effect)")
    #expect(call.utterances.count == before)
  }

  @Test func `a filler does not talk into the caller's words`() throws {
    var call = try asking((shipped, 2_500))
    call.give(.speechStarted(at: call.now))
    call.wait(1_500)
    #expect(fillers(call).isEmpty)
  }

  @Test func `a change nobody knows the outcome of goes to a person, and is not said to be done`() throws {
    var call = try Shop.greeted()
    call.tools = { $0.changesState ? (.unknown, 400) : (ShopTable.answer($0), 50) }
    _ = call.hears { $0.press("2") }
    _ = call.hears { $0.press(ShopTable.processing) }
    let address = Command.setSlot("new_address", .sensitive(call.sensitive("5 New Street", .address)))
    _ = call.hears { $0.say("five new street", meaning: [address]) }
    let told = call.hears { $0.say("yes", .content, .complete, meaning: [.answer(true)]) }
    #expect(told.contains("could not find out") && told.contains("put you through") && !told.contains("Done"))
    #expect(call.invocations.count(where: \.changesState) == 1)
  }

  @Test func `understanding that is late is admitted, and its answer changes nothing any more`() throws {
    var call = try Shop.greeted()
    call.understandingTakes = nil
    let told = call.hears {
      $0.say("where is my parcel", meaning: [.startFlow("order_status")])
      $0.wait(3_000)
    }
    #expect(told.contains("I cannot understand you at the moment"))
    let turn = try #require(call.notes.last(where: { $0.kind == .turnEnded })?.turn)
    let before = call.utterances.count
    let late = ProposedCommand(.startFlow("order_status"), confidence: .certain, proposer: "late")
    call.give(.finished(.understanding(turn), .understood([late])))
    #expect(call.utterances.count == before && call.notes.last?.kind == .commandRejected)
  }

  @Test func `words that never came are admitted`() throws {
    var call = try Shop.greeted()
    let began = call.now
    call.wait(100)
    let told = call.hears {
      $0.give(.speechStarted(at: began))
      $0.wait(600)
      $0.give(.speechEnded(at: $0.now))
      $0.give(.engine(.recognizer, isWorking: false))
      $0.wait(3_500)
    }
    #expect(told.contains("I cannot understand you at the moment"))
    #expect(call.notes.contains { $0.subject == "recognizer" && $0.kind == .failure })
  }

  @Test func `a legal sentence that cannot be spoken ends the call`() throws {
    var call = try Shop.call()
    call.synthesisTakes = nil
    call.connect()
    call.settle()
    #expect(call.hangUp == .failure && call.isOver && call.utterances.count == 1)
    #expect(call.notes.contains { $0.kind == .failure && $0.subject == "speech" })
  }

  @Test func `a line that reports nothing of a sentence is not waited for`() throws {
    var call = try Shop.call()
    call.synthesisTakes = 3_600_000
    call.connect()
    call.wait(9_000)
    #expect(call.hangUp == .failure && call.isOver)
  }

  @Test func `a line that begins a sentence and never ends it is not waited for`() throws {
    var call = try Shop.greeted()
    call.synthesisTakes = 3_600_000
    call.say("where is my parcel", meaning: [.startFlow("order_status")])
    call.wait(1_000)
    let id = try #require(call.utterances.last?.id)
    call.give(.playback(Playback(utterance: id, state: .started)))
    call.wait(130_000)
    #expect(call.effects.contains(.stop(id)))
    #expect(call.notes.contains { $0.kind == .failure && $0.subject == "utterance \(id)" })
  }
}

@Suite struct `A transfer` {
  private func asked(_ outcome: (outcome: TransferOutcome, after: Int)?) throws -> ShopCall {
    var call = try Shop.greeted()
    call.transfers = { _ in outcome }
    call.say("a person please", .content, .complete, meaning: [.humanHandoff])
    return call
  }

  @Test func `is made when the announcement is out, and ends our part when it is accepted`() throws {
    var call = try asked((.accepted, 3_000))
    call.wait(700)
    #expect(
      call.line.sounding != nil && !call.effects.contains { if case .work(.transfer) = $0 { true } else { false } })
    call.settle()
    #expect(call.effects.contains { if case .work(.transfer) = $0 { true } else { false } })
    #expect(call.hangUp == .transferred && call.isOver)
  }

  @Test(arguments: [
    (TransferOutcome.busy, "on another call"), (.declined, "cannot take your call"), (.noAnswer, "nobody picked up"),
    (.unreachable, "could not reach"),
  ])
  func `that fails is told and a call back is offered`(outcome: TransferOutcome, says: String) throws {
    var call = try asked((outcome, 2_000))
    call.wait(500)
    call.settle()
    #expect(call.said.contains(says) && call.said.hasSuffix("Shall we call you back?"))
    #expect(call.hangUp == nil)
  }

  @Test func `without an answer has an end`() throws {
    var call = try asked(nil)
    call.wait(33_000)
    #expect(call.said.contains("nobody picked up"))
  }

  @Test func `accepted after we gave it up still ends our part`() throws {
    var call = try asked(nil)
    call.wait(33_000)
    var effect = EffectID(0)
    for case .work(.transfer(let request)) in call.effects { effect = request.effect }
    call.give(.finished(.transfer(effect), .transfer(.accepted)))
    call.settle()
    #expect(call.hangUp == .transferred && call.isOver)
  }

  @Test func `is not undone by talking over its announcement`() throws {
    var call = try asked((.accepted, 3_000))
    call.wait(500)
    call.say("great thank you", .content, .complete, meaning: [.chitchat])
    call.settle()
    #expect(call.hangUp == .transferred)
  }
}

@Suite struct `A caller who hangs up` {
  @Test func `at any point leaves nothing to do but a note`() throws {
    var points = 0
    for instant in stride(from: 0, to: 30_000, by: 170) {
      var call = try Shop.call()
      call.tools = { (ShopTable.answer($0), 1_400) }
      call.transfers = { _ in (.declined, 4_000) }
      let end = CallInstant.milliseconds(instant)
      func passes(_ body: (inout ShopCall) -> Void) {
        if call.now < end { body(&call) }
      }
      passes { $0.connect() }
      passes { $0.pass(to: min(end, .milliseconds(3_500))) }
      passes { $0.say("where is my parcel", meaning: [.startFlow("order_status")]) }
      passes { $0.pass(to: min(end, .milliseconds(8_000))) }
      passes { $0.press(ShopTable.shipped) }
      passes { $0.pass(to: min(end, .milliseconds(13_000))) }
      passes { $0.say("a person", meaning: [.humanHandoff]) }
      passes { $0.pass(to: end) }
      let before = call.effects.count
      call.give(.hungUp(by: .caller))
      let last = call.effects.dropFirst(before)
      #expect(last.allSatisfy { $0.isCleaningUp }, "at \(call.now)")
      #expect(call.machine.isOver)
      let silent = call.effects.count
      for event: CallEvent in [
        .connected, .timerFired(.longestCall), .timerFired(.hangUp), .speechStarted(at: call.now),
        .finished(.tool(EffectID(1)), .tool(.unknown)), .finished(.transfer(EffectID(1)), .transfer(.accepted)),
        .digit(call.sensitive("1", .speech)), .finished(.understanding(TurnNumber(1)), .understood([])),
        .hungUp(by: .line),
      ] {
        #expect(call.give(event).isEmpty)
      }
      #expect(call.effects.count == silent)
      points += 1
    }
    #expect(points > 150)
  }
}

extension CallEffect {
  /// Whether it is fit for a line that is gone.
  var isCleaningUp: Bool {
    switch self {
    case .cancelTimer, .note, .fact, .stop: true
    default: false
    }
  }
}
