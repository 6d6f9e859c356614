import TestSupport
import Testing

@testable import Signalling

/// Messages as carriers and PBXs send them, beside what the grammar says.
@Suite struct OddMessageTests {
  static func octets(_ head: String, replacing mark: String, with octets: [UInt8]) -> [UInt8] {
    let bytes = Samples.message(head)
    let wanted = Array(mark.utf8)
    let at = bytes.indices.first { bytes[$0...].starts(with: wanted) } ?? 0
    return Array(bytes[..<at]) + octets + Array(bytes[(at + wanted.count)...])
  }

  func refusal(_ bytes: [UInt8]) -> SIPParseFailure? {
    do throws(SIPParseFailure) {
      _ = try SIPParser().parse(bytes)
      return nil
    } catch { return error }
  }

  @Test(arguments: ["\"Caller\"", "<sip:line@192.0.2.1>\nCall-ID", "call-1", "first", "Max-Forwards: 70"])
  func `octets that are no UTF-8 come back as they came`(_ mark: String) throws {
    let octets: [UInt8] =
      switch mark {
      case "\"Caller\"": Array("\"M".utf8) + [0xFC] + Array("ller \u{F7FC}\"".utf8)
      case "call-1": [0xE9, 0xC3, 0x28, 0xFF] + Array("\u{E9}".utf8)
      case "first": Array("x".utf8) + [0x80, 0xBF]
      case "Max-Forwards: 70": Array("Max-Forwards: 70\r\nSubject: gr".utf8) + [0xFC, 0xDF] + Array("e".utf8)
      default: Array("\"".utf8) + [0xC4] + Array("rzte\" <sip:line@192.0.2.1>\r\nCall-ID".utf8)
      }
    let head = mark == "first" ? Samples.invite.replacing("z9hG4bKfirst;", with: "z9hG4bKfirst;x=") : Samples.invite
    let mark = mark == "first" ? "x=" : mark.replacing("\n", with: "\r\n")
    let sent =
      mark == "x="
      ? Self.octets(head, replacing: mark, with: Array("x=\"".utf8) + octets + [0x22, 0x3B])
      : Self.octets(head, replacing: mark, with: octets)
    guard case .request(let request) = try SIPParser().parse(sent) else {
      Issue.record("no request")
      return
    }
    let back = SIPMessage.request(request).encoded()
    #expect(back.indices.contains { back[$0...].starts(with: octets) }, "\(mark)")
    let answer = SIPMessage.response(request.response(200)).encoded()
    let echoed = !mark.hasPrefix("Max")
    #expect(answer.indices.contains { answer[$0...].starts(with: octets) } == echoed, "\(mark)")
  }

  /// U+F7FC is what the octet FC of a Latin-1 line becomes; here the peer has sent the scalar itself, in a line that is UTF-8.
  @Test func `a peer's own scalar of the range that stands for octets comes back as it came`() throws {
    let scalar = Array("\u{F7FC}".utf8)
    let sent = Self.octets(Samples.invite, replacing: "call-1", with: Array("call-".utf8) + scalar)
    guard case .request(let request) = try SIPParser().parse(sent) else {
      Issue.record("no request")
      return
    }
    for message in [SIPMessage.request(request), .response(request.response(200))] {
      let back = message.encoded()
      #expect(back.indices.contains { back[$0...].starts(with: scalar + Array("@192.0.2.7".utf8)) })
    }
  }

  @Test func `a session description in Latin-1 is read`() throws {
    let text = Array(Samples.offer.utf8)
    let at = try #require(text.indices.first { text[$0...].starts(with: Array("s=-".utf8)) })
    let latin = Array(text[..<at]) + Array("s=Gespr".utf8) + [0xE4] + Array("ch".utf8) + Array(text[(at + 3)...])
    #expect(try SessionDescription(parsing: latin).media.count == 1)
  }

  static let tooMuch = [
    String(repeating: "\nX: 1", count: 130), "\nX: " + String(repeating: "1", count: 9_000),
    "\nSubject: a" + String(repeating: "\n b", count: 5_000),
  ]

  @Test(arguments: tooMuch)
  func `a message that is too large is answered with 513`(_ lines: String) throws {
    let failure = try #require(refusal(Samples.message(Samples.invite + lines)))
    #expect(failure.status == 513 && failure.error.kind == .tooLarge)
    #expect(failure.refusal?.status == 513 && failure.refusal?.envelope[.callID] == "call-1@192.0.2.7")
    let ack = Samples.invite.replacing("INVITE", with: "ACK")
    #expect(refusal(Samples.message(ack + lines))?.refusal == nil, "an ACK is never answered")
    let first = Samples.invite.replacing("\nVia", with: lines + "\nVia")
    #expect(refusal(Samples.message(first))?.status == 513, "whoever cannot be told is not told")
  }

