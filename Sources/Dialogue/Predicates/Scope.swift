import Core

/// What was asked of sensitive values while deciding, and what could not be decided.
struct Inquiry: Sendable {
  /// Answers about sensitive values.
  var facts = FactBook()
  /// What was wrong with conditions and texts, in words for authors.
  var problems: [String] = []
  /// Whether a safeguard hangs on the answer: values without an order are a problem, and texts that write numbers compare as
  /// numbers.
  var isStrict = false
  /// Whether a change hangs on the text: then it is asked of callers' values, too, whether they can be said.
  var isReadBack = false
  /// How many places of a text were left without words.
  var gaps = 0
}

/// What conditions and texts may look at: slots, the contexts of the patterns on top, the day.
struct Scope {
  let program: CompiledAssistant
  let slots: [SlotName: SlotState]
  let stack: [Frame]
  let clock: DialogueClock
  let channel: Channel
  /// Changes that can still be undone.
  var compensable = 0
  /// `value` in texts that have one.
  var value: ContextValue?

  /// A context key, of the pattern on top or of those below it down to the next journey.
  func context(_ key: String) -> ContextValue? {
    for frame in stack.reversed() {
      if let found = frame.context[key] { return found }
      if !program.flows[frame.flow].isPattern { break }
    }
    switch key {
    case "today": return .value(.text(clock.today.description), .date)
    case "time": return .value(.text(Self.time(clock.minuteOfDay)), .time)
    case "compensable": return .number(compensable)
    case "assistant_name": return .value(.text(program.definition.persona.name), nil)
    case "channel": return .value(.text(channel.rawValue), nil)
    default: return nil
    }
  }

  /// A dotted path below a context key.
  func context(path: some Sequence<String>) -> ContextValue? {
    var found: ContextValue?
    for (index, part) in path.enumerated() {
      if index == 0 {
        found = context(part)
      } else if case .map(let entries) = found {
        found = entries.first { $0.key == part }?.value
      } else {
        return nil
      }
    }
    return found
  }

  private static func time(_ minuteOfDay: Int) -> String {
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
    return two(minuteOfDay / 60 % 24) + ":" + two(minuteOfDay % 60)
  }
}

/// What a pattern's context holds under a key.
enum ContextValue: Hashable, Sendable {
  /// One value, and how it is spoken.
  case value(SlotValue, SlotGrammar?)
  /// Several.
  case list([ContextValue])
  /// Several by name, in order.
  case map([Entry])

  struct Entry: Hashable, Sendable {
    var key: String
    var value: ContextValue?
  }

  static func text(_ text: String) -> ContextValue { .value(.text(text), nil) }
  static func bool(_ value: Bool) -> ContextValue { .value(.bool(value), nil) }
  static func number(_ value: Int) -> ContextValue { .value(.number(Double(value)), nil) }
  static func texts(_ texts: [String]) -> ContextValue { .list(texts.map { .text($0) }) }

  /// As a slot would hold it; nil for a map.
  var slotValue: SlotValue? {
    switch self {
    case .value(let value, _): value
    case .list(let values): .list(values.compactMap(\.slotValue))
    case .map: nil
    }
  }
}
