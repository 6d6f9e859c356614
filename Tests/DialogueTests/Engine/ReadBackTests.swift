import Core
import Testing

@testable import Dialogue

/// A yes is given to what was said: a read-back that lacks a value gets none, and nothing goes on for ever at it.
@Suite struct `A read-back of a change` {
  private static let money = SlotGrammar.money(currency: "USD")

  private static func talk(
    _ readBack: String = "I will send {amount} to {payee}. Is that right?", label: DataLabel? = nil,
    destinations: [DestinationName] = [], payee: SlotValue? = .text("Ada")
  ) -> Talk {
    let pay = flow(
      "pay", ask("amount"), ask("ok", first: true, .when("slots.ok", "send"), .end), run("send", id: "send"))
    let definition = assistant(
      [pay],
      slots: [
        slot("amount", .float(minimum: nil, maximum: nil), grammar: money, label: label),
        slot("payee", initial: payee, by: .controlled), slot("ok", .bool), slot("how", by: .controlled),
      ],
      responses: [
        response(
          "utter_ask_ok",
          variants: [
            ResponseVariant(text: text(readBack)), ResponseVariant(text: text("Please say yes or no."), attempt: 2),
          ])
      ],
      tools: [tool("send", changes: true, from: ["amount"], outcome: "how", confirmedBy: "ok", type: .number)],
      destinations: destinations)
    var talk = Talk(definition)
    talk.outcomes = ["send": [.completed([:])]]
    talk.begin()
    talk.says(.startFlow("pay"))
    return talk
  }

  @Test(arguments: [1e12, 1e20, -1e13, .infinity]) func `is not put about an amount that nobody can say`(
    _ amount: Double
  ) {
    for value in [SlotValue.number(amount), secret(SlotValue.number(amount).revealedText ?? "", "a\(amount)")] {
      var talk = Self.talk(label: value == .number(amount) ? nil : .personal)
      talk.says(.setSlot("amount", value))
      #expect(talk.said.last == "utter_ask_amount", "\(talk.said)")
      talk.says(.setSlot("ok", .bool(true)))
      #expect(talk.invoked.isEmpty)
      talk.says(.setSlot("amount", .number(50)))
      talk.says(.setSlot("ok", .bool(true)))
      #expect(talk.invoked == ["send"])
    }
  }

  @Test func `is not corrected to what nobody can say`() {
    var talk = Self.talk()
    talk.says(.setSlot("amount", .number(50)))
    talk.says(.setSlot("amount", .number(1e20)))
    #expect(talk.engine.slots["amount"]?.value == .number(50))
    #expect(talk.said.last == "utter_ask_ok")
  }

  @Test(
    arguments: [
      (nil, "I will send {amount} to {payee}."), (.text(""), "I will send {amount} to {payee}."),
      (.text("  "), "I will send {amount} to {payee}."), (nil, "I will send {amount} to {{ slots.payee }}."),
      (.sensitive(Sensitive(token: SensitiveToken(label: .name, id: "gone"), value: nil)), "{amount} to {payee}?"),
      (.sensitive(Sensitive(token: SensitiveToken(label: .name, id: "blank"), value: " ")), "{amount} to {payee}?"),
    ] as [(SlotValue?, String)]) func `gets no yes while it lacks a value, however it is put again`(
      _ payee: SlotValue?, _ readBack: String
    )
  {
    var talk = Self.talk(readBack, payee: payee)
    talk.says(.setSlot("amount", .number(50)))
    #expect(talk.said.last == "utter_ask_ok")
    for command in [Command.setSlot("ok", .bool(true)), .answer(true)] {
      talk.says(command)
      #expect(talk.invoked.isEmpty && talk.said.last == "utter_ask_ok")
    }
    talk.says(.setSlot("ok", .bool(false)))
    #expect(talk.invoked.isEmpty && talk.said.last == "utter_can_do_something_else")
  }

  @Test func `gets one where all of it was said, behind a token too`() {
    var talk = Self.talk(label: .personal, payee: secret("Ada", "p1"))
    talk.says(.setSlot("amount", secret("50", "a1")))
    talk.says(.setSlot("ok", .bool(true)))
    #expect(talk.invoked == ["send"])
  }

  @Test func `may leave a place without words where its author says what stands there`() {
    var talk = Self.talk(
      "{amount}{% if slots.payee %} to {payee}{% endif %}, {{ slots.payee | default('') }} right?", payee: nil)
    talk.says(.setSlot("amount", .number(50)))
    talk.says(.setSlot("ok", .bool(true)))
    #expect(talk.invoked == ["send"])
  }

  @Test func `that gets no answer offers a person once, then gives up the change, then the call`() {
    var talk = Self.talk(destinations: ["desk"])
    talk.transfer = .busy
    talk.says(.setSlot("amount", .number(50)))
    var tried = 0
    for turn in 1...12 where talk.waiting != .ended {
      talk.says(.cannotHandle(.notUnderstood))
      tried += talk.transfers.count
      #expect(talk.journeys.isEmpty == (turn >= 6), "turn \(turn): \(talk.said)")
      #expect(talk.waiting != .ended || turn == 9)
    }
    #expect(tried == 1 && (talk.waiting == .ended) && talk.invoked.isEmpty)
    #expect(talk.said.last == "utter_goodbye")
  }

  @Test func `offers a person again for another journey`() {
    var talk = Self.talk(destinations: ["desk"])
    talk.transfer = .busy
    talk.says(.setSlot("amount", .number(50)))
    for _ in 1...3 { talk.says(.cannotHandle(.notUnderstood)) }
    talk.says(.cancelFlow)
    talk.says(.startFlow("pay"))
    for _ in 1...3 { talk.says(.cannotHandle(.notUnderstood)) }
    #expect(talk.said.contains("utter_human_handoff") && talk.waiting != .ended)
  }
}
