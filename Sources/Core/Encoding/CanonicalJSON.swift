public import FoundationEssentials

/// The one encoding of events and effects: JSON with sorted keys, without insignificant space, integers for time and confidence.
///
/// The same value gives the same bytes in every process; golden files in `Tests/CoreTests/Fixtures` hold them still.
public enum CanonicalJSON {
  /// The schema of journal rows; a reader for each older number stays in the code.
  public static let schema = 1

  /// The canonical bytes of a value.
  public static func encode(_ value: some Encodable) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(value)
  }

  /// The value that canonical bytes stand for.
  public static func decode<Value: Decodable>(_ type: Value.Type, from data: Data) throws -> Value {
    try JSONDecoder().decode(type, from: data)
  }
}
