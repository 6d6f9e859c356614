import Core
import Foundation
import Testing

@testable import Understanding

/// What one opening sentence says beside the journey it begins. Wednesday, 11 March 2026.
@Suite struct `Opening sentences` {
  static let bank: AssistantDefinition = {
    let here = SourceLocation(file: "flows.yml", line: 1, column: 1)
    let slots: [SlotDefinition] = [
      SlotDefinition(
        name: "target", type: .categorical(["savings", "other"]),
        grammar: .choice([
          SlotChoice(value: "savings", synonyms: ["my savings"]),
          SlotChoice(value: "other", synonyms: ["somebody else"]),
        ]), source: here),
      SlotDefinition(
        name: "payee_account", type: .text, grammar: .digits(minimum: 8, maximum: 8), label: .identifier, source: here),
      SlotDefinition(
        name: "transfer_amount", type: .float(minimum: nil, maximum: nil), grammar: .money(currency: "USD"),
        source: here),
      SlotDefinition(
        name: "card_kind", type: .categorical(["debit", "credit"]),
        grammar: .choice([SlotChoice(value: "debit", synonyms: []), SlotChoice(value: "credit", synonyms: [])]),
        source: here),
      SlotDefinition(
        name: "account", type: .categorical(["checking", "savings"]),
        grammar: .choice([SlotChoice(value: "checking", synonyms: []), SlotChoice(value: "savings", synonyms: [])]),
        source: here),
    ]
    func flow(_ id: FlowID, _ name: String, _ collects: [SlotName], _ examples: [String]) -> Flow {
      Flow(
        id: id, name: name, summary: name,
        steps: collects.map { FlowStep(id: StepID($0.rawValue), kind: .collect(CollectStep(slot: $0)), source: here) },
        examples: examples, source: here)
    }
    let flows = [
      flow(
        "transfer_money", "your transfer", ["target", "payee_account", "transfer_amount"],
        [
          "I want to transfer money", "make a transfer", "send money to another account", "move money to my savings",
          "pay somebody", "wire money please", "transfer fifty dollars", "send a hundred dollars to my sister",
          "I need to pay my rent", "put some money into savings", "transfer an amount to an account",
        ]),
      flow(
        "undo_transfer", "taking back your transfer", [],
        [
          "take that back", "undo the transfer", "reverse it", "that transfer was a mistake", "I sent too much",
          "I sent it to the wrong account", "get my money back from that transfer", "undo my last transfer",
          "bring the money back", "stop the transfer I just made",
        ]),
      flow(
        "block_card", "blocking your card", ["card_kind"],
        [
          "block my card", "I lost my card", "my card was stolen", "freeze my card", "my wallet was stolen",
          "please block my debit card", "stop my card", "my card is missing", "lock my credit card",
          "report a lost card",
        ]),
      flow(
        "balance", "your balance", ["account"],
        [
          "what is my balance", "tell me my balance", "how much money do I have", "check my balance", "account balance",
          "how much is in my account", "I'd like to hear my balance", "how much is left", "balance please",
          "what do I have in savings",
        ]),
    ]
    return AssistantDefinition(
      version: AssistantVersion(name: "bank", contentHash: "0"), locale: .americanEnglish,
      persona: Persona(name: "June", voice: "june"), flows: Dictionary(uniqueKeysWithValues: flows.map { ($0.id, $0) }),
      slots: Dictionary(uniqueKeysWithValues: slots.map { ($0.name, $0) }), responses: [:], tools: [:],
      destinations: [:], voice: VoiceDefaults(), profile: "c13")
  }()

  static let understander = Task { try await EmbeddedUnderstander(assistant: bank, embedder: nil) }

  /// The commands of a sentence, as names of flows and `slot=value`, in order.
  func commands(
    _ text: String, options: [FlowID] = [], awaiting: SlotName? = nil, flow: FlowID? = nil
  ) async throws -> String {
    let heard = Heard(
      text: Sensitive(token: SensitiveToken(label: .speech, id: "t"), value: text),
      confidence: Confidence(permille: 950), wordCount: text.split(separator: " ").count, kind: .content, ending: .open)
    let request = UnderstandingRequest(
      turn: TurnNumber(1), heard: [heard], awaiting: awaiting, activeFlow: flow, fillable: [], filled: [:],
      startable: Self.bank.flows.keys.sorted(), options: options, today: CivilDate(daysSinceEpoch: 20_523),
      minuteOfDay: 600)
    return try await Self.understander.value.understand(request, deadline: .unhurried).map { proposal in
      switch proposal.command {
      case .startFlow(let flow): flow.rawValue
      case .setSlot(let slot, let value): "\(slot)=\(value?.revealedText ?? "nothing")"
      case .clarify: "clarify"
      case .aside(let aside): "aside \(aside.rawValue)"
      default: "\(proposal.command)"
      }
    }.joined(separator: ", ")
  }

