import Core
import Testing

@testable import Understanding

/// What callers say to the assistant itself, in every state: it is answered, and never taken for thanks.
@Suite struct `What is said to the assistant itself` {
  static let states: [CallState] = [
    .idle, .anythingElse, .statusNumber, .address, .confirmAddress, .date, .speed, .summary, .email,
  ]

  static let asides: [(String, Command)] = [
    ("are you sure", .aside(.doubt)), ("Are you sure?", .aside(.doubt)), ("are you sure about that", .aside(.doubt)),
    ("are you certain", .aside(.doubt)), ("really?", .aside(.doubt)),
    ("are you a robot", .aside(.about)), ("Are you a robot?", .aside(.about)), ("is this a robot", .aside(.about)),
    ("am I talking to a machine", .aside(.about)), ("are you real", .aside(.about)), ("are you human", .aside(.about)),
    ("who is this", .aside(.about)), ("Who is this, please?", .aside(.about)), ("who are you", .aside(.about)),
    ("who am I speaking to", .aside(.about)), ("what's your name", .aside(.about)),
    ("what can you do", .aside(.about)), ("What can you do for me?", .aside(.about)),
    ("what can you help me with", .aside(.about)), ("so what can you do", .aside(.about)),
    ("hello?", .aside(.greeting)), ("hello, hello", .aside(.greeting)), ("are you there", .aside(.greeting)),
    ("can you hear me", .aside(.greeting)), ("hello, are you there?", .aside(.greeting)),
    ("pardon?", .repeatLast), ("sorry?", .repeatLast), ("what?", .repeatLast), ("huh?", .repeatLast),
    ("one moment, please", .hold), ("just one second", .hold), ("give me a minute", .hold), ("in a minute", .hold),
    ("hold the line please", .hold), ("uh", .cannotHandle(.notUnderstood)),
  ]

  @Test(arguments: asides) func `means the same in every state`(_ text: String, _ command: Command) async throws {
    let understander = try await Shared.ngrams.value
    for state in Self.states {
      let seen = try await understander.understand(state.request(text), deadline: .unhurried)
      #expect(seen.map(\.command) == [command], "\(state)")
    }
  }

  @Test(arguments: [
    "are you really quite sure of it?", "what are you doing there?", "why is that?", "do you know what you are doing?",
    "how do you know that?", "what kind of thing are you?", "could you tell me more about you?",
  ])
  func `is no thanks when it is a question`(_ text: String) async throws {
    let understander = try await Shared.ngrams.value
    for state in Self.states {
      let seen = try await understander.understand(state.request(text), deadline: .unhurried)
      #expect(!seen.map(\.command).contains(.chitchat), "\(state)")
    }
  }

  @Test(arguments: ["that's it", "mm-hmm", "uh-huh", "Mhm.", "that is it", "yes, that's it"])
  func `is a yes to a plain question when it nods`(_ text: String) async throws {
    let understander = try await Shared.ngrams.value
    for state in [CallState.confirmAddress, .confirmDate] {
      let seen = canonical(try await understander.understand(state.request(text), deadline: .unhurried))
      #expect(seen.hasPrefix("set ") && seen.hasSuffix("_confirmed=true"), "\(seen)")
    }
  }

  @Test(arguments: ["that's it", "mm-hmm", "uh-huh", "Mhm.", "that is it", "I think that's it"])
  func `is too little for a change when it only nods`(_ text: String) async throws {
    let understander = try await EmbeddedUnderstander(assistant: `Answers to a read-back`.assistant, embedder: nil)
    let seen = try await understander.understand(CallState.confirmAddress.request(text), deadline: .unhurried)
    for proposal in seen where proposal.command == .setSlot("address_confirmed", .bool(true)) {
      #expect(proposal.confidence < .sureToAssent)
    }
  }

  @Test(arguments: ["that's it", "that's it, thanks", "that is it"])
  func `ends the call where all is done when that is all`(_ text: String) async throws {
    let understander = try await Shared.ngrams.value
    for state in [CallState.idle, .anythingElse] {
      #expect(canonical(try await understander.understand(state.request(text), deadline: .unhurried)) == "goodbye")
    }
  }
}
