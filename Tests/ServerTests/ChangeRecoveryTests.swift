import Actions
import Assistant
import Core
import Foundation
import Storage
import Testing

@testable import Server

@Suite struct `Changes that an earlier run left open` {
  /// An assistant with a tool whose back end nobody answers for.
  private func publish(_ desk: Desk, address: String) throws -> AssistantVersion {
    try """
    base: \(address)
    tools:
      book:
        description: Books.
        request: POST /book
        changes_state: true
        probe: GET /requests/{idempotency_key}
        deadline: 100ms

    """.write(toFile: desk.folder + "/tools.yml", atomically: true, encoding: .utf8)
    return try desk.publish().version
  }

  private func intent(_ key: String, _ version: AssistantVersion?, _ backEnd: String) -> OpenEffect {
    OpenEffect(
      EffectIntent(
        key: key, call: "c", effect: EffectID(1), tool: "book", arguments: [:],
        origin: version.map {
          EffectOrigin(assistant: $0, node: "n", backEnd: backEnd, owner: .call("default", "c"))
        }))
  }

  @Test func `are asked about with the version that left them, published ones included, and no other`() async throws {
    let desk = try Desk()
    let old = try publish(desk, address: "http://127.0.0.1:1")
    let new = try publish(desk, address: "http://127.0.0.1:2")
    let storage = try StorageFloor.open(desk.configuration, for: .serve)
    let maker = AssistantMaker(
      configuration: desk.configuration, voices: nil, embedder: nil, storage: storage, secrets: Secrets([:]),
      connections: BackEndConnections(), logger: desk.silent)
    let shelf = AssistantShelf(desk.configuration)
    let current = try maker.invoker(of: try #require(try shelf.unaltered(new)).definition, as: new)
    let recovery = ChangeRecovery(maker: maker, shelf: shelf, current: [current])
    let strange = AssistantVersion(name: "desk", contentHash: String(repeating: "0", count: 64))
    let effects = [
      intent("old", old, "http://127.0.0.1:1"), intent("new", new, "http://127.0.0.1:2"),
      intent("moved", old, "http://127.0.0.1:2"), intent("strange", strange, "http://127.0.0.1:2"),
      intent("silent", nil, ""),
    ]
    for effect in effects { _ = try await storage.store.ledger.intend(effect.intent) }
    let report = await recovery.settle(try await storage.store.ledger.open())
    #expect(report.settled.isEmpty)
    let reasons = Dictionary(uniqueKeysWithValues: report.open.map { ($0.intent.key, $0.reason) })
    #expect(
      reasons == [
        "old": .noAnswer, "new": .noAnswer, "moved": .otherBackEnd, "strange": .noSuchVersion, "silent": .noOrigin,
      ])
    // A published version whose files were altered is not believed.
    let copy = try #require(shelf.publications.folder(of: old))
    let tools = try String(contentsOfFile: copy + "/tools.yml", encoding: .utf8)
    try tools.replacing("Books.", with: "Reads.").write(
      toFile: copy + "/tools.yml", atomically: true, encoding: .utf8)
    #expect(await recovery.settle([effects[0]]).open.map(\.reason) == [.noSuchVersion])
    try await maker.connections.shutdown()
    try await storage.store.close()
  }
}
