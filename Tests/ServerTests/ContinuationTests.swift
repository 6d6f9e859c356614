import Calls
import Conversation
import Core
import Foundation
import GRDB
import Storage
import Testing

@testable import Server

/// Whoever lists conversations and whoever goes on with one has the same judge.
@Suite struct `A listing and who goes on` {
  /// How a conversation comes to where it is: what is said in it, and whether its line ends in order.
  private static let conversations: [(name: String, said: [String], hangsUp: Bool)] = [
    ("greeted", [], false), ("asked", ["/opening_hours"], false), ("left", ["/opening_hours"], true),
    ("nothing", [], true), ("over", ["/opening_hours", "/deny"], false),
    ("done", ["/opening_hours", "/deny"], true),
  ]

  /// A data folder with all of them, by a process that is gone.
  private func desk() async throws -> Desk {
    let desk = try Desk()
    _ = try desk.publish()
    let storage = try StorageFloor.open(desk.configuration, for: .chat)
    let floor = try await AssistantFloor.load(
      desk.configuration, voices: nil, embedder: nil, storage: storage, secrets: Secrets([:]), logger: desk.silent)
    let route = try #require(floor.routes(desk.configuration)["*"])
    for conversation in Self.conversations {
      let call = WrittenCall(
        CallID(conversation.name), route, storage: storage, logger: desk.silent)
      await call.begin()
      for text in conversation.said { _ = await call.say(text) }
      if conversation.hangsUp { await call.hangUp() }
      try await storage.store.journal.flush(CallID(conversation.name))
    }
    await floor.shutdown()
    try await storage.store.close()
    return desk
  }

  /// Those that can be gone on with, by who does.
  private func resumable(_ desk: Desk) async throws -> Set<String> {
    let storage = try StorageFloor.open(desk.configuration, for: .chat)
    let floor = try await AssistantFloor.load(
      desk.configuration, voices: nil, embedder: nil, storage: storage, secrets: Secrets([:]), logger: desk.silent)
    let route = try #require(floor.routes(desk.configuration)["*"])
    var found: Set<String> = []
    for (name, _, _) in Self.conversations {
      do {
        _ = try await SuspendedConversations(storage: storage).resumption(
          of: ConversationID(name), tenant: route.tenant, assistant: route.assistant.prepared)
        found.insert(name)
      } catch let error as ServerError {
        #expect(error.kind == .conversation)
      }
    }
    await floor.shutdown()
    try await storage.store.close()
    return found
  }

  private func listed(_ desk: Desk) async throws -> [String: CallArchive.Listed] {
    let listing = try await CallArchive(desk.configuration).listing()
    return Dictionary(uniqueKeysWithValues: listing.calls.map { ($0.call, $0) })
  }

  @Test func `have the same of every conversation`() async throws {
    let desk = try await desk()
    let listed = try await listed(desk)
    let resumable = try await resumable(desk)
    #expect(Set(listed.values.filter { $0.canBeGoneOnWith == true }.map(\.call)) == resumable)
    #expect(listed.values.allSatisfy { ($0.until != nil) == $0.canBeGoneOnWith && $0.canBeGoneOnWith != nil })
    #expect(resumable.isSuperset(of: ["asked", "left"]) && !resumable.contains("greeted"))
    #expect(listed["greeted"]?.standing == "over", "nothing was begun in it")
    #expect(listed.values.allSatisfy { $0.obstacle == nil })
    let archive = CallArchive(desk.configuration)
    for name in listed.keys {
      if resumable.contains(name) {
        #expect(try await archive.ticket(of: name).hasPrefix(name + "-0-"))
      } else {
        await #expect(throws: ServerError.self) { try await archive.ticket(of: name) }
      }
    }
  }

  @Test func `are told alike why not`() async throws {
    let desk = try await desk()
    _ = try await CallArchive(desk.configuration).erase("asked")
    let listed = try await listed(desk)
    #expect(listed["asked"]?.until == nil && listed["asked"]?.obstacle == "what was said in it was erased")
    #expect(listed["asked"]?.text.contains("cannot be gone on with: what was said in it was erased") == true)
    #expect(try await resumable(desk) == Set(listed.values.filter { $0.canBeGoneOnWith == true }.map(\.call)))
  }

  @Test func `take nothing that was altered for a conversation`() async throws {
    let desk = try await desk()
    let database = try DatabaseQueue(path: StorageFloor.path(desk.configuration))
    try await database.write { try $0.execute(sql: "UPDATE calls SET activity = activity + 9 WHERE call = 'left'") }
    try database.close()
    #expect(try await listed(desk)["left"]?.obstacle == "its journal was altered")
    #expect(try await !resumable(desk).contains("left"))
  }

  @Test func `and without the assistant at hand it is said that it decides`() async throws {
    let desk = try await desk()
    try FileManager.default.removeItem(atPath: desk.configuration.data + "/assistants")
    let listed = try await listed(desk)
    #expect(listed["left"]?.canBeGoneOnWith == nil && listed["left"]?.until != nil)
    #expect(listed["left"]?.obstacle?.contains("not at hand") == true)
    let archive = CallArchive(desk.configuration)
    let again = try await archive.listing(assistant: desk.folder).calls
    #expect(again.first { $0.call == "greeted" }?.standing == "over")
    #expect(again.allSatisfy { $0.obstacle == nil })
  }

  @Test func `an erasure names the calls that go on, and what they say later stays`() async throws {
    let desk = try Desk()
    _ = try desk.publish()
    let storage = try StorageFloor.open(desk.configuration, for: .serve)
    let floor = try await AssistantFloor.load(
      desk.configuration, voices: nil, embedder: nil, storage: storage, secrets: Secrets([:]), logger: desk.silent)
    let route = try #require(floor.routes(desk.configuration)["*"])
    let call = WrittenCall("running", route, storage: storage, logger: desk.silent)
    await call.begin()
    _ = await call.say("the words of before")
    try await storage.store.journal.flush("running")
    let archive = CallArchive(desk.configuration)
    let erased = try await archive.erase("running")
    #expect(erased.underWay == ["running"] && erased.text.contains("running is under way"), "\(erased.text)")
    _ = await call.say("the words of later")
    await call.hangUp()
    try await storage.store.journal.flush("running")
    let told = try await archive.story(of: "running", reveal: true).lines.joined()
    #expect(!told.contains("words of before") && told.contains("words of later"))
    let again = try await archive.erase("running")
    #expect(again.underWay.isEmpty && again.text == "running: erased")
    #expect(try await !archive.story(of: "running", reveal: true).lines.joined().contains("words of later"))
    await floor.shutdown()
    try await storage.store.close()
  }

  @Test(arguments: [("48231\n", "48231"), ("  48231 \r\n\n \n", "  48231 "), ("", ""), ("\n", "")])
  func `one person is read from standard input`(text: String, value: String) throws {
    #expect(try PersonArchive.value(in: text) == value)
  }

  @Test(arguments: ["48231\n77310\n", "48231\r\n77310", "a\n\nb"])
  func `and more than one are refused`(text: String) {
    let error = #expect(throws: ServerError.self) { _ = try PersonArchive.value(in: text) }
    #expect(error?.message.contains("2 lines") == true && error?.message.contains("48231") == false)
  }
}
