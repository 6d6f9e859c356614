public import Core

/// Static findings about an assistant: what can be seen without running it.
///
/// Rules live beside it, one file a group; a search through reachable states joins them here as another group.
public struct FlowChecker {
  let assistant: AssistantDefinition
  private(set) var findings: [FlowFinding] = []

  /// All findings about an assistant, ordered by place.
  public static func check(_ assistant: AssistantDefinition) -> [FlowFinding] {
    var checker = FlowChecker(assistant: assistant)
    for flow in assistant.flows.values.sorted(by: { $0.id < $1.id }) {
      checker.checkNames(of: flow)
      checker.checkShape(of: flow)
      checker.checkSafety(of: flow)
    }
    checker.checkResponses()
    return checker.findings.sorted {
      ($0.source.file, $0.source.line, $0.source.column, $0.code) < (
        $1.source.file, $1.source.line, $1.source.column, $1.code
      )
    }
  }

  private init(assistant: AssistantDefinition) { self.assistant = assistant }

  mutating func find(
    _ code: String, _ severity: FlowFinding.Severity = .error, in flow: Flow, at step: FlowStep? = nil,
    _ message: String
  ) {
    findings.append(
      FlowFinding(
        code: "flow." + code, message: message, source: step?.source ?? flow.source, severity: severity, flow: flow.id,
        step: step?.id))
  }

  mutating func find(
    _ code: String, _ severity: FlowFinding.Severity, at source: SourceLocation, _ message: String
  ) {
    findings.append(
      FlowFinding(code: code, message: message, source: source, severity: severity, flow: nil, step: nil))
  }
}