  @Test(arguments: [
    ("pay 70 dollars to 40662718", "transfer_money, payee_account=40662718, transfer_amount=70"),
    ("transfer 200 to 40662718", "transfer_money, payee_account=40662718, transfer_amount=200"),
    ("send fifty dollars to 4 0 6 6 2 7 1 8 please", "transfer_money, payee_account=40662718, transfer_amount=50"),
    ("move 100 to savings", "transfer_money, target=savings, transfer_amount=100"),
    ("put 300 into my savings", "transfer_money, target=savings, transfer_amount=300"),
    ("I want to send 1200 to somebody else", "transfer_money, target=other, transfer_amount=1200"),
    ("transfer to account 40662718", "transfer_money, payee_account=40662718"),
    ("block my credit card", "block_card, card_kind=credit"),
    ("one more transfer please", "transfer_money"),
  ])
  func `bring every value that their words give`(_ text: String, _ expected: String) async throws {
    #expect(try await commands(text) == expected)
  }

  @Test(arguments: [
    ("block my card and tell me my balance", "block_card, balance"),
    ("block my credit card and also check my balance", "block_card, card_kind=credit, balance"),
    ("Freeze my card. And then I want to transfer money.", "block_card, transfer_money"),
    ("I want to transfer money and block my card", "transfer_money, block_card"),
  ])
  func `may hold two wishes`(_ text: String, _ expected: String) async throws {
    let found = try await commands(text)
    let wanted = Set(expected.components(separatedBy: ", "))
    #expect(Set(found.components(separatedBy: ", ")) == wanted, "\(found)")
  }

  @Test(arguments: [
    "my card and my wallet were stolen", "I lost my card and need to block it", "send money to my brother and sister",
    "how much is left in checking and savings", "undo the transfer and bring the money back",
  ])
  func `hold one wish where both parts mean the same`(_ text: String) async throws {
    let flows = try await commands(text).components(separatedBy: ", ").filter { !$0.contains("=") }
    #expect(flows.count == 1, "\(flows)")
  }

  @Test(arguments: [
    ("40662718", "payee_account=40662718"), ("it's four zero six six two seven one eight", "payee_account=40662718"),
    ("fifty dollars", "transfer_amount=50"), ("your balance", "balance"), ("the second one", "transfer_money"),
    ("the first", "balance"), ("your transfer please", "transfer_money"),
  ])
  func `are not guessed where it is asked which journey is meant`(_ text: String, _ expected: String) async throws {
    #expect(try await commands(text, options: ["balance", "transfer_money"]) == expected)
  }

  @Test(arguments: [
    "was that done?", "is it done", "did it work", "did you block it?", "have you sent it already",
    "did that go through",
    "has it been changed?", "so was it done now", "did you change the address", "is my card blocked now",
  ])
  func `ask what became of the last change`(_ text: String) async throws {
    #expect(try await commands(text) == "aside outcome")
    #expect(try await commands(text, awaiting: "card_kind", flow: "block_card") == "aside outcome")
  }

  @Test(arguments: [
    "did you get that", "did you hear me", "is that right", "is that free?", "was it expensive", "did you know",
    "when was it done", "is it Friday", "have you got the time",
  ])
  func `ask something else`(_ text: String) async throws {
    #expect(try await commands(text) != "aside outcome")
  }

  @Test(arguments: [
    "thank you good night", "good night", "okay, good night then", "thanks, take care", "see you later",
  ])
  func `say goodbye`(_ text: String) async throws {
    #expect(try await commands(text) == "\(Command.goodbye)")
  }

  @Test(arguments: ["da", "tak", "ja ja", "zut", "right, so how long does it take", "well, why is that so slow"])
  func `are no small talk where nobody knows them`(_ text: String) async throws {
    let found = try await commands(text)
    #expect(!found.contains("aside") && !found.contains("chitchat"), "\(found)")
  }
}
