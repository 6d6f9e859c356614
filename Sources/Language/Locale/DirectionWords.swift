public import Core

/// Words that tell where something comes from and where it goes.
package struct DirectionWords: Hashable, Sendable {
  /// "From": what follows is left.
  var sources: PhraseSet
  /// "To": what follows is reached.
  var targets: PhraseSet
  /// "My", "account": may stand between.
  var between: Set<String>
  /// What slots for a source are called: `source_account`.
  package var sourceNames: Set<String>
  /// What slots for a target are called: `transfer_target`.
  package var targetNames: Set<String>
}

extension DirectionWords {
  static let english = DirectionWords(
    sources: PhraseSet(["from", "out of", "off", "off of"]), targets: PhraseSet(["to", "into", "onto", "towards"]),
    between: [
      "my", "the", "our", "your", "a", "an", "own", "account", "number", "accounts", "her", "his", "their", "this",
      "that",
    ],
    sourceNames: ["from", "source", "origin", "sender"],
    targetNames: ["to", "target", "destination", "payee", "recipient", "receiver", "beneficiary"])
}

/// Which end of a movement a value is.
public enum Direction: Hashable, Sendable {
  /// It comes from there.
  case source
  /// It goes there.
  case target

  /// What the words in front of a value say of it: "from my savings"; nil when they say nothing.
  public init?(before place: Int, in text: String, locale: LocaleTag) {
    let words = Word.split(text)
    let directions = LanguagePack.pack(for: locale).directions
    var end = min(place, words.count)
    while end > 0, directions.between.contains(words[end - 1].text), !words[end - 1].pauses { end -= 1 }
    guard end > 0, !words[end - 1].pauses else { return nil }
    func ends(_ phrases: PhraseSet) -> Bool {
      (1...2).contains { $0 <= end && phrases.meaning(of: words[end - $0..<end].map(\.text)) != nil }
    }
    if ends(directions.sources) {
      self = .source
    } else if ends(directions.targets) {
      self = .target
    } else {
      return nil
    }
  }

  /// The end that something is by its name, in parts of it: `transfer_target`; nil for a name that says nothing.
  public init?(named parts: [String], locale: LocaleTag) {
    let directions = LanguagePack.pack(for: locale).directions
    if parts.contains(where: directions.sourceNames.contains) {
      self = .source
    } else if parts.contains(where: directions.targetNames.contains) {
      self = .target
    } else {
      return nil
    }
  }
}
