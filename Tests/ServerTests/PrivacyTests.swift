import Core
import Foundation
import Governance
import Storage
import Testing

@testable import Server

/// What the configuration says of labels, at each exit that there is.
@Suite struct `The privacy of a configuration` {
  private static let health = DataLabel.health

  private func read(_ lines: String) throws -> ServerConfiguration {
    let path = NSTemporaryDirectory() + "repartee-" + UUID().uuidString + ".yml"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try "privacy:\n\(lines)\n".write(toFile: path, atomically: true, encoding: .utf8)
    return try ServerConfiguration.read(file: path)
  }

  @Test func `opens and closes each exit for the labels it names`() throws {
    for exit in [DataExit.line, .tool, .screen, .file] {
      let allowed = try read("  \(exit.rawValue): {allow: [health, shoe_size]}").policy
      #expect(allowed.allows(.health, at: exit) && allowed.allows(DataLabel(rawValue: "shoe_size"), at: exit))
      let denied = try read("  \(exit.rawValue): {deny: [speech, health]}").policy
      #expect(!denied.allows(.speech, at: exit) && !denied.allows(.health, at: exit))
      for other in DataExit.allCases where other != exit {
        #expect(denied.allows(.speech, at: other) == DataPolicy.standard.allows(.speech, at: other))
      }
    }
    #expect(try read("  tool: {allow: [secret]}").policy.allows(.secret, at: .tool))
    #expect(ServerConfiguration().policy == .standard)
  }

  @Test(arguments: [
    "  log: {allow: [name]}", "  model: {allow: [name]}", "  screen: {allow: [secret]}", "  line: {deny: name}",
    "  file: {allow: [name], deny: [name]}", "  tool: [name]",
  ])
  func `opens no exit that is closed, and no secret`(_ lines: String) {
    let error = #expect(throws: ServerError.self) { try read(lines) }
    #expect(error?.kind == .configuration)
  }

  /// A desk that repeats a value of a kind that the policy may keep back.
  private func desk() throws -> Desk {
    let desk = try Desk()
    try desk.rewrite(
      "domain.yml", "    voice:\n      grammar:\n        type: choice",
      as: "    voice:\n      label: health\n      grammar:\n        type: choice")
    try desk.rewrite("domain.yml", "On weekdays we are open", as: "On a {day} we are open")
    return desk
  }

  private struct Told {
    let line: String
    let screen: String
    let file: String
  }

  /// One chat under a policy: what its caller read, what a person sees with the key, what the file holds.
  private func chat(_ policy: DataPolicy, behind earlier: String? = nil, saying: String? = nil) async throws -> Told {
    let desk = try desk()
    var configuration = desk.configuration
    configuration.policy = policy
    _ = try desk.publish()
    let storage = try StorageFloor.open(configuration, for: .chat)
    let floor = try await AssistantFloor.load(
      configuration, voices: nil, embedder: nil, storage: storage, secrets: Secrets([:]), logger: desk.silent)
    let route = try #require(floor.routes(configuration)["*"])
    let file = desk.root + "/transcript.jsonl"
    try earlier?.write(toFile: file, atomically: true, encoding: .utf8)
    let call = WrittenCall(
      "one", route, storage: storage, journal: TranscriptJournal(storage.store.journal, file: file, policy: policy),
      policy: policy, logger: desk.silent)
    await call.begin()
    if let saying { _ = await call.say(saying) }
    _ = await call.say("/opening_hours")
    let line = await call.say("/SetSlots(day=weekday)")
    await call.hangUp()
    await floor.shutdown()
    try await storage.store.close()
    let story = try await CallArchive(configuration).story(of: "one", reveal: true).lines
    return Told(
      line: line, screen: story.joined(separator: "\n"), file: try String(contentsOfFile: file, encoding: .utf8))
  }

  @Test func `a transcript goes on where a file is, and holds long words whole`() async throws {
    let long = String(repeating: "a very long story, ", count: 100) + "and its end"
    let told = try await chat(.standard, behind: "{\"earlier\":1}\n", saying: long)
    #expect(told.file.hasPrefix("{\"earlier\":1}\n") && told.file.contains(long))
    #expect(told.file.split(separator: "\n").allSatisfy { $0.hasSuffix("}") })
  }

  @Test func `holds on the caller's line, on screens and in files, each by itself`() async throws {
    let spoken = "On a weekday we are open"
    let open = try await chat(.standard.allowing([Self.health], at: .screen))
    #expect(open.line.contains(spoken), "\(open.line)")
    #expect(open.screen.contains(spoken) && open.file.contains(spoken))
    let standard = try await chat(.standard)
    #expect(standard.line.contains(spoken) && standard.file.contains(spoken))
    #expect(!standard.screen.contains(spoken) && standard.screen.contains("On a <health> we are open"))
    let line = try await chat(.standard.denying([Self.health], at: .line))
    #expect(!line.line.contains("weekday") && line.line.contains("we are open") && line.file.contains(spoken))
    let file = try await chat(.standard.denying([Self.health], at: .file))
    #expect(file.line.contains(spoken) && !file.file.contains(spoken))
    #expect(file.file.contains("On a <health> we are open"))
  }
}
