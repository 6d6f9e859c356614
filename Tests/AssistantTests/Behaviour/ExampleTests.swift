import Core
import Dialogue
import Foundation
import Testing

@testable import Assistant

/// The examples: their talks go as written, and no step of a flow can be written wrongly without a test noticing.
@Suite struct ExampleTests {
  static let names = ["shop", "bank", "clinic"]
  /// Every fourth wrong step, the same ones each time: a minute of processor for all. Where the walks are long (`scripts/proof walks`): all.
  static let everyNth = ProcessInfo.processInfo.environment["REPARTEE_WALKS"] == nil ? 4 : 1

  static func load(_ name: String) throws -> AssistantDefinition {
    try AssistantLoader.load(folder: repository + "/Examples/" + name).definition
  }

  /// The cases of an example's pages: `bank.md`, `bank-cards.md`.
  static func talks(_ name: String) -> [BehaviourCase] {
    BehaviourCase.all(in: "/Examples").filter { $0.page == name + ".md" || $0.page.hasPrefix(name + "-") }
  }

  @Test(arguments: names) func `the talks of an example go as written`(name: String) throws {
    let compiled = CompiledAssistant(try Self.load(name))
    for talk in Self.talks(name) {
      let wrong = BehaviourTalk.play(talk.talk, compiled)
      #expect(wrong.isEmpty, "\(talk): \(wrong.joined(separator: "\n"))")
    }
  }

  @Test(arguments: names) func `a step written wrongly is noticed`(name: String) throws {
    let definition = try Self.load(name)
    #expect(definition.with() == definition)
    let known = Set(FlowChecker.check(definition).map(\.description))
    let talks = Self.talks(name).map(\.talk)
    let all = FlowMutants.all(of: definition)
    let mutants = stride(from: 0, to: all.count, by: Self.everyNth).map { all[$0] }
    var caught = ["the checker": 0, "a talk": 0, "a walk": 0]
    var survivors: [String] = []
    for mutant in mutants {
      // Once for all that is tried with it.
      let compiled = CompiledAssistant(mutant.definition)
      if FlowChecker.check(mutant.definition).contains(where: { !known.contains($0.description) }) {
        caught["the checker", default: 0] += 1
      } else if talks.contains(where: { !BehaviourTalk.play($0, compiled).isEmpty }) {
        caught["a talk", default: 0] += 1
      } else if ExampleWalk.complaint(of: compiled, walks: 6) != nil {
        caught["a walk", default: 0] += 1
      } else {
        survivors.append(mutant.name)
      }
    }
    let share = Double(mutants.count - survivors.count) / Double(max(1, mutants.count))
    let by = caught.sorted { $0.key < $1.key }.map { "\($0.value) by \($0.key)" }.joined(separator: ", ")
    let percent = "\(Int(share * 1000) / 10) %"
    print("\(name): \(mutants.count) of \(all.count) flow mutants, \(percent) caught (\(by)); survivors: \(survivors)")
    #expect(all.count >= 50)
    #expect(share >= 0.9, "\(survivors)")
  }
}
