import Core
import Testing

@testable import Understanding

@Suite struct `Fixed phrases` {
  @Test(arguments: [
    ("cancel", CommandPhrases.Kind.cancel), ("Cancel that, please.", .cancelThat),
    ("Okay, never mind, forget it.", .cancel), ("never mind, cancel that", .cancelThat), ("undo that please", .undo),
    ("I want to cancel", .cancel),
    ("say that again", .repeatLast), ("Sorry, what was that?", .repeatLast),
    ("Could you repeat that please?", .repeatLast), ("What?", .repeatLast),
    ("agent", .human), ("I want to talk to a person", .human), ("Can I speak with a real human being, please?", .human),
    ("get me your supervisor", .human),
    ("I'd like to speak to someone", .human), ("operator please", .human),
    ("could you please connect me to customer service", .human), ("human agent", .human),
    ("hold on", .hold), ("Wait a second, please.", .hold), ("just a moment", .hold), ("goodbye", .goodbye),
    ("okay, bye", .goodbye), ("no, that is all, goodbye", .goodbye), ("no, that's all, thank you, bye", .goodbye),
    ("start over", .restart), ("skip it", .skip),
  ])
  func `fire on the whole utterance`(_ text: String, _ kind: CommandPhrases.Kind) {
    #expect(CommandPhrases.english.match(text) == kind)
  }

  @Test(arguments: [
    "the agent who called me was rude", "5 Person Road, Agentville", "cancel my order from last week",
    "stop sending me letters", "I can't wait for it",
    "what is your address", "the package was left with a person I don't know", "again the wrong size arrived",
    "skip hire", "hold it for me at the store until Friday", "yes", "no", "", "human hair wig",
  ])
  func `stay silent inside other words`(_ text: String) {
    #expect(CommandPhrases.english.match(text) == nil)
  }
}

@Suite struct `State decides what words mean` {
  func commands(_ state: CallState, _ text: String) async throws -> [ProposedCommand] {
    let understander = try await Shared.ngrams.value
    return try await understander.understand(state.request(text), deadline: .unhurried)
  }

  @Test func `a yes fills the slot that asks for one and is a bare answer elsewhere`() async throws {
    #expect(try await commands(.confirmAddress, "yes").map(\.command) == [.setSlot("address_confirmed", .bool(true))])
    #expect(try await commands(.idle, "yes").map(\.command) == [.answer(true)])
  }

  @Test(
    arguments: [
      ("one oh four seven", nil, Command.holdPart("order_number", .text("1047"), count: 4)),
      ("1 0 4 7 3 8 2 9 1", nil, .holdPart("order_number", .text("104738291"), count: 9)),
      ("three eight two nine", "1047", .setSlot("order_number", .text("10473829"))),
      ("sorry, it's one oh four seven three eight two nine", "1047", .setSlot("order_number", .text("10473829"))),
      ("the last two are four eight", "1047", .holdPart("order_number", .text("1048"), count: 4)),
      ("start again", "1047", .holdPart("order_number", .text(""), count: 0)),
      ("start again", nil, .restart), ("goodbye", "1047", .goodbye), ("agent", "1047", .humanHandoff),
      ("one moment please", "1047", .hold),
    ] as [(String, String?, Command)])
  func `a number that is said in parts is held until it is whole`(_ text: String, _ part: String?, _ command: Command)
    async throws
  {
    let understander = try await Shared.ngrams.value
    let request = CallState.statusNumber.request(text, part: part)
    #expect(try await understander.understand(request, deadline: .unhurried).map(\.command) == [command])
  }

  @Test(arguments: [
    "that's all wrong", "that's wrong", "this is not right", "no idea", "no I mean yes", "nope, actually yes",
    "I don't want to hang up", "are you going to hang up", "no, not goodbye yet", "don't connect me to anybody",
    "I would rather not talk to a person", "who was I talking to",
  ])
  func `nothing less than a wish ends the call or hands it over where all was done`(_ text: String) async throws {
    for command in try await commands(.anythingElse, text) where command.confidence >= Confidence(permille: 700) {
      switch command.command {
      case .goodbye, .humanHandoff, .answer(false), .setSlot(_, .bool(false)):
        Issue.record("\(command.command) at \(command.confidence) by \(command.proposer)")
      default: break
      }
    }
  }

  @Test(arguments: [
    ("no", false), ("no thanks", false), ("no, that's all", false), ("that's all, thank you", false), ("nope", false),
    ("no thank you, goodbye", true), ("bye", true),
  ])
  func `a plain no or goodbye is one`(_ text: String, _ isGoodbye: Bool) async throws {
    let found = try await commands(.anythingElse, text)
    let wanted: [Command] =
      isGoodbye ? [.goodbye] : [.answer(false), .setSlot("continue_conversation", .bool(false)), .goodbye]
    #expect(found.contains { wanted.contains($0.command) && $0.confidence >= Confidence(permille: 700) }, "\(found)")
  }

  @Test(arguments: ["um", "uh", "Uh...", "um, uh", "er"]) func `a hesitation is no small talk and no answer`(
    _ text: String
  ) async throws {
    for state in [CallState.idle, .anythingElse, .confirmAddress, .address] {
      #expect(try await commands(state, text).map(\.command) == [.cannotHandle(.notUnderstood)], "\(state)")
    }
  }

