/// Words that leave open which value is meant: another one beside it, a range, a limit, a part.
package struct OpenWords: Hashable, Sendable {
  /// "or": another value follows.
  var alternatives: Set<String>
  /// "or so": no other value follows.
  var noAlternatives: PhraseSet
  /// "between": two ends follow.
  var spans: Set<String>
  /// "to", "through": the other end follows.
  var spanEnds: Set<String>
  /// Verbs by which "from ... to" is a change and not a range.
  var changes: Set<String>
  /// "before", "at least": what follows is a limit.
  var limitsBefore: PhraseSet
  /// "at the latest", "onwards": what came before is a limit.
  var limitsBehind: PhraseSet
  /// "from", in front of a limit that one of `limitClosings` follows.
  var limitOpening: String
  /// "on", behind a limit that `limitOpening` opens.
  var limitClosings: Set<String>
  /// "half of", "a quarter": a part of what follows is meant.
  var parts: PhraseSet
  /// "percent": no amount of money.
  var shares: Set<String>
  /// "less than", "more": an amount before it is a difference.
  var differencesBehind: PhraseSet
  /// "plus", "twice": an amount behind it is a part of a sum.
  var differencesBefore: PhraseSet
  /// "about", "the": may stand between one of these words and the value.
  var loose: Set<String>
}

extension OpenWords {
  static let english = OpenWords(
    alternatives: ["or"],
    noAlternatives: PhraseSet([
      "or so", "or thereabouts", "or something", "or something like that", "or rather", "or whatever",
    ]),
    spans: ["between"], spanEnds: ["to", "through", "thru", "until", "till"],
    changes: [
      "change", "changed", "changing", "move", "moved", "switch", "raise", "lower", "reduce", "increase", "correct",
    ],
    limitsBefore: PhraseSet([
      "before", "after", "until", "till", "than", "at least", "at most", "up to", "over", "under", "below", "above",
      "beyond", "since", "starting", "starting on", "beginning", "not before", "as of", "week on", "weeks on",
      "a minimum of", "a maximum of", "minimum", "maximum",
    ]),
    limitsBehind: PhraseSet([
      "at the latest", "at the earliest", "latest", "earliest", "onward", "onwards", "the week after",
      "the following week", "the week before", "a week later", "and later", "and earlier",
      "and after", "and before", "after next", "and a half", "at most", "at least", "at a minimum", "at a maximum",
      "minimum", "maximum", "or more", "or less",
    ]),
    limitOpening: "from", limitClosings: ["on", "onward", "onwards", "forward"],
    parts: PhraseSet([
      "half", "half of", "quarter", "quarter of", "quarters of", "third of", "thirds of", "tenth of", "fraction of",
      "part of", "some of", "percent of", "per cent of",
    ]),
    shares: ["percent"],
    differencesBehind: PhraseSet([
      "less", "more", "less than", "more than", "extra", "on top", "fewer", "higher", "lower", "too much", "too little",
    ]),
    differencesBefore: PhraseSet(["plus", "twice", "double", "triple", "times"]),
    loose: [
      "the", "a", "an", "about", "around", "maybe", "perhaps", "possibly", "even", "say", "like", "just", "on", "at",
    ])
}
