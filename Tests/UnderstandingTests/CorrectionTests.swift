import Core
import Testing

@testable import Understanding

/// What replaces a value that is there already, where something else is asked. Wednesday, 11 March 2026.
@Suite struct `A filled slot that is not asked for` {
  static let filled: [SlotName: SlotValue] = [
    "date_of_birth": .text("1980-05-03"), "visit_day": .text("2026-03-13"), "visit_part": .text("morning"),
    "amount": .number(50), "people": .number(4), "visit_time": .text("14:00"), "patient_number": .text("123456"),
    "family_name": .text("Smith"), "home_address": .text("5 Oak Street"),
  ]
  static let questions: [SlotName] = ["time_confirmed", "reason"]

  static let assistant: AssistantDefinition = {
    let here = SourceLocation(file: "flows.yml", line: 1, column: 1)
    let slots: [SlotDefinition] = [
      SlotDefinition(name: "date_of_birth", type: .text, grammar: .date, source: here),
      SlotDefinition(
        name: "patient_number", type: .text, grammar: .digits(minimum: 6, maximum: 6), source: here),
      SlotDefinition(name: "pin", type: .text, grammar: .digits(minimum: 4, maximum: 4), source: here),
      SlotDefinition(name: "visit_day", type: .text, grammar: .date, source: here),
      SlotDefinition(
        name: "visit_part", type: .categorical(["morning", "afternoon"]),
        grammar: .choice([
          SlotChoice(value: "morning", synonyms: ["early"]), SlotChoice(value: "afternoon", synonyms: ["late"]),
        ]), source: here),
      SlotDefinition(name: "visit_time", type: .text, grammar: .time, source: here),
      SlotDefinition(
        name: "amount", type: .float(minimum: nil, maximum: nil), grammar: .money(currency: "USD"), source: here),
      SlotDefinition(
        name: "people", type: .float(minimum: 0, maximum: 10), grammar: .number(minimum: 0, maximum: 10), source: here),
      SlotDefinition(name: "family_name", type: .text, grammar: .name, source: here),
      SlotDefinition(name: "home_address", type: .text, grammar: .address, source: here),
      SlotDefinition(name: "time_confirmed", type: .bool, source: here),
      SlotDefinition(name: "reason", type: .text, grammar: .freeText, source: here),
    ]
    let flow = Flow(
      id: "book", name: "book", summary: "book a visit",
      steps: slots.map {
        FlowStep(id: StepID($0.name.rawValue), kind: .collect(CollectStep(slot: $0.name)), source: here)
      },
      examples: [
        "I need an appointment", "book a visit", "I want to see a doctor", "can I get an appointment", "make a booking",
        "I would like to come in", "schedule a visit", "is there a free slot", "see somebody", "visit the clinic",
      ], source: here)
    return AssistantDefinition(
      version: AssistantVersion(name: "clinic", contentHash: "0"), locale: .americanEnglish,
      persona: Persona(name: "Nora", voice: "nora"), flows: [flow.id: flow],
      slots: Dictionary(uniqueKeysWithValues: slots.map { ($0.name, $0) }), responses: [:], tools: [:],
      destinations: [:], voice: VoiceDefaults(), profile: "c16")
  }()

  static let understander = Task { try await EmbeddedUnderstander(assistant: assistant, embedder: nil) }

  /// What a turn sets, but for the slot that is asked for.
  func set(_ text: String, asked: SlotName = "time_confirmed", without empty: Set<SlotName> = []) async throws -> String
  {
    let flow = try #require(Self.assistant.flows["book"])
    let heard = Heard(
      text: Sensitive(token: SensitiveToken(label: .speech, id: "t"), value: text), confidence: .certain,
      wordCount: text.split(separator: " ").count, kind: .content, ending: .open)
    let request = UnderstandingRequest(
      turn: TurnNumber(1), heard: [heard], awaiting: asked, activeFlow: "book",
      fillable: flow.steps.compactMap { if case .collect(let collect) = $0.kind { collect.slot } else { nil } },
      filled: Self.filled.filter { $0.key != asked && !empty.contains($0.key) }, startable: [],
      today: CivilDate(daysSinceEpoch: 20_523), minuteOfDay: 600)
    let commands = try await Self.understander.value.understand(request, deadline: .unhurried)
    return canonical(commands.filter { $0.command.slot.map { $0 != asked } ?? false })
  }

  static let talk: [String] = [
    // Days that say when, and not which.
    "do it tomorrow", "first", "the first part is right", "ask me tomorrow", "tomorrow", "Friday", "the twenty first",
    "on Monday", "today", "not today", "I'll call you back on Monday", "I am away next week on Monday",
    "no, ask me tomorrow",
    "no, I'll call back tomorrow", "let me think until Monday", "yes, I have time tomorrow",
    "my mother comes on Saturday", "yes but ask me tomorrow", "the second thing was wrong", "first I have a question",
    "I told you that yesterday", "I was there two days ago", "you said that on Tuesday", "in two weeks I am fifty",
    "have a nice day tomorrow", "the third time I call", "my first name is wrong", "well, this week on Friday I work",
    "I'll decide tomorrow", "remind me on Sunday", "that was last Friday", "we talked on Monday", "the fifth of never",
    // Numbers, amounts and times of talk.
    "I have two questions", "one moment", "give me a second", "in a minute", "no, I have two questions",
    "yes, but I have one question", "no, one second", "one more thing", "I have two questions about the people",
    "no, in a minute", "I said it three times", "yes, but only if it takes two days", "give me two minutes",
    "wait, one quick question", "no, I have ten euros", "I paid twenty dollars for parking", "it costs ten dollars",
    "no, give me five more minutes", "I will be there at 3 pm with my wife today", "there are two of us with one card",
    // Names and addresses, and one of several choices.
    "no, I have one more question for you", "it is late", "it was early when I called", "I came late",
    "my mother is Mary", "I live near 12 Main Street", "my friend lives at 9 Hill Road",
  ]

