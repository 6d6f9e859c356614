import Core
import Foundation
import TestSupport
import Testing

@testable import Storage

/// A store of publications in a folder that goes away with the value. The digest of a folder is the text of its only file.
private final class Shelf: Sendable {
  private let home: TemporaryFolder
  var folder: String { home.path + "/publications" }
  var store: PublicationStore { PublicationStore(folder: folder) }

  init() throws { home = try TemporaryFolder() }

  static func version(_ letter: Character) -> AssistantVersion {
    AssistantVersion(name: "shop", contentHash: String(repeating: letter, count: 64))
  }

  static func content(of folder: String) throws -> String {
    try String(contentsOfFile: folder + "/flows/one.yml", encoding: .utf8)
  }

  @discardableResult static func publish(
    _ letter: Character, in store: PublicationStore, findings: Int = 0
  ) throws -> Publication? {
    try store.publish(
      [("flows/one.yml", Data("text of \(letter)".utf8))], of: version(letter), digest: "text of \(letter)",
      findings: findings, by: "ada", verify: content)
  }

  func record() throws -> [String] {
    try String(contentsOfFile: folder + "/shop/record.jsonl", encoding: .utf8).split(separator: "\n").map(String.init)
  }
}

@Suite struct `A store of publications` {
  @Test func `holds every version and tells which is current, who made it so and what was before`() throws {
    let shelf = try Shelf()
    #expect(try shelf.store.current("shop") == nil && shelf.store.history(of: "shop").isEmpty)
    let first = try #require(try Shelf.publish("a", in: shelf.store, findings: 2))
    let second = try #require(try Shelf.publish("b", in: shelf.store))
    #expect(first.previous == nil && first.findings == 2 && first.by == "ada" && first.action == .published)
    #expect(second.previous == Shelf.version("a").contentHash && second.at >= first.at && first.at > 1_600_000_000_000)
    #expect(try shelf.store.current("shop") == second)
    #expect(try shelf.store.history(of: "shop") == [first, second])
    for letter in ["a", "b"] as [Character] {
      let folder = try #require(shelf.store.folder(of: Shelf.version(letter)))
      #expect(try Shelf.content(of: folder) == "text of \(letter)")
    }
    #expect(shelf.store.folder(of: Shelf.version("c")) == nil)
  }

  @Test func `the same version twice is one line of the record`() throws {
    let shelf = try Shelf()
    try Shelf.publish("a", in: shelf.store)
    #expect(try Shelf.publish("a", in: shelf.store) == nil)
    #expect(try shelf.record().count == 1)
  }

  @Test func `goes back to what was before, or to any version, and writes that down`() throws {
    let shelf = try Shelf()
    for letter in ["a", "b", "c"] as [Character] { try Shelf.publish(letter, in: shelf.store) }
    let verify: (String) throws -> String = { try Shelf.content(of: $0) }
    let back = try #require(try shelf.store.rollBack("shop", to: nil, by: "bob", verify: verify))
    #expect(back.version == Shelf.version("b") && back.action == .rolledBack && back.by == "bob")
    #expect(back.previous == Shelf.version("c").contentHash)
    let far = try #require(try shelf.store.rollBack("shop", to: "aaaa", by: "bob", verify: verify))
    #expect(far.version == Shelf.version("a"))
    #expect(try shelf.store.current("shop") == far && shelf.record().count == 5)
    #expect(try shelf.store.rollBack("shop", to: "aa", by: "bob", verify: verify) == nil, "it is current already")
    #expect(throws: StorageError.self) { try shelf.store.rollBack("shop", to: "dd", by: "bob", verify: verify) }
    #expect(throws: StorageError.self) { try shelf.store.rollBack("bank", to: nil, by: "bob", verify: verify) }
    #expect(!FileManager.default.fileExists(atPath: shelf.folder + "/bank"))
  }