  @Test(arguments: ["", "\nX: " + String(repeating: "1", count: 9_000)])
  func `a Request-URI that is too long is answered with 414`(_ more: String) throws {
    let long = String(repeating: "x", count: 9_000)
    let sent = Samples.invite.replacing("sip:line@192.0.2.1 SIP", with: "sip:\(long)@192.0.2.1 SIP") + more
    let failure = try #require(refusal(Samples.message(sent)))
    #expect(failure.status == 414 && failure.refusal?.status == 414)
    #expect(failure.refusal?.envelope[.callID] == "call-1@192.0.2.7")
    let octets = String(decoding: failure.refusal?.encoded() ?? [], as: UTF8.self)
    #expect(octets.hasPrefix("SIP/2.0 414 Request-URI Too Long ("))
    #expect(refusal(Samples.message(sent.replacing("INVITE", with: "ACK")))?.refusal == nil, "an ACK is never answered")
    let response = "SIP/2.0 200 \(long)\nVia: SIP/2.0/UDP 192.0.2.7;branch=z9hG4bKx"
    #expect(refusal(Samples.message(response))?.refusal == nil)
    var framer = StreamFramer()
    framer.append(Samples.message(sent + "\nContent-Length: 0"))
    guard case .unusable(let head) = try framer.next() else { return #expect(Bool(false)) }
    #expect(SIPParser().failure(ofHead: head).refusal?.status == 414, "also over a stream")
  }

  @Test(arguments: [70_000, 200_000]) func `a head over a stream that is too large is answered with 513`(_ count: Int)
    throws
  {
    var framer = StreamFramer()
    framer.append(Samples.message(Samples.invite + "\nX: " + String(repeating: "1", count: count)))
    guard case .unusable(let head) = try framer.next() else { return #expect(Bool(false)) }
    #expect(SIPParser().failure(ofHead: head).refusal?.status == 513)
  }

  @Test func `a control character in the Request-URI is answered with 400`() {
    let sent = Samples.message(Samples.invite.replacing("sip:line@192.0.2.1 SIP", with: "sip:li\u{1}ne@192.0.2.1 SIP"))
    #expect(refusal(sent)?.refusal?.status == 400)
  }

  @Test(arguments: [String(repeating: "x", count: 9_000), "\u{1}"])
  func `whose topmost Via cannot be read is not answered by another one`(_ junk: String) throws {
    for name in ["Via", "v", "VIA "] {
      let via = "\n\(name): SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK\(junk)"
      let failure = try #require(refusal(Samples.message(Samples.invite.replacing("\nVia", with: via + "\nVia"))))
      #expect(failure.status >= 400 && failure.refusal == nil)
      let second = Samples.invite.replacing("\nFrom", with: via + "\nFrom")
      #expect(refusal(Samples.message(second))?.refusal != nil, "one below it does no harm")
    }
  }

  @Test(arguments: ["tel:", "tel:+", "tel:;phone-context=example.com", "tel:12!3", "TEL:shop"])
  func `a telephone number that is none is answered with 400`(_ uri: String) {
    let sent = Samples.invite.replacing("sip:line@192.0.2.1 SIP", with: "\(uri) SIP")
    #expect(refusal(Samples.message(sent))?.refusal?.status == 400)
  }

  @Test func `a body that is too large is answered with 513`() throws {
    let failure = try #require(
      refusal(Samples.message(Samples.invite, body: String(repeating: "x", count: 65_536))))
    #expect(failure.status == 513 && failure.refusal?.status == 513)
    let declared = try #require(refusal(Samples.message(Samples.invite + "\nContent-Length: 65537")))
    #expect(declared.status == 513 && declared.refusal?.status == 513, "also where only its length is told")
  }

  @Test(arguments: [
    (Array("\0".utf8), 400), ([0x01], 400),
  ]) func `a control character in a header is answered with 400`(_ octets: [UInt8], _ status: Int) {
    let sent = Self.octets(
      Samples.invite + "\nSubject: a", replacing: "Subject: a", with: Array("Subject: ".utf8) + octets)
    #expect(refusal(sent)?.refusal?.status == status)
  }

  @Test func `a header without its end is answered with 400`() {
    let cut = Array(Samples.message(Samples.invite).dropLast(2))
    #expect(refusal(cut)?.refusal?.status == 400)
  }

  @Test(arguments: [";rport=", ";received=", ";x="])
  func `a parameter without its value is let pass`(_ parameter: String) throws {
    let request = try Samples.request(Samples.invite.replacing(";rport", with: parameter))
    #expect(request.vias[0].branch == "z9hG4bKfirst")
  }

  @Test(
    arguments: [
      ("sip:shop@a.invalid", "shop"), ("sip:%2B15550199@a.invalid", "+15550199"),
      ("sip:+15550199;npdi;rn=+1555@a.invalid;user=phone", "+15550199"),
      ("sip:+1-555-01.99@a.invalid;user=phone", "+15550199"),
      ("tel:+15550199;phone-context=ims.example.com", "+15550199"), ("tel:+1-(555)-0199", "+15550199"),
      ("TEL:911;phone-context=+1", "911"), ("sip:*98%23@a.invalid", "*98#"), ("sip:sales-team@a.invalid", "sales-team"),
      ("sip:cafe-24@a.invalid", "cafe-24"), ("sip:12-34@a.invalid;user=phone", "1234"),
      ("sip:a.invalid", nil), ("urn:service:sos", nil), ("tel:", nil), ("tel:abc def", nil),
    ] as [(String, String?)])
  func `the number that was called is found in all its forms`(_ uri: String, _ number: String?) {
    #expect(CalledNumber(uri)?.text == number, "\(uri)")
  }
}
