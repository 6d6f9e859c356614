internal import Core

/// A run of test cases as a person reads it, on a terminal: words of cases and stubs cannot act on it.
public enum TextReport {
  /// One case: a line when it passed, a dialogue up to the first divergence when it did not.
  public static func text(of result: CaseResult) -> String {
    let place = "\(result.file):\(result.line)"
    switch result.status {
    case .passed: return shown(["pass  \(place)  \(result.name)" + remarks(result)])
    case .notJudged: return shown(["part  \(place)  \(result.name)" + remarks(result)])
    case .failed:
      var lines = ["FAIL  \(place)  \(result.name)" + remarks(result)]
      for line in result.dialogue {
        let speaker = line.speaker == "-" ? "      " : line.speaker.count < 6 ? line.speaker + ": " : line.speaker + ":"
        lines.append("        \(speaker) \(line.text)" + (line.detail.isEmpty ? "" : "   [\(line.detail)]"))
      }
      for failure in result.failures {
        lines.append("      x \(result.file):\(failure.line) \(failure.key)")
        lines.append("          expected: \(failure.expected)")
        lines.append("          but:      \(failure.found)")
      }
      return shown(lines)
    }
  }

  /// Lines one below the other; what stands in one of them cannot begin another.
  private static func shown(_ lines: [String]) -> String {
    lines.map { TerminalText.line($0) }.joined(separator: "\n")
  }

  private static func remarks(_ result: CaseResult) -> String {
    result.remarks.isEmpty ? "" : "   (" + result.remarks.joined(separator: "; ") + ")"
  }

  /// What stands below the cases: coverage, who understood, the count.
  public static func summary(of report: TestReport) -> String {
    var lines = ["", "coverage of flows"]
    let width = report.coverage.map(\.flow.count).max() ?? 0
    for flow in report.coverage {
      let name = flow.flow + String(repeating: " ", count: width - flow.flow.count)
      lines.append(
        "  \(name)  steps \(ratio(flow.stepsRun, flow.steps))  branches \(ratio(flow.branchesTaken, flow.branches))"
          + missed(flow))
    }
    let steps = report.coverage.reduce(0) { $0 + $1.steps }
    let branches = report.coverage.reduce(0) { $0 + $1.branches }
    lines.append(
      "  all: steps \(ratio(report.coverage.reduce(0) { $0 + $1.stepsRun }, steps)), branches "
        + ratio(report.coverage.reduce(0) { $0 + $1.branchesTaken }, branches))
    let readers = report.readers.sorted { $0.key < $1.key }.map { "\($0.value) by \($0.key)" }
    lines.append("turns understood: " + (readers.isEmpty ? "none" : readers.joined(separator: ", ")))
    if !report.actionsWithoutStub.isEmpty {
      lines.append("answers made up, because there is no stub: " + report.actionsWithoutStub.joined(separator: ", "))
    }
    let parts = [
      "\(report.count(.passed)) passed", "\(report.count(.failed)) failed",
      report.count(.notJudged) > 0 ? "\(report.count(.notJudged)) passed in part" : nil,
    ].compactMap { $0 }
    lines.append("\(report.assistant): \(report.cases.count) cases, " + parts.joined(separator: ", "))
    return shown(lines)
  }

  private static func ratio(_ part: Int, _ whole: Int) -> String { "\(part)/\(whole)" }

  private static func missed(_ flow: FlowCoverage) -> String {
    if flow.stepsRun == 0, flow.steps > 0 { return "  not run" }
    let missed = flow.missedSteps + flow.missedBranches
    guard !missed.isEmpty else { return "" }
    let shown = missed.prefix(4).joined(separator: ", ")
    return "  missed: " + shown + (missed.count > 4 ? " and \(missed.count - 4) more" : "")
  }
}
