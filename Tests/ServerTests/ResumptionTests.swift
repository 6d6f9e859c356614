import Calls
import Conversation
import Core
import Foundation
import Storage
import Testing

@testable import Server

/// Conversations that another process left, found by their journal.
@Suite struct `A conversation that was left` {
  private struct House {
    let desk: Desk
    let storage: StorageFloor
    let floor: AssistantFloor
    let route: Switchboard.Route

    var suspended: SuspendedConversations { SuspendedConversations(storage: storage) }

    init(_ desk: Desk) async throws {
      self.desk = desk
      let configuration = desk.configuration
      storage = try StorageFloor.open(configuration, for: .chat)
      floor = try await AssistantFloor.load(
        configuration, voices: nil, embedder: nil, storage: storage, secrets: Secrets([:]), logger: desk.silent)
      route = try #require(floor.routes(configuration)["*"])
    }

    func close() async throws {
      await floor.shutdown()
      try await storage.store.close()
    }

    func resumption(_ id: ConversationID) async throws -> Resumption {
      try await suspended.resumption(of: id, tenant: route.tenant, assistant: route.assistant.prepared)
    }
  }

  @Test func `is found with its values by the next process, and by nobody while it goes on`() async throws {
    let desk = try Desk()
    _ = try desk.publish()
    let first = try await House(desk)
    let call = WrittenCall("left", first.route, storage: first.storage, logger: desk.silent)
    await call.begin()
    let asked = await call.say("/opening_hours")
    #expect(!asked.isEmpty)
    try await first.storage.store.journal.flush("left")
    let second = try await House(desk)
    let refusal = await #expect(throws: ServerError.self) { try await second.resumption("left") }
    #expect(refusal?.message.contains("under way") == true, "\(String(describing: refusal))")
    await call.hangUp()
    try await first.storage.store.close()
    let resumption = try await second.resumption("left")
    #expect(resumption.conversation.isSuspended || resumption.learned == [.hungUp(by: .line)])
    await first.floor.shutdown()
    try await second.close()
  }

  @Test func `and is unknown, or of another tenant, or of another version says so`() async throws {
    let desk = try Desk()
    _ = try desk.publish()
    let house = try await House(desk)
    let call = WrittenCall("left", house.route, storage: house.storage, logger: desk.silent)
    await call.begin()
    _ = await call.say("/opening_hours")
    await call.hangUp()
    try await house.storage.store.journal.flush("left")
    let prepared = house.route.assistant.prepared
    let unknown = await #expect(throws: ServerError.self) { try await house.resumption("nobody") }
    #expect(unknown?.message.contains("there is no such conversation") == true)
    let foreign = await #expect(throws: ServerError.self) {
      try await house.suspended.resumption(of: "left", tenant: "other", assistant: prepared)
    }
    #expect(foreign?.message == unknown?.message.replacing("nobody", with: "left"), "who it belongs to is not told")
    try desk.rewrite("domain.yml", "from nine to six", as: "from eight to five")
    _ = try desk.publish()
    #expect(await house.floor.refresh())
    let route = try #require(house.floor.routes(desk.configuration)["*"])
    let other = await #expect(throws: ServerError.self) {
      try await house.suspended.resumption(of: "left", tenant: route.tenant, assistant: route.assistant.prepared)
    }
    #expect(other?.message.contains("it was had with") == true)
    try await house.close()
  }
}
