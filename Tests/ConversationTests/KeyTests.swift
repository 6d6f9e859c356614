import Core
import Dialogue
import ShopSupport
import TestSupport
import Testing

@testable import Conversation

/// Every flow is a menu of keys, with no model at all: the fallback when engines fail.
@Suite struct `A call that nobody understands` {
  static let examples = ["shop", "bank", "clinic"]

  @Test(arguments: examples) func `is told honestly, and hears every journey with its key`(example: String) throws {
    let assistant = try KeyCaller.assistant(example)
    var caller = KeyCaller(assistant)
    let said = caller.speakInVain()
    #expect(said.contains("I cannot understand you at the moment") && said.contains("stay on the line for a person"))
    let wanted = assistant.definition.journeys.filter { $0.guardCondition != .literal(false) }
    #expect(Set(caller.menu.map(\.name)) == Set(wanted.map(\.name)))
    #expect(Set(caller.menu.map(\.key)).count == wanted.count)
    #expect(said.hasSuffix("For a person, press 0."), "the person comes last")
  }

  @Test func `learns the keys as well when understanding fails, and not the recogniser`() throws {
    var caller = KeyCaller(try KeyCaller.assistant("shop"))
    var call = caller.call
    let before = call.utterances.count
    call.say("where is my order", .content, .complete)
    call.wait(4_000)
    call.settle()
    #expect(call.utterances[before...].map(\.clearText).joined().contains("For your order, press 1."))
    #expect(caller.press("1").contains("order number"))
  }

  @Test(arguments: examples) func `can walk every journey by keys to a good end or a person`(example: String) throws {
    let assistant = try KeyCaller.assistant(example)
    var first = KeyCaller(assistant)
    _ = first.speakInVain()
    var asked: Set<SlotName> = []
    for (name, key) in first.menu {
      for choice in 0..<4 {
        var caller = KeyCaller(assistant)
        _ = caller.speakInVain()
        var said = caller.press(key)
        var steps = 0
        var times: [SlotName: Int] = [:]
        while !caller.isHandedOver, !caller.call.isOver, caller.isUnderWay || caller.awaiting != nil, steps < 40 {
          steps += 1
          if let slot = caller.awaiting {
            asked.insert(slot)
            times[slot, default: -1] += 1
          }
          // The same question asked again is answered another way, so that a no does not go round for ever.
          guard let keys = caller.answer(choice: choice + (caller.awaiting.flatMap { times[$0] } ?? 0)) else {
            #expect(said.contains("press zero") || said.contains("press 0"), "\(name): \(said)")
            said = caller.press("0")
            continue
          }
          said = caller.press(keys)
          let failed = ["did not get that", "nothing on that key", "cannot understand you"].first { said.contains($0) }
          #expect(failed == nil, "\(name), \(caller.pressed): \(said)")
        }
        #expect(steps < 40, "\(name) goes round: \(caller.pressed)")
        let isGood = caller.isHandedOver || caller.call.notes.contains { $0.kind == .flowCompleted && !isPattern($0) }
        #expect(isGood, "\(name): \(caller.pressed): \(said)")
        #expect(!caller.call.effects.contains { if case .work(.understand) = $0 { true } else { false } })
      }
    }
    print("\(example): \(first.menu.count) journeys by key, asked on the way: \(asked.count) slots")
  }

  private func isPattern(_ decision: Decision) -> Bool { decision.subject.hasPrefix("pattern_") }

  @Test(arguments: examples) func `has keys for every question, or is offered a person`(example: String) throws {
    let definition = try KeyCaller.assistant(example).definition
    for flow in definition.flows.values {
      for case .collect(let collect) in flow.steps.map(\.kind) {
        switch definition.slots[collect.slot]?.effectiveGrammar {
        case .freeText, .address, .name, .email: #expect(collect.digits == nil)
        default: #expect(collect.digits != nil && collect.voice.acceptsKeys, "\(flow.id): \(collect.slot)")
        }
      }
    }
  }

  @Test func `hears with each question how it is keyed`() throws {
    var caller = KeyCaller(try KeyCaller.assistant("bank"))
    _ = caller.speakInVain()
    #expect(caller.press("1").hasSuffix("Please type it with the keys of your telephone."))
    #expect(caller.press("12345678").hasSuffix("Please type it with the keys of your telephone."))
    #expect(caller.press("123456").hasSuffix("For checking, press 1. For savings, press 2."))
    let told = caller.press("1")
    #expect(told.contains("in your checking account") && told.contains("For your balance, press 1."), "\(told)")
  }

  @Test func `types a day, and hears it before anything is done`() throws {
    var caller = KeyCaller(try KeyCaller.assistant("shop"))
    caller.call.tools = { (ShopTable.answer($0), 50) }
    _ = caller.speakInVain()
    caller.press("3")
    #expect(caller.press(ShopTable.processing).contains("two digits for the month and two for the day"))
    let back = caller.press("0512#")
    #expect(back.contains("2030-05-12") && back.hasSuffix("For yes, press 1. For no, press 2."), "\(back)")
    #expect(caller.call.invocations.allSatisfy { !$0.changesState })
    caller.press("1")
    #expect(caller.call.invocations.last?.arguments["date"]?.revealedText == "2030-05-12")
  }

