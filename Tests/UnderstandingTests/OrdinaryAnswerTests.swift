import Core
import Foundation
import Inference
import Testing

@testable import Understanding

/// What people answer to open questions. None of it ends the call, hands it over, rests it or drops the journey.
@Suite struct `Ordinary answers to open questions` {
  static let answers: [(CallState, [String])] = [
    (
      .statusNumber,
      [
        "that's the end of the number", "it starts with one two and that's all I can read", "the last digit is a four",
        "I'm looking for the letter", "it should be in the mail you sent me", "that's everything it says here",
        "it's the one from last week", "one two three four and then it stops", "hang on it's on the back",
        "is it the long one or the short one", "it ends with seven seven", "my wife has the number", "that's all",
        "I only have the invoice number", "that was everything on the label",
      ]
    ),
    (
      .date,
      [
        "I'll be gone by then", "any day when somebody is home", "not before the weekend is over",
        "I leave for work at seven", "we are away until the end of the month", "as late as possible",
        "sometime after I come back", "I have to go to the dentist on that day", "Friday is my last day here",
        "the day you close for the holidays", "I'm off on Thursdays", "whenever the driver wants to stop here",
      ]
    ),
    (
      .address,
      [
        "14 Bye Street, Springfield", "the house at the end of the road", "it's the last house before the bridge",
        "12 Operator Lane", "care of my agent, 9 Hill Road", "leave it with the person next door",
        "number 4, Cancel Court", "the office of my representative on Main Street", "it's where I used to live",
        "3 Stop Lane", "same street but the other end", "drop it at my neighbor's",
      ]
    ),
    (
      .summary,
      [
        "the agent hung up on me", "your operator said it was cancelled", "I was told to hold and then the call ended",
        "I want my money back because they cancelled it", "nobody came to the door", "I spoke to a person last week",
        "it stopped working after a day", "the driver said goodbye and left with my parcel", "my colleague",
        "a manager",
        "customer service", "they said they would call me back and never did", "somebody else",
        "the box was empty, that's all", "I have been waiting on hold for an hour", "that is all that happened",
        "I gave up waiting", "it broke in the end",
      ]
    ),
    (
      .email,
      ["it ends in dot com", "the one you have", "my first name and that's it", "bye dot bye at example"]
    ),
  ]

  static func leaves(_ command: Command) -> Bool {
    switch command {
    case .goodbye, .humanHandoff, .hold, .cancelFlow, .restart: true
    default: false
    }
  }

  static let count = answers.reduce(0) { $0 + $1.1.count }

  /// The answers of which something is made that leaves.
  func misread(by understander: any Understander) async throws -> [String] {
    var found: [String] = []
    for (state, sentences) in Self.answers {
      for text in sentences {
        let commands = try await understander.understand(state.request(text), deadline: .unhurried)
        if commands.contains(where: { Self.leaves($0.command) }) {
          found.append("[\(state)] \(text): \(canonical(commands))")
        }
      }
    }
    return found
  }

  /// Letters alike are no meaning alike: without a model two of them are still taken for a wish.
  @Test func `leave next to nothing, as n-grams hear them`() async throws {
    #expect(Self.count >= 60)
    let misread = try await misread(by: EmbeddedUnderstander(assistant: ShopAssistant.definition, embedder: nil))
    print("answers that n-grams take for a wish to leave: \(misread)")
    #expect(misread.count <= 2, "\(misread)")
  }

  @Test(.enabled(if: hasPack)) func `leave nothing, as the embedder hears them`() async throws {
    let embedder = try MiniLMEmbedder(pack: pack, runtime: try pack.openRuntime(), pool: InferencePool(threads: 1))
    let misread = try await misread(by: EmbeddedUnderstander(assistant: ShopAssistant.definition, embedder: embedder))
    #expect(misread.isEmpty, "\(misread)")
  }

  @Test func `are unlike plain words, which leave at once`() async throws {
    let understander = try await EmbeddedUnderstander(assistant: ShopAssistant.definition, embedder: nil)
    for (text, expected) in [
      ("cancel", "cancel"), ("goodbye", "goodbye"), ("I want to speak to a manager", "human"), ("agent", "human"),
      ("hold on a second", "hold"), ("talk to customer service", "human"),
    ] {
      for state in [CallState.summary, .address, .statusNumber] {
        let commands = try await understander.understand(state.request(text), deadline: .unhurried)
        #expect(canonical(commands) == expected, "[\(state)] \(text)")
      }
    }
  }
}

/// What is said when a change was read back.
@Suite struct `Answers to a read-back` {
  func commands(_ segments: [String], _ state: CallState = .confirmAddress) async throws -> String {
    let understander = try await EmbeddedUnderstander(assistant: Self.assistant, embedder: nil)
    let one = state.request("")
    let heard = segments.enumerated().map { index, text in
      Heard(
        text: Sensitive(token: SensitiveToken(label: .speech, id: "s\(index)"), value: text),
        confidence: Confidence(permille: 850), wordCount: text.split(separator: " ").count, kind: .content,
        ending: .open)
    }
    return canonical(
      try await understander.understand(
        UnderstandingRequest(
          turn: one.turn, heard: heard, awaiting: one.awaiting, activeFlow: one.activeFlow, fillable: one.fillable,
          filled: one.filled, startable: one.startable, today: one.today, minuteOfDay: one.minuteOfDay),
        deadline: .unhurried))
  }

  /// The shop, where `address_confirmed` is the flag of a changing tool.
  static let assistant: AssistantDefinition = {
    let shop = ShopAssistant.definition
    let tool = ToolDefinition(
      name: "change", summary: "change it", request: ToolRequest(method: "POST", url: "http://127.0.0.1/"),
      arguments: [], results: [], changesState: true, confirmedBy: "address_confirmed",
      source: SourceLocation(file: "tools.yml", line: 1, column: 1))
    return AssistantDefinition(
      version: shop.version, locale: shop.locale, persona: shop.persona, flows: shop.flows, slots: shop.slots,
      responses: [:], tools: [tool.name: tool], destinations: [:], voice: shop.voice, profile: shop.profile)
  }()
  @Test(arguments: [
    "are you sure", "I can't confirm that", "right, what was the address again?", "is that right", "yes if it is free",
    "yes I would like to", "right so the", "that would be lovely if it works", "I love it", "no, yes", "yes, cancel it",
    "okay bye",
  ])
  func `that are less than a yes are none`(_ text: String) async throws {
    let seen = try await commands([text])
    #expect(!seen.contains("address_confirmed=true") && !seen.contains("yes"), "\(seen)")
    #expect(!seen.contains("cancel") && !seen.contains("goodbye"), "\(seen)")
  }

  @Test(arguments: [
    "uh-huh", "no worries, go ahead", "I guess so", "go for it", "great, thank you", "yes please do",
  ])
  func `that are a yes are one`(_ text: String) async throws {
    #expect(try await commands([text]) == "set address_confirmed=true")
  }

  @Test func `are no yes in one breath when they are none as a whole`() async throws {
    for segments in [["yes", "but change the street"], ["yes", "if it is free"], ["okay", "what was it again"]] {
      let seen = try await commands(segments)
      #expect(!seen.contains("true"), "\(segments): \(seen)")
    }
    #expect(try await commands(["yes", "please"]) == "set address_confirmed=true")
  }

  @Test func `that give another value say nothing but that`() async throws {
    #expect(try await commands(["yes but send it to 14 Elm Street, Springfield"]).contains("true") == false)
    #expect(try await commands(["yes but it's order 87654321"]) == "set order_number=87654321")
  }
}
