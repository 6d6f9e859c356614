/// A language tag such as `en-US` (BCP 47). Compares by its text; no locale data is attached.
public struct LocaleTag: Hashable, Sendable, CustomStringConvertible, ExpressibleByStringLiteral {
  /// The tag.
  public let rawValue: String
  /// Wraps a tag.
  public init(_ rawValue: String) { self.rawValue = rawValue }
  /// Wraps a literal tag.
  public init(stringLiteral value: String) { self.rawValue = value }
  /// The primary language, such as `en`.
  public var language: Substring { rawValue.prefix { $0 != "-" && $0 != "_" } }
  /// The tag.
  public var description: String { rawValue }
  /// American English, the first language whose grammars are built in.
  public static let americanEnglish: LocaleTag = "en-US"
}

extension LocaleTag: Codable {
  /// Reads the bare tag.
  public init(from decoder: any Decoder) throws {
    rawValue = try decoder.singleValueContainer().decode(String.self)
  }
  /// Writes the bare tag.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(rawValue)
  }
}
