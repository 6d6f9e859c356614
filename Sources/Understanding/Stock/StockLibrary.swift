public import Core

/// Sentences every assistant should know what to make of, whatever its flows: thanks, greetings, hand-off, out of scope.
public struct StockLibrary: Hashable, Sendable {
  /// The intents, in a fixed order.
  public let intents: [StockIntent]

  /// A library.
  public init(intents: [StockIntent]) { self.intents = intents }

  /// The library for a locale: English so far, for every locale.
  public static func library(for locale: LocaleTag) -> StockLibrary { .english }
}

/// One stock intent with what people say to mean it.
public struct StockIntent: Hashable, Sendable {
  /// What is meant.
  public let kind: Kind
  /// Twenty and more examples, varied.
  public let examples: [String]

  /// A stock intent.
  public init(_ kind: Kind, _ examples: [String]) {
    self.kind = kind
    self.examples = examples
  }

  /// What is meant.
  public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
    case affirm, deny, cancel, complaint, goodbye, greeting, handoff, hold, thanks
    case lacksAnswer = "lacks_answer"
    case outOfScope = "out_of_scope"
    case repeatLast = "repeat"
    case smallTalk = "small_talk"

    /// Whether it greets, complains or thanks.
    var answersTalk: Bool {
      switch self {
      case .greeting, .complaint, .thanks: true
      default: false
      }
    }

    /// Whether it ends or rests the call, hands it over, or drops what is under way.
    var leaves: Bool {
      switch self {
      case .cancel, .goodbye, .handoff, .hold: true
      default: false
      }
    }
  }
}
