import Testing

@testable import Signalling

/// Requests that break the grammar in a place that every request needs: whoever can be told is told.
@Suite struct RefusalTests {
  static let broken: [(String, String, String)] = [
    (
      "Request-URI with a broken escape",
      Samples.invite.replacing("sip:line@192.0.2.1 SIP", with: "sip:li%2@192.0.2.1 SIP"), "bad Request-URI"
    ),
    (
      "Request-URI with an escape that is cut off",
      Samples.invite.replacing("192.0.2.1 SIP/2.0\nVia", with: "192.0.2.1;x=% SIP/2.0\nVia"), "bad Request-URI"
    ),
    ("To with a broken escape", Samples.invite.replacing("To: <sip:line", with: "To: <sip:li%zzne"), "bad To"),
    ("Request-URI and To with one", Samples.invite.replacing("sip:line@", with: "sip:li%2@"), "bad To"),
    (
      "From with a broken escape",
      Samples.invite.replacing("sip:caller@192.0.2.7:5061>;tag", with: "sip:call%g0er@192.0.2.7>;tag"), "bad From"
    ),
    (
      "Contact with a broken escape", Samples.invite.replacing("Contact: <sip:caller", with: "Contact: <sip:%"),
      "bad Contact"
    ),
    ("Route with a broken escape", Samples.invite + "\nRoute: <sip:a%b@c;lr>", "bad Route"),
    (
      "a second Via that is none",
      Samples.invite.replacing("\nFrom", with: "\nVia: SIP/2.0/UDP [oops;branch=z9hG4bKx\nFrom"), "bad Via"
    ),
    ("no From", Samples.invite.replacing("From:", with: "X-From:"), "mandatory field missing"),
    ("no To", Samples.invite.replacing("To:", with: "X-To:"), "mandatory field missing"),
    ("no Call-ID", Samples.invite.replacing("Call-ID:", with: "X-Call:"), "mandatory field missing"),
    ("no CSeq", Samples.invite.replacing("CSeq:", with: "X-CSeq:"), "mandatory field missing"),
    ("CSeq of no number", Samples.invite.replacing("CSeq: 1", with: "CSeq: one"), "bad CSeq"),
    ("Call-ID with a space", Samples.invite.replacing("call-1", with: "call 1"), "bad Call-ID"),
  ]

  @Test(arguments: broken.indices) func `a request that is broken in a mandatory place gets 400 with the reason`(
    _ index: Int
  ) throws {
    let (name, text, reason) = Self.broken[index]
    var rig = Rig()
    rig.receive(text, body: Samples.offer)
    let (refusal, path) = try #require(rig.refused.first, "\(name): no answer")
    #expect(rig.refused.count == 1 && refusal.status == 400 && path == Rig.caller, "\(name)")
    let lines = String(decoding: refusal.encoded(), as: UTF8.self).split(separator: "\r\n").map(String.init)
    #expect(lines.first == "SIP/2.0 400 Bad Request (\(reason))", "\(name)")
    #expect(
      lines.contains("Via: SIP/2.0/UDP 192.0.2.7:5061;branch=z9hG4bKfirst;rport=5061;received=192.0.2.7"), "\(name)")
    let came = text.split(separator: "\n").map(String.init)
    for field in ["From:", "Call-ID:", "CSeq:"] {
      #expect(lines.filter { $0.hasPrefix(field) } == came.filter { $0.hasPrefix(field) }, "\(name): as it came")
    }
    let to = came.first { $0.hasPrefix("To:") }
    let isTagged = to != nil && reason != "bad To"
    #expect(lines.first { $0.hasPrefix("To:") } == to.map { $0 + (isTagged ? ";tag=token1" : "") }, "\(name)")
    #expect(lines.count { $0.hasPrefix("Via:") } == came.count { $0.hasPrefix("Via:") }, "\(name): every Via goes back")
    #expect(rig.agent.transactionCount == 0 && rig.sent.isEmpty)
  }

  @Test(arguments: broken.indices) func `a broken ACK gets none, nor does what names nobody`(_ index: Int) {
    let (name, text, _) = Self.broken[index]
    var rig = Rig()
    rig.receive(text.replacing("INVITE", with: "ACK"), body: Samples.offer)
    rig.receive(text.replacing("Via: SIP/2.0/UDP 192.0.2.7:5061", with: "Via: SIP/2.0/UDP <>"), body: Samples.offer)
    rig.receive("SIP/2.0 200 OK\n" + text.split(separator: "\n").dropFirst().joined(separator: "\n"))
    #expect(rig.statuses.isEmpty, "\(name)")
  }

  @Test func `broken requests are answered at the rate of whole ones`() {
    var rig = Rig { $0.access.trustedRate = RequestRate(perSecond: 1, burst: 3) }
    for _ in 0..<10 { rig.receive(Self.broken[0].1) }
    #expect(rig.refused.count == 3)
  }

  @Test func `a head without its length is told so where octets come in a stream`() {
    let failure = SIPParser().failure(ofHead: Samples.message(Samples.invite))
    #expect(failure.refusal?.reason == "no Content-Length" && failure.refusal?.status == 400)
    #expect(
      SIPParser().failure(ofHead: Samples.message(Samples.invite.replacing("INVITE", with: "ACK"))).refusal == nil)
    #expect(SIPParser().failure(ofHead: Samples.message(Self.broken[0].1)).refusal?.reason == "bad Request-URI")
  }
}
