import Core
import Foundation
import Testing

@testable import Assistant

/// The samples beside the schemas, read by the loader. `Schemas/check.py` holds them against the schemas.
@Suite struct SchemaSampleTests {
  private static let schemas = repository + "/Schemas"
  private static let wrong: [String] =
    ((try? FileManager.default.subpathsOfDirectory(atPath: schemas + "/wrong")) ?? []).filter { $0.hasSuffix(".yml") }
    .sorted()

  private func samples() throws -> [String: String] {
    var files: [String: String] = [:]
    for name in ["assistant", "domain", "flows", "tools", "examples"] {
      files[name + ".yml"] = try String(contentsOfFile: Self.schemas + "/samples/\(name).yml", encoding: .utf8)
    }
    return files
  }

  @Test func `the annotated samples are an assistant without a problem`() throws {
    let problems = try AssistantLoader.load(folder: Self.schemas + "/samples").problems
    #expect(problems == [], "\(problems)")
  }

  /// Files that the test runner reads, not the loader: `CaseReadingTests` has them.
  private static func isTest(_ name: String) -> Bool {
    ["tests/", "conftest/", "commands/"].contains { name.hasPrefix($0) }
  }

  @Test(arguments: wrong.filter { !isTest($0) }) func `a wrong sample is refused with its place`(
    _ name: String
  ) throws {
    var files = try samples()
    let part = name.prefix { $0 != "/" } + ".yml"
    files[String(part)] = try String(contentsOfFile: Self.schemas + "/wrong/" + name, encoding: .utf8)
    let errors = try Folder(files).problems().filter { $0.severity == .error && $0.location.file == part }
    let codes = errors.map(\.code)
    #expect(codes.contains { ![.unknownName, .flow, .advice].contains($0) }, "\(errors)")
    #expect(errors.allSatisfy { $0.location.line >= 2 || $0.key.isEmpty || $0.code == .missingKey })
  }

  @Test func `there are wrong samples of every file`() {
    #expect(
      Set(Self.wrong.map { $0.prefix { $0 != "/" } }) == [
        "assistant", "commands", "conftest", "domain", "examples", "flows", "tests", "tools",
      ])
    #expect(Self.wrong.count >= 35)
  }
}
