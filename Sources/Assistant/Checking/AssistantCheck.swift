import Core
import Dialogue

/// Decides whether a folder can be published: it is read, and then searched for everything that can happen in it.
public enum AssistantCheck {
  /// Reads and checks the folder at a path. Never fails: what cannot be read is in the report.
  ///
  /// - Parameter more: what else is wrong with an assistant that loads, where it is to be used.
  public static func run(
    folder: String, more: (LoadedAssistant) -> [AssistantProblem] = { _ in [] }
  ) -> CheckReport {
    do {
      let loaded = try AssistantLoader.load(folder: folder)
      return CheckReport(
        version: loaded.definition.version, findings: more(loaded).map(CheckFinding.init) + findings(of: loaded),
        isUnreadable: false)
    } catch {
      let isUnreadable = error.problems.contains { $0.code == .file && $0.severity == .error }
      return CheckReport(version: nil, findings: error.problems.map(CheckFinding.init), isUnreadable: isUnreadable)
    }
  }

  /// Everything about an assistant that loads, by file and line.
  public static func findings(of loaded: LoadedAssistant) -> [CheckFinding] {
    let jobs = loaded.jobs.values.sorted { $0.name < $1.name }
    let searched = StateSearch.check(loaded.definition, jobs: jobs, isImported: loaded.layout == .imported)
    // Few examples are told once, as severely as the search has it and where the examples are.
    let fewExamples = Dictionary(
      loaded.problems.filter { $0.code == .advice && $0.key.hasPrefix("examples.") }.map { ($0.key, $0) },
      uniquingKeysWith: { first, _ in first })
    let read = loaded.problems.filter { fewExamples[$0.key] == nil }.map(CheckFinding.init)
    let found = searched.map { finding in
      let problem = finding.code == "flow.few_examples" ? finding.flow.flatMap { fewExamples["examples.\($0)"] } : nil
      return CheckFinding(finding, at: problem?.location ?? finding.source, key: problem?.key)
    }
    return (read + found).sorted { left, right in
      (left.location.file, left.location.line, left.location.column, left.code, left.message)
        < (right.location.file, right.location.line, right.location.column, right.code, right.message)
    }
  }
}

extension CheckFinding {
  init(_ problem: AssistantProblem) {
    self.init(
      severity: problem.isUnpublishable ? .error : problem.severity, code: problem.code.rawValue,
      location: problem.location, key: problem.key,
      message: problem.message, hint: problem.hint, dialogue: [])
  }

  init(_ finding: FlowFinding, at location: SourceLocation, key: String?) {
    let place = [finding.flow?.rawValue, finding.step.map { "steps.\($0)" }].compactMap { $0 }.joined(separator: ".")
    self.init(
      severity: finding.severity == .error ? .error : .warning, code: finding.code, location: location,
      key: key ?? (place.isEmpty ? "" : "flows." + place), message: finding.message, hint: finding.remedy,
      dialogue: finding.dialogue.map {
        Turn(speaker: $0.speaker.rawValue, action: $0.action, words: $0.words, text: $0.description)
      })
  }
}