  @Test(arguments: ["it doesn't work", "that is the wrong order", "no I meant another order", "not what I meant"])
  func `a no inside a wish never ends a call`(_ text: String) async throws {
    for state in [CallState.idle, .anythingElse] {
      let seen = try await commands(state, text).map(\.command)
      #expect(!seen.contains(.answer(false)))
      if text.contains("meant another") { #expect(!seen.contains(.setSlot("continue_conversation", .bool(false)))) }
    }
  }

  @Test(arguments: ["great, thank you", "Okay, thanks a lot.", "Oh perfect, thank you very much."])
  func `thanks beside a weak yes are thanks, not a yes to more`(_ text: String) async throws {
    for state in [CallState.idle, .anythingElse] {
      #expect(try await commands(state, text).map(\.command) == [.chitchat])
    }
    #expect(try await commands(.confirmAddress, text).map(\.command) == [.setSlot("address_confirmed", .bool(true))])
    #expect(
      try await commands(.anythingElse, "yes, thank you").map(\.command)
        == [.setSlot("continue_conversation", .bool(true))])
  }

  @Test func `cancel needs something to cancel`() async throws {
    #expect(try await commands(.address, "cancel").map(\.command) == [.cancelFlow])
    #expect(try await !commands(.idle, "cancel").map(\.command).contains(.cancelFlow))
  }

  @Test(arguments: [
    "take that back", "can you undo that please", "undo it", "cancel it", "cancel that", "I changed my mind",
    "oh no, reverse it",
  ])
  func `what was done is taken back, and nobody says goodbye`(_ text: String) async throws {
    for state in [CallState.idle, .anythingElse] {
      #expect(try await commands(state, text).map(\.command) == [.cancelFlow])
    }
  }

  @Test func `words about what was done are none where something is under way`() async throws {
    for text in ["undo that", "take that back"] {
      #expect(try await commands(.confirmAddress, text).map(\.command) == [.cannotHandle(.notUnderstood)])
    }
    #expect(try await commands(.anythingElse, "do it again").map(\.command) == [.repeatLast])
  }

  @Test func `skip needs a question`() async throws {
    #expect(try await commands(.email, "skip it").map(\.command) == [.skipQuestion])
    #expect(try await !commands(.idle, "skip it").map(\.command).contains(.skipQuestion))
  }

  @Test func `slots that actions fill are never filled by words`() async throws {
    for state in [CallState.idle, .statusNumber, .moveNumber] {
      for proposed in try await commands(state, "12345678 Friday order state") {
        if case .setSlot(let slot, _) = proposed.command { #expect(slot != "order_state") }
      }
    }
  }

  @Test func `commands name their proposer and a runner-up`() async throws {
    let set = try await commands(.statusNumber, "12345678")
    #expect(set.first?.proposer == "grammar:digits")
    #expect(set.first?.confidence ?? .none >= Confidence(permille: 900))
    let start = try await commands(.idle, "where is my order")
    #expect(start.first?.command == .startFlow("order_status"))
    #expect(start.first?.proposer == "ngram:order_status")
    #expect(start.first?.runnerUp != nil)
    #expect(try await commands(.idle, "agent").first?.proposer == "rule:human")
  }

  @Test func `a flow that cannot be started is not started`() async throws {
    let understander = try await Shared.ngrams.value
    let request = CallState.idle.request("where is my order", startable: ["change_address"])
    let seen = try await understander.understand(request, deadline: .unhurried).map(\.command)
    #expect(!seen.contains { if case .startFlow = $0 { true } else { false } })
  }

  @Test func `erased words and noise give nothing`() async throws {
    let understander = try await Shared.ngrams.value
    let token = SensitiveToken(label: .speech, id: "1")
    for (value, kind) in [(nil, Heard.Kind.content), ("you", .empty), ("...", .content)] {
      let request = UnderstandingRequest(
        turn: TurnNumber(1),
        heard: [
          Heard(
            text: Sensitive(token: token, value: value), confidence: .certain, wordCount: 1, kind: kind, ending: .open)
        ],
        awaiting: nil, activeFlow: nil, fillable: [], filled: [:], startable: ["order_status"],
        today: CivilDate(daysSinceEpoch: 20_523), minuteOfDay: 0)
      #expect(try await understander.understand(request, deadline: .unhurried).isEmpty)
    }
  }

  @Test func `segments of a turn are read together`() async throws {
    let number = try await commands(["one two three four", "five six seven eight"], "order_number", in: "order_status")
    #expect(number == [.setSlot("order_number", .text("12345678"))])
    #expect(try await commands(["Great.", "Thank you."], "continue_conversation", in: nil) == [.chitchat])
    // A question of the hand-over: no journey is under way, and a yes is one all the same; one with more behind it is none.
    for (segments, isYes) in [(["Great.", "Thank you."], true), (["Yes.", "Please follow me back."], false)] {
      let seen = try await commands(segments, "address_confirmed", in: nil)
      #expect(seen.contains(.setSlot("address_confirmed", .bool(true))) == isYes)
    }
  }

  private func commands(_ segments: [String], _ awaiting: SlotName, in flow: FlowID?) async throws -> [Command] {
    let heard = segments.map {
      Heard(
        text: Sensitive(token: SensitiveToken(label: .speech, id: $0), value: $0), confidence: .certain,
        wordCount: $0.split(separator: " ").count, kind: .content, ending: .open)
    }
    let request = UnderstandingRequest(
      turn: TurnNumber(1), heard: heard, awaiting: awaiting, activeFlow: flow, fillable: [awaiting], filled: [:],
      startable: [], today: CivilDate(daysSinceEpoch: 20_523), minuteOfDay: 0)
    return try await Shared.ngrams.value.understand(request, deadline: .unhurried).map(\.command)
  }
}
