import TestSupport
import Testing

@testable import Signalling

@Suite struct SIPParserTests {
  @Test func `a tortuous but valid INVITE is understood`() throws {
    let text = """
      INVITE sip:vivekg@chair-dnrc.example.com;unknownparam SIP/2.0
      TO :
       sip:vivekg@chair-dnrc.example.com ;   tag    = 1918181833n
      from   : "J Rosenberg \\\\\\""       <sip:jdrosen@example.com>
        ;
        tag = 98asjd8
      MaX-fOrWaRdS: 0068
      Call-ID: wsinv.ndaksdj@192.0.2.1
      Content-Length   : 3
      cseq: 0009
        INVITE
      Via  : SIP  /   2.0
       /UDP
          192.0.2.2;branch=390skdjuw
      s :
      NewFangledHeader:   newfangled value
       continued newfangled value
      UnknownHeaderWithUnusualValue: ;;,,;;,;
      Content-Type: application/sdp
      Route:
       <sip:services.example.com;lr;unknownwith=value;unknown-no-value>
      v:  SIP  / 2.0  / TCP     spindle.example.com   ;
        branch  =   z9hG4bK9ikj8  ,
       SIP  /    2.0   / UDP  192.168.255.111   ; branch=
       z9hG4bK30239
      m:"Quoted string \\"\\"" <sip:jdrosen@example.com> ; newparam =
            newvalue ;
        secondparam ; q = 0.33
      """
    let request = try Samples.request(text, body: "abcdef")
    #expect(request.vias.map(\.host) == ["192.0.2.2", "spindle.example.com", "192.168.255.111"])
    #expect(request.vias.map(\.branch) == ["390skdjuw", "z9hG4bK9ikj8", "z9hG4bK30239"])
    #expect(request.to.tag == "1918181833n")
    #expect(request.from.tag == "98asjd8")
    #expect(request.from.uri?.user == "jdrosen")
    #expect(request.cseq == CSeq(9, .invite))
    #expect(request.headers["newfangledheader"] == "newfangled value continued newfangled value")
    #expect(request.headers.addresses(.contact)?.first?.parameters["q"] == "0.33")
    #expect(request.body == Array("abc".utf8))
    #expect(request.headers.addresses(.route)?.first?.uri?.parameters.has("lr") == true)
  }

  static let valid: [(String, String, @Sendable (SIPRequest) -> Bool)] = [
    (
      "unusual method and characters", Samples.invite.replacing("INVITE", with: "!interesting-Method0123456789_*+`.%"),
      {
        $0.method.rawValue == "!interesting-Method0123456789_*+`.%"
      }
    ),
    (
      "escaped user",
      Samples.invite.replacing("sip:line@192.0.2.1 SIP", with: "sip:sips%3Auser%40example.com@example.net SIP"),
      {
        $0.uri?.decodedUser == "sips:user@example.com"
      }
    ),
    (
      "escaped null", Samples.invite.replacing("sip:line@", with: "sip:null-%00-null@"),
      {
        $0.uri?.decodedUser == "null-\u{0}-null"
      }
    ),
    (
      "semicolon in the user part",
      Samples.invite.replacing("sip:line@192.0.2.1 SIP", with: "sip:user;par=u%40example.net@example.com SIP"),
      {
        $0.uri?.user == "user;par=u%40example.net" && $0.uri?.parameters.items.isEmpty == true
      }
    ),
    (
      "no space before the bracket", Samples.invite.replacing("\"Caller\" <", with: "caller<"),
      {
        $0.from.displayName == "caller" && $0.from.tag == "abc"
      }
    ),
    (
      "unknown transport", Samples.invite.replacing("SIP/2.0/UDP", with: "SIP/2.0/UNKNOWN"),
      { $0.vias[0].transport == "UNKNOWN" }
    ),
    (
      "unknown scheme of the Request-URI",
      Samples.invite.replacing("sip:line@192.0.2.1 SIP", with: "nobodyKnowsThisScheme:totallyopaquecontent SIP"),
      {
        $0.uri == nil
      }
    ),
    (
      "old style without tag and branch",
      Samples.invite.replacing(";tag=abc", with: "").replacing("branch=z9hG4bKfirst;", with: ""),
      {
        $0.from.tag == nil && $0.vias[0].branch == nil
      }
    ),
    (
      "IPv6 reference",
      Samples.invite.replacing("sip:line@192.0.2.1 SIP", with: "sip:[2001:db8::10]:5070 SIP").replacing(
        "UDP 192.0.2.7:5061", with: "UDP [2001:db8::9:1]:6050"),
      {
        $0.uri?.host == "[2001:db8::10]" && $0.uri?.port == 5070 && $0.vias[0].port == 6050
      }
    ),
    (
      "compact names",
      Samples.invite.replacing("Via:", with: "v:").replacing("From:", with: "f:").replacing("To:", with: "t:")
        .replacing("Call-ID:", with: "i:").replacing("Contact:", with: "m:"),
      {
        $0.callID == "call-1@192.0.2.7" && $0.headers.has(.contact)
      }
    ),
    (
      "tel URI in From", Samples.invite.replacing("<sip:caller@192.0.2.7:5061>;tag", with: "<tel:+4930123456>;tag"),
      {
        $0.from.uri == nil && $0.from.uriText == "tel:+4930123456"
      }
    ),
    (
      "address without brackets",
      Samples.invite.replacing("To: <sip:line@192.0.2.1>", with: "To: sip:line@192.0.2.1;tag=x"),
      {
        $0.to.tag == "x" && $0.to.uri?.parameters.items.isEmpty == true
      }
    ),
  ]