  @Test func `the first version has nothing to go back to`() throws {
    let shelf = try Shelf()
    try Shelf.publish("a", in: shelf.store)
    #expect(throws: StorageError.self) {
      try shelf.store.rollBack("shop", to: nil, by: "bob") { try Shelf.content(of: $0) }
    }
  }

  @Test(arguments: PublicationStore.Step.allCases)
  func `stopped between two steps, a whole version is current, and publishing again works`(
    step: PublicationStore.Step
  ) throws {
    struct Stopped: Error {}
    let shelf = try Shelf()
    try Shelf.publish("a", in: shelf.store)
    var store = shelf.store
    store.pause = { if $0 == step { throw Stopped() } }
    #expect(throws: Stopped.self) { try Shelf.publish("b", in: store) }
    let expected: Character = step == .recorded ? "b" : "a"
    #expect(try shelf.store.current("shop")?.version == Shelf.version(expected))
    try Shelf.publish("b", in: shelf.store)
    #expect(try shelf.store.current("shop")?.version == Shelf.version("b"))
    #expect(try shelf.record().count == 2)
    let rest = try FileManager.default.contentsOfDirectory(atPath: shelf.folder + "/shop")
    #expect(!rest.contains { $0.hasPrefix(".") }, "what was begun is cleared away: \(rest)")
  }

  @Test(arguments: [0, 1, 2]) func `killed between two steps, the version before or the new one is current`(
    index: Int
  ) async throws {
    let shelf = try Shelf()
    try Shelf.publish("a", in: shelf.store)
    await #expect(processExitsWith: .signal(SIGKILL)) { [folder = shelf.folder as String, index = index as Int] in
      var store = PublicationStore(folder: folder)
      store.pause = { if $0 == PublicationStore.Step.allCases[index] { kill(getpid(), SIGKILL) } }
      try Shelf.publish("b", in: store)
    }
    #expect(try shelf.store.current("shop")?.version == Shelf.version(index == 2 ? "b" : "a"))
    try Shelf.publish("c", in: shelf.store)
    #expect(try shelf.store.current("shop")?.version == Shelf.version("c"))
  }

  @Test func `a line that a crash cut short does not count, and the next one takes its place`() throws {
    let shelf = try Shelf()
    try Shelf.publish("a", in: shelf.store)
    let path = shelf.folder + "/shop/record.jsonl"
    let handle = try #require(FileHandle(forWritingAtPath: path))
    try handle.seekToEnd()
    try handle.write(contentsOf: Data(#"{"action":"published","at":17"#.utf8))
    try handle.close()
    #expect(try shelf.store.current("shop")?.version == Shelf.version("a"))
    try Shelf.publish("b", in: shelf.store)
    #expect(try shelf.store.history(of: "shop").map(\.version) == [Shelf.version("a"), Shelf.version("b")])
  }

  @Test(arguments: ["a line removed", "a name changed", "two lines swapped"])
  func `a record that was altered is not trusted`(how: String) throws {
    let shelf = try Shelf()
    for letter in ["a", "b", "c"] as [Character] { try Shelf.publish(letter, in: shelf.store) }
    var lines = try shelf.record()
    switch how {
    case "a line removed": lines.remove(at: 1)
    case "a name changed": lines[0] = lines[0].replacing("ada", with: "eve")
    default: lines.swapAt(0, 1)
    }
    let text = lines.joined(separator: "\n") + "\n"
    try Data(text.utf8).write(to: URL(fileURLWithPath: shelf.folder + "/shop/record.jsonl"))
    #expect { try shelf.store.current("shop") } throws: { ($0 as? StorageError)?.code == "storage.record_damaged" }
    #expect(throws: StorageError.self) { try Shelf.publish("d", in: shelf.store) }
  }

  @Test func `a record that cannot be read is not begun anew`() throws {
    let shelf = try Shelf()
    try Shelf.publish("a", in: shelf.store)
    let record = URL(fileURLWithPath: shelf.folder + "/shop/record.jsonl")
    try FileManager.default.removeItem(at: record)
    try FileManager.default.createDirectory(at: record, withIntermediateDirectories: false)
    #expect(throws: StorageError.self) { try shelf.store.current("shop") }
    #expect { try Shelf.publish("b", in: shelf.store) } throws: { ($0 as? StorageError)?.code == "storage.cannot_open" }
  }

  @Test func `files that were altered are neither published nor gone back to`() throws {
    let shelf = try Shelf()
    for letter in ["a", "b"] as [Character] { try Shelf.publish(letter, in: shelf.store) }
    let folder = try #require(shelf.store.folder(of: Shelf.version("a")))
    try FileManager.default.removeItem(atPath: folder + "/flows/one.yml")
    try Data("something else".utf8).write(to: URL(fileURLWithPath: folder + "/flows/one.yml"))
    #expect { try Shelf.publish("a", in: shelf.store) } throws: {
      ($0 as? StorageError)?.code == "storage.version_altered"
    }
    #expect(throws: StorageError.self) {
      try shelf.store.rollBack("shop", to: nil, by: "bob") { try Shelf.content(of: $0) }
    }
    #expect(try shelf.store.current("shop")?.version == Shelf.version("b"))
  }

  @Test func `what is current is not said to be when its files were altered or are gone`() throws {
    let shelf = try Shelf()
    for letter in ["a", "b"] as [Character] { try Shelf.publish(letter, in: shelf.store) }
    func back(to hash: String) throws -> Publication? {
      try shelf.store.rollBack("shop", to: hash, by: "bob") { try Shelf.content(of: $0) }
    }
    #expect(try back(to: "bb") == nil)
    #expect { try back(to: "") } throws: { ($0 as? StorageError)?.message == "No version is named" }
    let folder = try #require(shelf.store.folder(of: Shelf.version("b")))
    try FileManager.default.removeItem(atPath: folder + "/flows/one.yml")
    try Data("something else".utf8).write(to: URL(fileURLWithPath: folder + "/flows/one.yml"))
    #expect { try back(to: "bb") } throws: {
      let error = $0 as? StorageError
      return error?.code == "storage.version_altered" && error?.hint?.contains(folder) == true
    }
    try FileManager.default.removeItem(atPath: folder)
    #expect { try back(to: "bb") } throws: { ($0 as? StorageError)?.message.contains("are gone") == true }
    try Shelf.publish("b", in: shelf.store)
    #expect(try back(to: "bb") == nil && shelf.record().count == 2)
    #expect(try back(to: "aa")?.version == Shelf.version("a"))
  }

  @Test func `a copy that is not what was checked leaves nothing behind`() throws {
    let shelf = try Shelf()
    #expect(throws: StorageError.self) {
      try shelf.store.publish(
        [("flows/one.yml", Data("changed".utf8))], of: Shelf.version("a"), digest: "text of a", findings: 0, by: "ada",
        verify: Shelf.content)
    }
    #expect(shelf.store.folder(of: Shelf.version("a")) == nil)
    #expect(try FileManager.default.contentsOfDirectory(atPath: shelf.folder + "/shop") == ["lock"])
  }

  @Test(arguments: ["../shop", "", ".", "a/b", "caf\u{E9}"]) func `a name that is no name leads nowhere`(name: String)
    throws
  {
    let shelf = try Shelf()
    #expect(try shelf.store.history(of: name).isEmpty && shelf.store.stamp(of: name) == nil)
    #expect(throws: StorageError.self) {
      try shelf.store.publish(
        [("flows/one.yml", Data("x".utf8))], of: AssistantVersion(name: name, contentHash: "aa"), digest: "x",
        findings: 0, by: "ada", verify: Shelf.content)
    }
    #expect(!FileManager.default.fileExists(atPath: shelf.folder))
  }

  @Test func `one publishes at a time`() throws {
    let shelf = try Shelf()
    var store = shelf.store
    let other = shelf.store
    store.pause = { step in
      guard step == .copied else { return }
      #expect { try Shelf.publish("c", in: other) } throws: { ($0 as? StorageError)?.code == "storage.busy" }
    }
    try Shelf.publish("b", in: store)
    #expect(try shelf.store.history(of: "shop").map(\.version) == [Shelf.version("b")])
  }

  @Test func `its stamp changes whenever something is made current`() throws {
    let shelf = try Shelf()
    #expect(shelf.store.stamp(of: "shop") == nil)
    try Shelf.publish("a", in: shelf.store)
    let first = shelf.store.stamp(of: "shop")
    #expect(first != nil && first == shelf.store.stamp(of: "shop"))
    try Shelf.publish("b", in: shelf.store)
    #expect(shelf.store.stamp(of: "shop") != first)
  }
}
