import Foundation

/// A SIP message as the tests read it: start line, fields as written, body.
struct Message: Sendable {
  let text: String
  let start: String
  let body: String
  private let fields: [(name: String, value: String)]

  init(_ bytes: [UInt8]) {
    text = String(decoding: bytes, as: UTF8.self)
    let end = text.range(of: "\r\n\r\n")
    let lines = text[..<(end?.lowerBound ?? text.endIndex)].components(separatedBy: "\r\n")
    start = lines.first ?? ""
    body = String(text[(end?.upperBound ?? text.endIndex)...])
    fields = lines.dropFirst().map { line in
      let parts = line.split(separator: ":", maxSplits: 1)
      return (String(parts.first ?? ""), parts.count > 1 ? parts[1].trimmingCharacters(in: .whitespaces) : "")
    }
  }

  /// The first field of this name.
  subscript(name: String) -> String? { fields.first { $0.name.lowercased() == name.lowercased() }?.value }

  /// 0 for a request.
  var status: Int { start.hasPrefix("SIP/2.0 ") ? Int(start.split(separator: " ")[1]) ?? 0 : 0 }
  /// The method of a request.
  var method: String { String(start.split(separator: " ").first ?? "") }
  /// The URI of a request.
  var uri: String { start.split(separator: " ").dropFirst().first.map(String.init) ?? "" }
  /// The number of CSeq.
  var number: Int { self["CSeq"].flatMap { Int($0.split(separator: " ")[0]) } ?? 0 }
  /// The tag of To.
  var tag: String? { self["To"]?.components(separatedBy: "tag=").dropFirst().first }

  /// The port of the audio stream.
  var audioPort: Int? {
    body.components(separatedBy: "\r\n").first { $0.hasPrefix("m=audio ") }
      .flatMap { Int($0.split(separator: " ")[1]) }
  }

  /// A quoted or bare parameter of a challenge or of its answer.
  func parameter(_ name: String, of field: String) -> String? {
    guard let line = self[field], let place = line.range(of: name + "=") else { return nil }
    let rest = line[place.upperBound...]
    if rest.hasPrefix("\"") { return String(rest.dropFirst().prefix { $0 != "\"" }) }
    return String(rest.prefix { $0 != "," && $0 != " " })
  }

  /// The other side's answer to this request.
  func answer(_ status: String, tag: String? = nil, _ lines: [String] = [], body: String = "") -> String {
    var text = "SIP/2.0 \(status)\r\n"
    for name in ["Via", "From", "To", "Call-ID", "CSeq"] {
      text += "\(name): \(self[name] ?? "")\(name == "To" ? tag.map { ";tag=" + $0 } ?? "" : "")\r\n"
    }
    for line in lines { text += line + "\r\n" }
    if !body.isEmpty { text += "Content-Type: application/sdp\r\n" }
    return text + "Content-Length: \(body.utf8.count)\r\n\r\n" + body
  }
}

/// What one caller's messages say. Each is written out as it goes over the wire.
struct Dial: Sendable {
  /// In Call-ID, tag and branches.
  var id: String
  var transport = "UDP"
  /// Where Via and Contact say the caller is.
  var host = "127.0.0.1"
  var port: Int
  /// Host and port that are called.
  var server: String
  /// Asks in Via for answers to the source.
  var rport = ";rport"
  var contact: String?

  /// - Parameter branch: its end; an INVITE, its CANCEL and the ACK of its failure share one.
  func request(
    _ method: String, _ number: Int = 1, tag: String? = nil, branch: String? = nil, _ lines: [String] = [],
    type: String = "application/sdp", body: String = ""
  ) -> String {
    var text = "\(method) sip:shop@\(server) SIP/2.0\r\n"
    text += "Via: SIP/2.0/\(transport) \(host):\(port);branch=z9hG4bK-\(id)-\(branch ?? String(number))\(rport)\r\n"
    text += "Max-Forwards: 70\r\n"
    text += "From: \"A. Caller\" <sip:caller@\(host)>;tag=from-\(id)\r\n"
    text += "To: <sip:shop@\(server)>\(tag.map { ";tag=" + $0 } ?? "")\r\n"
    text += "Call-ID: \(id)@caller.invalid\r\n"
    text += "CSeq: \(number) \(method)\r\n"
    if method == "INVITE" {
      let uri = contact ?? "sip:caller@\(host):\(port)" + (transport == "UDP" ? "" : ";transport=tcp")
      text += "Contact: <\(uri)>\r\n"
    }
    for line in lines { text += line + "\r\n" }
    if !body.isEmpty { text += "Content-Type: \(type)\r\n" }
    return text + "Content-Length: \(body.utf8.count)\r\n\r\n" + body
  }

  /// An offer or answer of G.711 and keys (RFC 4566).
  static func sdp(
    host: String = "127.0.0.1", port: Int, control: Int? = nil, formats: String = "0 8 101", _ lines: [String] = []
  ) -> String {
    """
    v=0\r
    o=- 7 1 IN IP4 \(host)\r
    s=-\r
    c=IN IP4 \(host)\r
    t=0 0\r
    m=audio \(port) RTP/AVP \(formats)\r
    a=rtpmap:101 telephone-event/8000\r
    a=fmtp:101 0-15\r
    a=ptime:20\r

    """ + (control.map { ["a=rtcp:\($0)"] + lines } ?? lines).map { $0 + "\r\n" }.joined()
  }
}