  @Test(arguments: valid.indices) func `valid torture messages are taken`(_ index: Int) throws {
    let (name, text, check) = Self.valid[index]
    let request = try Samples.request(text)
    #expect(check(request), "\(name)")
    guard case .request(let again) = try SIPParser().parse(SIPMessage.request(request).encoded()) else {
      Issue.record("not a request")
      return
    }
    #expect(again == request, "\(name): what is written reads the same")
  }

  static let invalid: [(String, String, Int)] = [
    ("version 7.0", Samples.invite.replacing(" SIP/2.0\nVia", with: " SIP/7.0\nVia"), 505),
    (
      "trailing space in the request line",
      Samples.invite.replacing("192.0.2.1 SIP/2.0\n", with: "192.0.2.1 SIP/2.0 \n"), 400
    ),
    ("two spaces in the request line", Samples.invite.replacing("INVITE sip", with: "INVITE  sip"), 400),
    (
      "Request-URI in brackets", Samples.invite.replacing("sip:line@192.0.2.1 SIP", with: "<sip:line@192.0.2.1> SIP"),
      400
    ),
    (
      "space in the Request-URI",
      Samples.invite.replacing("sip:line@192.0.2.1 SIP", with: "sip:line@192.0.2.1; lr SIP"), 400
    ),
    (
      "headers in the Request-URI",
      Samples.invite.replacing("sip:line@192.0.2.1 SIP", with: "sip:line@192.0.2.1?Route=%3Csip:a.b%3E SIP"), 400
    ),
    ("unterminated quote", Samples.invite.replacing("To: <", with: "To: \"Mr. J. User <"), 400),
    ("unquoted comma in a display name", Samples.invite.replacing("\"Caller\" <", with: "Bell, Alexander <"), 400),
    ("negative Content-Length", Samples.invite + "\nContent-Length: -999", 400),
    ("Content-Length beyond the datagram", Samples.invite + "\nContent-Length: 9999", 400),
    ("two Content-Length", Samples.invite + "\nContent-Length: 0\nContent-Length: 0", 400),
    ("two Call-ID", Samples.invite + "\nCall-ID: other", 400),
    ("CSeq too large", Samples.invite.replacing("CSeq: 1 ", with: "CSeq: 36893488147419103232 "), 400),
    ("CSeq of another method", Samples.invite.replacing("CSeq: 1 INVITE", with: "CSeq: 1 OPTIONS"), 400),
    ("CSeq of another method, unknown method", Samples.invite.replacing("INVITE sip", with: "NEWMETHOD sip"), 501),
    ("Max-Forwards above 255", Samples.invite.replacing("Max-Forwards: 70", with: "Max-Forwards: 300"), 400),
    ("no From", Samples.invite.replacing("From:", with: "X-From:"), 400),
    ("no Via", Samples.invite.replacing("Via:", with: "X-Via:"), 400),
    ("no Call-ID", Samples.invite.replacing("Call-ID:", with: "X-Call:"), 400),
    (
      "Contact with headers outside brackets",
      Samples.invite.replacing(
        "Contact: <sip:caller@192.0.2.7:5061>", with: "Contact: sip:user@example.com?Route=%3Csip:sip.example.com%3E"),
      400
    ),
    (
      "spaces inside the address",
      Samples.invite.replacing("To: <sip:line@192.0.2.1>", with: "To: \"Watson\" < sip:t.watson@example.org >"), 400
    ),
    ("header line without colon", Samples.invite + "\nnonsense", 400),
    ("broken percent escape", Samples.invite.replacing("sip:line@", with: "sip:li%2@"), 400),
    ("port out of range", Samples.invite.replacing("192.0.2.7:5061;branch", with: "192.0.2.7:99999;branch"), 400),
    ("control character", Samples.invite.replacing("call-1", with: "call\u{1}1"), 400),
  ]

