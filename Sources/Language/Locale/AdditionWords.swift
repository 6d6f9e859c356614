/// Words that add to a wish when, how often or on which condition it is meant, or that it is meant only nearly.
package struct AdditionWords: Hashable, Sendable {
  /// "Every month", "weekly".
  var repetitions: PhraseSet
  /// "Every", "each": one of the calendar's units, or a weekday, follows.
  var repeating: Set<String>
  /// "Next month": a day, but not which.
  var later: PhraseSet
  /// "Only if", "unless".
  var conditions: PhraseSet
  /// "If", "when", "later": behind an amount they bind it.
  var conditionsBehind: PhraseSet
  /// "If not possible", "otherwise": something else is wanted where it cannot be.
  var alternatives: PhraseSet
  /// "All of them", "both my": more than one is wanted.
  var multitudes: PhraseSet
  /// "If possible": courtesy that binds nothing.
  var courtesies: PhraseSet
  /// "Before noon", "in the morning".
  var times: PhraseSet
  /// "Morning", right behind a day.
  var timesBehind: Set<String>
  /// "About", in front of an amount.
  var nearlyBefore: PhraseSet
  /// "How about": proposes an amount.
  var proposals: Set<String>
  /// "Or so", behind an amount.
  var nearlyBehind: PhraseSet
}

extension AdditionWords {
  static let english = AdditionWords(
    repetitions: PhraseSet([
      "daily", "weekly", "monthly", "yearly", "annually", "quarterly", "fortnightly", "biweekly", "a month", "a week",
      "a year", "per month", "per week", "per day", "per year", "once a month", "once a week", "standing order",
      "recurring", "regularly", "every other week", "every other month", "every two weeks", "every other day",
    ]),
    repeating: ["every", "each"],
    later: PhraseSet([
      "next week", "next month", "next year", "end of the month", "end of the week", "end of month", "later today",
      "later this week", "later this month", "this weekend", "next weekend", "at the weekend", "on the weekend",
      "on payday",
    ]),
    conditions: PhraseSet([
      "only if", "only when", "only before", "only after", "only on", "only at", "only once", "unless", "as long as",
      "provided that", "on condition", "on the condition",
    ]),
    conditionsBehind: PhraseSet([
      "if", "when", "whenever", "as soon as", "once i", "once my", "once the", "once it", "once they", "later",
      "provided", "before", "after", "until", "till",
    ]),
    alternatives: PhraseSet([
      "if not possible", "if that's not possible", "if that is not possible", "if not then", "if not the", "if not on",
      "if that doesn't work", "if that does not work", "if it doesn't work", "if that's taken", "if that is taken",
      "if it's taken", "if it is taken", "if there's nothing", "if there is nothing", "otherwise", "or else",
      "alternatively", "failing that", "or if not",
    ]),
    multitudes: PhraseSet([
      "all of them", "all of those", "all of these", "all of my", "all of our", "all my", "all our", "both of them",
      "both of my", "both my", "both cards", "both appointments", "both orders", "them all", "cancel all", "block all",
      "move all", "every one of them", "each of them", "everything i have", "all appointments", "all cards",
    ]),
    courtesies: PhraseSet([
      "if possible", "if you can", "if you could", "if you please", "if you don't mind", "if you wouldn't mind",
      "if you would", "if you will", "if that's okay", "if that is okay", "if that's all right", "if that's possible",
      "if that is possible", "if it's possible", "if it is possible", "if i may", "if i can", "if not", "after all",
      "when you can", "when you're ready",
    ]),
    times: PhraseSet([
      "in the morning", "in the afternoon", "in the evening", "at night", "before noon", "after noon", "at noon",
      "around noon", "by noon", "midday", "midnight", "before lunch", "after lunch", "after work", "before work",
      "at lunchtime",
    ]),
    timesBehind: ["morning", "afternoon", "evening", "night", "noon"],
    nearlyBefore: PhraseSet([
      "about", "around", "roughly", "approximately", "circa", "nearly", "almost", "something like", "some", "about a",
      "around a",
    ]),
    proposals: ["how", "what"],
    nearlyBehind: PhraseSet([
      "or so", "or thereabouts", "ish", "give or take", "more or less", "or something", "or something like that",
    ]))
}
