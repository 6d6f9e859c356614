import Core
import FoundationEssentials

/// A request ready to be sent: values in clear, so it lives only as long as the exchange.
struct PreparedRequest: Sendable {
  let method: String
  let url: String
  /// Whom it goes to.
  let origin: HTTPOrigin
  let headers: [(name: String, value: String)]
  let body: Data?

  /// What the template's places are filled from.
  struct Values {
    let arguments: [String: JSONValue]
    let key: String?
    let secrets: any SecretSource
  }

  /// Fills a template. Arguments that it does not place make the JSON body, or the query where a method has no body; those of
  /// a probe are left out. An optional argument that is absent drops its pair of the query.
  ///
  /// The host is settled before any secret is looked up: it is written out, or is that of an address the URL begins with.
  ///
  /// Throws `ArgumentFailure` for a value that cannot stand where it is placed, `ActionsError` for a reference that is missing
  /// or not granted.
  init(_ template: ToolRequest, isProbe: Bool = false, _ values: Values) throws {
    method = template.method
    let parts = template.url.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    var placed: Set<String> = []
    let (beginning, origin) = try Self.beginning(of: template, values.secrets)
    self.origin = origin
    let pieces = TemplatePiece.parse(parts[0]).dropFirst()
    guard let address = try Self.fill(pieces, after: beginning, values, origin, isPath: true, &placed) else {
      throw ArgumentFailure(.badArgument)
    }
    var pairs = try (parts.count > 1 ? parts[1] : "").split(separator: "&").compactMap {
      try Self.fill(TemplatePiece.parse($0)[...], after: "", values, origin, isPath: false, &placed)
    }
    let rest = isProbe ? [:] : values.arguments.filter { !placed.contains($0.key) }
    let hasBody = ["POST", "PUT", "PATCH"].contains(template.method)
    if !hasBody {
      for (name, value) in rest.sorted(by: { $0.key < $1.key }) {
        pairs.append(PercentEncoding.encode(name) + "=" + PercentEncoding.encode(try Self.text(value)))
      }
    }
    url = pairs.isEmpty ? address : address + "?" + pairs.joined(separator: "&")
    // What follows the beginning must not have moved the host.
    guard HTTPOrigin(url) == origin else { throw Self.badURL }
    body = hasBody && !isProbe ? try CanonicalJSON.encode(rest) : nil
    headers = try Self.headers(template, values, origin, hasBody: body != nil)
  }

  /// What a template's URL begins with, and the origin that this settles: its literal scheme and host, or the granted address
  /// of a `${NAME}`.
  static func beginning(
    of template: ToolRequest, _ secrets: any SecretSource
  ) throws(ActionsError) -> (text: String, origin: HTTPOrigin) {
    let text: String
    switch TemplatePiece.parse(template.url.prefix { $0 != "?" }).first {
    case .literal(let literal): text = literal
    case .secret(let name): text = try secrets.address(name)
    case .place, nil: throw badURL
    }
    guard let origin = HTTPOrigin(text) else { throw badURL }
    return (text, origin)
  }

  private static let badURL = ActionsError(
    "bad_url", "A tool's URL is not http:// or https:// with a host, or its host depends on what follows it",
    hint: "Check the value its URL begins with")

  private static func headers(
    _ template: ToolRequest, _ values: Values, _ origin: HTTPOrigin, hasBody: Bool
  ) throws -> [(name: String, value: String)] {
    var headers = [(name: "Accept", value: "application/json"), (name: "User-Agent", value: "repartee")]
    if hasBody { headers.append((name: "Content-Type", value: "application/json")) }
    if let key = values.key { headers.append((name: "Idempotency-Key", value: key)) }
    for (name, value) in template.headers.sorted(by: { $0.key < $1.key }) {
      var filled = ""
      for piece in TemplatePiece.parse(Substring(value)) {
        switch piece {
        case .literal(let text): filled += text
        case .secret(let name): filled += try values.secrets.secret(name, to: origin)
        case .place(let name): filled += name == TemplatePiece.key ? values.key ?? "" : "{\(name)}"
        }
      }
      guard filled.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f || $0 == 0x09 }) else {
        throw ActionsError("bad_header", "Header \(name) of a tool holds a control character", hint: "Check its secret")
      }
      headers.removeAll { $0.name.lowercased() == name.lowercased() }
      headers.append((name: name, value: filled))
    }
    return headers
  }

  /// The beginning and the pieces after it with their places filled; nil when an argument is absent.
  private static func fill(
    _ pieces: ArraySlice<TemplatePiece>, after beginning: String, _ values: Values, _ origin: HTTPOrigin, isPath: Bool,
    _ placed: inout Set<String>
  ) throws -> String? {
    var filled = beginning
    for piece in pieces {
      switch piece {
      case .literal(let text):
        if text.hasPrefix("/"), filled.hasSuffix("/"), !filled.hasSuffix("://") { filled.removeLast() }
        filled += text
      case .secret(let name): filled += PercentEncoding.encode(try values.secrets.secret(name, to: origin))
      case .place(TemplatePiece.key): filled += PercentEncoding.encode(values.key ?? "")
      case .place(let name):
        guard let value = values.arguments[name] else { return nil }
        placed.insert(name)
        let text = try text(value)
        // A segment of dots would climb the path, an empty one would name another resource.
        if isPath, text.allSatisfy({ $0 == "." }) { throw ArgumentFailure(.badArgument) }
        filled += PercentEncoding.encode(text)
      }
    }
    return filled
  }

  private static func text(_ value: JSONValue) throws -> String {
    switch value {
    case .string(let text): return text
    case .integer(let number): return String(number)
    case .number(let number): return String(number)
    case .bool(let truth): return truth ? "true" : "false"
    case .null, .array, .object: throw ArgumentFailure(.badArgument)
    }
  }
}

/// A piece of a tool's URL or header.
enum TemplatePiece: Hashable {
  /// The place of the idempotency key.
  static let key = "idempotency_key"

  case literal(String)
  /// `${NAME}`.
  case secret(String)
  /// `{name}`.
  case place(String)

  /// The pieces in order. A brace that is not closed is literal.
  static func parse(_ text: Substring) -> [TemplatePiece] {
    var pieces: [TemplatePiece] = []
    var rest = text
    while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
      var literal = rest[..<open]
      let name = String(rest[rest.index(after: open)..<close])
      let isSecret = literal.last == "$"
      if isSecret { literal.removeLast() }
      if !literal.isEmpty { pieces.append(.literal(String(literal))) }
      pieces.append(isSecret ? .secret(name) : .place(name))
      rest = rest[rest.index(after: close)...]
    }
    if !rest.isEmpty { pieces.append(.literal(String(rest))) }
    return pieces
  }
}

/// Percent-encoding of URLs (RFC 3986 section 2.1).
enum PercentEncoding {
  /// Every byte but the unreserved ones (section 2.3) as `%XX`: safe in any part of a URL.
  static func encode(_ text: String) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    var bytes: [UInt8] = []
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"),
        UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
        bytes.append(byte)
      default: bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
