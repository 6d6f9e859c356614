import Core
import Dialogue
import Testing

@testable import Assistant

/// A caller, the shop's flows and a back end that is a table.
private struct ShopTalk {
  var engine: DialogueEngine
  var facts = FactBook()
  var turn = 0
  var tokens = 0
  var transfer = TransferOutcome.accepted
  var orders: [String: (status: String, day: String)] = [
    "10473829": ("shipped", "2030-05-09"), "20581637": ("processing", "2030-05-13"),
    "42703859": ("delivered", "2030-05-03"),
  ]
  /// Refusals to come, by tool.
  var refusals: [ActionName: [ToolOutcome]] = [:]
  private(set) var ran: [String] = []
  private(set) var hungUp = false

  init() throws {
    let definition = try AssistantLoader.load(folder: repository + "/Examples/shop").definition
    engine = DialogueEngine(assistant: definition, channel: .voice, seed: 1)
  }

  static let order: SlotName = "order_number"

  mutating func begin() -> String { give(.begin) }

  /// What the agent says to these commands.
  mutating func say(_ commands: Command...) -> String {
    turn += 1
    return give(
      .commands(TurnNumber(turn), commands.map { ProposedCommand($0, confidence: .certain, proposer: "test") }))
  }

  /// A caller's value, as the shell protects it.
  mutating func sensitive(_ value: String, _ label: DataLabel) -> SlotValue {
    tokens += 1
    return .sensitive(Sensitive(token: SensitiveToken(label: label, id: "t\(tokens)"), value: value))
  }

  mutating func number(_ value: String) -> Command { .setSlot(Self.order, sensitive(value, .identifier)) }

  mutating func give(_ input: DialogueInput) -> String {
    var heard: [String] = []
    var next: DialogueInput? = input
    while let input = next {
      let moves = engine.handle(
        input, clock: DialogueClock(today: CivilDate(daysSinceEpoch: 22_040), minuteOfDay: 600), facts: &facts)
      for case .say(let sentences, _, _) in moves { heard += sentences.map { $0.pieces.map(Self.words).joined() } }
      if moves.contains(where: { if case .hangUp = $0 { true } else { false } }) { hungUp = true }
      next = answer(moves)
    }
    return heard.joined(separator: " ")
  }

  private static func words(_ piece: Sentence.Piece) -> String {
    switch piece {
    case .words(let words): words
    case .value(let value, _): value.revealed ?? ""
    }
  }

  private mutating func answer(_ moves: [Move]) -> DialogueInput? {
    for move in moves {
      switch move {
      case .invoke(let invocation): return .toolFinished(invocation.effect, run(invocation))
      case .transfer(let request): return .transferFinished(request.effect, transfer)
      case .wait(.heard): return .heard
      default: continue
      }
    }
    return nil
  }

  private mutating func run(_ invocation: ToolInvocation) -> ToolOutcome {
    let arguments = invocation.arguments.mapValues { $0.revealedText ?? "" }
    ran.append(([invocation.tool.rawValue] + arguments.sorted { $0.key < $1.key }.map(\.value)).joined(separator: " "))
    if let planned = refusals[invocation.tool]?.first {
      refusals[invocation.tool]?.removeFirst()
      return planned
    }
    if invocation.tool == "open_callback_case" { return .completed(["case_number": .text("7001")]) }
    guard let order = orders[arguments["order_number"] ?? ""] else { return .refused("order_not_found") }
    switch invocation.tool {
    case "open_case": return .completed(["case_number": .number(7001)])
    case "move_delivery": return .completed(["delivery_date": .text(arguments["date"] ?? "")])
    default:
      return .completed([
        "order_status": .text(order.status), "carrier": .text("DHL"), "delivery_date": .text(order.day),
      ])
    }
  }
}

/// The conversation as it is designed. 22,040 days after 1970 is 6 May 2030.
@Suite struct ShopTalkTests {
  @Test func `the caller hears the legal notice and an open question`() throws {
    var talk = try ShopTalk()
    #expect(talk.begin().hasSuffix("may be recorded for quality. How can I help you?"))
  }

