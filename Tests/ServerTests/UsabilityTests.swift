import Assistant
import Core
import Foundation
import Storage
import Testing

@testable import Server

/// What a configuration names and a start would refuse: told by `check --config` and `doctor` in the same words.
@Suite struct `What cannot be used` {
  private func configuration(_ text: String, in desk: Desk) throws -> ServerConfiguration {
    let path = desk.root + "/server.yml"
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    return try ServerConfiguration.read(file: path)
  }

  @Test(arguments: [
    ("sip: {address: 300.1.2.3}", "sip.address: `300.1.2.3` is no address"),
    ("sip: {address: localhost}", "sip.address"), ("http: {address: nowhere}", "http.address: `nowhere`"),
    ("sip: {port: 70000}", "sip.port"), ("http: {port: -1}", "http.port"), ("sip: {rtp_ports: 9-8}", "sip.rtp_ports"),
  ])
  func `is an address or port, told with file and line`(text: String, words: String) throws {
    let desk = try Desk()
    let error = try #require(throws: ServerError.self) { try configuration(text, in: desk) }
    #expect(error.message.contains("server.yml:1:") && error.message.contains(words), "\(error)")
  }

  @Test(arguments: [
    (["REPARTEE_SIP_ADDRESS": "nowhere"], "REPARTEE_SIP_ADDRESS=nowhere"),
    (["REPARTEE_SIP_ADVERTISED": "nowhere"], "REPARTEE_SIP_ADVERTISED=nowhere"),
  ])
  func `is an address of the environment`(environment: [String: String], words: String) throws {
    var configuration = ServerConfiguration()
    let error = try #require(throws: ServerError.self) { try configuration.apply(environment: environment) }
    #expect(error.message.contains(words))
  }

  @Test(arguments: [
    ("data: ROOT/file", "ROOT/file is a file"), ("data: ROOT/file/below", "ROOT/file is a file"),
    ("pack: ROOT/file", "pack: ROOT/file is no folder"),
    ("{data: ROOT/data, vault_key: ROOT/file}", "ROOT/file does not hold 64"),
    ("{data: ROOT/data, vault_key: ROOT/no/key}", "there is no folder ROOT/no"),
    ("{data: ROOT/data, http: {port: 5060}}", "sip.port and http.port are both 5060"),
  ])
  func `is a folder, a key or a port of two`(text: String, words: String) async throws {
    let desk = try Desk()
    try Data("x".utf8).write(to: URL(fileURLWithPath: desk.root + "/file"))
    var configuration = try configuration(text.replacing("ROOT", with: desk.root), in: desk)
    let error = try #require(throws: ServerError.self) { try configuration.requireUsable() }
    #expect(error.message.contains(words.replacing("ROOT", with: desk.root)), "\(error)")
    configuration.numbers = ["*": .folder(desk.folder)]
    let doctor = Examination(configuration, environment: [:]).findings().first { $0.what.contains("key and ports") }
    #expect(doctor?.isGood == false)
    let start = await #expect(throws: ServerError.self) {
      try await Server(configuration: configuration, environment: [:]).run()
    }
    #expect(start == nil || start?.message == error.message)
    #expect(throws: Never.self) { try desk.configuration.requireUsable() }
  }

  @Test func `is the voice of a persona, where there is a pack`() throws {
    let desk = try Desk()
    var configuration = desk.configuration
    try desk.rewrite("assistant.yml", "  name: Robin", as: "  voice: nobody\n  name: Robin")
    configuration.numbers = ["*": .folder(desk.folder)]
    #expect(configuration.check(folder: desk.folder).findings.allSatisfy { $0.key != "persona.voice" })
    configuration.pack = desk.root + "/pack"
    let engine = desk.root + "/pack/piper-x"
    try FileManager.default.createDirectory(atPath: engine, withIntermediateDirectories: true)
    try Data(
      """
      {"id": "piper-x", "kind": "voice", "engine": "piper", "title": "X", "licence": "none", "files": [], "sources": []}
      """.utf8
    ).write(to: URL(fileURLWithPath: engine + "/engine.json"))
    let finding = try #require(
      configuration.check(folder: desk.folder).findings.first { $0.key == "persona.voice" })
    #expect(finding.severity == .error && finding.message.contains("nobody"))
    #expect(finding.hint?.contains("flite-kal, piper-joe-en-us, piper-x") == true)
    let doctor = Examination(configuration, environment: [:]).findings().first { $0.what.hasPrefix("assistant") }
    #expect(doctor?.isGood == false && doctor?.advice?.contains("persona.voice") == true)
    try desk.rewrite("assistant.yml", "voice: nobody", as: "voice: piper-x")
    #expect(configuration.check(folder: desk.folder).findings.allSatisfy { $0.key != "persona.voice" })
  }

  /// What stands where the database or the key should.
  private static let strangers: [(String, Data?)] = [
    ("empty", Data()), ("binary", Data((0..<9_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ 7) })), ("folder", nil),
  ]

  @Test(arguments: ["repartee.sqlite", "vault.key"], [0, 1, 2])
  func `is a file of the data folder, which is named`(file: String, stranger: Int) async throws {
    let desk = try Desk()
    let (_, bytes) = Self.strangers[stranger]
    try await StorageFloor.open(desk.configuration, for: .command).store.close()
    let path = desk.configuration.data + "/" + file
    try FileManager.default.removeItem(atPath: path)
    if let bytes {
      try bytes.write(to: URL(fileURLWithPath: path))
    } else {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }
    for work: () async throws -> Void in [
      { _ = try await CallArchive(desk.configuration).verify() },
      { _ = try await PersonArchive(desk.configuration).erase("1") },
    ] {
      let error = await #expect(throws: (any Error).self) { try await work() }
      #expect("\(error as Any)".contains(path), "\(error as Any)")
    }
    guard file == "repartee.sqlite" else { return }
    let listed = await #expect(throws: (any Error).self) { try await EffectArchive(desk.configuration).findings() }
    #expect("\(listed as Any)".contains(path), "\(listed as Any)")
  }
}
