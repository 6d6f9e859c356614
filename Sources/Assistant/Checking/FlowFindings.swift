import Core
import Dialogue

/// The flow checker's findings as problems of the folder.
struct FlowFindings {
  let context: ReadingContext

  /// What reading finds too, at the key itself and with the right name.
  private static let readBefore: Set<String> = [
    "flow.undeclared_slot", "flow.undeclared_response", "flow.undeclared_action", "flow.undeclared_flow",
    "flow.value_of_wrong_type", "flow.persisted_slot_unfilled", "flow.collect_without_ask", "flow.two_asks",
    "flow.link_to_pattern", "flow.link_not_last", "flow.noop_without_next", "flow.unknown_step", "flow.duplicate_step",
    "flow.no_steps", "flow.no_description", "response.undeclared_slot",
  ]

  func add(for assistant: AssistantDefinition) {
    for finding in FlowChecker.check(assistant) where !Self.readBefore.contains(finding.code) {
      let place = [finding.flow?.rawValue, finding.step.map { "steps.\($0)" }].compactMap { $0 }.joined(separator: ".")
      context.log.add(
        AssistantProblem(
          finding.severity == .error ? .error : .warning, .flow, at: finding.source,
          key: place.isEmpty ? "" : "flows." + place, "\(finding.message) (\(finding.code))",
          isUnpublishable: !context.isImported && FlowChecker.unpublishable.contains(finding.code)))
    }
  }
}
