import Core
import Foundation
import TestSupport
import Testing

@testable import Assistant

@Suite struct FuzzTests {
  private static let pieces: [[UInt8]] =
    [
      "\n", "  ", "\t", ": ", "- ", "{", "}", "[", "]", "\"", "'", "|", ">", "&a ", "*a", "!!map ", "#", "? ", "null",
      "yes", "---\n", "%", "@",
      "`", "<<: *a", "${", "{{", "}}", "{% if", "END", "0", "-1", "1e999", "\u{0}", "\u{FEFF}", "é", "\\", "utter_",
      "slots.", "next:",
      "- link: x\n", "if: ", "then: ", "else: ", "<<: [*a, *b]", "&b ", "*b", "!!str ", "!x ", "!!binary ", "\r\n",
      "\r",
      "99999999999999999999", "-9223372036854775809", "1e-999", String(repeating: "9", count: 300), "٣", "²", "0.5%",
      "matches '(a+)+$'", "pattern: '(?=a)'", "(((((", "not not ", "{{slots.a", "\u{2028}", "99999999999h", "1e5m",
    ].map { Array($0.utf8) } + [[0xFF], [0xC3]]

  private func mutate(_ text: [UInt8], _ random: inout Seeded) -> [UInt8] {
    var text = text
    for _ in 0..<Int.random(in: 1...6, using: &random) {
      let place = Int.random(in: 0...text.count, using: &random)
      let length = min(Int.random(in: 0...40, using: &random), text.count - place)
      switch Int.random(in: 0..<5, using: &random) {
      case 0: text.removeSubrange(place..<place + length)
      case 1: text.insert(contentsOf: Self.pieces.randomElement(using: &random) ?? [], at: place)
      case 2: text.insert(contentsOf: text[place..<place + length], at: Int.random(in: 0...text.count, using: &random))
      case 3: if place < text.count { text[place] = UInt8.random(in: 0...255, using: &random) }
      default: text = Array(text.prefix(place))
      }
    }
    return text
  }

  @Test(arguments: 0..<8) func `a mutated folder loads or is refused with places inside its files`(seed: Int) throws {
    var random = Seeded(UInt64(seed))
    let names = Folder.small.keys.sorted()
    let folder = try Folder(Folder.small)
    for _ in 0..<40 {
      let name = try #require(names.randomElement(using: &random))
      let original = Array((Folder.small[name] ?? "").utf8)
      let mutant = mutate(original, &random)
      try folder.write(name, Data(mutant))
      for problem in folder.problems() {
        #expect(problem.location.line >= 1 && problem.location.column >= 1)
        #expect(!problem.message.isEmpty && !problem.message.contains("\n\n\n"))
        let lines = (problem.location.file == name ? mutant : Array((Folder.small[problem.location.file] ?? "").utf8))
          .split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).count
        #expect(problem.location.line <= max(1, lines) + 1, "\(problem)")
      }
      try folder.write(name, Data(original))
    }
    #expect(folder.problems() == [])
  }

  @Test(arguments: 0..<4)
  func `mutated test cases, stubs and commands are read or refused with places inside their files`(
    seed: Int
  ) throws {
    var random = Seeded(UInt64(2000 + seed))
    let samples = repository + "/Schemas/samples/tests/"
    let names = ["booking.yml", "conftest.yml", "booking.commands.yml"]
    var texts: [String: [UInt8]] = [:]
    for name in names { texts[name] = try Array(Data(contentsOf: URL(fileURLWithPath: samples + name))) }
    let folder = try Folder(Folder.small)
    var refused = 0
    for _ in 0..<60 {
      let broken = names.randomElement(using: &random) ?? names[0]
      for name in names {
        try folder.write("tests/" + name, Data(name == broken ? mutate(texts[name] ?? [], &random) : texts[name] ?? []))
      }
      do throws(AssistantLoadError) {
        let commands = folder.path + "/tests/booking.commands.yml"
        let tests = try TestFolder.load(folder: folder.path, commands: commands)
        #expect(!tests.cases.isEmpty && tests.problems.allSatisfy { $0.severity == .warning })
      } catch {
        refused += 1
        #expect(!error.errors.isEmpty)
        #expect(error.problems.allSatisfy { $0.location.line >= 1 && $0.location.column >= 1 && !$0.message.isEmpty })
      }
    }
    #expect(refused > 10)
  }

  @Test(arguments: 0..<4) func `mutated YAML gives a tree or a problem`(seed: Int) throws {
    var random = Seeded(UInt64(1000 + seed))
    let text = try Array(Data(contentsOf: URL(fileURLWithPath: repository + "/Examples/shop/flows/move_delivery.yml")))
    for _ in 0..<300 {
      let mutant = String(decoding: mutate(text, &random), as: UTF8.self)
      let log = ProblemLog()
      let value = YAMLDocument(file: "a.yml", log: log).read(mutant)
      #expect(value != nil || log.hasErrors || mutant.allSatisfy { $0.isWhitespace } || !mutant.contains(":"))
    }
  }
}
