import Assistant
import Core
import Foundation
import Testing

@testable import Server

/// What tools need of the environment, what labels name, and where a server can be called.
@Suite struct `What a start would miss only in a call` {
  private static let tools = """
    base: ${DESK_URL}
    tools:
      look: {description: Looks., request: "GET /look", changes_state: false}

    """

  @Test(
    arguments: [
      ([:], "is not set"), (["DESK_URL": "file:///etc/passwd"], "no address that begins with http"),
      (["DESK_URL": ""], "no address that begins with http"), (["DESK_URL": "127.0.0.1:8090"], "no address"),
    ] as [([String: String], String)])
  func `is the address of a back end`(environment: [String: String], words: String) throws {
    let desk = try Desk()
    try Self.tools.write(toFile: desk.folder + "/tools.yml", atomically: true, encoding: .utf8)
    var configuration = desk.configuration
    configuration.addresses.append(AddressGrant(name: "DESK_URL", assistant: "desk"))
    configuration.numbers = ["*": .folder(desk.folder)]
    let finding = try #require(
      configuration.check(folder: desk.folder, environment: environment).findings.first { $0.message.contains(words) })
    #expect(finding.location.file == "tools.yml" && finding.location.line == 1 && finding.key == "base")
    #expect(finding.hint?.contains("set DESK_URL") == true)
    #expect(
      Examination(configuration, environment: environment).findings().contains { $0.advice?.contains(words) == true })
    for url in ["http://127.0.0.1:8090", "https://api.example.com"] {
      #expect(
        !configuration.check(folder: desk.folder, environment: ["DESK_URL": url]).findings.contains {
          $0.message.contains("DESK_URL")
        })
    }
  }

  @Test func `is a label that no value has`() throws {
    let desk = try Desk()
    let path = desk.root + "/labels.yml"
    try "privacy:\n  screen: {allow: [nolabel, card]}\n".write(toFile: path, atomically: true, encoding: .utf8)
    var configuration = try ServerConfiguration.read(file: path)
    configuration.numbers = ["*": .folder(desk.folder)]
    let stray = configuration.strayLabels(among: configuration.readableAssistants)
    #expect(stray.map(\.key) == ["privacy.screen.allow[0]"])
    #expect(stray.first?.location.line == 2 && stray.first?.hint?.contains("card") == true)
    #expect(
      Examination(configuration, environment: [:]).findings().contains { $0.what == "labels of privacy" && !$0.isGood })
  }

  @Test(
    arguments: [
      ("0.0.0.0", nil, "127.0.0.1"), ("0.0.0.0", "203.0.113.5", "203.0.113.5"), ("::", nil, "[::1]"),
      ("192.0.2.7", nil, "192.0.2.7"), ("::1", nil, "[::1]"),
    ] as [(String, String?, String)])
  func `is where to call, which the line of a start says`(address: String, advertised: String?, callable: String) {
    var configuration = ServerConfiguration()
    configuration.sip.listener.address = address
    configuration.sip.advertised = advertised
    let line = ReadyLine(configuration: configuration, port: 5060, assistants: [], started: .now)
    #expect(line.callable == callable)
  }
}
