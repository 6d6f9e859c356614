import Core

/// A value made to fit its slot.
enum CoercedValue {
  case value(SlotValue)
  /// It does not fit; the response says so.
  case mistyped(ResponseName)
}

extension EngineStep {
  /// Makes a value fit a slot's type: numbers from texts, categories in their declared spelling.
  mutating func coerce(_ value: SlotValue, for slot: CompiledSlot) -> CoercedValue {
    switch slot.definition.type {
    case .any: return .value(value)
    case .list:
      if case .list = value { return .value(value) }
      return .value(.list([value]))
    case .text:
      switch value {
      case .text, .sensitive: return .value(value)
      default: return value.revealedText.map { .value(.text($0)) } ?? .mistyped(BuiltInResponse.badCategory)
      }
    case .bool: return truth(of: value).map { .value(.bool($0)) } ?? .mistyped(BuiltInResponse.badBoolean)
    case .categorical(let values): return category(of: value, among: values, label: slot.definition.label)
    case .float(let minimum, let maximum): return number(of: value, minimum: minimum, maximum: maximum)
    }
  }

  private mutating func truth(of value: SlotValue) -> Bool? {
    func read(_ text: String) -> Bool? {
      switch text.lowercased() {
      case "true", "yes", "1": true
      case "false", "no", "0": false
      default: nil
      }
    }
    switch value {
    case .bool(let value): return value
    case .number(let number): return number == 1 ? true : number == 0 ? false : nil
    case .text(let text): return read(text)
    case .list: return nil
    case .sensitive(let sensitive):
      switch inquiry.facts.ask(sensitive, "is yes or no", answer: { .number(read($0).map { $0 ? 1 : 0 } ?? -1) }) {
      case .number(1): return true
      case .number(0): return false
      default: return nil
      }
    }
  }

  private mutating func category(of value: SlotValue, among values: [String], label: DataLabel?) -> CoercedValue {
    func find(_ text: String) -> Int? {
      let lower = text.lowercased()
      return values.firstIndex { $0.lowercased() == lower }
    }
    let found: Int?
    switch value {
    case .text(let text): found = find(text)
    case .number: found = value.revealedText.flatMap(find)
    case .bool(let value): found = find(value ? "true" : "false") ?? find(value ? "yes" : "no")
    case .list: found = nil
    case .sensitive(let sensitive):
      let question = "is one of " + FactQuestion.alternatives(values)
      let formerly = "is one of " + values.joined(separator: "|")
      let answer = inquiry.facts.ask(sensitive, question, formerly: formerly) { .number(find($0) ?? -1) }
      guard case .number(let index)? = answer,
        values.indices.contains(index)
      else { return .mistyped(BuiltInResponse.badCategory) }
      if label != nil { return .value(value) }
      found = index
    }
    guard let found else { return .mistyped(BuiltInResponse.badCategory) }
    return .value(.text(values[found]))
  }

  private mutating func number(of value: SlotValue, minimum: Double?, maximum: Double?) -> CoercedValue {
    func fits(_ number: Double) -> Bool {
      number.isFinite && number >= minimum ?? -.infinity && number <= maximum ?? .infinity
    }
    switch value {
    case .number(let number) where fits(number): return .value(value)
    case .text(let text):
      guard let number = Comparing.number(text), fits(number) else { return .mistyped(BuiltInResponse.badNumber) }
      return .value(.number(number))
    case .sensitive(let sensitive):
      let question = "is a number from \(minimum.map { String($0) } ?? "any") to \(maximum.map { String($0) } ?? "any")"
      let answer = inquiry.facts.ask(sensitive, question) { .truth(Comparing.number($0).map(fits) ?? false) }
      return answer == .truth(true) ? .value(value) : .mistyped(BuiltInResponse.badNumber)
    default: return .mistyped(BuiltInResponse.badNumber)
    }
  }

  /// Whether two values are the same, a caller's value by asking.
  mutating func areSame(_ left: SlotValue, _ right: SlotValue) -> Bool {
    if left == right { return true }
    guard case .sensitive(let new) = left else { return false }
    switch right {
    case .sensitive(let old):
      let answer = inquiry.facts.ask(new, "is the same as \(old.token.id)") { text in
        .truth(old.revealed == text)
      }
      return answer == .truth(true)
    default:
      guard let text = right.revealedText else { return false }
      let question = "is \(FactQuestion.quoted(text))"
      return inquiry.facts.ask(new, question, formerly: "is \(text)") { .truth($0 == text) } == .truth(true)
    }
  }
}
