import Core
import Foundation
import Testing

@testable import Assistant

/// The repository this test lives in.
let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent().path

@Suite struct BuiltInTests {
  @Test(arguments: Profile.allCases) func `the built-in files have no problem and use no name they do not define`(
    profile: Profile
  ) throws {
    let log = ProblemLog()
    let context = ReadingContext(log: log, isImported: false)
    let draft = BuiltIn(profile: profile).read(context)
    References(context: context, draft: draft, settings: AssistantSettings(name: "x")).check()
    #expect(log.problems == [])
    #expect(!context.uses.all.isEmpty)
  }

  @Test(arguments: Profile.allCases) func `every repair is there`(profile: Profile) throws {
    let flows = BuiltIn(profile: profile).draft.flows
    let names = [
      "cancel_flow", "cannot_handle", "chitchat", "clarification", "code_change", "collect_information", "completed",
      "confirm_slot",
      "continue_interrupted", "correction", "goodbye", "hold", "human_handoff", "internal_error", "repeat_bot_messages",
      "restart", "search", "session_start", "skip_question", "user_silence", "validate_slot", "identify", "consent",
      "approval", "denied", "compensation", "key_menu", "conversation_resumed", "aside",
    ]
    #expect(
      Set(flows.keys)
        == Set((names + (profile == .c16 ? ["customer_satisfaction"] : [])).map { FlowID("pattern_" + $0) }))
  }

  @Test func `no built-in sentence is long, and none asks twice`() throws {
    for response in BuiltIn(profile: .c16).draft.responses.values {
      for variant in response.variants {
        let text = variant.text.plain
        #expect(text.split(separator: " ").count < 30, "\(response.name): \(text)")
        #expect(text.filter { $0 == "?" }.count <= 1, "\(response.name): \(text)")
      }
    }
  }

  @Test func `slots of the engine hold nothing personal in clear labels`() throws {
    let slots = BuiltIn(profile: .c13).draft.slots
    #expect(slots["max_clarification_options"]?.initialValue == .number(3))
    #expect(slots["transfer_outcome"]?.label == nil && slots["transfer_outcome"]?.filledBy == .controlled)
    #expect(slots["session_started_metadata"]?.label == .personal)
  }

  @Test func `what an author writes goes before what is built in`() throws {
    var files = Folder.small
    files["domain.yml"]? += "\n  utter_goodbye:\n    - text: \"Bye.\"\n"
    files["flows/goodbye.yml"] = "flows:\n  pattern_goodbye:\n    steps:\n      - action: action_hangup\n"
    let definition = try Folder(files).load().definition
    #expect(definition.responses["utter_goodbye"]?.variants.map(\.text) == [Template(text: "Bye.")])
    #expect(definition.flows["pattern_goodbye"]?.steps.count == 1)
    #expect(definition.flows["pattern_hold"] != nil)
  }
}

extension Template {
  /// The text with a word for each place.
  var plain: String {
    pieces.map { piece in
      switch piece {
      case .literal(let text): text
      case .slot, .expression: "thing"
      case .choice(let branches): branches.map { Template(pieces: $0.pieces).plain }.joined(separator: " ")
      }
    }.joined()
  }
}

