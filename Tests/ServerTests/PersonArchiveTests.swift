import Calls
import Conversation
import Core
import Foundation
import NIOCore
import NIOPosix
import Storage
import Testing

@testable import Server

/// Two calls of one person and one of another, with a back end that knows both: from the caller's words to the last copy on the disk.
@Suite struct `Who called` {
  private static let ada = ["482316097551", "Ada Winter", "12 Mill Lane"]
  private static let bob = ["773104928866", "Bob Summer", "3 Hill Road"]

  /// Answers for the customers, whatever else is in a request.
  private final class Customers: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      let path = String(buffer: unwrapInboundIn(data)).split(separator: " ").dropFirst().first ?? ""
      let known = [`Who called`.ada, `Who called`.bob].first { path.contains($0[0]) } ?? ["", "", ""]
      let body =
        path.hasSuffix("/address")
        ? #"{"address":"\#(known[2])"}"# : #"{"customer":{"number":"\#(known[0])","name":"\#(known[1])"}}"#
      let answer =
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
      context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: answer)), promise: nil)
    }
  }

  private struct House {
    let desk: Desk
    let storage: StorageFloor
    let floor: AssistantFloor
    let route: Switchboard.Route
    let backEnd: any NIOCore.Channel

    var configuration: ServerConfiguration { desk.configuration }

    init() async throws {
      desk = try Desk()
      backEnd = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .childChannelInitializer { channel in
          channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Customers()) }
        }
        .bind(host: "127.0.0.1", port: 0).get()
      try Self.write(in: desk, port: backEnd.localAddress?.port ?? 0)
      _ = try desk.publish()
      storage = try StorageFloor.open(desk.configuration, for: .serve)
      floor = try await AssistantFloor.load(
        desk.configuration, voices: nil, embedder: nil, storage: storage, secrets: Secrets([:]), logger: desk.silent)
      route = try #require(floor.routes(desk.configuration)["*"])
    }

    func close() async throws {
      await floor.shutdown()
      try await storage.store.close()
      try await backEnd.close()
    }

    private static func write(in desk: Desk, port: Int) throws {
      try """
      base: http://127.0.0.1:\(port)
      tools:
        find_customer:
          description: Finds out who calls
          request: GET /customers/{customer_number}
          arguments:
            customer_number: {type: string}
          results:
            customer.number: {type: string, slot: customer}
            customer.name: {type: string, slot: customer_name}
          identifies: customer
          changes_state: false
        find_address:
          description: Finds where a customer lives
          request: GET /customers/{customer}/address
          arguments:
            customer: {type: string}
          results:
            address: {type: string, slot: customer_address}
          changes_state: false

      """.write(toFile: desk.folder + "/tools.yml", atomically: true, encoding: .utf8)
      try """
      flows:
        who_am_i:
          description: Tells callers what is known of them
          steps:
            - collect: customer_number
              description: The caller's customer number
            - action: find_customer
              next:
                - if: slots.customer and slots.customer_name
                  then: where
                - else: END
            - id: where
              action: find_address
              next:
                - if: slots.customer_address
                  then: tell
                - else: END
            - id: tell
              action: utter_customer

      """.write(toFile: desk.folder + "/flows/who_am_i.yml", atomically: true, encoding: .utf8)
      let words = [
        "who am i", "what do you know of me", "my customer data", "tell me my address", "do you know my name",
        "what is written about me", "say who i am", "my own data please", "which name do you have",
        "where do you think i live",
      ]
      try desk.rewrite(
        "examples/en-US.yml", "examples:\n",
        as: "examples:\n  who_am_i:\n" + words.map { "    - \($0)\n" }.joined())
      try desk.rewrite(
        "domain.yml", "slots:\n",
        as: """
          slots:
            customer_number: {type: text, voice: {label: identifier}}
            customer: {type: text, mappings: [{type: controlled}], voice: {label: identifier}}
            customer_name: {type: text, mappings: [{type: controlled}], voice: {label: name}}
            customer_address: {type: text, mappings: [{type: controlled}], voice: {label: address}}

          """)
      try desk.rewrite(
        "domain.yml", "responses:\n",
        as: """
          responses:
            utter_ask_customer_number:
              - text: "What is your customer number?"
            utter_customer:
              - text: "You are {customer_name} and live at {customer_address}."

          """)
    }

    /// A call of somebody with a number, to its end.
    func call(_ id: CallID, _ number: String) async throws -> String {
      let call = WrittenCall(id, route, storage: storage, logger: desk.silent)
      await call.begin()
      _ = await call.say("/who_am_i")
      let words = await call.say("/SetSlots(customer_number=\(number))")
      await call.hangUp()
      try await storage.store.journal.flush(id)
      return words
    }

    /// All that can be revealed of a call by any way there is.
    func revealed(_ id: String) async throws -> String {
      let archive = CallArchive(configuration)
      var found = try await archive.story(of: id, reveal: true).lines.joined(separator: "\n")
      let reader = try StorageFloor.reader(configuration, reveal: true)
      let reading = try await reader.journal.read(CallID(id))
      for token in try CanonicalJSON.tokens(in: reading.entries) {
        for owner in try await owners(of: reading) {
          found += "\n" + ((try? await reader.reveal(token, owner: owner)) ?? "")
          found += "\n" + ((try? await storage.store.vault.reveal(token, owner: owner)) ?? "")
        }
      }
      return found
    }

    private func owners(of reading: JournalReading) async throws -> [DataOwner] {
      reading.entries.flatMap { entry -> [DataOwner] in
        switch entry.record {
        case .started(let start, _): [start.owner]
        case .event(.identified(let person)): [.person("default", person)]
        default: []
        }
      }
    }

    /// Whether a text is in any file of the server's.
    func holds(_ text: String) throws -> Bool {
      let files = try FileManager.default.subpathsOfDirectory(atPath: configuration.data)
      return files.contains { name in
        let data = FileManager.default.contents(atPath: configuration.data + "/" + name)
        return data?.range(of: Data(text.utf8)) != nil
      }
    }
  }

  private func json(_ exported: [PersonArchive.Exported]) throws -> String {
    String(decoding: try JSONEncoder().encode(exported), as: UTF8.self)
  }

  @Test func `is erased in all their calls, what tools said included, and nobody else is`() async throws {
    let house = try await House()
    let words = try await house.call("one", "482316097551")
    #expect(words.contains("You are Ada Winter and live at twelve Mill Lane."), "\(words)")
    _ = try await house.call("other", "773104928866")
    #expect(try await house.call("two", "482316097551").contains("Ada Winter"))
    let entries = try await house.storage.store.reader.read("one").entries
    let named = try #require(entries.firstIndex { $0.record.kind == "event.identified" })
    let told = try #require(entries.firstIndex { $0.record.kind == "event.toolFinished" })
    #expect(named < told, "who calls is known before what the tool told")
    #expect(entries.count { $0.record.kind == "event.identified" } == 1)
    for (id, texts) in [("one", Self.ada), ("two", Self.ada), ("other", Self.bob)] {
      let found = try await house.revealed(id)
      for text in texts { #expect(found.contains(text), "\(id): \(text)") }
    }
    let archive = PersonArchive(house.configuration)
    let exported = try json(try await archive.export(" 482316097551\n"))
    for text in Self.ada { #expect(exported.contains(text)) }
    for text in Self.bob { #expect(!exported.contains(text)) }
    #expect(exported.contains(#""call":"one""#) && exported.contains(#""call":"two""#))

    let reached = try await archive.erase("482316097551\n")
    #expect(reached.calls == 2 && reached.values > 6, "\(reached.text)")
    #expect(reached.text == "2 calls, \(reached.values) values of this person: erased")
    let again = try await archive.erase("482316097551\n")
    #expect(again.text == "2 calls, 0 values of this person: nothing left to erase")
    for id in ["one", "two"] {
      let found = try await house.revealed(id)
      for text in Self.ada { #expect(!found.contains(text), "\(id): \(text)") }
      let replayed = try await CallArchive(house.configuration).replay(id, assistant: nil)
      #expect(replayed.isIdentical && replayed.result.hasSuffix("erased)"), "\(replayed.text)")
    }
    let found = try await house.revealed("other")
    for text in Self.bob { #expect(found.contains(text)) }
    #expect(try await CallArchive(house.configuration).replay("other", assistant: nil).result == "identical")
    #expect(try json(try await archive.export("773104928866")).contains("3 Hill Road"))
    for text in Self.ada + Self.bob { #expect(try !house.holds(text), "\(text) stands in a file in clear") }
    try await house.close()
    for text in Self.ada + Self.bob { #expect(try !house.holds(text), "\(text) stands in a file in clear") }
  }

  @Test func `can be erased by one of their calls, and nobody is told of whom there is nothing`() async throws {
    let house = try await House()
    for id in ["one", "two"] as [CallID] { _ = try await house.call(id, "482316097551") }
    _ = try await house.call("other", "773104928866")
    let archive = PersonArchive(house.configuration)
    #expect(try PersonArchive.value(in: "\n \n").isEmpty && PersonArchive.value(in: "\n4823\n\n") == "4823")
    for value in ["", "\n", "Ada Winter", "4823", "4823160975510"] {
      let error = await #expect(throws: ServerError.self) { try await archive.erase(value) }
      #expect(error?.kind == .unknownPerson)
      await #expect(throws: ServerError.self) { try await archive.export(value) }
    }
    var foreign = house.configuration
    foreign.tenant = "another"
    await #expect(throws: ServerError.self) { try await PersonArchive(foreign).export("482316097551") }
    _ = try await CallArchive(house.configuration).erase("two")
    for id in ["one", "two"] {
      let found = try await house.revealed(id)
      for text in Self.ada { #expect(!found.contains(text), "\(id): \(text)") }
    }
    #expect(try await house.revealed("other").contains("Bob Summer"))
    try await house.close()
  }

  @Test func `is known when a conversation that was left goes on in the next process`() async throws {
    let house = try await House()
    let call = WrittenCall("left", house.route, storage: house.storage, logger: house.desk.silent)
    await call.begin()
    _ = await call.say("/who_am_i")
    _ = await call.say("/SetSlots(customer_number=482316097551)")
    _ = await call.say("/opening_hours")
    await call.hangUp()
    try await house.storage.store.journal.flush("left")
    let suspended = SuspendedConversations(storage: house.storage)
    let resumption = try await suspended.resumption(
      of: "left", tenant: "default", assistant: house.route.assistant.prepared)
    #expect(resumption.conversation.person == house.storage.store.vault.person("482316097551", of: "default"))
    #expect(resumption.conversation.slots["customer_name"]?.revealedText == "Ada Winter")
    _ = try await PersonArchive(house.configuration).erase("482316097551")
    let error = await #expect(throws: ServerError.self) {
      try await suspended.resumption(of: "left", tenant: "default", assistant: house.route.assistant.prepared)
    }
    #expect(error?.message.contains("erased") == true)
    try await house.close()
  }
}
