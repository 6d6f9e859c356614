import Testing

@testable import Understanding

@Suite struct `Words one letter off` {
  static let mending = WordMending(
    examples: ["Where is my other order?", "move the delivery", "a red folder", "the lender or the tender"],
    isWord: { ["where", "is", "my", "other", "broader", "cave", "older"].contains($0) })

  @Test(arguments: [
    ("My other lorder.", "My other order"), ("where is my odrder", "where is my order"),
    ("the delivry", "the delivery"),
    ("the deliverys, please", "the delivery please"),
    // a word of the language, a short one, two letters off, two that are meant, the assistant's own
    ("my older", "my older"), ("my ordr", "my ordr"), ("oddrr", "oddrr"), ("dlivry", "dlivry"),
    ("the sender", "the sender"),
    ("a red folder", "a red folder"), ("", ""),
  ])
  func `are put back, and nothing else is`(_ heard: String, _ meant: String) {
    #expect(Self.mending.mended(heard) == meant)
  }

  @Test(arguments: [
    ("open another cave", ["open another case", "open another have"]), ("a good day", []), ("cas", []),
    ("the sender", ["the lender", "the tender"]), ("my older", ["my order"]),
    ("my hoarder", ["my order"]), ("my Ardour", ["my order"]), ("my harder", ["my order"]), ("my rudder", []),
  ])
  func `boldly, words of the language are put back too`(_ heard: String, _ meant: [String]) {
    let mending = WordMending(examples: ["I have to open another case", "my order", "the lender or the tender"]) { _ in
      true
    }
    #expect(mending.boldlyMended(heard) == meant)
    #expect(mending.mended(heard) == heard)
  }
}
