import Assistant
import Core
import Foundation
import Rehearsal
import Testing

@testable import Server

@Suite struct `A new assistant` {
  @Test func `is checked without a finding`() throws {
    let desk = try Desk()
    let report = AssistantCheck.run(folder: desk.folder)
    #expect(report.findings == [] && report.version?.name == "desk")
  }

  @Test func `passes its own tests`() async throws {
    let desk = try Desk()
    let report = try await Rehearsing(folder: desk.folder, configuration: desk.configuration).run(.init())
    #expect(report.isGood && report.cases.count >= 5)
  }

  @Test func `has a configuration that a server reads`() throws {
    let desk = try Desk()
    let configuration = try ServerConfiguration.read(file: desk.folder + "/server.yml")
    #expect(configuration.numbers == ["*": .folder("desk")] && configuration.tenant == "desk")
  }

  @Test func `has its own name wherever one is needed`() throws {
    let desk = try Desk()
    let files = FileManager.default.enumerator(atPath: desk.folder)?.allObjects.compactMap { $0 as? String } ?? []
    let texts = try files.filter { $0.contains(".") }.map {
      try String(contentsOfFile: desk.folder + "/" + $0, encoding: .utf8)
    }
    #expect(texts.count == 10 && !texts.contains { $0.contains("__NAME__") })
  }

  @Test(arguments: ["", "-a", "a b", "../a", "a/b", "a.b", "\u{E9}", String(repeating: "a", count: 65)])
  func `has letters, digits, _ and - in its name`(name: String) {
    #expect { try NewAssistant(name: name) } throws: { ($0 as? ServerError)?.kind == .newAssistant }
  }

  @Test(arguments: ["a", "7", "front_desk-2", "true", "null", String(repeating: "a", count: 64)])
  func `may be called so`(name: String) throws {
    let desk = try Desk()
    let folder = try NewAssistant(name: name, in: desk.root).write()
    let loaded = try AssistantLoader.load(folder: folder)
    #expect(loaded.definition.version.name == name && loaded.problems == [] || name == "desk")
    #expect(try ServerConfiguration.read(file: folder + "/server.yml").tenant.rawValue == name)
  }

  @Test func `never goes over what is there`() throws {
    let desk = try Desk()
    try desk.rewrite("domain.yml", "opposite the station", as: "behind the church")
    #expect { try NewAssistant(name: "desk", in: desk.root).write() } throws: {
      ($0 as? ServerError)?.message.hasSuffix("desk is there already") == true
    }
    try Data("x".utf8).write(to: URL(fileURLWithPath: desk.root + "/file"))
    #expect(throws: ServerError.self) { try NewAssistant(name: "file", in: desk.root).write() }
    #expect(try String(contentsOfFile: desk.folder + "/domain.yml", encoding: .utf8).contains("behind the church"))
  }

  @Test func `is written whole or not at all`() throws {
    let desk = try Desk()
    try Data("x".utf8).write(to: URL(fileURLWithPath: desk.root + "/file"))
    #expect(throws: ServerError.self) { try NewAssistant(name: "other", in: desk.root + "/file").write() }
    // Something lies where a part of the draft has to go.
    try Data("x".utf8).write(to: URL(fileURLWithPath: desk.root + "/.other.new-\(getpid())"))
    #expect(throws: ServerError.self) { try NewAssistant(name: "other", in: desk.root).write() }
    #expect(try FileManager.default.contentsOfDirectory(atPath: desk.root).sorted() == ["desk", "file"])
  }
}
