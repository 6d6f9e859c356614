/// The names and forms of journal lines, written down by hand: bytes depend on the texts in this folder, not on names of cases or
/// properties in the code. What an older release wrote is read under its former names; what a newer one added is ignored, has a
/// default when it is absent, or makes the line one of an unknown kind.
///
/// The fields of a value, read by name.
struct WireFields {
  private let values: KeyedDecodingContainer<WireKey>

  init(_ decoder: any Decoder) throws { values = try decoder.container(keyedBy: WireKey.self) }

  fileprivate init(_ values: KeyedDecodingContainer<WireKey>) { self.values = values }

  /// A field that is always there.
  ///
  /// - Parameter former: its name under schema 1.
  func callAsFunction<Value: Decodable>(_ name: String, _ former: String? = nil) throws -> Value {
    try values.decode(Value.self, forKey: key(name, former))
  }

  /// A field of which there are some names only: another one is an unknown kind, not damage.
  func callAsFunction<Name: RawRepresentable & Decodable>(_ name: String, _ former: String? = nil) throws -> Name
  where Name.RawValue == String {
    let text: String = try values.decode(String.self, forKey: key(name, former))
    guard let known = Name(rawValue: text) else { throw UnknownKind(kind: text) }
    return known
  }

  /// A field that may be absent.
  func optional<Value: Decodable>(_ name: String, _ former: String? = nil) throws -> Value? {
    try values.decodeIfPresent(Value.self, forKey: key(name, former))
  }

  /// A field of some names that may be absent.
  func optional<Name: RawRepresentable & Decodable>(_ name: String, _ former: String? = nil) throws -> Name?
  where Name.RawValue == String {
    let key = key(name, former)
    guard values.contains(key), try !values.decodeNil(forKey: key) else { return nil }
    return try self(key.stringValue) as Name
  }

  private func key(_ name: String, _ former: String?) -> WireKey {
    let key = WireKey(name)
    guard let former, !values.contains(key) else { return key }
    return WireKey(former)
  }
}

/// A value of one of several kinds: `{"kind": …}` with its fields beside, or, under schema 1, `{kind: {fields}}`.
struct WireValue {
  /// The kind's name, its family's before it: `event.digit`.
  let kind: String
  let fields: WireFields

  /// - Parameter family: what is put before a name of schema 1, where families were told apart by what held them.
  init(_ decoder: any Decoder, family: String = "") throws {
    let values = try decoder.container(keyedBy: WireKey.self)
    if let kind = try values.decodeIfPresent(String.self, forKey: WireKey.kind) {
      self.kind = kind
      fields = WireFields(values)
      return
    }
    guard let former = values.allKeys.first, values.allKeys.count == 1 else {
      throw DecodingError.dataCorrupted(
        DecodingError.Context(codingPath: decoder.codingPath, debugDescription: "expected a value with its kind"))
    }
    kind = family + former.stringValue
    fields = WireFields(try values.nestedContainer(keyedBy: WireKey.self, forKey: former))
  }

  /// The kind as one of those known here. Throws `UnknownKind`.
  func known<Kind: RawRepresentable>(as type: Kind.Type = Kind.self) throws -> Kind where Kind.RawValue == String {
    guard let known = Kind(rawValue: kind) else { throw UnknownKind(kind: kind) }
    return known
  }
}

/// Writes the fields of a value.
struct WireWriter {
  private var values: KeyedEncodingContainer<WireKey>

  init(_ encoder: any Encoder) { values = encoder.container(keyedBy: WireKey.self) }

  init<Kind: RawRepresentable>(_ encoder: any Encoder, kind: Kind) throws where Kind.RawValue == String {
    self.init(encoder)
    try values.encode(kind.rawValue, forKey: WireKey.kind)
  }

  /// Writes a field, unless it is nil.
  mutating func callAsFunction(_ name: String, _ value: (some Encodable)?) throws {
    try values.encodeIfPresent(value, forKey: WireKey(name))
  }
}

/// A name that this version does not know where it can tell what is meant by name only.
struct UnknownKind: Error, Hashable {
  let kind: String
}

/// The name of a field.
struct WireKey: CodingKey {
  static let kind = WireKey("kind")
  let stringValue: String
  var intValue: Int? { nil }
  init(_ name: String) { stringValue = name }
  init?(stringValue: String) { self.init(stringValue) }
  init?(intValue: Int) { nil }
}

extension Encodable {
  /// The error of a value that no journal has a form for, and that nothing makes.
  func unwritable(_ encoder: any Encoder, _ reason: String) -> EncodingError {
    EncodingError.invalidValue(
      self, EncodingError.Context(codingPath: encoder.codingPath, debugDescription: reason))
  }
}