  @Test(arguments: talk) func `keeps its value through talk`(_ text: String) async throws {
    #expect(try await set(text) == "nothing", "\(text)")
  }

  static let corrections: [(String, String)] = [
    ("no, tomorrow", "visit_day=2026-03-12"), ("no, make it Friday next week", "visit_day=2026-03-20"),
    ("make it Monday", "visit_day=2026-03-16"), ("change it to Monday", "visit_day=2026-03-16"),
    ("I meant Monday", "visit_day=2026-03-16"), ("actually, Monday", "visit_day=2026-03-16"),
    ("Saturday, not Friday", "visit_day=2026-03-14"), ("not Friday but Saturday", "visit_day=2026-03-14"),
    ("the day should be Monday", "visit_day=2026-03-16"), ("my visit is on Monday", "visit_day=2026-03-16"),
    ("Monday would be better", "visit_day=2026-03-16"), ("yes, but on Monday", "visit_day=2026-03-16"),
    ("how about Monday", "visit_day=2026-03-16"), ("let's do Monday instead", "visit_day=2026-03-16"),
    ("can you make it tomorrow", "visit_day=2026-03-12"), ("move it to the twentieth", "visit_day=2026-03-20"),
    ("March the sixteenth", "visit_day=2026-03-16"), ("no, not tomorrow, on Monday", "visit_day=2026-03-16"),
    ("my date of birth is May third nineteen eighty one", "date_of_birth=1981-05-03"),
    ("no, May third nineteen eighty one", "date_of_birth=1981-05-03"),
    ("my birth date is the third of May 1981", "date_of_birth=1981-05-03"),
    ("no, make it sixty dollars", "amount=60"), ("yes, but make it sixty", "amount=60"),
    ("the amount is sixty dollars", "amount=60"), ("sixty dollars", "amount=60"),
    ("no, at 3 pm", "visit_time=15:00"), ("change it to 3 pm", "visit_time=15:00"),
    ("654321", "patient_number=654321"), ("the patient number is 654321", "patient_number=654321"),
    ("no, in the afternoon", "visit_part=afternoon"), ("make it early", "nothing"),
    ("not 5 Oak Street but 6 Oak Street", "home_address=6 Oak Street"),
    ("no, not 5 Oak Street but 6 Oak Street", "home_address=6 Oak Street"),
    ("no, it's 6 Oak Street", "home_address=6 Oak Street"),
    ("6 Oak Street, not 5 Oak Street", "home_address=6 Oak Street"),
    ("no, it's not 5 Oak Street, it's 6 Oak Street", "home_address=6 Oak Street"),
    ("6 Oak Street instead of 5 Oak Street", "home_address=6 Oak Street"),
  ]

  @Test(arguments: corrections) func `takes another value that is said to be one`(_ text: String, _ value: String)
    async throws
  {
    #expect(try await set(text) == (value == "nothing" ? value : "set " + value), "\(text)")
  }

  @Test(arguments: [
    "do it tomorrow", "the first part is right", "ask me tomorrow", "in a minute", "I have two questions",
  ])
  func `is kept by whatever question is open`(_ text: String) async throws {
    for asked in ["time_confirmed", "reason", "family_name", "patient_number", "people"] as [SlotName] {
      #expect(try await set(text, asked: asked) == "nothing", "\(asked)")
    }
  }

  @Test(arguments: ["ask me tomorrow", "the first part is right", "in a minute", "I'll call you back on Monday"])
  func `that is empty takes nothing that is put off`(_ text: String) async throws {
    #expect(try await set(text, without: ["visit_day", "visit_time"]) == "nothing")
  }

  @Test func `that is empty takes no day that only says when, where yes or no is asked`() async throws {
    for text in ["do it tomorrow", "tomorrow", "the first part is right"] {
      #expect(try await set(text, without: ["date_of_birth"]) == "nothing")
    }
  }

  @Test func `that is a choice takes one of its names beside another question`() async throws {
    #expect(try await set("it is late", asked: "patient_number") == "set visit_part=afternoon")
  }

  @Test func `that is empty takes what is given before it is asked`() async throws {
    #expect(
      try await set("654321, and I can come on Monday", asked: "patient_number", without: ["visit_day"])
        == "set visit_day=2026-03-16")
  }

  @Test(arguments: ["I have two questions", "one moment, I am looking", "give me two minutes", "one more thing"])
  func `asked for, takes no number of talk`(_ text: String) async throws {
    for asked in ["people", "amount", "visit_time", "home_address", "family_name"] as [SlotName] {
      let flow = try #require(Self.assistant.flows["book"])
      let heard = Heard(
        text: Sensitive(token: SensitiveToken(label: .speech, id: "t"), value: text), confidence: .certain,
        wordCount: 4, kind: .content, ending: .open)
      let request = UnderstandingRequest(
        turn: TurnNumber(1), heard: [heard], awaiting: asked, activeFlow: flow.id, fillable: [asked], filled: [:],
        startable: [], today: CivilDate(daysSinceEpoch: 20_523), minuteOfDay: 600)
      let seen = canonical(try await Self.understander.value.understand(request, deadline: .unhurried))
      #expect(!seen.contains("set "), "\(asked): \(seen)")
    }
  }
}
