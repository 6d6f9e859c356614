import Core
import Foundation
import Inference
import Testing

@testable import Understanding

/// A bank whose journeys move money, with the sentences of the example bank.
enum Bank {
  static let assistant: Result<AssistantDefinition, any Error> = Result {
    let here = SourceLocation(file: "flows.yml", line: 1, column: 1)
    let money = SlotGrammar.money(currency: "USD")
    let targets = SlotGrammar.choice([
      SlotChoice(value: "savings", synonyms: ["my savings", "savings account"]),
      SlotChoice(value: "other", synonyms: ["another account", "somebody else"]),
    ])
    let slots: [SlotDefinition] = [
      SlotDefinition(
        name: "transfer_target", type: .categorical(["savings", "other"]), grammar: targets, source: here),
      SlotDefinition(name: "payee_account", type: .text, grammar: .digits(minimum: 8, maximum: 8), source: here),
      SlotDefinition(name: "transfer_amount", type: .float(minimum: nil, maximum: nil), grammar: money, source: here),
      SlotDefinition(name: "transfer_confirmed", type: .bool, source: here),
      SlotDefinition(name: "undo_confirmed", type: .bool, source: here),
      SlotDefinition(name: "block_confirmed", type: .bool, source: here),
      SlotDefinition(name: "payment_amount", type: .float(minimum: nil, maximum: nil), grammar: money, source: here),
      SlotDefinition(name: "dispute_confirmed", type: .bool, source: here),
      SlotDefinition(name: "visit_day", type: .text, grammar: .date, source: here),
      SlotDefinition(name: "visit_confirmed", type: .bool, source: here),
    ]
    func tool(_ name: ActionName, _ arguments: [SlotName], _ flag: SlotName) -> ToolDefinition {
      ToolDefinition(
        name: name, summary: "", request: ToolRequest(method: "POST", url: "http://127.0.0.1/"),
        arguments: arguments.map { ToolArgument(name: $0.rawValue, slot: $0, type: .string) }, results: [],
        changesState: true, confirmedBy: flag, source: here)
    }
    let tools = [
      tool("transfer", ["transfer_target", "payee_account", "transfer_amount"], "transfer_confirmed"),
      tool("undo", [], "undo_confirmed"), tool("block", [], "block_confirmed"),
      tool("dispute", [], "dispute_confirmed"), tool("visit", ["visit_day"], "visit_confirmed"),
    ]
    let examples = try ShopExamples.read(ShopExamples.file(of: "bank"))
    func flow(_ id: FlowID, _ asked: [SlotName], _ action: ActionName?, _ own: [String] = []) -> Flow {
      let steps =
        asked.map { FlowStep(id: StepID($0.rawValue), kind: .collect(CollectStep(slot: $0)), source: here) }
        + (action.map { [FlowStep(id: "act", kind: .action($0), source: here)] } ?? [])
      return Flow(
        id: id, name: id.rawValue, summary: id.rawValue, steps: steps, examples: examples[id.rawValue] ?? own,
        source: here)
    }
    let flows = [
      flow(
        "transfer_money", ["transfer_target", "payee_account", "transfer_amount", "transfer_confirmed"], "transfer"),
      flow("undo_transfer", ["undo_confirmed"], "undo"), flow("block_card", ["block_confirmed"], "block"),
      flow("dispute_payment", ["payment_amount", "dispute_confirmed"], "dispute"), flow("balance", [], nil),
      flow("speak_to_person", [], nil),
      flow(
        "book_visit", ["visit_day", "visit_confirmed"], "visit",
        ["book a visit", "I want to come to the branch", "visit the branch", "make an appointment at the branch"]),
    ]
    return AssistantDefinition(
      version: AssistantVersion(name: "bank", contentHash: "0"), locale: .americanEnglish,
      persona: Persona(name: "June", voice: "june"), flows: Dictionary(uniqueKeysWithValues: flows.map { ($0.id, $0) }),
      slots: Dictionary(uniqueKeysWithValues: slots.map { ($0.name, $0) }), responses: [:],
      tools: Dictionary(uniqueKeysWithValues: tools.map { ($0.name, $0) }), destinations: [:], voice: VoiceDefaults(),
      profile: "c13")
  }

  /// By the sentence encoder where it is installed, and by n-grams.
  static let understanders: Task<[EmbeddedUnderstander], any Error> = Task {
    let assistant = try Bank.assistant.get()
    var found = [try await EmbeddedUnderstander(assistant: assistant, embedder: nil)]
    if hasPack {
      let embedder = try MiniLMEmbedder(pack: pack, runtime: try pack.openRuntime(), pool: InferencePool(threads: 1))
      found.append(try await EmbeddedUnderstander(assistant: assistant, embedder: embedder))
    }
    return found
  }

