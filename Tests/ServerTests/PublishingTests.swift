import Actions
import Assistant
import Calls
import Core
import Foundation
import Storage
import Testing

@testable import Server

@Suite struct `Publishing an assistant` {
  @Test func `makes what was checked current, without what is beside it`() throws {
    let desk = try Desk()
    let publishing = Publishing(desk.configuration)
    let outcome = try desk.publish()
    let checked = try AssistantLoader.load(folder: desk.folder).definition
    #expect(outcome.version == checked.version && outcome.previous == nil && !outcome.wasCurrent)
    let copy = try #require(AssistantShelf(desk.configuration).publications.folder(of: outcome.version))
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: copy).sorted() == [
        "assistant.yml", "domain.yml", "examples", "flows",
      ])
    let again = try desk.publish()
    #expect(again.wasCurrent && again.version == outcome.version)
    let entries = try publishing.history(of: "desk")
    #expect(entries.count == 1 && entries[0].isCurrent && entries[0].hash == outcome.version.contentHash)
    #expect(!entries[0].by.isEmpty && entries[0].at.hasPrefix("20") && entries[0].findings == 0)
  }

  @Test func `is refused with all findings, and what was current stays`() throws {
    let desk = try Desk()
    let publishing = Publishing(desk.configuration)
    let first = try desk.publish().version
    try desk.rewrite("flows/where_we_are.yml", "utter_address", as: "utter_adress")
    guard case .refused(let report) = try publishing.publish(folder: desk.folder) else {
      Issue.record("a response that is not there was published")
      return
    }
    #expect(report.status == .findings && report.findings.contains { $0.location.file == "flows/where_we_are.yml" })
    #expect(try publishing.history(of: "desk").map(\.hash) == [first.contentHash])
    guard case .refused(let nothing) = try publishing.publish(folder: desk.root + "/nowhere") else {
      Issue.record("nothing was published")
      return
    }
    #expect(nothing.status == .unreadable)
  }

  @Test func `counts its findings`() throws {
    let desk = try Desk()
    // A file of no known part is a warning.
    try Data("a: b".utf8).write(to: URL(fileURLWithPath: desk.folder + "/notes.yml"))
    _ = try desk.publish()
    #expect(try Publishing(desk.configuration).history(of: "desk").map(\.findings) == [1])
  }

  @Test func `can be taken back`() throws {
    let desk = try Desk()
    let publishing = Publishing(desk.configuration)
    let first = try desk.publish().version
    try desk.rewrite("domain.yml", "from nine to six", as: "from eight to five")
    let second = try desk.publish()
    #expect(second.previous == first.contentHash && second.version != first)
    let back = try publishing.rollBack("desk", to: nil)
    #expect(back.version == first && back.previous == second.version.contentHash)
    #expect(try publishing.history(of: "desk").map(\.action) == ["published", "published", "rolled_back"])
    #expect(throws: ServerError.self) { try publishing.history(of: "bank") }
  }

  @Test(arguments: [("domain.yml", "responses: {}\n"), ("assistant.yml", nil)])
  func `a version whose files were altered is told as that, and mended by publishing it again`(
    file: String, content: String?
  ) throws {
    let desk = try Desk()
    let publishing = Publishing(desk.configuration)
    let version = try desk.publish().version
    let copy = try #require(AssistantShelf(desk.configuration).publications.folder(of: version))
    try FileManager.default.removeItem(atPath: copy + "/" + file)
    try content.map { try Data($0.utf8).write(to: URL(fileURLWithPath: copy + "/" + file)) }
    for work: () throws -> Void in [
      { _ = try desk.publish() }, { _ = try publishing.rollBack("desk", to: String(version.contentHash.prefix(9))) },
    ] {
      let error = #expect(throws: StorageError.self) { try work() }
      #expect(error?.code == "storage.version_altered" && error?.hint?.contains("Move \(copy) away") == true)
    }
    let start = #expect(throws: ServerError.self) { try AssistantShelf(desk.configuration).take(.published("desk")) }
    #expect(start?.message.contains("not those that were published") == true, "\(start as Any)")
    try FileManager.default.moveItem(atPath: copy, toPath: desk.root + "/altered")
    let mended = try desk.publish()
    #expect(mended.wasCurrent && mended.filesAreBack)
    #expect(try !desk.publish().filesAreBack)
    #expect(try AssistantShelf(desk.configuration).take(.published("desk")).loaded.definition.version == version)
  }

  @Test func `calls that go on stay on their version, the next call is on the new one, and both replay`() async throws {
    let desk = try Desk()
    let configuration = desk.configuration
    let publishing = Publishing(configuration)
    let old = try desk.publish().version
    let storage = try StorageFloor.open(configuration, for: .serve)
    let floor = try await AssistantFloor.load(
      configuration, voices: nil, embedder: nil, storage: storage, secrets: Secrets([:]), logger: desk.silent)
    let switchboard = Switchboard(routes: floor.routes(configuration), capacity: 9)
    let watch = PublicationWatch(configuration: configuration, assistants: floor, switchboard: switchboard)
    func ring(_ id: CallID) async throws -> WrittenCall {
      guard case .accepted(let route) = switchboard.admit("100") else { throw ServerError(.assistant, "not admitted") }
      let call = WrittenCall(id, route, storage: storage, logger: desk.silent)
      await call.begin()
      return call
    }

    let first = try await ring("first")
    #expect(await first.say("what are your opening hours").contains("For which day"))

    // In the middle of the first call the hours, and a question, change.
    try desk.rewrite("domain.yml", "from nine to six", as: "from eight to five")
    try desk.rewrite("domain.yml", "For which day:", as: "Which day:")
    let new = try desk.publish().version
    await watch.look()
    #expect(floor.versions == [new] && new != old)

    let second = try await ring("second")
    #expect(await second.say("what are your opening hours").contains("Which day:"))
    #expect(await first.say("on tuesday").contains("from nine to six"), "the call keeps what it began with")
    #expect(await second.say("on tuesday").contains("from eight to five"))
    #expect(await first.say("what are your opening hours").contains("For which day"))
    await first.hangUp()

    // Back again: the third call is on the first version, the second call is not.
    _ = try publishing.rollBack("desk", to: nil)
    await watch.look()
    let third = try await ring("third")
    #expect(await third.say("what are your opening hours").contains("For which day"))
    #expect(await second.say("what are your opening hours").contains("Which day:"))
    await second.hangUp()
    await third.hangUp()
    await floor.shutdown()
    try await storage.store.close()

    let archive = CallArchive(configuration)
    for call in ["first", "second", "third"] {
      let replayed = try await archive.replay(call, assistant: nil)
      #expect(replayed.result == "identical", "\(replayed.text)")
    }
    #expect(try await archive.listing().calls.filter { $0.text.contains(old.description) }.count == 2)
    #expect(try await archive.replay("second", assistant: desk.folder).result == "identical")
    #expect(try await archive.replay("first", assistant: desk.folder).result == "other_version")
  }

  @Test func `a version that cannot answer leaves the one before answering`() async throws {
    let desk = try Desk()
    let configuration = desk.configuration
    let old = try desk.publish().version
    let storage = try StorageFloor.open(configuration, for: .serve)
    let floor = try await AssistantFloor.load(
      configuration, voices: nil, embedder: nil, storage: storage, secrets: Secrets([:]), logger: desk.silent)
    #expect(await floor.refresh() == false, "nothing was made current since")
    try desk.rewrite("domain.yml", "from nine to six", as: "from eight to five")
    let new = try desk.publish().version
    let copy = try #require(AssistantShelf(configuration).publications.folder(of: new))
    try FileManager.default.removeItem(atPath: copy + "/domain.yml")
    #expect(await floor.refresh() == false)
    #expect(floor.versions == [old])
    // Mended by publishing something whole.
    try desk.rewrite("domain.yml", "from eight to five", as: "from seven to four")
    let whole = try desk.publish().version
    #expect(await floor.refresh())
    #expect(floor.versions == [whole])
    await floor.shutdown()
    try await storage.store.close()
  }

  @Test func `a version that could not be read for a passing reason is tried again`() async throws {
    let desk = try Desk()
    let configuration = desk.configuration
    let old = try desk.publish().version
    let storage = try StorageFloor.open(configuration, for: .serve)
    let floor = try await AssistantFloor.load(
      configuration, voices: nil, embedder: nil, storage: storage, secrets: Secrets([:]), logger: desk.silent)
    try desk.rewrite("domain.yml", "from nine to six", as: "from eight to five")
    let new = try desk.publish().version
    let copy = try #require(AssistantShelf(configuration).publications.folder(of: new))
    try FileManager.default.moveItem(atPath: copy + "/domain.yml", toPath: desk.root + "/aside")
    for _ in 0..<4 { #expect(await floor.refresh() == false) }
    #expect(floor.versions == [old])
    try FileManager.default.moveItem(atPath: desk.root + "/aside", toPath: copy + "/domain.yml")
    var looks = 1
    while await floor.refresh() == false, looks < 64 { looks += 1 }
    #expect(floor.versions == [new])
    #expect(looks > 1, "each try waits longer than the one before")
    #expect(await floor.refresh() == false)
    await floor.shutdown()
    try await storage.store.close()
  }

  @Test func `an old version is let go with its last call`() async throws {
    let desk = try Desk()
    let configuration = desk.configuration
    _ = try desk.publish()
    let storage = try StorageFloor.open(configuration, for: .serve)
    let floor = try await AssistantFloor.load(
      configuration, voices: nil, embedder: nil, storage: storage, secrets: Secrets([:]), logger: desk.silent)
    let switchboard = Switchboard(routes: floor.routes(configuration), capacity: 9)
    weak var old: (any AnyObject & Sendable)?
    func ring() async -> WrittenCall? {
      guard case .accepted(let route) = switchboard.admit("100") else { return nil }
      old = route.assistant.tools as? HTTPToolInvoker
      let call = WrittenCall("one", route, storage: storage, logger: desk.silent)
      await call.begin()
      return call
    }
    var call = await ring()
    try desk.rewrite("domain.yml", "from nine to six", as: "from eight to five")
    _ = try desk.publish()
    await PublicationWatch(configuration: configuration, assistants: floor, switchboard: switchboard).look()
    #expect(old != nil, "the call is on it")
    await call?.hangUp()
    call = nil
    // The call's own last task ends by itself; the bound ends what would hang.
    for _ in 0..<3_000 where old != nil { try await Task.sleep(for: .milliseconds(10)) }
    #expect(old == nil)
    await floor.shutdown()
    try await storage.store.close()
  }

  @Test func `a server whose assistant is not published says so`() async throws {
    let desk = try Desk()
    let storage = try StorageFloor.open(desk.configuration, for: .serve)
    await #expect {
      _ = try await AssistantFloor.load(
        desk.configuration, voices: nil, embedder: nil, storage: storage, secrets: Secrets([:]), logger: desk.silent)
    } throws: {
      ($0 as? ServerError)?.message.hasPrefix("nothing is published as desk") == true
    }
    try await storage.store.close()
    #expect(
      Examination(desk.configuration, environment: [:]).findings().contains {
        $0.what == "assistant desk (published)" && !$0.isGood
      })
  }
}

@Suite struct `The numbers of a configuration` {
  private func read(_ numbers: String) throws -> ServerConfiguration {
    let path = NSTemporaryDirectory() + "repartee-" + UUID().uuidString + ".yml"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try "numbers: \(numbers)\n".write(toFile: path, atomically: true, encoding: .utf8)
    return try ServerConfiguration.read(file: path)
  }

  @Test func `name a folder, or what is published under a name`() throws {
    let configuration = try read("{\"100\": {assistant: some/folder}, \"*\": {published: shop, recognizer: none}}")
    #expect(configuration.numbers == ["100": .folder("some/folder"), "*": .published("shop")])
    #expect(configuration.keysOnly == ["*"])
  }

  @Test(arguments: [
    ("{\"*\": {assistant: a, published: b}}", "exclude each other"), ("{\"*\": {recognizer: none}}", "no `assistant`"),
    ("{\"*\": {published: ../shop}}", "is no name"),
  ]) func `are told what is wrong`(numbers: String, message: String) throws {
    #expect { try read(numbers) } throws: { "\($0)".contains(message) }
  }
}
