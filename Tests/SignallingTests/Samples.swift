import TestSupport

@testable import Signalling

/// Messages for the tests.
enum Samples {
  /// A text block as octets with CRLF line ends; the last header line is followed by an empty line.
  static func message(_ head: String, body: String = "") -> [UInt8] {
    var bytes: [UInt8] = []
    for byte in head.utf8 {
      if byte == 10 { bytes.append(13) }
      bytes.append(byte)
    }
    return bytes + [13, 10, 13, 10] + Array(body.utf8)
  }

  static func parse(_ head: String, body: String = "") throws -> SIPMessage {
    try SIPParser().parse(message(head, body: body))
  }

  static func request(_ head: String, body: String = "") throws -> SIPRequest {
    guard case .request(let request) = try parse(head, body: body) else {
      throw SignallingError(.malformed, "not a request")
    }
    return request
  }

  static let offer = """
    v=0\r
    o=caller 1 1 IN IP4 192.0.2.7\r
    s=-\r
    c=IN IP4 192.0.2.7\r
    t=0 0\r
    m=audio 18000 RTP/AVP 8 0 101\r
    a=rtpmap:8 PCMA/8000\r
    a=rtpmap:0 PCMU/8000\r
    a=rtpmap:101 telephone-event/8000\r
    a=fmtp:101 0-15\r
    a=sendrecv\r

    """

  static let invite = """
    INVITE sip:line@192.0.2.1 SIP/2.0
    Via: SIP/2.0/UDP 192.0.2.7:5061;branch=z9hG4bKfirst;rport
    From: "Caller" <sip:caller@192.0.2.7:5061>;tag=abc
    To: <sip:line@192.0.2.1>
    Call-ID: call-1@192.0.2.7
    CSeq: 1 INVITE
    Contact: <sip:caller@192.0.2.7:5061>
    Max-Forwards: 70
    Content-Type: application/sdp
    """
}

extension Seeded {
  /// The octets with a few flips, cuts, repeats or foreign octets.
  mutating func mutated(_ bytes: [UInt8]) -> [UInt8] {
    var result = bytes
    for _ in 0..<Int.random(in: 1...6, using: &self) {
      guard !result.isEmpty else { return result }
      let at = Int.random(in: 0..<result.count, using: &self)
      switch Int.random(in: 0..<6, using: &self) {
      case 0: result[at] = UInt8.random(in: .min ... .max, using: &self)
      case 1: result.remove(at: at)
      case 2: result.insert(Array(";,<>\"\\:@=%\r\n \t/[]0".utf8).randomElement(using: &self) ?? 0, at: at)
      case 3: result.removeSubrange(at..<min(result.count, at + Int.random(in: 1...40, using: &self)))
      case 4:
        let end = min(result.count, at + Int.random(in: 1...40, using: &self))
        result.insert(contentsOf: result[at..<end], at: at)
      default: result[at] ^= 1 << UInt8.random(in: 0..<8, using: &self)
      }
    }
    return result
  }
}
