import Core
import Foundation
import Storage
import Testing

@testable import Server

@Suite("A chat by keyboard")
struct ChattingTests {
  @Test func `begins its journal with whose conversation it is`() async throws {
    let desk = try Desk()
    var configuration = desk.configuration
    configuration.node = "node-7"
    let chatting = Chatting(folder: desk.folder, configuration: configuration, environment: [:])
    let left = try await chatting.run(show: { _ in }, next: { nil })
    #expect(left.ticket == nil, "nothing was begun")
    let reader = try StorageFloor.reader(configuration, reveal: false)
    guard case .started(let start, _)? = try await reader.journal.read(left.call).entries.first?.record else {
      Issue.record("no start")
      return
    }
    let run = try await StorageFloor.open(configuration, for: .command)
    #expect(start.holder?.node == "node-7" && start.holder?.lease.isEmpty == false)
    #expect(run.store.holder.node == "node-7" && run.store.holder.lease != start.holder?.lease)
    try await run.store.close()
  }

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
