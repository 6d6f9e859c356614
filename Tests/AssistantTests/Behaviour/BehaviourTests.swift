import Core
import Dialogue
import Testing

@testable import Assistant

/// The format's rules, one case each: pages in `Tests/Behaviour`, read by the loader, played with the engine.
@Suite struct BehaviourTests {
  private static let cases = BehaviourCase.all()

  struct Run: Sendable, CustomTestStringConvertible {
    let rule: BehaviourCase
    let profile: String
    var testDescription: String { "\(rule) (\(profile))" }
  }

  private static let runs = cases.flatMap { rule in rule.profiles.map { Run(rule: rule, profile: $0) } }

  @Test(arguments: runs) func `the format's rule holds`(run: Run) throws {
    let problems = try Folder(run.rule.files(profile: run.profile)).problems()
    for line in run.rule.says {
      let severity = line.text.prefix { $0 != " " }
      let words = line.text.dropFirst(severity.count + 1)
      let isSaid = problems.contains { $0.severity.rawValue == severity && $0.description.contains(words) }
      #expect(isSaid, "\(run.rule.page):\(line.number): not said: \(line.text), but: \(problems.texts)")
    }
    let errors = problems.filter { $0.severity == .error }
    guard !run.rule.says.contains(where: { $0.text.hasPrefix("error") }) else {
      #expect(errors.count == run.rule.says.count { $0.text.hasPrefix("error") }, "other errors too: \(errors.texts)")
      return
    }
    guard errors.isEmpty else {
      Issue.record("\(run.rule): \(errors.texts)")
      return
    }
    let compiled = CompiledAssistant(try run.rule.load(profile: run.profile).definition)
    let wrong = BehaviourTalk.play(run.rule.talk, compiled)
    #expect(wrong.isEmpty, "\(run.rule.page): \(wrong.joined(separator: "\n"))")
  }

  @Test func `every section of the format has its cases, and every case shows something`() {
    let sections = Set(Self.cases.map { $0.title.prefix(3) })
    #expect(sections.isSuperset(of: ["1.2", "1.3", "1.4", "1.5", "1.6", "1.7"]))
    #expect(Self.cases.count >= 150)
    for rule in Self.cases where rule.says.isEmpty {
      #expect(rule.talk.contains { $0.text.hasPrefix("<") || $0.text.hasPrefix("=") }, "\(rule) expects nothing")
    }
    #expect(Set(Self.cases.map(\.title)).count == Self.cases.count, "two cases have one title")
  }
}

extension [AssistantProblem] {
  fileprivate var texts: String { map(\.description).joined(separator: "\n") }
}
