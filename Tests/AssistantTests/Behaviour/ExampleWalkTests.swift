import Core
import Dialogue
import Foundation
import Testing

@testable import Assistant

/// Random callers of the examples. `REPARTEE_WALKS` says how many (100,000 in release are the measure), `REPARTEE_SEED` where to begin:
/// the same callers each time unless it is set. `scripts/proof walks` walks far, and begins at another place each time.
@Suite struct ExampleWalkTests {
  private static let environment = ProcessInfo.processInfo.environment
  static let walks = environment["REPARTEE_WALKS"].flatMap { UInt64($0) } ?? 120
  static let first = environment["REPARTEE_SEED"].flatMap { UInt64($0) } ?? 1

  private static let examples =
    ((try? FileManager.default.contentsOfDirectory(atPath: repository + "/Examples")) ?? []).sorted().filter {
      (try? ExampleTests.load($0)) != nil
    }

  @Test func `the shop at least is walked`() { #expect(Self.examples.contains("shop")) }

  @Test(arguments: examples) func `random callers of an example never break it`(name: String) throws {
    let compiled = CompiledAssistant(try ExampleTests.load(name))
    let share = max(1, Self.walks / UInt64(Self.examples.count))
    var turns = 0
    var deepest = 0
    var endings: [TurnEnding: Int] = [:]
    let start = Date()
    for seed in Self.first..<Self.first + share {
      var walk = ExampleWalk(compiled, seed: seed)
      walk.run(turns: 30)
      turns += walk.turns
      deepest = max(deepest, walk.deepest)
      endings.merge(walk.endings, uniquingKeysWith: +)
      if let complaint = walk.complaint {
        Issue.record("\(name), REPARTEE_SEED=\(seed), after \(walk.turns) turns: \(complaint)")
        return
      }
      var again = ExampleWalk(compiled, seed: seed)
      again.run(turns: 30)
      #expect(again.digest == walk.digest && again.engine == walk.engine, "\(name), seed \(seed) goes two ways")
    }
    let told = endings.sorted { $0.key.rawValue < $1.key.rawValue }.map { "\($0.key.rawValue) \($0.value)" }
    let seconds = Int(Date().timeIntervalSince(start) * 10)
    print(
      "\(name): \(share) walks from seed \(Self.first), \(turns) turns (\(told.joined(separator: ", "))),"
        + " deepest stack \(deepest), \(seconds / 10).\(seconds % 10) s")
    #expect(Set(endings.keys) == [.fulfil, .ask, .clarify, .escalate])
    #expect(deepest <= WalkRules.deepest)
  }
}
