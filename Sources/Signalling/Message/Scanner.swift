/// A cursor over the octets of one header value. Bounds are checked at each step; nothing traps.
struct Scanner {
  let bytes: [UInt8]
  private(set) var index = 0

  init(_ text: some StringProtocol) { bytes = Array(text.utf8) }

  var atEnd: Bool { index >= bytes.count }
  var peek: UInt8? { index < bytes.count ? bytes[index] : nil }

  mutating func advance() { index += 1 }

  mutating func skipSpace() {
    while let byte = peek, byte.isLinearSpace { index += 1 }
  }

  mutating func take(_ byte: UInt8) -> Bool {
    guard peek == byte else { return false }
    index += 1
    return true
  }

  /// Takes octets while the condition holds; nil when none does.
  mutating func take(while condition: (UInt8) -> Bool) -> String? {
    let start = index
    while let byte = peek, condition(byte) { index += 1 }
    return index > start ? text(start..<index) : nil
  }

  mutating func token() -> String? { take(while: \.isToken) }

  /// Takes a quoted string with its quotes; nil when there is none or it does not end.
  mutating func quoted() -> String? {
    let start = index
    guard take(UInt8(ascii: "\"")) else { return nil }
    while let byte = peek {
      index += 1
      if byte == UInt8(ascii: "\\") {
        index += 1
      } else if byte == UInt8(ascii: "\"") {
        return text(start..<index)
      }
    }
    index = start
    return nil
  }

  func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
  var rest: String { index < bytes.count ? text(index..<bytes.count) : "" }
}

extension UInt8 {
  var isLinearSpace: Bool { self == 0x20 || self == 0x09 }
  var isDigit: Bool { self >= 0x30 && self <= 0x39 }
  var isAlpha: Bool { (self | 0x20) >= 0x61 && (self | 0x20) <= 0x7A }
  var isHex: Bool { isDigit || ((self | 0x20) >= 0x61 && (self | 0x20) <= 0x66) }
  /// `token` of RFC 3261 section 25.1.
  var isToken: Bool {
    if isDigit || isAlpha { return true }
    switch self {
    case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "!"), UInt8(ascii: "%"), UInt8(ascii: "*"),
      UInt8(ascii: "_"), UInt8(ascii: "+"), UInt8(ascii: "`"), UInt8(ascii: "'"), UInt8(ascii: "~"):
      return true
    default: return false
    }
  }
}

extension StringProtocol {
  /// The text without spaces and tabs at both ends.
  var trimmed: String {
    var view = Substring(self).utf8
    while let first = view.first, first.isLinearSpace { view.removeFirst() }
    while let last = view.last, last.isLinearSpace { view.removeLast() }
    return String(Substring(view))
  }

  /// ASCII case-insensitive comparison.
  func equalsIgnoringCase(_ other: some StringProtocol) -> Bool {
    utf8.elementsEqual(other.utf8) { $0 == $1 || ($0.isAlpha && $1.isAlpha && ($0 | 0x20) == ($1 | 0x20)) }
  }

  /// A decimal number of digits only, within bounds; no sign, no spaces.
  func decimal(upTo limit: UInt64) -> UInt64? {
    guard !isEmpty else { return nil }
    var value: UInt64 = 0
    for byte in utf8 {
      guard byte.isDigit else { return nil }
      value = value * 10 + UInt64(byte - 0x30)
      if value > limit { return nil }
    }
    return value
  }
}
