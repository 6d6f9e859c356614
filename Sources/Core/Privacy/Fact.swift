/// Something a flow asked of a sensitive value, with the answer: journaled, so that replay works after the value is erased.
public struct Fact: Hashable, Sendable {
  /// The value asked about.
  public let token: SensitiveToken
  /// The question in canonical words, such as `equals 8` or `rejection order_number 0`; holds nothing of the value.
  public let question: String
  /// The answer.
  public let answer: FactAnswer
  /// A fact.
  public init(token: SensitiveToken, question: String, answer: FactAnswer) {
    self.token = token
    self.question = question
    self.answer = answer
  }
}

/// The answer to a question about a sensitive value.
public enum FactAnswer: Hashable, Sendable {
  /// Whether something holds.
  case truth(Bool)
  /// How many, or which.
  case number(Int)
}

/// The facts a conversation knows, and those it noted in the step under way.
///
/// Live, a question is answered from the value and noted. On replay the journaled facts are recalled first, and the answer is
/// taken from them; it is noted all the same, so that the effects compare equal.
///
/// An answer is remembered for a token and a question, so the question has to hold everything else the answer depends on.
public struct FactBook: Hashable, Sendable {
  private struct Key: Hashable {
    var token: SensitiveToken
    var question: String
  }
  private var answers: [Key: FactAnswer] = [:]
  private var told: Set<Key> = []
  private var fresh: [Fact] = []
  /// Whether the step under way is one of a journal: facts were recalled for it.
  private var isRecalling = false

  /// An empty book.
  public init() {}

  /// Facts read from a journal for the step that comes next; none is an answer too. Until `takeNoted` they go before values.
  public mutating func recall(_ facts: [Fact]) {
    isRecalling = true
    for fact in facts { answers[Key(token: fact.token, question: fact.question)] = fact.answer }
  }

  /// Asks `question` of a value: from what is known already, else from the value when it is there. Nil when neither is.
  ///
  /// - Parameter formerly: the words of an earlier release, which left out something the answer depends on. They count in the
  ///   steps of a journal of that release alone, where they were answered and acted on; in a step that happens now, never.
  public mutating func ask<Value>(
    _ sensitive: Sensitive<Value>, _ question: String, formerly: String? = nil, answer: (Value) -> FactAnswer
  ) -> FactAnswer? {
    var key = Key(token: sensitive.token, question: question)
    if isRecalling, answers[key] == nil, let formerly {
      let former = Key(token: sensitive.token, question: formerly)
      if answers[former] != nil { key = former }
    }
    let found = answers[key] ?? sensitive.revealed.map(answer)
    guard let found else { return nil }
    answers[key] = found
    if told.insert(key).inserted {
      fresh.append(Fact(token: sensitive.token, question: key.question, answer: found))
    }
    return found
  }

  /// Takes the facts noted since the last call, in the order asked.
  public mutating func takeNoted() -> [Fact] {
    isRecalling = false
    defer { fresh = [] }
    return fresh
  }
}
