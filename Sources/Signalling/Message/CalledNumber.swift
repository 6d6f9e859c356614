/// The number or name that was called, from a Request-URI in any of the forms that carriers write: `sip:` with percent escapes,
/// with parameters of a telephone number in its user part or with visual separators, and `tel:` (RFC 3966).
public struct CalledNumber: Hashable, Sendable {
  /// Digits with a leading plus where it is a global number, or the name as it was called. Personal data.
  public let text: String

  /// Nil when the URI names nobody, is of another scheme or breaks its grammar.
  public init?(_ uri: String) {
    if let sip = SIPURI(uri) {
      guard let user = sip.decodedUser ?? sip.user else { return nil }
      let name = user.prefix { $0 != ";" }
      let isNumber = sip.parameters["user"]?.equalsIgnoringCase("phone") ?? false
      text = isNumber || name.utf8.first == UInt8(ascii: "+") ? Self.number(name) ?? String(name) : String(name)
      return
    }
    guard Self.isTelephone(uri), let number = Self.number(uri.dropFirst(4).prefix { $0 != ";" }) else { return nil }
    text = number
  }

  /// Whether the URI is `tel:`.
  static func isTelephone(_ uri: String) -> Bool { uri.prefix(4).equalsIgnoringCase("tel:") }

  /// Digits, star, pound and a leading plus without visual separators (RFC 3966 section 3); nil when it is no number.
  private static func number(_ text: Substring) -> String? {
    var result: [UInt8] = []
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "("), UInt8(ascii: ")"): continue
      case UInt8(ascii: "+") where result.isEmpty: result.append(byte)
      case UInt8(ascii: "*"), UInt8(ascii: "#"): result.append(byte)
      default:
        guard byte.isHex else { return nil }
        result.append(byte)
      }
    }
    return result.contains(where: \.isDigit) ? String(decoding: result, as: UTF8.self) : nil
  }
}