  @Test func `an order's status is told, and no means goodbye`() throws {
    var talk = try ShopTalk()
    _ = talk.begin()
    #expect(talk.say(.startFlow("order_status")).contains("order number"))
    let told = talk.say(talk.number("10473829"))
    #expect(
      told.contains("on its way with DHL") && told.contains("May the ninth")
        && told.hasSuffix("Is there anything else I can do for you?"))
    #expect(talk.say(.answer(false)).contains("Goodbye"))
    #expect(talk.hungUp && talk.ran == ["fetch_order 10473829"])
  }

  @Test func `one sentence may ask and give the number`() throws {
    var talk = try ShopTalk()
    _ = talk.begin()
    let number = talk.number("42703859")
    #expect(talk.say(.startFlow("order_status"), number).contains("delivered"))
    #expect(talk.say(.answer(true)) == "How can I help you?")
    #expect(talk.say(.startFlow("order_status")).contains("order number"), "the number is forgotten with its journey")
  }

  @Test func `a number that is not found is asked for once more`() throws {
    var talk = try ShopTalk()
    _ = talk.begin()
    _ = talk.say(.startFlow("order_status"))
    let missed = talk.say(talk.number("11112222"))
    #expect(missed.contains("could not find") && missed.contains("order number"))
    #expect(talk.say(talk.number("10473829")).contains("on its way"))
    _ = talk.say(.startFlow("order_status"))
    _ = talk.say(talk.number("11112222"))
    let again = talk.say(talk.number("99990000"))
    #expect(again.contains("could not find that order either") && again.contains("anything else"))
  }

  @Test func `an address is changed once, after a no and a yes`() throws {
    var talk = try ShopTalk()
    _ = talk.begin()
    _ = talk.say(.startFlow("change_address"))
    #expect(talk.say(talk.number("20581637")).contains("new address"))
    let first = talk.sensitive("7 Park Road, Leeds", .address)
    #expect(talk.say(.setSlot("new_address", first)).contains("7 Park Road, Leeds. Is that right?"))
    #expect(talk.say(.answer(false)).contains("address"))
    let second = talk.sensitive("5 New Street, Bristol", .address)
    #expect(talk.say(.setSlot("new_address", second)).contains("5 New Street, Bristol. Is that right?"))
    #expect(talk.say(.answer(true)).contains("changed the address"))
    #expect(talk.ran == ["fetch_order 20581637", "change_address 5 New Street, Bristol 20581637"])
  }

  @Test func `a read-back names the order, also when another one takes its place`() throws {
    var talk = try ShopTalk()
    _ = talk.begin()
    _ = talk.say(.startFlow("change_address"))
    _ = talk.say(talk.number("20581637"))
    let address = talk.sensitive("7 Park Road, Leeds", .address)
    #expect(talk.say(.setSlot("new_address", address)).contains("For order 20581637 I have 7 Park Road, Leeds."))
    #expect(talk.say(talk.number("10473829")).contains("For order 10473829 I have 7 Park Road, Leeds. Is that right?"))
    #expect(talk.ran.filter { $0.hasPrefix("change_address") }.isEmpty)
    _ = talk.say(.answer(true))
    #expect(talk.ran.last == "change_address 7 Park Road, Leeds 10473829")
  }

  @Test func `a delivered order is not changed, and the caller hears why`() throws {
    var talk = try ShopTalk()
    _ = talk.begin()
    _ = talk.say(.startFlow("change_address"))
    #expect(talk.say(talk.number("42703859")).contains("already delivered"))
    #expect(talk.ran == ["fetch_order 42703859"])
  }

  @Test func `a change whose outcome nobody knows goes to a person and is not repeated`() throws {
    var talk = try ShopTalk()
    talk.refusals["change_address"] = [.unknown]
    _ = talk.begin()
    _ = talk.say(.startFlow("change_address"))
    _ = talk.say(talk.number("20581637"))
    let address = talk.sensitive("5 New Street, Bristol", .address)
    _ = talk.say(.setSlot("new_address", address))
    let told = talk.say(.answer(true))
    #expect(told.contains("could not find out") && told.contains("put you through"))
    #expect(talk.ran.filter { $0.hasPrefix("change_address") }.count == 1)
  }

  @Test func `a delivery moves to a day that is not past, the last one said`() throws {
    var talk = try ShopTalk()
    _ = talk.begin()
    _ = talk.say(.startFlow("move_delivery"))
    #expect(talk.say(talk.number("10473829")).contains("day"))
    #expect(talk.say(.setSlot("new_date", .text("2030-05-02"))).contains("in the past"))
    #expect(talk.say(.setSlot("new_date", .text("2030-05-17"))).contains("May the seventeenth. Is that right?"))
    #expect(talk.say(.setSlot("new_date", .text("2030-05-20"))).contains("May the twentieth. Is that right?"))
    #expect(talk.say(.answer(true)).contains("It will arrive on"))
    #expect(talk.ran.last == "move_delivery 2030-05-20 10473829")
  }

  @Test func `a day the carrier refuses is asked for again`() throws {
    var talk = try ShopTalk()
    talk.refusals["move_delivery"] = [.refused("date_too_soon")]
    _ = talk.begin()
    _ = talk.say(.startFlow("move_delivery"))
    _ = talk.say(talk.number("10473829"))
    _ = talk.say(.setSlot("new_date", .text("2030-05-07")))
    let told = talk.say(.answer(true))
    #expect(told.contains("too soon") && told.contains("On which day"))
    #expect(talk.say(.setSlot("new_date", .text("2030-05-15"))).contains("Is that right?"))
    #expect(talk.say(.answer(true)).contains("moved"))
  }

  @Test func `a case is opened with a yes and not without`() throws {
    var talk = try ShopTalk()
    _ = talk.begin()
    _ = talk.say(.startFlow("open_case"))
    #expect(talk.say(talk.number("42703859")).contains("problem"))
    let summary = talk.sensitive("the tea pot arrived broken", .personal)
    #expect(talk.say(.setSlot("case_summary", summary)).contains("Shall I open a case"))
    #expect(talk.say(.answer(true)).contains("I have opened a case. Its number is 7 0 0 1."))
    _ = talk.say(.startFlow("open_case"))
    _ = talk.say(talk.number("10473829"))
    #expect(talk.say(.cancelFlow).contains("else"))
    #expect(talk.ran.filter { $0.hasPrefix("open_case") } == ["open_case 42703859 the tea pot arrived broken"])
  }

  @Test func `a person who takes the call ends the agent's part`() throws {
    var talk = try ShopTalk()
    _ = talk.begin()
    #expect(talk.say(.startFlow("speak_to_person")).hasSuffix("I will put you through to our service team."))
  }

  @Test(arguments: [
    (TransferOutcome.busy, "on another call"), (.declined, "cannot take your call"), (.noAnswer, "nobody picked up"),
    (.unreachable, "could not reach"),
  ])
  func `when nobody takes the call the caller hears why and can be called back`(outcome: TransferOutcome, says: String)
    throws
  {
    var talk = try ShopTalk()
    talk.transfer = outcome
    _ = talk.begin()
    let told = talk.say(.humanHandoff)
    #expect(told.contains("put you through") && told.contains(says) && told.hasSuffix("Shall we call you back?"))
    #expect(talk.say(.answer(true)).contains("phone number"))
    let phone = talk.sensitive("02079460123", .identifier)
    #expect(talk.say(.setSlot("callback_number", phone)).contains("02079460123. Is that right?"))
    let opened = talk.say(.answer(true))
    #expect(opened.contains("opened a case") && opened.contains("call you back"))
    #expect(
      talk.ran == [
        "open_callback_case 02079460123 The caller asked for a person and nobody was free. Please call back."
      ])
  }

  @Test func `silence is met with guidance, then a person, then an honest goodbye`() throws {
    var talk = try ShopTalk()
    _ = talk.begin()
    #expect(talk.give(.silence(count: 1)).contains("I am still here"))
    #expect(talk.give(.silence(count: 2)).contains("would like a person"))
    #expect(talk.give(.silence(count: 3)).contains("I will end the call now"))
    #expect(talk.hungUp)
  }

  @Test func `thanks are answered, and what the line does not do is said`() throws {
    var talk = try ShopTalk()
    _ = talk.begin()
    _ = talk.say(.startFlow("order_status"))
    _ = talk.say(talk.number("10473829"))
    #expect(talk.say(.chitchat).contains("anything else"))
    #expect(talk.say(.cannotHandle(.outOfScope)).contains("I can only help with orders"))
    #expect(talk.say(.goodbye).contains("Goodbye"))
  }

  @Test func `what is not understood is asked again in other words, then a person is called`() throws {
    var talk = try ShopTalk()
    _ = talk.begin()
    _ = talk.say(.startFlow("order_status"))
    let second = talk.say(.cannotHandle(.notUnderstood))
    #expect(second.hasPrefix("Sorry, I did not get that. ") && second.contains("one by one"), "\(second)")
    let third = talk.say(.cannotHandle(.notUnderstood))
    #expect(third.contains("ask for a person") && third.contains("confirmation mail"), "\(third)")
    #expect(talk.say(.cannotHandle(.notUnderstood)).contains("put you through"))
  }
}
