import Assistant
import Conversation
import Core
import Foundation
import Storage
import Synchronization
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

  @Test func `that cannot go on says so and begins nothing, unless a new one is asked for`() async throws {
    let desk = try Desk()
    let configuration = desk.configuration
    func chat(_ resumes: String, beginsAnew: Bool, warn: @escaping @Sendable (String) -> Void = { _ in }) async throws
      -> Chatting.Left
    {
      let chatting = Chatting(
        folder: desk.folder, configuration: configuration, environment: [:], resumes: resumes, beginsAnew: beginsAnew)
      return try await chatting.run(show: { _ in }, warn: warn, next: { nil })
    }
    func calls() async throws -> Int { try await CallArchive(configuration).listing().calls.count }
    let over = try await Chatting(folder: desk.folder, configuration: configuration, environment: [:]).run(
      show: { _ in }, next: { nil })
    for id in ["nobody", over.call.rawValue, "last"] {
      let error = await #expect(throws: ServerError.self) { try await chat(id, beginsAnew: false) }
      #expect(error?.kind == .conversation && error?.message.contains("cannot be gone on with: ") == true)
      #expect(try await calls() == 1)
    }
    let warned = Mutex<[String]>([])
    let left = try await chat("nobody", beginsAnew: true) { text in warned.withLock { $0.append(text) } }
    #expect(warned.withLock { $0.first?.contains("there is no such conversation") } == true)
    #expect(left.call != over.call)
    #expect(try await calls() == 2)
  }

  @Test func `shows a ticket that opens once`() async throws {
    let desk = try Desk()
    let configuration = desk.configuration
    let said = Mutex(["/opening_hours"])
    func chat(_ resumes: String?) async throws -> Chatting.Left {
      try await Chatting(
        folder: desk.folder, configuration: configuration, environment: [:], resumes: resumes, takesCommands: true
      ).run(show: { _ in }, next: { said.withLock { $0.popLast() } })
    }
    let first = try await chat(nil)
    let second = try await chat("last")
    #expect(first.call == second.call && first.ticket != nil && second.ticket != nil && first.ticket != second.ticket)
    let storage = try StorageFloor.open(configuration, for: .chat)
    let tickets = ResumptionTickets(storage.masterKey)
    let opened = try [first.ticket, second.ticket].map { try #require(tickets.opened(by: $0 ?? "")) }
    #expect(opened.map(\.attachments) == [0, 1])
    let loaded = try AssistantShelf(configuration).take(.folder(desk.folder)).loaded
    let suspended = SuspendedConversations(storage: storage)
    func open(_ attachments: Int) async throws -> Resumption {
      try await suspended.resumption(
        of: ConversationID(first.call.rawValue), attachments: attachments, tenant: configuration.tenant,
        assistant: PreparedAssistant(loaded.definition))
    }
    let used = await #expect(throws: ServerError.self) { try await open(0) }
    #expect(used?.message.contains("somebody has joined it since") == true)
    #expect(try await open(1).conversation.attachments == 1)
    try await storage.store.close()
  }
}
