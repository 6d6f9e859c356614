/// Words of the caller as they enter a conversation: the text behind its token, with what the pure rooms need to know of it.
///
/// The shell computes the features with `Language` against what the conversation listens for, so replay needs no text.
public struct Heard: Hashable, Sendable {
  /// The words.
  public let text: Sensitive<String>
  /// How sure the recogniser is.
  public let confidence: Confidence
  /// How many words.
  public let wordCount: Int
  /// What kind of words.
  public let kind: Kind
  /// Whether they are a whole answer to what was asked.
  public let ending: Ending
  /// The how-manieth voice of the call they are the words of, from 1: words may come in another order than they were said.
  /// Nil in journals written before segments were counted.
  public let segment: Int?
  /// The first voice whose sound they were read from, together with all that followed: they replace its words. Nil: none but their own.
  public let since: Int?
  /// What else the same sound may have been, likeliest first; empty where the recogniser is sure, or does not tell.
  public let others: [Sensitive<String>]

  /// Words with their features.
  public init(
    text: Sensitive<String>, confidence: Confidence, wordCount: Int, kind: Kind, ending: Ending, segment: Int? = nil,
    since: Int? = nil, others: [Sensitive<String>] = []
  ) {
    self.text = text
    self.confidence = confidence
    self.wordCount = wordCount
    self.kind = kind
    self.ending = ending
    self.segment = segment
    self.since = since
    self.others = others
  }

  /// What kind of words they are while the agent speaks.
  public enum Kind: String, Hashable, Sendable, Codable {
    /// Nothing a person would call words.
    case empty = "empty"
    /// `mhm`, `okay`, `right`: the caller listens on.
    case backchannel = "backchannel"
    /// `stop`, `wait`, `no`: the caller wants the floor, at once.
    case interruption = "interruption"
    /// Anything else.
    case content = "content"
  }

  /// Whether the words are a whole answer.
  public enum Ending: String, Hashable, Sendable, Codable {
    /// Surely: eight of eight digits, yes, a full sentence to a known question.
    case complete = "complete"
    /// Surely not: four of eight digits, a trailing `and`.
    case incomplete = "incomplete"
    /// Nobody can tell.
    case open = "open"
  }
}
