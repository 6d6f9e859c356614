import Core
import Foundation
import Testing

@testable import Server

@Suite("A chat by keyboard")
struct ChattingTests {
  @Test(arguments: ["nowhere", "empty"])
  func `with a folder that is no assistant leaves nothing behind`(name: String) async throws {
    let desk = try Desk()
    try FileManager.default.createDirectory(atPath: desk.root + "/empty", withIntermediateDirectories: true)
    let configuration = desk.configuration
    let chatting = Chatting(folder: desk.root + "/" + name, configuration: configuration, environment: [:])
    let error = await #expect(throws: ServerError.self) { try await chatting.run(show: { _ in }, next: { nil }) }
    #expect(error?.kind == .assistant)
    #expect(!FileManager.default.fileExists(atPath: configuration.data))
  }
}
