import Core

/// How clear values compare. Texts are texts: `'10' < '9'` holds, as authors of the format expect; days compare as days.
enum Comparing {
  /// Whether two values are the same for a flow: a number equals the text that writes it.
  static func areEqual(_ left: SlotValue, _ right: SlotValue, ignoringCase: Bool) -> Bool {
    switch (left, right) {
    case (.bool(let left), .bool(let right)): left == right
    case (.number(let left), .number(let right)): left == right
    case (.number(let number), .text(let text)), (.text(let text), .number(let number)): self.number(text) == number
    case (.bool(let value), .text(let text)), (.text(let text), .bool(let value)):
      text.lowercased() == (value ? "true" : "false")
    case (.text(let left), .text(let right)):
      ignoringCase ? left.lowercased() == right.lowercased() : left == right
    case (.list(let left), .list(let right)):
      left.count == right.count
        && zip(left, right).allSatisfy { areEqual($0, $1, ignoringCase: ignoringCase) }
    case (.sensitive(let left), .sensitive(let right)): left == right
    default: false
    }
  }

  /// Whether an order holds; false for what has none.
  static func holds(_ left: SlotValue, _ comparison: Comparison, _ right: SlotValue, ignoringCase: Bool) -> Bool {
    switch comparison {
    case .equal: areEqual(left, right, ignoringCase: ignoringCase)
    case .notEqual: !areEqual(left, right, ignoringCase: ignoringCase)
    case .less: order(left, right) == .some(.less)
    case .lessOrEqual: order(left, right).map { $0 != .more } ?? false
    case .greater: order(left, right) == .some(.more)
    case .greaterOrEqual: order(left, right).map { $0 != .less } ?? false
    }
  }

  /// Whether an order surely holds: days as days, all else as numbers; nil where a value is neither.
  static func strictly(_ left: SlotValue, _ comparison: Comparison, _ right: SlotValue) -> Bool? {
    let found: Order
    if let left = day(of: left), let right = day(of: right) {
      found = order(left, right)
    } else if let left = number(left), let right = number(right) {
      found = order(left, right)
    } else {
      return nil
    }
    switch comparison {
    case .less: return found == .less
    case .lessOrEqual: return found != .more
    case .greater: return found == .more
    case .greaterOrEqual: return found != .less
    case .equal: return found == .same
    case .notEqual: return found != .same
    }
  }

  private static func day(of value: SlotValue) -> CivilDate? {
    if case .text(let text) = value { day(text) } else { nil }
  }

  private enum Order { case less, same, more }

  private static func order(_ left: SlotValue, _ right: SlotValue) -> Order? {
    if case .text(let left) = left, case .text(let right) = right {
      if let left = day(left), let right = day(right) { return order(left, right) }
      return order(left, right)
    }
    guard let left = number(left), let right = number(right) else { return nil }
    return order(left, right)
  }

  private static func order<T: Comparable>(_ left: T, _ right: T) -> Order {
    left < right ? .less : left == right ? .same : .more
  }

  /// The number a value is, or writes.
  static func number(_ value: SlotValue) -> Double? {
    switch value {
    case .number(let value): value
    case .text(let text): number(text)
    default: nil
    }
  }

  /// The number a text writes; nil for anything that is not finite.
  static func number(_ text: String) -> Double? {
    guard let value = Double(text), value.isFinite else { return nil }
    return value
  }

  /// The day a text writes: `YYYY-MM-DD`, with or without a time behind it, or `MM/DD/YYYY`.
  static func day(_ text: String) -> CivilDate? {
    if let date = CivilDate(iso8601: text) { return date }
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[2].count == 4, let month = Int(parts[0]), let day = Int(parts[1]),
      let year = Int(parts[2])
    else { return nil }
    return CivilDate(year: year, month: month, day: day)
  }

  /// Whether something holds nothing a flow could use.
  static func isTruthy(_ value: SlotValue) -> Bool {
    switch value {
    case .bool(let value): value
    case .number(let value): value != 0
    case .text(let text): !text.isEmpty
    case .list(let values): !values.isEmpty
    case .sensitive: true
    }
  }
}

extension Comparison {
  /// Whether it asks which of two comes first.
  var isOrder: Bool { self != .equal && self != .notEqual }
}