  @Test(arguments: invalid.indices) func `invalid torture messages get their status`(_ index: Int) throws {
    let (name, text, status) = Self.invalid[index]
    let failure = #expect(throws: SIPParseFailure.self, "\(name)") { try Samples.parse(text) }
    #expect(failure?.status == status, "\(name)")
    let hasVia = !text.contains("X-Via") && !text.contains(":99999;")
    #expect((failure?.refusal != nil) == hasVia, "\(name): whoever can be told is told")
    if let refusal = failure?.refusal { #expect(refusal.status == status && refusal.via.branch == "z9hG4bKfirst") }
  }

  @Test func `a broken request is answered when its Via can be read, a broken ACK and a response never`() {
    let broken = Samples.invite.replacing(" SIP/2.0\nVia", with: " SIP/7.0\nVia")
    #expect(throws: SIPParseFailure.self) { try Samples.parse(broken) }
    func answer(_ text: String) -> SIPRefusal? {
      do throws(SIPParseFailure) {
        _ = try SIPParser().parse(Samples.message(text))
        return nil
      } catch { return error.refusal }
    }
    #expect(answer(broken)?.status == 505)
    #expect(answer(broken.replacing("INVITE", with: "ACK")) == nil)
    #expect(answer("ACK  " + Samples.invite.replacing("CSeq: 1 INVITE", with: "CSeq: 1 ACK").dropFirst(7)) == nil)
    #expect(answer(" " + Samples.invite.replacing("CSeq: 1 INVITE", with: "CSeq: x ACK")) == nil, "known by CSeq alone")
    #expect(answer("SIP/2.0 4294967301 better not break the receiver\nVia: SIP/2.0/UDP h;branch=z9hG4bK1") == nil)
  }

  @Test func `sizes are bounded`() {
    func status(_ bytes: [UInt8]) -> Int? {
      do throws(SIPParseFailure) {
        _ = try SIPParser().parse(bytes)
        return nil
      } catch { return error.status }
    }
    #expect(status(Samples.message(Samples.invite, body: String(repeating: "x", count: 65_536))) == 513)
    #expect(status(Samples.message(Samples.invite + String(repeating: "\nX: 1", count: 130))) == 513)
    #expect(status(Samples.message(Samples.invite + "\nX: " + String(repeating: "1", count: 9_000))) == 513)
    #expect(status(Samples.message(Samples.invite + String(repeating: "\nX: 1", count: 100))) == nil)
  }

  @Test func `responses are read with empty and unusual reasons`() throws {
    let rest = Samples.invite.split(separator: "\n").dropFirst().joined(separator: "\n")
    for (line, status, reason) in [
      ("SIP/2.0 100 ", 100, ""), ("SIP/2.0 100", 100, ""),
      ("SIP/2.0 200 = 2**3 * 5**2 но сто", 200, "= 2**3 * 5**2 но сто"),
    ] {
      guard case .response(let response) = try Samples.parse(line + "\n" + rest) else {
        Issue.record("not a response")
        return
      }
      #expect(response.status == status && response.reason == reason)
    }
  }

  @Test func `a value cannot smuggle a header line`() throws {
    var request = try Samples.request(Samples.invite)
    request.headers.add("Refer-To", "<sip:a@b>\r\nX-Evil: 1")
    guard case .request(let again) = try SIPParser().parse(SIPMessage.request(request).encoded()) else { return }
    #expect(!again.headers.has("X-Evil"))
  }

  @Test func `mutated messages never trap and what parses can be written and read again`() throws {
    var generator = Seeded(1)
    let seeds = Self.valid.map { Samples.message($0.1, body: Samples.offer) }
    var parsed = 0
    for _ in 0..<1_500 {
      let bytes = generator.mutated(seeds.randomElement(using: &generator) ?? [])
      guard let message = try? SIPParser().parse(bytes) else { continue }
      parsed += 1
      let again = try SIPParser().parse(message.encoded())
      #expect(again == message)
    }
    #expect(parsed > 50)
  }
}
