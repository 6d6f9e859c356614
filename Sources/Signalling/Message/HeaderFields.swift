/// The name of a header field, compared without case; compact forms are expanded (RFC 3261 section 7.3.3).
public struct HeaderName: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
  /// The name as it is written out.
  public let text: String
  private let key: String

  /// A name from its text, long or compact.
  public init(_ text: String) {
    let lower = text.lowercased()
    let long = Self.compact[lower]
    self.text = long ?? text
    key = long?.lowercased() ?? lower
  }

  public init(stringLiteral value: String) { self.init(value) }

  public static func == (left: HeaderName, right: HeaderName) -> Bool { left.key == right.key }
  public func hash(into hasher: inout Hasher) { hasher.combine(key) }
  public var description: String { text }

  private static let compact: [String: String] = [
    "a": "Accept-Contact", "b": "Referred-By", "c": "Content-Type", "d": "Request-Disposition",
    "e": "Content-Encoding", "f": "From", "i": "Call-ID", "j": "Reject-Contact", "k": "Supported",
    "l": "Content-Length", "m": "Contact", "n": "Identity-Info", "o": "Event", "r": "Refer-To", "s": "Subject",
    "t": "To", "u": "Allow-Events", "v": "Via", "x": "Session-Expires", "y": "Identity",
  ]

  // The names that this room or its neighbours ask for.

  public static let via: HeaderName = "Via"
  public static let from: HeaderName = "From"
  public static let to: HeaderName = "To"
  public static let callID: HeaderName = "Call-ID"
  public static let cseq: HeaderName = "CSeq"
  public static let contact: HeaderName = "Contact"
  public static let route: HeaderName = "Route"
  public static let recordRoute: HeaderName = "Record-Route"
  public static let maxForwards: HeaderName = "Max-Forwards"
  public static let contentLength: HeaderName = "Content-Length"
  public static let contentType: HeaderName = "Content-Type"
  public static let require: HeaderName = "Require"
  public static let supported: HeaderName = "Supported"
  public static let unsupported: HeaderName = "Unsupported"
  public static let allow: HeaderName = "Allow"
  public static let accept: HeaderName = "Accept"
  public static let acceptEncoding: HeaderName = "Accept-Encoding"
  public static let warning: HeaderName = "Warning"
  public static let expires: HeaderName = "Expires"
  public static let minExpires: HeaderName = "Min-Expires"
  public static let retryAfter: HeaderName = "Retry-After"
  public static let authorization: HeaderName = "Authorization"
  public static let proxyAuthorization: HeaderName = "Proxy-Authorization"
  public static let wwwAuthenticate: HeaderName = "WWW-Authenticate"
  public static let proxyAuthenticate: HeaderName = "Proxy-Authenticate"
  public static let referTo: HeaderName = "Refer-To"
  public static let referredBy: HeaderName = "Referred-By"
  public static let event: HeaderName = "Event"
  public static let subscriptionState: HeaderName = "Subscription-State"
  public static let sessionExpires: HeaderName = "Session-Expires"
  public static let minSessionExpires: HeaderName = "Min-SE"
  public static let userAgent: HeaderName = "User-Agent"
}

/// Header fields in their order, without those that messages hold as typed members.
public struct HeaderFields: Hashable, Sendable {
  /// One field: a name and its value without surrounding space.
  public struct Field: Hashable, Sendable {
    /// The name.
    public var name: HeaderName
    /// The unfolded value.
    public var value: String
  }
  /// All fields in their order.
  public private(set) var fields: [Field] = []

  /// No fields.
  public init() {}

  /// Adds a field at the end.
  public mutating func add(_ name: HeaderName, _ value: String) { fields.append(Field(name: name, value: value)) }

  /// The first value of this name. Setting removes all others, nil removes all.
  public subscript(_ name: HeaderName) -> String? {
    get { fields.first { $0.name == name }?.value }
    set {
      fields.removeAll { $0.name == name }
      if let newValue { add(name, newValue) }
    }
  }

  /// Whether a field of this name is there.
  public func has(_ name: HeaderName) -> Bool { fields.contains { $0.name == name } }

  /// All values of this name, one for each line.
  public func lines(_ name: HeaderName) -> [String] { fields.filter { $0.name == name }.map(\.value) }

  /// All values of a list header: several lines and comma-joined ones alike. Nil when a line breaks the grammar.
  public func values(_ name: HeaderName) -> [String]? {
    var all: [String] = []
    for line in lines(name) {
      guard let parts = HeaderText.list(line) else { return nil }
      all += parts
    }
    return all
  }

  /// All values as addresses, or nil when one of them is malformed.
  public func addresses(_ name: HeaderName) -> [NameAddress]? {
    guard let values = values(name) else { return nil }
    let parsed = values.compactMap { NameAddress($0) }
    return parsed.count == values.count ? parsed : nil
  }

  /// All fields but the first Via.
  var withoutTopmostVia: HeaderFields {
    var rest = self
    if let first = fields.firstIndex(where: { $0.name == .via }) { rest.fields.remove(at: first) }
    return rest
  }

  /// Whether a list header such as Supported or Require names this token, without case.
  public func lists(_ name: HeaderName, _ token: String) -> Bool {
    values(name)?.contains { $0.equalsIgnoringCase(token) } ?? false
  }
}
