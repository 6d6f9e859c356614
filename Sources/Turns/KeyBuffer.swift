import Core

/// Gathers keys into entries by the grammar of the question asked; a key is asked about, never looked at, so that a card
/// number never shows in a journal.
struct KeyBuffer: Hashable, Sendable {
  /// Counts entries, to name their timers.
  private(set) var entry = 1
  private var pressed: [Sensitive<String>] = []

  enum Result: Hashable {
    /// The entry goes on; it ends when nothing comes for this long.
    case more(CallSpan)
    case entered(KeyEntry)
  }

  var isEmpty: Bool { pressed.isEmpty }

  /// Whether a key means nothing: the end key before any other, as when the entry was complete without it.
  func isIdle(_ key: Sensitive<String>, grammar: DigitGrammar?, facts: inout FactBook) -> Bool {
    pressed.isEmpty && grammar?.menu[Self.commonEndKey] == nil && facts.isKey(key, Self.commonEndKey)
  }

  /// Whether a key by itself is a yes.
  func agrees(_ key: Sensitive<String>, grammar: DigitGrammar?, facts: inout FactBook) -> Bool {
    guard pressed.isEmpty, let grammar else { return false }
    for (choice, value) in grammar.menu.sorted(by: { $0.key < $1.key })
    where value == .bool(true) && facts.isKey(key, choice) { return true }
    return false
  }

  private static let commonEndKey = "#"

  mutating func press(_ key: Sensitive<String>, grammar: DigitGrammar?, facts: inout FactBook) -> Result {
    guard let grammar else { return .entered(.digits(.joining([key], label: key.token.label), isComplete: true)) }
    if pressed.isEmpty {
      for (choice, value) in grammar.menu.sorted(by: { $0.key < $1.key }) where facts.isKey(key, choice) {
        return .entered(.choice(value))
      }
    }
    if let end = grammar.endKey, facts.isKey(key, end) {
      return .entered(joined(isComplete: pressed.count >= grammar.minimum))
    }
    pressed.append(key)
    if pressed.count >= grammar.maximum { return .entered(joined(isComplete: true)) }
    return .more(grammar.interDigitTimeout)
  }

  /// What was entered before the caller stopped; nil when nothing was.
  mutating func takeUnfinished(grammar: DigitGrammar?) -> KeyEntry? {
    pressed.isEmpty ? nil : joined(isComplete: pressed.count >= (grammar?.minimum ?? 1))
  }

  mutating func clear() {
    pressed = []
    entry += 1
  }

  /// An empty buffer whose timers are told from this one's.
  var next: KeyBuffer {
    var next = self
    next.clear()
    return next
  }

  /// The keys' own; where some were pressed before their question the one that is more than talk.
  private var label: DataLabel { pressed.first { $0.token.label != .speech }?.token.label ?? .speech }

  private func joined(isComplete: Bool) -> KeyEntry {
    .digits(.joining(pressed, label: label), isComplete: isComplete)
  }
}

extension FactBook {
  /// Whether a pressed key is this one.
  fileprivate mutating func isKey(_ pressed: Sensitive<String>, _ key: String) -> Bool {
    ask(pressed, "is key \(key)") { .truth($0 == key) } == .truth(true)
  }
}
