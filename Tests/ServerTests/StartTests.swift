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
