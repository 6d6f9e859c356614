import Governance
import Testing

@Suite struct SIPRedactorTests {
  private let invite = [
    "INVITE sip:+4930555001@pbx.example.com SIP/2.0",
    "Via: SIP/2.0/UDP 10.0.0.7:5060;branch=z9hG4bK1234567890",
    "From: \"Ada, Winter\" <sip:ada.winter@example.com>;tag=88776655",
    "To: Shop Line <sip:+4930555001@pbx.example.com>",
    "Contact: <sip:ada@10.0.0.7:5060;transport=udp>, Other <sip:bob@10.0.0.8>;q=0.5",
    "P-Asserted-Identity: \"Ada\"",
    "  <tel:+4917212345>",
    "Authorization: Digest username=\"ada\", response=\"0123456789abcdef\"",
    "Subject: about order 10473829",
    "Call-ID: 1234567890@10.0.0.7",
    "CSeq: 314159 INVITE",
    "X-Customer: 10473829",
    "Content-Type: application/sdp",
    "Content-Length: 120",
    "",
    "v=0",
    "o=ada 2890844526 2890844526 IN IP4 10.0.0.7",
    "s=Ada's call",
    "c=IN IP4 10.0.0.7",
    "m=audio 49170 RTP/AVP 8 101",
    "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:c2VjcmV0",
    "",
  ].joined(separator: "\r\n")

  @Test func `people do not appear in a redacted message`() {
    let text = SIPRedactor.redact(invite)
    for clear in [
      "ada", "Ada", "Winter", "Shop Line", "bob", "Other", "30555001", "17212345", "10473829", "0123456789abcdef",
      "c2Vj",
    ] {
      #expect(!text.contains(clear), "\(clear)")
    }
  }

  @Test func `what is needed to follow a dialog stays`() {
    let text = SIPRedactor.redact(invite)
    for kept in [
      "INVITE sip:<user>@pbx.example.com SIP/2.0", "branch=z9hG4bK1234567890", "<sip:<user>@example.com>;tag=88776655",
      "Call-ID: 1234567890@10.0.0.7", "CSeq: 314159 INVITE", "m=audio 49170 RTP/AVP 8 101", "Content-Length: 120",
      "Contact: <sip:<user>@10.0.0.7:5060;transport=udp>, <sip:<user>@10.0.0.8>;q=0.5", "c=IN IP4 10.0.0.7",
    ] {
      #expect(text.contains(kept), "\(kept)")
    }
  }

  @Test func `keys in an INFO body are counted, not shown`() {
    let info = "INFO sip:a@b SIP/2.0\r\nContent-Type: application/dtmf-relay\r\n\r\nSignal=5\r\nDuration=160\r\n"
    let text = SIPRedactor.redact(info)
    #expect(!text.contains("Signal"))
    #expect(text.hasSuffix("<20 bytes>"))
  }

  @Test(arguments: [
    "", "\r\n", "hello 0123456789", "SIP/2.0 200 OK\r\nFrom: <sip:a", "X\r\n y\r\n:\r\n\r\n\r\n", "SIP/2.0",
  ])
  func `odd input is taken without a crash and without digits`(text: String) {
    #expect(!SIPRedactor.redact(text).contains("0123456789"))
  }
}
