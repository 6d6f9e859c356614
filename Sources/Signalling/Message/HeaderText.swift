/// Lists and parameters inside header values (RFC 3261 section 7.3.1).
enum HeaderText {
  /// Splits at commas outside quoted strings and angle brackets. Nil when a quoted string or a bracket does not end.
  static func list(_ value: String) -> [String]? {
    var scanner = Scanner(value)
    var parts: [String] = []
    var start = 0
    var inAngle = false
    while let byte = scanner.peek {
      switch byte {
      case UInt8(ascii: "\"") where !inAngle:
        guard scanner.quoted() != nil else { return nil }
        continue
      case UInt8(ascii: "<"): inAngle = true
      case UInt8(ascii: ">"): inAngle = false
      case UInt8(ascii: ",") where !inAngle:
        parts.append(scanner.text(start..<scanner.index).trimmed)
        start = scanner.index + 1
      default: break
      }
      scanner.advance()
    }
    guard !inAngle else { return nil }
    parts.append(scanner.text(start..<scanner.bytes.count).trimmed)
    return parts.filter { !$0.isEmpty }
  }

  /// Reads `;name=value;name` up to the end of the scanner. Nil on a syntax error.
  static func parameters(_ scanner: inout Scanner) -> Parameters? {
    var found = Parameters()
    while true {
      scanner.skipSpace()
      if scanner.atEnd { return found }
      guard scanner.take(UInt8(ascii: ";")) else { return nil }
      scanner.skipSpace()
      guard let name = scanner.token() else { return nil }
      scanner.skipSpace()
      guard scanner.take(UInt8(ascii: "=")) else {
        found.items.append(Parameter(name: name, value: nil))
        continue
      }
      scanner.skipSpace()
      // A value that is left out (`rport=`) is let pass; one that breaks the grammar is met by the next semicolon.
      let value = scanner.quoted() ?? scanner.take { $0.isToken || isHostOctet($0) || $0 >= 0x80 } ?? ""
      found.items.append(Parameter(name: name, value: value))
    }
  }

  private static func isHostOctet(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: ":"), UInt8(ascii: "/"), UInt8(ascii: "@"),
      UInt8(ascii: "&"), UInt8(ascii: "+"), UInt8(ascii: "$"), UInt8(ascii: "="), UInt8(ascii: "?"):
      return true
    default: return false
    }
  }

  /// The content of a quoted string without quotes and escapes; other text unchanged.
  static func unquoted(_ text: String) -> String {
    let bytes = Array(text.utf8)
    guard bytes.count >= 2, bytes.first == UInt8(ascii: "\""), bytes.last == UInt8(ascii: "\"") else { return text }
    var result: [UInt8] = []
    var escaped = false
    for byte in bytes[1..<(bytes.count - 1)] {
      if !escaped, byte == UInt8(ascii: "\\") {
        escaped = true
      } else {
        result.append(byte)
        escaped = false
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// The text as a quoted string.
  static func quoted(_ text: String) -> String {
    var result: [UInt8] = [UInt8(ascii: "\"")]
    for byte in text.utf8 where byte >= 0x20 {
      if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { result.append(UInt8(ascii: "\\")) }
      result.append(byte)
    }
    result.append(UInt8(ascii: "\""))
    return String(decoding: result, as: UTF8.self)
  }
}

/// One `name=value` or `name`. The value is the text on the wire, quotes included.
public struct Parameter: Hashable, Sendable, Codable {
  /// The name as it was written; compared without case.
  public var name: String
  /// The value, nil for a flag.
  public var value: String?

  /// A parameter, a flag when the value is nil.
  public init(name: String, value: String?) {
    self.name = name
    self.value = value
  }
}

/// Parameters in their order.
public struct Parameters: Hashable, Sendable, Codable, CustomStringConvertible {
  /// All parameters in their order.
  public var items: [Parameter] = []

  /// No parameters.
  public init() {}

  /// Whether a parameter with this name is there, with or without value.
  public func has(_ name: String) -> Bool { items.contains { $0.name.equalsIgnoringCase(name) } }

  /// The value of the first parameter with this name, unquoted. Setting replaces, nil removes.
  public subscript(_ name: String) -> String? {
    get { items.first { $0.name.equalsIgnoringCase(name) }?.value.map(HeaderText.unquoted) }
    set {
      let at = items.firstIndex { $0.name.equalsIgnoringCase(name) }
      switch (newValue, at) {
      case (let value?, let at?): items[at].value = value
      case (let value?, nil): items.append(Parameter(name: name, value: value))
      case (nil, let at?): items.remove(at: at)
      case (nil, nil): break
      }
    }
  }

  /// Adds a parameter without value.
  public mutating func addFlag(_ name: String) {
    if !has(name) { items.append(Parameter(name: name, value: nil)) }
  }

  public var description: String {
    items.map { item in item.value.map { ";\(item.name)=\($0)" } ?? ";\(item.name)" }.joined()
  }
}
