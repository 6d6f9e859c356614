/// Something a flow asked of a sensitive value, with the answer: journaled, so that replay works after the value is erased.
public struct Fact: Hashable, Sendable, Codable {
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
public enum FactAnswer: Hashable, Sendable, Codable {
  /// Whether something holds.
  case truth(Bool)
  /// How many, or which.
  case number(Int)
}

/// The facts a conversation knows, and those it noted in the step under way.
///
/// Live, a question is answered from the value and noted. On replay the journaled facts are recalled first, and the answer is
/// taken from them; it is noted all the same, so that the effects compare equal.
public struct FactBook: Hashable, Sendable {
  private struct Key: Hashable {
    var token: SensitiveToken
    var question: String
  }
  private var answers: [Key: FactAnswer] = [:]
  private var told: Set<Key> = []
  private var fresh: [Fact] = []

  /// An empty book.
  public init() {}

  /// Facts read from a journal, used where the value is gone.
  public mutating func recall(_ facts: [Fact]) {
    for fact in facts { answers[Key(token: fact.token, question: fact.question)] = fact.answer }
  }

  /// Asks `question` of a value: from the value when it is there, else from what was recalled. Nil when neither is.
  public mutating func ask<Value>(
    _ sensitive: Sensitive<Value>, _ question: String, answer: (Value) -> FactAnswer
  ) -> FactAnswer? {
    let key = Key(token: sensitive.token, question: question)
    let found = answers[key] ?? sensitive.revealed.map(answer)
    guard let found else { return nil }
    answers[key] = found
    if told.insert(key).inserted {
      fresh.append(Fact(token: sensitive.token, question: question, answer: found))
    }
    return found
  }

  /// Takes the facts noted since the last call, in the order asked.
  public mutating func takeNoted() -> [Fact] {
    defer { fresh = [] }
    return fresh
  }
}
