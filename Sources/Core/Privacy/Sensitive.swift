/// A value that belongs to a caller, carried by its token.
///
/// The token is minted by the vault when the value enters. Equality, hashing and encoding use the token alone, so a journal
/// never holds the value, and a decoded `Sensitive` has none until the vault reveals it. The description is a placeholder:
/// printing, logging or interpolating one shows nothing of the caller.
public struct Sensitive<Value: Sendable>: Sendable {
  /// What stands for the value outside this process.
  public let token: SensitiveToken
  private let value: Value?

  /// A value under its token. `value` is nil when it was erased or not yet revealed.
  public init(token: SensitiveToken, value: Value?) {
    self.token = token
    self.value = value
  }

  /// The value itself, for the rooms that compute with it: grammars, predicates, understanding. Nil when erased.
  ///
  /// Not public: what leaves the process passes an exit, by `DataPolicy.grant`. The house's test names every file that reads it.
  package var revealed: Value? { value }

  /// The same token with what the vault gave for it.
  public func revealing(_ value: Value?) -> Sensitive<Value> { Sensitive(token: token, value: value) }
}

extension Sensitive: Hashable {
  /// Compares tokens.
  public static func == (left: Self, right: Self) -> Bool { left.token == right.token }
  /// Hashes the token.
  public func hash(into hasher: inout Hasher) { hasher.combine(token) }
}

extension Sensitive: Codable {
  /// Reads the token; the value is absent unless the decoding carries it (`CanonicalJSON.revealing`).
  public init(from decoder: any Decoder) throws {
    let token = try SensitiveToken(from: decoder)
    let collector = decoder.userInfo[TokenCollector.key] as? TokenCollector
    self.init(token: token, value: collector?.meet(token) as? Value)
  }
  /// Writes the token.
  public func encode(to encoder: any Encoder) throws { try token.encode(to: encoder) }
}

extension Sensitive: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// A placeholder that names the label only.
  public var description: String { "<\(token.label.rawValue)>" }
  /// A placeholder that names the label only.
  public var debugDescription: String { description }
  /// Shows no children: `dump` and failure messages of tests reveal nothing.
  public var customMirror: Mirror { Mirror(self, children: [:]) }
}

extension Sensitive where Value == String {
  /// Several values joined into one, such as the digits of an entry: its token lists the parts' tokens, so it is derived
  /// without a key and the vault can reveal it from the parts.
  public static func joining(_ parts: [Sensitive<String>], label: DataLabel) -> Sensitive<String> {
    let values = parts.compactMap(\.revealed)
    return Sensitive(
      token: SensitiveToken(label: label, id: parts.map(\.token.id).joined(separator: "+")),
      value: values.count == parts.count ? values.joined() : nil)
  }
}

/// What stands for a sensitive value: its label and an opaque id from the vault.
public struct SensitiveToken: Hashable, Sendable {
  /// What kind of data it is.
  public let label: DataLabel
  /// Opaque; ids joined by `+` stand for values joined.
  public let id: String
  /// A token.
  public init(label: DataLabel, id: String) {
    self.label = label
    self.id = id
  }
}

extension SensitiveToken: Codable {
  /// Reads `label:id`.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let colon = text.firstIndex(of: ":") else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "expected a token as label:id")
    }
    self.init(label: DataLabel(rawValue: String(text[..<colon])), id: String(text[text.index(after: colon)...]))
  }
  /// Writes `label:id`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(label.rawValue + ":" + id)
  }
}

/// What kind of personal data a value is. Policies speak of labels, never of fields.
public struct DataLabel: Hashable, Sendable, Codable, RawRepresentable {
  /// The label's name as authors write it.
  public let rawValue: String
  /// Wraps a name.
  public init(rawValue: String) { self.rawValue = rawValue }

  /// What somebody said or typed, whole.
  public static let speech = DataLabel(rawValue: "speech")
  /// A payment card or bank account.
  public static let card = DataLabel(rawValue: "card")
  /// A number that identifies: customer, order, identity document, phone.
  public static let identifier = DataLabel(rawValue: "identifier")
  /// A person's name.
  public static let name = DataLabel(rawValue: "name")
  /// A postal address.
  public static let address = DataLabel(rawValue: "address")
  /// Health.
  public static let health = DataLabel(rawValue: "health")
  /// A secret: PIN, password, one-time code. Never spoken, never revealed to people.
  public static let secret = DataLabel(rawValue: "secret")
  /// Personal data of no more special kind; what text slots are unless their author says otherwise.
  public static let personal = DataLabel(rawValue: "personal")
}
