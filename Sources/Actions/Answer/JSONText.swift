import FoundationEssentials

/// Reads JSON (RFC 8259) as a back end sends it: strictly, within bounds, and never one of two meanings. A name given twice in
/// one object is an error, because readers differ about which one counts; so are a number too large to hold, text that is no
/// UTF-8, and anything after the value. A byte order mark at the beginning is passed over, as the standard permits.
struct JSONText {
  /// The text is not JSON within the bounds.
  struct Malformed: Error {}

  private static let deepest = 64

  private let bytes: [UInt8]
  private var place = 0

  /// The value that a whole text holds.
  static func value(of data: Data) throws(Malformed) -> JSONValue {
    var reader = JSONText(bytes: Array(data))
    if reader.bytes.starts(with: [0xef, 0xbb, 0xbf]) { reader.place = 3 }
    let value = try reader.value(depth: 0)
    guard reader.place == reader.bytes.count else { throw Malformed() }
    return value
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private var next: UInt8? { place < bytes.count ? bytes[place] : nil }

  /// A value with the white space around it.
  private mutating func value(depth: Int) throws(Malformed) -> JSONValue {
    guard depth < Self.deepest else { throw Malformed() }
    skipSpace()
    defer { skipSpace() }
    switch next {
    case UInt8(ascii: "{"): return .object(try object(depth: depth))
    case UInt8(ascii: "["): return .array(try array(depth: depth))
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return try number()
    }
  }

  private mutating func object(depth: Int) throws(Malformed) -> [String: JSONValue] {
    var members: [String: JSONValue] = [:]
    place += 1
    skipSpace()
    if take("}") { return members }
    repeat {
      skipSpace()
      guard next == UInt8(ascii: "\"") else { throw Malformed() }
      let name = try string()
      skipSpace()
      guard take(":"), members[name] == nil else { throw Malformed() }
      members[name] = try value(depth: depth + 1)
    } while take(",")
    guard take("}") else { throw Malformed() }
    return members
  }

  private mutating func array(depth: Int) throws(Malformed) -> [JSONValue] {
    var elements: [JSONValue] = []
    place += 1
    skipSpace()
    if take("]") { return elements }
    repeat { elements.append(try value(depth: depth + 1)) } while take(",")
    guard take("]") else { throw Malformed() }
    return elements
  }

  private mutating func string() throws(Malformed) -> String {
    var text: [UInt8] = []
    place += 1
    while let byte = next {
      place += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let string = String(validating: text, as: UTF8.self) else { throw Malformed() }
        return string
      case UInt8(ascii: "\\"): text += try escape().utf8
      case 0..<0x20: throw Malformed()
      default: text.append(byte)
      }
    }
    throw Malformed()
  }

  private mutating func escape() throws(Malformed) -> String {
    let plain: [UInt8: String] = [
      UInt8(ascii: "\""): "\"", UInt8(ascii: "\\"): "\\", UInt8(ascii: "/"): "/", UInt8(ascii: "b"): "\u{8}",
      UInt8(ascii: "f"): "\u{c}", UInt8(ascii: "n"): "\n", UInt8(ascii: "r"): "\r", UInt8(ascii: "t"): "\t",
    ]
    guard let byte = next else { throw Malformed() }
    place += 1
    if let text = plain[byte] { return text }
    guard byte == UInt8(ascii: "u") else { throw Malformed() }
    var units = [try unit()]
    // Half of a pair is no character.
    if (0xd800...0xdbff).contains(units[0]) {
      guard take("\\"), take("u") else { throw Malformed() }
      units.append(try unit())
    }
    guard let text = String(validating: units, as: UTF16.self) else { throw Malformed() }
    return text
  }

  private mutating func unit() throws(Malformed) -> UInt16 {
    guard bytes.count - place >= 4 else { throw Malformed() }
    let digits = bytes[place..<place + 4]
    guard digits.allSatisfy({ UInt8(ascii: "+") != $0 && UInt8(ascii: "-") != $0 }),
      let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw Malformed() }
    place += 4
    return unit
  }

  private mutating func number() throws(Malformed) -> JSONValue {
    let start = place
    _ = take("-")
    if !take("0") { try digits() }
    var isWhole = true
    if take(".") {
      isWhole = false
      try digits()
    }
    if take("e") || take("E") {
      isWhole = false
      if !take("+") { _ = take("-") }
      try digits()
    }
    let text = String(decoding: bytes[start..<place], as: UTF8.self)
    if isWhole, let whole = Int64(text) { return .integer(whole) }
    guard let number = Double(text), number.isFinite else { throw Malformed() }
    return Int64(exactly: number).map(JSONValue.integer) ?? .number(number)
  }

  private mutating func digits() throws(Malformed) {
    let start = place
    while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { place += 1 }
    guard place > start else { throw Malformed() }
  }

  private mutating func word(_ word: String, _ value: JSONValue) throws(Malformed) -> JSONValue {
    guard bytes[place...].starts(with: word.utf8) else { throw Malformed() }
    place += word.utf8.count
    return value
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard next == UInt8(ascii: character) else { return false }
    place += 1
    return true
  }

  private mutating func skipSpace() {
    while let byte = next, [0x20, 0x09, 0x0a, 0x0d].contains(byte) { place += 1 }
  }
}
