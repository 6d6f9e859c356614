import Assistant
import Core
import Foundation
import NIOCore
import NIOPosix
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
    ("data: ROOT/file", "data: ROOT/file cannot be a folder: ROOT/file is a file"),
    ("data: ROOT/file/below", "ROOT/file is a file"),
    ("data: /proc/repartee", "data: /proc/repartee cannot be written"),
    ("data: /proc", "data: /proc cannot be written"),
    ("data: /sys/kernel/repartee", "data: /sys/kernel/repartee cannot be written"),
    ("pack: ROOT/file", "pack: ROOT/file is no folder"),
    ("{data: ROOT/data, vault_key: ROOT/file}", "vault_key: The vault's key file ROOT/file does not hold 64"),
    ("{data: ROOT/data, vault_key: ROOT/no/key}", "there is no folder ROOT/no"),
    ("{data: ROOT/data, http: {port: 5060}}", "http.port: sip.port and http.port are both 5060"),
    ("sip: {address: 192.0.2.1}", "sip.address: nobody can listen on 192.0.2.1: Cannot assign"),
    ("http: {address: 192.0.2.1}", "http.address: nobody can listen on 192.0.2.1: Cannot assign"),
    ("sip: {users: {alice: {password: \"${ALICE}\"}}}", "sip.users.alice.password: the secret ALICE is not set"),
    ("sip: {users: {alice: {password: \"${EMPTY}\"}}}", "sip.users.alice.password: the secret EMPTY is empty"),
    (
      "sip: {users: {alice: {password: \"${FILED}\"}}}",
      "sip.users.alice.password: the file /nowhere of the secret FILED cannot be read"
    ),
    (
      "sip: {trunks: {pstn: {address: \"sip:192.0.2.9\", user: a, password: \"${ALICE}\"}}}",
      "sip.trunks.pstn.password: the secret ALICE is not set"
    ),
    (
      """
      sip: {registrations: [{registrar: "sip:192.0.2.9", address: "sip:a@192.0.2.9", user: a, password: "${ALICE}"}]}
      """, "sip.registrations[0].password: the secret ALICE is not set"
    ),
    ("sip: {address: 0.0.0.0, trusted: []}", "sip: 0.0.0.0 stands for all addresses"),
    ("numbers: {\"*\": {assistant: ROOT/nobody}}", "numbers.*.assistant: there is no folder ROOT/nobody"),
    ("numbers: {\"*\": {assistant: ROOT/file}}", "numbers.*.assistant: ROOT/file is no folder"),
    ("utc_offset: 0", "numbers: no number has an assistant"),
    ("engines: {voice: silero}", "engines.voice: the engine silero is not in ROOT/pack"),
    ("engines: {recognizer: joe}", "engines.recognizer: `joe` is a voice, no recognizer"),
    ("engines: {voice: torn}", "engines.voice: ROOT/pack/torn/voice.onnx is missing or has another size"),
    ("engines: {voice: bare}", "engines.voice: the engine bare has no file for the role model"),
    ("pack: ROOT/desk", "pack: the engine onnxruntime is not in ROOT/desk"),
  ])
  func `is told by check and a start in one line with its place, and by doctor`(text: String, words: String)
    async throws
  {
    let desk = try Desk()
    try Data("x".utf8).write(to: URL(fileURLWithPath: desk.root + "/file"))
    try fillPack(of: desk)
    let environment = ["EMPTY": "", "FILED_FILE": "/nowhere"]
    var lines = text.hasPrefix("{") ? text : "{\(text)}"
    for (key, line) in [
      ("data:", "data: ROOT/data"), ("pack:", "pack: ROOT/pack"),
      ("numbers:", text.hasPrefix("utc") ? "node: x" : "numbers: {\"*\": {assistant: ROOT/desk}}"),
      ("addresses:", "addresses: [{name: SUPPORT_URI, assistant: desk}]"),
    ] where !text.contains(key) {
      lines = String(lines.dropLast()) + ", " + line + "}"
    }
    let configuration = try configuration(lines.replacing("ROOT", with: desk.root), in: desk)
    let error = try #require(throws: ServerError.self) {
      try configuration.requireUsable(environment: environment)
    }
    let told = error.message.split(separator: "\n").filter { $0.contains(words.replacing("ROOT", with: desk.root)) }
    #expect(told.count == 1, "\(error)")
    #expect(told.first?.contains("server.yml:1:") == !text.hasPrefix("utc"), "\(error)")
    let doctor = Examination(configuration, environment: environment).findings()
    #expect(
      doctor.contains { finding in !finding.isGood && told.allSatisfy { finding.advice?.contains($0) == true } },
      "\(doctor)")
    let start = await #expect(throws: ServerError.self) {
      try await Server(configuration: configuration, environment: environment).run()
    }
    #expect(start?.message == error.message)
    #expect(!FileManager.default.fileExists(atPath: desk.root + "/data"))
    #expect(throws: Never.self) { try desk.configuration.requireUsable(environment: [:]) }
  }

  @Test func `names the variable of the environment that it comes from`() throws {
    var configuration = ServerConfiguration()
    configuration.numbers = ["*": .published("desk")]
    try configuration.apply(environment: ["REPARTEE_DATA": "/proc/x", "REPARTEE_SIP_ADDRESS": "192.0.2.1"])
    let error = try #require(throws: ServerError.self) { try configuration.requireUsable(environment: [:]) }
    #expect(error.message.contains("REPARTEE_DATA: error: data: /proc/x"), "\(error)")
    #expect(error.message.contains("REPARTEE_SIP_ADDRESS: error: sip.address:"), "\(error)")
  }

  @Test(arguments: ["sip.port UDP", "sip.port TCP", "http.port TCP"])
  func `is a port in use, told with who has it, by doctor and a start`(which: String) async throws {
    let desk = try Desk()
    try fillPack(of: desk)
    var configuration = desk.configuration
    configuration.pack = desk.root + "/pack"
    configuration.numbers = ["*": .folder(desk.folder)]
    configuration.sip.listener.port = 0
    configuration.http.port = 0
    let group = MultiThreadedEventLoopGroup.singleton
    let taken: any NIOCore.Channel =
      which.hasSuffix("UDP")
      ? try await DatagramBootstrap(group: group).bind(host: "127.0.0.1", port: 0).get()
      : try await ServerBootstrap(group: group).bind(host: "127.0.0.1", port: 0).get()
    let port = UInt16(taken.localAddress?.port ?? 0)
    if which.hasPrefix("sip") { configuration.sip.listener.port = port } else { configuration.http.port = port }
    try configuration.requireUsable(environment: [:])
    let words = "\(which.split(separator: " ")[0]): \(which.suffix(3)) port \(port) of 127.0.0.1 is in use by "
    let holder = "(process \(ProcessInfo.processInfo.processIdentifier)). stop the other program"
    let doctor = Examination(configuration, environment: [:]).findings().first { $0.what.contains("key and ports") }
    #expect(doctor?.advice?.contains(words) == true && doctor?.advice?.contains(holder) == true, "\(doctor as Any)")
    let clock = ContinuousClock()
    let began = clock.now
    let start = await #expect(throws: ServerError.self) {
      try await Server(configuration: configuration, environment: [:]).run()
    }
    #expect(start?.message.contains(words) == true, "\(start as Any)")
    #expect(clock.now - began < .seconds(20), "before anything is loaded")
    #expect(!FileManager.default.fileExists(atPath: configuration.data))

    // A server of this very folder has its own ports.
    let storage = try StorageFloor.open(configuration, for: .serve)
    #expect(configuration.problemsNow().map(\.description) == [])
    let second = await #expect(throws: StorageError.self) {
      try await Server(configuration: configuration, environment: [:]).run()
    }
    #expect(second?.code == "storage.in_use", "\(second as Any)")
    try await storage.store.close()
    try await taken.close()
  }

  /// Engines by their records; those of the standard choice are whole.
  private func fillPack(of desk: Desk) throws {
    let engines = [
      ("onnxruntime", "runtime", ["library"]), ("silero-vad", "vad", ["model"]),
      ("moonshine-base-en", "recognizer", ["encoder", "decoder", "tokenizer"]),
      ("piper-joe-en-us", "voice", ["model", "configuration"]), ("minilm-l6-v2", "embedder", ["model", "vocabulary"]),
      ("joe", "voice", ["model", "configuration"]), ("torn", "voice", ["model"]), ("bare", "voice", []),
    ]
    for (id, kind, roles) in engines {
      let home = desk.root + "/pack/" + id
      try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
      let files = roles.map { #"{"role": "\#($0)", "path": "\#(id == "torn" ? "voice.onnx" : $0)", "bytes": 0}"# }
      let record =
        #"{"id": "\#(id)", "kind": "\#(kind)", "engine": "x", "title": "x", "licence": "none", "sources": [], "files": [\#(files.joined(separator: ", "))]}"#
      try Data(record.utf8).write(to: URL(fileURLWithPath: home + "/engine.json"))
      for role in roles where id != "torn" { try Data().write(to: URL(fileURLWithPath: home + "/" + role)) }
    }
  }

  @Test(arguments: ["pipe", "folder", "nothing", "device"])
  func `is a configuration that is no file`(kind: String) throws {
    let desk = try Desk()
    let path = desk.root + "/server.yml"
    switch kind {
    case "pipe": try #require(mkfifo(path, 0o600) == 0)
    case "folder": try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    default: break
    }
    let error = #expect(throws: ServerError.self) {
      try ServerConfiguration.read(file: kind == "device" ? "/dev/zero" : path)
    }
    #expect(error?.message.contains(kind == "nothing" ? "no such file" : "it is a \(kind)") == true, "\(error as Any)")
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