  @Test func `types no day that there is not`() throws {
    var caller = KeyCaller(try KeyCaller.assistant("shop"))
    caller.call.tools = { (ShopTable.answer($0), 50) }
    _ = caller.speakInVain()
    caller.press("3")
    caller.press(ShopTable.processing)
    for keys in ["1345#", "0230#", "051#", "0512203"] {
      var other = caller
      #expect(other.press(keys).contains("did not get that"), "\(keys)")
      #expect(other.awaiting == "new_date")
    }
  }

  @Test func `is asked for a person where words alone would do`() throws {
    var caller = KeyCaller(try KeyCaller.assistant("shop"))
    caller.call.tools = { (ShopTable.answer($0), 50) }
    _ = caller.speakInVain()
    caller.press("2")
    let asked = caller.press(ShopTable.processing)
    #expect(asked.hasSuffix("That cannot be typed. For a person, press zero."), "\(asked)")
    caller.press("0")
    #expect(caller.isHandedOver)
  }

  @Test(arguments: ["1", "3", ""]) func `reaches a person with zero, at a question or none`(first: String) throws {
    var caller = KeyCaller(try KeyCaller.assistant("shop"))
    _ = caller.speakInVain()
    if !first.isEmpty { caller.press(first) }
    caller.press("0")
    #expect(caller.isHandedOver)
  }

  @Test func `hears the last words again with star, where digits are asked for too`() throws {
    var caller = KeyCaller(try KeyCaller.assistant("shop"))
    _ = caller.speakInVain()
    caller.press("1")
    #expect(caller.press("*").contains("order number"))
  }

  @Test func `stays on the line for a person, as it was told`() throws {
    var caller = KeyCaller(try KeyCaller.assistant("shop"))
    _ = caller.speakInVain()
    #expect(caller.keepSilent(7_000).contains("For your order, press 1."))
    let handed = caller.keepSilent(30_000)
    #expect(caller.isHandedOver && !handed.contains("end the call"))
  }

  @Test func `is itself again when words are understood`() throws {
    var caller = KeyCaller(try KeyCaller.assistant("shop"))
    _ = caller.speakInVain()
    var call = caller.call
    call.understandingTakes = 30
    let asked = call.hears { $0.say("where is my order", meaning: [.startFlow("order_status")]) }
    #expect(asked == "What is your order number? It has eight digits.")
  }
}

@Suite struct `Keys beside words` {
  @Test func `that start nothing bring the menu`() throws {
    var caller = KeyCaller(try KeyCaller.assistant("shop"))
    let said = caller.press("8")
    #expect(said.hasPrefix("There is nothing on that key. For ") && said.hasSuffix("For a person, press 0."), "\(said)")
    #expect(caller.press("1").hasSuffix("It has eight digits."), "words are still understood: no more of keys")
  }

  @Test func `at a question with keys of its own start no other journey`() throws {
    var caller = KeyCaller(try KeyCaller.assistant("bank"))
    for keys in ["1", "12345678", "123456"] { caller.press(keys) }
    #expect(caller.awaiting == "balance_account")
    #expect(caller.press("3").contains("did not get that") && caller.awaiting == "balance_account")
  }

  @Test func `give the same call when only their facts are left`() throws {
    var caller = KeyCaller(try KeyCaller.assistant("shop"))
    caller.call.tools = { (ShopTable.answer($0), 50) }
    _ = caller.speakInVain()
    for keys in ["3", ShopTable.processing, "0512#", "1"] { caller.press(keys) }
    var again = Conversation(assistant: try KeyCaller.assistant("shop"), start: .example())
    let lines = caller.call.lines
    var index = 0
    while index < lines.count {
      guard case .event(let event) = lines[index].record else { break }
      var effects: [CallEffect] = []
      var next = index + 1
      while next < lines.count, case .effect(let effect) = lines[next].record {
        effects.append(effect)
        next += 1
      }
      again.recall(effects.compactMap { if case .fact(let fact) = $0 { fact } else { nil } })
      #expect(again.handle(event.erased, at: lines[index].instant) == effects)
      index = next
    }
  }
}

extension CallEvent {
  /// The event as a journal gives it back after its key was pressed by somebody who was forgotten.
  fileprivate var erased: CallEvent {
    if case .digit(let key) = self { .digit(key.revealing(nil)) } else { self }
  }
}

@Suite struct `A question that takes keys only` {
  @Test func `takes nothing else from what is said there, and hears wishes all the same`() throws {
    for (command, isWish) in [(Command.setSlot("account_number", .text("482913")), false), (.humanHandoff, true)] {
      var caller = KeyCaller(try KeyCaller.assistant("bank"))
      caller.call.understandingTakes = 30
      caller.call.say("what is my balance", .content, .complete, meaning: [.startFlow("balance")])
      caller.call.wait(6_000)
      caller.call.settle()
      caller.press("12345678")
      try #require(caller.awaiting == "passcode")
      let before = caller.call.machine.understandingContext.filled["account_number"]
      caller.call.say("four eight two nine one three", .content, .complete, meaning: [command])
      caller.call.wait(6_000)
      caller.call.settle()
      #expect(isWish || caller.call.machine.understandingContext.filled["account_number"] == before)
      #expect(caller.isHandedOver == isWish)
    }
  }
}
