import Foundation
import Testing

@testable import Server

@Suite struct `A start of the server` {
  @Test func `tells an author's mistake before it makes or touches a data folder`() async throws {
    let desk = try Desk()
    var configuration = desk.configuration
    configuration.numbers = ["*": .folder(desk.folder)]
    try desk.rewrite("domain.yml", "responses:", as: "respones:")
    let error = await #expect(throws: ServerError.self) {
      try await Server(configuration: configuration, environment: [:]).run()
    }
    #expect(error?.kind == .assistant)
    #expect(!FileManager.default.fileExists(atPath: configuration.data))
  }

  @Test func `tells a destination to a place that is not there by the line that leads there`() throws {
    let desk = try Desk()
    var configuration = desk.configuration
    configuration.numbers = ["*": .folder(desk.folder)]
    let shelf = AssistantShelf(configuration)
    let error = try #require(throws: ServerError.self) {
      try shelf.check(configuration, Secrets(["SUPPORT_URI": "place:help"]))
    }
    let file = try String(contentsOfFile: desk.folder + "/assistant.yml", encoding: .utf8)
    let lines = file.split(separator: "\n", omittingEmptySubsequences: false)
    let line = try #require(lines.firstIndex { $0.contains("${SUPPORT_URI}") }) + 1
    #expect(error.kind == .configuration && error.message.contains("assistant.yml:\(line):"), "\(error.message)")
    #expect(error.message.contains("destinations.support"), "\(error.message)")
    #expect(error.message.contains("names the place `help`, which there is not"), "\(error.message)")
  }

  @Test func `tells what is not granted, and a number without an assistant, in the same way`() throws {
    let desk = try Desk()
    var configuration = desk.configuration
    configuration.numbers = ["*": .folder(desk.folder)]
    configuration.addresses = []
    let shelf = AssistantShelf(configuration)
    #expect(throws: ServerError.self) { try shelf.check(configuration, Secrets([:])) }
    configuration.numbers = [:]
    #expect(throws: ServerError.self) { try shelf.check(configuration, Secrets([:])) }
    try AssistantShelf(desk.configuration).check(
      {
        var it = desk.configuration; it.numbers = ["*": .folder(desk.folder)]; return it
      }(), Secrets([:]))
  }
}
