import Core
import Language

/// Commands that are said in fixed words. A rule fires when its words are the whole utterance, politeness apart.
struct CommandPhrases: Sendable {
  /// What a rule stands for.
  enum Kind: String, Hashable, Sendable {
    case cancel, repeatLast = "repeat", human, hold, goodbye, closing, restart, skip
    /// "Cancel that": drops what is under way, and where nothing is, takes back what was done.
    case cancelThat
    /// "Undo that", "do it again": said of what was done, where nothing is under way.
    case undo, doAgain
    /// Said to the assistant itself.
    case greeting, about, doubt
    /// Asked of what was just done: "was that done?"
    case outcome

    /// Whether it drops what is under way.
    var leaves: Bool {
      switch self {
      case .cancel, .cancelThat, .undo, .goodbye, .closing, .restart, .human: true
      case .repeatLast, .doAgain, .hold, .skip, .greeting, .about, .doubt, .outcome: false
      }
    }
  }

  let book: Phrasebook<Kind>
  /// Politeness and sighs, taken off both ends.
  let frame: PhraseSet
  /// "I want to", "can you": taken off the front.
  let openings: PhraseSet
  /// "talk to", "get me".
  let reachVerbs: PhraseSet
  /// "a real", "your".
  let reachFillers: PhraseSet
  /// "person", "agent".
  let people: PhraseSet

  /// Questions after what was done.
  let outcomes: OutcomeQuestions

  /// The people that nobody names but to be put through.
  let operators: PhraseSet

  /// The rule that the whole utterance matches. `isFreelyAsked`: any words may be an answer, so that "my colleague" is one, and
  /// a person is wanted only who is asked for by a verb.
  func match(_ text: String, isFreelyAsked: Bool = false) -> Kind? {
    let words = Word.split(text).texts
    if let kind = book.meaning(of: words) { return kind }
    // "uh huh" is no "huh"
    if YesNoAnswer.of(text, locale: .americanEnglish) == .yes { return nil }
    var start = 0
    var end = words.count
    strip(words, &start, &end)
    guard start < end else { return nil }
    if let kind = book.meaning(of: Array(words[start..<end])) { return kind }
    while let opening = openings.match(words, at: start, before: end), start + opening.count < end {
      start += opening.count
      strip(words, &start, &end)
    }
    guard start < end else { return nil }
    let core = Array(words[start..<end])
    if let kind = book.meaning(of: core) { return kind }
    if reaches(core, byVerbOnly: isFreelyAsked) { return .human }
    if outcomes.asks(core) { return .outcome }
    return twofold(core)
  }

  private func strip(_ words: [String], _ start: inout Int, _ end: inout Int) {
    while let polite = frame.match(words, at: start, before: end), start + polite.count < end { start += polite.count }
    stripping: while end > start + 1 {
      for length in [3, 2, 1] where end - length > start {
        if frame.meaning(of: Array(words[end - length..<end])) != nil {
          end -= length
          continue stripping
        }
      }
      break
    }
  }

  // "talk to a real human being", "person", "your supervisor"
  private func reaches(_ words: [String], byVerbOnly: Bool) -> Bool {
    var index = 0
    while let verb = reachVerbs.match(words, at: index, before: words.count) { index += verb.count }
    if byVerbOnly, index == 0, !operators.covers(words) { return false }
    return isPerson(words, from: index)
  }

  /// A person, after any of "a", "real", "customer service"; some of these words are people by themselves.
  private func isPerson(_ words: [String], from start: Int) -> Bool {
    guard start < words.count else { return false }
    for length in 1...min(3, words.count - start) where people.meaning(of: Array(words[start..<start + length])) != nil
    {
      var index = start + length
      while index < words.count,
        let tail = frame.match(words, at: index, before: words.count)
          ?? people.match(words, at: index, before: words.count)
      {
        index += tail.count
      }
      if index == words.count { return true }
    }
    guard let filler = reachFillers.match(words, at: start, before: words.count) else { return false }
    return isPerson(words, from: start + filler.count)
  }

  // "never mind, forget it": one command said twice; "that is all, goodbye" is a goodbye
  private func twofold(_ words: [String]) -> Kind? {
    guard var first = book.match(words, at: 0, before: words.count) else { return nil }
    var index = first.count
    while index < words.count {
      if let again = book.match(words, at: index, before: words.count) {
        if first.meaning == .closing, again.meaning == .goodbye { first.meaning = .goodbye }
        // "never mind, cancel that" says what it is about
        if first.meaning == .cancel, again.meaning == .cancelThat { first.meaning = .cancelThat }
        guard again.meaning == first.meaning || (first.meaning, again.meaning) == (.cancelThat, .cancel) else {
          return nil
        }
        index += again.count
      } else if let polite = frame.match(words, at: index, before: words.count) {
        index += polite.count
      } else {
        return nil
      }
    }
    return first.meaning
  }
}
