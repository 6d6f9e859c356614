import Core
import Foundation
import Logging
import Signalling
import Telephony
import Testing

@testable import Server

@Suite struct `The codecs of a configuration` {
  private func read(_ codecs: String) throws -> ServerConfiguration {
    let path = NSTemporaryDirectory() + "repartee-" + UUID().uuidString + ".yml"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try "sip:\n  codecs: \(codecs)\n".write(toFile: path, atomically: true, encoding: .utf8)
    return try ServerConfiguration.read(file: path)
  }

  @Test func `are all, the wideband one first, or those that are named, in their order`() throws {
    #expect(ServerConfiguration().sip.codecs == [.g722, .pcmu, .pcma])
    let configuration = try read("[PCMA, PCMU, PCMA]")
    #expect(configuration.sip.codecs == [.pcma, .pcmu])
    let telephony = try configuration.telephony(Secrets([:]), logger: Logger(label: "test"))
    #expect(telephony.codecs == [.pcma, .pcmu])
  }

  @Test(arguments: ["[]", "[opus]", "PCMU"]) func `that there are not are refused`(_ codecs: String) {
    #expect(throws: ServerError.self) { try read(codecs) }
  }
}
