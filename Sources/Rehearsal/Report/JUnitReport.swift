internal import Core

/// A run of test cases as JUnit XML, which CI systems read: a `testsuite` for each file, a `testcase` for each case.
public enum JUnitReport {
  /// The document.
  public static func xml(of report: TestReport) -> String {
    var files: [String] = []
    for result in report.cases where !files.contains(result.file) { files.append(result.file) }
    var lines = [
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
      "<testsuites name=\"\(escaped(report.assistant))\"\(counts(report.cases))>",
    ]
    for file in files {
      let cases = report.cases.filter { $0.file == file }
      lines.append("  <testsuite name=\"\(escaped(file))\"\(counts(cases))>")
      for result in cases { lines += element(of: result) }
      lines.append("  </testsuite>")
    }
    lines.append("</testsuites>")
    return lines.joined(separator: "\n") + "\n"
  }

  private static func element(of result: CaseResult) -> [String] {
    let head =
      "    <testcase classname=\"\(escaped(result.file))\" name=\"\(escaped(result.name))\" file=\"\(escaped(result.file))\" "
      + "line=\"\(result.line)\" time=\"\(seconds(result.milliseconds))\""
    switch result.status {
    case .passed: return [head + "/>"]
    case .notJudged:
      let why = escaped(result.remarks.joined(separator: "; "))
      return [head + ">", "      <skipped message=\"\(why)\"/>", "    </testcase>"]
    case .failed:
      let first = result.failures.first
      let message = first.map { "line \($0.line): expected \($0.expected), but \($0.found)" } ?? "failed"
      return [
        head + ">",
        "      <failure type=\"\(escaped(first?.key ?? ""))\" message=\"\(escaped(message))\">"
          + escaped(TextReport.text(of: result)) + "</failure>",
        "    </testcase>",
      ]
    }
  }

  private static func counts(_ cases: [CaseResult]) -> String {
    let time = cases.reduce(0) { $0 + $1.milliseconds }
    return " tests=\"\(cases.count)\" failures=\"\(cases.count { $0.status == .failed })\" errors=\"0\""
      + " skipped=\"\(cases.count { $0.status == .notJudged })\" time=\"\(seconds(time))\""
  }

  private static func seconds(_ milliseconds: Int) -> String {
    let rest = String(milliseconds % 1000)
    return "\(milliseconds / 1000)." + String(repeating: "0", count: 3 - rest.count) + rest
  }

  /// Text that may stand in an element or an attribute. Controls, which XML 1.0 does not allow or a terminal would obey, show as
  /// their code.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in TerminalText.lines(text).unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "\u{FFFE}", "\u{FFFF}": break  // no characters of XML 1.0
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
