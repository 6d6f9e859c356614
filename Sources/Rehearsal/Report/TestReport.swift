/// What came of a run of test cases.
public struct TestReport: Sendable, Equatable, Codable {
  /// The assistant's name and version.
  public let assistant: String
  /// The cases in the order they were played.
  public let cases: [CaseResult]
  /// How much of each flow ran.
  public let coverage: [FlowCoverage]
  /// Actions that ran without a stub: their answers were made up.
  public let actionsWithoutStub: [String]

  /// Cases that went so.
  public func count(_ status: CaseResult.Status) -> Int { cases.count { $0.status == status } }

  /// Whether no case failed.
  public var isGood: Bool { count(.failed) == 0 }

  /// Who said what turns mean, and how many of them.
  public var readers: [String: Int] {
    cases.reduce(into: [:]) { sum, result in sum.merge(result.readers) { $0 + $1 } }
  }
}
