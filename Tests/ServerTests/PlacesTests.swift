import Calls
import Core
import Foundation
import Logging
import Signalling
import Telephony
import Testing

@testable import Server

@Suite struct `The places of a configuration` {
  private func read(_ lines: String) throws -> ServerConfiguration {
    let path = NSTemporaryDirectory() + "repartee-" + UUID().uuidString + ".yml"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try "sip:\n\(lines)\n".write(toFile: path, atomically: true, encoding: .utf8)
    return try ServerConfiguration.read(file: path)
  }

  private func telephony(_ lines: String) throws -> TelephonyConfiguration {
    try read(lines).telephony(Secrets(["PBX": "open sesame"]), logger: Logger(label: "test"))
  }

  @Test func `are called directly or over a trunk, which knows us by its own password`() throws {
    let lines = """
        places:
          support: {uri: "sip:support@pbx.example.com", trunk: pbx, listener: coach}
          coach: {uri: "sip:coach@192.0.2.7"}
        trunks:
          pbx: {address: "sip:192.0.2.1:5080;transport=tcp", caller: "sip:shop@pbx.example.com", user: shop, password: "${PBX}"}
      """
    #expect(try read(lines).sip.places["support"]?.listener == "coach")
    let telephony = try telephony(lines)
    #expect(telephony.places.keys.sorted() == ["coach", "support"] && telephony.places["support"]?.trunk == "pbx")
    let trunk = try #require(telephony.trunks["pbx"])
    #expect(trunk.credentials?.credentials == DigestCredentials(user: "shop", password: "open sesame"))
    #expect(trunk.caller == SIPURI("sip:shop@pbx.example.com") && trunk.address.port == 5080)
  }

  @Test(arguments: [
    ("  places: {a: {uri: \"sip:a@192.0.2.1\", trunk: none}}", "sip.places.a.trunk"),
    ("  places: {a: {uri: \"sip:a@192.0.2.1\", listener: b}}", "sip.places.a.listener"),
    ("  places: {a: {uri: \"support\"}}", "sip.places.a.uri"),
    ("  trunks: {t: {address: \"pbx\"}}", "sip.trunks.t.address"),
    ("  trunks: {t: {address: \"sip:pbx.example.com\", caller: \"me\"}}", "sip.trunks.t.caller"),
    ("  places: {a: {trunk: t}}", "uri"),
    ("  trunks: {t: {address: \"sip:pbx.example.com\", user: u}}", "password"),
    ("  trunks: {t: {address: \"sip:pbx.example.com\", user: u, password: open}}", "password"),
  ])
  func `that cannot be called are told by their key`(_ lines: String, _ key: String) throws {
    let error = try #require(throws: ServerError.self) { _ = try telephony(lines) }
    #expect(error.kind == .configuration && error.message.contains(key), "\(error)")
    #expect(!error.message.contains("open sesame"))
  }

  @Test func `are what a destination may name`() {
    #expect(Reach(reading: "place:support") == .place("support"))
    #expect(Reach(reading: "sip:place:support@192.0.2.1") == .address("sip:place:support@192.0.2.1"))
  }
}
