/// What a slot can hold. Absence is `nil` of `SlotValue?`.
public enum SlotValue: Hashable, Sendable {
  /// Yes or no.
  case bool(Bool)
  /// A number; whole numbers print without a fraction.
  case number(Double)
  /// Text that is nobody's personal data: a categorical value, a status from a back end, a literal of the author.
  case text(String)
  /// Several values; filled by actions only.
  case list([SlotValue])
  /// A caller's value behind its token.
  case sensitive(Sensitive<String>)
}

extension SlotValue: Codable {
  private enum Key: String, CodingKey { case sensitive, number }

  /// Reads a JSON boolean, number, string, array, `{"sensitive": token}`, or `{"number": "inf"}` for what is no JSON number.
  public init(from decoder: any Decoder) throws {
    if let keyed = try? decoder.container(keyedBy: Key.self) {
      if let name = try keyed.decodeIfPresent(String.self, forKey: .number) {
        guard let number = Double(name) else {
          throw DecodingError.dataCorruptedError(
            forKey: .number, in: keyed, debugDescription: "expected inf, -inf or nan")
        }
        self = .number(number)
        return
      }
      self = .sensitive(try keyed.decode(Sensitive<String>.self, forKey: .sensitive))
      return
    }
    let single = try decoder.singleValueContainer()
    if let value = try? single.decode(Bool.self) {
      self = .bool(value)
    } else if let value = try? single.decode(Double.self) {
      self = .number(value)
    } else if let value = try? single.decode(String.self) {
      self = .text(value)
    } else {
      self = .list(try single.decode([SlotValue].self))
    }
  }

  /// Writes a JSON boolean, number, string, array, `{"sensitive": token}`, or `{"number": "inf"}`: every value can be written,
  /// so that none ends a journal.
  public func encode(to encoder: any Encoder) throws {
    switch self {
    case .bool(let value):
      var single = encoder.singleValueContainer()
      try single.encode(value)
    case .number(let value) where !value.isFinite:
      var keyed = encoder.container(keyedBy: Key.self)
      try keyed.encode("\(value)", forKey: .number)
    case .number(let value):
      var single = encoder.singleValueContainer()
      if let whole = Int64(exactly: value) { try single.encode(whole) } else { try single.encode(value) }
    case .text(let value):
      var single = encoder.singleValueContainer()
      try single.encode(value)
    case .list(let values):
      var single = encoder.singleValueContainer()
      try single.encode(values)
    case .sensitive(let value):
      var keyed = encoder.container(keyedBy: Key.self)
      try keyed.encode(value, forKey: .sensitive)
    }
  }
}

extension SlotValue {
  /// The value as plain text for a tool, a grammar or synthesis; nil when it was erased.
  public var revealedText: String? {
    switch self {
    case .bool(let value): return value ? "true" : "false"
    case .number(let value): return Int64(exactly: value).map { String($0) } ?? String(value)
    case .text(let value): return value
    case .list(let values):
      let texts = values.compactMap(\.revealedText)
      return texts.count == values.count ? texts.joined(separator: ", ") : nil
    case .sensitive(let value): return value.revealed
    }
  }

  /// The value when it is yes or no.
  public var bool: Bool? {
    if case .bool(let value) = self { return value }
    return nil
  }
}

extension SlotValue: CustomStringConvertible {
  /// The value as a person may read it in a trace: sensitive ones show their label only.
  public var description: String {
    switch self {
    case .sensitive(let value): value.description
    case .list(let values): "[" + values.map(\.description).joined(separator: ", ") + "]"
    default: revealedText ?? ""
    }
  }
}