  static func request(
    _ text: String, in flow: FlowID? = nil, asked: SlotName? = nil, filled: [SlotName: SlotValue] = [:]
  ) throws -> UnderstandingRequest {
    let assistant = try Bank.assistant.get()
    let heard = Heard(
      text: Sensitive(token: SensitiveToken(label: .speech, id: "t"), value: text), confidence: .certain,
      wordCount: text.split(separator: " ").count, kind: .content, ending: .open)
    let fillable = flow.map { FlowReach(of: $0, in: assistant).slots } ?? []
    return UnderstandingRequest(
      turn: TurnNumber(1), heard: [heard], awaiting: asked, activeFlow: flow, fillable: fillable, filled: filled,
      startable: assistant.journeys.map(\.id).filter { $0 != flow },
      today: CivilDate(daysSinceEpoch: 20_523), minuteOfDay: 600)
  }

  /// What each understander makes of a turn.
  static func commands(_ request: UnderstandingRequest) async throws -> [[ProposedCommand]] {
    var found: [[ProposedCommand]] = []
    for understander in try await understanders.value {
      found.append(try await understander.understand(request, deadline: .unhurried))
    }
    return found
  }
}

@Suite struct `A journey that changes something` {
  @Test(
    arguments: [
      "transfer 200 to 40662718", "transfer 500 to 40662718", "please transfer 200 dollars to 40662718",
      "transfer fifty to 12345678", "send 200 to 40662718", "transfer 70 dollars to 40662718",
      "transfer 200 to my savings",
      "transfer 500 from savings to checking",
    ], [SlotName?.none, "continue_conversation"])
  func `is not started in place of its neighbour`(_ text: String, _ asked: SlotName?) async throws {
    for seen in try await Bank.commands(Bank.request(text, asked: asked)) {
      #expect(!seen.contains { $0.command == .startFlow("undo_transfer") }, "\(seen)")
      if case .clarify(let flows)? = seen.first?.command { #expect(flows.contains("transfer_money"), "\(seen)") }
    }
  }

  @Test func `is started by its own sentences`() async throws {
    let examples = try ShopExamples.read(ShopExamples.file(of: "bank"))
    for flow in ["transfer_money", "undo_transfer", "block_card", "dispute_payment"] {
      var asked = 0
      for sentence in examples[flow] ?? [] {
        for seen in try await Bank.commands(Bank.request(sentence)) {
          if case .clarify = seen.first?.command {
            asked += 1
            print("asked: \(flow): \(sentence): \(seen)")
          } else {
            #expect(seen.contains { $0.command == .startFlow(FlowID(flow)) }, "\(sentence): \(seen)")
          }
        }
      }
      #expect(asked <= 1, "\(flow)")
    }
  }

  @Test(arguments: [
    ("transfer 500 from savings to checking", nil), ("move it out of my savings account to checking", nil),
    ("transfer 500 to savings", "savings"), ("put 500 into my savings", "savings"),
    ("from checking to savings", "savings"),
    ("savings", "savings"), ("my savings please", "savings"), ("from my savings", nil), ("from somebody else", nil),
  ])
  func `takes a place by where it stands`(_ text: String, _ target: String?) async throws {
    for asked in [SlotName?.none, "transfer_target"] {
      let flow = FlowID("transfer_money")
      for seen in try await Bank.commands(Bank.request(text, in: flow, asked: asked)) {
        let set = seen.first { $0.command.slot == "transfer_target" }
        if asked != nil || target == nil {
          #expect(set?.command == target.map { .setSlot("transfer_target", .text($0)) }, "\(seen)")
        }
      }
    }
  }

  @Test func `takes no number of the account that it comes from`() async throws {
    for seen in try await Bank.commands(
      Bank.request("from 12345678", in: "transfer_money", asked: "payee_account"))
    {
      #expect(!seen.contains { $0.command == .setSlot("payee_account", .text("12345678")) }, "\(seen)")
    }
    for seen in try await Bank.commands(Bank.request("to 12345678", in: "transfer_money", asked: "payee_account")) {
      #expect(seen.contains { $0.command == .setSlot("payee_account", .text("12345678")) }, "\(seen)")
    }
  }

  static let limits = Command.aside(.limits)

  @Test(arguments: [
    "transfer fifty dollars to my savings tomorrow", "transfer fifty dollars to my savings every month",
    "transfer fifty dollars to my savings on Friday", "transfer about fifty dollars to my savings",
    "transfer fifty dollars to my savings only if there is enough", "transfer fifty dollars to my savings monthly",
    "transfer fifty dollars to my savings when my salary is in", "transfer fifty dollars to my savings next week",
    "I want to transfer money every month",
  ])
  func `says beside its start what it leaves out`(_ text: String) async throws {
    for seen in try await Bank.commands(Bank.request(text)) {
      #expect(seen.contains { $0.command == Self.limits }, "\(seen)")
    }
  }

  @Test(arguments: [
    "from my savings to account 40662718 send 200", "transfer fifty dollars from savings to checking",
    "send 30 to 40662718 and 20 to savings", "send fifty dollars to savings until Friday",
    "transfer fifty dollars to savings or else to 40662718",
  ])
  func `says what end, second amount or choice it cannot serve`(_ text: String) async throws {
    for seen in try await Bank.commands(Bank.request(text)) {
      #expect(seen.contains { $0.command == Self.limits }, "\(seen)")
    }
  }

  @Test(arguments: [
    "send 200 from checking to 40662718", "transfer fifty dollars from checking to savings",
    "send fifty dollars and twenty cents to savings", "send one hundred and twenty dollars to savings",
    "transfer 200 to 40662718 and thank you", "send 200 to 40662718",
  ])
  func `leaves nothing out of what it can serve`(_ text: String) async throws {
    for seen in try await Bank.commands(Bank.request(text)) {
      #expect(!seen.contains { $0.command == Self.limits }, "\(seen)")
    }
  }

  @Test(arguments: ["block all my cards", "block both my cards", "block my card only if it is stolen"])
  func `says what no single change holds`(_ text: String) async throws {
    for seen in try await Bank.commands(Bank.request(text)) {
      #expect(seen.contains { $0.command == Self.limits }, "\(seen)")
    }
  }

  @Test(arguments: ["and fifty cents", "oh and fifty cents"])
  func `adds cents to whole dollars`(_ text: String) async throws {
    let request = try Bank.request(
      text, in: "transfer_money", asked: "transfer_confirmed",
      filled: ["transfer_amount": .number(24), "transfer_target": .text("savings")])
    for seen in try await Bank.commands(request) {
      #expect(seen.contains { $0.command == .setSlot("transfer_amount", .number(24.5)) }, "\(seen)")
    }
  }

  @Test(arguments: ["make it fifty cents", "no, fifty cents"])
  func `takes cents alone for the amount where they are not added`(_ text: String) async throws {
    let request = try Bank.request(
      text, in: "transfer_money", asked: "transfer_confirmed",
      filled: ["transfer_amount": .number(24), "transfer_target": .text("savings")])
    for seen in try await Bank.commands(request) {
      #expect(seen.contains { $0.command == .setSlot("transfer_amount", .number(0.5)) }, "\(seen)")
    }
  }

  @Test(arguments: [
    "do not transfer money", "don't transfer any money", "please don't send fifty dollars to my savings",
    "I don't want to transfer money", "do not block my card", "never block my card",
  ])
  func `is not begun by words that deny it`(_ text: String) async throws {
    for seen in try await Bank.commands(Bank.request(text)) {
      for proposed in seen {
        switch proposed.command {
        case .startFlow, .clarify: Issue.record("\(seen)")
        default: break
        }
      }
    }
  }

  @Test(arguments: [
    "about fifty dollars", "fifty dollars tomorrow", "fifty dollars every month", "fifty dollars, but only before noon",
    "fifty if there is enough", "fifty or so", "around fifty", "fifty dollars on the first of each month",
    "fifty dollars a month",
  ])
  func `says beside its amount what it leaves out`(_ text: String) async throws {
    for seen in try await Bank.commands(Bank.request(text, in: "transfer_money", asked: "transfer_amount")) {
      #expect(seen.map(\.command) == [.setSlot("transfer_amount", .number(50)), Self.limits], "\(seen)")
    }
  }

  @Test(arguments: [
    "fifty dollars", "fifty dollars please", "fifty right now", "fifty dollars today", "just fifty dollars, if you can",
    "how about fifty", "make it fifty", "fifty dollars if possible", "I'd like to send fifty dollars", "only fifty",
    "fifty dollars from my salary of last month", "fifty dollars after all",
  ])
  func `leaves nothing out of a plain amount`(_ text: String) async throws {
    for seen in try await Bank.commands(Bank.request(text, in: "transfer_money", asked: "transfer_amount")) {
      #expect(!seen.contains { $0.command == Self.limits }, "\(seen)")
      #expect(seen.contains { $0.command == .setSlot("transfer_amount", .number(50)) }, "\(seen)")
    }
  }

  @Test func `says nothing beside ordinary sentences`() async throws {
    let examples = try ShopExamples.read(ShopExamples.file(of: "bank"))
    let more = [
      "good morning, I want to transfer fifty dollars to my savings", "can I transfer money today",
      "I was charged fifty dollars every month", "somebody paid about fifty dollars with my card",
      "I wonder if I can transfer fifty dollars", "transfer fifty dollars to my savings if you can",
      "could you tell me if I can send money now", "what is my balance this month",
    ]
    for text in examples.values.joined() + more {
      for seen in try await Bank.commands(Bank.request(text)) {
        #expect(!seen.contains { $0.command == Self.limits }, "\(text): \(seen)")
      }
    }
  }

  @Test(arguments: [
    ("Friday morning", true), ("on Friday, but only before noon", true), ("Friday at five", true),
    ("every Friday", true),
    ("Friday only if it is free", true), ("Friday", false), ("on Friday please", false),
    ("this Friday would be good", false),
    ("good morning, Friday please", false), ("I am home on Friday", false), ("next Friday if possible", false),
    ("tomorrow", false), ("a week from Friday", false),
  ])
  func `says beside its day what it leaves out`(_ text: String, _ isTold: Bool) async throws {
    for seen in try await Bank.commands(Bank.request(text, in: "book_visit", asked: "visit_day")) {
      #expect(seen.contains { $0.command.slot == "visit_day" }, "\(seen)")
      #expect(seen.contains { $0.command == Self.limits } == isTold, "\(seen)")
    }
  }
}
