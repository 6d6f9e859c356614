/// SIP messages as a trace may hold them: routing stays readable, people do not appear.
///
/// Kept: methods, status, hosts, Via, Call-ID, CSeq, tags and the SDP's media lines. Taken out: users of URIs, display names,
/// credentials, free texts, keys and names in SDP, and every body that is not SDP (keys pressed come in such bodies).
public enum SIPRedactor {
  /// The message without personal data. Text that is no SIP message is redacted as plain text.
  public static func redact(_ message: String) -> String {
    let lines = message.split(omittingEmptySubsequences: false) { $0 == "\r\n" || $0 == "\n" }
    let headEnd = lines.firstIndex { $0.isEmpty } ?? lines.endIndex
    var unfolded: [String] = []
    for line in lines[..<headEnd] {
      if let first = line.first, first == " " || first == "\t", unfolded.count > 1 {
        unfolded[unfolded.count - 1] += " " + line.drop { $0 == " " || $0 == "\t" }
      } else {
        unfolded.append(String(line))
      }
    }
    guard let start = unfolded.first else { return Redactor.redact(message) }
    var contentType = ""
    var result = [redactStart(start)]
    for header in unfolded.dropFirst() {
      let (name, value) = split(header)
      if name == "content-type" || name == "c" { contentType = value.lowercased() }
      result.append(redactHeader(header, name: name, value: value))
    }
    guard headEnd < lines.endIndex else { return result.joined(separator: "\r\n") }
    result.append("")
    let body = lines[(headEnd + 1)...]
    if contentType.hasPrefix("application/sdp") {
      result += body.map { redactSDP(String($0)) }
    } else {
      let length = body.reduce(0) { $0 + $1.utf8.count }
      result.append(length == 0 ? "" : "<\(length) bytes>")
    }
    return result.joined(separator: "\r\n")
  }

  /// Headers whose value holds nothing of a person and is needed to follow a dialog.
  private static let plain: Set<String> = [
    "via", "v", "call-id", "i", "cseq", "max-forwards", "content-length", "l", "content-type", "c", "expires",
    "min-expires",
    "allow", "supported", "k", "require", "proxy-require", "unsupported", "accept", "retry-after", "rack", "rseq",
    "session-expires", "x", "min-se", "event", "o", "subscription-state", "www-authenticate", "proxy-authenticate",
    "date",
  ]
  private static let address: Set<String> = [
    "from", "f", "to", "t", "contact", "m", "route", "record-route", "refer-to", "r", "referred-by", "b", "reply-to",
    "p-asserted-identity", "p-preferred-identity", "remote-party-id", "diversion", "history-info", "p-called-party-id",
  ]
  private static let hidden: Set<String> = [
    "authorization", "proxy-authorization", "authentication-info", "subject", "s", "organization", "call-info",
    "warning",
    "identity", "y", "user-to-user", "geolocation",
  ]

  private static func split(_ header: String) -> (name: String, value: String) {
    guard let colon = header.firstIndex(of: ":") else { return ("", header) }
    let name = header[..<colon].lowercased().filter { $0 != " " && $0 != "\t" }
    return (name, String(header[header.index(after: colon)...].drop { $0 == " " || $0 == "\t" }))
  }

  private static func redactStart(_ line: String) -> String {
    line.hasPrefix("SIP/2.0 ") ? String(line.prefix(11)) : Redactor.redact(line)
  }

  private static func redactHeader(_ header: String, name: String, value: String) -> String {
    guard !name.isEmpty, let colon = header.firstIndex(of: ":") else { return Redactor.redact(header) }
    let label = header[..<colon]
    if plain.contains(name) { return header }
    if hidden.contains(name) { return "\(label): <hidden>" }
    if address.contains(name) { return "\(label): " + redactAddress(value) }
    return "\(label): " + Redactor.redact(value)
  }

  /// `"Display" <sip:user@host>;tag=x` becomes `<sip:<user>@host>;tag=x`; several addresses are parted by commas.
  private static func redactAddress(_ value: String) -> String {
    guard value.contains("<") else { return Redactor.redact(dropQuoted(value)) }
    var result = ""
    var rest = Substring(dropQuoted(value))
    while let open = rest.firstIndex(of: "<") {
      if !result.isEmpty, let comma = rest[..<open].lastIndex(of: ",") {
        result += parameters(rest[..<comma]) + ", "
      }
      guard let close = rest[open...].firstIndex(of: ">") else { return result + "<hidden>" }
      let uri = Redactor.redact(String(rest[rest.index(after: open)..<close]))
      result += "<" + uri + ">"
      rest = rest[rest.index(after: close)...]
    }
    return result + parameters(rest)
  }

  /// Header parameters: tags as they are, the rest as text.
  private static func parameters(_ text: Substring) -> String {
    text.split(separator: ";", omittingEmptySubsequences: false)
      .map { $0.lowercased().hasPrefix("tag=") ? String($0) : Redactor.redact(String($0)) }.joined(separator: ";")
  }

  private static func dropQuoted(_ value: String) -> String {
    var result = ""
    var quoted = false
    var escaped = false
    for character in value {
      if quoted {
        if escaped {
          escaped = false
        } else if character == "\\" {
          escaped = true
        } else if character == "\"" {
          quoted = false
        }
      } else if character == "\"" {
        quoted = true
      } else {
        result.append(character)
      }
    }
    return result
  }

  private static func redactSDP(_ line: String) -> String {
    let lowercased = line.lowercased()
    if lowercased.hasPrefix("o=") {
      return "o=- "
        + line.dropFirst(2).split(separator: " ", omittingEmptySubsequences: false).dropFirst().joined(separator: " ")
    }
    if ["s=", "i=", "u=", "e=", "p="].contains(where: lowercased.hasPrefix) { return line.prefix(2) + "-" }
    for secret in ["a=crypto:", "a=ice-pwd:", "k="] where lowercased.hasPrefix(secret) {
      return line.prefix(secret.count) + "<hidden>"
    }
    return line
  }
}
