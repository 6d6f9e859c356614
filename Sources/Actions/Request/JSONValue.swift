/// A JSON value as tools exchange it. Whole numbers are `integer`, so that the same value has one form.
public enum JSONValue: Hashable, Sendable {
  /// `null`.
  case null
  /// `true` or `false`.
  case bool(Bool)
  /// A whole number.
  case integer(Int64)
  /// A number that is not whole, or beyond 64 bits.
  case number(Double)
  /// Text.
  case string(String)
  /// Several values.
  case array([JSONValue])
  /// Values by name.
  case object([String: JSONValue])

  /// The value at a dotted path: names of objects, positions of arrays; nil when there is none.
  func value(at path: String) -> JSONValue? {
    var found = self
    for part in path.split(separator: ".", omittingEmptySubsequences: false) {
      switch found {
      case .object(let members):
        guard let member = members[String(part)] else { return nil }
        found = member
      case .array(let elements):
        guard let position = Int(part), elements.indices.contains(position) else { return nil }
        found = elements[position]
      default: return nil
      }
    }
    return found
  }
}

extension JSONValue: Codable {
  /// Reads any JSON value.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .bool(value)
    } else if let value = try? container.decode(Int64.self) {
      self = .integer(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .string(value)
    } else if let value = try? container.decode([JSONValue].self) {
      self = .array(value)
    } else {
      self = .object(try container.decode([String: JSONValue].self))
    }
  }

  /// Writes the value.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .null: try container.encodeNil()
    case .bool(let value): try container.encode(value)
    case .integer(let value): try container.encode(value)
    case .number(let value): try container.encode(value)
    case .string(let value): try container.encode(value)
    case .array(let value): try container.encode(value)
    case .object(let value): try container.encode(value)
    }
  }
}
