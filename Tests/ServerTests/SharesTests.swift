import Core
import Foundation
import Logging
import Signalling
import Telephony
import Testing

@testable import Server

@Suite struct `Calls that one address may have` {
  private func shares(_ text: String) throws -> CallShares {
    let path = NSTemporaryDirectory() + "repartee-" + UUID().uuidString + ".yml"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    let configuration = try ServerConfiguration.read(file: path)
    let secrets = Secrets(["PW": "secret"])
    return try configuration.telephony(secrets, logger: Logger(label: "test")).shares
  }

  @Test func `are half of all, or as many as the configuration says`() throws {
    #expect(try shares("limits: {calls: 30}") == CallShares(of: 30))
    #expect(try shares("limits: {calls: 30}").each == 15)
    let given = try shares("limits: {calls: 30, calls_per_address: 4}")
    #expect(given.all == 30 && given.each == 4)
    #expect(throws: ServerError.self) { try shares("limits: {calls_per_address: 0}") }
  }

  @Test func `are all for whom the configuration names by an address of its own`() throws {
    let text = """
      sip:
        trusted: [192.0.2.7, 198.51.100.0/24, "2001:db8::1", "2001:db8:1::/64", 192.0.2.8/32]
        registrations:
          - {registrar: "sip:198.51.100.9", address: "sip:shop@pbx.example.com", user: shop, password: "${PW}"}
        trunks:
          carrier: {address: "sip:[2001:db8:1::5]:5080;transport=tcp"}
          named: {address: "sip:trunk.example.com"}
      """
    let wanted = ["192.0.2.7", "192.0.2.8", "2001:db8::1", "198.51.100.9", "2001:db8:1::5"].compactMap { IPAddress($0) }
    #expect(try shares(text).peers == Set(wanted) && wanted.count == 5)
    #expect(try shares("tenant: a").peers.isEmpty, "127.0.0.0/8 is a block")
  }
}
