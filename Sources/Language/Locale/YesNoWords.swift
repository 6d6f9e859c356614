/// The words by which a language says yes and no, and those that take a yes back.
///
/// What is no word of these tables is never part of a yes: a table that lacks a phrase makes the reader ask again, not err.
package struct YesNoWords: Hashable, Sendable {
  /// What a phrase does to the answer it stands in.
  enum Mark: Hashable, Sendable {
    /// Agreement, with how sure it is in thousandths; below 880 it may as well be a listener's sound.
    case yes(Int)
    /// Refusal, with how sure it is in thousandths.
    case no(Int)
    /// A refusal whose speaker is not sure, with how firmly it stands against other words: "not really".
    case doubtfulNo(Int)
    /// Politeness and sighs, which mean nothing wherever they stand.
    case neutral
    /// Means nothing before a yes; behind one more must follow: "so", "and".
    case lead
    /// Says the same again behind a yes.
    case tail
    /// Says that the speaker does not know, or only that he listens: "maybe", "I see".
    case hedge
    /// Binds a yes to something else, or changes what it is said to: "if", "but", "make it".
    case condition
    /// Opens a question.
    case question
    /// Negates whatever stands beside it.
    case negator
  }

  var marks: Phrasebook<Mark>
  /// Those that say the same again and answer a question of what is so without a yes before them: "that's it".
  var nods: PhraseSet
  /// Words at the end that turn what was said into a question: "it is Tuesday, right".
  var tags: PhraseSet
  /// Who is spoken to: "you".
  var listener: Set<String>
  /// Spellings without their apostrophe, and others that recognisers and keyboards give.
  var spellings: [String: String]
}
