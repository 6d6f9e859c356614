import Language

/// Questions after what became of the last wish: "was that done?", "did you block it?", "has it gone through?".
struct OutcomeQuestions: Sendable {
  /// "Was that", "is it": one of `results` follows.
  let openings: PhraseSet
  /// "Did you", "have you": a verb and what it was done to follow.
  let doings: PhraseSet
  /// "Done", "go through".
  let results: PhraseSet
  /// What something was done to: "it".
  let objects: Set<String>
  /// In front of a thing that is named: "the".
  let articles: Set<String>
  /// What assistants do that changes nothing: "hear".
  let senses: Set<String>
  /// Words that may stand anywhere: "already".
  let loose: PhraseSet

  /// Whether the words ask that and nothing else.
  func asks(_ said: [String]) -> Bool {
    let words = said.filter { !loose.contains($0) }
    if let opening = openings.match(words, at: 0, before: words.count),
      results.meaning(of: Array(words[opening.count...])) != nil
    {
      return true
    }
    guard let doing = doings.match(words, at: 0, before: words.count), doing.count + 1 < words.count,
      !senses.contains(words[doing.count])
    else { return false }
    let object = words[(doing.count + 1)...]
    return objects.contains(object[object.startIndex]) && object.count == 1
      || articles.contains(object[object.startIndex]) && (2...3).contains(object.count)
  }

  static let english = OutcomeQuestions(
    openings: PhraseSet([
      "was that", "was it", "was this", "is that", "is it", "is this", "is everything", "was everything", "has that",
      "has it", "has this", "did that", "did it", "did this", "did everything", "has everything", "have you", "are you",
      "is my card", "is the card", "is my appointment", "is my address", "is the address", "is the money", "did you",
    ]),
    doings: PhraseSet(["did you", "have you"]),
    results: PhraseSet([
      "done", "do it", "do that", "do this", "done it", "done that", "been done", "work", "worked", "go through",
      "gone through", "through", "went through", "happen", "happened", "been changed", "changed", "blocked",
      "been blocked", "booked", "been booked", "moved", "been moved", "cancelled", "been cancelled", "saved",
      "been saved", "finished", "completed", "complete", "been completed", "successful", "a success", "succeed",
      "transferred", "been transferred", "all done", "go ok", "go okay", "go well", "recorded", "confirmed", "in order",
    ]),
    objects: ["it", "that", "this", "them", "everything"], articles: ["my", "the"],
    senses: [
      "get", "hear", "understand", "catch", "say", "said", "mean", "know", "see", "find", "tell", "ask", "want", "call",
      "got", "heard", "understood", "caught", "found", "told", "asked", "have", "receive", "received", "deliver",
      "delivered", "ship", "shipped", "check", "need", "like", "try", "read", "write", "think", "look",
    ],
    loose: PhraseSet([
      "already", "now", "yet", "really", "actually", "just", "okay", "ok", "so", "right", "then", "please", "and",
      "but",
    ]))
}
