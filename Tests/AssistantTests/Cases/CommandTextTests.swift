import Assistant
import Core
import Testing

@Suite struct `Commands as texts write them` {
  @Test(arguments: [
    ("StartFlow(pay)", [Command.startFlow("pay")]),
    ("start flow pay", [.startFlow("pay")]),
    ("SetSlot(amount, 20)", [.setSlot("amount", .text("20"))]),
    ("SetSlot(street, \"5 New Street, Bristol\")", [.setSlot("street", .text("5 New Street, Bristol"))]),
    ("SetSlot(street, 5 New Street, Bristol)", [.setSlot("street", .text("5 New Street, Bristol"))]),
    ("SetSlot(name, O'Brien), StartFlow(pay)", [.setSlot("name", .text("O'Brien")), .startFlow("pay")]),
    ("set slot street \"5 New Street, Bristol\"", [.setSlot("street", .text("5 New Street, Bristol"))]),
    ("set slot amount 20 dollars", [.setSlot("amount", .text("20 dollars"))]),
    ("SetSlot(sure, True)", [.setSlot("sure", .bool(true))]),
    ("SetSlot(amount, None)", [.setSlot("amount", nil)]),
    ("SetSlot(amount, 'null')", [.setSlot("amount", nil)]),
    ("CancelFlow()", [.cancelFlow]), ("cancel flow", [.cancelFlow]),
    ("Clarify(a, b)", [.clarify(["a", "b"])]), ("disambiguate flows a b", [.clarify(["a", "b"])]),
    ("SkipQuestion()", [.skipQuestion]), ("skip question", [.skipQuestion]),
    ("SearchAndReply()", [.search]), ("provide info", [.search]), ("search and reply", [.search]),
    ("Aside(about)", [.aside(.about)]), ("aside doubt", [.aside(.doubt)]), ("ChitChat()", [.chitchat]),
    ("offtopic reply", [.chitchat]),
    ("HumanHandoff()", [.humanHandoff]), ("hand over", [.humanHandoff]),
    ("RepeatLastBotMessages()", [.repeatLast]), ("repeat message", [.repeatLast]),
    ("Hold()", [.hold]), ("Restart()", [.restart]), ("Goodbye()", [.goodbye]),
    ("Answer(yes)", [.answer(true)]), ("answer no", [.answer(false)]),
    ("CannotHandle()", [.cannotHandle(.notUnderstood)]), ("CannotHandle(out_of_scope)", [.cannotHandle(.outOfScope)]),
    ("StartFlow(a)\nSetSlot(b, 1); CancelFlow()", [.startFlow("a"), .setSlot("b", .text("1")), .cancelFlow]),
    ("start flow a, set slot b 1", [.startFlow("a"), .setSlot("b", .text("1"))]),
    ("", []), ("  \n ", []),
  ]) func `mean what they say`(_ text: String, _ commands: [Command]) throws {
    #expect(try CommandText.commands(text) == commands)
  }

  @Test(arguments: [
    "StartFlow()", "StartFlow(a, b)", "StartFlow(a b)", "SetSlot(amount)", "SetSlot(two words, 1)", "CancelFlow(now)",
    "StartFlow(pay", "Pay(20)", "please pay", "Answer(perhaps)", "CannotHandle(no_idea)",
  ]) func `that are none are refused`(_ text: String) {
    #expect(throws: CommandText.Problem.self) { try CommandText.commands(text) }
  }
}
