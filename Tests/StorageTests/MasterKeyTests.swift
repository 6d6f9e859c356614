import Foundation
import Storage
import Testing

@Suite struct MasterKeyTests {
  @Test func `a key file is made once, for its user alone, and read again`() throws {
    let files = try TemporaryStore()
    let path = files.folder + "/vault.key"
    let made = try MasterKey.loadOrCreate(at: path)
    let read = try MasterKey.loadOrCreate(at: path)
    #expect(made.wasCreated && !read.wasCreated)
    #expect(made.key.derived(for: "x") == read.key.derived(for: "x"))
    #expect(made.key.derived(for: "x") != made.key.derived(for: "y"))
    #expect(try MasterKey.load(at: path).derived(for: "x") == made.key.derived(for: "x"))
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    #expect(attributes[.posixPermissions] as? Int == 0o600)
    #expect(try String(contentsOfFile: path, encoding: .utf8).count == 65)
  }

  @Test(arguments: ["", "abc", String(repeating: "0", count: 63), String(repeating: "g", count: 64)])
  func `a file that holds no key is refused`(content: String) throws {
    let files = try TemporaryStore()
    let path = files.folder + "/vault.key"
    try content.write(toFile: path, atomically: true, encoding: .utf8)
    #expect(#expect(throws: StorageError.self) { try MasterKey.load(at: path) }?.code == "storage.key_invalid")
  }

  @Test func `a missing key file is named as such`() {
    #expect(#expect(throws: StorageError.self) { try MasterKey.load(at: "/nowhere") }?.code == "storage.key_missing")
  }
}
