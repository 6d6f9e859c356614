package import Core

/// Collects problems while one folder is read. Belongs to one `load` and never leaves it.
package final class ProblemLog {
  package private(set) var problems: [AssistantProblem] = []

  package init() {}

  package func error(
    _ code: AssistantProblem.Code, at location: SourceLocation, key: String, _ message: String, hint: String? = nil
  ) {
    add(AssistantProblem(.error, code, at: location, key: key, message, hint: hint))
  }

  package func warning(
    _ code: AssistantProblem.Code, at location: SourceLocation, key: String, _ message: String, hint: String? = nil
  ) {
    add(AssistantProblem(.warning, code, at: location, key: key, message, hint: hint))
  }

  package func add(_ problem: AssistantProblem) { problems.append(problem) }

  /// Whether a file could not be read at all: what it defines is unknown, so names cannot be judged.
  var isUnreadable: Bool {
    problems.contains { $0.severity == .error && [.file, .syntax, .limit].contains($0.code) }
  }

  package var hasErrors: Bool { problems.contains { $0.severity == .error } }

  /// The problems in the order of the files and lines, each once.
  package var sorted: [AssistantProblem] {
    var seen: Set<AssistantProblem> = []
    return problems.filter { seen.insert($0).inserted }.sorted { left, right in
      (left.location.file, left.location.line, left.location.column, left.message)
        < (right.location.file, right.location.line, right.location.column, right.message)
    }
  }
}
