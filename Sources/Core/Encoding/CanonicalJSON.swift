public import FoundationEssentials
internal import Synchronization

/// The one encoding of events and effects: JSON with sorted keys, without insignificant space, integers for time and confidence.
///
/// The same value gives the same bytes in every process; golden files in `Tests/CoreTests/Fixtures` hold them still.
public enum CanonicalJSON {
  /// The schema of what is written to journals and ledgers now (`Core/Wire`); every number up to it is read.
  public static let schema = 2

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

  /// The tokens of sensitive values in a value, each once, in no order.
  public static func tokens<Value: Codable>(in value: Value) throws -> Set<SensitiveToken> {
    let found = TokenCollector()
    let decoder = JSONDecoder()
    decoder.userInfo[TokenCollector.key] = found
    _ = try decoder.decode(Value.self, from: encode(value))
    return found.tokens
  }

  /// The same value with what the vault gave for its tokens filled in.
  public static func revealing<Value: Codable>(_ value: Value, _ values: [SensitiveToken: String]) throws -> Value {
    let found = TokenCollector()
    found.values = values
    let decoder = JSONDecoder()
    decoder.userInfo[TokenCollector.key] = found
    return try decoder.decode(Value.self, from: encode(value))
  }
}

/// Travels with one decoding: meets every token, and hands out values.
final class TokenCollector: Sendable {
  static let key = CodingUserInfoKey(rawValue: "repartee.tokens")!  // Any text makes a key.
  private let state = Mutex<(tokens: Set<SensitiveToken>, values: [SensitiveToken: String])>(([], [:]))

  var tokens: Set<SensitiveToken> { state.withLock { $0.tokens } }
  var values: [SensitiveToken: String] {
    get { state.withLock { $0.values } }
    set { state.withLock { $0.values = newValue } }
  }

  func meet(_ token: SensitiveToken) -> String? {
    state.withLock { state in
      state.tokens.insert(token)
      return state.values[token]
    }
  }
}
