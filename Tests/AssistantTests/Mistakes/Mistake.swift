import Testing

@testable import Assistant

/// One mistake: what is written instead of what, where the message points, and what it says.
struct Mistake: CustomTestStringConvertible {
  var file: String
  var old: String
  var new: String
  /// The text at whose beginning the message points.
  var at: String
  var key: String
  var code: AssistantProblem.Code
  var says: String
  var hints: String = ""
  var severity = AssistantProblem.Severity.error
  var testDescription: String { "\(code.rawValue): \(says)" }
}

extension Mistake {
  static let all = inSettings + inSlots + inResponses + inFlows + inExamples + inTools + inIdentifying
}
