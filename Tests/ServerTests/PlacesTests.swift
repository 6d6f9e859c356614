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

  /// Lines below `sip:`, and where the mistake is: line, column, key.
  private static let misplaced: [(String, String)] = [
    (
      "  places:\n    a: {uri: \"sip:a@192.0.2.1\", listener: a}",
      "3:43: error: sip.places.a.listener: `a` would listen"
    ),
    (
      "  places:\n    b: {uri: \"sip:b@192.0.2.1\", listener: c}\n    c: {uri: \"sip:c@192.0.2.1\", listener: a}\n"
        + "    a: {uri: \"sip:a@192.0.2.1\", listener: b}",
      "5:43: error: sip.places.a.listener: the places listen to each other in a circle: a, b, c, a"
    ),
    (
      "  places:\n    a: {uri: \"sip:a@192.0.2.1\", listener: b}\n    b: {uri: \"sip:a@192.0.2.1\"}",
      "3:43: error: sip.places.a.listener: `b` is the same telephone"
    ),
    ("  places:\n    a: {uri: \"sip:a@192.0.2.1\", trunk: t}", "3:40: error: sip.places.a.trunk: there is no `t`"),
    ("  places:\n    a:\n      uri: support", "4:12: error: sip.places.a.uri: `support` is no SIP address"),
    ("  places:\n    a: {uri: \"sips:a@192.0.2.1\"}", "3:14: error: sip.places.a.uri: `sips:a@192.0.2.1` asks for TLS"),
    ("  places:\n    a: {uri: \"sip:a@h;transport=ws\"}", "3:14: error: sip.places.a.uri: the transport of"),
    ("  trunks:\n    t: {address: pbx}", "3:18: error: sip.trunks.t.address: `pbx` is no SIP address"),
    ("  advertised: 0.0.0.0", "2:15: error: sip.advertised: `0.0.0.0` is no address"),
    ("  trusted: [192.0.2.0/99]", "2:13: error: sip.trusted[0]: `192.0.2.0/99` is no address"),
    (
      "  registrations:\n    - {registrar: pbx, address: \"sip:a@b\", user: u, password: \"${PBX}\"}",
      "3:19: error: sip.registrations[0].registrar: `pbx` is no SIP address"
    ),
  ]

  @Test(arguments: misplaced.indices) func `and all else of sip is told by file, line and key, before anything starts`(
    _ index: Int
  ) throws {
    let (lines, says) = Self.misplaced[index]
    let error = try #require(throws: ServerError.self) { _ = try read(lines) }
    #expect(error.kind == .configuration && error.message.contains(".yml:" + says), "\(error.message)")
    #expect(!error.message.contains("\n"), "told once: \(error.message)")
  }

  @Test func `may have one listener for several`() throws {
    let lines = """
        places:
          a: {uri: "sip:a@192.0.2.1", listener: c}
          b: {uri: "sip:b@192.0.2.1", listener: c}
          c: {uri: "sip:c@192.0.2.1", listener: d}
          d: {uri: "sip:d@192.0.2.1"}
      """
    #expect(try read(lines).sip.places.values.compactMap(\.listener).sorted() == ["c", "c", "d"])
  }

  @Test func `go over trunks whose passwords are granted to nobody`() throws {
    let trunk = "  trunks: {t: {address: \"sip:192.0.2.1\", user: u, password: \"${PBX}\"}}\n"
    let grant = "secrets:\n  - {name: PBX, assistant: shop, hosts: [api.example.com]}"
    let error = try #require(throws: ServerError.self) { _ = try read(trunk + grant) }
    #expect(error.message.contains("secrets[0].name: `PBX` is the server's own"))
    #expect(try read(trunk).sip.passwords.map(\.secret) == ["PBX"])
  }

  @Test func `are what a destination may name`() {
    #expect(Reach(reading: "place:support") == .place("support"))
    #expect(Reach(reading: "sip:place:support@192.0.2.1") == .address("sip:place:support@192.0.2.1"))
  }
}
