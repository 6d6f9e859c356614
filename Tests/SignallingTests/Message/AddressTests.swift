import Testing

@testable import Signalling

@Suite struct AddressTests {
  @Test(arguments: [
    ("192.0.2.1", "192.0.2.1"), ("::ffff:192.0.2.1", "192.0.2.1"), ("::1", "0:0:0:0:0:0:0:1"),
    ("2001:db8::a:b", "2001:db8:0:0:0:0:a:b"), ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"),
  ]) func `addresses are read`(_ text: String, _ expected: String) {
    #expect(IPAddress(text)?.description == expected)
  }

  @Test(arguments: [
    "", "1.2.3", "1.2.3.256", "1.2.3.4.5", "a.b.c.d", ":", ":::", "1::2::3", "12345::", "1:2:3:4:5:6:7:8:9", "::g",
    "1.2.3.4:5",
  ])
  func `what is no address is refused`(_ text: String) {
    #expect(IPAddress(text) == nil)
  }

  @Test(arguments: [
    ("192.0.2.0/24", "192.0.2.255", true), ("192.0.2.0/24", "192.0.3.0", false), ("10.1.2.3", "10.1.2.3", true),
    ("10.1.2.3", "10.1.2.4", false), ("0.0.0.0/0", "8.8.8.8", true), ("0.0.0.0/0", "2001:db8::1", false),
    ("2001:db8::/32", "2001:db8:ffff::1", true), ("2001:db8::/32", "2001:db9::1", false), ("::/0", "2001:db9::1", true),
    ("192.0.2.128/25", "192.0.2.127", false),
  ]) func `ranges hold what their prefix says`(_ range: String, _ address: String, _ expected: Bool) throws {
    let block = try #require(AddressRange(range))
    let parsed = try #require(IPAddress(address))
    #expect(block.contains(parsed) == expected)
  }

  @Test func `bad ranges are refused`() {
    for text in ["", "1.2.3.4/33", "1.2.3.4/", "::/129", "x/8"] { #expect(AddressRange(text) == nil) }
  }

  @Test(arguments: [
    ("sip:alice@EXAMPLE.com", "sip:alice@example.com:5060", true),
    ("sip:%61lice@example.com", "sip:alice@example.com", true),
    ("sip:Alice@example.com", "sip:alice@example.com", false),
    ("sips:alice@example.com", "sip:alice@example.com", false),
    ("sip:example.com", "sip:a@example.com", false),
  ]) func `targets are compared by RFC 3261 section 19`(_ left: String, _ right: String, _ same: Bool) throws {
    let target = try #require(SIPURI(right))
    #expect(try #require(SIPURI(left)).sameTarget(as: target) == same)
  }
}