@Suite struct LoadingTests {
  @Test func `an assistant has everything its files say`() throws {
    let loaded = try Folder(Folder.small).load()
    let definition = loaded.definition
    #expect(loaded.layout == .native && definition.version.name == "cafe" && definition.locale == "en-US")
    #expect(definition.profile == "c13" && definition.persona == Persona(name: "cafe"))
    #expect(definition.voice == VoiceDefaults())
    #expect(definition.destinations == ["host": TransferDestination(name: "host", uri: "${HOST_URI}")])
    #expect(definition.journeys.map(\.id) == ["book"])
    #expect(definition.flows["book"]?.examples.count == 10)
    #expect(
      definition.flows["book"]?.voice
        == {
          var voice = FlowVoice(menuKey: "1"); voice.job = "book"; return voice
        }())
    #expect(loaded.examples["en-US"]?["book"]?.first == "book a table")
    let tool = try #require(definition.tools["book_table"])
    #expect(
      tool.request
        == ToolRequest(
          method: "POST", url: "${TABLES_URL}/tables/{phone}", headers: ["Authorization": "Bearer ${TABLES_TOKEN}"]))
    #expect(
      tool.probe
        == ToolRequest(
          method: "GET", url: "${TABLES_URL}/requests/{idempotency_key}",
          headers: ["Authorization": "Bearer ${TABLES_TOKEN}"]))
    #expect(
      tool.arguments == [
        ToolArgument(name: "guests", slot: "guests", type: .integer),
        ToolArgument(name: "phone", slot: "phone", type: .string, pattern: "\\d{8}"),
      ])
    #expect(tool.results == [ToolField(path: "booking.state", type: .string, slot: "day")])
    #expect(tool.refusals == ["full"] && tool.outcomeSlot == "booking_outcome" && tool.confirmedBy == "confirmed")
    #expect(tool.changesState && tool.deadline == .seconds(3))
  }

  @Test func `timings and persona are read`() throws {
    let folder = try Folder.small(
      "assistant.yml", "language: en-US",
      """
      profile: c16
      persona: {name: Alma, voice: piper-joe-en-us, rate: 90%}
      voice:
        end_of_turn: {certain: 200ms, normal: 0.6, uncertain: 2s}
        longest_turn: 20s
        barge_in_after: 150ms
        resume_after: 1s
        silence: {first: 5s, next: 7}
        filler_after: 800ms
        clarify_below: 50%
        longest_prompt_words: 25
        longest_call: 10m
      """)
    let definition = try folder.load().definition
    var voice = VoiceDefaults()
    voice.endOfTurnCertain = .milliseconds(200)
    voice.endOfTurnNormal = .milliseconds(600)
    voice.endOfTurnUncertain = .seconds(2)
    voice.longestTurn = .seconds(20)
    voice.bargeInAfter = .milliseconds(150)
    voice.resumeAfter = .seconds(1)
    voice.firstSilence = .seconds(5)
    voice.nextSilence = .seconds(7)
    voice.fillerAfter = .milliseconds(800)
    voice.clarifyBelow = Confidence(permille: 500)
    voice.longestPromptWords = 25
    voice.longestCall = .seconds(600)
    #expect(definition.voice == voice)
    #expect(definition.persona == Persona(name: "Alma", voice: "piper-joe-en-us", ratePercent: 90))
    #expect(definition.profile == "c16" && definition.flows["pattern_customer_satisfaction"] != nil)
  }

  @Test func `examples of other languages are kept apart`() throws {
    var files = Folder.small
    files["examples/de.yml"] = "language: de\nexamples:\n  book:\n    - einen tisch bitte\n"
    let loaded = try Folder(files).load()
    #expect(loaded.examples["de"]?["book"] == ["einen tisch bitte"])
    #expect(loaded.definition.flows["book"]?.examples.contains("einen tisch bitte") == false)
  }

  @Test func `an assistant in another language is told which sentences stay English`() throws {
    let folder = try Folder.small("assistant.yml", "language: en-US", "language: de")
    #expect(
      folder.problems().contains { $0.key == "language" && $0.message.contains("built-in sentences are English") })
  }

  @Test func `files that look like parts and are none are named`() throws {
    var files = Folder.small
    files["flow/more.yml"] = "flows: {}"
    files["notes.yml"] = "a: b"
    files["policy.yml"] = "retention: 30d"
    let problems = try Folder(files).problems()
    #expect(problems.contains { $0.location.file == "flow/more.yml" && $0.hint == "did you mean `flows`?" })
    #expect(problems.contains { $0.location.file == "notes.yml" && $0.code == .file && $0.severity == .warning })
    #expect(problems.contains { $0.location.file == "policy.yml" && $0.code == .unsupported && $0.severity == .error })
  }

  @Test func `a file that is no UTF-8 is named with its line`() throws {
    let folder = try Folder(Folder.small)
    try folder.write("domain.yml", Data("slots:\n".utf8) + Data([0xFF, 0xFE, 0x0A]))
    let problem = try #require(folder.problems().first { $0.code == .file })
    #expect(problem.location == Core.SourceLocation(file: "domain.yml", line: 2, column: 1))
    try folder.write("domain.yml", Data("slots: \0".utf8))
    #expect(folder.problems().contains { $0.code == .file && $0.location.line == 1 })
  }

  @Test func `a byte-order mark and Windows line ends do no harm`() throws {
    var files = Folder.small
    files["assistant.yml"] = "\u{FEFF}" + (files["assistant.yml"] ?? "").replacingOccurrences(of: "\n", with: "\r\n")
    #expect(try Folder(files).load().definition.version.name == "cafe")
  }
}

@Suite struct ContentHashTests {
  private func hash(_ files: [String: String]) throws -> String {
    try Folder(files).load().definition.version.contentHash
  }

  @Test func `the hash is of the content, not of the place or the time`() throws {
    let first = try hash(Folder.small)
    #expect(first.count == 64 && first.allSatisfy { "0123456789abcdef".contains($0) })
    #expect(try hash(Folder.small) == first)
  }

  @Test func `every part changes the hash`() throws {
    let first = try hash(Folder.small)
    var seen = [first]
    for file in Folder.small.keys.sorted() {
      var files = Folder.small
      files[file]? += "\n# x"
      let other = try hash(files)
      #expect(!seen.contains(other), "\(file)")
      seen.append(other)
    }
    var files = Folder.small
    files["knowledge/terms.txt"] = "terms"
    #expect(!seen.contains(try hash(files)))
  }

  @Test func `another name, another end of a file, another profile are other versions`() throws {
    var renamed = Folder.small
    renamed["flows/reserve.yml"] = renamed.removeValue(forKey: "flows/book.yml")
    var c16 = Folder.small
    c16["assistant.yml"] = (c16["assistant.yml"] ?? "") + "\nprofile: c16"
    let hashes = try [Folder.small, renamed, c16].map { try hash($0) }
    #expect(Set(hashes).count == 3)
  }

  @Test func `tests, documentation and neighbours do not change the hash`() throws {
    var files = Folder.small
    files["tests/a.yml"] = "test_cases: []"
    files["README.md"] = "# Café"
    files["backend/main.py"] = "pass"
    files[".git/HEAD"] = "x"
    #expect(try hash(files) == hash(Folder.small))
  }

  @Test func `the hash is SHA-256 of names, lengths and contents`() {
    var hash = ContentHash()
    hash.add(path: "a", content: Data("b".utf8))
    // sha256sum of the bytes 61 00 00 00 00 00 00 00 00 01 62
    #expect(hash.finish() == "ab3dd935e62c212e7c5af37eaf5393cd2f9e6b22a368c039c773d41f633af49d")
  }
}
