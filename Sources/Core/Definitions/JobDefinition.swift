/// One of the concrete things an assistant is there for, with how its success is told.
public struct JobDefinition: Hashable, Sendable, Codable {
  /// Its name; flows say `voice: {job: name}`.
  public let name: String
  /// What it is, for people.
  public let summary: String
  /// What must hold when a flow of the job ends for the job to be done; nil: that the flow ended as written.
  public let success: Predicate?
  /// Where it is written.
  public let source: SourceLocation

  /// A job.
  public init(name: String, summary: String, success: Predicate?, source: SourceLocation) {
    self.name = name
    self.summary = summary
    self.success = success
    self.source = source
  }
}
